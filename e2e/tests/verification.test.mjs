// Identity Verification in a browser: what the app hears, where a person goes on,
// and the page of a shareable URL (link-web.md section 4.17).

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { violations } from "../lib/axe.mjs";
import { until, watch } from "../lib/browser.mjs";
import { CLIENT_ID, linkToken, SECRET } from "../lib/glencheck.mjs";
import { stage } from "../lib/person.mjs";
import { serve } from "../lib/serve.mjs";
import { shot } from "../lib/shots.mjs";

let house, person, app;
before(async () => {
  house = await stage();
  app = await serve((req, res) => {
    res.writeHead(200, { "content-type": "text/html" });
    res.end(`<!doctype html><title>The app</title><iframe src="${new URL(req.url, app.url).searchParams.get("frame")}"></iframe>`);
  });
});
after(async () => {
  await app?.close();
  await house?.close();
});
afterEach(() => person?.close());

const KYC = "idvtmp_KycSourceAAAA1";
const request = (client_user_id, template_id = KYC) => ({ products: ["identity_verification"], user: { client_user_id }, identity_verification: { template_id } });

async function call(path, body) {
  const response = await fetch(house.glencheck.url + path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "PLAID-CLIENT-ID": CLIENT_ID, "PLAID-SECRET": SECRET },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  assert.equal(response.status, 200, JSON.stringify(answer));
  return answer;
}

const short = (list) => list.map((e) => e.replace("IDENTITY_VERIFICATION_", ""));
const begun = ["OPEN", "OPEN_UI", "CREATE_SESSION", "START_STEP ACCEPT_TOS", "PASS_STEP ACCEPT_TOS", "START_STEP KYC_CHECK"];

/** Fills in what the sandbox offers, and goes on. */
async function details(link, fields = ["#idv-country", "#idv-given-name", "#idv-street", "#idv-date-of-birth", "#idv-id-number"]) {
  for (const field of fields) {
    await link.locator(field).waitFor();
    await link.getByTestId("sandbox-hint").getByRole("button").click();
    await link.locator("#aut-button").click();
  }
}

test("a person is verified: every event as it happens, and no public token", async () => {
  person = await house.open(await linkToken(house.glencheck.plaid, request("user-1")));
  await person.view("ACCEPT_TOS");
  await person.submit();
  await person.view("KYC_CHECK");
  assert.deepEqual(short(await person.events()), begun, "before the end");
  await details(person.link);
  await person.view("CONNECTED");
  await person.submit();
  const [token, metadata] = await person.told("success");
  assert.equal(token, null);
  assert.deepEqual([metadata.institution, metadata.accounts], [null, []]);
  assert.deepEqual(short(await person.events()), [...begun, "PASS_STEP KYC_CHECK", "PASS_SESSION", "CLOSE_UI"]);
  const ids = new Set((await person.heard("event")).map((e) => e.args[1].link_session_id));
  assert.deepEqual([...ids], [metadata.link_session_id]);
  const answer = await call("/identity_verification/get", { identity_verification_id: metadata.link_session_id });
  assert.deepEqual([answer.status, answer.client_user_id, answer.steps.kyc_check], ["success", "user-1", "success"]);
});

test("a person leaves, comes back and goes on; a finished one sees the end", async () => {
  const token = await linkToken(house.glencheck.plaid, request("user-2"));
  person = await house.open(token);
  await person.view("ACCEPT_TOS");
  await person.submit();
  await details(person.link, ["#idv-country", "#idv-given-name"]);
  await person.link.locator("#idv-street").waitFor();
  const [error, left] = await person.leave();
  assert.deepEqual([error, left.status, left.institution], [null, null, null]);
  assert.deepEqual(short(await person.events()), [...begun, "CLOSE_UI", "EXIT"]);
  const id = left.link_session_id;
  assert.equal((await call("/identity_verification/get", { identity_verification_id: id })).user.name.family_name, "Knope");
  await person.close();

  person = await house.open(await linkToken(house.glencheck.plaid, request("user-2")));
  await details(person.link, ["#idv-street", "#idv-date-of-birth", "#idv-id-number"]);
  await person.view("CONNECTED");
  await person.link.getByTestId("link-close").click(); // closing it now is no exit
  const [, done] = await person.told("success");
  assert.equal(done.link_session_id, id);
  assert.deepEqual(short(await person.events()), ["OPEN", "RESUME_UI", "RESUME_SESSION", "START_STEP KYC_CHECK", "PASS_STEP KYC_CHECK", "PASS_SESSION", "CLOSE_UI"]);
  await person.close();

  person = await house.open(token);
  await person.view("CONNECTED");
  assert.deepEqual(short(await person.events()), ["OPEN", "RESUME_UI", "RESUME_SESSION"]);
});

