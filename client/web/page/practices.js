// SPDX-License-Identifier: EUPL-1.2
// What others learned: fiches of good practice and clauses, and one of them whole.
import { ask } from "./ask.js";
import { el, facts, field, heading, select, table } from "./dom.js";
import { language, languages, t, word } from "./language.js";

// The reader's language, else the first that it has.
function spoken(texts) {
  const have = texts || {};
  return [language(), "nl", "fr", "de", "en"].find((tag) => tag in have);
}

function titled(row) {
  const tag = spoken(row.title);
  const query = new URLSearchParams({ organisation: row.organisation, practice: row.key });
  return el("a", { href: `#/practice?${query}`, lang: tag === language() ? null : tag }, row.title?.[tag] || row.key);
}

export function practiceTable(caption, rows, empty) {
  return table(caption, [
    [t("title"), titled],
    [t("practice.kind"), (row) => word("kind", row.kind || "clause")],
    [t("practice.type"), (row) => (row.type ? word("type", row.type) : "–")],
    [t("category"), (row) => row.category || "–"],
    [t("criteria"), (row) => (row.criteria || []).join(", ") || "–"],
    [t("organisation"), (row) => row.organisation],
  ], rows, empty);
}

// For each criterion that a lot asks for, the clauses there are, or that there is none.
export function clausesOf(lot) {
  const needs = lot.clauses || [];
  if (needs.length === 0) return [];
  const rows = needs.flatMap((need) => (need.clauses.length ? need.clauses : [null]).map((clause) => ({ need, clause })));
  return [el("h2", {}, t("clauses")), table(t("clauses"), [
    [t("criterion"), (row) => `${row.need.criterion} ${row.need.level}`],
    [t("clause"), (row) => (row.clause ? titled(row.clause) : t("clauses.none"))],
    [t("practice.type"), (row) => (row.clause ? word("type", row.clause.type) : "–")],
    [t("organisation"), (row) => row.clause?.organisation || "–"],
  ], rows)];
}

export async function show(main, parameters, go) {
  const all = await ask("practices");
  const categories = [...new Set(all.map((row) => row.category))].sort();
  const chosen = all.filter((row) => (!parameters.category || row.category === parameters.category) && (!parameters.kind || row.kind === parameters.kind));
  const kinds = [["", t("all")], ["fiche", word("kind", "fiche")], ["clause", word("kind", "clause")]];
  const form = el("form", { onsubmit: (event) => { event.preventDefault(); go(Object.fromEntries(new FormData(form))); } },
    field(t("filter.category"), select("category", [["", t("all")], ...categories.map((name) => [name, name])], parameters.category)),
    field(t("practice.kind"), select("kind", kinds, parameters.kind)),
    el("button", {}, t("filter.show")));
  main.append(heading(t("practices")), el("p", {}, t("practices.text")), form, practiceTable(t("practices"), chosen, t("practices.none")));
}

function part(name, words, tag) {
  return words ? [name ? el("h2", {}, name) : null, el("p", { lang: tag === language() ? null : tag }, words)] : [];
}

export async function showOne(main, parameters) {
  const one = await ask("practice", parameters);
  const tag = spoken(one.texts), text = one.texts?.[tag] || {};
  main.append(heading(text.title || one.key), facts([
    [t("practice.kind"), word("kind", one.kind)], [t("practice.type"), one.type ? word("type", one.type) : null],
    [t("category"), one.category], [t("criteria"), one.criteria.join(", ") || null], [t("lot"), one.lot],
    [t("organisation"), one.organisation],
    [t("languages"), Object.keys(one.texts || {}).map((code) => languages[code]).join(", ")],
    [t("shown"), tag === language() ? null : languages[tag]],
  ]));
  main.append(...[part(null, text.words, tag), part(t("approach"), text.approach, tag), part(t("result"), text.result, tag), part(t("lesson"), text.lesson, tag)].flat().filter(Boolean));
}
