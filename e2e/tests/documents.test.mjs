// Identity Document Upload with unmodified react-plaid-link (link-web.md section
// 4.16): a statement is downloaded at the simulated bank and uploaded in Link.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, afterEach, before, test } from "node:test";
import { until } from "../lib/browser.mjs";
import { linkToken } from "../lib/glencheck.mjs";
import { stage } from "../lib/person.mjs";
import { documents, printed } from "../lib/walker.mjs";

let world, person, plaid, url;
before(async () => {
  world = await stage();
  ({ plaid, url } = world.glencheck);
});
after(() => world?.close());
afterEach(() => person?.close());

/** Opens Link for the documents of an account. */
async function open(options) {
  const token = await documents()(plaid, url);
  person = await world.open(await linkToken(plaid, token), options);
  await person.view("UPLOAD_DOCUMENTS");
  return { access_token: token.access_token, account_id: token.identity.account_ids[0] };
}

const choose = (...files) => person.link.locator("#document-input").setInputFiles(files);
const row = (n) => person.link.getByTestId(`document-${n}`);

/** Drops files on the pane, as from a file manager. */
async function drop(selector, ...files) {
  const data = await person.frame.evaluateHandle((list) => {
    const all = new DataTransfer();
    for (const f of list) all.items.add(new File([Uint8Array.from(atob(f.content), (c) => c.charCodeAt(0))], f.name));
    return all;
  }, files.map((f) => ({ name: f.name, content: f.buffer.toString("base64") })));
  for (const type of ["dragover", "drop"]) await person.frame.dispatchEvent(selector, type, { dataTransfer: data });
}

test("a person downloads a statement at the bank and uploads it; the app reads the owner", async () => {
  const { access_token, account_id } = await open();
  const bank = await person.context.newPage();
  await bank.goto(`${url}/bank/online`);
  await bank.locator("#username").fill("user_good");
  await bank.locator("#sign-in").click();
  const [file] = await Promise.all([bank.waitForEvent("download"), bank.locator("#download").click()]);
  const buffer = await readFile(await file.path());
  await bank.close();
  assert.deepEqual([file.suggestedFilename(), buffer.subarray(0, 5).toString()], ["statement-0000.pdf", "%PDF-"]);

  await choose({ name: "Übersicht November.pdf", mimeType: "application/pdf", buffer });
  await row(0).getByText("Übersicht November.pdf").waitFor();
  await drop("[data-drop]", await printed(url, "scan"), await printed(url, "encrypted"));
  await person.link.getByText("statement-0000-encrypted.pdf: This file has a password.").waitFor();
  assert.deepEqual(await row(1).locator("b").allTextContents(), ["statement-0000-scan.jpg"]);
  assert.equal(await person.link.locator("#document-input").evaluate((el) => el === document.activeElement), true, "focus is where the mistake is");
  assert.deepEqual(await person.look("documents-1280-light"), []);
  await row(1).getByRole("button", { name: "Remove statement-0000-scan.jpg" }).click();
  await row(1).waitFor({ state: "detached" });
  assert.equal(await person.link.locator("[role=alert]").count(), 0);
  await person.submit();
  await person.view("SUBMIT_DOCUMENTS");
  await person.submit();
  await person.view("SUBMIT_DOCUMENTS_SUCCESS");
  await person.submit();
  const [publicToken, metadata] = await person.told("success");
  assert.match(publicToken, /^public-sandbox-/);
  assert.deepEqual([metadata.institution.institution_id, metadata.accounts.map((a) => a.id)], ["ins_109508", [account_id]]);
  assert.deepEqual(await person.events(), [
    "OPEN UPLOAD_DOCUMENTS", "TRANSITION_VIEW UPLOAD_DOCUMENTS", "TRANSITION_VIEW SUBMIT_DOCUMENTS",
    "SUBMIT_DOCUMENTS", "TRANSITION_VIEW LOADING", "SUBMIT_DOCUMENTS_SUCCESS", "TRANSITION_VIEW SUBMIT_DOCUMENTS_SUCCESS", "HANDOFF",
  ]);
  assert.deepEqual([person.seen.strangers, person.seen.errors], [[], []]);
  const { data } = await plaid.identityDocumentsUploadsGet({ access_token, options: { account_ids: [account_id] } });
  const [{ owners, documents: [one, ...more] }] = data.accounts;
  assert.deepEqual([more.length, one.metadata.document_type, one.metadata.is_account_number_match, one.risk_insights.risk_summary.risk_score], [0, "BANK_STATEMENT", true, 0]);
  assert.deepEqual([owners[0].names, owners[0].document_id], [["Alberta Bobbeth Charleson"], one.document_id]);
});

test("an upload says how far it is, and stops when it is told to; a lost one is sent again", async () => {
  await open({ viewport: { width: 360, height: 640 } });
  let held;
  await person.page.route("**/link/session/upload", (r) => { held = r; });
  const file = await printed(url, "genuine");
  await choose(file);
  const stop = person.link.getByRole("button", { name: "Stop the upload: statement-0000.pdf" });
  await stop.waitFor();
  assert.equal(await person.link.getByRole("progressbar").count(), 1);
  assert.deepEqual(await person.look("documents-sending-360-light"), []);
  await until(async () => held, "the request");
  await stop.click();
  await person.link.getByRole("progressbar").waitFor({ state: "detached" });
  assert.equal(await person.link.locator("#document-input").evaluate((el) => el === document.activeElement), true);
  await person.page.unroute("**/link/session/upload");
  await person.page.route("**/link/session/upload", (r) => r.abort());
  await choose(file);
  await person.link.getByText("No connection").waitFor();
  await person.page.unroute("**/link/session/upload");
  await person.submit();
  await row(0).waitFor();
  // What falls beside the pane's field is taken too, and opens nothing.
  await drop(".pane-title", await printed(url, "qpdf"));
  await row(1).waitFor();
});

test("leaving asks first, and keeps nothing", async () => {
  const { access_token } = await open();
  await choose(await printed(url, "genuine"));
  await row(0).waitFor();
  const [error, metadata] = await person.leave();
  assert.deepEqual([error, metadata.status], [null, "requires_credentials"]);
  assert.deepEqual((await person.events()).slice(-2), ["TRANSITION_VIEW EXIT", "EXIT requires_credentials"]);
  const { data } = await plaid.identityDocumentsUploadsGet({ access_token });
  assert.deepEqual(data.accounts.flatMap((a) => a.documents), []);
});
