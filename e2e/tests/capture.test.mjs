// Documents before a camera, which is Chromium's fake one and sees a rendered film
// (e2e/film): what the pane says, what it takes by itself, and what remains without.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { violations } from "../lib/axe.mjs";
import { launch, until } from "../lib/browser.mjs";
import { films } from "../lib/film.mjs";
import { CLIENT_ID, linkToken, SECRET } from "../lib/glencheck.mjs";
import { stage } from "../lib/person.mjs";

const TEMPLATE = "idvtmp_CameraAlone1";
let house, film, sharp, blurred, person;
before(async () => {
  [house, film] = await Promise.all([stage(), films("passport", "blurred")]);
  [sharp, blurred] = await Promise.all(["passport", "blurred"].map((name) => launch(...film.camera(name))));
  await call("/sandbox/identity_verification/template/set", { template_id: TEMPLATE, name: "Camera", documentary_verification: { name_match: true, date_of_birth_match: true } });
});
after(() => Promise.all([sharp?.close(), blurred?.close(), house?.close(), film?.close()]));
afterEach(() => person?.close());

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

/** A person who has chosen a passport, and now takes its picture. */
async function atTheCamera(id, options) {
  const token = await linkToken(house.glencheck.plaid, {
    products: ["identity_verification"],
    user: { client_user_id: id, name: { given_name: "Leslie", family_name: "Knope" }, date_of_birth: "1975-01-18", address: { country: "US" } },
    identity_verification: { template_id: TEMPLATE, gave_consent: true },
  });
  const p = await house.open(token, { permissions: ["camera"], ...options });
  await p.link.getByTestId("document-kind-passport").click();
  await p.submit();
  await p.link.locator(".viewport").waitFor({ state: "attached" });
  return p;
}

const cue = () => person.link.locator(".viewport .cue");

test("a passport is taken by itself, looked at, sent and found to be good", async () => {
  person = await atTheCamera("camera-1", { in: sharp });
  await person.link.getByTestId("capture-use").waitFor();
  await person.link.getByRole("heading", { name: "Is it sharp?" }).waitFor();
  await person.link.getByTestId("capture-again").click();
  await person.link.getByRole("heading", { name: "Photo page of your passport" }).waitFor();
  await person.link.getByTestId("capture-use").waitFor(); // and by itself again
  assert.deepEqual(await person.look("capture-still"), []);
  await person.link.getByTestId("capture-use").click();
  await person.view("CONNECTED");
  assert.equal(await person.page.frames()[1].evaluate(() => document.querySelectorAll("video").length), 0);
  await person.submit();
  const [, { link_session_id }] = await person.told("success");
  const answer = await call("/identity_verification/get", { identity_verification_id: link_session_id });
  assert.deepEqual([answer.status, answer.steps.documentary_verification], ["success", "success"]);
  const [{ extracted_data }] = answer.documentary_verification.documents;
  assert.equal(extracted_data.date_of_birth, "1975-01-18");
});

test("a blurred picture is not taken by itself, but by whoever wants it", async () => {
  person = await atTheCamera("camera-2", { in: blurred });
  await cue().getByText("Not sharp yet").waitFor();
  assert.deepEqual(await person.look("capture-live"), []);
  const shutter = person.link.getByTestId("capture-shutter");
  await person.link.getByRole("button", { name: "Help" }).press("Enter");
  await person.link.getByText("Keep lamps from being reflected in it.").waitFor();
  assert.deepEqual(await person.look("capture-help"), []);
  await person.page.keyboard.press("Escape");
  await person.link.locator(".tips").waitFor({ state: "hidden" });
  assert.equal(await person.link.getByTestId("capture-use").isVisible(), false, "it was taken although it is blurred");
  await shutter.press("Space");
  await cue().getByText("Not sharp yet").waitFor();
  assert.equal(await person.frame.evaluate(() => document.activeElement.textContent), "Is it sharp?");
  await person.link.getByTestId("capture-use").click();
  await person.link.getByText("The picture is blurred.").waitFor();
});

test("without leave to use the camera there is the upload, and why", async () => {
  person = await atTheCamera("camera-3", { in: sharp, permissions: [], locale: "de" });
  await person.link.getByText("Die Kamera ist nicht erlaubt.").waitFor();
  assert.deepEqual(await person.look("capture-denied"), []);
  await person.context.grantPermissions(["camera"]);
  await person.link.getByRole("button", { name: "Kamera verwenden" }).click();
  await person.link.getByTestId("capture-shutter").waitFor();
  await person.link.getByTestId("capture-use").waitFor();
});

test("a computer hands over to a phone, and follows by itself", async () => {
  person = await atTheCamera("camera-4", { in: blurred });
  await person.link.getByRole("button", { name: "Continue on your phone" }).click();
  const code = person.link.getByRole("img", { name: "QR code with the address for your phone" });
  await code.waitFor();
  await person.link.getByText("This address leads to this computer only").waitFor();
  assert.deepEqual(await person.look("handover"), []);
  const address = (await person.link.getByTestId("sandbox-hint").textContent()).match(/http\S+/)[0];

  const phone = await sharp.newContext({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, permissions: ["camera"] });
  const page = await phone.newPage();
  await page.goto(address);
  await page.locator(".viewport").waitFor();
  assert.equal(await page.getByRole("button", { name: "Continue on your phone" }).isVisible(), false, "a phone is offered a phone");
  await person.link.locator("#pane-lead").getByText("Your phone is connected.").waitFor();
  assert.deepEqual(await person.look("handover-there"), []);
  await page.reload();
  await page.locator(".viewport").waitFor();
  await page.getByTestId("capture-shutter").click();
  await page.getByTestId("capture-use").click();
  await page.locator('.pane[data-view="CONNECTED"]').waitFor();
  await person.view("CONNECTED"); // nobody has touched the computer
  await phone.close();
});
