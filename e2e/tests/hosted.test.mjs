// Hosted Link: the page at hosted_link_url, from its first pane to where it leads;
// and the plain tab, which looks the same.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { violations } from "../lib/axe.mjs";
import { launch, until, watch } from "../lib/browser.mjs";
import { CLIENT_ID, SECRET, linkToken, startGlencheck } from "../lib/glencheck.mjs";
import { serve } from "../lib/serve.mjs";
import { shot } from "../lib/shots.mjs";

let g, browser, app;
before(async () => {
  g = await startGlencheck();
  browser = await launch();
  app = await serve((req, res) => {
    res.writeHead(200, { "content-type": "text/html" });
    res.end(`<!doctype html><title>The app</title>${new URL(req.url, app.url).searchParams.get("frame") ? `<iframe src="${new URL(req.url, app.url).searchParams.get("frame")}"></iframe>` : "<h1>Back</h1>"}`);
  });
});
after(async () => {
  await browser?.close();
  await app?.close();
  await g?.close();
});

/** A link token with a page, as the application's server asks for it. */
async function hosted(hosted_link = {}, more = {}) {
  const { data } = await g.plaid.linkTokenCreate({ client_name: "Wonderwallet", language: "en", country_codes: ["US"], user: { client_user_id: "user-id-4821" }, products: ["auth"], hosted_link, ...more });
  return data;
}

async function person(t, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  t.after(() => context.close());
  return watch(context, [g.url, app.url]);
}

const view = (page, name) => page.locator(`.pane[data-view="${name}"]`).waitFor();
const rest = (page) => page.evaluate(() => Promise.allSettled(document.getAnimations().map((a) => a.finished)));

async function toCredentials(page) {
  await view(page, "CONSENT");
  await page.locator("#aut-button").click();
  await page.locator("#aut-ins_109508").click();
  await view(page, "CREDENTIAL");
}

async function logIn(page) {
  await page.locator("#aut-input-0-input").fill("user_good");
  await page.locator("#aut-input-1-input").fill("pass_good");
  await page.locator("#aut-button").click();
  await view(page, "SELECT_ACCOUNT");
}

async function connect(page) {
  await toCredentials(page);
  await logIn(page);
  await page.locator("label", { hasText: "Plaid Checking" }).click();
  await page.locator("#aut-button").click();
  await view(page, "CONNECTED");
  await page.locator("#aut-button").click();
}

async function advance(seconds) {
  const answer = await fetch(`${g.url}/sandbox/clock/advance`, {
    method: "POST",
    headers: { "content-type": "application/json", "plaid-client-id": CLIENT_ID, "plaid-secret": SECRET },
    body: JSON.stringify({ seconds }),
  });
  assert.equal(answer.status, 200, await answer.text());
}

test("a success leads to the app's address, exactly, and the API tells the rest", async (t) => {
  const home = `${app.url}/linked?from=bank&x=%20#end`;
  const token = await hosted({ completion_redirect_uri: home });
  assert.match(token.hosted_link_url, new RegExp(`^${g.url}/link/hosted/[0-9a-f]{48}$`));
  const { page, seen } = await person(t);
  await page.goto(token.hosted_link_url);
  await view(page, "CONSENT");
  assert.equal(await page.title(), "Connect your account to Wonderwallet · Glencheck");
  assert.equal(await page.locator(".link-body").evaluate((el) => getComputedStyle(el, "::before").display), "none", "no scrim: there is nothing behind");
  await rest(page);
  assert.deepEqual(await violations(page), []);
  const card = await page.locator(".pane").boundingBox();
  assert.equal(card.width, 400);
  await connect(page);
  await page.waitForURL(home);
  assert.equal(await page.evaluate(() => document.referrer), "", "the app does not learn the page's address");
  assert.deepEqual(seen.errors, []);
  assert.deepEqual(seen.strangers, []);
  assert.deepEqual(seen.console.filter((m) => m.type === "error"), []);

  const { data } = await g.plaid.linkTokenGet({ link_token: token.link_token });
  assert.equal(data.link_sessions.length, 1);
  const [session] = data.link_sessions;
  assert.deepEqual(session.events.map((e) => [e.event_name, e.event_metadata.view_name].filter(Boolean).join(" ")), [
    "OPEN CONSENT", "TRANSITION_VIEW SELECT_INSTITUTION", "SELECT_INSTITUTION", "TRANSITION_VIEW CREDENTIAL", "SUBMIT_CREDENTIALS",
    "TRANSITION_VIEW LOADING", "TRANSITION_VIEW SELECT_ACCOUNT", "TRANSITION_VIEW LOADING", "TRANSITION_VIEW CONNECTED", "HANDOFF",
  ]);
  for (const e of session.events) assert.ok(Object.values(e.event_metadata).every((v) => v !== null), "keys that do not apply are left out");
  const [added] = session.results.item_add_results;
  assert.equal(added.institution.institution_id, "ins_109508");
  assert.deepEqual(added.accounts.map((a) => a.name), ["Plaid Checking"]);
  assert.equal(session.on_success.public_token, added.public_token);
  assert.equal(session.exit, null);
  const { data: item } = await g.plaid.itemPublicTokenExchange({ public_token: added.public_token });
  assert.match(item.access_token, /^access-sandbox-/);

  // The page has done its work.
  const again = await page.goto(token.hosted_link_url);
  assert.equal(again.status(), 200);
  assert.equal(await page.locator("h1").textContent(), "Your account is connected");
  await page.getByRole("link", { name: "Back to Wonderwallet" }).click();
  await page.waitForURL(home);
});

