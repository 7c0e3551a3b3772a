// SPDX-License-Identifier: EUPL-1.2
// A tile map: a square a region, about where it lies. Countries, and the provinces of some.
import { el, number } from "./dom.js";
import { t } from "./language.js";

const countries = {
  IS: [1, 1], NO: [4, 1], SE: [5, 1], FI: [6, 1], EE: [7, 2], LV: [7, 3], LT: [7, 4],
  IE: [1, 3], DK: [4, 2], NL: [3, 3], DE: [4, 3], PL: [5, 3], BE: [3, 4], LU: [4, 4], CZ: [5, 4],
  SK: [6, 4], FR: [2, 4], CH: [3, 5], AT: [4, 5], HU: [5, 5], RO: [6, 5], PT: [1, 6], ES: [2, 6],
  IT: [3, 6], SI: [4, 6], HR: [5, 6], BG: [6, 6], MT: [3, 7], EL: [6, 7], CY: [7, 7],
};
const provinces = {
  BE: { BE25: [1, 1], BE23: [2, 1], BE21: [3, 1], BE22: [4, 1], BE24: [3, 2], BE10: [2, 2], BE32: [1, 3], BE31: [2, 3], BE33: [4, 3], BE35: [3, 4], BE34: [4, 4] },
  NL: { NL12: [3, 1], NL11: [4, 1], NL32: [2, 2], NL23: [3, 2], NL13: [4, 2], NL36: [1, 3], NL35: [2, 3], NL22: [3, 3], NL21: [4, 3], NL34: [1, 4], NL41: [2, 4], NL42: [3, 4] },
};

// Sums by the first characters of the codes.
function sums(cells, characters, begin) {
  const out = new Map();
  for (const cell of cells) {
    const code = (cell.nuts || "").slice(0, characters);
    if (code.length === characters && code.startsWith(begin))
      out.set(code, (out.get(code) || 0) + Number(cell.quantity || 0));
  }
  return out;
}

function shade(value, most) {
  return value > 0 ? `l${Math.min(4, 1 + Math.floor((value / most) * 3.999))}` : "";
}

function grid(layout, values, title) {
  const most = Math.max(1, ...values.values());
  const codes = [...new Set([...Object.keys(layout), ...values.keys()])];
  return el("div", { class: "tiles", role: "list", "aria-label": title }, codes.map((code) => {
    const value = values.get(code) || 0;
    const tile = el("div", { class: shade(value, most), role: "listitem" }, el("b", {}, code), value ? number(value) : "");
    if (layout[code]) {
      tile.style.gridColumn = layout[code][0];
      tile.style.gridRow = layout[code][1];
    }
    return tile;
  }));
}

// cells: with nuts and quantity. Countries, or one country's provinces where there is but one.
export function tiles(cells) {
  const byCountry = sums(cells, 2, "");
  const [only] = byCountry.size === 1 ? byCountry.keys() : [];
  return only
    ? grid(provinces[only] || {}, sums(cells, 4, only), t("map.of", { country: only }))
    : grid(countries, byCountry, t("map.europe"));
}
