// Walks through Link: what a person does from pane to pane, as a list of small
// steps. lib/walks.mjs has the walks; a test or the sheet of pictures says what
// happens at each look.

import { readFileSync } from "node:fs";
import { watch } from "./browser.mjs";
import { CLIENT_ID, linkToken, SECRET, tokenRequest } from "./glencheck.mjs";
import { record } from "./record.mjs";

/** A walk: its name, what the link token asks for (or who finds out), and its steps. where: drop (in an app's page), tab, hosted (at hosted_link_url) or embedded (the search in an app's page). */
export const walk = (name, token, ...steps) => ({ name, token, where: "drop", steps: steps.flat(Infinity) });
export const tab = (name, token, ...steps) => ({ ...walk(name, token, ...steps), where: "tab" });
export const hosted = (name, hosted_link, ...steps) => ({ ...walk(name, { hosted_link }, ...steps), where: "hosted" });
export const embedded = (name, size, token, ...steps) => ({ ...walk(name, token, ...steps), where: "embedded", size });

// The steps. Each is a function of the walker, whose w.link is the frame or page with the pane in it.
/** Stops and looks at the pane; brief: one of many that differ in words alone. */
export const look = (name, options = {}) => (w) => w.look(name, options);
export const press = (selector = "#aut-button") => async (w) => {
  // Chromium may drop what is pressed while a frame that was resized has not been painted yet.
  for (let n = 0; n < 3; n++) {
    const before = await clicks(w);
    await w.link.locator(selector).first().click();
    for (const end = Date.now() + 1000; Date.now() < end; ) {
      if ((await clicks(w)) !== before) return;
    }
  }
};
/** Which document it is, and how many clicks it has heard; undefined where it is about to be another. */
const clicks = (w) =>
  w.link.evaluate(() => {
    if (window.clicks === undefined) {
      window.clicks = 0;
      addEventListener("click", () => window.clicks++, true);
    }
    return `${performance.timeOrigin} ${window.clicks}`;
  }).catch(() => undefined);
export const fill = (selector, value) => (w) => w.link.locator(selector).fill(value);
export const check = (selector) => (w) => w.link.locator(selector).first().check();
/** Chooses a file that holds some text. */
export const give = (selector, name, text) => (w) => {
  const file = { name, mimeType: "image/jpeg", buffer: Buffer.from(text) };
  (w.page.uploaded ??= []).push(file);
  return w.link.locator(selector).setInputFiles(file);
};
export const says = (words) => (w) => w.link.getByText(words).first().waitFor();
export const sees = (selector) => (w) => w.link.locator(selector).first().waitFor();
export const at = (view) => sees(`.pane[data-view="${view}"]`);
/** The sheet that asks before something is lost. */
export const close = [press('[data-testid="link-close"]'), sees('[role="alertdialog"]')];
export const stay = [press('.sheet [data-action="stay"]'), (w) => w.link.locator(".sheet").waitFor({ state: "detached" })];
/** Fills in what the sandbox strip offers. */
export const hint = press('[data-testid="sandbox-hint"] button');

/** From the consent pane to the pane that picking the bank leads to. */
export const bank = (id, query) => [
  press(),
  at("SELECT_INSTITUTION"),
  query ? [fill("#search-input-input", query), sees(`#aut-${id}`)] : [],
  press(`#aut-${id}`),
];
export const login = (password, user = "user_good") => [at("CREDENTIAL"), fill("#aut-input-0-input", user), fill("#aut-input-1-input", password), press()];
/** From the first pane to a login at First Platypus Bank. */
export const enter = (password, user) => [bank("ins_109508"), login(password, user)];

/** What a link token of update mode asks for: an Item whose login has ended unless it is good. */
export const update = (more = {}, { good } = {}) => async (plaid) => {
  const { data } = await plaid.sandboxPublicTokenCreate({ institution_id: "ins_109508", initial_products: ["auth"] });
  const { access_token } = (await plaid.itemPublicTokenExchange({ public_token: data.public_token })).data;
  if (!good) await plaid.sandboxItemResetLogin({ access_token });
  return { access_token, products: undefined, ...more };
};

