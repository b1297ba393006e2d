// What a bank may ask besides a password, and what it may answer: link-web.md
// sections 4.1, 4.11 and 5, in Chromium, with the events that the app hears.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, afterEach, before, test } from "node:test";
import { linkToken } from "../lib/glencheck.mjs";
import { stage } from "../lib/person.mjs";

let world, person;
before(async () => (world = await stage()));
after(() => world?.close());
afterEach(() => person?.close());

const opening = ["OPEN CONSENT", "TRANSITION_VIEW SELECT_INSTITUTION", "SELECT_INSTITUTION", "TRANSITION_VIEW CREDENTIAL"];
const start = async (more, options) => (person = await world.open(await linkToken(world.glencheck.plaid, more), options));

test("a check for robots is ticked, and the account is connected", async () => {
  await start();
  await person.toLogin();
  await person.login("user_good", `{"recaptcha":"good"}`);
  await person.view("RECAPTCHA");
  assert.deepEqual(await person.look("recaptcha-1280-light"), []);
  await person.submit();
  await person.link.getByRole("alert").waitFor(); // the box is not ticked
  await person.link.getByRole("checkbox", { name: "I’m not a robot" }).check();
  await person.submit();
  await person.view("SELECT_ACCOUNT");
  await person.link.getByTestId("account-0000").click();
  await person.submit();
  await person.view("CONNECTED");
  await person.submit();
  await person.told("success");
  assert.deepEqual(await person.events(), [
    ...opening,
    "SUBMIT_CREDENTIALS", "TRANSITION_VIEW LOADING", "ERROR RECAPTCHA_REQUIRED", "TRANSITION_VIEW RECAPTCHA",
    "TRANSITION_VIEW LOADING", "TRANSITION_VIEW SELECT_ACCOUNT",
    "TRANSITION_VIEW LOADING", "TRANSITION_VIEW CONNECTED", "HANDOFF",
  ]);
  assert.deepEqual(person.seen.strangers, [], "nothing is loaded from elsewhere");
});

test("a check for robots that fails is put again; leaving it is requires_recaptcha", async () => {
  await start();
  await person.toLogin();
  await person.login("user_good", `{"recaptcha":"bad"}`);
  await person.view("RECAPTCHA");
  await person.link.getByTestId("sandbox-hint").getByRole("button").click();
  await person.submit();
  await person.link.getByText("The check didn’t work").waitFor();
  assert.deepEqual(await person.look("recaptcha-bad-1280-light"), []);
  const [error, metadata] = await person.leave();
  assert.equal(error.error_type, "RECAPTCHA_ERROR");
  assert.equal(error.error_code, "RECAPTCHA_BAD");
  assert.equal(metadata.status, "requires_recaptcha");
  assert.deepEqual((await person.events()).slice(opening.length), [
    "SUBMIT_CREDENTIALS", "TRANSITION_VIEW LOADING", "ERROR RECAPTCHA_REQUIRED", "TRANSITION_VIEW RECAPTCHA",
    "TRANSITION_VIEW LOADING", "ERROR RECAPTCHA_BAD", "TRANSITION_VIEW RECAPTCHA", "TRANSITION_VIEW EXIT", "EXIT RECAPTCHA_BAD",
  ]);
});

test("wrong passwords lock the login at the bank; the way on is another bank", async () => {
  await start();
  await person.toLogin();
  for (let n = 0; n < 5; n++) {
    await person.login("user_good", "wrong");
    if (n < 4) await person.link.locator("#aut-input-1-input[aria-invalid=true]").waitFor();
  }
  await person.view("ERROR");
  assert.equal(await person.link.locator("a#aut-secondary-button").getAttribute("target"), "_blank", "the bank’s own site, in a new window");
  await person.submit();
  await person.view("SELECT_INSTITUTION");
  await person.link.getByTestId("link-close").click();
  const [error, metadata] = await person.told("exit");
  assert.equal(error.error_code, "ITEM_LOCKED");
  assert.equal(metadata.status, "institution_not_found");
  const wrong = ["SUBMIT_CREDENTIALS", "TRANSITION_VIEW LOADING", "ERROR INVALID_CREDENTIALS", "TRANSITION_VIEW CREDENTIAL"];
  assert.deepEqual((await person.events()).slice(opening.length), [
    ...wrong, ...wrong, ...wrong, ...wrong,
    "SUBMIT_CREDENTIALS", "TRANSITION_VIEW LOADING", "ERROR ITEM_LOCKED", "TRANSITION_VIEW ERROR",
    "TRANSITION_VIEW SELECT_INSTITUTION", "EXIT ITEM_LOCKED",
  ]);
});

