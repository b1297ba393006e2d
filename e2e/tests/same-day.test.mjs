// Account numbers instead of a login, in Chromium: Same Day Micro-deposits from a
// search that finds nothing to the code (link-web.md sections 4.6 and 4.8).

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { violations } from "../lib/axe.mjs";
import { until } from "../lib/browser.mjs";
import { CLIENT_ID, linkToken, SECRET } from "../lib/glencheck.mjs";
import { line, stage } from "../lib/person.mjs";

let house, person;

before(async () => {
  house = await stage();
});
after(() => house?.close());
afterEach(() => person?.close());

const same_day_microdeposits_enabled = true;
const field = (id) => person.link.locator(`#${id}`);
async function arrive(more, options) {
  person = await house.open(await linkToken(house.glencheck.plaid, { client_name: "Wonderwallet", ...more }), options);
}
async function type(fields) {
  for (const [id, value] of Object.entries(fields)) await field(id).fill(value);
  await person.submit();
}
async function lever(path, body) {
  const answer = await fetch(house.glencheck.url + path, {
    method: "POST", headers: { "content-type": "application/json", "plaid-client-id": CLIENT_ID, "plaid-secret": SECRET }, body: JSON.stringify(body),
  });
  return answer.json();
}

/** Types everything from the routing number to the authorization. */
async function typeNumbers(routing = "110000000", account = "1111222233330000") {
  await person.view("NUMBERS");
  await type({ "device-input": routing });
  await type({ "account-number-input": account, "account-number-confirmation": account });
  await type({ "name-input": "Alberta Bobbeth Charleson" });
  await field("account-subtype-0").check();
  await person.submit();
  await person.link.getByRole("button", { name: "Authorize" }).click();
  await person.view("SAME_DAY_MICRODEPOSIT_AUTHORIZED");
}

/** Leads through Link to an Item whose deposit is on its way. */
async function deposit() {
  await arrive({ auth: { same_day_microdeposits_enabled, auth_type_select_enabled: true } });
  await person.view("CONSENT");
  await person.submit();
  await field("flow-type-manual").click();
  await typeNumbers();
  await person.submit();
  await person.view("CONNECTED");
  await person.submit();
  const [public_token, metadata] = await person.told("success");
  const { data } = await house.glencheck.plaid.itemPublicTokenExchange({ public_token });
  return { access_token: data.access_token, metadata };
}

test("from a search that finds nothing to a verified account: the code is read in online banking", async () => {
  await arrive({ auth: { same_day_microdeposits_enabled } }, { viewport: { width: 360, height: 740 } });
  await person.view("CONSENT");
  await person.submit();
  await person.view("SELECT_INSTITUTION");
  await field("search-input-input").fill("gibberish");
  await person.link.getByText("or enter your account numbers").waitFor();
  await person.link.getByRole("button", { name: "Enter account numbers instead" }).click();
  await typeNumbers();
  await person.submit();
  await person.view("CONNECTED");
  await person.submit();
  const [public_token, metadata] = await person.told("success");
  assert.equal(metadata.institution, null);
  assert.deepEqual(metadata.accounts.map((a) => [a.name, a.mask, a.subtype, a.verification_status]), [["Checking...0000", "0000", "checking", "pending_manual_verification"]]);
  assert.deepEqual(await person.events(), [
    "OPEN CONSENT", "TRANSITION_VIEW SELECT_INSTITUTION", "SEARCH_INSTITUTION", "TRANSITION_VIEW NUMBERS", "SUBMIT_ROUTING_NUMBER", "SUBMIT_ACCOUNT_NUMBER",
    "TRANSITION_VIEW SAME_DAY_MICRODEPOSIT_AUTHORIZED", "TRANSITION_VIEW LOADING", "TRANSITION_VIEW CONNECTED", "HANDOFF",
  ]);
  const told = Object.fromEntries((await person.heard("event")).map((e) => [e.args[0], e.args[1]]));
  assert.equal(told.SUBMIT_ROUTING_NUMBER.routing_number, "110000000");
  assert.equal(told.SUBMIT_ACCOUNT_NUMBER.account_number_mask, "0000");
  assert.deepEqual(person.seen.errors, []);
  const { data } = await house.glencheck.plaid.itemPublicTokenExchange({ public_token });
  const { access_token } = data;
  await assert.rejects(house.glencheck.plaid.authGet({ access_token }), (e) => e.response.data.error_code === "PRODUCT_NOT_READY");

  // At the bank: the statement of the account, by its number.
  const bank = await person.context.newPage();
  await bank.goto(`${house.glencheck.url}/bank/online`);
  await bank.locator("#account").fill("1111222233330000");
  await bank.locator("#account").press("Enter");
  const code = await bank.locator("mark").first().textContent();
  assert.match(code, /^[A-Z]{3}$/);
  await person.close();

  await arrive({ access_token, products: undefined }, { viewport: { width: 360, height: 740 } });
  await person.view("SAME_DAY_MICRODEPOSIT_VERIFICATION");
  await field("deposit-code-input").pressSequentially("xyz");
  await person.link.getByText("You have 2 tries left").waitFor();
  await field("deposit-code-input").fill("");
  await field("deposit-code-input").pressSequentially(code.toLowerCase());
  await person.view("CONNECTED");
  await person.submit();
  const [, verified] = await person.told("success");
  assert.deepEqual(verified.accounts.map((a) => a.verification_status), ["manually_verified"]);
  assert.deepEqual(await person.events(), [
    "OPEN SAME_DAY_MICRODEPOSIT_VERIFICATION", "TRANSITION_VIEW SAME_DAY_MICRODEPOSIT_VERIFICATION", "ERROR INCORRECT_DEPOSIT_VERIFICATION",
    "TRANSITION_VIEW SAME_DAY_MICRODEPOSIT_VERIFICATION", "TRANSITION_VIEW LOADING", "TRANSITION_VIEW CONNECTED", "HANDOFF",
  ]);
  const { data: auth } = await house.glencheck.plaid.authGet({ access_token });
  assert.deepEqual(auth.numbers.ach.map((n) => [n.routing, n.account]), [["110000000", "1111222233330000"]]);
  assert.equal(auth.item.auth_method, "SAME_DAY_MICRODEPOSITS");
  await person.close();

  // Nothing is left to do: Link closes at once.
  await arrive({ access_token, products: undefined });
  const [again] = await person.told("success");
  assert.match(again, /^public-sandbox-/);
  assert.deepEqual(await person.events(), ["OPEN SAME_DAY_MICRODEPOSIT_VERIFICATION", "HANDOFF"]);
  assert.deepEqual(person.seen.errors, []);
});

