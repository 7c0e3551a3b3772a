-- SPDX-License-Identifier: EUPL-1.2
-- The peer's tables. A submission needs one table with a primary key, and nothing that would cost
-- more: no unique key of the sender, no totals, no signature.
CREATE TYPE language AS ENUM ('bg', 'cs', 'da', 'de', 'el', 'en', 'es', 'et', 'fi', 'fr', 'ga', 'hr',
  'hu', 'it', 'lt', 'lv', 'mt', 'nl', 'pl', 'pt', 'ro', 'sk', 'sl', 'sv');
CREATE TABLE demand (
  id bigint PRIMARY KEY,
  organisation integer NOT NULL,
  cpv integer NOT NULL,
  nuts text COLLATE "C" NOT NULL,
  nuts_number smallint NOT NULL,
  month smallint NOT NULL,
  track smallint NOT NULL,
  quantity_min integer NOT NULL,
  quantity integer NOT NULL,
  price_cents integer NOT NULL,
  from_day integer NOT NULL,
  to_day integer NOT NULL,
  language language NOT NULL
);
-- Submissions take their lines from here, so that they cost nothing to send.
CREATE UNLOGGED TABLE source (LIKE demand INCLUDING ALL);
CREATE SEQUENCE submission;
-- What is asked.
CREATE UNLOGGED TABLE volume (LIKE demand);
