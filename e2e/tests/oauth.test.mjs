// Banks with pages of their own: a window for them, the way back, and all that may
// go wrong between the two. A real Glencheck, unmodified react-plaid-link on a page
// of another origin, the simulated bank's own pages.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { after, afterEach, before, test } from "node:test";
import { violations } from "../lib/axe.mjs";
import { launch, until, watch } from "../lib/browser.mjs";
import { bundle } from "../lib/bundle.mjs";
import { linkToken, startGlencheck } from "../lib/glencheck.mjs";
import { serveApp } from "../lib/serve.mjs";

const shots = new URL("../shots/", import.meta.url).pathname;
const BANK = "ins_127287";
const WEBVIEW = "Mozilla/5.0 (Linux; Android 14; Pixel 8 Build/UQ1A; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/120.0.0.0 Mobile Safari/537.36";
let browser, glencheck, app, context, page, seen, link;

before(async () => {
  mkdirSync(shots, { recursive: true });
  glencheck = await startGlencheck();
  browser = await launch();
  app = await serveApp(glencheck.url, {
    "/app": { script: await bundle(readFileSync(new URL("../lib/react-app.jsx", import.meta.url), "utf8")), body: `<div id="root"></div>` },
  });
});
after(async () => {
  await browser?.close();
  await app?.close();
  await glencheck?.close();
});
afterEach(() => context?.close());

const heard = (what) => page.evaluate((w) => window.heard.filter((h) => h.what === w), what);
const view = (name) => link.locator(`.pane[data-view="${name}"]`).waitFor();
const line = (e) => [e.args[0], e.args[1].view_name ?? e.args[1].error_code ?? e.args[1].exit_status].filter(Boolean).join(" ");
const events = async () => (await heard("event")).map(line);
const ended = async (what) => (await until(async () => ((await heard(what)).length ? heard(what) : null), `on${what}`))[0].args;

const PROLOGUE = ["OPEN CONSENT", "TRANSITION_VIEW SELECT_INSTITUTION", "SELECT_INSTITUTION", "TRANSITION_VIEW OAUTH"];

/** Opens Link and comes to the pane from which the bank opens. */
async function start(more = {}, options = {}) {
  const token = await linkToken(glencheck.plaid, more);
  context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  ({ page, seen } = await watch(context, [glencheck.url, app.url]));
  await page.goto(`${app.url}/app?token=${token}`);
  await toBank();
  return token;
}

async function toBank() {
  await page.getByText("ready", { exact: true }).waitFor();
  link = page.frameLocator("#plaid-link-iframe-1");
  await page.locator("#connect").click();
  await link.locator("#aut-button").click();
  await link.locator("#search-input-input").fill("oauth");
  await link.locator(`#aut-${BANK}`).click();
  await view("OAUTH");
}

/** Presses the button and answers the bank's window. */
async function press() {
  const [popup] = await Promise.all([context.waitForEvent("page"), link.locator("#aut-button").click()]);
  await popup.waitForURL(/\/bank\//);
  return popup;
}

test("a window for the bank: its accounts are the choice, and the window goes", async () => {
  await start();
  const popup = await press();
  await link.getByText("Sign in in the window that has opened").waitFor();
  await popup.click("#sign-in");
  await popup.click("#select-none");
  await popup.locator("#account-0").check();
  await Promise.all([popup.waitForEvent("close"), popup.click("#allow")]);
  await view("CONNECTED");
  await link.locator("#aut-button").click();
  const [, metadata] = await ended("success");
  assert.deepEqual(metadata.institution, { name: "Platypus OAuth Bank", institution_id: BANK });
  assert.deepEqual(metadata.accounts.map((a) => a.mask), ["0000"]);
  assert.deepEqual((await events()).filter((e) => !e.startsWith("SEARCH")), [...PROLOGUE, "OPEN_OAUTH", "TRANSITION_VIEW CONNECTED", "HANDOFF"]);
  assert.deepEqual(seen.strangers, []);
  assert.deepEqual(seen.errors, []);
  assert.deepEqual(await heard("violation"), []);
  assert.equal(context.pages().length, 1);
});

test("the window is closed, opened again, and the bank says no", async () => {
  await start();
  await (await press()).close();
  await link.getByText("was closed before you were done").waitFor();
  const popup = await press();
  await popup.click("#deny");
  await view("ERROR");
  await link.getByTestId("link-close").click();
  await link.getByTestId("exit-confirm").click();
  const [error, metadata] = await ended("exit");
  assert.equal(error.error_code, "INSUFFICIENT_CREDENTIALS");
  assert.equal(metadata.status, "requires_oauth");
  assert.deepEqual((await events()).slice(-8), [
    "OPEN_OAUTH", "CLOSE_OAUTH", "TRANSITION_VIEW OAUTH", "OPEN_OAUTH", "ERROR INSUFFICIENT_CREDENTIALS", "TRANSITION_VIEW ERROR", "TRANSITION_VIEW EXIT", "EXIT INSUFFICIENT_CREDENTIALS",
  ]);
});
