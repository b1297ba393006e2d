// docs/recipes/when-link-does-not-open.md: every dead end of its tables is brought
// about, and the console says what the page says it does. What the server knows is
// in the record of the session too.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, afterEach, before, test } from "node:test";
import { launch, until, watch } from "../lib/browser.mjs";
import { CLIENT_ID, linkToken, SECRET, startGlencheck } from "../lib/glencheck.mjs";
import { serveApp } from "../lib/serve.mjs";

const page_ = readFileSync(new URL("../../docs/recipes/when-link-does-not-open.md", import.meta.url), "utf8");
const rows = [...page_.matchAll(/<!-- dead ends -->\n([\s\S]*?)<!-- \/dead ends -->/g)].flatMap(([, table]) => table.trim().split("\n").slice(2).map((line) => /^\| `(.+?)` \|/.exec(line)[1]));
const pattern = (words) => new RegExp(`^Glencheck Link: ${words.split("…").map((w) => w.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join(".*")}$`);

let browser, glencheck, app, context, page, seen, link;

before(async () => {
  glencheck = await startGlencheck();
  browser = await launch();
  const script = readFileSync(new URL("../lib/plain-app.js", import.meta.url), "utf8");
  const frames = `default-src 'none'; script-src 'self' ${glencheck.url} 'unsafe-inline'; frame-src 'self'`;
  const initialize = await (await fetch(`${glencheck.url}/link/v2/stable/link-initialize.js`)).text();
  app = await serveApp(glencheck.url, {
    "/plain": { script },
    "/blocked": { script, csp: frames },
    "/twice": { script, head: `<script src="${glencheck.url}/link/v2/stable/link-initialize.js"></script>`.repeat(2) },
    "/moved": { script, csp: frames, head: `<script>${initialize.replaceAll(glencheck.url, "__GLENCHECK_PUBLIC_URL__")}</script>` },
    "/outer": { body: `<iframe src="/plain?token=x" sandbox="allow-scripts"></iframe>`, csp: "frame-src 'self'", head: "" },
  });
});
after(async () => {
  await browser?.close();
  await app?.close();
  await glencheck?.close();
});
afterEach(() => context?.close());

async function visit(path) {
  context = await browser.newContext();
  ({ page, seen } = await watch(context, [glencheck.url, app.url]));
  await page.goto(`${app.url}${path}`);
  link = page.frameLocator("#plaid-link-iframe-1");
}
const heard = (what) => page.evaluate((w) => window.heard.filter((h) => h.what === w).map((h) => h.args), what);
const exit = async () => (await until(async () => ((await heard("exit")).length ? heard("exit") : null), "onExit"))[0];
const call = async (path, body) => {
  const answer = await fetch(`${glencheck.url}${path}`, { method: "POST", headers: { "content-type": "application/json", "plaid-client-id": CLIENT_ID, "plaid-secret": SECRET }, body: JSON.stringify(body) });
  assert.equal(answer.status, 200, await answer.clone().text());
  return answer.json();
};
const open = async (path) => {
  await visit(path);
  await page.locator("#go").click();
};
const withToken = async (more) => open(`/plain?token=${await linkToken(glencheck.plaid, more)}`);
const go = () => link.locator("#aut-button").click();
async function bank(id, query) {
  await go();
  await link.locator("#search-input-input").fill(query);
  await link.locator(`#aut-${id}`).click();
}
async function login(password) {
  await link.locator("#aut-input-0-input").fill("user_good");
  await link.locator("#aut-input-1-input").fill(password);
  await go();
}
const stuck = () => link.locator('[data-view="ERROR"]').waitFor();

