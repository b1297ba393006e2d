// The returning user in Chromium: a phone number, a code, and what is saved with
// it (link-web.md section 4.15), for each of the sandbox's own numbers.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { CLIENT_ID, linkToken, SECRET } from "../lib/glencheck.mjs";
import { stage } from "../lib/person.mjs";

let house, person, token;

/** A lever of the sandbox that the official client does not know. */
const lever = async (path, body) => {
  const answer = await fetch(house.glencheck.url + path, { method: "POST", headers: { "content-type": "application/json", "plaid-client-id": CLIENT_ID, "plaid-secret": SECRET }, body: JSON.stringify(body) });
  assert.equal(answer.status, 200, await answer.clone().text());
  return answer.json();
};

before(async () => {
  house = await stage();
  await lever("/sandbox/team/customization/set", { name: "returning", returning_user: true });
});
after(() => house?.close());
afterEach(() => person?.close());

async function arrive(more = {}, options = {}) {
  token = await linkToken(house.glencheck.plaid, { link_customization_name: "returning", ...more });
  person = await house.open(token, options);
  await person.view("CONSENT");
  await person.submit();
}

const css = (selector) => person.link.locator(selector);

async function number(phone) {
  await person.view("SUBMIT_PHONE");
  await css("#phone-input").fill(phone);
  await person.submit();
  await person.view("VERIFY_PHONE");
}

/** The code field submits by itself when it is full. */
const code = (digits = "123456") => css("#otp-code-input-input").pressSequentially(digits);

async function choose(...masks) {
  for (const mask of masks) await person.link.getByTestId(`account-${mask}`).click();
  await person.submit();
  await person.view("CONNECTED");
}

const told = async () => (await person.heard("event")).map((e) => [e.args[0], e.args[1].view_name ?? e.args[1].error_code ?? e.args[1].exit_status, e.args[1].match_reason].filter(Boolean).join(" "));

const asked = ["OPEN CONSENT", "TRANSITION_VIEW SUBMIT_PHONE", "SUBMIT_PHONE", "TRANSITION_VIEW VERIFY_PHONE", "SUBMIT_OTP", "VERIFY_PHONE"];
const login = ["SELECT_INSTITUTION", "TRANSITION_VIEW CREDENTIAL", "SUBMIT_CREDENTIALS", "TRANSITION_VIEW LOADING", "TRANSITION_VIEW SELECT_ACCOUNT", "TRANSITION_VIEW LOADING", "TRANSITION_VIEW CONNECTED", "HANDOFF"];
const saved = ["TRANSITION_VIEW SELECT_SAVED_ACCOUNT", "TRANSITION_VIEW LOADING", "TRANSITION_VIEW CONNECTED", "HANDOFF"];

/** The account numbers of what was linked, by the official client. */
async function numbers() {
  const [publicToken, metadata] = await person.told("success");
  const { data } = await house.glencheck.plaid.itemPublicTokenExchange({ public_token: publicToken });
  const { data: auth } = await house.glencheck.plaid.authGet({ access_token: data.access_token });
  return { institution: metadata.institution.institution_id, masks: metadata.accounts.map((a) => a.mask), ach: auth.numbers.ach.length };
}

test("0010, a new number: a bank is linked and saved, and found again", async () => {
  const fresh = "415-555-0142";
  await arrive();
  await number(fresh);
  await code();
  await person.view("SELECT_INSTITUTION");
  await css("#aut-ins_109508").click();
  await person.login("user_good", "pass_good");
  await person.view("SELECT_ACCOUNT");
  await choose("0000", "1111");
  assert.equal(await css("#aut-button").textContent(), "Save and finish");
  assert.equal(await css("#aut-secondary-button").textContent(), "Finish without saving");
  await person.submit();
  assert.deepEqual(await numbers(), { institution: "ins_109508", masks: ["0000", "1111"], ach: 2 });
  assert.deepEqual(await told(), [...asked, "TRANSITION_VIEW SELECT_INSTITUTION", ...login]);
  await person.close();

  await arrive();
  await number(fresh);
  await code();
  await person.view("SELECT_SAVED_INSTITUTION");
  await css("#aut-ins_109508").click();
  await person.view("SELECT_SAVED_ACCOUNT");
  await choose("1111");
  await person.submit();
  assert.deepEqual(await numbers(), { institution: "ins_109508", masks: ["1111"], ach: 1 });
  await person.close();

  assert.equal((await lever("/sandbox/returning_user/reset", { phone_number: fresh })).forgotten, 1);
  for (const phone of [fresh, "415-555-0010"]) {
    await arrive();
    await number(phone);
    await code();
    await person.view("SELECT_INSTITUTION");
    await person.close();
  }
});

for (const [name, phone, institution, masks] of [
  ["0011, saved accounts", "415-555-0011", "ins_109508", ["0000"]],
  ["0012, a second bank since", "(415) 555-0012", "ins_109511", []],
  ["0013, a bank with pages of its own", "+1 415 555 0013", "ins_127287", ["0000", "1111"]],
]) {
  test(name, async () => {
    await arrive();
    await number(phone);
    await code();
    await person.view("SELECT_SAVED_INSTITUTION");
    await css(`#aut-${institution}`).click();
    await person.view("SELECT_SAVED_ACCOUNT");
    await choose(...masks);
    await person.submit();
    assert.deepEqual(await numbers(), { institution, masks: masks.length ? masks : ["0000"], ach: masks.length || 1 });
    assert.deepEqual(await told(), [...asked, "TRANSITION_VIEW SELECT_SAVED_INSTITUTION", "SELECT_INSTITUTION SAVED_INSTITUTION", ...saved]);
  });
}

