// SPDX-License-Identifier: EUPL-1.2
// Questions to the program that serves this page.
import { language, t } from "./language.js";

// The secret of the run stands in the address behind #, which no server is told, and is kept for this
// host and port alone; a cookie would go to every port of the host. True where the address has one.
export function takeSecret() {
  const brought = /^#secret=(\w+)$/.exec(location.hash);
  if (!brought) return false;
  localStorage.setItem("secret", brought[1]);
  history.replaceState(null, "", "/");
  return true;
}

function bearer() {
  return { Authorization: `Bearer ${localStorage.getItem("secret")}` };
}

export class Refused extends Error {
  constructor(answer, status) {
    super(answer.detail || t("failed", { status }));
    this.answer = answer;
  }
}

async function read(response) {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    return { outcome: "failed", detail: text, problems: [] };
  }
}

function address(path, parameters) {
  const query = new URLSearchParams(Object.entries({ ...parameters, language: language() }).filter(([, value]) => value));
  return `/api/${path}${query.size ? `?${query}` : ""}`;
}

async function exchange(path, parameters, options) {
  let response;
  try {
    response = await fetch(address(path, parameters), { ...options, headers: bearer() });
  } catch {
    throw new Refused({ detail: t("ended"), problems: [] }, 0);
  }
  const answer = await read(response);
  if (!response.ok) throw new Refused(answer, response.status);
  return answer;
}

export function ask(path, parameters) {
  return exchange(path, parameters, {});
}

export function tell(path, parameters, body) {
  return exchange(path, parameters, { method: "POST", body });
}
