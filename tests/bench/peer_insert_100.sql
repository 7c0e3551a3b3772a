-- SPDX-License-Identifier: EUPL-1.2
-- pgbench: a hundred lines a submission into the barest table: no more is known or kept.
INSERT INTO demand
SELECT n * 100 + id % 100, organisation, cpv, nuts, nuts_number, month, track, quantity_min,
  quantity, price_cents, from_day, to_day, language
FROM nextval('submission') AS n, source
WHERE id >= n * 100 % 100000 AND id < n * 100 % 100000 + 100;
