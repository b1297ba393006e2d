// Every pane of every flow in each language, in both directions of writing, on
// the smallest phones: nothing is cut, nothing leaves the window, every button
// stays in one line. The panes are walked without a browser and laid into the
// page of the frame, so that a new pane costs a step of a walk and no waiting.
// A view that no walk reaches fails the test.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { launch, watch } from "../lib/browser.mjs";
import { misfits } from "../lib/fit.mjs";
import { CLIENT_ID, linkToken, SECRET, startGlencheck } from "../lib/glencheck.mjs";
import { CODES } from "../lib/walks.mjs";

const languages = readdirSync(new URL("../../web/text/", import.meta.url)).map((name) => name.replace(".json", ""));
const WIDTHS = [320, 360];

// Of each of these there is a test of its own: the sheet that lies over a pane, the
// loader, and the search that stands in the host's page.
const ELSEWHERE = ["EXIT", "LOADING", "EMBEDDED_SEARCH"];

let browser, glencheck;
const seen = new Map(); // language -> views

before(async () => {
  glencheck = await startGlencheck();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await glencheck?.close();
});

async function call(path, body, keys = true) {
  const r = await fetch(glencheck.url + path, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...(keys ? { "Plaid-Client-Id": CLIENT_ID, "Plaid-Secret": SECRET } : {}) },
    body: JSON.stringify(body),
  });
  const out = await r.json();
  if (!r.ok) throw new Error(`${path}: ${out.error_code}: ${out.error_message}`);
  return out;
}

/** An Item of a login without Link, for update mode. */
async function item(products = ["auth"]) {
  const { data } = await glencheck.plaid.sandboxPublicTokenCreate({ institution_id: "ins_109508", initial_products: products });
  return (await glencheck.plaid.itemPublicTokenExchange({ public_token: data.public_token })).data.access_token;
}

async function user() {
  return (await glencheck.plaid.userCreate({ client_user_id: `person-${Math.random()}` })).data.user_id;
}

// A step is what a person does; each pane on the way is looked at.
const go = { action: "submit" };
const pick = (value) => ({ action: "pick", value });
const login = (password, username = "user_good") => ({ action: "submit", fields: { username, password } });
const back = { action: "back" };
const enter = [go, pick("ins_109508")];
const accounts = (...list) => ({ action: "submit", fields: { account: list } });
const numbers = (routing_number, account_number, name) => ({ action: "submit", fields: { routing_number, account_number, ...(name === undefined ? {} : { name }) } });

const walks = [
  { name: "to the end", steps: [go, { action: "search", value: "platypus" }, pick("ins_109508"), login("wrong"), login("mfa_device"), { action: "submit", fields: { device: "phone_0" } },
    { action: "submit", fields: { code: "9999" } }, back, login("mfa_questions_2_3"), { action: "submit", fields: { answer_0: "no", answer_1: "no", answer_2: "no" } }, back,
    login("mfa_selections"), back, login("pass_good"), accounts("a1", "a2"), go] },
  { name: "recaptcha", steps: [go, pick("ins_109508"), login('{"recaptcha":"bad"}'), { action: "submit", fields: { recaptcha: "done" } }] },
  { name: "with use cases", token: { link_customization_name: "transparent", products: ["transactions"], optional_products: ["auth", "identity"], additional_consented_products: ["investments", "liabilities", "signal", "statements"] }, steps: [...enter, login("pass_good"), accounts("a1")] },
  { name: "pages of the bank", steps: [go, pick("ins_127287"), go] },
  { name: "pages of the bank, with use cases", token: { link_customization_name: "transparent", products: ["auth", "identity"] }, steps: [go, pick("ins_127287")] },
  { name: "an account is missing", token: { products: ["transactions", "investments"] }, steps: [...enter, login("pass_good"), accounts("a1")] },
  { name: "one account", token: { link_customization_name: "single" }, steps: [...enter, login("pass_good")] },
  { name: "typed numbers", token: { products: ["auth"] }, steps: [go, pick("ins_109512"), login("pass_good"), accounts("a2"), numbers("123", "1"), numbers("021000021", "1111222233339999")] },
  { name: "typed numbers and a deposit", token: { products: ["auth"], auth: { automated_microdeposits_enabled: true } }, steps: [go, pick("ins_109512"), login("microdeposits_good"), accounts("a1"),
    numbers("021000021", "1111222233330000", ""), numbers("021000021", "1111222233330000", "Alberta Charleson")] },
  ...["ins_132361", "ins_132363", "ins_133402", "ins_135858"].map((id) => ({ name: id, steps: [go, pick(id)] })),
  ...["ITEM_LOCKED", ...CODES].map((code) => ({ name: code, steps: [...enter, login(`error_${code}`)] })),
  { name: "update mode", token: async () => ({ access_token: await item(), products: undefined }), steps: [login("wrong"), login("pass_good")] },
  { name: "update with other accounts", token: async () => ({ access_token: await item(), products: undefined, update: { account_selection_enabled: true } }), steps: [login("pass_good")] },
  { name: "update with consent", token: async () => ({ access_token: await item(), products: undefined, additional_consented_products: ["liabilities", "investments"] }), steps: [] },
  { name: "several banks", token: async () => ({ enable_multi_item_link: true, user: undefined, user_id: await user() }), steps: [...enter, login("pass_good"), accounts("a1")] },
];

