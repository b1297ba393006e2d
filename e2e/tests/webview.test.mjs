// Link in an app's webview: the app sees navigations to plaidlink:// that it does
// not follow. Here Chromium stands for the webview; what an app's delegate would
// be asked is what the browser tells of each navigation that the page begins.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, until, watch } from "../lib/browser.mjs";
import { linkToken, startGlencheck } from "../lib/glencheck.mjs";

let g, browser;
before(async () => {
  g = await startGlencheck();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await g?.close();
});

/** Every key that an event carries, in the browser and here. */
const EVENT_KEYS = [
  "event_name", "link_session_id", "request_id", "timestamp", "institution_id", "institution_name", "view_name", "mfa_type", "error_type", "error_code",
  "error_message", "exit_status", "institution_search_query", "is_update_mode", "match_reason", "routing_number", "account_number_mask", "selection",
].sort();

/** Opens Link as an app does and keeps what the app is told. */
async function openApp(t, { query = "", token = {} } = {}) {
  const context = await browser.newContext({ viewport: { width: 390, height: 800 } });
  t.after(() => context.close());
  const { page, seen } = await watch(context, [g.url]);
  const told = [];
  await page.addInitScript(() => {
    window.begun = []; // when the page began each navigation
    navigation.addEventListener("navigate", (e) => e.destination.url.startsWith("plaidlink:") && window.begun.push(performance.now()));
  });
  const devtools = await context.newCDPSession(page);
  await devtools.send("Page.enable");
  devtools.on("Page.frameStartedNavigating", ({ url }) => {
    if (!url.startsWith("plaidlink:")) return;
    assert.ok(!url.includes("+"), "a space as + stays a + on iOS");
    const at = new URL(url.replace("plaidlink:", "http:"));
    told.push({ what: at.host, fields: Object.fromEntries(at.searchParams), order: [...at.searchParams.keys()] });
  });
  await page.goto(`${g.url}/link/v2/stable/link.html?isWebview=true&token=${await linkToken(g.plaid, token)}${query}`);
  // A desktop's Chromium asks whether an app may be opened, and takes the mouse
  // and the keys until that is answered; a webview does not. So press without them.
  const press = (selector) => page.locator(selector).dispatchEvent("click");
  const fill = (selector, value) => page.locator(selector).evaluate((el, v) => (el.value = v), value);
  const sees = (view) => page.waitForSelector(`[data-view="${view}"]`);
  const events = () => told.filter((m) => m.what === "event").map(({ fields: f }) => [f.event_name, f.view_name].filter(Boolean).join(" "));
  return { page, seen, told, press, fill, sees, events };
}

/** Goes on to the list of accounts. */
async function logIn({ press, fill, sees }, password = "pass_good") {
  await sees("CONSENT");
  await press("#aut-button");
  await sees("SELECT_INSTITUTION");
  await press("#aut-ins_109508");
  await sees("CREDENTIAL");
  await fill("#aut-input-0-input", "user_good");
  await fill("#aut-input-1-input", password);
  await press("#aut-button");
}

test("an app hears every event as it happens, and the end last", async (t) => {
  const app = await openApp(t, { query: "&isMobile=true" });
  const { page, told, press, sees, events, seen } = app;
  await sees("CONSENT");
  await until(() => told.length === 1, "OPEN before anything else");
  assert.deepEqual(events(), ["OPEN CONSENT"]);
  await logIn(app);
  await sees("SELECT_ACCOUNT");
  await page.locator("input[type=checkbox]").nth(0).evaluate((el) => (el.checked = true));
  await page.locator("input[type=checkbox]").nth(1).evaluate((el) => (el.checked = true));
  await press("#aut-button");
  await sees("CONNECTED");
  await press("#aut-button");
  await until(() => told.at(-1)?.what === "connected", "the end");

  // Those of one step came one by one. WebKit would lose one of two that are
  // begun at the same time; Chromium does not, so look at the clock.
  const begun = await page.evaluate(() => window.begun);
  assert.equal(begun.length, told.length);
  for (let i = 1; i < begun.length; i++) assert.ok(begun[i] - begun[i - 1] >= 45, `navigation ${i} came ${begun[i] - begun[i - 1]} ms after the one before`);
  assert.deepEqual(events(), [
    "OPEN CONSENT", "TRANSITION_VIEW SELECT_INSTITUTION", "SELECT_INSTITUTION", "TRANSITION_VIEW CREDENTIAL", "SUBMIT_CREDENTIALS",
    "TRANSITION_VIEW LOADING", "TRANSITION_VIEW SELECT_ACCOUNT", "TRANSITION_VIEW LOADING", "TRANSITION_VIEW CONNECTED", "HANDOFF",
  ]);
  for (const m of told.slice(0, -1)) assert.deepEqual([...m.order].sort(), EVENT_KEYS, "each key is there, though empty");
  const times = told.slice(0, -1).map((m) => m.fields.timestamp);
  assert.deepEqual(times, [...times].sort());

  const { fields } = told.at(-1);
  assert.deepEqual(Object.keys(fields).sort(), ["account_id", "account_name", "accounts", "institution_id", "institution_name", "link_session_id", "public_token", "transfer_status"]);
  assert.equal(fields.institution_id, "ins_109508");
  assert.equal(fields.institution_name, "First Platypus Bank");
  assert.equal(fields.transfer_status, "");
  assert.equal(fields.account_id, "", "there are two");
  assert.equal(fields.link_session_id, told[0].fields.link_session_id);
  const accounts = JSON.parse(fields.accounts);
  assert.deepEqual(accounts.map(({ _id, ...rest }) => (assert.match(_id, /^\w{37}$/), rest)), [
    { meta: { name: "Plaid Checking", number: "0000" }, type: "depository", subtype: "checking", verification_status: null, class_type: null },
    { meta: { name: "Plaid Saving", number: "1111" }, type: "depository", subtype: "savings", verification_status: null, class_type: null },
  ]);
  const { data } = await g.plaid.itemPublicTokenExchange({ public_token: fields.public_token });
  assert.match(data.access_token, /^access-sandbox-/);
  assert.deepEqual(seen.errors, []);
  // An app that does not close the webview leaves the person with words, not with a dead button.
  await sees("ENDED");
  assert.equal(await page.locator("#aut-button").count(), 0);
});

