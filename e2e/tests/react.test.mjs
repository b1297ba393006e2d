// Unmodified react-plaid-link 5.0.0 under React's strict mode: it asks for the
// vendor's script, finds the marker, and uses ours.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, afterEach, before, test } from "node:test";
import { launch, until, watch } from "../lib/browser.mjs";
import { bundle } from "../lib/bundle.mjs";
import { startFake } from "../lib/fake.mjs";
import { serveApp } from "../lib/serve.mjs";

let browser, fake, app, context, page, seen, link;

before(async () => {
  browser = await launch();
  fake = await startFake();
  app = await serveApp(fake.url, {
    "/app": { script: await bundle(readFileSync(new URL("../lib/react-app.jsx", import.meta.url), "utf8")), body: `<div id="root"></div>` },
  });
});
after(async () => {
  await browser?.close();
  await fake?.close();
  await app?.close();
});
afterEach(async () => {
  await context?.close();
  Object.assign(fake, { calls: [], pages: 0 });
});

async function start(token = "link-1") {
  context = await browser.newContext();
  ({ page, seen } = await watch(context, [fake.url, app.url]));
  await page.goto(`${app.url}/app?token=${token}`);
  await page.getByText("ready", { exact: true }).waitFor();
  link = page.frameLocator("#plaid-link-iframe-1");
}
const heard = (what) => page.evaluate((w) => window.heard.filter((h) => h.what === w), what);
const frames = () => page.locator("iframe").count();
const pageState = () => page.evaluate(() => ({ overflow: document.body.style.overflow, inert: document.querySelectorAll("[inert]").length, active: document.activeElement.id }));

async function open() {
  await page.locator("#connect").click();
  await link.locator("#aut-button").waitFor();
}
async function toLogin() {
  await link.locator("#aut-button").click();
  await link.locator("#aut-ins_1").click();
  await link.getByRole("button", { name: "Fill in" }).waitFor();
}

test("a whole flow: events, onSuccess, nobody else asked, nothing forbidden", async () => {
  await start();
  assert.equal(fake.pages, 1, "strict mode's create, destroy, create loads the frame once");
  await open();
  await toLogin();
  await link.getByRole("button", { name: "Fill in" }).click();
  await link.locator("#aut-button").click();
  await link.locator("input[value=a1]").check();
  await link.locator("#aut-button").click();
  await link.getByRole("heading", { name: "Connected" }).waitFor();
  await link.locator("#aut-button").click();
  const [success] = await until(async () => ((await heard("success")).length ? heard("success") : null), "onSuccess");
  assert.match(success.args[0], /^public-session-/);
  const order = (await page.evaluate(() => window.heard)).filter((h) => h.what !== "load").map((h) => (h.what === "event" ? h.args[0] : h.what));
  assert.deepEqual(order, ["OPEN", "TRANSITION_VIEW", "SELECT_INSTITUTION", "TRANSITION_VIEW", "SUBMIT_CREDENTIALS", "TRANSITION_VIEW", "TRANSITION_VIEW", "HANDOFF", "success"]);
  assert.deepEqual(await pageState(), { overflow: "", inert: 0, active: "connect" });
  assert.deepEqual(seen.strangers, [], "no request to any other host");
  assert.deepEqual(await heard("violation"), []);
  assert.deepEqual(seen.errors, []);
  assert.deepEqual(seen.console.filter((c) => c.type === "error"), []);
  // After success the component goes away: so does the frame, without another callback.
  await page.evaluate(() => app.set({ there: false }));
  await page.getByText("Gone").waitFor();
  await until(async () => (await frames()) === 0, "the frame goes");
  assert.equal((await heard("exit")).length, 0);
});

test("unmounting while Link is open leaves no frame, no lock, no inert page", async () => {
  await start();
  await open();
  await toLogin();
  await page.evaluate(() => app.set({ there: false }));
  await page.getByText("Gone").waitFor({ state: "attached" });
  await until(async () => (await frames()) === 0, "the frame goes");
  const state = await pageState();
  assert.equal(state.overflow, "");
  assert.equal(state.inert, 0);
  const exits = await heard("exit");
  assert.equal(exits.length, 1);
  assert.equal(exits[0].args[1].status, "requires_credentials");
  await until(() => fake.calls.some((c) => c.what === "exit" && c.force), "the server hears of it");
});

test("unmounting while Link is closed leaves nothing either", async () => {
  await start();
  await page.evaluate(() => app.set({ there: false }));
  await until(async () => (await frames()) === 0, "the frame goes");
  assert.equal((await heard("exit")).length, 0);
});

test("a new token while Link is open: the old one exits, the new one works", async () => {
  await start();
  await open();
  await page.evaluate(() => app.set({ token: "link-2" }));
  await until(async () => (await heard("exit")).length === 1, "onExit of the old handler");
  await until(async () => (await frames()) === 1, "one frame is left");
  assert.match(await page.locator("iframe").getAttribute("src"), /token=link-2/);
  await page.locator("#connect").click();
  await page.frameLocator("iframe").locator("#aut-button").waitFor();
  assert.equal(fake.calls.at(-1).link_token, "link-2");
});

test("exit with force from the hook, then open again", async () => {
  await start();
  await open();
  await toLogin();
  await page.evaluate(() => app.exit({ force: true }));
  assert.equal((await heard("exit")).length, 1);
  await open();
  assert.equal(fake.calls.filter((c) => c.what === "open").length, 2);
});

test("no token yet: the hook is not ready and nothing is loaded", async () => {
  context = await browser.newContext();
  ({ page, seen } = await watch(context, [fake.url, app.url]));
  await page.goto(`${app.url}/app`);
  await page.locator("#connect").waitFor();
  assert.equal(await frames(), 0);
  assert.equal(fake.pages, 0);
});
