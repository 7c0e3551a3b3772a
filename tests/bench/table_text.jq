# SPDX-License-Identifier: EUPL-1.2
# The report as a table of text.

def shown: if . == null then "-" else tostring end;
def padded($width): . + ([range($width - length)] | map(" ") | join(""));

["work", "Kopgroep", "unit", "floor", "PostgreSQL", "DuckDB", "of floor", "of best peer", "goal",
 "met"] as $head
| [.[] | [.work, (.kopgroep | shown), .unit, (.floor | shown), (.postgresql | shown),
          (.duckdb | shown), (.ratio_floor | shown), (.ratio_best_peer | shown), .goal,
          (if .met == null then "-" elif .met then "yes" else "NO" end)]] as $rows
| [range($head | length) as $i | [$head, $rows[]] | map(.[$i] | length) | max] as $widths
| [$head, ($widths | map([range(.)] | map("-") | join(""))), $rows[]][]
| [range(length) as $i | .[$i] | padded($widths[$i])] | join("  ") | sub(" +$"; "")