test("an exit leads there too, and the page stays open for who comes back", async (t) => {
  const home = `${app.url}/done`;
  const token = await hosted({ completion_redirect_uri: home });
  const { page } = await person(t);
  await page.goto(token.hosted_link_url);
  await toCredentials(page);
  await page.getByTestId("link-close").click();
  await page.getByTestId("exit-confirm").click();
  await page.waitForURL(home);
  assert.equal(page.url(), home, "with nothing appended");
  await page.goto(token.hosted_link_url);
  await view(page, "CONSENT");
  await page.getByTestId("link-close").click();
  await page.waitForURL(home);
  const { data } = await g.plaid.linkTokenGet({ link_token: token.link_token });
  assert.deepEqual(data.link_sessions.map((s) => s.exit.metadata.status), ["requires_credentials", "requires_credentials"]);
  assert.equal(data.link_sessions[0].exit.metadata.institution.institution_id, "ins_109508");
  assert.equal(data.link_sessions[1].exit.metadata.institution, null);
});

test("without an address the page ends on its own last pane", async (t) => {
  const { page } = await person(t, { viewport: { width: 360, height: 740 } });
  await page.goto((await hosted()).hosted_link_url);
  await connect(page);
  await view(page, "ENDED");
  assert.equal(await page.locator("h1").textContent(), "Your account is connected");
  assert.match(await page.locator("#pane-lead").textContent(), /close this window/);
  assert.equal(await page.locator("#aut-button").count(), 0);
  await page.goto((await hosted()).hosted_link_url);
  await view(page, "CONSENT");
  await page.getByTestId("link-close").click();
  await view(page, "ENDED");
  await page.getByRole("button", { name: "Start again" }).click();
  await view(page, "CONSENT");
});

test("an app's own scheme is tried at once and offered once more", async (t) => {
  const token = await hosted({ completion_redirect_uri: "wonderwallet://hosted-link-complete?a=1&b=%20", is_mobile_app: true });
  const { page } = await person(t, { viewport: { width: 390, height: 800 } });
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Page.enable");
  const led = [];
  devtools.on("Page.frameStartedNavigating", ({ url }) => url.startsWith("wonderwallet:") && led.push(url));
  await page.goto(token.hosted_link_url);
  await view(page, "CONSENT");
  await page.getByTestId("link-close").click();
  await until(() => led.length === 1, "the app's address");
  await view(page, "ENDED");
  await rest(page);
  assert.deepEqual(await violations(page), []);
  await page.getByRole("button", { name: "Back to Wonderwallet" }).dispatchEvent("click"); // as in webview.test.mjs
  await until(() => led.length === 2, "the app's address once more");
  assert.deepEqual(led, Array(2).fill("wonderwallet://hosted-link-complete?a=1&b=%20"));
});

test("a reload and a second tab go on with the session, another browser begins its own", async (t) => {
  const home = `${app.url}/done`;
  const token = await hosted({ completion_redirect_uri: home });
  const { page } = await person(t);
  await page.goto(token.hosted_link_url);
  await toCredentials(page);
  await page.reload();
  await view(page, "CREDENTIAL");
  const second = await page.context().newPage();
  await second.goto(token.hosted_link_url);
  await view(second, "CREDENTIAL");

  const stranger = await person(t);
  await stranger.page.goto(token.hosted_link_url);
  await view(stranger.page, "CONSENT");

  await logIn(second);
  await second.locator("label", { hasText: "Plaid Checking" }).click();
  await second.locator("#aut-button").click();
  await view(second, "CONNECTED");
  await second.locator("#aut-button").click();
  await second.waitForURL(home);
  await page.waitForURL(home); // the first tab follows
  const { data } = await g.plaid.linkTokenGet({ link_token: token.link_token });
  assert.equal(data.link_sessions.length, 2);
  assert.equal(data.link_sessions[0].events.filter((e) => e.event_name === "OPEN").length, 1, "one session, opened once");
  assert.equal(data.link_sessions.filter((s) => s.results).length, 1);
});

