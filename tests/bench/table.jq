# SPDX-License-Identifier: EUPL-1.2
# From figures (one object a line: work, side, variant, value) and $goals, the rows of the report.

def median:
  sort | if length % 2 == 1 then .[length / 2 | floor]
         else (.[length / 2] + .[length / 2 - 1]) / 2 end;

def best($better): if $better == "more" then max else min end;

# Of one side: the best of its variants' medians; null where it has no figure.
def side_value($figures; $side; $better):
  [$figures[] | select(.side == $side)] | group_by(.variant)
  | map(map(.value) | median) | if length == 0 then null else best($better) end;

# How many times as good as `other`.
def times($better; $own; $other):
  if $own == null or $other == null or $own == 0 or $other == 0 then null
  elif $better == "more" then $own / $other else $other / $own end;

# Four significant digits are more than a measurement has.
def rounded:
  if . == null or . == 0 then .
  else (fabs | log10 | floor) as $e | pow(10; 3 - $e) as $s
  | if $e >= 3 then round else (. * $s | round) / $s end end;

# What the goal asks, each as true, false, or null where a figure that it speaks of is missing.
# least: at least so many times as good as a side, or (kopgroep) so much; most: at most so much;
# most_more_than: at most so much more than another work.
def demands($goal; $values; $every):
  ($goal.least // {} | to_entries[] |
    (if .key == "kopgroep" then $values.kopgroep
     else times($goal.better; $values.kopgroep; $values[.key]) end) as $got
    | if $got == null then null else $got >= .value end),
  ($goal.most | select(. != null) | . as $most
    | if $values.kopgroep == null then null else $values.kopgroep <= $most end),
  ($goal.most_more_than // {} | to_entries[] | .key as $work |
    side_value([$every[] | select(.work == $work)]; "kopgroep"; "less") as $other
    | if $values.kopgroep == null or $other == null then null
      else $values.kopgroep - $other <= .value end);

# null when a figure is missing, or when there is nothing to meet.
def met($goal; $values; $every):
  [demands($goal; $values; $every)]
  | if length == 0 or any(. == null) then null else all end;

def row($goal; $figures):
  [$figures[] | select(.work == $goal.work)] as $own
  | (["kopgroep", "floor", "postgresql", "duckdb"]
     | map({(.): side_value($own; .; $goal.better)}) | add) as $values
  | {work: $goal.work, kopgroep: ($values.kopgroep | rounded), unit: $goal.unit,
     floor: ($values.floor | rounded), postgresql: ($values.postgresql | rounded),
     duckdb: ($values.duckdb | rounded),
     ratio_floor: (times($goal.better; $values.kopgroep; $values.floor) | rounded),
     ratio_best_peer: ([times($goal.better; $values.kopgroep; $values.postgresql),
                        times($goal.better; $values.kopgroep; $values.duckdb)]
                       | map(values) | min | rounded),
     goal: $goal.goal, met: met($goal; $values; $figures)};

# A work measured in more than one size is named by it.
def sized: if .sizes then .sizes[] as $size | .work += "-\($size)" else . end;

[inputs] as $figures
| [$goals[0][] | sized | .work as $work | select(any($figures[]; .work == $work))
   | row(.; $figures)]
