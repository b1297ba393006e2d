// Link in a team's colours and words, and under Data Transparency: what the
// customization says is on the panes, everything stays readable, and the app
// hears what was opened.

import assert from "node:assert/strict";
import { deflateSync } from "node:zlib";
import { after, afterEach, before, test } from "node:test";
import { violations } from "../lib/axe.mjs";
import { CLIENT_ID, linkToken, SECRET } from "../lib/glencheck.mjs";
import { misfits } from "../lib/fit.mjs";
import { stage } from "../lib/person.mjs";
import { shot } from "../lib/shots.mjs";

let world, person;
before(async () => {
  world = await stage();
});
after(() => world?.close());
afterEach(() => person?.close());

async function customize(customization) {
  const r = await fetch(`${world.glencheck.url}/sandbox/team/customization/set`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "Plaid-Client-Id": CLIENT_ID, "Plaid-Secret": SECRET },
    body: JSON.stringify({ name: "wallet", language: "en", country_codes: ["US"], ...customization }),
  });
  assert.equal(r.status, 200, await r.clone().text());
  return (await r.json()).customization;
}

const token = (more = {}) => linkToken(world.glencheck.plaid, { link_customization_name: "wallet", ...more });

/** A square PNG: an orange disc on nothing. */
function logo(side = 256) {
  const crc = (buf) => {
    let c = ~0;
    for (const b of buf) {
      c ^= b;
      for (let k = 0; k < 8; k++) c = (c >>> 1) ^ (0xedb88320 & -(c & 1));
    }
    return ~c >>> 0;
  };
  const chunk = (type, data) => {
    const out = Buffer.alloc(12 + data.length);
    out.writeUInt32BE(data.length, 0);
    out.write(type, 4, "latin1");
    data.copy(out, 8);
    out.writeUInt32BE(crc(out.subarray(4, 8 + data.length)), 8 + data.length);
    return out;
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(side, 0);
  head.writeUInt32BE(side, 4);
  head.set([8, 6, 0, 0, 0], 8);
  const rows = [];
  for (let y = 0; y < side; y++) {
    rows.push(0);
    for (let x = 0; x < side; x++) {
      const inside = Math.hypot(x - side / 2, y - side / 2) < side / 2.2;
      rows.push(...(inside ? [230, 110, 0, 255] : [0, 0, 0, 0]));
    }
  }
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), chunk("IHDR", head), chunk("IDAT", deflateSync(Buffer.from(rows))), chunk("IEND", Buffer.alloc(0))]).toString("base64");
}

const style = async (selector, property) => {
  await rest();
  return person.frame.locator(selector).first().evaluate((el, p) => getComputedStyle(el)[p], property);
};
const rest = () => person.frame.evaluate(() => Promise.allSettled(document.getAnimations().map((a) => a.finished)));

async function picture(name) {
  await rest();
  await shot(person.page, `custom-${name}`);
  // Forced colours are the system's: axe-core would judge the ones that they replace.
  if (!name.includes("forced")) assert.deepEqual(await violations(person.frame), [], name);
  assert.deepEqual(await person.frame.evaluate(misfits), [], name);
}

test("colour, logo and words are the team's, in light and dark, and stay readable", async () => {
  const set = await customize({
    appearance: { accent_color: "#ffcc00", company_name: "Wonder & Co", logo: logo() },
    texts: [{ pane: "CONSENT", title: "Add your bank", button: "Choose a bank" }, { pane: "CONNECTED", title: "That was it" }],
    account_select: "single", institutions: ["ins_109509", "ins_109508"],
  });
  assert.equal(Buffer.from(set.appearance.logo, "base64").readUInt32BE(16), 192);

  person = await world.open(await token(), { viewport: { width: 360, height: 640 }, reducedMotion: "reduce" });
  await person.view("CONSENT");
  assert.equal(await person.link.locator("#pane-title").textContent(), "Add your bank");
  assert.equal(await person.link.locator("#aut-button").textContent(), "Choose a bank");
  assert.match(await person.link.locator(".points").textContent(), /Wonder & Co never sees it/);
  const shown = await person.link.locator(".mark-own img").evaluate((img) => [img.complete, img.naturalWidth]);
  assert.deepEqual(shown, [true, 192]);
  const light = await style("#aut-button", "backgroundColor");
  await picture("consent-360-light");
  await person.page.emulateMedia({ colorScheme: "dark" });
  const dark = await style("#aut-button", "backgroundColor");
  assert.equal(dark, "rgb(255, 204, 0)", "yellow can be used as it is in the dark");
  assert.notEqual(light, dark, "and gets darker in the light");
  await picture("consent-360-dark");
  await person.page.emulateMedia({ colorScheme: "light", contrast: "more" });
  await picture("consent-360-contrast");
  await person.page.emulateMedia({ colorScheme: "dark", contrast: "more" });
  await picture("consent-360-contrast-dark");
  await person.page.emulateMedia({ colorScheme: "dark", contrast: "no-preference", forcedColors: "active" });
  await picture("consent-360-forced");
  await person.page.emulateMedia({ colorScheme: "light", forcedColors: "none" });

  await person.submit();
  await person.view("SELECT_INSTITUTION");
  assert.deepEqual(await person.link.locator(".row button").allTextContents(), ["First Gingham Credit Union", "First Platypus Bank"]);
  await picture("institutions-360-light");
  await person.link.locator("#aut-ins_109508").click();
  await person.login("user_good", "pass_good");
  await person.view("SELECT_ACCOUNT");
  await person.link.getByTestId("account-0000").click();
  await picture("accounts-360-light");
  await person.page.emulateMedia({ colorScheme: "dark" });
  await picture("accounts-360-dark");
  await person.submit();
  await person.view("CONNECTED");
  assert.equal(await person.link.locator("#pane-title").textContent(), "That was it");
  await picture("connected-360-dark");
  await person.submit();
  await person.told("success");
  assert.deepEqual(person.seen.errors, []);
  assert.deepEqual(person.seen.strangers, []);
  assert.deepEqual(person.seen.console.filter((m) => m.type === "error"), [], "the policy stops nothing");
});

