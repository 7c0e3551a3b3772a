-- SPDX-License-Identifier: EUPL-1.2
-- pgbench: one line a submission into the barest table: no more is known or kept.
INSERT INTO demand
SELECT n, organisation, cpv, nuts, nuts_number, month, track, quantity_min, quantity, price_cents,
  from_day, to_day, language
FROM nextval('submission') AS n, source WHERE id = n % 100000;
