// The GraphQL explorer on a real Glencheck: by mouse and by keyboard, in all its looks,
// and where there is nothing to explore.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { violations } from "../lib/axe.mjs";
import { launch, until, watch } from "../lib/browser.mjs";
import { startGlencheck } from "../lib/glencheck.mjs";
import { shot } from "../lib/shots.mjs";

const KEY = "glencheck-sandbox-contacts-key";
const ORG = "35dHMM4pFzIykUsys1CDyZ9Xtkz";

let browser, glencheck, context, page, seen;
before(async () => {
  glencheck = await startGlencheck("--graph-addr", "127.0.0.1:0");
  browser = await launch();
  context = await browser.newContext({ viewport: { width: 1440, height: 1000 }, permissions: ["clipboard-read", "clipboard-write"] });
  ({ page, seen } = await watch(context, [glencheck.url]));
});
after(async () => {
  await browser?.close();
  await glencheck?.close();
});

const query = () => page.getByLabel("Document");
const variables = () => page.getByLabel("Variables");
const pick = (name) => page.getByRole("button", { name, exact: true }).click();
const state = () => page.locator("#state").textContent();
const data = async () => JSON.parse(await page.locator("#data").textContent()).data;
/** Runs what stands there and waits for its line of history. */
async function run(press = () => page.getByRole("button", { name: "Run" }).click()) {
  const before = await page.locator("#history li").count();
  await press();
  await page.locator("#history li").nth(before).waitFor();
}

test("a browser that looks at the API comes to the explorer, with the key and the seed's mutation there", async () => {
  await page.goto(`${glencheck.url}/graphql`);
  assert.equal(page.url(), `${glencheck.url}/docs/graphql`);
  await page.getByRole("heading", { name: "Queries" }).waitFor();
  assert.equal(await page.getByLabel("API key").inputValue(), KEY);
  assert.match(await query().inputValue(), /^mutation ContactCreateIdvSession\(\$input: ContactCreateIdvSession!\)/);
  await run();
  assert.match(await state(), /^200[\d.]+ mscost 4 of 10,000\w{27}$/);
  const { id, token } = (await data()).contactCreateIdvSession;
  assert.match(token, /^link-sandbox-/);
  // What an answer has shown is where the next operation needs it.
  await pick("What became of it");
  assert.deepEqual(JSON.parse(await variables().inputValue()), { orgId: ORG, id });
  await run(() => page.keyboard.press("Control+Enter"));
  assert.equal((await data()).contactIdvSession.status, "OPEN");
  await pick("One contact and its identity");
  assert.equal(await variables().evaluate((e) => e.value.slice(e.selectionStart, e.selectionEnd)), "CONTACT_ID", "what is missing is selected");
  await shot(page, "graphql", { fullPage: true });
});

