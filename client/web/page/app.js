// SPDX-License-Identifier: EUPL-1.2
// Which view the address names, the navigation, the language.
import { ask, takeSecret } from "./ask.js";
import { el, heading } from "./dom.js";
import { choose, language, languages, t } from "./language.js";
import * as lines from "./lines.js";
import * as lots from "./lots.js";
import { failure } from "./outcome.js";
import * as practices from "./practices.js";
import * as rounds from "./rounds.js";
import * as upload from "./upload.js";
import * as volume from "./volume.js";

const views = {
  lines: { show: lines.show, text: "mine" },
  upload: { show: upload.show, text: "upload" },
  rounds: { show: rounds.show, text: "rounds" },
  lots: { show: lots.show, text: "lots" },
  volume: { show: volume.show, text: "volume" },
  practices: { show: practices.show, text: "practices" },
  practice: { show: practices.showOne, below: "practices" },
  round: { show: rounds.showOne, below: "rounds" },
  lot: { show: lots.showOne, below: "lots" },
};
let first = "lines"; // rounds for who has no lines of its own
let turn = 0; // what comes late of an earlier view is dropped

function where() {
  const [path, query] = location.hash.replace(/^#\//, "").split("?");
  return { name: path in views ? path : first, parameters: Object.fromEntries(new URLSearchParams(query || "")) };
}

function go(name, parameters) {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value));
  location.hash = `#/${name}?${query}`;
}

function navigation(name) {
  const current = views[name].below || name;
  const links = Object.entries(views).filter(([id, view]) => view.text && (first === "lines" || !["lines", "upload"].includes(id)))
    .map(([id, view]) => el("li", {}, el("a", { href: `#/${id}`, "aria-current": id === current ? "page" : null }, t(view.text))));
  const choice = el("select", { "aria-label": t("language"), onchange: async (event) => { await choose(event.target.value); render(); } },
    Object.entries(languages).map(([tag, title]) => el("option", { value: tag, selected: tag === language(), lang: tag }, title)));
  const nav = document.getElementById("nav");
  nav.setAttribute("aria-label", t("navigation"));
  nav.replaceChildren(el("ul", {}, el("li", {}, el("strong", {}, "Kopgroep")), links), el("ul", {}, el("li", {}, choice)));
}

async function render() {
  const mine = ++turn;
  const { name, parameters } = where();
  const fresh = el("div", {});
  navigation(name);
  document.getElementById("main").setAttribute("aria-busy", "true");
  try {
    await views[name].show(fresh, parameters, (given) => go(name, given));
  } catch (error) {
    if (!fresh.querySelector("h1")) fresh.append(heading(t(views[name].text || views[name].below)));
    fresh.append(failure(error));
  }
  if (mine !== turn) return;
  const main = document.getElementById("main");
  main.removeAttribute("aria-busy");
  main.replaceChildren(fresh);
  const title = fresh.querySelector("h1");
  document.title = `${title?.textContent || ""} – Kopgroep`;
  title?.focus();
}

async function findFirst() {
  try {
    await ask("lines");
  } catch {
    first = "rounds"; // what is wrong is said there too, if more than that
  }
}

async function foot() {
  const status = await ask("status");
  document.getElementById("foot").textContent = t("foot", { organisation: status.organisation, head: status.head, version: status.version });
}

takeSecret();
await choose();
await findFirst();
addEventListener("hashchange", () => (takeSecret() ? location.reload() : render()));
await render();
foot().catch((error) => document.getElementById("foot").replaceChildren(failure(error)));
