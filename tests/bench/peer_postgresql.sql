-- SPDX-License-Identifier: EUPL-1.2
-- The peer's tables. What a durable submission is asked to do, it does too: a request that comes
-- again is known, a line's key is unique within its organisation, and the totals that are asked for
-- stand at once. It checks no signature, encrypts nothing, explains nothing.
CREATE TYPE language AS ENUM ('bg', 'cs', 'da', 'de', 'el', 'en', 'es', 'et', 'fi', 'fr', 'ga', 'hr',
  'hu', 'it', 'lt', 'lv', 'mt', 'nl', 'pl', 'pt', 'ro', 'sk', 'sl', 'sv');
-- The barest table that takes the lines.
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
CREATE TABLE request (
  id uuid PRIMARY KEY,
  number bigint NOT NULL,
  at timestamptz NOT NULL
);
CREATE TABLE planned (LIKE demand, line text COLLATE "C" NOT NULL, PRIMARY KEY (organisation, line));
CREATE TABLE totals (
  cpv integer,
  nuts_number smallint,
  month smallint,
  track smallint,
  lines bigint NOT NULL,
  quantity_min bigint NOT NULL,
  quantity bigint NOT NULL,
  value_cents bigint NOT NULL,
  PRIMARY KEY (cpv, nuts_number, month, track)
) WITH (fillfactor = 70);
-- Submissions take their lines from here, so that they cost nothing to send.
CREATE UNLOGGED TABLE source (LIKE demand INCLUDING ALL);
CREATE SEQUENCE submission;
-- What is asked.
CREATE UNLOGGED TABLE volume (LIKE demand);