test("three wrong codes lock the account, and closing says why", async () => {
  const { access_token } = await deposit();
  await person.close();
  await arrive({ access_token, products: undefined });
  for (const [code, words] of [["AAA", "You have 2 tries left"], ["BBB", "You have 1 try left"]]) {
    await person.view("SAME_DAY_MICRODEPOSIT_VERIFICATION");
    await field("deposit-code-input").fill(code);
    await person.link.getByText(words).waitFor();
  }
  await field("deposit-code-input").fill("CCC");
  await person.view("ERROR");
  await person.link.getByText("That was the last try").waitFor();
  await person.submit();
  const [error, metadata] = await person.told("exit");
  assert.deepEqual([error.error_type, error.error_code, metadata.status, metadata.institution], ["INVALID_INPUT", "TOO_MANY_VERIFICATION_ATTEMPTS", "requires_credentials", null]);
  const { data } = await house.glencheck.plaid.accountsGet({ access_token });
  assert.equal(data.accounts[0].verification_status, "verification_failed");
});

test("a routing number of a bank with a login leads there, and the way out leads back to the numbers", async () => {
  await arrive({ auth: { same_day_microdeposits_enabled, reroute_to_credentials: "FORCED" } });
  await person.view("CONSENT");
  await person.submit();
  await person.link.getByRole("button", { name: "Enter account numbers instead" }).click();
  await person.view("NUMBERS");
  await type({ "device-input": "021200339" });
  await person.view("NUMBERS_SELECT_INSTITUTION");
  assert.equal(await person.link.locator("#aut-secondary-button").count(), 0);
  await field("aut-ins_1").click();
  await person.view("CREDENTIAL");
  await person.link.getByTestId("link-close").click();
  await person.link.locator('.sheet [data-action="instead"]').click();
  await person.view("NUMBERS");
  await person.leave();
  const heard = await person.heard("event");
  assert.deepEqual(heard.map(line), [
    "OPEN CONSENT", "TRANSITION_VIEW SELECT_INSTITUTION", "TRANSITION_VIEW NUMBERS", "SUBMIT_ROUTING_NUMBER", "TRANSITION_VIEW NUMBERS_SELECT_INSTITUTION",
    "SELECT_INSTITUTION", "TRANSITION_VIEW CREDENTIAL", "TRANSITION_VIEW EXIT", "TRANSITION_VIEW NUMBERS", "TRANSITION_VIEW EXIT", "EXIT requires_credentials",
  ]);
  assert.equal(heard[4].args[1].view_variant, "MULTI_INSTITUTION");
  assert.ok(heard.every((e, n) => n === 4 || !("view_variant" in e.args[1])));
});

test("a message about the deposit leads to a page of its own", async () => {
  await arrive({ auth: { same_day_microdeposits_enabled, auth_type_select_enabled: true } });
  await person.view("CONSENT");
  await person.submit();
  await field("flow-type-manual").click();
  await typeNumbers();
  await type({ "phone-input": "555-0010" });
  await person.link.getByText("Enter a mobile number of the United States").waitFor();
  await type({ "phone-input": "415-555-0010" });
  await person.view("CONNECTED");
  await person.submit();
  const [public_token] = await person.told("success");
  const { data } = await house.glencheck.plaid.itemPublicTokenExchange({ public_token });
  await lever("/sandbox/clock/advance", { days: 7 });
  const { text_messages } = await until(async () => {
    const answer = await lever("/sandbox/item/text_messages/get", { access_token: data.access_token });
    return answer.text_messages.length ? answer : null;
  }, "the message");
  const page = await person.context.newPage();
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto(text_messages[0].url);
  await page.locator('.pane[data-view="SAME_DAY_MICRODEPOSIT_VERIFICATION"]').waitFor();
  assert.deepEqual(await violations(page.mainFrame()), []);
  await page.locator("#deposit-code-input").fill("ABC");
  await page.locator('.pane[data-view="CONNECTED"]').waitFor();
  await page.locator("#aut-button").click();
  const { data: accounts } = await house.glencheck.plaid.accountsGet({ access_token: data.access_token });
  assert.equal(accounts.accounts[0].verification_status, "manually_verified");
});
