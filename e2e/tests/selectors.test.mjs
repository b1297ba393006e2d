// Suites that were written for Plaid Link find in ours what they look for
// (link-web.md section 3.4): the frame, its ids and labels. That each pane has what
// docs/testids.md says is in panes.test.mjs.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, afterEach, before, test } from "node:test";
import { launch, until, watch } from "../lib/browser.mjs";
import { linkToken, startGlencheck } from "../lib/glencheck.mjs";
import { serveApp } from "../lib/serve.mjs";

let browser, glencheck, app, context, page, seen;

before(async () => {
  glencheck = await startGlencheck();
  browser = await launch();
  app = await serveApp(glencheck.url, { "/plain": { script: readFileSync(new URL("../lib/plain-app.js", import.meta.url), "utf8") } });
});
after(async () => {
  await browser?.close();
  await app?.close();
  await glencheck?.close();
});
afterEach(() => context?.close());

async function visit(more) {
  const token = await linkToken(glencheck.plaid, more);
  context = await browser.newContext();
  ({ page, seen } = await watch(context, [glencheck.url, app.url]));
  await page.goto(`${app.url}/plain?token=${token}`);
  await page.locator("#go").click();
  return token;
}
const succeeded = () => until(() => page.evaluate(() => window.heard.some((h) => h.what === "success")), "onSuccess");

test("the frame: its id, its title, where it is and how", async () => {
  const token = await visit();
  await page.frameLocator('iframe[title="Plaid Link"]').locator("#aut-button").waitFor();
  await page.evaluate((t) => (window.other = Plaid.create({ token: t })), token);
  await page.locator("iframe#plaid-link-iframe-2").waitFor({ state: "attached" });
  const frame = await page.locator("#plaid-link-iframe-1").evaluate((el) => {
    const s = getComputedStyle(el);
    return { title: el.title, path: new URL(el.src).pathname, token: new URL(el.src).searchParams.has("token"), parent: el.parentElement.tagName, sandbox: el.sandbox.contains("allow-scripts"), position: s.position, z: s.zIndex, size: [el.offsetWidth === innerWidth, el.offsetHeight === innerHeight], body: document.body.style.overflow };
  });
  assert.deepEqual(frame, { title: "Plaid Link", path: "/link/v2/stable/link.html", token: true, parent: "BODY", sandbox: true, position: "fixed", z: "2147483647", size: [true, true], body: "hidden" });
  assert.deepEqual(seen.errors, []);
});

test("a suite that goes by ids", async () => {
  await visit();
  const link = page.frameLocator("#plaid-link-iframe-1");
  await link.locator("#aut-button").click();
  await link.locator("#search-input-input").fill("First Platypus Bank");
  await link.locator("#aut-ins_109508").click();
  await link.locator("#aut-input-0-input").fill("user_good");
  await link.locator("#aut-input-1-input").fill("mfa_device");
  await link.locator("#aut-button").click();
  await link.locator("#aut-input-0-input-0").check();
  await link.locator("#aut-button").click();
  await link.locator("#aut-input-0-input.code-input").fill("1234");
  await link.locator('[data-view="SELECT_ACCOUNT"] label').first().click();
  await link.locator("#aut-button").click();
  await link.locator('[data-view="CONNECTED"] #aut-button').click();
  await succeeded();
});

test("a suite that goes by labels, texts and placeholders", async () => {
  await visit();
  const link = page.frameLocator('iframe[title="Plaid Link"]');
  await link.getByRole("button", { name: "Continue" }).click();
  await link.getByLabel(/^Search/).fill("platypus");
  await link.locator('button[aria-label="First Platypus Bank"]').click();
  await link.getByPlaceholder("Username").fill("user_good");
  await link.getByPlaceholder("Password").fill("pass_good");
  await link.locator("button[type=submit]").click();
  await link.getByText("Plaid Checking").click();
  await link.getByRole("button", { name: "Continue" }).click();
  await link.getByRole("button", { name: /finish/i }).click();
  await succeeded();
});

test("a returning user: a guest by the published words, a code by its id", async () => {
  await visit({ user: { client_user_id: "user-id-4821", phone_number: "+14155550011" } });
  const link = page.frameLocator("#plaid-link-iframe-1");
  await link.locator("#aut-button").click();
  await link.locator("#otp-code-input-input").waitFor();
  await link.getByTestId("link-back").click();
  await link.getByText("Continue without phone number").click();
  await link.locator("#search-input-input").waitFor();
});
