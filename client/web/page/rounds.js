// SPDX-License-Identifier: EUPL-1.2
// Rounds, and one round with its progress towards the minima.
import { ask, Refused } from "./ask.js";
import { day, el, euro, facts, heading, link, number, table } from "./dom.js";
import { language, t, word } from "./language.js";
import { lotTable } from "./lots.js";

function title(round) {
  const names = round.title || {};
  return names[language()] || names.en || Object.values(names)[0] || round.round;
}

function list(rounds) {
  return table(t("rounds"), [
    [t("round"), (row) => link("round", row.round)],
    [t("title"), title],
    [t("state"), (row) => word("state", row.state)],
    [t("categories"), (row) => row.categories.join(", ")],
    [t("regions"), (row) => row.nuts.join(", ")],
    [t("closes"), (row) => day(row.closes)],
    [t("confirm_by"), (row) => day(row.confirm_by)],
    [t("lines"), (row) => number(row.lines), true],
    [t("lots"), (row) => number(row.lots), true],
  ], rounds, t("rounds.none"));
}

function bar(name, have, want, write) {
  if (!Number(want)) return [];
  const done = Math.min(Number(have), Number(want));
  const says = t("progress.of", { have: write(have), want: write(want) });
  return [el("span", {}, name), el("progress", { max: want, value: done, "aria-label": `${name}: ${says}` }), el("span", {}, says)];
}

// What an open round's categories come to so far, as its coordinator may see it.
async function progress(round) {
  let cells;
  try {
    cells = await ask("volume", { round: round.round, by: "category" });
  } catch (error) {
    if (error instanceof Refused) return el("p", {}, t("progress.hidden"));
    throw error;
  }
  if (!Array.isArray(cells) || cells.length === 0) return el("p", {}, t("progress.none"));
  return el("div", {}, cells.map((cell) => el("section", {}, el("h3", {}, cell.category), el("div", { class: "progress" },
    bar(t("organisations"), cell.organisations, round.bodies_min, number),
    bar(t("pieces"), cell.quantity, round.quantity_min, number),
    bar(t("value"), cell.value, round.value_min, euro)))));
}

export async function show(main) {
  main.append(heading(t("rounds")), list(await ask("rounds")));
}

export async function showOne(main, parameters) {
  const round = await ask("round", parameters);
  main.append(heading(`${title(round)} (${round.round})`), facts([
    [t("state"), word("state", round.state)],
    [t("coordinator"), round.coordinator],
    [t("categories"), round.categories.join(", ")],
    [t("regions"), round.nuts.join(", ")],
    [t("delivery"), `${day(round.delivery_from)} – ${day(round.delivery_to)}`],
    [t("closes"), day(round.closes)], [t("confirm_by"), day(round.confirm_by)],
    [t("reconfirm_by"), day(round.reconfirm_by)], [t("award_by"), day(round.award_by)],
    [t("minima"), t("minima.are", { bodies: number(round.bodies_min), quantity: number(round.quantity_min), value: euro(round.value_min) })],
    [t("placed"), round.placed === undefined ? null : number(round.placed)],
    [t("reason"), round.reason],
  ]), el("h2", {}, t("progress")), await progress(round));
  if (round.lots > 0)
    main.append(el("h2", {}, t("lots")), lotTable(await ask("lots", { round: round.round })));
}
