-- SPDX-License-Identifier: EUPL-1.2
-- What the questions need, all of it in the index, so that the table is not read.
ALTER TABLE volume ADD PRIMARY KEY (id);
CREATE INDEX ON volume (cpv, nuts, month, track)
  INCLUDE (organisation, quantity_min, quantity, price_cents);
CREATE INDEX ON volume (nuts, cpv);
VACUUM (ANALYZE) volume;