test("the app closes Link: the same events, at once", async () => {
  person = await house.open(await linkToken(house.glencheck.plaid, request("user-3")));
  await person.view("ACCEPT_TOS");
  await person.page.evaluate(() => window.app.exit({ force: true }));
  const [, metadata] = await person.told("exit");
  assert.equal(metadata.status, null);
  assert.deepEqual(short(await person.events()), [...begun.slice(0, 4), "CLOSE_UI", "EXIT"]);
});

test("Link speaks the language of the browser", async () => {
  person = await house.open(await linkToken(house.glencheck.plaid, { ...request("user-4"), language: "en" }), { locale: "de-AT" });
  await person.view("ACCEPT_TOS");
  await person.link.getByText("Bestätigen Sie, wer Sie sind").waitFor();
});

test("the code is read on the sandbox's phone", async (t) => {
  person = await house.open(await linkToken(house.glencheck.plaid, request("user-6", "flwtmp_aWogUuKsL6NEHU")));
  await person.view("ACCEPT_TOS");
  await person.submit();
  await person.link.locator("#phone-input").fill("234-567-8909");
  await person.submit();
  await person.link.locator("#otp-code-input-input").waitFor();
  const id = (await person.heard("event")).at(-1).args[1].link_session_id;
  const { phone_url, messages } = await call("/sandbox/identity_verification/sms/list", { identity_verification_id: id });
  const context = await house.browser.newContext({ viewport: { width: 360, height: 640 } });
  t.after(() => context.close());
  const { page } = await watch(context, [house.glencheck.url]);
  assert.equal((await page.goto(phone_url.replace(/key=..../, "key=0000"))).status(), 404);
  await page.goto(phone_url);
  await page.getByText(messages[0].text).waitFor();
  assert.deepEqual(await violations(page), []);
  await shot(page, "idv-phone-of-the-sandbox");
  const [, code] = /code is (\d{5})\./.exec(messages[0].text);
  await person.link.locator("#otp-code-input-input").pressSequentially(code);
  await person.link.locator("#idv-country").waitFor();
});

test("who is not found shows a document, of which a picture has to be taken again", async () => {
  await call("/sandbox/identity_verification/template/set", {
    template_id: "idvtmp_FallbackAAA1", name: "Documents as the fallback", kyc_check: { date_of_birth: "match" },
    documentary_verification: { fallback: true, name_match: true, date_of_birth_match: true },
  });
  const user = {
    name: { given_name: "April", family_name: "Ludgate" }, date_of_birth: "1985-06-26", phone_number: "+12345678909", id_number: { type: "us_ssn", value: "123456780" },
    address: { street: "1 Elm St.", city: "Pawnee", region: "IN", postal_code: "46001", country: "US" },
  };
  person = await house.open(await linkToken(house.glencheck.plaid, { ...request("user-7", "idvtmp_FallbackAAA1"), user: { client_user_id: "user-7", ...user } }));
  await person.view("ACCEPT_TOS");
  await person.submit();
  await person.view("DOCUMENTARY_VERIFICATION");
  await person.link.getByTestId("document-kind-drivers_license").click();
  await person.submit();
  const hand = async (order) => {
    const { files } = await call("/sandbox/identity_verification/specimen/create", { user, category: "drivers_license", ...order });
    await person.link.locator("#idv-document").setInputFiles(files.map((f) => ({ name: f.file_name, mimeType: f.content_type, buffer: Buffer.from(f.content, "base64") })));
  };
  await person.link.getByText("Front of your ID").waitFor();
  await hand({ side: "front", fault: "blurred" });
  await person.link.getByText("The picture is blurred.").waitFor();
  await hand({ side: "front" });
  await person.link.getByText("Back of your ID").waitFor();
  assert.deepEqual(await violations(person.page), []);
  await hand({ side: "back" });
  await person.view("CONNECTED");
  await person.submit();
  const [, metadata] = await person.told("success");
  assert.deepEqual(short(await person.events()), [
    ...begun, "FAIL_STEP KYC_CHECK", "START_STEP DOCUMENTARY_VERIFICATION", "PASS_STEP DOCUMENTARY_VERIFICATION", "PASS_SESSION", "CLOSE_UI",
  ]);
  const { documentary_verification } = await call("/identity_verification/get", { identity_verification_id: metadata.link_session_id });
  assert.deepEqual(documentary_verification.documents.map((d) => [d.attempt, d.status, d.analysis.image_quality]), [[1, "failed", "low"], [2, "success", "high"]]);
});