// What brings each about, by the beginning of its words; code is what onExit has for it.
const provoked = {
  "the frame from": { code: "INTERNAL_SERVER_ERROR", async by() {
    context = await browser.newContext();
    ({ page, seen } = await watch(context, [glencheck.url, app.url]));
    await page.route("**/link.html?*", (route) => route.abort());
    await page.goto(`${app.url}/plain?token=link-sandbox-1`);
    await page.locator("#go").click();
  } },
  "this page's Content-Security-Policy": { code: "INTERNAL_SERVER_ERROR", by: () => open("/blocked?token=link-sandbox-1") },
  "the script cannot tell": { code: "INTERNAL_SERVER_ERROR", by: () => open("/moved?token=link-sandbox-1") },
  "this page has no origin": { async by() {
    await visit("/outer");
    const inner = await (await page.locator("iframe").elementHandle()).contentFrame();
    await inner.locator("#go").click();
  } },
  "open() without a token": { code: "INVALID_LINK_TOKEN", by: () => open("/plain") },
  "public keys": { code: "INVALID_LINK_TOKEN", async by() {
    await visit("/plain");
    await page.evaluate(() => Plaid.create({ key: "a-public-key", onExit: (...args) => heard.push({ what: "exit", args }) }).open());
  } },
  "another Link": { code: "INVALID_CONFIGURATION", async by() {
    await withToken();
    await page.evaluate(() => Plaid.create({ token: "link-sandbox-2", onExit: (...args) => heard.push({ what: "exit", args }) }).open());
  } },
  "open() after destroy()": { async by() {
    await visit("/plain?token=link-sandbox-1");
    await page.evaluate(() => { handler.destroy(); handler.open(); });
  } },
  "link-initialize.js is": { by: () => visit("/twice") },
  "exit() while": { async by() {
    await visit("/plain?token=link-sandbox-1");
    await page.evaluate(() => handler.exit());
  } },

  "there is no such": { code: "INVALID_LINK_TOKEN", by: () => open("/plain?token=link-sandbox-00000000-0000-4000-8000-000000000000") },
  "the link token expired": { code: "INVALID_LINK_TOKEN", recorded: true, async by() {
    const token = await linkToken(glencheck.plaid);
    await call("/sandbox/clock/advance", { hours: 5 });
    await open(`/plain?token=${token}`);
  } },
  "… logins": { code: "INVALID_LINK_TOKEN", recorded: true, async by() {
    const token = await linkToken(glencheck.plaid);
    for (let n = 0; n < 20; n++) {
      const { session, done } = await call("/sandbox/link/session/open", { link_token: token, institution_id: "ins_109508" });
      if (done) break;
      await call("/sandbox/link/session/step", { session }).then(async (answer) => {
        for (let wrong = 0; wrong < 4 && !answer.done && answer.view !== "ERROR"; wrong++) {
          if (answer.view === "SELECT_INSTITUTION") answer = await call("/sandbox/link/session/step", { session, action: "pick", value: "ins_109508" });
          answer = await call("/sandbox/link/session/step", { session, fields: { username: "user_good", password: "wrong" } });
        }
        if (!answer.done) await call("/sandbox/link/session/exit", { session, force: true });
      });
    }
    await open(`/plain?token=${token}`);
  } },
  "Link was opened with a": { code: "INVALID_FIELD", async by() {
    const token = await linkToken(glencheck.plaid);
    await open(`/plain?token=${token}&received_redirect_uri=${encodeURIComponent("http://localhost/oauth?oauth_state_id=00000000-0000-4000-8000-000000000000")}`);
  } },

  "… lacks": { session: true, async by() {
    await withToken({ products: ["identity"] });
    await bank("ins_109510", "tattersall");
    await stuck();
  } },
  "… gives no": { session: true, async by() {
    await withToken({ auth: { instant_microdeposits_enabled: false } });
    await bank("ins_135858", "windowpane");
    await stuck();
  } },
  "… is not in a country": { session: true, async by() {
    await visit(`/plain?token=${await linkToken(glencheck.plaid)}`);
    await page.evaluate(() => handler.open("ins_43"));
    await go();
    await stuck();
  } },
  "… is down": { session: true, async by() {
    await withToken();
    await bank("ins_132361", "unhealthy");
    await stuck();
  } },
  "the account_filters": { session: true, async by() {
    await withToken({ products: ["identity"], account_filters: { investment: { account_subtypes: ["brokerage"] } } });
    await bank("ins_109508", "first platypus");
    await login("pass_good");
    await stuck();
  } },
  "the bank ended": { session: true, async by() {
    await withToken();
    await bank("ins_109508", "first platypus");
    await login("error_INSTITUTION_NOT_RESPONDING");
    await stuck();
  } },
  "the bank's window": { session: true, async by() {
    await withToken();
    await bank("ins_127287", "oauth");
    const [popup] = await Promise.all([context.waitForEvent("page"), go()]);
    await popup.waitForURL(/\/bank\//);
    await popup.close();
    await link.getByText("was closed before you were done").waitFor();
  } },
};

for (const [words, { code, recorded, session, by }] of Object.entries(provoked)) {
  test(words, async () => {
    const row = rows.find((r) => r.startsWith(words));
    assert.ok(row, "the page has it");
    await by();
    await until(() => seen.console.some((c) => pattern(row).test(c.text)), `the console says: ${row}`).catch((e) => {
      throw new Error(`${e.message}; it says:\n${seen.console.map((c) => c.text).join("\n")}`);
    });
    assert.deepEqual(seen.strangers, []);
    let id;
    if (code) {
      const [error, metadata] = await exit();
      assert.equal(error.error_code, code);
      assert.equal(typeof metadata.request_id, "string");
      id = recorded && metadata.link_session_id;
    }
    if (session) {
      await page.evaluate(() => handler.exit({ force: true }));
      id = (await exit())[1].link_session_id;
    }
    if (!id) return;
    const record = (await call("/sandbox/link/session/get", { link_session_id: id })).session;
    assert.ok(record.remarks.some((r) => pattern(row).test(`Glencheck Link: ${r.text}`)), "the record of the session has it");
  });
}

test("no row of the page is without its dead end", () => {
  assert.deepEqual(rows.filter((r) => !Object.keys(provoked).some((words) => r.startsWith(words))), []);
});
