// The pages of docs/recipes, run as they are written: the programs that a reader
// would copy, with their own server, unmodified wrappers of npm, and a real
// Glencheck. Each links an account, is left, and is opened again.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { launch, watch } from "../lib/browser.mjs";
import { startGlencheck } from "../lib/glencheck.mjs";
import { startRecipe } from "../lib/recipes.mjs";

let browser, glencheck, app, context, page, seen;

before(async () => {
  glencheck = await startGlencheck();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await glencheck?.close();
});
afterEach(async () => {
  await context?.close();
  await app?.close();
  app = null;
});

const PAGES = [
  ["plain page", "recipes/plain-page.md", {}],
  ["React: react-plaid-link", "recipes/react.md", { entry: "app.jsx" }],
  ["Vue: @jcss/vue-plaid-link", "recipes/vue.md", { entry: "main.js" }],
  ["Vue: vue-plaid-link2", "recipes/vue.md", { entry: "main.js", replace: { "App.vue": "App2.vue" } }],
  ["Angular: ngx-plaid-link", "recipes/angular.md", { entry: "main.ts" }],
];

const status = (words) => page.getByRole("status").filter({ hasText: words }).waitFor();

/** Opens Link by the application's button; answers what is in the frame. */
async function open() {
  await page.getByRole("button", { name: "Connect a bank" }).click();
  const link = page.frameLocator('iframe[title="Plaid Link"]:visible');
  await link.locator("#aut-button").waitFor();
  return link;
}

for (const [name, file, options] of PAGES) {
  test(name, async () => {
    app = await startRecipe(file, glencheck.url, options);
    context = await browser.newContext();
    ({ page, seen } = await watch(context, [glencheck.url, app.url]));
    await page.goto(app.url);

    // Left on the first pane.
    let link = await open();
    await page.keyboard.press("Escape");
    await status("Not connected");
    assert.equal(await page.evaluate(() => document.body.style.overflow), "");
    assert.equal(await page.evaluate(() => document.activeElement.textContent.trim()), "Connect a bank");

    // Opened again, to the end.
    link = await open();
    await link.locator("#aut-button").click();
    await link.locator("#aut-ins_109508").click();
    await link.locator("#aut-input-0-input").fill("user_good");
    await link.locator("#aut-input-1-input").fill("pass_good");
    await link.locator("#aut-button").click();
    await link.getByTestId("account-0000").click();
    await link.locator("#aut-button").click();
    await link.getByRole("heading", { name: "Your account is connected" }).waitFor();
    await link.locator("#aut-button").click();
    await status("Connected: Plaid Checking ••0000");

    // And once more: the same token serves another session in the sandbox.
    link = await open();
    await link.getByTestId("link-close").click();
    await status("Not connected");
    assert.ok((await page.locator("iframe").count()) <= 1, "one frame at most");
    assert.deepEqual(seen.strangers, [], "nothing is asked of another host");
    assert.deepEqual(seen.errors, []);
    assert.deepEqual(seen.console.filter((c) => c.type === "error"), []);
  });
}
