// SPDX-License-Identifier: EUPL-1.2
// browser.mjs PACKAGES COORDINATOR MEMBER LOT BAD_PLAN SCREENS: the page in Chromium, as a coordinator and
// as a member: every view in four languages, checked by axe, no request to elsewhere, no error;
// then a plan with mistakes and an answer, by keyboard alone. Screenshots go to SCREENS.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import assert from "node:assert/strict";

const [packages, coordinator, member, lot, badPlan, screens] = process.argv.slice(2);
const require = createRequire(`${packages}/`);
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const languages = ["nl", "fr", "de", "en"];

const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});

async function open(address) {
  const context = await browser.newContext({ viewport: { width: 1180, height: 820 }, locale: "nl-BE" });
  const page = await context.newPage();
  const own = new URL(address).origin;
  page.on("request", (request) => assert.equal(new URL(request.url()).origin, own, "a request to elsewhere"));
  page.on("pageerror", (error) => assert.fail(error));
  page.on("console", (message) => {
    if (message.type() === "error" && !/status of 422/.test(message.text())) assert.fail(message.text());
  });
  await page.goto(address);
  await page.waitForSelector("h1");
  assert.ok(!page.url().includes("secret"), "the secret stays in the address");
  await reload(page);
  return page;
}

async function reload(page) {
  await page.reload();
  await settled(page);
  assert.equal(await page.locator(".failed").count(), 0, "the secret is kept");
}

// Whoever listens on another port of this machine is told nothing when the same browser comes by.
async function tellsNobody(page) {
  const told = [];
  const other = createServer((request, response) => {
    told.push(JSON.stringify(request.headers));
    response.end("<!doctype html><title>other</title>");
  });
  await new Promise((done) => other.listen(0, "127.0.0.1", done));
  const visit = await page.context().newPage();
  await visit.goto(`http://127.0.0.1:${other.address().port}/`);
  const secret = new URL(coordinator).href.split("=").pop();
  assert.ok(told.length > 0 && !told.join().includes(secret), "another port is told the secret");
  assert.equal(await visit.evaluate(() => localStorage.length), 0, "another port reads what is kept");
  await visit.close();
  other.close();
}

async function settled(page) {
  await page.waitForFunction(() => document.querySelector("main h1") && !document.getElementById("main").hasAttribute("aria-busy"));
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

async function show(page, hash) {
  await page.evaluate((to) => { document.getElementById("main").setAttribute("aria-busy", "true"); location.hash = to; }, `${hash}${hash.includes("?") ? "&" : "?"}at=${Date.now()}`);
  await settled(page);
}

async function choose(page, language) {
  await page.selectOption("nav select", language);
  await page.waitForFunction((tag) => document.documentElement.lang === tag, language);
  await settled(page);
}

async function accessible(page, what) {
  await page.evaluate(axe);
  const found = await page.evaluate(async () => (await window.axe.run()).violations
    .map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(" ")).join(", ")}`));
  assert.deepEqual(found, [], what);
}

async function views(page, who, hashes) {
  let count = 0;
  for (const language of languages) {
    await choose(page, language);
    const titles = new Set();
    for (const [name, hash] of hashes) {
      await show(page, hash);
      await accessible(page, `${who} ${name} ${language}`);
      assert.ok(!/\[object|undefined|NaN/.test(await page.innerText("body")), `${name}: no text`);
      titles.add(await page.textContent("h1"));
      if (language === "nl") await page.screenshot({ path: `${screens}/${who}-${name}.png` });
      count++;
    }
    assert.ok(titles.size >= hashes.length - 1, "titles");
  }
  return count;
}

// Tab until the element that has the text has the focus.
async function tabTo(page, text) {
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press("Tab");
    if (await page.evaluate((wanted) => document.activeElement?.textContent === wanted, text)) return;
  }
  assert.fail(`not reached by keyboard: ${text}`);
}

const hub = await open(coordinator);
await tellsNobody(hub);
let shown = await views(hub, "coordinator", [["volume", "#/volume?by=category"], ["rounds", "#/rounds"], ["round", "#/round?round=main"], ["lot", `#/lot?lot=${lot}`]]);
await show(hub, "#/volume?by=nuts");
assert.ok(await hub.locator("canvas").count() > 0, "a chart");
assert.ok(await hub.locator(".tiles .l4").count() > 0, "a tile with volume");
await hub.fill("input[name=category]", "laptops");
await hub.keyboard.press("Enter");
await hub.waitForSelector("main .problem");
await accessible(hub, "refused filter");
assert.equal(await hub.inputValue("input[name=category]", { timeout: 5000 }), "laptops", "what was asked");
await hub.fill("input[name=category]", "laptop");
await hub.keyboard.press("Enter");
await hub.waitForSelector("main canvas");
await show(hub, "#/round?round=main");
assert.ok(await hub.locator("progress").count() >= 2, "progress towards the minima");

const body = await open(member);
shown += await views(body, "member", [["lines", "#/lines"], ["upload", "#/upload"], ["lots", "#/lots"], ["practices", "#/practices"], ["practice", "#/practice?organisation=S-1&practice=longer-use"], ["lot", `#/lot?lot=${lot}`]]);

await choose(body, "en");
await show(body, "#/upload");
await body.setInputFiles("input[type=file]", badPlan);
await tabTo(body, "Check");
await body.keyboard.press("Enter");
await body.waitForSelector("td.bad");
assert.equal(await body.locator("td.bad").count(), 2, "marked cells");
await accessible(body, "marked plan");
await body.screenshot({ path: `${screens}/member-marked.png` });

await show(body, "#/lines");
await body.locator("summary").first().focus();
await body.keyboard.press("Enter");
await body.waitForSelector("details[open] dl");
await accessible(body, "why");

await show(body, `#/lot?lot=${lot}`);
await tabTo(body, "Confirm");
await body.keyboard.press("Enter");
await body.waitForFunction(() => /Receipt/.test(document.body.textContent));

await browser.close();
console.log(`${shown} views without a breach, 2 marked cells, confirmed by keyboard`);
