// The dashboard on a real Glencheck: the steps of seed 000 as a person clicks them,
// with and without a script, and every page as everybody sees it.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { violations } from "../lib/axe.mjs";
import { launch, watch } from "../lib/browser.mjs";
import { CLIENT_ID, SECRET, startGlencheck, tokenRequest } from "../lib/glencheck.mjs";
import { shot } from "../lib/shots.mjs";

let browser, glencheck, context, page, seen;

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
}
const clean = () => {
  assert.deepEqual(seen.strangers, []);
  assert.deepEqual(seen.errors, []);
  // A form with a mistake in it is answered with 422, which Chromium prints.
  assert.deepEqual(seen.console.filter((c) => c.type === "error" && !/status of 422/.test(c.text)), []);
};

/** Calls the API as the team's server does. */
async function call(path, body = {}) {
  const answer = await fetch(glencheck.url + path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "PLAID-CLIENT-ID": CLIENT_ID, "PLAID-SECRET": SECRET },
    body: JSON.stringify(body),
  });
  return answer.json();
}
const begin = () => call("/sandbox/state/reset");
const on = async () => (await call("/sandbox/team/integration/list", { enabled: true })).integrations.map((i) => i.processor);

/** An account of an Item, and what makes a processor token of it for Alloy. */
async function processorToken() {
  const { public_token } = await call("/sandbox/public_token/create", { institution_id: "ins_109508", initial_products: ["identity"] });
  const { access_token } = await call("/item/public_token/exchange", { public_token });
  const { accounts } = await call("/accounts/get", { access_token });
  return () => call("/processor/token/create", { access_token, account_id: accounts.find((a) => a.subtype === "checking").account_id, processor: "alloy" });
}
/** Checks somebody's identity as far as the magic inputs of the name lead, and returns the page of the check. */
async function identityCheck(client_user_id, template_id, person = {}) {
  const user = {
    name: { given_name: "Joseph", family_name: "Kony" }, date_of_birth: "1964-09-18", phone_number: "+12345678909", email_address: "joseph@example.com",
    address: { street: "123 Main St.", city: "Pawnee", region: "IN", postal_code: "46001", country: "US" }, id_number: { type: "us_ssn", value: "123456789" }, ...person,
  };
  const { id } = await call("/identity_verification/create", { client_user_id, template_id, gave_consent: true, is_shareable: true, user });
  await call("/sandbox/clock/advance", { seconds: 1 });
  return `/dashboard/identity/${id}`;
}
const watched = "idvtmp_WatchReview1";
const watchTemplate = () => call("/sandbox/identity_verification/template/set", { template_id: watched, name: "Details and watchlists", kyc_check: { name: "match" }, watchlist_screening: { program_id: "prg_egdF5fGjY8fWqk" } });
const press = (name) => page.getByRole("button", { name, exact: true }).click();
const follow = (name) => page.getByRole("navigation", { name: "Main" }).getByRole("link", { name, exact: true }).click();
const title = (name) => page.getByRole("heading", { level: 1, name, exact: true }).waitFor();

