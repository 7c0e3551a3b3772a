// SPDX-License-Identifier: EUPL-1.2
// What the page says, in the reader's language; kept in this browser.
export const languages = { nl: "Nederlands", fr: "Français", de: "Deutsch", en: "English" };
let current = "en";
let texts = {};

export function language() {
  return current;
}

// "{name}" in a text is replaced.
export function t(key, values) {
  const text = texts[key] ?? key;
  return values ? text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole) : text;
}

// A code of the broker ("confirming") in words; the code itself where there are none.
export function word(kind, code) {
  return code ? texts[`${kind}.${code}`] ?? code : "–";
}

function preferred() {
  const asked = new URLSearchParams(location.search).get("language") || localStorage.getItem("language");
  return [asked, ...navigator.languages].map((tag) => (tag || "").slice(0, 2)).find((tag) => tag in languages) || "en";
}

export async function choose(tag) {
  current = tag || preferred();
  texts = await (await fetch(`/texts/${current}.json`)).json();
  document.documentElement.lang = current;
  if (tag) localStorage.setItem("language", tag);
}