test("0014, a new device: the bank asks again", async () => {
  await arrive();
  await number("415-555-0014");
  await code();
  await person.view("SELECT_SAVED_INSTITUTION");
  await css("#aut-ins_109508").click();
  await person.login("user_good", "pass_good");
  await person.view("SELECT_ACCOUNT");
  await choose("0000");
  await css("#aut-secondary-button").click();
  assert.deepEqual(await numbers(), { institution: "ins_109508", masks: ["0000"], ach: 1 });
  assert.deepEqual(await told(), [...asked, "TRANSITION_VIEW SELECT_SAVED_INSTITUTION", "SELECT_INSTITUTION SAVED_INSTITUTION", ...login.slice(1)]);
});

test("0015, one saved account: chosen at once", async () => {
  await arrive();
  await number("415-555-0015");
  await code();
  await person.view("SELECT_SAVED_ACCOUNT");
  assert.equal(await css("fieldset.choices input").isChecked(), true);
  await choose();
  await person.submit();
  assert.deepEqual(await numbers(), { institution: "ins_109508", masks: ["0000"], ach: 1 });
  assert.deepEqual(await told(), [...asked, "AUTO_SELECT_SAVED_INSTITUTION", "SELECT_INSTITUTION AUTO_SELECT_SAVED_INSTITUTION", ...saved]);
});

test("another bank than the saved ones", async () => {
  await arrive();
  await number("415-555-0011");
  await code();
  await person.view("SELECT_SAVED_INSTITUTION");
  await css("#aut-secondary-button").click();
  await person.view("SELECT_INSTITUTION");
  await css("#aut-ins_109511").click();
  await person.login("user_good", "pass_good");
  await person.view("SELECT_ACCOUNT");
  await choose("0000");
  await css("#aut-secondary-button").click();
  assert.equal((await numbers()).institution, "ins_109511");
  assert.deepEqual(await told(), [...asked, "TRANSITION_VIEW SELECT_SAVED_INSTITUTION", "CONNECT_NEW_INSTITUTION", "TRANSITION_VIEW SELECT_INSTITUTION", ...login]);
});

test("a guest, and whoever mistypes too often", async () => {
  await arrive();
  await person.view("SUBMIT_PHONE");
  await css("#aut-secondary-button").click();
  await person.view("SELECT_INSTITUTION");
  await person.link.getByTestId("link-close").click();
  await person.told("exit");
  assert.deepEqual(await told(), ["OPEN CONSENT", "TRANSITION_VIEW SUBMIT_PHONE", "SKIP_SUBMIT_PHONE", "TRANSITION_VIEW SELECT_INSTITUTION", "EXIT institution_not_found"]);
  await person.close();

  await arrive();
  await person.view("SUBMIT_PHONE");
  await person.submit();
  await css("#phone-input[aria-invalid=true]").waitFor();
  await css("#phone-input").fill("111 222 3333");
  await person.submit();
  await person.link.getByText("There is no such phone number.").waitFor();
  await css("#phone-country").selectOption("+44");
  await css("#phone-input").fill("020 7946 0018");
  await person.submit();
  await person.view("VERIFY_PHONE");
  for (const wrong of ["000000", "111111"]) {
    await code(wrong);
    await css("#otp-code-input-input[aria-invalid=true]").waitFor();
    await css("#otp-code-input-input").fill("");
  }
  await code("222222");
  await person.view("ERROR");
  assert.deepEqual(await person.look("returning-error"), []);
  await person.submit();
  await person.view("SELECT_INSTITUTION");
  await person.link.getByTestId("link-close").click();
  const [error, metadata] = await person.told("exit");
  assert.equal(error.error_code, "PROFILE_AUTHENTICATION_FAILED");
  assert.equal(typeof error.display_message, "string");
  assert.equal(metadata.status, "institution_not_found");
  assert.deepEqual((await told()).filter((e) => e.startsWith("ERROR")), ["ERROR INVALID_PHONE_NUMBER", "ERROR INVALID_OTP", "ERROR INVALID_OTP", "ERROR PROFILE_AUTHENTICATION_FAILED"]);
});

test("a number that the client knows: never shown, and asked for at once where something is saved", async () => {
  const user = { client_user_id: "user-1", phone_number: "+14155550011" };
  await arrive({ link_customization_name: undefined, user });
  await person.view("VERIFY_PHONE");
  await person.link.getByText("ending in 0011").waitFor();
  await person.link.getByTestId("link-back").click();
  await person.view("SUBMIT_PHONE");
  assert.equal(await css("#phone-input").inputValue(), "••• 0011");
  assert.ok(!(await person.frame.content()).includes("4155550011"));
  await person.submit();
  await person.view("VERIFY_PHONE");
  await person.link.getByTestId("sandbox-hint").getByRole("button").click();
  await person.view("SELECT_SAVED_INSTITUTION");
  await person.link.getByTestId("link-close").click();
  await person.told("exit");
  assert.deepEqual((await told()).slice(0, 5), ["OPEN CONSENT", "AUTO_SUBMIT_PHONE", "TRANSITION_VIEW VERIFY_PHONE", "TRANSITION_VIEW SUBMIT_PHONE", "SUBMIT_PHONE"]);
  await person.close();

  await arrive({ link_customization_name: undefined, user: { client_user_id: "user-2", phone_number: "+14155550177" } });
  await person.view("SUBMIT_PHONE");
  await person.submit();
  await person.view("VERIFY_PHONE");
});