for (const script of [true, false]) {
  test(`seed 000: enable Alloy, complete the profile, pick use cases, ${script ? "with" : "without"} a script`, async () => {
    await begin();
    const token = await processorToken();
    await call("/sandbox/team/integration/set", { processor: "alloy", enabled: false });
    assert.match((await token()).error_message, /^The provided API keys are not enabled for the Alloy integration\. /);
    assert.equal((await on()).includes("alloy"), false);
    // "Go to the Integrations section of the account dashboard. If the integration is
    // off, simply click the 'Enable' button for Alloy to enable the integration."
    await visit("/dashboard", { javaScriptEnabled: script });
    await title("Overview");
    await press("Refuse like production");
    await page.getByText("This sandbox refuses what production refuses.").waitFor();
    const refused = await call("/link/token/create", tokenRequest({ products: ["identity"] }));
    assert.equal(refused.error_code, "INVALID_LINK_CUSTOMIZATION");
    await follow("Integrations");
    await title("Integrations");
    if (script) {
      await page.getByRole("searchbox", { name: "Search partners" }).fill("ALLO");
      await page.getByText("1 partner", { exact: true }).waitFor();
    } else {
      await page.getByRole("searchbox", { name: "Search partners" }).fill("ALLO");
      await press("Search");
    }
    assert.deepEqual(await page.locator(".partner:visible h3").allTextContents(), ["Alloy Off"]);
    await press("Enable Alloy");
    await page.getByRole("status").filter({ hasText: "Alloy is on. It works as soon as the application profile is complete." }).waitFor();
    assert.equal((await on()).includes("alloy"), true);
    const early = await token();
    assert.deepEqual([early.error_code, early.suggested_action], ["INVALID_PRODUCT", "Complete the Application Profile on the dashboard: the Alloy integration needs it."]);
    assert.match(page.url(), /q=ALLO.*#partner-alloy$/);

    // "You'll need to complete your Plaid Application Profile in the Dashboard, which
    // involves filling out basic information about your app, such as your company name
    // and website."
    await follow("Application profile");
    await title("Application profile");
    await page.getByLabel("Display name").fill("Wonderwallet");
    await page.getByLabel("Website").fill("wonderwallet.example");
    await page.getByLabel("Reason for access").fill("To check that an account is yours before money moves.");
    await page.getByLabel("Legal name").fill("Wonderwallet Inc.");
    await page.getByLabel("Country (optional)").fill("USA");
    await press("Save the profile");
    await page.getByRole("alert").filter({ hasText: "Website, Country need a change." }).waitFor();
    assert.equal(await page.getByLabel("Website").getAttribute("aria-invalid"), "true");
    assert.match(await page.locator("#application_url-err").textContent(), /Website must be an absolute address such as https:\/\/example\.com\./);
    assert.equal(await page.getByLabel("Display name").inputValue(), "Wonderwallet", "what was typed is kept");
    assert.equal((await call("/sandbox/team/profile/get")).application.display_name, null, "and not stored");
    await page.getByLabel("Website").fill("https://wonderwallet.example");
    await page.getByLabel("Country (optional)").fill("us");
    await press("Save the profile");
    await page.getByRole("status").filter({ hasText: "The profile is saved." }).waitFor();
    const profile = await call("/sandbox/team/profile/get");
    assert.match((await token()).processor_token, /^processor-sandbox-/);
    assert.deepEqual([profile.complete, profile.application.application_url, profile.application.country_code], [true, "https://wonderwallet.example", "US"]);

    // "Finally, you'll need to go to the Data Transparency section of the Link
    // customization UI and pick the use cases that you will be using Alloy to power".
    await follow("Link customization");
    await page.getByRole("heading", { name: "Data Transparency" }).waitFor();
    for (const use of ["Verify your account", "Protect against fraud", "Fund your account", "Pay down debt"]) await page.getByLabel(use, { exact: true }).check();
    await press("Publish changes");
    await page.getByRole("alert").filter({ hasText: "Pick 3 at most. You picked 4." }).waitFor();
    await page.getByLabel("Pay down debt").uncheck();
    await press("Publish changes");
    await page.getByRole("status").filter({ hasText: "Published." }).waitFor();
    await follow("Overview");
    await page.getByText("Your team has all that production asks for.").waitFor();

    const { data } = await glencheck.plaid.linkTokenCreate(tokenRequest({ products: ["identity"] }));
    const opened = await call("/sandbox/link/session/open", { link_token: data.link_token });
    assert.deepEqual(opened.use_cases, ["Fund your account", "Verify your account", "Protect against fraud"]);
    clean();
  });
}

test("redirect URIs are added and removed, and the link token follows", async () => {
  await begin();
  const uri = "https://wonderwallet.example/oauth.html";
  const ask = () => call("/link/token/create", tokenRequest({ redirect_uri: uri }));
  assert.equal((await ask()).error_code, "INVALID_FIELD");
  await visit("/dashboard/redirects");
  await page.getByRole("textbox", { name: "Address" }).fill(`${uri}?step=1`);
  await press("Add the address");
  await page.getByRole("alert").filter({ hasText: "The address must be an absolute address without query and fragment" }).waitFor();
  await page.getByRole("textbox", { name: "Address" }).fill(uri);
  await page.keyboard.press("Enter");
  await page.getByText("The address is added.").waitFor();
  assert.match((await ask()).link_token, /^link-sandbox-/);
  await press(`Remove ${uri}`);
  await page.getByText("The address is removed.").waitFor();
  assert.equal((await ask()).error_code, "INVALID_FIELD");
  clean();
});

test("the secret is shown on a press, and copied", async () => {
  await visit("/dashboard/keys", { permissions: ["clipboard-read", "clipboard-write"] });
  assert.equal((await page.content()).includes(SECRET), false);
  await press("Show the secret");
  await page.getByText(SECRET).waitFor();
  await press(`Copy ${SECRET}`);
  await page.getByRole("button", { name: "Copied" }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), SECRET);
  await page.getByRole("link", { name: "Hide the secret" }).click();
  assert.equal((await page.content()).includes(SECRET), false);
  clean();
});

