// SPDX-License-Identifier: EUPL-1.2
// Aggregated volume: filters, a chart over time, a map, the table.
import { ask } from "./ask.js";
import { bars } from "./chart.js";
import { day, el, euro, field, heading, number, select, table } from "./dom.js";
import { t } from "./language.js";
import { tiles } from "./tiles.js";

const dimensions = ["category", "cpv", "nuts", "month", "track"];

function cells(document) {
  return Array.isArray(document) ? document : document.cells;
}

// Every dimension on its own, and the most asked pairs.
function choices() {
  const pairs = [["category", "month"], ["category", "nuts"], ["category", "track"], ["month", "track"]];
  return [...dimensions.map((one) => [one]), ...pairs].map((by) => [by.join(","), by.map((one) => t(`by.${one}`)).join(" × ")]);
}

function form(parameters, go) {
  const text = (name, hint) => el("input", { name, value: parameters[name] || "", placeholder: hint });
  const days = (name) => el("input", { name, type: "date", value: parameters[name] || "" });
  const onsubmit = (event) => {
    event.preventDefault();
    go(Object.fromEntries(new FormData(event.target)));
  };
  return el("form", { class: "filters", onsubmit },
    field(t("filter.by"), select("by", choices(), parameters.by || "category")),
    field(t("filter.category"), text("category", "laptop")),
    field(t("filter.cpv"), text("cpv", "302")),
    field(t("filter.nuts"), text("nuts", "BE2")),
    field(t("filter.from"), days("from")),
    field(t("filter.to"), days("to")),
    field(t("filter.track"), select("track", [["", t("all")], ["kopgroep", "kopgroep"], ["peloton", "peloton"]], parameters.track || "")),
    el("button", { type: "submit" }, t("filter.show")));
}

function columns(by, published) {
  const shown = by.split(",").map((name) => [t(`by.${name}`), (row) => row[name] ?? t("several")]);
  const quantity = [t("pieces"), (row) => number(row.quantity), true];
  const value = [t("value"), (row) => euro(row.value), true];
  return published
    ? [...shown, quantity, value, [t("organisations.least"), (row) => number(row.organisations_at_least), true], [t("wider"), (row) => (row.wider ? t("yes") : "")]]
    : [...shown, [t("lines"), (row) => number(row.lines), true], quantity, value, [t("organisations"), (row) => number(row.organisations), true]];
}

function months(document) {
  const sums = new Map();
  for (const cell of cells(document))
    if (cell.month) sums.set(cell.month, (sums.get(cell.month) || 0) + Number(cell.quantity || 0));
  return [...sums].sort();
}

export async function show(main, parameters, go) {
  const by = parameters.by || "category";
  const filters = { ...parameters, by };
  main.append(heading(t("volume")), form(parameters, go)); // first: a filter that is refused is mended there
  const [shown, byMonth, byNuts] = [
    await ask("volume", filters),
    await ask("volume", { ...filters, by: "month" }),
    await ask("volume", { ...filters, by: "nuts" }),
  ];
  const published = !Array.isArray(shown);
  const over = months(byMonth);
  if (published)
    main.append(el("p", { class: "notice" }, shown.date ? t("published", { version: shown.version, date: day(shown.date) }) : t("published.none")));
  main.append(
    el("h2", {}, t("volume.table")), table(t("volume.table"), columns(by, published), cells(shown), t("volume.none")),
    el("h2", {}, t("volume.time")));
  main.append(over.length ? bars(t("volume.time"), over) : el("p", {}, t("volume.none")));
  if (over.length)
    main.append(el("details", {}, el("summary", {}, t("figures")), table(t("volume.time"), [[t("by.month"), (row) => row[0]], [t("pieces"), (row) => number(row[1]), true]], over)));
  main.append(el("h2", {}, t("volume.map")), tiles(cells(byNuts)));
}
