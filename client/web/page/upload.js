// SPDX-License-Identifier: EUPL-1.2
// A plan is checked or sent; what is wrong is shown in the plan's own table.
import { tell } from "./ask.js";
import { el, field, heading } from "./dom.js";
import { t } from "./language.js";
import { outcome } from "./outcome.js";

const rowsMax = 200;

// RFC 4180, with the separator that the first row has most of.
export function parse(text) {
  const first = text.split(/\r?\n/, 1)[0];
  const separator = [",", ";", "\t"].reduce((best, one) => (first.split(one).length > first.split(best).length ? one : best));
  const rows = [[""]];
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const row = rows[rows.length - 1], character = text[at];
    if (quoted && character === '"' && text[at + 1] === '"') { row[row.length - 1] += '"'; at++; }
    else if (character === '"') quoted = !quoted;
    else if (!quoted && character === separator) row.push("");
    else if (!quoted && character === "\n") rows.push([""]);
    else if (quoted || character !== "\r") row[row.length - 1] += character;
  }
  return rows.filter((row, at) => at === 0 || row.length > 1 || row[0] !== "");
}

function cell(value, faults) {
  if (faults.length === 0) return el("td", {}, value);
  return el("td", { class: "bad" }, value || "–", faults.map((fault) => el("div", {}, el("small", {}, fault.allowed))));
}

// The rows of a CSV that have a mistake, each mistake in its cell.
function marked(rows, problems) {
  const head = rows[0].map((name) => name.trim().toLowerCase());
  const bad = [...new Set(problems.map((one) => one.row))].filter((row) => row > 1 && row <= rows.length).slice(0, rowsMax);
  if (bad.length === 0) return null;
  const of = (row, name) => problems.filter((one) => one.row === row && (one.column || "").toLowerCase() === name);
  const whole = (row) => problems.filter((one) => one.row === row && !head.includes((one.column || "").toLowerCase()));
  return el("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": t("upload.marked") }, el("table", {},
    el("caption", { hidden: true }, t("upload.marked")),
    el("thead", {}, el("tr", {}, el("th", { scope: "col" }, t("problem.row")), rows[0].map((name) => el("th", { scope: "col" }, name)), el("th", { scope: "col" }, t("upload.row")))),
    el("tbody", {}, bad.map((row) => el("tr", {}, el("th", { scope: "row" }, String(row)),
      head.map((name, at) => cell(rows[row - 1][at] ?? "", of(row, name))), cell("", whole(row)))))));
}

async function shown(file, answer) {
  if (!answer.problems?.length || !/\.(csv|txt|tsv)$/i.test(file.name)) return null;
  return marked(parse(await file.text()), answer.problems);
}

export async function show(main) {
  const input = el("input", { type: "file", name: "plan", accept: ".csv,.xlsx,.txt" });
  const said = el("div", { role: "status", tabindex: "-1" });
  const buttons = [];
  const act = async (parameters) => {
    const file = input.files[0];
    if (!file) return said.replaceChildren(el("p", { class: "problem" }, t("upload.choose")));
    buttons.forEach((button) => button.setAttribute("aria-busy", "true"));
    let answer;
    const element = await outcome(() => tell("submit", parameters, file), (given) => { answer = given; });
    const table = await shown(file, answer);
    said.replaceChildren(...[element, table].filter(Boolean));
    buttons.forEach((button) => button.removeAttribute("aria-busy"));
  };
  buttons.push(el("button", { class: "secondary", onclick: () => act({ dry_run: "1" }) }, t("upload.check")),
    el("button", { onclick: () => act({}) }, t("upload.send")));
  main.append(heading(t("upload")), el("p", {}, t("upload.text")), field(t("upload.file"), input), el("div", { class: "actions" }, buttons), said);
}