test("an Item is repaired on a page, which lives half an hour at the most", async (t) => {
  const { data: made } = await g.plaid.sandboxPublicTokenCreate({ institution_id: "ins_109508", initial_products: ["auth"] });
  const { data: item } = await g.plaid.itemPublicTokenExchange({ public_token: made.public_token });
  await g.plaid.sandboxItemResetLogin({ access_token: item.access_token });
  const home = `${app.url}/repaired`;
  const token = await hosted({ completion_redirect_uri: home, url_lifetime_seconds: 7200 }, { access_token: item.access_token, products: undefined });
  const { data: before } = await g.plaid.linkTokenGet({ link_token: token.link_token });
  assert.equal(Date.parse(before.expiration) - Date.parse(before.created_at), 30 * 60_000);
  const { page } = await person(t);
  await page.goto(token.hosted_link_url);
  await view(page, "CREDENTIAL");
  await page.locator("#aut-input-0-input").fill("user_good");
  await page.locator("#aut-input-1-input").fill("pass_good");
  await page.locator("#aut-button").click();
  await view(page, "CONNECTED");
  await page.locator("#aut-button").click();
  await page.waitForURL(home);
  const { data } = await g.plaid.itemGet({ access_token: item.access_token });
  assert.equal(data.item.error, null);
});

test("several Items, and the page is closed after the first", async (t) => {
  const { data: user } = await g.plaid.userCreate({ client_user_id: "user-id-4821-several" });
  const home = `${app.url}/several`;
  const token = await hosted({ completion_redirect_uri: home }, { enable_multi_item_link: true, user_id: user.user_id, user: { client_user_id: "user-id-4821-several" } });
  const { page } = await person(t);
  await page.goto(token.hosted_link_url);
  await toCredentials(page);
  await logIn(page);
  await page.locator("label", { hasText: "Plaid Checking" }).click();
  await page.locator("#aut-button").click();
  await view(page, "CONNECTED");
  await page.reload();
  await view(page, "CONNECTED");
  await page.getByTestId("link-close").click();
  await page.waitForURL(home);
  const { data } = await g.plaid.linkTokenGet({ link_token: token.link_token });
  assert.deepEqual(data.link_sessions.map((s) => s.results.item_add_results.length), [1]);
});

test("nobody can put the page into a frame", async (t) => {
  const token = await hosted();
  const { page, seen } = await person(t);
  for (const address of [token.hosted_link_url, `${g.url}/link/v2/stable/link.html?token=${token.link_token}`, `${g.url}/link/v2/stable/link.html?isWebview=true&token=${token.link_token}`]) {
    seen.console.length = 0;
    await page.goto(`${app.url}/?frame=${encodeURIComponent(address)}`);
    await until(() => seen.console.some((m) => /frame-ancestors/.test(m.text)), `${address} is refused`);
  }
  const { data } = await g.plaid.linkTokenGet({ link_token: token.link_token });
  assert.deepEqual(data.link_sessions, [], "nothing was opened");
});

test("a token that ends while the person is at it ends the page", async (t) => {
  const home = `${app.url}/done`;
  const token = await hosted({ completion_redirect_uri: home, url_lifetime_seconds: 600 });
  const { page } = await person(t);
  await page.goto(token.hosted_link_url);
  await toCredentials(page);
  await advance(601);
  await page.locator("#aut-input-0-input").fill("user_good");
  await page.locator("#aut-input-1-input").fill("pass_good");
  await page.locator("#aut-button").click();
  await page.waitForURL(home);
  const { data } = await g.plaid.linkTokenGet({ link_token: token.link_token });
  assert.equal(data.link_sessions[0].exit.error.error_code, "INVALID_LINK_TOKEN");
  const gone = await page.goto(token.hosted_link_url);
  assert.equal(gone.status(), 410);
  assert.equal(await page.locator("h1").textContent(), "This link has expired");
});

test("what cannot be opened says so, readable everywhere", async (t) => {
  const expired = await hosted({ completion_redirect_uri: "wonderwallet://done", url_lifetime_seconds: 60 }, { language: "de", client_name: "A wallet with a longer name" });
  await advance(61);
  const pages = { unknown: [`${g.url}/link/hosted/${"0".repeat(48)}`, 404], expired: [expired.hosted_link_url, 410] };
  for (const [name, [address, status]] of Object.entries(pages)) {
    for (const width of [320, 1280]) {
      for (const colorScheme of ["light", "dark"]) {
        const { page } = await person(t, { viewport: { width, height: 640 }, colorScheme, locale: "de-DE" });
        assert.equal((await page.goto(address)).status(), status);
        assert.equal(await page.locator("html").getAttribute("lang"), "de", "the token's language, or the browser's");
        await rest(page);
        await shot(page, `hosted-${name}-${width}-${colorScheme}`);
        assert.deepEqual(await violations(page), [], `${name} ${width} ${colorScheme}`);
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name}: nothing scrolls sideways at ${width}`);
      }
    }
  }
});

test("a plain tab shows the same page instead of waiting for ever", async (t) => {
  const { page, seen } = await person(t);
  await page.goto(`${g.url}/link/v2/stable/link.html?token=${await linkToken(g.plaid)}`);
  await view(page, "CONSENT");
  await rest(page);
  assert.deepEqual(await violations(page), []);
  // Nothing holds focus in: Tab leaves the page as it leaves any other.
  await page.locator("#aut-button").focus();
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement === document.body || document.activeElement === null), true);
  await connect(page);
  await view(page, "ENDED");
  assert.equal(await page.locator("h1").textContent(), "Your account is connected");
  assert.deepEqual(seen.errors, []);
  await page.goto(`${g.url}/link/v2/stable/link.html`);
  await view(page, "INCOMPLETE");
});