const leslie = {
  name: { given_name: "Leslie", family_name: "Knope" }, date_of_birth: "1975-01-18", phone_number: "+12345678909", id_number: { type: "us_ssn", value: "123456789" },
  address: { street: "123 Main St.", city: "Pawnee", region: "IN", postal_code: "46001", country: "US" },
};

/** Link for a person of whom the app knows something. */
const knowing = async (client_user_id, known, template) =>
  house.open(await linkToken(house.glencheck.plaid, { ...request(client_user_id, template), user: { client_user_id, ...known } }));

test("what the app knows of a person is not asked for, all of it or a part", async () => {
  const { name, date_of_birth } = leslie;
  person = await knowing("known-1", { name, date_of_birth });
  await person.view("ACCEPT_TOS");
  await person.submit();
  await details(person.link, ["#idv-country", "#idv-street", "#idv-id-number"]);
  await person.view("CONNECTED");
  assert.deepEqual(short(await person.events()), [...begun, "PASS_STEP KYC_CHECK", "PASS_SESSION"]);
  await person.close();

  person = await knowing("known-2", leslie);
  await person.view("ACCEPT_TOS");
  await person.submit();
  await person.view("CONNECTED");
  assert.deepEqual(short(await person.events()), [...begun, "PASS_STEP KYC_CHECK", "PASS_SESSION"]);
});

test("wrong codes come to an end, and a retry begins where they failed", async () => {
  const template = "idvtmp_TextAlone001";
  await call("/sandbox/identity_verification/template/set", { template_id: template, name: "A text alone", verify_sms: true });
  person = await knowing("codes-1", leslie, template);
  await person.view("ACCEPT_TOS");
  await person.submit();
  const wrong = async (says) => {
    await person.link.locator("#otp-code-input-input").pressSequentially("22222");
    await person.link.getByText(says).first().waitFor(); // the other is for those who listen
  };
  await person.view("VERIFY_SMS");
  await wrong("You have 2 tries left");
  await person.link.locator("#aut-secondary-button").click(); // another message, and no more tries
  await person.link.getByText("A new code is on its way").first().waitFor();
  await wrong("You have 1 try left");
  await person.link.locator("#otp-code-input-input").pressSequentially("22222");
  await person.view("CONNECTED");
  assert.deepEqual(short(await person.events()).slice(-2), ["FAIL_STEP VERIFY_SMS", "FAIL_SESSION"]);
  await person.close();

  await call("/identity_verification/retry", { client_user_id: "codes-1", template_id: template, strategy: "incomplete" });
  person = await knowing("codes-1", {}, template);
  await person.link.locator("#phone-input").fill("234-567-8909"); // what failed is asked for again
  await person.submit();
  await person.link.locator("#otp-code-input-input").pressSequentially("11111");
  await person.view("CONNECTED");
  assert.deepEqual(short(await person.events()).slice(-2), ["PASS_STEP VERIFY_SMS", "PASS_SESSION"]);
});