for (const [name, password, rounds] of [
  ["two rounds of two questions", "mfa_questions_2_2", [["answer_0_0", "answer_0_1"], ["answer_1_0", "answer_1_1"]]],
  ["two rounds of two selections", "mfa_selections_2_2_3", [["answer_0_0_0", "answer_0_1_0"], ["answer_1_0_0", "answer_1_1_0"]]],
]) {
  test(`${name}, the first answered wrong once`, async () => {
    const type = password.split("_")[1];
    const answer = async (answers) => {
      for (const [n, a] of answers.entries()) {
        if (type === "questions") await person.link.locator(`#aut-input-${n}-input`).fill(a);
        else await person.link.locator(`input[name="answer_${n}"][value="${a}"]`).check();
      }
      await person.submit();
    };
    await start();
    await person.toLogin();
    await person.login("user_good", password);
    await person.view("MFA");
    await answer(rounds[0].map((a) => (type === "questions" ? "no" : a.replace(/0$/, "1"))));
    await person.link.getByText("The bank didn’t accept these answers").waitFor();
    await answer(rounds[0]);
    await person.link.locator(type === "questions" ? "#aut-input-0-input:not([aria-invalid])" : `input[value="${rounds[1][0]}"]`).waitFor();
    await answer(rounds[1]);
    await person.view("SELECT_ACCOUNT");
    await person.page.keyboard.press("Escape");
    await person.link.getByTestId("exit-confirm").click();
    const [error, metadata] = await person.told("exit");
    assert.deepEqual([error.error_code, metadata.status], ["INVALID_MFA", "requires_account_selection"]);
    const mfa = [`SUBMIT_MFA ${type}`, "TRANSITION_VIEW LOADING"];
    assert.deepEqual((await person.events()).slice(opening.length), [
      "SUBMIT_CREDENTIALS", "TRANSITION_VIEW LOADING", `TRANSITION_VIEW ${type}`,
      ...mfa, "ERROR INVALID_MFA", `TRANSITION_VIEW ${type}`,
      ...mfa, `TRANSITION_VIEW ${type}`,
      ...mfa, "TRANSITION_VIEW SELECT_ACCOUNT", "TRANSITION_VIEW EXIT", "EXIT INVALID_MFA",
    ]);
  });
}

// What the headless driver tells of every error password, in Chromium too.
test("every error password: the pane, its ways on, the callback", async () => {
  const told = readFileSync(new URL("../../internal/item/testdata/errors.txt", import.meta.url), "utf8");
  const blocks = [...told.matchAll(/^(\w+): (\w+)\/(\w+)\n {2}(\w+) "(.+)" \[(.+)\]\n {2}onExit \w+\/\w+, (\w+), .*$/gm)];
  assert.ok(blocks.length > 20);
  await start();
  let before = 0;
  for (const [, code, type, errorCode, view, title, ways, status] of blocks) {
    await person.toLogin();
    await person.login("user_good", `error_${code}`);
    if (view === "ERROR") await person.view("ERROR");
    else await person.link.locator("[aria-invalid=true]").first().waitFor();
    assert.equal(await person.link.locator("#pane-title").first().textContent(), title, code);
    const buttons = await person.link.locator('#aut-button, button#aut-secondary-button[data-value]').allTextContents();
    assert.equal(buttons.join(", "), ways, code);
    await person.page.evaluate(() => window.app.exit({ force: true }));
    const [error, metadata] = await person.told("exit");
    assert.deepEqual([error.error_type, error.error_code, metadata.status], [type, errorCode, status], code);
    const events = await person.events();
    assert.deepEqual(events.slice(before + opening.length), [
      "SUBMIT_CREDENTIALS", "TRANSITION_VIEW LOADING", `ERROR ${errorCode}`, `TRANSITION_VIEW ${view}`, `EXIT ${errorCode}`,
    ], code);
    // The next one, of the same page: another session.
    await person.page.evaluate(() => (window.heard = window.heard.filter((h) => h.what !== "exit")));
    before = events.length;
    await person.page.locator("#connect").click();
  }
});
