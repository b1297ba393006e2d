// Update mode with unmodified react-plaid-link (link-web.md section 4.10): an Item
// is broken, repaired and used again under the same access token.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { stage } from "../lib/person.mjs";

let world, person, plaid;
before(async () => {
  world = await stage();
  plaid = world.glencheck.plaid;
});
after(() => world?.close());
afterEach(() => person?.close());

/** An Item of a login without Link. */
async function item(options = {}) {
  const { data } = await plaid.sandboxPublicTokenCreate({ institution_id: "ins_109508", initial_products: ["auth"], options });
  return (await plaid.itemPublicTokenExchange({ public_token: data.public_token })).data;
}

/** A link token of update mode, as an application's server asks for it. */
async function updateToken(access_token, more = {}) {
  const { data } = await plaid.linkTokenCreate({ client_name: "Wonderwallet", language: "en", country_codes: ["US"], user: { client_user_id: "user-id-4821" }, access_token, ...more });
  return data.link_token;
}

const codeOf = async (call) => call.then(() => null, (e) => e.response.data.error_code);

test("a broken login is renewed; the access token works again, and the callbacks are as documented", async () => {
  const { access_token, item_id } = await item();
  const before = (await plaid.authGet({ access_token })).data;
  await plaid.sandboxItemResetLogin({ access_token });
  assert.equal(await codeOf(plaid.authGet({ access_token })), "ITEM_LOGIN_REQUIRED");

  person = await world.open(await updateToken(access_token));
  await person.view("CREDENTIAL");
  assert.deepEqual(await person.look("update-credentials-1280-light"), []);
  await person.login("user_yuppie", "anything");
  await person.link.locator("#aut-input-0-input[aria-invalid=true]").waitFor();
  assert.equal(await person.link.locator("#aut-input-0-input").evaluate((el) => el === document.activeElement), true, "focus is where the mistake is");
  assert.deepEqual(await person.look("update-other-user-1280-light"), []);
  await person.login("user_good", "mfa_device");
  await person.view("MFA");
  await person.submit();
  await person.link.locator(".code-input").fill("1234");
  await person.view("CONNECTED");
  assert.deepEqual(await person.look("update-done-1280-light"), []);
  await person.submit();
  const [publicToken, metadata] = await person.told("success");
  assert.match(publicToken, /^public-sandbox-/);
  assert.deepEqual(metadata.institution, { name: "First Platypus Bank", institution_id: "ins_109508" });
  assert.equal(metadata.accounts.length, 14);
  assert.deepEqual(await person.events(), [
    "OPEN CREDENTIAL", "TRANSITION_VIEW CREDENTIAL",
    "SUBMIT_CREDENTIALS", "TRANSITION_VIEW LOADING", "ERROR INVALID_UPDATED_USERNAME", "TRANSITION_VIEW CREDENTIAL",
    "SUBMIT_CREDENTIALS", "TRANSITION_VIEW LOADING",
    "TRANSITION_VIEW device", "SUBMIT_MFA device", "TRANSITION_VIEW LOADING",
    "TRANSITION_VIEW code", "SUBMIT_MFA code", "TRANSITION_VIEW LOADING",
    "TRANSITION_VIEW CONNECTED", "HANDOFF",
  ]);
  const events = await person.heard("event");
  assert.equal(events[0].args[1].is_update_mode, "true");
  assert.deepEqual(events.slice(1).map((e) => e.args[1].is_update_mode).filter(Boolean), []);
  assert.ok(events.every((e) => e.args[1].institution_id === "ins_109508"), "the institution is known from the beginning");
  assert.deepEqual([person.seen.strangers, person.seen.errors], [[], []]);

  const after = (await plaid.authGet({ access_token })).data;
  assert.deepEqual(after.numbers, before.numbers);
  const { data } = await plaid.itemGet({ access_token });
  assert.deepEqual([data.item.item_id, data.item.error], [item_id, null]);
});

const custom = (...masks) => JSON.stringify({ seed: "s", override_accounts: masks.map((mask) => ({ meta: { mask } })) });

