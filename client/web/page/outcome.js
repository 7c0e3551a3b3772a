// SPDX-License-Identifier: EUPL-1.2
// What came of a command: a receipt, or what is wrong and how to mend it.
import { Refused } from "./ask.js";
import { el, number, table } from "./dom.js";
import { t } from "./language.js";

export function problemTable(problems) {
  return table(t("problems"), [
    [t("problem.row"), (row) => (row.row > 0 ? String(row.row) : "–"), true],
    [t("problem.column"), (row) => row.column], [t("problem.value"), (row) => row.value],
    [t("problem.allowed"), (row) => row.allowed], [t("problem.code"), (row) => row.code],
  ], problems);
}

function refused(answer) {
  const left = Number(answer.problems_total || 0) - (answer.problems || []).length;
  return el("div", { class: "notice failed" },
    el("p", { class: "problem" }, answer.detail || t("refused"), answer.code ? ` [${answer.code}]` : ""),
    answer.problems?.length ? problemTable(answer.problems) : null,
    left > 0 ? el("p", {}, t("problems.more", { count: number(left) })) : null);
}

function done(answer) {
  const receipt = answer.receipt;
  return el("div", { class: "notice" },
    el("p", {}, answer.result || answer.detail || t("done")),
    receipt ? el("p", {}, t("receipt", { sequence: number(receipt.sequence), time: receipt.time, chain: receipt.chain.slice(0, 16) })) : null);
}

// Does it, and gives an element that says what came of it. `on` is told the answer.
export async function outcome(act, on) {
  let answer, element;
  try {
    answer = await act();
    element = done(answer);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    answer = error.answer;
    element = refused(answer);
  }
  if (on) on(answer);
  return element;
}

export function failure(error) {
  return error instanceof Refused ? refused(error.answer) : el("p", { class: "notice failed problem" }, String(error));
}
