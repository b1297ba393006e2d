// The product, end to end: a real Glencheck, unmodified react-plaid-link in
// Chromium, the official client. Instant Auth by keyboard alone, and what else a
// person may do on the way.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, afterEach, before, test } from "node:test";
import { violations } from "../lib/axe.mjs";
import { launch, until, watch } from "../lib/browser.mjs";
import { bundle } from "../lib/bundle.mjs";
import { linkToken, startGlencheck } from "../lib/glencheck.mjs";
import { serveApp } from "../lib/serve.mjs";
import { shot } from "../lib/shots.mjs";

let browser, glencheck, app, context, page, seen, link;

before(async () => {
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
const frame = () => page.frames().find((f) => f.url().includes("/link.html"));
const view = (name) => link.locator(`.pane[data-view="${name}"]`).waitFor();
const title = (name) => link.getByRole("heading", { name }).first().waitFor();
/** What has focus in the frame. */
const focus = () => link.locator(":focus").evaluate((el) => el.id || el.getAttribute("aria-label") || el.textContent.trim());

/** Waits until the pane has come to rest: in the middle of a fade nothing has its contrast. */
const rest = () => frame().evaluate(() => Promise.allSettled(document.getAnimations().map((a) => a.finished)));

/** Opens Link from the app's page. */
async function start(more = {}, options = {}) {
  const token = await linkToken(glencheck.plaid, more);
  context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  ({ page, seen } = await watch(context, [glencheck.url, app.url]));
  await page.goto(`${app.url}/app?token=${token}`);
  await page.getByText("ready", { exact: true }).waitFor();
  link = page.frameLocator("#plaid-link-iframe-1");
  await page.locator("#connect").focus();
  await page.keyboard.press("Enter");
  await view("CONSENT");
  return token;
}

/** Presses Tab until something has focus. */
async function tabTo(id) {
  for (let n = 0; n < 40; n++) {
    if ((await focus()) === id) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab never reaches ${id}`);
}

async function toCredentials() {
  await link.locator("#aut-button").click();
  await view("SELECT_INSTITUTION");
  await link.locator("#aut-ins_109508").click();
  await view("CREDENTIAL");
}

async function login(user, password) {
  await link.locator("#aut-input-0-input").fill(user);
  await link.locator("#aut-input-1-input").fill(password);
  await link.locator("#aut-button").click();
}

const allKeys = ["account_number_mask", "error_code", "error_message", "error_type", "exit_status", "institution_id", "institution_name", "institution_search_query", "is_update_mode", "link_session_id", "match_reason", "mfa_type", "request_id", "routing_number", "selection", "timestamp", "view_name"];

/** name, and what says most about it. */
const line = (e) => [e.args[0], e.args[1].view_name ?? e.args[1].institution_search_query ?? e.args[1].error_code ?? e.args[1].exit_status].filter(Boolean).join(" ");

test("Instant Auth by keyboard alone: events, metadata, account numbers", async () => {
  await start();
  const press = page.keyboard;
  await tabTo("aut-button");
  await press.press("Enter");

  await view("SELECT_INSTITUTION");
  await tabTo("search-input-input");
  await press.type("first platypus", { delay: 15 });
  await until(async () => (await link.locator("#institutions .row").count()) >= 1 && /^\d+ results?$/.test(await link.locator("[data-search-status]").textContent()), "results");
  for (let n = 0; n < 20 && (await focus()) !== "aut-ins_109508"; n++) await press.press("ArrowDown");
  await press.press("Enter");

  await view("CREDENTIAL");
  await tabTo("aut-input-0-input");
  await press.type("user_good");
  await press.press("Tab");
  await tabTo("aut-input-1-input");
  await press.type("pass_good");
  await press.press("Enter");

  await view("SELECT_ACCOUNT");
  const first = link.locator("#accounts input, fieldset.choices input").first();
  await tabTo(await first.evaluate((el) => el.id || el.getAttribute("aria-label") || ""));
  await press.press("Space");
  assert.equal(await first.isChecked(), true);
  await tabTo("aut-button");
  await press.press("Enter");

  await view("CONNECTED");
  await tabTo("aut-button");
  await press.press("Enter");
  const [success] = await until(async () => ((await heard("success")).length ? heard("success") : null), "onSuccess");

  const events = await heard("event");
  assert.deepEqual(events.map(line), [
    "OPEN CONSENT",
    "TRANSITION_VIEW SELECT_INSTITUTION",
    "SEARCH_INSTITUTION first platypus",
    "SELECT_INSTITUTION",
    "TRANSITION_VIEW CREDENTIAL",
    "SUBMIT_CREDENTIALS",
    "TRANSITION_VIEW LOADING",
    "TRANSITION_VIEW SELECT_ACCOUNT",
    "TRANSITION_VIEW LOADING",
    "TRANSITION_VIEW CONNECTED",
    "HANDOFF",
  ]);
  const sessionId = success.args[1].link_session_id;
  assert.match(sessionId, /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
  let last = "";
  for (const e of events) {
    const m = e.args[1];
    assert.deepEqual(Object.keys(m).sort(), allKeys, `${e.args[0]} has every key and no other`);
    assert.equal(m.link_session_id, sessionId);
    assert.match(m.request_id, /^\w+$/);
    assert.match(m.timestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.ok(m.timestamp >= last, "in order of time");
    last = m.timestamp;
  }
  const chosen = events.findIndex((e) => e.args[0] === "SELECT_INSTITUTION");
  for (const [n, e] of events.entries()) {
    assert.equal(e.args[1].institution_id, n < chosen ? null : "ins_109508", `institution of ${line(e)}`);
    assert.equal(e.args[1].institution_name, n < chosen ? null : "First Platypus Bank");
  }
  assert.equal((await page.evaluate(() => window.heard)).at(-1).what, "success", "everything else comes before onSuccess");

  const [publicToken, metadata] = success.args;
  assert.match(publicToken, /^public-sandbox-[0-9a-f-]{36}$/);
  assert.deepEqual(metadata.institution, { name: "First Platypus Bank", institution_id: "ins_109508" });
  assert.equal(metadata.accounts.length, 1);
  assert.equal(metadata.transfer_status, null);
  const [account] = metadata.accounts;
  assert.deepEqual({ ...account, id: typeof account.id }, { id: "string", name: "Plaid Checking", mask: "0000", type: "depository", subtype: "checking", verification_status: null, class_type: null });

  const { data: exchanged } = await glencheck.plaid.itemPublicTokenExchange({ public_token: publicToken });
  const { data: auth } = await glencheck.plaid.authGet({ access_token: exchanged.access_token });
  assert.equal(auth.accounts.length, 1);
  assert.equal(auth.accounts[0].account_id, account.id);
  assert.equal(auth.numbers.ach[0].account, "1111222233330000");
  assert.equal(auth.numbers.ach[0].account_id, account.id);
  assert.match(auth.numbers.ach[0].routing, /^\d{9}$/);

  assert.deepEqual(await page.evaluate(() => [document.body.style.overflow, document.querySelectorAll("[inert]").length, document.activeElement.id]), ["", 0, "connect"]);
  assert.deepEqual(seen.strangers, [], "no request to any other host");
  assert.deepEqual(await heard("violation"), []);
  assert.deepEqual(seen.errors, []);
});

// The frame is of another site than the page, as in every real application: Chromium
// gives it a process of its own, and the keyboard has to find its way there.
test("the keyboard reaches Link, also when it is opened before it has loaded", async () => {
  for (let n = 0; n < 8; n++) {
    await start();
    await page.keyboard.press("Tab");
    await tabTo("aut-button");
    await page.keyboard.press("Enter");
    await view("SELECT_INSTITUTION");
    await tabTo("search-input-input");
    await page.keyboard.type("platypus");
    assert.equal(await link.locator("#search-input-input").inputValue(), "platypus");
    await context.close();
  }
});

test("a wrong password, then the right one; the session is told by /link/token/get", async () => {
  const token = await start();
  await toCredentials();
  await login("user_good", "pass_goo");
  await link.locator("#aut-input-1-input[aria-invalid=true]").waitFor();
  assert.equal(await link.locator("#aut-input-0-input").inputValue(), "user_good");
  assert.equal(await focus(), "aut-input-1-input");
  assert.deepEqual(await violations(frame()), []);
  await login("user_good", "pass_good");
  await view("SELECT_ACCOUNT");
  await link.getByTestId("account-0000").click();
  await link.locator("#aut-button").click();
  await view("CONNECTED");
  await link.locator("#aut-button").click();
  await until(async () => (await heard("success")).length, "onSuccess");
  const names = (await heard("event")).map(line);
  const wrong = names.indexOf("ERROR INVALID_CREDENTIALS");
  assert.ok(wrong > 0, names.join(", "));
  assert.equal(names.filter((n) => n === "SUBMIT_CREDENTIALS").length, 2);
  const { data } = await glencheck.plaid.linkTokenGet({ link_token: token });
  const [session] = data.link_sessions;
  assert.equal(session.link_session_id, (await heard("success"))[0].args[1].link_session_id);
  assert.ok(session.finished_at);
  assert.equal(session.events.length, names.length, "the server has the events that the page heard");
  assert.equal(session.results.item_add_results.length, 1);
});

for (const [name, password, panes] of [
  ["a code sent to a device", "mfa_device", ["device", "code"]],
  ["questions", "mfa_questions_1_1", ["questions"]],
  ["selections", "mfa_selections_1_1_2", ["selections"]],
]) {
  test(`MFA: ${name}`, async () => {
    await start();
    await toCredentials();
    await login("user_good", password);
    for (const type of panes) {
      await view("MFA");
      await rest();
      assert.deepEqual(await violations(frame()), []);
      await shot(page, `mfa-${type}`);
      const hint = link.getByTestId("sandbox-hint").getByRole("button");
      if (type === "device") await link.locator("fieldset.choices input").first().check();
      else await hint.click();
      if (type !== "code") await link.locator("#aut-button").click();
      if (type === "device") await link.locator(".code-input, #aut-input-0-input:not([type=radio])").first().waitFor();
    }
    await view("SELECT_ACCOUNT");
    await link.getByTestId("account-0000").click();
    await link.locator("#aut-button").click();
    await view("CONNECTED");
    await link.locator("#aut-button").click();
    await until(async () => (await heard("success")).length, "onSuccess");
    const events = await heard("event");
    assert.deepEqual(events.filter((e) => e.args[0] === "SUBMIT_MFA").map((e) => e.args[1].mfa_type), panes);
    assert.deepEqual(events.filter((e) => e.args[1].view_name === "MFA").map((e) => e.args[1].mfa_type), panes);
  });
}

test("exits: status and institution by where the person stood", async () => {
  await start();
  await page.keyboard.press("Escape");
  await until(async () => (await heard("exit")).length, "onExit");
  let [error, metadata] = (await heard("exit"))[0].args;
  assert.equal(error, null);
  assert.equal(metadata.institution, null);
  assert.equal(metadata.status, "requires_credentials");
  assert.match(metadata.request_id, /^\w+$/);
  await context.close();

  await start();
  await link.locator("#aut-button").click();
  await view("SELECT_INSTITUTION");
  await link.getByTestId("link-close").click();
  await until(async () => (await heard("exit")).length, "onExit");
  assert.equal((await heard("exit"))[0].args[1].status, "institution_not_found");
  await context.close();

  await start();
  await toCredentials();
  await login("user_good", "error_ITEM_LOCKED");
  await view("ERROR");
  await link.getByTestId("link-close").click();
  await link.getByRole("alertdialog").waitFor();
  await link.getByTestId("exit-confirm").click();
  await until(async () => (await heard("exit")).length, "onExit");
  [error, metadata] = (await heard("exit"))[0].args;
  assert.equal(error.error_code, "ITEM_LOCKED");
  assert.equal(typeof error.display_message, "string");
  assert.deepEqual(metadata.institution, { name: "First Platypus Bank", institution_id: "ins_109508" });
  assert.equal((await heard("event")).at(-1).args[0], "EXIT");
});

test("a dead token comes to onExit as INVALID_LINK_TOKEN", async () => {
  context = await browser.newContext();
  ({ page, seen } = await watch(context, [glencheck.url, app.url]));
  await page.goto(`${app.url}/app?token=link-sandbox-00000000-0000-0000-0000-000000000000`);
  await page.getByText("ready", { exact: true }).waitFor();
  await page.locator("#connect").click();
  await until(async () => (await heard("exit")).length, "onExit");
  const [error, metadata] = (await heard("exit"))[0].args;
  assert.equal(error.error_code, "INVALID_LINK_TOKEN");
  assert.equal(metadata.institution, null);
  assert.equal(metadata.status, null);
});