/** What a link token asks for whose person comes back with the code of a deposit, or finds that the bank has sent it back. */
export const deposited = ({ back } = {}) => async (plaid, url) => {
  const link_token = await linkToken(plaid, { products: ["auth"], client_name: "Wonderwallet", auth: { same_day_microdeposits_enabled: true } });
  const { done } = await lever(url, "/sandbox/link/session/complete", { link_token, inputs: { routing_number: "110000000", account_number: "1111222233330000", name: "Alberta Bobbeth Charleson" } });
  if (back) {
    const { data } = await plaid.bankTransferEventList({ account_id: done.metadata.account_id });
    const { bank_transfer_id } = data.bank_transfer_events[0];
    await plaid.sandboxBankTransferSimulate({ bank_transfer_id, event_type: "reversed", failure_reason: { ach_return_code: "R03", description: "No account" } });
  }
  const { data } = await plaid.itemPublicTokenExchange({ public_token: done.public_token });
  return { access_token: data.access_token, products: undefined };
};
/** A file of a statement of user_good, as locator.setInputFiles takes it. */
export async function printed(url, specimen, account = "0000") {
  const { file_name, content_type, content } = await lever(url, "/sandbox/bank/statement/print", { specimen, account });
  return { name: file_name, mimeType: content_type, buffer: Buffer.from(content, "base64") };
}
/** Uploads statements to the pane that asks for them. */
export const upload = (...specimens) => async (w) => {
  const files = await Promise.all(specimens.map((s) => printed(w.glencheck.url, s)));
  (w.page.uploaded ??= []).push(...files);
  await w.link.locator("#document-input").setInputFiles(files);
};
/** What a link token of Identity Document Upload asks for; full: of an Item of which no more documents are kept. */
export const documents = ({ full } = {}) => async (plaid, url) => {
  const make = async () => {
    const { data } = await plaid.sandboxPublicTokenCreate({ institution_id: "ins_109508", initial_products: ["auth"], options: { webhook: "http://127.0.0.1:9/hook" } });
    const { access_token } = (await plaid.itemPublicTokenExchange({ public_token: data.public_token })).data;
    const { accounts } = (await plaid.accountsGet({ access_token })).data;
    return { access_token, products: ["identity"], identity: { is_document_upload: true, account_ids: [accounts[0].account_id], parsing_configs: ["ocr", "risk_signals"] } };
  };
  if (!full) return make();
  if (!filled.has(url)) filled.set(url, fillUp(plaid, url, await make()));
  return filled.get(url);
};
const filled = new Map(); // one for each server
async function fillUp(plaid, url, token) {
  const kinds = ["genuine", "another_owner", "another_account", "edited", "qpdf", "covered", "wrong_zip", "odd_name", "no_dates", "annotated"];
  for (const account of ["0000", "1111", "9002"]) {
    const files = await Promise.all(kinds.map((kind) => printed(url, kind, account)));
    const link_token = await linkToken(plaid, token);
    await lever(url, "/sandbox/link/session/complete", { link_token, inputs: { documents: files.map((f) => ({ file_name: f.name, content: f.buffer.toString("base64") })) } });
  }
  return token;
}
async function lever(url, path, body) {
  const headers = { "content-type": "application/json", "plaid-client-id": CLIENT_ID, "plaid-secret": SECRET };
  const answer = await fetch(url + path, { method: "POST", headers, body: JSON.stringify(body) });
  const out = await answer.json();
  if (!answer.ok) throw new Error(`${path}: ${out.error_message}`);
  return out;
}

/** What a link token for several Items asks for. */
export const several = async (plaid) => {
  const { data } = await plaid.userCreate({ client_user_id: `person-${Math.random()}` });
  return { user: undefined, user_id: data.user_id, enable_multi_item_link: true };
};
/** A link token that wears a customization. */
export const dressed = (name, customization, more = {}) => async (plaid, url) => {
  const headers = { "content-type": "application/json", "plaid-client-id": CLIENT_ID, "plaid-secret": SECRET };
  const answer = await fetch(`${url}/sandbox/team/customization/set`, { method: "POST", headers, body: JSON.stringify({ name, ...customization }) });
  if (!answer.ok) throw new Error(await answer.text());
  return { link_customization_name: name, ...more };
};
/** Moves the server's clock on. */
export const later = (seconds) => async (w) => {
  const headers = { "content-type": "application/json", "plaid-client-id": CLIENT_ID, "plaid-secret": SECRET };
  const answer = await fetch(`${w.glencheck.url}/sandbox/clock/advance`, { method: "POST", headers, body: JSON.stringify({ seconds }) });
  if (!answer.ok) throw new Error(await answer.text());
};
export const reload = async (w) => {
  await w.page.reload();
  await w.link.locator(".pane").first().waitFor();
};
/** The bank's window is closed. */
export const shut = async (w) => {
  const window = w.page.context().pages().at(-1);
  if (window !== w.page) await window.close();
};
/** Link takes its browser for one inside an app. */
export const inside = (w) => w.link.evaluate(() => Object.defineProperty(navigator, "userAgent", { value: "Mozilla/5.0 (Linux; Android 14; Pixel 8; wv)" }));

/** A link token of Identity Verification, for somebody who has never been there. */
export const verified = (template_id, more = {}) => async () => ({
  products: ["identity_verification"], user: { client_user_id: `person-${Math.random()}` }, identity_verification: { template_id }, ...more,
});

