// The Link Demo on a real Glencheck: each flow it offers works, and its page of
// code is a page that works.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { violations } from "../lib/axe.mjs";
import { launch, until, untilClosed, watch } from "../lib/browser.mjs";
import { startGlencheck } from "../lib/glencheck.mjs";
import { shot } from "../lib/shots.mjs";

let browser, glencheck, context, page, seen, link;

before(async () => {
  glencheck = await startGlencheck();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await glencheck?.close();
});
afterEach(() => context?.close());

async function visit(path, options = {}) {
  context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  ({ page, seen } = await watch(context, [glencheck.url]));
  await page.goto(glencheck.url + path);
  link = page.frameLocator("#plaid-link-iframe-1");
}
const view = (name) => link.locator(`.pane[data-view="${name}"]`).waitFor();
const calls = () => page.locator("#calls summary code").allTextContents();

async function throughLink() {
  await view("CONSENT");
  await link.locator("#aut-button").click();
  await view("SELECT_INSTITUTION");
  await link.locator("#aut-ins_109508").click();
  await view("CREDENTIAL");
  await link.getByTestId("sandbox-hint").getByRole("button").click();
  await link.locator("#aut-button").click();
  await view("SELECT_ACCOUNT");
  await link.getByTestId("account-0000").click();
  await link.locator("#aut-button").click();
  await view("CONNECTED");
  await link.locator("#aut-button").click();
}
const clean = () => {
  assert.deepEqual(seen.strangers, []);
  assert.deepEqual(seen.errors, []);
  assert.deepEqual(seen.console.filter((c) => c.type === "error"), []);
};

for (const [flow, reads] of [
  ["auth", ["POST /auth/get"]],
  ["auth_identity", ["POST /auth/get", "POST /identity/get"]],
  ["identity", ["POST /identity/get"]],
]) {
  test(`${flow}: each call in order, with who made it and what came back`, async () => {
    await visit("/demo");
    await page.locator(`input[value=${flow}]`).check();
    assert.match(page.url(), flow === "auth" ? /\/demo$/ : new RegExp(`\\?flow=${flow}$`));
    await page.locator("#open-link").click();
    await throughLink();
    await page.getByText(/^Connected in [\d.]+ s$/).waitFor();
    assert.deepEqual(await calls(), ["POST /link/token/create", "Plaid.create(…).open()", "onSuccess(public_token, metadata)", "POST /item/public_token/exchange", ...reads]);
    assert.deepEqual(await page.locator("#calls .who").allTextContents(), ["Server", "Browser", "Browser", "Server", ...reads.map(() => "Server")]);
    assert.equal(await page.locator("#calls details[open]").count(), 1, "the last body is open");
    const body = await page.locator("#calls details[open] pre").last().textContent();
    const answer = JSON.parse(body);
    if (reads.at(-1) === "POST /auth/get") assert.equal(answer.numbers.ach[0].account, "1111222233330000");
    else assert.ok(answer.accounts[0].owners[0].names.length > 0);
    assert.match(await page.locator("#calls details").nth(1).locator("pre").textContent(), /^OPEN CONSENT\nTRANSITION_VIEW SELECT_INSTITUTION\n/);
    clean();
  });
}

test("update: an account is broken, repaired and read", async () => {
  await visit("/demo?flow=update");
  await page.locator("#open-link").click();
  await view("CREDENTIAL");
  await link.getByTestId("sandbox-hint").getByRole("button").click();
  await link.locator("#aut-button").click();
  await view("CONNECTED");
  await link.locator("#aut-button").click();
  await page.getByText(/^Connected in [\d.]+ s$/).waitFor();
  assert.deepEqual(await calls(), [
    "POST /sandbox/public_token/create", "POST /item/public_token/exchange", "POST /sandbox/item/reset_login",
    "POST /link/token/create", "Plaid.create(…).open()", "onSuccess(public_token, metadata)", "POST /item/public_token/exchange", "POST /auth/get",
  ]);
  const answer = JSON.parse(await page.locator("#calls details[open] pre").last().textContent());
  assert.equal(answer.numbers.ach[0].account, "1111222233330000");
  await shot(page, "demo-update");
  clean();
});

test("several: two banks in one session, and the server reads both", async () => {
  await visit("/demo?flow=several");
  await page.locator("#open-link").click();
  await view("CONSENT");
  await link.locator("#aut-button").click();
  for (const bank of ["ins_109508", "ins_109511"]) {
    await view("SELECT_INSTITUTION");
    await link.locator(`#aut-${bank}`).click();
    await view("CREDENTIAL");
    await link.getByTestId("sandbox-hint").getByRole("button").click();
    await link.locator("#aut-button").click();
    await view("SELECT_ACCOUNT");
    await link.getByTestId("account-0000").click();
    await link.locator("#aut-button").click();
    await view("CONNECTED");
    if (bank === "ins_109508") await link.locator("#aut-secondary-button").click();
  }
  await link.locator("#aut-button").click();
  await page.getByText(/^Connected in [\d.]+ s$/).waitFor();
  assert.deepEqual(await calls(), [
    "POST /user/create", "POST /link/token/create", "Plaid.create(…).open()", "onSuccess(public_token, metadata)", "POST /link/token/get",
    "POST /item/public_token/exchange", "POST /auth/get", "POST /item/public_token/exchange", "POST /auth/get",
  ]);
  await shot(page, "demo-several");
  clean();
});