test("accounts are chosen anew: one stays under its id, one goes, one comes", async () => {
  const { access_token } = await item({ override_username: "user_custom", override_password: custom("1001", "1002") });
  const had = (await plaid.accountsGet({ access_token })).data.accounts;
  person = await world.open(await updateToken(access_token, { update: { account_selection_enabled: true } }));
  await person.login("user_custom", custom("1001", "1002", "1003"));
  await person.view("SELECT_ACCOUNT");
  const box = (mask) => person.link.getByTestId(`account-${mask}`).getByRole("checkbox");
  assert.deepEqual(await Promise.all(["1001", "1002", "1003"].map((m) => box(m).isChecked())), [true, true, false]);
  assert.deepEqual(await person.look("update-accounts-1280-light"), []);
  await box("1002").uncheck();
  await box("1003").check();
  await person.submit();
  await person.view("CONNECTED");
  await person.submit();
  const [, metadata] = await person.told("success");
  assert.deepEqual(metadata.accounts.map((a) => a.mask), ["1001", "1003"]);
  assert.equal(metadata.accounts[0].id, had[0].account_id);
  assert.ok(!had.some((a) => a.account_id === metadata.accounts[1].id));
  const { data } = await plaid.authGet({ access_token });
  assert.deepEqual(data.numbers.ach.map((n) => [n.account_id, n.account]), [[metadata.accounts[0].id, "1111222233331001"], [metadata.accounts[1].id, "1111222233331003"]]);
  assert.equal(await codeOf(plaid.accountsGet({ access_token, options: { account_ids: [had[1].account_id] } })), "INVALID_ACCOUNT_ID");
});

test("more products: consent is all that is asked for", async () => {
  const { access_token } = await item();
  person = await world.open(await updateToken(access_token, { additional_consented_products: ["identity", "transactions"] }));
  await person.view("CONSENT");
  await person.submit();
  await person.view("CONNECTED");
  await person.submit();
  await person.told("success");
  assert.deepEqual(await person.events(), ["OPEN CONSENT", "TRANSITION_VIEW CONSENT", "TRANSITION_VIEW CONNECTED", "HANDOFF"]);
  const { data } = await plaid.itemGet({ access_token });
  assert.deepEqual(data.item.consented_products, ["auth", "identity", "transactions"]);
});

test("leaving changes nothing: at once from the first pane, later after a question", async () => {
  const { access_token } = await item();
  await plaid.sandboxItemResetLogin({ access_token });
  const token = await updateToken(access_token);
  person = await world.open(token);
  await person.view("CREDENTIAL");
  await person.page.keyboard.press("Escape");
  let [error, metadata] = await person.told("exit");
  assert.deepEqual([error, metadata.status, metadata.institution.institution_id], [null, "requires_credentials", "ins_109508"]);
  await person.close();

  person = await world.open(token, { viewport: { width: 360, height: 640 }, colorScheme: "dark" });
  await person.login("user_good", "error_INSTITUTION_NOT_RESPONDING");
  await person.view("ERROR");
  assert.deepEqual(await person.look("update-error-360-dark"), []);
  await person.submit(); // try again: there is no other bank
  await person.view("CREDENTIAL");
  await person.link.getByTestId("link-close").click();
  await person.link.getByRole("alertdialog").waitFor();
  assert.deepEqual(await person.look("update-exit-360-dark"), []);
  await person.link.getByTestId("exit-confirm").click();
  [error, metadata] = await person.told("exit");
  assert.deepEqual([error.error_code, metadata.status], ["INSTITUTION_NOT_RESPONDING", "requires_credentials"]);
  assert.equal((await plaid.itemGet({ access_token })).data.item.error.error_code, "ITEM_LOGIN_REQUIRED");
});

test("an Item that is removed meanwhile ends in ITEM_NOT_FOUND", async () => {
  const { access_token } = await item();
  const token = await updateToken(access_token);
  person = await world.open(token);
  await person.view("CREDENTIAL");
  await plaid.itemRemove({ access_token });
  await person.login("user_good", "pass_good");
  await person.view("ERROR");
  await person.submit();
  let [error] = await person.told("exit");
  assert.equal(error.error_code, "ITEM_NOT_FOUND");
  await person.close();
  person = await world.open(token);
  [error] = await person.told("exit");
  assert.equal(error.error_code, "ITEM_NOT_FOUND");
});