test("only the keyboard: past the navigation, down the list, a partner off", async () => {
  await begin();
  await visit("/dashboard/integrations");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter"); // Skip to content
  await page.keyboard.press("Tab"); // the link of the warning
  await page.keyboard.press("Tab");
  await page.keyboard.type("dwolla");
  for (let i = 0; i < 3; i++) await page.keyboard.press("Tab"); // which partners, Search, the button
  await page.keyboard.press("Enter");
  await page.getByText("Dwolla is off.").waitFor();
  assert.equal((await on()).includes("dwolla"), false);
  clean();
});

test("a person decides where no machine can tell, and the second is told", async () => {
  await begin();
  await watchTemplate();
  const path = await identityCheck("review-1~kyc_check=success", watched);
  const status = async () => (await call("/identity_verification/get", { identity_verification_id: path.split("/").pop() })).status;
  await visit("/dashboard");
  await page.getByText("1 identity check waits for a person.").waitFor();
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Identity checks 1 to review" }).click();
  await page.getByText(/^1 waits for a person, since /).waitFor();
  await page.getByRole("link", { name: /Joseph Kony.*Watchlist, hits to review/ }).click();
  await page.getByRole("heading", { name: "Watchlists, 1 to review" }).waitFor();
  assert.equal(await page.getByText("123456789", { exact: true }).count(), 0);
  await press("Show hidden values");
  await page.getByRole("cell", { name: "123456789", exact: true }).waitFor();
  const second = await context.newPage();
  await second.goto(glencheck.url + path);
  await page.getByLabel("Your reason").first().fill("Born in another year, in another country.");
  await page.getByRole("button", { name: "Clear hit of Joseph Kony" }).click();
  await page.getByRole("status").filter({ hasText: "The screening is cleared." }).waitFor();
  assert.equal(await status(), "success");
  await second.getByLabel("Your reason").first().fill("It is him.");
  await second.getByRole("button", { name: "Reject for the hit of Joseph Kony" }).click();
  await second.getByRole("alert").filter({ hasText: "Somebody else was faster" }).waitFor();
  await second.getByText("Born in another year, in another country.").waitFor();
  assert.equal(await status(), "success");
  assert.deepEqual([seen.strangers, seen.errors], [[], []]);
});

