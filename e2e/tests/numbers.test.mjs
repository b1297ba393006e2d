// Typed account numbers in Chromium: Instant Match (seed 001; link-web.md section 4.3).

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, afterEach, before, test } from "node:test";
import { CLIENT_ID, linkToken, SECRET } from "../lib/glencheck.mjs";
import { stage } from "../lib/person.mjs";

const houndstooth = "ins_109512";
let house, person;

before(async () => {
  house = await stage();
});
after(() => house?.close());
afterEach(() => person?.close());

const routing = () => person.link.locator("#device-input");
const account = () => person.link.locator("#account-number-input");
const wrong = (input) => person.link.locator(`#${input}-error`);

async function arrive(more = {}, options = {}) {
  person = await house.open(await linkToken(house.glencheck.plaid, more), options);
}

/** To the pane that asks for the numbers of an account. */
async function toNumbers(mask = "1111", password = "pass_good") {
  await person.toLogin(houndstooth);
  await person.login("user_good", password);
  await person.view("SELECT_ACCOUNT");
  await person.link.getByTestId(`account-${mask}`).click();
  await person.submit();
  await person.view("NUMBERS");
}

async function type(routingNumber, accountNumber) {
  await routing().fill(routingNumber);
  await account().fill(accountNumber);
  await person.submit();
}

test("Instant Match: the events of the guide, and the numbers that were typed", async () => {
  await arrive();
  await toNumbers();
  assert.deepEqual(await person.look("numbers"), []);
  await type("021000021", "1111 2222 3333 1111");
  await person.view("CONNECTED");
  await person.submit();
  const [publicToken, metadata] = await person.told("success");
  assert.deepEqual(metadata.accounts.map((a) => [a.mask, a.verification_status]), [["1111", null]]);
  assert.deepEqual(await person.events(), [
    "OPEN CONSENT", "TRANSITION_VIEW SELECT_INSTITUTION", "SELECT_INSTITUTION", "TRANSITION_VIEW CREDENTIAL", "SUBMIT_CREDENTIALS", "TRANSITION_VIEW LOADING",
    "TRANSITION_VIEW SELECT_ACCOUNT", "TRANSITION_VIEW NUMBERS", "TRANSITION_VIEW LOADING", "TRANSITION_VIEW CONNECTED", "HANDOFF",
  ]);
  const { data } = await house.glencheck.plaid.itemPublicTokenExchange({ public_token: publicToken });
  const { data: auth } = await house.glencheck.plaid.authGet({ access_token: data.access_token });
  assert.deepEqual(auth.numbers.ach.map((n) => [n.routing, n.account, n.wire_routing]), [["021000021", "1111222233331111", null]]);
  assert.equal(auth.item.auth_method, "INSTANT_MATCH");
  assert.deepEqual(person.seen.errors, []);
});

test("what is wrong is said below its field, and what was typed stays", async () => {
  await arrive({}, { viewport: { width: 360, height: 740 } });
  await toNumbers();
  await person.submit();
  await wrong("device-input").getByText("Enter the routing number.").waitFor();
  await wrong("account-number-input").getByText("Enter the account number.").waitFor();
  await type("021000022", "123");
  await wrong("device-input").getByText("This isn’t a routing number. Check each digit.").waitFor();
  await wrong("account-number-input").getByText("An account number has 4 to 17 digits. This one has 3.").waitFor();
  assert.equal(await routing().inputValue(), "021000022");
  assert.equal(await account().inputValue(), "123");
  assert.equal(await routing().getAttribute("inputmode"), "numeric");
  assert.deepEqual(await person.look("numbers-wrong-360"), []);
  await type("021000021", "1111222233330000");
  await wrong("account-number-input").getByText("ends in 1111").waitFor();
  assert.equal(await account().inputValue(), "1111222233330000");
  assert.equal(await person.frame.evaluate(() => document.activeElement.id), "account-number-input");
});

test("three mismatches end it, and the login begins anew; the sandbox strip knows what is right", async () => {
  await arrive();
  await toNumbers();
  for (const number of ["1111222233330000", "9999222233331111"]) {
    await type("021000021", number);
    await wrong("account-number-input").waitFor();
  }
  await type("110000000", "1111222233331111");
  await person.view("ERROR");
  await person.link.getByText("INSTANT_MATCH_FAILED").waitFor();
  assert.deepEqual(await person.look("numbers-failed"), []);
  await person.submit();
  await person.login("user_good", "pass_good");
  await person.view("SELECT_ACCOUNT");
  await person.submit();
  await person.view("NUMBERS");
  await person.link.getByTestId("sandbox-hint").getByRole("button").click();
  await person.submit();
  await person.view("CONNECTED");
});

