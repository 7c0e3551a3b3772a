// SPDX-License-Identifier: EUPL-1.2
// Lots, and one lot: what it asks, how far it could go, its members, the own answer.
import { ask, tell } from "./ask.js";
import { bars } from "./chart.js";
import { day, el, euro, facts, field, heading, levels, link, number, table } from "./dom.js";
import { t, word } from "./language.js";
import { outcome } from "./outcome.js";
import { clausesOf } from "./practices.js";

export function lotTable(lots) {
  return table(t("lots"), [
    [t("lot"), (row) => link("lot", row.lot)],
    [t("state"), (row) => word("state", row.state)],
    [t("track"), (row) => row.track],
    [t("criteria"), (row) => levels(row.criteria)],
    [t("organisations"), (row) => number(row.bodies), true],
    [t("pieces"), (row) => number(row.quantity), true],
    [t("value"), (row) => euro(row.value), true],
    [t("own"), (row) => (row.own_lines || []).join(", ")],
  ], lots, t("lots.none"));
}

export async function show(main) {
  main.append(heading(t("lots")), lotTable(await ask("lots")));
}

// The first step is the lot as it is; each next one lowers a criterion.
function curve(lot) {
  const steps = lot.ambition_curve || [];
  if (steps.length === 0) return [];
  const name = (step) => (step.criterion ? `${step.criterion} ≥ ${step.to}` : t("curve.now"));
  return [el("h2", {}, t("curve")), el("p", {}, t("curve.text")),
    bars(t("curve.chart"), steps.map((step) => [name(step), step.bodies])),
    table(t("curve"), [[t("curve.step"), name], [t("organisations"), (row) => number(row.bodies), true], [t("value"), (row) => euro(row.value), true]], steps)];
}

function headroom(lot) {
  const rows = Object.entries(lot.headroom || {});
  if (rows.length === 0) return [];
  return [el("h2", {}, t("headroom")), el("p", {}, t("headroom.text")),
    table(t("headroom"), [[t("criterion"), (row) => row[0]], [t("headroom.now"), (row) => lot.criteria[row[0]] || "–"], [t("headroom.to"), (row) => row[1]]], rows)];
}

function members(lot) {
  return [el("h2", {}, t("members")), table(t("members"), [
    [t("organisation"), (row) => row.organisation], [t("name"), (row) => row.name]], lot.members || [])];
}

function market(lot) {
  const unproved = lot.market?.unproved || [];
  return unproved.length ? el("p", { class: "notice" }, t("market.unproved", { criteria: unproved.join(", ") })) : null;
}

function answering(lot, again) {
  if (lot.state !== "confirming" || !(lot.own_lines || []).length) return [];
  const said = el("div", { role: "status" });
  const reason = el("input", { name: "reason" });
  const answer = async (path, parameters) => {
    said.replaceChildren(await outcome(() => tell(path, { lot: lot.lot, ...parameters })));
    again();
  };
  return [el("h2", {}, t("answer")), el("p", {}, t("answer.text", { lines: lot.own_lines.join(", ") })),
    field(t("answer.reason"), reason),
    el("div", { class: "actions" },
      el("button", { onclick: () => answer("confirm", {}) }, t("confirm")),
      el("button", { class: "secondary", onclick: () => answer("decline", { reason: reason.value }) }, t("decline"))), said];
}

export async function showOne(main, parameters) {
  const lot = await ask("lot", parameters);
  const changed = el("div", {});
  const again = async () => {
    const now = await ask("lot", parameters);
    changed.replaceChildren(state(now));
  };
  changed.append(state(lot));
  main.append(heading(lot.lot), changed);
  main.append(...[market(lot), ...answering(lot, again), ...curve(lot), ...headroom(lot), ...clausesOf(lot), ...members(lot)].filter(Boolean));
}

function state(lot) {
  return facts([
    [t("state"), word("state", lot.state)], [t("category"), lot.category],
    [t("condition"), word("condition", lot.condition)], [t("regions"), lot.nuts], [t("track"), lot.track],
    [t("criteria"), levels(lot.criteria)],
    [t("delivery"), `${day(lot.window?.from)} – ${day(lot.window?.to)}`],
    [t("organisations"), number(lot.bodies)], [t("pieces"), number(lot.quantity)], [t("value"), euro(lot.value)],
    [t("lead"), lot.lead], [t("tender"), lot.tender], [t("own"), (lot.own_lines || []).join(", ") || "–"],
  ]);
}
