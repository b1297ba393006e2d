// Banks with pages of their own, where Link has no page around it: from a Hosted
// Link page in a window or in its place, and from an app's webview.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, until, untilClosed, watch } from "../lib/browser.mjs";
import { linkToken, startGlencheck } from "../lib/glencheck.mjs";
import { serve } from "../lib/serve.mjs";

const BANK = "ins_127287";
const WEBVIEW = "Mozilla/5.0 (Linux; Android 14; Pixel 8 Build/UQ1A; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/120.0.0.0 Mobile Safari/537.36";
let g, browser, app;
before(async () => {
  app = await serve((req, res) => res.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>The app</title><h1>Back</h1>"));
  g = await startGlencheck("--redirect-uri", `${app.url}/oauth.html`);
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await app?.close();
  await g?.close();
});

const view = (page, name) => page.locator(`.pane[data-view="${name}"]`).waitFor();
// In a webview a desktop's Chromium would take the mouse away (webview.test.mjs).
const press = (page, selector) => page.locator(selector).dispatchEvent("click");
const told = ({ events }) => events.map((e) => [e.event_name, e.event_metadata.view_name].filter(Boolean).join(" ")).filter((e) => !e.startsWith("SEARCH"));

async function toBank(page) {
  await view(page, "CONSENT");
  await press(page, "#aut-button");
  await page.locator("#search-input-input").fill("oauth");
  await page.locator(`#aut-${BANK}`).waitFor();
  await press(page, `#aut-${BANK}`);
  await view(page, "OAUTH");
}

// Not waitForURL, which gives up when a navigation to plaidlink:// leads nowhere.
const reaches = (page, pattern) => until(() => pattern.test(page.url()), `${pattern}`);

async function atBank(page) {
  await reaches(page, /\/bank\//);
  await press(page, "#sign-in");
  await page.locator("#allow").waitFor();
  await press(page, "#allow");
}

async function hosted(more = {}) {
  const home = `${app.url}/done`;
  const { data } = await g.plaid.linkTokenCreate({
    client_name: "Wonderwallet", language: "en", country_codes: ["US"], user: { client_user_id: "user-id-4821" }, products: ["auth"],
    hosted_link: { completion_redirect_uri: home, ...more },
  });
  return { ...data, home };
}

async function person(t, options = {}) {
  const context = await browser.newContext({ viewport: { width: 390, height: 800 }, ...options });
  t.after(() => context.close());
  return watch(context, [g.url, app.url]);
}

test("a Hosted Link page opens a window for the bank and goes on when it closes", async (t) => {
  const token = await hosted();
  const { page, seen } = await person(t, { viewport: { width: 1280, height: 800 } });
  await page.goto(token.hosted_link_url);
  await toBank(page);
  const [popup] = await Promise.all([page.context().waitForEvent("page"), page.locator("#aut-button").click()]);
  await untilClosed(popup, () => atBank(popup));
  await view(page, "CONNECTED");
  await page.locator("#aut-button").click();
  await page.waitForURL(token.home);
  const { data } = await g.plaid.linkTokenGet({ link_token: token.link_token });
  assert.deepEqual(data.link_sessions.map(told), [
    ["OPEN CONSENT", "TRANSITION_VIEW SELECT_INSTITUTION", "SELECT_INSTITUTION", "TRANSITION_VIEW OAUTH", "OPEN_OAUTH", "TRANSITION_VIEW CONNECTED", "HANDOFF"],
  ]);
  assert.deepEqual(seen.errors, []);
  assert.deepEqual(seen.strangers, []);
});

test("inside an app the page itself goes to the bank, comes back, and is never lost", async (t) => {
  const token = await hosted({ is_mobile_app: true });
  const { page, seen } = await person(t);
  await page.goto(token.hosted_link_url);
  await toBank(page);
  await page.locator("#aut-button").click();
  const returned = page.waitForRequest((r) => r.url().startsWith(`${token.hosted_link_url}?oauth_state_id=`));
  await atBank(page);
  const address = (await returned).url();
  await view(page, "CONNECTED");
  assert.equal(page.url(), token.hosted_link_url, "the address is clean again");
  assert.equal(page.context().pages().length, 1);
  await page.reload();
  await view(page, "CONNECTED");
  await page.goto(address); // as the browser's Back does
  await view(page, "CONNECTED");
  await page.locator("#aut-button").click();
  await page.waitForURL(token.home);
  const { data } = await g.plaid.linkTokenGet({ link_token: token.link_token });
  const done = data.link_sessions.filter((s) => s.results);
  assert.equal(done.length, 1);
  const events = told(done[0]);
  assert.deepEqual(events.slice(0, 5), ["OPEN CONSENT", "TRANSITION_VIEW SELECT_INSTITUTION", "SELECT_INSTITUTION", "TRANSITION_VIEW OAUTH", "OPEN_OAUTH"]);
  assert.deepEqual(events.slice(-2), ["TRANSITION_VIEW CONNECTED", "HANDOFF"]);
  assert.deepEqual(seen.errors, []);
});

test("another browser than the one that left may come back from the bank", async (t) => {
  const token = await hosted({ is_mobile_app: true });
  const { page } = await person(t);
  await page.goto(token.hosted_link_url);
  await toBank(page);
  await page.locator("#aut-button").click();
  await page.waitForURL(/\/bank\//);
  const other = await person(t); // an app of the bank's opens the system's browser
  await other.page.goto(page.url());
  await atBank(other.page);
  await view(other.page, "CONNECTED");
  await other.page.locator("#aut-button").click();
  await other.page.waitForURL(token.home);
});

test("a webview goes to the bank and the app opens Link again where it was", async (t) => {
  const { page } = await person(t, { userAgent: WEBVIEW });
  const messages = [];
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Page.enable");
  devtools.on("Page.frameStartedNavigating", ({ url }) => {
    if (url.startsWith("plaidlink:")) messages.push(new URL(url.replace("plaidlink:", "http:")));
  });
  const names = () => messages.map((m) => (m.host === "event" ? [m.searchParams.get("event_name"), m.searchParams.get("view_name")].filter(Boolean).join(" ") : m.host)).filter((n) => !n.startsWith("SEARCH"));
  const at = `${g.url}/link/v2/stable/link.html?isWebview=true&isMobile=true&token=${await linkToken(g.plaid, { redirect_uri: `${app.url}/oauth.html` })}`;
  await page.goto(at);
  await toBank(page);
  await press(page, "#aut-button");
  await reaches(page, /\/bank\//);
  assert.deepEqual(names(), ["OPEN CONSENT", "TRANSITION_VIEW SELECT_INSTITUTION", "SELECT_INSTITUTION", "TRANSITION_VIEW OAUTH", "OPEN_OAUTH"], "the app has heard all before the page leaves");
  await atBank(page);
  await reaches(page, /\/oauth\.html\?oauth_state_id=/);
  await page.goto(`${at}&receivedRedirectUri=${encodeURIComponent(page.url())}`);
  await view(page, "CONNECTED");
  await press(page, "#aut-button");
  const connected = await until(() => messages.find((m) => m.host === "connected"), "the end");
  assert.deepEqual(names().slice(5), ["OPEN", "TRANSITION_VIEW CONNECTED", "HANDOFF", "connected"]);
  assert.equal(connected.searchParams.get("institution_id"), BANK);
  assert.equal(new Set(messages.map((m) => m.searchParams.get("link_session_id"))).size, 1, "one session");
});