/** One that asks for a document and nothing else. */
export const papers = async (plaid, url) => {
  const template_id = "idvtmp_DocumentsAAA1";
  await lever(url, "/sandbox/identity_verification/template/set", { template_id, name: "Documents", documentary_verification: {} });
  return verified(template_id)();
};
/** Uploads a picture of a test document to the pane that asks for it, or a file of words. */
export const picture = ({ text, ...order }) => async (w) => {
  let file = { name: "words.jpg", mimeType: "image/jpeg", buffer: Buffer.from(text ?? "") };
  if (text === undefined) {
    const { files } = await lever(w.glencheck.url, "/sandbox/identity_verification/specimen/create", { category: "drivers_license", ...order });
    file = { name: files[0].file_name, mimeType: files[0].content_type, buffer: Buffer.from(files[0].content, "base64") };
  }
  (w.page.uploaded ??= []).push(file);
  await w.link.locator("#idv-document").setInputFiles(file);
};
/** One that verifies a person by a template of these steps. */
export const templated = (name, steps) => async (plaid, url) => {
  const template_id = `idvtmp_Walked${name}`;
  await lever(url, "/sandbox/identity_verification/template/set", { template_id, name, ...steps });
  return verified(template_id)();
};

/** One that asks for a phone number, which the client knows. */
export const caller = (phone) => ({ user: { client_user_id: "user-id-4821", phone_number: phone } });
/** Types a code, which submits itself. */
export const code = (digits) => (w) => w.link.locator("#otp-code-input-input").pressSequentially(digits);

/** Calls of the pane are held back, lost or refused until let(). */
const calls = "**/link/session/*";
export const hold = (w) => w.page.route(calls, (r) => { w.held = r; });
export const lose = (w) => w.page.route(calls, (r) => r.abort());
export const refuse = (w) => w.page.route(calls, (r) => r.fulfill({ status: 500, contentType: "application/json", body: '{"error_type":"API_ERROR","error_code":"INTERNAL_SERVER_ERROR","error_message":"","request_id":"q7XbUvCSpRjQ0Wk"}' }));
export const let_ = async (w) => {
  await w.held?.continue();
  w.held = null;
  await w.page.unroute(calls);
};

/** What the link token of a walk asks for. */
export async function request({ token }, glencheck, more = {}) {
  return tokenRequest({ products: ["auth", "identity"], ...(typeof token === "function" ? await token(glencheck.plaid, glencheck.url) : token), ...more });
}

/** Opens what the walk begins with. */
async function arrive(w, walk, { glencheck, app }) {
  const { page } = w;
  const { token, where, size } = walk;
  const made = token && (await glencheck.plaid.linkTokenCreate(await request(walk, glencheck))).data;
  w.link = page.mainFrame();
  w.framed = where === "drop" || where === "embedded";
  if (where === "tab") await page.goto(`${glencheck.url}/link/v2/stable/link.html${made ? `?token=${made.link_token}` : ""}`);
  if (where === "hosted") await page.goto(made.hosted_link_url);
  if (where === "drop") {
    await page.goto(`${app.url}/plain?token=${made.link_token}`);
    await page.locator("#go").click();
    w.link = await (await page.locator("#plaid-link-iframe-1").elementHandle()).contentFrame();
  }
  if (where === "embedded") {
    await page.goto(`${app.url}/embedded?token=${made.link_token}&size=${size}`);
    w.link = await (await page.locator(".plaid-embedded-iframe").elementHandle()).contentFrame();
  }
  await w.link.locator(".pane, .embedded").first().waitFor();
}

/** The pages of the application that walks begin at. */
export const pages = () => ({
  "/plain": { script: readFileSync(new URL("./plain-app.js", import.meta.url), "utf8") },
  "/embedded": { script: readFileSync(new URL("./embedded-page.js", import.meta.url), "utf8"), body: `<main><h1>An app</h1><div id="box"></div></main>` },
});

/** Walks, and returns what was heard and the calls that were made. app serves pages(); look(w, name, options) is what happens at each look. */
export async function take(walk, { browser, glencheck, app, look }) {
  const context = await browser.newContext({ viewport: { width: 360, height: 640 }, reducedMotion: "reduce" });
  try {
    const { page, seen } = await watch(context, [glencheck.url, app.url]);
    const w = { page, seen, glencheck, walk, held: null, look: (name, options) => look(w, name, options) };
    const calls = record(page);
    await arrive(w, walk, { glencheck, app });
    for (const [n, step] of walk.steps.entries()) {
      try {
        await step(w);
      } catch (e) {
        const shown = await w.link.locator(".pane, .embedded").last().innerText({ timeout: 1000 }).catch(() => "nothing");
        const asked = await Promise.race([calls(), new Promise((ok) => setTimeout(ok, 1000, []))]);
        const said = [...seen.console.map((c) => c.text), ...seen.errors, ...seen.requests.slice(-3), ...asked.map((c) => `${c.what} ${c.body.action ?? ""}, answered with ${c.answer}`)].join("\n");
        e.message = `${walk.name}, step ${n + 1}: ${e.message}\nshown:\n${shown}\nheard:\n${said}`;
        throw e;
      }
    }
    return { ...seen, calls: await calls() };
  } finally {
    await context.close();
  }
}