test("one account has the old names too", async (t) => {
  const app = await openApp(t);
  await logIn(app);
  await app.sees("SELECT_ACCOUNT");
  await app.page.locator("input[type=checkbox]").nth(1).evaluate((el) => (el.checked = true));
  await app.press("#aut-button");
  await app.sees("CONNECTED");
  await app.press("#aut-button");
  const { fields } = await until(() => app.told.find((m) => m.what === "connected"), "the end");
  assert.equal(fields.account_id, JSON.parse(fields.accounts)[0]._id);
  assert.equal(fields.account_name, "Plaid Saving");
});

test("an exit names the error by both names", async (t) => {
  const app = await openApp(t);
  await logIn(app, "wrong");
  await app.page.waitForSelector(".err,[role=alert]");
  await app.press('[data-testid="link-close"]');
  await app.press('[data-testid="exit-confirm"], [data-action="leave"]');
  const { fields } = await until(() => app.told.find((m) => m.what === "exit"), "the end");
  assert.deepEqual(Object.keys(fields).sort(), [
    "display_message", "error_code", "error_display_message", "error_message", "error_type", "institution_id", "institution_name", "link_request_id",
    "link_session_id", "plaid_api_request_id", "request_id", "status",
  ]);
  assert.equal(fields.status, "requires_credentials");
  assert.equal(fields.error_type, "ITEM_ERROR");
  assert.equal(fields.error_code, "INVALID_CREDENTIALS");
  assert.ok(fields.display_message);
  assert.equal(fields.error_display_message, fields.display_message);
  assert.equal(fields.link_request_id, fields.request_id);
  assert.equal(fields.plaid_api_request_id, fields.request_id);
  assert.equal(fields.institution_id, "ins_109508");
  assert.equal(app.told.at(-1).what, "exit", "nothing follows the end");
  assert.equal(app.told.at(-2).fields.event_name, "EXIT");
});

test("closing at once leaves every error field empty", async (t) => {
  const app = await openApp(t);
  await app.sees("CONSENT");
  await app.press('[data-testid="link-close"]');
  const { fields } = await until(() => app.told.find((m) => m.what === "exit"), "the end");
  for (const key of ["error_type", "error_code", "error_message", "error_display_message", "display_message", "institution_id", "institution_name"]) {
    assert.equal(fields[key], "", key);
  }
  assert.equal(fields.status, "requires_credentials");
});

test("a token that cannot be used ends at once", async (t) => {
  const context = await browser.newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send("Page.enable");
  let exit;
  devtools.on("Page.frameStartedNavigating", ({ url }) => {
    if (url.startsWith("plaidlink://exit")) exit = new URL(url.replace("plaidlink:", "http:")).searchParams;
  });
  await page.goto(`${g.url}/link/v2/stable/link.html?isWebview=true&token=link-sandbox-00000000-0000-4000-8000-000000000000`);
  await until(() => exit, "the exit");
  assert.equal(exit.get("error_code"), "INVALID_LINK_TOKEN");
  assert.equal(exit.get("status"), "");
});