for (const [colorScheme, judged] of [["light", 1280], ["dark", 360]]) {
  test(`nothing for axe-core to say, ${colorScheme}`, async () => {
    await begin();
    await call("/sandbox/team/integration/set", { processor: "dwolla", enabled: false });
    await call("/sandbox/team/customization/set", { name: "wallet", language: "de", country_codes: ["DE", "AT"], appearance: { accent_color: "#ff8800", company_name: "Wonderwallet" }, data_transparency: { use_cases: ["Verify your account"] } });
    await visit("/dashboard", { colorScheme });
    const look = async (name) => {
      for (const [device, width, height] of [["320", 320, 640], ["360", 360, 740], ["1280", 1280, 900]]) {
        await page.setViewportSize({ width, height });
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), true, `${name} scrolls sideways at ${width}`);
        await shot(page, `dashboard-${name}-${device}-${colorScheme}`, { fullPage: true });
        if (width === judged) assert.deepEqual(await violations(page), [], `${name}, ${width}`);
      }
    };
    for (const [name, path] of [
      ["overview", ""], ["keys", "/keys"], ["integrations", "/integrations?q=al"], ["nobody", "/integrations?q=zzz"], ["switched", "/integrations?q=dwolla&done=dwolla#partner-dwolla"], ["profile", "/profile"],
      ["customization", "/customization"], ["wallet", "/customization?name=wallet&done="], ["redirects", "/redirects"], ["nothing", "/nothing"],
      ["test-documents", "/test-documents?category=drivers_license"], ["test-documents-wrong", "/test-documents?category=drivers_license&fault=wrong_check_digit"],
    ]) {
      await page.goto(`${glencheck.url}/dashboard${path}`);
      await look(name);
    }
    await watchTemplate();
    await call("/sandbox/watchlist/load", { list_code: "EU_CON", entries: Array.from({ length: 12 }, (_, i) => ({ source_uid: `e${i}`, name: "Joseph Kony", aliases: ["Josef Koni"], country: "UG" })) });
    const hits = await identityCheck("many~kyc_check=success", watched);
    await identityCheck("long~kyc_check=pending_review", "idvtmp_KycSourceAAAA1", { name: { given_name: "Wolfeschlegelsteinhausenbergerdorff", family_name: "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwaren" } });
    const differs = await identityCheck("differs", "idvtmp_KycSourceAAAA1");
    for (const [name, path] of [["identity", "/dashboard/identity"], ["identity-new", "/dashboard/identity/new"], ["identity-templates", "/dashboard/identity/templates"], ["identity-hits", hits], ["identity-differs", differs]]) {
      await page.goto(glencheck.url + path);
      await page.locator("main details").evaluateAll((all) => all.forEach((part) => (part.open = true)));
      await look(name);
    }
    await page.goto(`${glencheck.url}/dashboard/profile`);
    await page.getByLabel("Website").fill("nonsense");
    await press("Save the profile");
    await look("profile-wrong");
    await page.setViewportSize({ width: 360, height: 740 });
    await page.getByText("Menu", { exact: true }).click();
    await follow("Redirect URIs");
    await page.getByText("Menu", { exact: true }).click();
    await page.getByRole("link", { name: "Test bank" }).waitFor();
    await shot(page, `dashboard-menu-360-${colorScheme}`);
    assert.deepEqual(await violations(page), []);
  });
}

test("production: behind a login, and everything off", async () => {
  const dir = mkdtempSync(join(tmpdir(), "glencheck-kek-"));
  writeFileSync(join(dir, "kek"), randomBytes(32), { mode: 0o600 });
  const [id, secret] = ["5f1c0e7a9b3d2c4e6f8a0b1d", "a secret that only this test has"];
  const sandbox = glencheck;
  try {
    glencheck = await startGlencheck("--env", "production", "--client-id", id, "--secret", secret, "--kek", join(dir, "kek"));
    await visit("/dashboard/integrations");
    await title("Sign in");
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize(colorScheme === "light" ? { width: 1280, height: 900 } : { width: 320, height: 640 });
      await shot(page, `dashboard-sign-in-${colorScheme}`);
      assert.deepEqual(await violations(page), [], colorScheme);
    }
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.getByLabel("client_id").fill(id);
    await page.getByLabel("secret").fill("wrong");
    await press("Sign in");
    await page.getByRole("alert").filter({ hasText: "No team has this client_id and secret." }).waitFor();
    assert.equal(await page.getByLabel("secret").inputValue(), "", "a secret is not sent back");
    await page.getByLabel("secret").fill(secret);
    await page.keyboard.press("Enter");
    await title("Overview");
    await page.getByText("0 of 3 prerequisites of production are met.").waitFor();
    await shot(page, "dashboard-production", { fullPage: true });
    assert.deepEqual(await violations(page), []);
    assert.equal(await page.getByRole("link", { name: "Link Demo" }).count(), 0);
    await follow("Integrations");
    await press("Enable Alloy");
    await page.getByText("Alloy is on. It works as soon as").waitFor();
    await page.getByText("Does not work yet: the application profile is not complete.").waitFor();
    await press("Sign out");
    await title("Sign in");
    await page.goto(`${glencheck.url}/dashboard/keys`);
    await title("Sign in");
    assert.deepEqual([seen.strangers, seen.errors], [[], []]);
  } finally {
    if (glencheck !== sandbox) await glencheck.close();
    glencheck = sandbox;
    rmSync(dir, { recursive: true, force: true });
  }
});