test("returning: a phone number that is known leads to what is saved with it", async () => {
  await visit("/demo?flow=returning");
  await page.locator("#open-link").click();
  await view("CONSENT");
  await link.locator("#aut-button").click();
  await view("SUBMIT_PHONE");
  await link.locator("#phone-input").fill("415-555-0011");
  await link.locator("#aut-button").click();
  await view("VERIFY_PHONE");
  await link.locator("#otp-code-input-input").pressSequentially("123456");
  await view("SELECT_SAVED_INSTITUTION");
  assert.deepEqual((await calls()).slice(0, 2), ["POST /sandbox/team/customization/set", "POST /link/token/create"]);
  clean();
});

test("a Hosted Link page opens in another tab, and the server reads how it ended", async () => {
  await visit("/demo");
  const opened = context.waitForEvent("page");
  await page.locator("#open-hosted").click();
  link = await opened;
  await page.getByText("Waiting for the page").waitFor();
  assert.equal(await page.locator("#calls a").getAttribute("href"), link.url());
  await throughLink();
  await view("ENDED");
  await page.getByText(/^Connected in [\d.]+ s$/).waitFor();
  assert.deepEqual(await calls(), ["POST /link/token/create", "A page in another tab", "POST /link/token/get", "POST /item/public_token/exchange", "POST /auth/get"]);
  await link.close();

  const again = context.waitForEvent("page");
  await page.locator("#open-hosted").click();
  link = await again;
  await view("CONSENT");
  await link.getByTestId("link-close").click();
  await page.getByText(/^Left after [\d.]+ s$/).waitFor();
  assert.deepEqual((await calls()).slice(1), ["A page in another tab", "POST /link/token/get"]);
  clean();
});

test("oauth: the bank opens in a window, and what was shared there is read", async () => {
  await visit("/demo?flow=oauth");
  await page.locator("#open-link").click();
  await view("CONSENT");
  await link.locator("#aut-button").click();
  await view("OAUTH");
  const [popup] = await Promise.all([context.waitForEvent("page"), link.locator("#aut-button").click()]);
  await popup.click("#sign-in");
  await untilClosed(popup, () => popup.click("#allow"));
  await view("CONNECTED");
  await link.locator("#aut-button").click();
  await page.getByText(/^Connected in [\d.]+ s$/).waitFor();
  assert.deepEqual((await calls()).slice(-2), ["POST /item/public_token/exchange", "POST /auth/get"]);
  clean();
});

test("pressing twice opens one Link", async () => {
  await visit("/demo");
  await page.locator("#flows").evaluate((form) => {
    form.requestSubmit();
    form.requestSubmit();
  });
  await view("CONSENT");
  assert.equal(await page.locator("iframe").count(), 1);
  assert.deepEqual(await calls(), ["POST /link/token/create", "Plaid.create(…).open()"]);
  clean();
});

test("the address chooses the flow; leaving is shown; clear empties", async () => {
  await visit("/demo?flow=identity");
  assert.equal(await page.locator("input[value=identity]").isChecked(), true);
  await page.locator("#open-link").click();
  await view("CONSENT");
  await link.getByTestId("link-close").click();
  await page.getByText(/^Left after [\d.]+ s$/).waitFor();
  assert.deepEqual((await calls()).at(-1), "onExit(error, metadata)");
  assert.equal(await page.evaluate(() => document.activeElement.id), "open-link");
  await page.locator("#clear").click();
  assert.equal(await page.locator("#calls details").count(), 0);
  await page.getByText("Nothing yet").waitFor();
  // And again.
  await page.locator("#open-link").click();
  await view("CONSENT");
  clean();
});

test("a server that has gone is said", async () => {
  await visit("/demo");
  await page.route("**/demo/api/**", (r) => r.abort());
  await page.locator("#open-link").click();
  await page.getByText("The server didn’t answer").waitFor();
});

test("the page's whole code is a page that works", async () => {
  await visit("/demo?flow=auth_identity");
  const source = await page.locator("#source").textContent();
  assert.ok(source.includes('flow: "auth_identity"'));
  await page.route("**/whole", (r) => r.fulfill({ contentType: "text/html", body: source }));
  const finished = page.waitForResponse("**/demo/api/finish");
  await page.goto(`${glencheck.url}/whole`);
  await page.locator("#connect").click();
  await throughLink();
  const { calls: made } = await (await finished).json();
  assert.deepEqual(made.map((c) => [c.path, c.status]), [["/item/public_token/exchange", 200], ["/auth/get", 200], ["/identity/get", 200]]);
});

for (const scheme of ["light", "dark"]) {
  for (const [device, width, height] of [["320x568", 320, 568], ["360x640", 360, 640], ["1280x900", 1280, 900]]) {
    test(`nothing for axe-core to say, ${scheme}, ${device}`, async () => {
      await visit("/demo", { viewport: { width, height }, colorScheme: scheme });
      const look = async (name) => {
        await shot(page, `${name}-${device}-${scheme}`, { fullPage: true });
        assert.deepEqual(await violations(page), [], name);
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), true, `${name} scrolls sideways`);
      };
      await look("demo");
      await page.locator("#open-link").click();
      await view("CONSENT");
      await new Promise((r) => setTimeout(r, 300));
      await shot(page, `demo-link-${device}-${scheme}`);
      await throughLink();
      await until(async () => (await calls()).length === 5, "all calls");
      await page.getByText(/^Connected in/).waitFor();
      await look("demo-done");
    });
  }
}