test("the schema: an operation out of it, a field where the cursor is, types, a search", async () => {
  const schema = page.getByRole("heading", { name: "Schema" }).locator("xpath=ancestor::section");
  const insert = (name) => schema.getByRole("button", { name: `Insert ${name}`, exact: true }).click();
  await insert("contacts");
  assert.match(await query().inputValue(), /^query Contacts\(\$input: ContactsInput!\) \{\n  contacts\(input: \$input\) \{\n    edges \{\n      cursor\n      node \{\n        orgId\n/);
  assert.deepEqual(JSON.parse(await variables().inputValue()), { input: { orgId: ORG, first: 10 } });
  await run();
  assert.deepEqual((await data()).contacts.edges, []);
  await schema.getByRole("link", { name: "ContactConnection" }).first().click();
  assert.equal(new URL(page.url()).hash, "#ContactConnection");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "ContactConnection");
  await page.goBack();
  await schema.getByRole("heading", { name: "Queries" }).waitFor();
  await query().fill("{\n  orgs {\n    edges {\n      node {\n        id\n      }\n    }\n  }\n}");
  await query().evaluate((e) => e.setSelectionRange(46, 46)); // behind "id"
  await schema.getByLabel("Search types and fields").fill("overwrite");
  await insert("overwriteChannels");
  assert.match(await query().inputValue(), /\n        id\n        overwriteChannels\n      \}/);
  await page.keyboard.press("Control+z");
  assert.doesNotMatch(await query().inputValue(), /overwriteChannels/, "the browser undoes it");
  await schema.getByLabel("Search types and fields").fill("no such thing");
  await schema.getByText("Nothing by that name.").waitFor();
  await schema.getByLabel("Search types and fields").fill("");
});

test("errors lead to their place; variables that are none, a key that is unknown", async () => {
  await query().fill("query A { __typename }\nquery B {\n  nope\n}");
  await query().evaluate((e) => e.setSelectionRange(30, 30)); // in B, which is run then
  await variables().fill("");
  await run();
  assert.match(await state(), /^200, 1 error/);
  await page.locator("#errors").getByText("GRAPHQL_VALIDATION_FAILED").waitFor();
  await page.getByRole("button", { name: "Line 3, column 3" }).click();
  assert.equal(await query().evaluate((e) => e.value.slice(e.selectionStart, e.selectionEnd)), "nope");
  await query().fill("query A { __typename }\nquery B { b: __typename }");
  await query().evaluate((e) => e.setSelectionRange(0, 0));
  await run();
  assert.deepEqual(await data(), { __typename: "Query" });
  await variables().fill("{");
  await page.getByRole("button", { name: "Run" }).click();
  await page.getByText(/^This is no JSON/).waitFor();
  assert.equal(await variables().getAttribute("aria-invalid"), "true");
  await variables().fill("[]");
  await page.getByRole("button", { name: "Copy as curl" }).click();
  await page.getByText("Variables are one JSON object.").waitFor();
  await variables().fill("");
  await page.getByRole("button", { name: "Copy as curl" }).click();
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), new RegExp(`^curl -X POST '${glencheck.url}/graphql'[^]*Bearer ${KEY}`));
  await page.getByLabel("API key").fill("a key of one's own");
  await run();
  assert.match(await state(), /^401, 1 error/);
  await page.getByRole("button", { name: "Copy as curl" }).click();
  await until(async () => /Bearer YOUR_API_KEY/.test(await page.evaluate(() => navigator.clipboard.readText())), "a key of one's own stays here");
  assert.deepEqual(await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie]), [0, 0, ""]);
  // History brings back what was run, and forgets it.
  await page.locator("#history button").last().click();
  assert.match(await query().inputValue(), /^mutation ContactCreateIdvSession/);
  await page.getByRole("button", { name: "Clear" }).click();
  assert.equal(await page.locator("#history li").count(), 0);
  await page.reload();
  await page.getByRole("heading", { name: "Queries" }).waitFor();
  assert.equal(await page.getByLabel("API key").inputValue(), KEY);
  // Every request was answered as the page expects, and none went elsewhere.
  assert.deepEqual([seen.strangers, seen.errors], [[], []]);
  assert.deepEqual(seen.console.filter((c) => !/status of 401/.test(c.text)), []);
});

test("by keyboard alone, in every look", async () => {
  await page.getByRole("button", { name: "Verify a new contact" }).focus();
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "query");
  for (const id of ["variables", "key", "reveal"]) {
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.id), id, "nothing keeps the focus");
  }
  await page.keyboard.press("Space");
  assert.equal(await page.getByRole("button", { name: "Hide" }).getAttribute("aria-pressed"), "true");
  await page.keyboard.press("Shift+Tab");
  await run(() => page.keyboard.press("Control+Enter"));
  await query().fill("{ nope }");
  await run(() => page.keyboard.press("Control+Enter"));
  for (const [width, colorScheme] of [[1440, "light"], [1024, "dark"], [320, "dark"], [360, "light"]]) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme });
    assert.deepEqual(await violations(page), [], `${width} ${colorScheme}`);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, `${width}: the page scrolls sideways`);
    await shot(page, `graphql-${width}-${colorScheme}`);
  }
});