/** Walks a session and hands the HTML of every pane, and of the exit sheet over it, to look. */
async function take(walk, lang, look) {
  const more = typeof walk.token === "function" ? await walk.token() : walk.token;
  const link_token = await linkToken(glencheck.plaid, { language: lang, client_name: "Wonderwallet", products: ["auth", "identity"], ...more });
  let at = await call("/sandbox/link/session/open", { link_token });
  const session = at.session;
  const show = async (name) => {
    // A step of another pane changes nothing: it answers the pane as a browser gets it.
    const { pane } = await call("/link/session/step", { session, seq: -1, action: "submit" }, false);
    await look(`${walk.name}: ${name}`, at.view, pane.html);
  };
  await show("first");
  for (const [n, step] of walk.steps.entries()) {
    at = await call("/sandbox/link/session/step", { session, ...step });
    if (at.done) return;
    await show(`${n + 1} ${at.view}`);
  }
  const { sheet } = await call("/link/session/exit", { session, seq: at.seq, force: false }, false);
  if (sheet) await look(`${walk.name}: the way out`, "EXIT", sheet.html);
}

/** Lays each pane into the page, with everything that can be opened open, and says what does not fit. It runs in the page. */
function judge(panes, width) {
  const found = [];
  for (const [name, html] of panes) {
    document.querySelector("#link-root").innerHTML = html;
    for (const d of document.querySelectorAll("details")) d.open = true;
    for (const dir of ["ltr", "rtl"]) {
      document.documentElement.dir = dir;
      // A button that names a bank is as long as the bank's name: it may take two lines.
      const lines = !html.includes('data-view="OAUTH"');
      for (const wrong of [...misfits({ lines }), ...mirrored(dir)]) found.push(`${name}, ${dir}, ${width}: ${wrong}`);
    }
  }
  return found;
}

/** What stands on the wrong side. It runs in the page. */
function mirrored(dir) {
  const head = document.querySelector(".pane-head");
  const [back, close] = ["link-back", "link-close"].map((id) => document.querySelector(`[data-testid="${id}"]`));
  const middle = head ? head.getBoundingClientRect().left + head.getBoundingClientRect().width / 2 : 0;
  const side = (el) => (el.getBoundingClientRect().left < middle ? "left" : "right");
  const found = [];
  if (back && side(back) !== (dir === "rtl" ? "right" : "left")) found.push(`${dir}: the way back is on the ${side(back)}`);
  if (close && side(close) !== (dir === "rtl" ? "left" : "right")) found.push(`${dir}: the way out is on the ${side(close)}`);
  for (const p of document.querySelectorAll("#link-root :is(p, h1, label, summary, legend)")) {
    if (/^(left|right)$/.test(getComputedStyle(p).textAlign)) found.push(`${dir}: "${p.textContent.trim().slice(0, 40)}" is aligned ${getComputedStyle(p).textAlign}`);
  }
  return found;
}

for (const lang of languages) {
  test(`every pane in ${lang}`, async () => {
    await call("/sandbox/team/customization/set", {
      name: "transparent", appearance: { company_name: "Wonderwallet & Söhne" },
      data_transparency: { use_cases: ["Do business accounting and tax preparation", "Verify your identity and prevent fraud", "Facilitate business-to-business payments"] },
    });
    const context = await browser.newContext({ viewport: { width: 360, height: 640 }, reducedMotion: "reduce" });
    try {
      const { page, seen: heard } = await watch(context, [glencheck.url]);
      await page.goto(`${glencheck.url}/link/v2/stable/link.html`);
      await page.locator(".pane").waitFor();
      const panes = new Map(); // html -> name; the same pane is looked at once
      seen.set(lang, new Set());
      for (const walk of walks) {
        await take(walk, lang, (name, view, html) => {
          seen.get(lang).add(view);
          panes.set(html, panes.get(html) ?? name);
        });
      }
      const list = [...panes].map(([html, name]) => [name, html]);
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 640 });
        assert.deepEqual(await page.evaluate(`(() => { ${misfits}\n${mirrored}\nreturn (${judge})(${JSON.stringify(list)}, ${width}); })()`), []);
      }
      assert.deepEqual(heard.errors, []);
    } finally {
      await context.close();
    }
  });
}

test("every view of Link was looked at", () => {
  const dir = new URL("../../internal/link/", import.meta.url);
  const views = readdirSync(dir).filter((f) => f.endsWith(".go")).flatMap((f) => [...readFileSync(new URL(f, dir), "utf8").matchAll(/\bView\s*= "([A-Z_]+)"/g)].map((m) => m[1]));
  const missing = [...new Set(views)].filter((v) => !ELSEWHERE.includes(v) && !seen.get("en")?.has(v));
  assert.deepEqual(missing, [], "add a walk that comes to these views");
});
