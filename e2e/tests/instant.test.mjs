// Instant Micro-deposits and Database Auth in Chromium (link-web.md sections 4.4 and
// 4.7).

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { linkToken } from "../lib/glencheck.mjs";
import { stage } from "../lib/person.mjs";

const windowpane = "ins_135858";
const number = "1111222233330000";
let house, person;

before(async () => {
  house = await stage();
});
after(() => house?.close());
afterEach(() => person?.close());

async function arrive(more = {}) {
  person = await house.open(await linkToken(house.glencheck.plaid, { client_name: "Wonderwallet", products: ["auth"], ...more }), { viewport: { width: 360, height: 740 } });
  await person.view("CONSENT");
  await person.submit();
  await person.view("SELECT_INSTITUTION");
}

const type = (id, value) => person.link.locator(`#${id}`).fill(value);

/** What the person reads in online banking, in a window beside Link. */
async function codeOnStatement() {
  const bank = await person.page.context().newPage();
  await bank.goto(`${house.glencheck.url}/bank/online`);
  await bank.fill("#account", number);
  await bank.click("#look");
  const line = await bank.locator("#statement tbody tr").first().innerText();
  await bank.close();
  return /#([A-Z]{3}) Wonderwalle ACCTVERIFY/.exec(line)?.[1];
}

/** Link's last pane, and what Link, /accounts/get and /auth/get then say of the account. */
async function agree(method, status) {
  await person.view("CONNECTED");
  await person.submit();
  const [publicToken, metadata] = await person.told("success");
  assert.equal(metadata.institution, null);
  const { data } = await house.glencheck.plaid.itemPublicTokenExchange({ public_token: publicToken });
  const { data: all } = await house.glencheck.plaid.accountsGet({ access_token: data.access_token });
  const { data: auth } = await house.glencheck.plaid.authGet({ access_token: data.access_token });
  assert.deepEqual([metadata.accounts[0], all.accounts[0], auth.accounts[0]].map((a) => a.verification_status), [status, status, status]);
  assert.equal(auth.item.auth_method, method);
  assert.equal(auth.numbers.ach[0].account_id, metadata.accounts[0].id);
  assert.deepEqual(person.seen.errors, []);
  return auth;
}

test("at a bank: the cent is on the statement, and its code ends the session", async () => {
  await arrive();
  await person.link.locator(`#aut-${windowpane}`).click();
  await person.view("NUMBERS");
  await type("device-input", "333333334");
  await type("account-number-input", number);
  await type("name-input", "Alberta Bobbeth Charleson");
  await person.submit();
  await person.view("INSTANT_MICRODEPOSIT_AUTHORIZED");
  const code = await codeOnStatement();
  await person.submit();
  await person.view("INSTANT_MICRODEPOSIT_VERIFICATION");
  await type("deposit-code-input", "xyz"); // submits by itself
  await person.link.getByText("You have 2 tries left").waitFor();
  await type("deposit-code-input", code.toLowerCase());
  await agree("INSTANT_MICRODEPOSITS", "manually_verified");
  assert.deepEqual(await person.events(), [
    "OPEN CONSENT", "TRANSITION_VIEW SELECT_INSTITUTION", "SELECT_INSTITUTION", "TRANSITION_VIEW NUMBERS", "SUBMIT_ROUTING_NUMBER", "SUBMIT_ACCOUNT_NUMBER",
    "TRANSITION_VIEW LOADING", "TRANSITION_VIEW INSTANT_MICRODEPOSIT_AUTHORIZED", "TRANSITION_VIEW INSTANT_MICRODEPOSIT_VERIFICATION",
    "ERROR INCORRECT_DEPOSIT_VERIFICATION", "TRANSITION_VIEW INSTANT_MICRODEPOSIT_VERIFICATION", "TRANSITION_VIEW LOADING", "TRANSITION_VIEW CONNECTED", "HANDOFF",
  ]);
});

test("the upgrade: a routing number that instant payments reach", async () => {
  await arrive({ user: { client_user_id: "user-id", legal_name: "Alberta Bobbeth Charleson" }, auth: { same_day_microdeposits_enabled: true } });
  await person.link.locator("#aut-secondary-button").click();
  await person.view("NUMBERS");
  await type("device-input", "333333334");
  await person.submit();
  await type("account-number-input", number);
  await type("account-number-confirmation", number);
  await person.submit();
  await person.link.locator("#account-subtype-1").check();
  await person.submit();
  await person.link.getByText("Is everything right?").waitFor();
  await person.submit();
  await person.view("INSTANT_MICRODEPOSIT_AUTHORIZED");
  await person.submit();
  await person.view("INSTANT_MICRODEPOSIT_VERIFICATION");
  await person.link.getByTestId("sandbox-hint").getByRole("button").click(); // fills the code in, which submits it
  const auth = await agree("INSTANT_MICRODEPOSITS", "manually_verified");
  assert.equal(auth.accounts[0].subtype, "savings");
});

test("Database Auth: what the network says is on the account", async () => {
  await arrive({ auth: { database_insights_enabled: true } });
  await person.link.locator("#aut-secondary-button").click();
  await person.view("NUMBERS");
  await person.link.getByTestId("sandbox-hint").getByRole("button").click();
  await person.submit();
  const auth = await agree("DATABASE_INSIGHTS", "database_insights_pass");
  assert.equal(auth.accounts[0].verification_insights.name_match_score, 100);
  assert.deepEqual(await person.events(), [
    "OPEN CONSENT", "TRANSITION_VIEW SELECT_INSTITUTION", "TRANSITION_VIEW NUMBERS", "SUBMIT_ROUTING_NUMBER", "SUBMIT_ACCOUNT_NUMBER",
    "TRANSITION_VIEW LOADING", "TRANSITION_VIEW CONNECTED", "HANDOFF",
  ]);
});
