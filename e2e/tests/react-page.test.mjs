// What unmodified react-plaid-link does to the page around it (link-web.md section
// 3.1): the script element, several hooks, early and late calls, policies. Each
// leaves no frame, no lock on scrolling and no lost focus.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, afterEach, before, test } from "node:test";
import { launch, until, watch } from "../lib/browser.mjs";
import { bundle } from "../lib/bundle.mjs";
import { startFake } from "../lib/fake.mjs";
import { serveApp } from "../lib/serve.mjs";

const VENDOR = "https://cdn.plaid.com/link/v2/stable/link-initialize.js";
const NONCE = "d2VhdmUtdGhlLXBhZ2U";

let browser, fake, app, context, page, seen;

before(async () => {
  browser = await launch();
  fake = await startFake();
  const script = await bundle(readFileSync(new URL("../lib/react-app.jsx", import.meta.url), "utf8"));
  const body = `<div id="root"></div>`;
  const nonced = (path) => `<script src="${path}.js" defer nonce="${NONCE}"></script>`;
  const csp = `default-src 'none'; script-src 'nonce-${NONCE}'; frame-src ${fake.url}`;
  app = await serveApp(fake.url, {
    "/app": { script, body },
    "/nonce": { csp, body, head: `<script src="${fake.url}/link/v2/stable/link-initialize.js" nonce="${NONCE}"></script>${nonced("/app")}` },
    "/nonce-fixed": { csp, body, head: nonced("/app") },
    "/bare": { body, head: `<script src="/app.js" defer></script>` },
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

async function visit(path) {
  context = await browser.newContext();
  ({ page, seen } = await watch(context, [fake.url, app.url]));
  await page.goto(`${app.url}${path}`);
}
const ready = (n = 1) => until(async () => (await page.getByText("ready", { exact: true }).count()) === n, "ready");
const heard = (what) => page.evaluate((w) => window.heard.filter((h) => h.what === w), what);
const frames = () => page.locator("iframe").count();
const set = (state) => page.evaluate((s) => app.set(s), state);
const link = () => page.frameLocator("iframe:visible");
const shown = () => link().locator("#aut-button").waitFor();
/** Nothing of Link is left but hidden frames, as many as there are hooks. */
async function atRest(focus, hidden = 0) {
  const state = () => page.evaluate(() => ({ overflow: document.body.style.overflow, inert: document.querySelectorAll("[inert]").length, active: document.activeElement.id, shown: [...document.querySelectorAll("iframe")].filter((f) => f.checkVisibility()).length, frames: document.querySelectorAll("iframe").length }));
  const rest = { overflow: "", inert: 0, active: focus, shown: 0, frames: hidden };
  await until(async () => JSON.stringify(await state()) === JSON.stringify(rest), "the page at rest", 5000).catch(() => {});
  assert.deepEqual(await state(), rest);
}

test("rows 1, 2: the hook takes the inert element for the script, moves it, and asks nobody", async () => {
  await visit("/app?token=link-1");
  await ready();
  assert.deepEqual(await page.evaluate((src) => [...document.querySelectorAll(`script[src="${src}"]`)].map((s) => [s.type, s.parentElement.tagName, s.isConnected]), VENDOR), [["text/plain", "BODY", true]]);
  await set({ there: false });
  await page.getByText("Gone").waitFor();
  await set({ there: true });
  await ready();
  assert.equal(await page.locator(`script[src="${VENDOR}"]`).count(), 1, "a hook that comes later finds it too");
  assert.deepEqual(seen.strangers, []);
  assert.equal(fake.pages, 2);
});

test("an element that a wrapper takes away comes back, and who listens hears it load", async () => {
  await visit("/app?token=link-1");
  await ready();
  const loads = await page.evaluate(async (src) => {
    const find = () => document.querySelector(`script[src="${src}"]`);
    let loads = 0;
    for (let n = 0; n < 3; n++) {
      find().addEventListener("load", () => loads++, { once: true });
      await new Promise((ok) => setTimeout(ok));
      find().remove();
      await Promise.resolve();
      if (!find()?.isConnected) throw new Error("it is gone");
    }
    return loads;
  }, VENDOR);
  assert.equal(loads, 3);
  assert.deepEqual(seen.strangers, []);
});

test("row 2: two hooks on a page open one after the other, and one goes without the other", async () => {
  await visit("/app?token=link-1");
  await ready();
  await set({ second: "link-2" });
  await ready(2);
  await until(async () => (await frames()) === 2, "two frames");
  for (const [id, token] of [["connect", "link-1"], ["second", "link-2"], ["connect", "link-1"]]) {
    await page.locator(`#${id}`).click();
    await shown();
    assert.equal(fake.calls.at(-1).link_token, token);
    await page.evaluate(() => document.activeElement.blur());
    await link().locator('[data-testid="link-close"]').click();
    await until(async () => (await page.locator("iframe:visible").count()) === 0, "closed");
  }
  assert.deepEqual((await heard("exit")).map((e) => e.tag), ["first", "second", "first"]);
  // While one is open the other says no, and is not stuck afterwards.
  await page.locator("#connect").click();
  await shown();
  await page.evaluate(() => app.second());
  assert.ok(seen.console.some((c) => c.type === "error" && c.text.includes("another Link is open")));
  assert.equal(await page.locator("iframe:visible").count(), 1);
  assert.equal((await heard("exit")).at(-1).args[0].error_code, "INVALID_CONFIGURATION");
  await set({ second: false });
  await until(async () => (await frames()) === 1, "the other hook's frame goes");
  await link().locator('[data-testid="link-close"]').click();
  await atRest("connect", 1);
  assert.deepEqual(seen.errors, []);
});

test("rows 3, 6: no token yet is no handler; open() then does nothing; a token makes it work", async () => {
  await visit("/app");
  await page.locator("#connect").waitFor();
  await page.locator("#outside").click();
  await atRest("outside");
  assert.ok(seen.console.some((c) => c.type === "warning" && /token/.test(c.text)), "the hook says why");
  await set({ token: "link-1" });
  await ready();
  await page.locator("#connect").click();
  await shown();
  await page.evaluate(() => app.exit({ force: true }));
  await atRest("connect", 1);
});

test("row 4: new callbacks make no new handler, and those of its creation are called", async () => {
  await visit("/app?token=link-1");
  await ready();
  await set({ tag: "later" });
  await page.locator("#connect").click();
  await shown();
  await set({ tag: "last" });
  await page.evaluate(() => app.exit({ force: true }));
  assert.equal(fake.pages, 1);
  assert.deepEqual((await heard("exit")).map((e) => e.tag), ["first"]);
});

test("row 5: open() as soon as the hook is ready waits for the frame, once", async () => {
  context = await browser.newContext();
  ({ page, seen } = await watch(context, [fake.url, app.url]));
  let held;
  await page.route("**/link.html?*", (route) => { held = route; });
  await page.goto(`${app.url}/app?token=link-1`);
  await ready();
  await page.locator("#connect").click();
  await page.evaluate(() => { app.open(); app.open(); });
  assert.equal(fake.calls.length, 0);
  assert.equal((await heard("load")).length, 0, "ready came before onLoad");
  await until(() => held, "the frame is asked for");
  await held.continue();
  await shown();
  assert.equal(fake.calls.filter((c) => c.what === "open").length, 1);
  assert.equal((await heard("load")).length, 1);
  await page.evaluate(() => app.exit({ force: true }));
  await atRest("connect", 1);
});

test("row 7: a new token while Link is open", async () => {
  await visit("/app?token=link-1");
  await ready();
  await page.locator("#connect").click();
  await shown();
  await set({ token: "link-2" });
  await until(async () => /token=link-2/.test(await page.locator("iframe").last().getAttribute("src")), "the new frame");
  await atRest("connect", 1);
  assert.equal((await heard("exit")).length, 1);
  await page.locator("#connect").click();
  await shown();
});

test("row 8: unmounted while open, with the button elsewhere: it has its focus back", async () => {
  await visit("/app?token=link-1");
  await ready();
  await page.locator("#outside").click();
  await shown();
  await set({ there: false });
  await atRest("outside");
  assert.equal((await heard("exit")).length, 1);
});

test("row 9: unmounted after an exit: destroyed without another callback", async () => {
  await visit("/app?token=link-1");
  await ready();
  await page.locator("#outside").click();
  await shown();
  await link().locator('[data-testid="link-close"]').click();
  await until(async () => (await heard("exit")).length === 1, "onExit");
  await set({ there: false });
  await atRest("outside");
  assert.equal((await heard("exit")).length, 1);
  assert.equal(fake.calls.filter((c) => c.what === "exit").length, 1);
});

test("row 10: mounted and unmounted ten times in a row, nothing piles up", async () => {
  await visit("/app?token=link-1");
  await ready();
  for (let n = 0; n < 10; n++) {
    await set({ there: false });
    await set({ there: true });
  }
  await ready();
  await until(async () => (await frames()) === 1, "one frame");
  await page.locator("#connect").click();
  await shown();
  await link().locator('[data-testid="link-close"]').click();
  await atRest("connect", 1);
  assert.equal((await heard("exit")).length, 1, "one handler hears of it");
});

test("row 12: exit() with a callback, and submit()", async () => {
  await visit("/app?token=link-1");
  await ready();
  assert.equal(await page.evaluate(() => new Promise((ok) => app.exit({ force: true }, () => ok("at once")))), "at once");
  await page.locator("#connect").click();
  await shown();
  await page.evaluate(() => app.exit({ force: true }, () => window.heard.push({ what: "called", args: [] })));
  assert.deepEqual((await page.evaluate(() => window.heard)).slice(-2).map((h) => h.what), ["exit", "called"]);
  await page.evaluate(() => app.submit({ phone_number: "+14155550123" }));
  await until(async () => (await heard("event")).at(-1).args[0] === "LAYER_NOT_AVAILABLE", "the documented answer");
  await atRest("connect", 1);
});

test("a page with a nonce: the script of the head needs it, the hook makes no other", async () => {
  await visit(`/nonce?token=link-1&nonce=${NONCE}`);
  await ready();
  await page.locator("#connect").click();
  await shown();
  assert.deepEqual(await heard("violation"), []);
  assert.equal(await page.locator(`script[src="${VENDOR}"]`).count(), 1);
  assert.deepEqual(seen.strangers, []);
});

test("a page with a nonce and the vendor's fixed address, answered by the test runner", async () => {
  context = await browser.newContext();
  ({ page, seen } = await watch(context, [fake.url, app.url]));
  await page.route(VENDOR, async (route) => route.fulfill({ response: await route.fetch({ url: `${fake.url}/link/v2/stable/link-initialize.js` }) }));
  await page.goto(`${app.url}/nonce-fixed?token=link-1&nonce=${NONCE}`);
  await ready();
  assert.equal(await page.evaluate((src) => document.querySelector(`script[src="${src}"]`).nonce, VENDOR), NONCE, "cspNonce is on the element that the hook makes");
  await page.locator("#connect").click();
  await shown();
  assert.deepEqual(await heard("violation"), []);
  await link().locator('[data-testid="link-close"]').click();
  await atRest("connect", 1);
});

test("without our script the hook asks for the vendor's and is broken when nobody answers", async () => {
  context = await browser.newContext();
  ({ page, seen } = await watch(context, [fake.url, app.url]));
  await page.route(VENDOR, (route) => route.abort());
  await page.goto(`${app.url}/bare?token=link-1`);
  await page.getByText("broken").waitFor();
  assert.equal(await page.locator("#connect").isDisabled(), true);
  assert.equal(await frames(), 0);
});
