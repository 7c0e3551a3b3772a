-- SPDX-License-Identifier: EUPL-1.2
-- pgbench: a hundred lines a submission, with its request, keys of lines, and totals.
WITH submitted AS (
  INSERT INTO request SELECT gen_random_uuid(), nextval('submission'), now() RETURNING number AS n
), taken AS (
  INSERT INTO planned
  SELECT n * 100 + id % 100, organisation, cpv, nuts, nuts_number, month, track, quantity_min, quantity,
    price_cents, from_day, to_day, language, 'l' || (n * 100 + id % 100)
  FROM submitted, source WHERE id >= n * 100 % 100000 AND id < n * 100 % 100000 + 100
  RETURNING cpv, nuts_number, month, track, quantity_min, quantity, price_cents
)
INSERT INTO totals
SELECT cpv, nuts_number, month, track, count(*), sum(quantity_min), sum(quantity),
  sum(quantity::bigint * price_cents)
FROM taken GROUP BY cpv, nuts_number, month, track ORDER BY cpv, nuts_number, month, track
ON CONFLICT (cpv, nuts_number, month, track) DO UPDATE SET lines = totals.lines + excluded.lines,
  quantity_min = totals.quantity_min + excluded.quantity_min,
  quantity = totals.quantity + excluded.quantity,
  value_cents = totals.value_cents + excluded.value_cents;
