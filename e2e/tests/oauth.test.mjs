// Banks with pages of their own: a window for them, the way back, and all that may
// go wrong between the two. A real Glencheck, unmodified react-plaid-link on a page
// of another origin, the simulated bank's own pages.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, afterEach, before, test } from "node:test";
import { violations } from "../lib/axe.mjs";
import { launch, until, untilClosed, watch } from "../lib/browser.mjs";
import { bundle } from "../lib/bundle.mjs";
import { linkToken, startGlencheck } from "../lib/glencheck.mjs";
import { serveApp } from "../lib/serve.mjs";
import { shot } from "../lib/shots.mjs";

const BANK = "ins_127287";
const WEBVIEW = "Mozilla/5.0 (Linux; Android 14; Pixel 8 Build/UQ1A; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/120.0.0.0 Mobile Safari/537.36";
let browser, glencheck, app, context, page, seen, link;

before(async () => {
  glencheck = await startGlencheck();
  browser = await launch();
  const script = await bundle(readFileSync(new URL("../lib/react-app.jsx", import.meta.url), "utf8"));
  const body = `<div id="root"></div>`;
  app = await serveApp(glencheck.url, {
    "/app": { script, body },
    "/popups": { script, body, headers: { "cross-origin-opener-policy": "same-origin-allow-popups" } },
    "/alone": { script, body, headers: { "cross-origin-opener-policy": "same-origin" } },
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
async function start(more = {}, options = {}, path = "/app") {
  const token = await linkToken(glencheck.plaid, more);
  context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  ({ page, seen } = await watch(context, [glencheck.url, app.url]));
  await page.goto(`${app.url}${path}?token=${token}`);
  await toBank();
  return token;
}

async function toBank() {
  await page.getByText("ready", { exact: true }).waitFor();
  link = page.frameLocator("#plaid-link-iframe-1");
  await page.locator("#connect").click();
  await link.locator("#aut-button").click();
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
  await link.getByText("Sign in using the window that has opened").waitFor();
  await popup.click("#sign-in");
  await popup.click("#select-none");
  await popup.locator("#account-0").check();
  await untilClosed(popup, () => popup.click("#allow"));
  await view("CONNECTED");
  await link.locator("#aut-button").click();
  const [, metadata] = await ended("success");
  assert.deepEqual(metadata.institution, { name: "Platypus OAuth Bank", institution_id: BANK });
  assert.deepEqual(metadata.accounts.map((a) => a.mask), ["0000"]);
  assert.deepEqual(await events(), [...PROLOGUE, "OPEN_OAUTH", "TRANSITION_VIEW CONNECTED", "HANDOFF"]);
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
  assert.ok(seen.console.some((c) => c.text.startsWith("Glencheck Link: the bank ended the login: ITEM_ERROR/INSUFFICIENT_CREDENTIALS")), JSON.stringify(seen.console));
  await link.getByTestId("link-close").click();
  await link.getByTestId("exit-confirm").click();
  const [error, metadata] = await ended("exit");
  assert.equal(error.error_code, "INSUFFICIENT_CREDENTIALS");
  assert.equal(metadata.status, "requires_oauth");
  assert.deepEqual((await events()).slice(-8), [
    "OPEN_OAUTH", "CLOSE_OAUTH", "TRANSITION_VIEW OAUTH", "OPEN_OAUTH", "ERROR INSUFFICIENT_CREDENTIALS", "TRANSITION_VIEW ERROR", "TRANSITION_VIEW EXIT", "EXIT INSUFFICIENT_CREDENTIALS",
  ]);
});

test("a window that the browser blocks: the pane has a link", async () => {
  await start();
  const frame = page.frames().find((f) => f.url().includes("/link.html"));
  await frame.evaluate(() => (window.open = () => null));
  await link.locator("#aut-button").click();
  await link.getByText("No window in sight").waitFor();
  const anchor = link.locator("a#aut-button");
  assert.equal(await anchor.getAttribute("rel"), "opener");
  const [popup] = await Promise.all([context.waitForEvent("page"), anchor.click()]);
  await popup.click("#sign-in");
  await untilClosed(popup, () => popup.click("#allow"));
  await view("CONNECTED");
  await link.locator("#aut-button").click();
  await ended("success");
});

test("a window that lost its opener: Link asks by itself", async () => {
  await start();
  const popup = await press();
  await popup.evaluate(() => (window.opener = null));
  const address = popup.url();
  const alone = await context.newPage();
  await alone.goto(address);
  await popup.close();
  await link.getByText("was closed before you were done").waitFor();
  await alone.click("#sign-in");
  await alone.click("#allow");
  await alone.getByRole("heading", { name: "Go back to Wonderwallet" }).waitFor();
  assert.deepEqual(await violations(alone.mainFrame()), []);
  await shot(alone, "oauth-return");
  await view("CONNECTED");
  await alone.reload();
  await alone.getByRole("heading", { name: "Go back to Wonderwallet" }).waitFor();
  await alone.goto(`${glencheck.url}/link/oauth/return?state=nobody`);
  await alone.getByRole("heading", { name: "This sign-in has ended" }).waitFor();
  assert.deepEqual(await violations(alone.mainFrame()), []);
});

// Somebody begins at their own app, and sends another person to the bank.
test("only the browser in which Link is comes back from the bank", async () => {
  await start();
  const [request, popup] = await Promise.all([
    context.waitForEvent("request", (r) => r.url().includes("/link/oauth/go/")),
    press(),
  ]);
  const other = await browser.newContext();
  try {
    const victim = await other.newPage();
    await victim.goto(request.url());
    await victim.getByRole("heading", { name: "This sign-in has ended" }).waitFor();
    assert.deepEqual(await violations(victim.mainFrame()), []);
    await victim.goto(popup.url());
    await victim.click("#sign-in");
    await victim.click("#allow");
    await victim.getByRole("heading", { name: "This sign-in has ended" }).waitFor();
  } finally {
    await other.close();
  }
  await link.getByText("Sign in using the window that has opened").waitFor();
  await popup.click("#sign-in");
  await popup.click("#select-none");
  await popup.locator("#account-0").check();
  await untilClosed(popup, () => popup.click("#allow"));
  await view("CONNECTED");
  await link.locator("#aut-button").click();
  const [, metadata] = await ended("success");
  assert.deepEqual(metadata.accounts.map((a) => a.mask), ["0000"]);
});

// With this policy the frame is given no hold on the windows that it opens.
test("a page that shares its windows with nobody", async () => {
  await start({}, {}, "/alone");
  const opened = context.waitForEvent("page");
  await link.locator("#aut-button").click();
  await (await opened).close();
  const [popup] = await Promise.all([context.waitForEvent("page"), link.locator("a#aut-button").click()]);
  await popup.waitForURL(/\/bank\//);
  await popup.click("#sign-in");
  await popup.click("#allow");
  await view("CONNECTED");
});

test("a page that shares its windows with those that it opens", async () => {
  await start({}, {}, "/popups");
  const popup = await press();
  await popup.click("#sign-in");
  await untilClosed(popup, () => popup.click("#allow"));
  await view("CONNECTED");
});

test("Link is closed while the bank's window is open: the window goes too", async () => {
  await start();
  const popup = await press();
  await Promise.all([popup.waitForEvent("close"), page.evaluate(() => window.app.exit({ force: true }))]);
  const [error, metadata] = await ended("exit");
  assert.equal(error, null);
  assert.equal(metadata.status, "requires_oauth");
});

test("inside an app: the whole page goes, comes back, and the same session goes on", async () => {
  const redirect_uri = `${app.url}/app`;
  await start({ redirect_uri }, { userAgent: WEBVIEW });
  await page.evaluate(() => addEventListener("pagehide", () => sessionStorage.setItem("heard", JSON.stringify(window.heard))));
  await Promise.all([page.waitForURL(/\/bank\//), link.locator("#aut-button").click()]);
  await page.click("#sign-in");
  await Promise.all([page.waitForURL(/oauth_state_id=/), page.click("#allow")]);
  assert.match(page.url(), new RegExp(`^${redirect_uri}\\?oauth_state_id=[0-9a-f-]{36}$`));
  const before = JSON.parse(await page.evaluate(() => sessionStorage.getItem("heard"))).filter((h) => h.what === "event");
  assert.deepEqual(before.map(line), [...PROLOGUE, "OPEN_OAUTH"]);

  await page.getByText("ready", { exact: true }).waitFor();
  link = page.frameLocator("#plaid-link-iframe-1");
  await page.locator("#connect").click();
  await view("CONNECTED");
  await link.locator("#aut-button").click();
  const [, metadata] = await ended("success");
  assert.equal(metadata.link_session_id, before[0].args[1].link_session_id);
  assert.equal(metadata.accounts.length, 3);
  assert.deepEqual(await events(), ["OPEN", "TRANSITION_VIEW CONNECTED", "HANDOFF"]);
  assert.equal((await heard("event"))[0].args[1].view_name, null);

  // The page is loaded anew: onExit, and why on the console.
  await page.reload();
  await page.getByText("ready", { exact: true }).waitFor();
  await page.locator("#connect").click();
  const [error] = await ended("exit");
  assert.deepEqual([error.error_type, error.error_code], ["OAUTH_ERROR", "OAUTH_STATE_ID_ALREADY_PROCESSED"]);
  assert.ok(seen.console.some((c) => c.text.includes("Link has been opened with this receivedRedirectUri before")), JSON.stringify(seen.console));
});

test("inside an app: denied at the bank", async () => {
  const redirect_uri = `${app.url}/app`;
  await start({ redirect_uri }, { userAgent: WEBVIEW });
  await Promise.all([page.waitForURL(/\/bank\//), link.locator("#aut-button").click()]);
  await Promise.all([page.waitForURL(/oauth_state_id=/), page.click("#deny")]);
  await page.getByText("ready", { exact: true }).waitFor();
  link = page.frameLocator("#plaid-link-iframe-1");
  await page.locator("#connect").click();
  await view("ERROR");
  await link.getByTestId("link-close").click();
  await link.getByTestId("exit-confirm").click();
  const [error, metadata] = await ended("exit");
  assert.equal(error.error_code, "INSUFFICIENT_CREDENTIALS");
  assert.equal(metadata.status, "requires_oauth");
  assert.deepEqual(await events(), ["OPEN", "ERROR INSUFFICIENT_CREDENTIALS", "TRANSITION_VIEW ERROR", "TRANSITION_VIEW EXIT", "EXIT INSUFFICIENT_CREDENTIALS"]);
});

test("inside an app and without a redirect_uri: a pane that says so", async () => {
  await start({}, { userAgent: WEBVIEW });
  await link.locator("#aut-button").click();
  await view("ERROR");
  await link.getByText("Platypus OAuth Bank can’t open here").waitFor();
  assert.ok(seen.console.some((c) => c.text.includes("has no redirect_uri to come back to")), JSON.stringify(seen.console));
});

test("receivedRedirectUri on the first opening", async () => {
  const token = await linkToken(glencheck.plaid, { redirect_uri: `${app.url}/app` });
  context = await browser.newContext();
  ({ page, seen } = await watch(context, [glencheck.url, app.url]));
  await page.goto(`${app.url}/app?token=${token}&received=${encodeURIComponent(`${app.url}/app`)}`);
  await page.getByText("ready", { exact: true }).waitFor();
  await page.locator("#connect").click();
  const [error, metadata] = await ended("exit");
  assert.deepEqual([error.error_type, error.error_code, error.error_message], ["INVALID_REQUEST", "INVALID_FIELD", "oauth uri does not contain a valid oauth_state_id query parameter"]);
  assert.equal(metadata.status, null);
  assert.ok(seen.console.some((c) => c.text.includes("leave it out (null) when Link is opened for the first time")), JSON.stringify(seen.console));
});

test("a tab of its own", async () => {
  context = await browser.newContext();
  ({ page, seen } = await watch(context, [glencheck.url]));
  await page.goto(`${glencheck.url}/link/v2/stable/link.html?token=${await linkToken(glencheck.plaid, { institution_id: BANK })}`);
  link = page;
  await page.locator("#aut-button").click();
  await view("OAUTH");
  const popup = await press();
  await popup.click("#sign-in");
  await untilClosed(popup, () => popup.click("#allow"));
  await view("CONNECTED");
});

test("a Hosted Link page inside an app goes to the bank and is the way back", async () => {
  const { data } = await glencheck.plaid.linkTokenCreate({
    client_name: "Wonderwallet", language: "en", country_codes: ["US"], user: { client_user_id: "user-id-4821" }, products: ["auth"],
    institution_id: BANK, hosted_link: { is_mobile_app: true },
  });
  context = await browser.newContext();
  ({ page, seen } = await watch(context, [glencheck.url]));
  link = page;
  await page.goto(data.hosted_link_url);
  await page.locator("#aut-button").click();
  await view("OAUTH");
  await Promise.all([page.waitForURL(/\/bank\//), page.locator("#aut-button").click()]);
  await page.click("#sign-in");
  await page.click("#allow");
  await view("CONNECTED");
  assert.equal(page.url(), data.hosted_link_url);
  await page.reload();
  await view("CONNECTED");
  await page.locator("#aut-button").click();
  await page.getByText("You can close this window").waitFor();
  const { data: told } = await glencheck.plaid.linkTokenGet({ link_token: data.link_token });
  assert.equal(told.link_sessions.length, 1);
  assert.equal(told.link_sessions[0].results.item_add_results[0].accounts.length, 3);
});

test("an app's webview", async () => {
  const redirect_uri = `${app.url}/app`;
  const token = await linkToken(glencheck.plaid, { redirect_uri, institution_id: BANK });
  context = await browser.newContext({ userAgent: WEBVIEW });
  ({ page, seen } = await watch(context, [glencheck.url, app.url]));
  link = page;
  const address = `${glencheck.url}/link/v2/stable/link.html?isWebview=true&token=${token}`;
  await page.goto(address);
  // The mouse is Chromium's own while it asks whether an app may be opened (tests/webview.test.mjs).
  await page.locator("#aut-button").dispatchEvent("click");
  await view("OAUTH");
  await page.locator("#aut-button").dispatchEvent("click");
  await page.locator("#sign-in").waitFor(); // waitForURL would take the first of several navigations
  await page.locator("#sign-in").dispatchEvent("click");
  await page.locator("#allow").dispatchEvent("click");
  await until(() => page.url().includes("oauth_state_id="), "the app's own page");
  await page.goto(`${address}&receivedRedirectUri=${encodeURIComponent(page.url())}`);
  await view("CONNECTED");
});