test("each retry opens where its strategy says", async () => {
  const template = "idvtmp_TextAndData1";
  await call("/sandbox/identity_verification/template/set", { template_id: template, name: "A text and data", verify_sms: true, kyc_check: { date_of_birth: "match" } });
  const steps = { verify_sms: true, kyc_check: false, documentary_verification: false, selfie_check: false };
  for (const [order, view, pane] of [
    [{ strategy: "reset" }, "VERIFY_SMS", "#phone-input"],
    [{ strategy: "incomplete" }, "KYC_CHECK", "#idv-country"],
    [{ strategy: "infer" }, "KYC_CHECK", "#idv-country"],
    [{ strategy: "custom", steps }, "VERIFY_SMS", "#phone-input"],
  ]) {
    const client_user_id = `retries-${order.strategy}`;
    const { id } = await call("/identity_verification/create", { client_user_id, template_id: template, gave_consent: true, is_shareable: false, user: leslie });
    await call("/sandbox/identity_verification/pass", { identity_verification_id: id, step: "verify_sms" });
    assert.equal((await call("/sandbox/identity_verification/fail", { identity_verification_id: id, step: "kyc_check" })).status, "failed");
    await call("/identity_verification/retry", { client_user_id, template_id: template, ...order });
    await person.close();
    person = await knowing(client_user_id, {}, template);
    await person.view(view);
    await person.link.locator(pane).waitFor();
    assert.deepEqual(short(await person.events()), ["OPEN", "OPEN_UI", "CREATE_SESSION", `START_STEP ${view}`]);
  }
});

test("who stands on a watchlist is thanked like everybody, and waits for a person", async () => {
  const template = "idvtmp_ScreenedAAA1";
  await call("/sandbox/identity_verification/template/set", { template_id: template, name: "Screened", watchlist_screening: {} });
  person = await knowing("listed-1", { ...leslie, name: { given_name: "Specimen", family_name: "Sanctioned" }, date_of_birth: "1970-06-01" }, template);
  await person.view("ACCEPT_TOS");
  await person.submit();
  await person.view("CONNECTED");
  assert.deepEqual(await person.look("idv-screened"), []);
  await person.submit();
  const [, metadata] = await person.told("success");
  const answer = await call("/identity_verification/get", { identity_verification_id: metadata.link_session_id });
  assert.deepEqual([answer.status, answer.steps.watchlist_screening], ["pending_review", "pending_review"]);
  assert.deepEqual(short(await person.events()).slice(-4), ["START_STEP SCREENING", "PENDING_REVIEW_STEP SCREENING", "PENDING_REVIEW_SESSION", "CLOSE_UI"]);
});

test("a shareable URL works in a tab of its own and in no frame", async (t) => {
  const { id, shareable_url } = await call("/identity_verification/create", { client_user_id: "user-5", template_id: KYC, is_shareable: true, gave_consent: false });
  assert.match(shareable_url, new RegExp(`^${house.glencheck.url}/verify/${id}\\?key=[0-9a-f]{64}$`));
  const context = await house.browser.newContext({ viewport: { width: 360, height: 640 }, locale: "fr-FR" });
  t.after(() => context.close());
  const { page, seen } = await watch(context, [house.glencheck.url, app.url]);
  await page.goto(`${app.url}/?frame=${encodeURIComponent(shareable_url)}`);
  await until(() => seen.console.some((m) => /frame-ancestors/.test(m.text)), "the frame is refused");
  assert.equal((await page.goto(shareable_url.replace(/key=..../, "key=0000"))).status(), 404);
  assert.equal((await page.goto(shareable_url)).status(), 200);
  await page.getByText("Confirmez votre identité").waitFor();
  await page.locator("#aut-button").click();
  await page.locator("#idv-country").waitFor();
  await page.reload(); // another tab, or the next day
  await details(page);
  await page.locator('.pane[data-view="CONNECTED"]').waitFor();
  await page.locator("#aut-button").click();
  await page.getByText("C’est terminé").waitFor();
  const answer = await call("/identity_verification/get", { identity_verification_id: id });
  assert.deepEqual([answer.status, answer.user.name.given_name], ["success", "Leslie"]);
});
