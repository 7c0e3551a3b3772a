// SPDX-License-Identifier: EUPL-1.2
// The own lines, and why each is where it is.
import { ask } from "./ask.js";
import { day, el, euro, facts, heading, levels, link, number, table } from "./dom.js";
import { t, word } from "./language.js";
import { failure } from "./outcome.js";

const rowsMax = 500;

function change(line) {
  if (!line.nearest_lot) return null;
  if (!line.change?.field) return t("change.none", { lot: line.nearest_lot });
  const what = `${line.change.field} ${line.change.criterion ? `${line.change.criterion}=` : ""}${line.change.to}`;
  return t("change", { lot: line.nearest_lot, what });
}

function binds(line) {
  const names = [...(line.binds?.accepts_no_more || []), ...(line.binds?.requires_this || [])];
  return names.length ? names.join(", ") : null;
}

function explained(line) {
  return el("div", {}, line.reason ? el("p", {}, word("reason", line.reason)) : null, change(line) ? el("p", {}, change(line)) : null,
    facts([
      [t("standing"), word("standing", line.standing)], [t("round"), line.round], [t("lot"), line.lot],
      [t("blocking"), line.blocking?.length ? line.blocking.map((code) => word("reason", code)).join(" ") : null],
      [t("nearest"), line.nearest_lot], [t("lot.criteria"), line.lot_criteria ? levels(line.lot_criteria) : null],
      [t("binds"), binds(line)],
    ]));
}

function why(row) {
  const body = el("div", { "aria-live": "polite" });
  const ontoggle = async (event) => {
    if (!event.target.open || body.childElementCount) return;
    try {
      body.append(explained(await ask("explain", { line: row.line })));
    } catch (error) {
      body.append(failure(error));
    }
  };
  return el("details", { ontoggle }, el("summary", { "aria-label": t("why.of", { line: row.line }) }, t("why")), body);
}

export async function show(main) {
  const lines = await ask("lines");
  main.append(heading(t("mine")), el("p", {}, t("mine.count", { count: number(lines.length) })));
  if (lines.length > rowsMax) main.append(el("p", { class: "notice" }, t("mine.first", { count: rowsMax })));
  main.append(table(t("mine"), [
    [t("line"), (row) => row.line], [t("title"), (row) => row.title || "–"], [t("category"), (row) => row.category],
    [t("pieces"), (row) => number(row.quantity), true], [t("value"), (row) => euro(row.value), true],
    [t("delivery"), (row) => `${day(row.delivery_from)} – ${day(row.delivery_to)}`],
    [t("regions"), (row) => row.nuts], [t("track"), (row) => row.track],
    [t("standing"), (row) => word("standing", row.standing)],
    [t("lot"), (row) => (row.lot ? link("lot", row.lot) : "–")],
    [t("why"), why],
  ], lines.slice(0, rowsMax), t("mine.none")));
}
