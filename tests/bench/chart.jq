# SPDX-License-Identifier: EUPL-1.2
# From the figures of row_growth.sh (one object a line: work, variant = lines, value), an SVG: one
# panel a work, both axes logarithmic, the figure at every point. Run with -rn.

def panels: [
  {work: "growth-submit", title: "Submit: lines a second, bulk"},
  {work: "growth-volume", title: "Volume, all lines by month and track: ms, through the client"},
  {work: "growth-grouping", title: "Grouping, one thread: seconds"},
  {work: "growth-start", title: "Start from the journal: seconds"},
  {work: "growth-memory", title: "Memory of the broker: MiB (50,000 organisations)"}];

def width: 720;
def height: 150;
def left: 60;
def right: 40;
def top: 34;
def bottom: 26;

def short:
  if . >= 1000000 then "\(. / 1000000 | floor) M" elif . >= 1000 then "\(. / 1000 | floor) K"
  else tostring end;

def figure:
  if . >= 100000 then "\(. / 1000 | round) K" elif . >= 100 then round | tostring
  elif . >= 1 then . * 10 | round / 10 | tostring else . * 1000 | round / 1000 | tostring end;

# A place between the ends, in pixels; the ends a decade apart at least.
def place($low; $high; $pixels): (log10 - $low) / ([$high - $low, 1] | max) * $pixels;

def panel($points; $at; $title):
  ($points | map(.x | log10)) as $xs | ($points | map(.y | log10)) as $ys
  | ($ys | min | floor) as $low | ($ys | max | ceil) as $high
  | ($points | map({
      x: (.x | place($xs | min; $xs | max; width - left - right) + left),
      y: ($at + height - bottom - (.y | place($low; $high; height - top - bottom))),
      label: (.y | figure), lines: (.x | short)})) as $marks
  | "<text x=\"\(left)\" y=\"\($at + 18)\" class=\"title\">\($title)</text>",
    "<path d=\"M\(left) \($at + height - bottom)H\(width - right)\" class=\"axis\"/>",
    "<polyline class=\"line\" points=\"\([$marks[] | "\(.x | round),\(.y | round)"] | join(" "))\"/>",
    ($marks[] |
      "<circle cx=\"\(.x | round)\" cy=\"\(.y | round)\" r=\"3\" class=\"dot\"/>",
      "<text x=\"\(.x | round)\" y=\"\(.y - 8 | round)\" class=\"figure\">\(.label)</text>",
      "<text x=\"\(.x | round)\" y=\"\($at + height - 10)\" class=\"lines\">\(.lines)</text>");

[inputs] as $figures
| [panels[] | . as $panel
   | {title, points: [$figures[] | select(.work == $panel.work and .value > 0)
                      | {x: (.variant | tonumber), y: .value}] | sort_by(.x)}
   | select(.points | length > 1)] as $drawn
| "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(width) \(($drawn | length) * height)\""
  + " font-family=\"sans-serif\" font-size=\"12\">",
  "<style>.title{font-weight:bold}.axis{stroke:#888}.line{fill:none;stroke:#06c;stroke-width:2}"
  + ".dot{fill:#06c}.figure,.lines{text-anchor:middle}.lines{fill:#555}</style>",
  "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>",
  ($drawn | to_entries[] | panel(.value.points; .key * height; .value.title)),
  "</svg>"