test("light or dark is the team's choice, and the link token's before it", async () => {
  await customize({ appearance: { mode: "dark" } });
  for (const [more, colorScheme, want] of [[{}, "light", "dark"], [{ appearance_mode: "LIGHT" }, "dark", "light"], [{ appearance_mode: "SYSTEM" }, "dark", "dark"]]) {
    person = await world.open(await token(more), { colorScheme });
    await person.view("CONSENT");
    assert.equal(await person.frame.evaluate(() => getComputedStyle(document.documentElement).colorScheme), want, JSON.stringify(more));
    await person.close();
  }
  person = null;
});

test("Data Transparency: the lists are on consent and accounts, and opening one is told", async () => {
  await customize({ data_transparency: { use_cases: ["Verify your account", "Send and receive money"] } });
  person = await world.open(await token({ products: ["identity"], additional_consented_products: ["auth", "transactions"] }), { viewport: { width: 360, height: 640 }, reducedMotion: "reduce" });
  await person.view("CONSENT");
  const list = person.link.getByTestId("data-types");
  await list.locator("summary").click();
  assert.deepEqual(await list.locator("li").allTextContents(), [
    "Account name, type and balance", "Account holder’s name, address, email and phone", "Account and routing number", "Transactions",
    "Verify your account", "Send and receive money",
  ]);
  await picture("data-consent-360-light");
  await list.locator("summary").click(); // closing is nothing to tell
  await person.toLogin();
  await person.login("user_good", "pass_good");
  await person.view("SELECT_ACCOUNT");
  await person.link.getByTestId("account-0000").click();
  await person.link.getByTestId("data-types").locator("summary").press("Enter");
  assert.match(await person.link.locator(".legal").textContent(), /you agree that Wonderwallet receives this data/);
  await person.link.locator(".legal").scrollIntoViewIfNeeded();
  assert.equal(await person.link.getByTestId("account-0000").locator("input").isChecked(), true, "the pane stays as it is");
  await picture("data-accounts-360-light");
  await person.submit();
  await person.view("CONNECTED");
  await person.submit();
  await person.told("success");
  assert.deepEqual(await person.events(), [
    "OPEN CONSENT", "VIEW_DATA_TYPES", "TRANSITION_VIEW SELECT_INSTITUTION", "SELECT_INSTITUTION", "TRANSITION_VIEW CREDENTIAL",
    "SUBMIT_CREDENTIALS", "TRANSITION_VIEW LOADING", "TRANSITION_VIEW SELECT_ACCOUNT", "VIEW_DATA_TYPES",
    "TRANSITION_VIEW LOADING", "TRANSITION_VIEW CONNECTED", "HANDOFF",
  ]);
});

test("the title shows focus to those who go by keyboard, and to nobody else", async () => {
  person = await world.open(await linkToken(world.glencheck.plaid));
  await person.view("CONSENT");
  const ring = () => style("#pane-title", "outlineStyle");
  assert.equal(await ring(), "none", "opened with the mouse");
  await person.submit();
  await person.view("SELECT_INSTITUTION");
  assert.equal(await ring(), "none");
  await person.link.locator("#search-input-input").press("Escape");
  await person.told("exit");
  await person.close();

  person = await world.open(await linkToken(world.glencheck.plaid));
  await person.view("CONSENT");
  await person.link.locator("#aut-button").press("Enter");
  await person.view("SELECT_INSTITUTION");
  assert.equal(await ring(), "solid", "after a key");
  await picture("keyboard-1280-light");
});

test("from right to left the panes are mirrored", async () => {
  person = await world.open(await linkToken(world.glencheck.plaid), { viewport: { width: 360, height: 640 }, reducedMotion: "reduce" });
  await person.view("CONSENT");
  await person.frame.evaluate(() => (document.documentElement.dir = "rtl"));
  await picture("rtl-consent-360");
  await person.submit();
  await person.view("SELECT_INSTITUTION");
  await picture("rtl-institutions-360");
  await person.link.locator("#aut-ins_109508").click();
  await person.view("CREDENTIAL");
  await picture("rtl-credentials-360");
  await person.login("user_good", "pass_good");
  await person.view("SELECT_ACCOUNT");
  await person.link.getByTestId("account-0000").click();
  await picture("rtl-accounts-360");
});
