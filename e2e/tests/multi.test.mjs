// Multi-Item Link in Chromium: several banks in one session (link-web.md section 4.13).

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { linkToken } from "../lib/glencheck.mjs";
import { stage } from "../lib/person.mjs";

let house, person, token;

before(async () => {
  house = await stage();
});
after(() => house?.close());
afterEach(() => person?.close());

let users = 0;

/** A person whose token lets them link several banks. */
async function arrive(more = {}, options = {}) {
  const { data } = await house.glencheck.plaid.userCreate({ client_user_id: `person-${++users}` });
  token = await linkToken(house.glencheck.plaid, { user: undefined, user_id: data.user_id, enable_multi_item_link: true, ...more });
  person = await house.open(token, options);
}

/** Through the bank's login and the choice of accounts, to the pane that says that all is connected. */
async function connect(...masks) {
  await person.login("user_good", "pass_good");
  await person.view("SELECT_ACCOUNT");
  for (const mask of masks) await person.link.getByTestId(`account-${mask}`).click();
  await person.submit();
  await person.view("CONNECTED");
}

async function another(institution) {
  await person.link.locator("#aut-secondary-button").click();
  await person.view("SELECT_INSTITUTION");
  await person.link.locator(`#aut-${institution}`).click();
}

const empty = (sessionId) => [null, { institution: null, accounts: [], account: null, account_id: null, link_session_id: sessionId, transfer_status: null }];

const round = (bank) => [`SELECT_INSTITUTION ${bank}`, `TRANSITION_VIEW CREDENTIAL ${bank}`, `SUBMIT_CREDENTIALS ${bank}`, `TRANSITION_VIEW LOADING ${bank}`, `TRANSITION_VIEW SELECT_ACCOUNT ${bank}`, `TRANSITION_VIEW LOADING ${bank}`, `TRANSITION_VIEW CONNECTED ${bank}`, `HANDOFF ${bank}`];

const told = async () => (await person.heard("event")).map((e) => [e.args[0], e.args[1].view_name, e.args[1].institution_id].filter(Boolean).join(" "));

test("three Items in one session: events, an empty onSuccess, the results", async () => {
  await arrive();
  await person.toLogin();
  await connect("0000", "1111");
  assert.deepEqual(await person.link.locator(".receipt b").allTextContents(), ["Plaid Checking", "Plaid Saving"]);
  await another("ins_109511");
  await connect("0000");
  assert.deepEqual(await person.link.locator(".receipt li").allInnerTexts().then((l) => l.map((t) => t.replace(/\s+/g, " ").trim())), [
    "TB Plaid Checking Tartan Bank ••0000",
    "FP Plaid Checking First Platypus Bank ••0000",
    "FP Plaid Saving First Platypus Bank ••1111",
  ]);
  await another("ins_109509");
  await connect("1111");
  await person.submit();

  const success = await person.told("success");
  assert.deepEqual(success, empty(success[1].link_session_id));
  const banks = ["ins_109508", "ins_109511", "ins_109509"];
  assert.deepEqual(await told(), ["OPEN CONSENT", ...banks.flatMap((bank) => ["TRANSITION_VIEW SELECT_INSTITUTION", ...round(bank)])]);
  assert.deepEqual(await person.heard("exit"), []);

  const { data } = await house.glencheck.plaid.linkTokenGet({ link_token: token });
  const [session] = data.link_sessions;
  const added = session.results.item_add_results;
  assert.deepEqual(added.map((r) => [r.institution.institution_id, r.accounts.map((a) => a.mask).join()]), [["ins_109508", "0000,1111"], ["ins_109511", "0000"], ["ins_109509", "1111"]]);
  assert.equal(session.exit, null);
  assert.equal(session.link_session_id, success[1].link_session_id);
  const items = new Set();
  for (const { public_token } of added) {
    const { data: exchanged } = await house.glencheck.plaid.itemPublicTokenExchange({ public_token });
    const { data: auth } = await house.glencheck.plaid.authGet({ access_token: exchanged.access_token });
    assert.ok(auth.numbers.ach.length > 0);
    items.add(exchanged.item_id);
  }
  assert.equal(items.size, 3);
});

test("whoever leaves after the first Item keeps it: asked, at once, and by force", async () => {
  const leave = {
    asked: async () => {
      await person.link.locator("#aut-ins_109511").click();
      await person.view("CREDENTIAL");
      await person.link.getByTestId("link-close").click();
      await person.link.getByRole("alertdialog", { name: "Leave without this bank?" }).waitFor();
      assert.deepEqual(await person.look("multi-exit"), []);
      await person.link.getByTestId("exit-confirm").click();
    },
    "the button": () => person.link.locator("#aut-secondary-button").click(),
    "the cross": () => person.link.getByTestId("link-close").click(),
    force: () => person.page.evaluate(() => window.app.exit({ force: true })),
    "the handler": () => person.page.evaluate(() => window.app.exit()),
  };
  for (const [way, go] of Object.entries(leave)) {
    await arrive();
    await person.toLogin();
    await connect("0000");
    await person.link.locator("#aut-secondary-button").click();
    await person.view("SELECT_INSTITUTION");
    await go();
    const success = await person.told("success");
    assert.deepEqual(success, empty(success[1].link_session_id), way);
    assert.deepEqual(await person.heard("exit"), [], way);
    const names = (await person.heard("event")).map((e) => e.args[0]);
    assert.equal(names.filter((n) => n === "HANDOFF").length, 1, way);
    assert.ok(!names.includes("EXIT"), way);
    await person.page.waitForFunction(() => document.body.style.overflow === "");
    await person.close();
  }
});

test("before the first Item an exit is an exit", async () => {
  await arrive();
  await person.toLogin();
  const [error, metadata] = await person.leave();
  assert.equal(error, null);
  assert.equal(metadata.status, "requires_credentials");
  assert.deepEqual(await person.heard("success"), []);
});