test("Automated Micro-deposits: a name more, a pending account, the same events", async () => {
  await arrive({ auth: { automated_microdeposits_enabled: true } }, { viewport: { width: 360, height: 740 } });
  await toNumbers("0000", "microdeposits_good");
  await type("021000021", "1111222233330000");
  await wrong("name-input").getByText("Enter the name on the account.").waitFor();
  assert.deepEqual(await person.look("numbers-name-360"), []);
  await person.link.getByLabel("Name on the account").fill("Alberta Bobbeth Charleson");
  await person.submit();
  await person.view("CONNECTED");
  await person.link.getByRole("heading", { name: "Almost done" }).waitFor();
  assert.deepEqual(await person.look("numbers-pending-360"), []);
  await person.submit();
  const [publicToken, metadata] = await person.told("success");
  assert.deepEqual(metadata.accounts.map((a) => [a.mask, a.verification_status]), [["0000", "pending_automatic_verification"]]);
  assert.deepEqual((await person.events()).slice(-5), [
    "TRANSITION_VIEW SELECT_ACCOUNT", "TRANSITION_VIEW NUMBERS", "TRANSITION_VIEW LOADING", "TRANSITION_VIEW CONNECTED", "HANDOFF",
  ]);
  const { data } = await house.glencheck.plaid.itemPublicTokenExchange({ public_token: publicToken });
  const access = { access_token: data.access_token };
  await assert.rejects(house.glencheck.plaid.authGet(access), (e) => e.response.data.error_code === "PRODUCT_NOT_READY");
  await house.glencheck.plaid.sandboxItemSetVerificationStatus({ ...access, account_id: metadata.accounts[0].id, verification_status: "automatically_verified" });
  const { data: auth } = await house.glencheck.plaid.authGet(access);
  assert.equal(auth.accounts[0].verification_status, "automatically_verified");
  assert.equal(auth.item.auth_method, "AUTOMATED_MICRODEPOSITS");
});

/** Calls one of Glencheck's own levers. */
async function lever(path, body) {
  const headers = { "content-type": "application/json", "plaid-client-id": CLIENT_ID, "plaid-secret": SECRET };
  const answer = await fetch(house.glencheck.url + path, { method: "POST", headers, body: JSON.stringify(body) });
  assert.equal(answer.status, 200, path);
  return answer.json();
}

test("the calls of the guide to micro-deposit events, with the npm client", async () => {
  const { plaid } = house.glencheck;
  const { account_id } = await lever("/sandbox/item/create_with_verification_status", { verification_status: "pending_manual_verification" });
  const mine = async () => (await plaid.bankTransferEventList({ account_id })).data.bank_transfer_events;
  const [pending] = await mine();
  assert.deepEqual([pending.event_type, pending.bank_transfer_amount, pending.direction], ["pending", "0.01", "outbound"]);

  const receiver = createServer();
  await once(receiver.listen(0, "127.0.0.1"), "listening");
  try {
    const webhook = `http://127.0.0.1:${receiver.address().port}/events`;
    const heard = once(receiver, "request");
    await plaid.sandboxBankTransferFireWebhook({ webhook });
    const [request, response] = await heard;
    let body = "";
    for await (const part of request) body += part;
    response.end();
    assert.deepEqual(JSON.parse(body), { webhook_type: "BANK_TRANSFERS", webhook_code: "BANK_TRANSFERS_EVENTS_UPDATE", environment: "sandbox" });
    assert.ok(request.headers["plaid-verification"]);
  } finally {
    receiver.close();
  }

  const { bank_transfer_id } = pending;
  await plaid.sandboxBankTransferSimulate({ bank_transfer_id, event_type: "posted" });
  await plaid.sandboxBankTransferSimulate({ bank_transfer_id, event_type: "reversed", failure_reason: { ach_return_code: "R03", description: "no account" } });
  const { data } = await plaid.bankTransferEventSync({ after_id: pending.event_id });
  const told = data.bank_transfer_events.filter((e) => e.bank_transfer_id === bank_transfer_id);
  assert.deepEqual(told.map((e) => [e.event_type, e.failure_reason?.ach_return_code]), [["posted", undefined], ["reversed", "R03"]]);
  assert.deepEqual((await mine()).map((e) => e.event_type), ["reversed", "posted", "pending"]);
});
