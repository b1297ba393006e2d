// The simulated bank's own pages in a browser that runs no script, light and
// dark, from 320 pixels on.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { violations } from "../lib/axe.mjs";
import { launch, until, watch } from "../lib/browser.mjs";
import { CLIENT_ID, linkToken, SECRET, startGlencheck } from "../lib/glencheck.mjs";
import { shot } from "../lib/shots.mjs";

let browser, glencheck, context, page, seen;
const picture = (name) => shot(page, `bank-${name}`, { fullPage: true });

before(async () => {
  glencheck = await startGlencheck();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await glencheck?.close();
});
afterEach(() => context?.close());

const address = (institution) =>
  `${glencheck.url}/bank/${institution}/authorize?${new URLSearchParams({
    response_type: "code",
    client_id: "glencheck",
    redirect_uri: `${glencheck.url}/healthz`,
    state: "abc",
    code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    code_challenge_method: "S256",
  })}`;

async function visit(institution, options = {}) {
  context = await browser.newContext({ viewport: { width: 360, height: 640 }, ...options });
  ({ page, seen } = await watch(context, [glencheck.url]));
  await page.goto(address(institution));
}

/** Where the bank sent the person back to. */
async function returned() {
  await page.waitForURL(/\/healthz\?/);
  return Object.fromEntries(new URL(page.url()).searchParams);
}

test("no script, only the keyboard: sign in, share, return", async () => {
  await visit("ins_127287", { javaScriptEnabled: false });
  const cookies = [];
  page.on("response", async (r) => cookies.push(...(await r.headersArray()).filter((h) => h.name.toLowerCase() === "set-cookie")));
  await page.locator("#username").focus();
  await page.keyboard.press("Enter");
  await page.locator("#account-0").focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("Enter");
  const back = await returned();
  assert.equal(back.state, "abc");
  assert.match(back.code, /^[0-9a-f]{48}$/);
  assert.deepEqual(cookies, []);
  assert.deepEqual(seen.strangers, []);
  assert.ok(!seen.console.some((c) => /Content Security Policy/.test(c.text)), JSON.stringify(seen.console));
});

test("deny and a simulated error", async () => {
  for (const [button, error] of [["#deny", "access_denied"], ["#simulate-error", "server_error"]]) {
    await visit("ins_117181");
    await page.click("#sign-in");
    await page.click(button);
    assert.deepEqual(await returned(), { error, state: "abc" });
    await context.close();
  }
});

test("nobody frames a page of the bank", async () => {
  await visit("ins_127287");
  const src = address("ins_127287");
  await page.goto(`${glencheck.url}/demo`);
  await page.evaluate((url) => document.body.append(Object.assign(document.createElement("iframe"), { src: url, name: "framed" })), src);
  await until(() => seen.console.some((c) => /frame-ancestors/.test(c.text)), "the browser's refusal");
  assert.equal(await page.frameLocator('iframe[name="framed"]').locator("#sign-in").count(), 0);
});

for (const colorScheme of ["light", "dark"]) {
  for (const width of [320, 1280]) {
    test(`every page, ${colorScheme}, ${width} pixels`, async () => {
      await visit("ins_127287", { colorScheme, viewport: { width, height: 640 } });
      const check = async (what) => {
        assert.deepEqual(await violations(page.mainFrame()), [], what);
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${what} scrolls sideways`);
      };
      await check("login");
      await page.fill("#username", "user_custom");
      await page.click("#sign-in");
      await page.waitForSelector("#wrong");
      await check("login refused");
      assert.equal(await page.evaluate(() => document.activeElement.id), "password");
      await page.fill("#username", "");
      await page.click("#sign-in");
      await page.waitForSelector("#allow");
      await check("accounts");
      await page.click("#select-none");
      await page.waitForSelector("input[name=account]:not(:checked)");
      await page.click("#allow");
      await page.waitForSelector("#wrong");
      await check("no account");
      assert.equal(await page.evaluate(() => document.activeElement.id), "account-0");
      await page.goto(`${glencheck.url}/bank/`);
      await check("nothing");
    });
  }
}

/** A micro-deposit on its way to the checking account of user_good, sent by Link. */
async function deposit() {
  const link_token = await linkToken(glencheck.plaid, { products: ["auth"], client_name: "Wonderwallet", auth: { automated_microdeposits_enabled: true } });
  const r = await fetch(`${glencheck.url}/sandbox/link/session/complete`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "Plaid-Client-Id": CLIENT_ID, "Plaid-Secret": SECRET },
    body: JSON.stringify({ link_token, inputs: {
      institution_id: "ins_109512", username: "user_good", password: "microdeposits_good", accounts: { masks: ["0000"] },
      routing_number: "021000021", account_number: "1111222233330000", name: "Alberta Charleson",
    } }),
  });
  const { done } = await r.json();
  assert.equal(done?.kind, "success");
}

test("a micro-deposit is read in online banking, and nobody stays signed in", async () => {
  await deposit();
  for (const colorScheme of ["light", "dark"]) {
    for (const width of [320, 1280]) {
      context = await browser.newContext({ colorScheme, viewport: { width, height: 640 }, javaScriptEnabled: false });
      ({ page, seen } = await watch(context, [glencheck.url]));
      const check = async (what) => {
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${what} scrolls sideways, ${width}`);
      };
      await page.goto(`${glencheck.url}/bank/online`);
      await check("sign-in");
      await page.fill("#account", "12");
      await page.click("#look");
      await page.waitForSelector("#wrong");
      await page.fill("#username", "user_good");
      await page.click("#sign-in");
      const line = page.locator("#statement tbody tr").first();
      await line.waitFor();
      await check("statement");
      assert.match(await line.innerText(), /ACCTVERIFY[\s\S]*\$0\.01/);
      const statement = page.url();
      await page.click("#sign-out");
      await page.waitForURL(/\/bank\/online$/);
      await page.goto(statement);
      await page.getByRole("heading", { name: "This sign-in has ended" }).waitFor();
      assert.deepEqual(seen.strangers, []);
      await context.close();
    }
  }
});

for (const colorScheme of ["light", "dark"]) {
  for (const width of [320, 1280]) {
    test(`online banking, ${colorScheme}, ${width} pixels`, async () => {
      await deposit();
      context = await browser.newContext({ colorScheme, viewport: { width, height: 800 } });
      ({ page, seen } = await watch(context, [glencheck.url]));
      await page.goto(`${glencheck.url}/bank/online`);
      assert.deepEqual(await violations(page.mainFrame()), [], "sign-in");
      await picture(`online-${width}-${colorScheme}`);
      await page.click("#sign-in");
      await page.locator("#statement tbody tr").first().waitFor();
      assert.deepEqual(await violations(page.mainFrame()), [], "statement");
      await picture(`statement-${width}-${colorScheme}`);
      await page.getByRole("link", { name: /Saving/ }).click();
      await page.getByText("Nothing has arrived").waitFor();
      assert.deepEqual(await violations(page.mainFrame()), [], "empty statement");
    });
  }
}
