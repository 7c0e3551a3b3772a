// SPDX-License-Identifier: EUPL-1.2
// Elements, tables and numbers. Text goes in as text, never as markup.
import { t, language } from "./language.js";

export function el(tag, properties, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return element;
}

// "180000.00", 225, "200-499" or nothing, as the reader's language writes it.
export function number(value, digits = 0) {
  if (value === null || value === undefined || value === "") return "–";
  const one = (text) =>
    new Intl.NumberFormat(language(), { maximumFractionDigits: digits }).format(Number(text));
  const range = /^(\d+)-(\d+)$/.exec(value);
  if (range) return `${one(range[1])}–${one(range[2])}`;
  return Number.isNaN(Number(value)) ? String(value) : one(value);
}

export function euro(value) {
  return value === null || value === undefined || value === "" ? "–" : `€ ${number(value)}`;
}

export function day(value) {
  return value ? new Intl.DateTimeFormat(language(), { dateStyle: "medium" }).format(new Date(`${value}T00:00:00`)) : "–";
}

export function levels(object) {
  const pairs = Object.entries(object || {});
  return pairs.length ? pairs.map(([name, level]) => `${name} ${level}`).join(", ") : "–";
}

// columns: [heading, value of a row (text or element), is a number]
export function table(caption, columns, rows, empty) {
  if (rows.length === 0) return el("p", {}, empty || t("nothing"));
  const head = columns.map(([heading, , right]) => el("th", { scope: "col", class: right ? "number" : null }, heading));
  const body = rows.map((row) => el("tr", {}, columns.map(([, value, right]) => el("td", { class: right ? "number" : null }, value(row) ?? "–"))));
  return el("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": caption },
    el("table", {}, el("caption", { hidden: true }, caption), el("thead", {}, el("tr", {}, head)), el("tbody", {}, body)));
}

export function facts(pairs) {
  return el("dl", { class: "facts" }, pairs.filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
}

// To the view of one round or lot.
export function link(kind, id) {
  return el("a", { href: `#/${kind}?${new URLSearchParams({ [kind]: id })}` }, id);
}

export function heading(text) {
  return el("h1", { tabindex: "-1" }, text);
}

export function field(label, control) {
  return el("label", {}, label, control);
}

export function select(name, choices, chosen) {
  return el("select", { name }, choices.map(([value, text]) => el("option", { value, selected: value === chosen }, text)));
}
