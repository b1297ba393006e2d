// The institution search in the host's page: a real Glencheck, unmodified
// PlaidEmbeddedLink in strict mode, the official client, and the same flow without
// a browser.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, afterEach, before, test } from "node:test";
import { violations } from "../lib/axe.mjs";
import { launch, until, watch } from "../lib/browser.mjs";
import { bundle } from "../lib/bundle.mjs";
import { CLIENT_ID, linkToken, SECRET, startGlencheck } from "../lib/glencheck.mjs";
import { serveApp } from "../lib/serve.mjs";
import { shot } from "../lib/shots.mjs";

let browser, glencheck, app, context, page, seen, grid, link;

before(async () => {
  glencheck = await startGlencheck();
  browser = await launch();
  // The size is set by script: the page's policy lets no style attribute in.
  const size = `addEventListener("DOMContentLoaded", () => {
    const sheet = new CSSStyleSheet();
    const [w, h] = (new URLSearchParams(location.search).get("size") ?? "300x350").split("x");
    sheet.replaceSync("#box { width: " + w + "px; height: " + h + "px } .embedded { height: 100% }");
    document.adoptedStyleSheets.push(sheet);
  });`;
  app = await serveApp(glencheck.url, {
    "/react": { script: size + (await bundle(readFileSync(new URL("../lib/embedded-app.jsx", import.meta.url), "utf8"))), body: `<div id="root"></div>` },
    "/plain": {
      script: `${size} window.heard = [];
        const say = (what) => (...args) => heard.push({ what, args });
        window.make = (token, box = document.getElementById("box")) => Plaid.createEmbedded({ token, onSuccess: say("success"), onExit: say("exit"), onEvent: say("event"), onLoad: say("load") }, box);`,
      body: `<main><h1>An app</h1><div id="box"></div><div id="other"></div></main>`,
    },
  });
});
after(async () => {
  await browser?.close();
  await app?.close();
  await glencheck?.close();
});
afterEach(() => context?.close());

const heard = (what) => page.evaluate((w) => window.heard.filter((h) => h.what === w), what);
const line = (e) => [e.args[0], e.args[1].view_name ?? e.args[1].institution_search_query ?? e.args[1].match_reason ?? e.args[1].exit_status].filter(Boolean).join(" ");
const view = (name) => link.locator(`.pane[data-view="${name}"]`).waitFor();
const tiles = () => grid.locator(".tile:not([hidden]) button");
const exits = async (n = 1) => until(async () => ((await heard("exit")).length >= n ? heard("exit") : null), "onExit");

async function start(path = "/react", { token, size = "300x350", ...options } = {}) {
  context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  ({ page, seen } = await watch(context, [glencheck.url, app.url]));
  token ??= await linkToken(glencheck.plaid);
  await page.goto(`${app.url}${path}?token=${token}&size=${size}`);
  grid = page.frameLocator(".plaid-embedded-iframe");
  link = page.frameLocator("#plaid-link-iframe-1");
  return token;
}

async function login() {
  await link.locator("#aut-button").click();
  await view("CREDENTIAL");
  await link.locator("#aut-input-0-input").fill("user_good");
  await link.locator("#aut-input-1-input").fill("pass_good");
  await link.locator("#aut-button").click();
  await view("SELECT_ACCOUNT");
  await link.locator("fieldset.choices input").first().check();
  await link.locator("#aut-button").click();
  await view("CONNECTED");
  await link.locator("#aut-button").click();
}

const STORY = [
  "OPEN CONSENT", "SELECT_INSTITUTION", "TRANSITION_VIEW CONSENT", "TRANSITION_VIEW CREDENTIAL", "SUBMIT_CREDENTIALS", "TRANSITION_VIEW LOADING",
  "TRANSITION_VIEW SELECT_ACCOUNT", "TRANSITION_VIEW LOADING", "TRANSITION_VIEW CONNECTED", "HANDOFF",
];

test("PlaidEmbeddedLink: a tile opens Link for its bank; events in the documented order", async () => {
  const token = await start();
  await tiles().first().waitFor();
  await until(async () => (await heard("load")).length, "onLoad");
  assert.equal((await heard("event")).length, 0, "a search that is only shown is no session");
  assert.equal((await glencheck.plaid.linkTokenGet({ link_token: token })).data.link_sessions?.length ?? 0, 0);
  assert.equal(await page.locator(".plaid-embedded-iframe").count(), 1, "strict mode's create, destroy, create leaves one");
  await grid.locator("#aut-ins_109508").click();
  await view("CONSENT");
  await login();
  const [success] = await until(async () => ((await heard("success")).length ? heard("success") : null), "onSuccess");
  assert.deepEqual((await heard("event")).map(line), STORY);
  assert.equal(success.args[1].institution.institution_id, "ins_109508");
  const ids = new Set((await heard("event")).map((e) => e.args[1].link_session_id));
  assert.equal(ids.size, 1, "one session for both frames");
  const { data } = await glencheck.plaid.itemPublicTokenExchange({ public_token: success.args[0] });
  assert.ok((await glencheck.plaid.authGet({ access_token: data.access_token })).data.numbers.ach.length > 0);
  assert.equal((await heard("load")).length, 1, "rendering anew loads nothing anew");
  assert.deepEqual(await heard("violation"), []);
  assert.deepEqual(seen.strangers, []);
  assert.deepEqual(seen.errors, []);
  await page.evaluate(() => app.set({ there: false }));
  await until(async () => (await page.locator("iframe").count()) === 0, "both frames go");
});

test("Connect manually: account numbers instead of a bank, after consent", async () => {
  await start("/react", { token: await linkToken(glencheck.plaid, { auth: { same_day_microdeposits_enabled: true, auth_type_select_enabled: true } }) });
  await grid.getByRole("button", { name: "Connect manually" }).click();
  await view("CONSENT");
  await link.locator("#aut-button").click();
  await view("NUMBERS");
  await link.locator("#device-input").waitFor();
  await link.getByTestId("link-close").click();
  await link.getByTestId("exit-confirm").click();
  await exits();
  assert.deepEqual((await heard("event")).map(line), [
    "OPEN CONSENT", "SELECT_AUTH_TYPE", "TRANSITION_VIEW CONSENT", "TRANSITION_VIEW NUMBERS", "TRANSITION_VIEW EXIT", "EXIT requires_credentials",
  ]);
  assert.deepEqual(seen.errors, []);
});

test("after an exit the grid works again, in a new session; focus is back on the tile", async () => {
  await start();
  await grid.locator("#aut-ins_109508").click();
  await view("CONSENT");
  assert.equal(await page.evaluate(() => document.activeElement.id), "plaid-link-iframe-1");
  await page.keyboard.press("Escape"); // a bank was chosen: it asks
  await link.getByTestId("exit-confirm").click();
  const [exit] = await exits();
  assert.equal(exit.args[0], null);
  assert.equal(exit.args[1].status, "requires_credentials");
  assert.equal(exit.args[1].institution.institution_id, "ins_109508");
  assert.deepEqual((await heard("event")).map(line), ["OPEN CONSENT", "SELECT_INSTITUTION", "TRANSITION_VIEW CONSENT", "TRANSITION_VIEW EXIT", "EXIT requires_credentials"]);
  const frame = page.frames().find((f) => f.url().includes("/embedded.html"));
  await until(() => frame.evaluate(() => document.activeElement?.id === "aut-ins_109508" && document.hasFocus()), "focus on the tile");
  await page.keyboard.press("Enter");
  await view("CONSENT");
  await page.evaluate(() => window.heard.splice(0));
  await login();
  await until(async () => (await heard("success")).length, "onSuccess");
});

test("keyboard: search, arrows, Enter; what was searched for is an event", async () => {
  await start();
  await tiles().first().waitFor();
  await page.keyboard.press("Tab");
  const frame = page.frames().find((f) => f.url().includes("/embedded.html"));
  const focus = () => frame.evaluate(() => document.activeElement?.id);
  assert.equal(await focus(), "search-input-input");
  await page.keyboard.press("ArrowDown");
  const first = await focus();
  assert.match(first, /^aut-ins_/);
  await page.keyboard.press("ArrowRight");
  assert.notEqual(await focus(), first);
  await page.keyboard.press("ArrowLeft");
  assert.equal(await focus(), first);
  await page.keyboard.press("End");
  await page.keyboard.press("ArrowDown");
  assert.equal(await focus(), await tiles().last().getAttribute("id"), "the end is the end");
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowUp");
  assert.equal(await focus(), "search-input-input");
  // The results come late: whoever has gone on to the tiles by then is not lost.
  let answer;
  await page.route("**/link/session/search", (route) => (answer = route));
  await page.keyboard.insertText("tartan bank"); // in one go: between real keystrokes a busy machine may take a rest of its own
  await until(() => answer, "a search");
  await page.keyboard.press("ArrowDown");
  assert.equal(await focus(), first);
  await answer.continue();
  await until(async () => /^\d+ results?$/.test(await grid.locator("[data-search-status]").textContent()), "results");
  assert.equal(await focus(), "search-input-input", "the tile is no longer there");
  await page.unroute("**/link/session/search");
  await page.keyboard.press("ArrowDown");
  assert.equal(await focus(), "aut-ins_109511");
  await page.keyboard.press("Enter");
  await view("CONSENT");
  assert.equal(await link.locator(".pane-mark").textContent(), "TBTartan Bank");
  await until(() => link.locator("body").evaluate(() => document.hasFocus()), "the keyboard in Link");
  await page.keyboard.press("Escape");
  await link.getByTestId("exit-confirm").click();
  await exits();
  assert.deepEqual((await heard("event")).map(line).slice(0, 4), ["OPEN CONSENT", "SEARCH_INSTITUTION tartan bank", "SELECT_INSTITUTION", "TRANSITION_VIEW CONSENT"]);
  // The list of the search is still there, and can be emptied.
  assert.equal(await grid.locator("#search-input-input").inputValue(), "tartan bank");
  await grid.getByRole("button", { name: "Clear search" }).click();
  await grid.locator("#aut-ins_109508").waitFor();
});

test("a bank that is down is said after consent, and another can be chosen in Link", async () => {
  await start();
  await grid.locator("#search-input-input").fill("Unhealthy Platypus Bank - Down");
  await grid.locator("#aut-ins_132361").click();
  await view("CONSENT");
  await link.locator("#aut-button").click();
  await view("ERROR");
  await link.locator("#aut-button").click();
  await view("SELECT_INSTITUTION");
  await page.keyboard.press("Escape");
  const [exit] = await exits();
  assert.equal(exit.args[1].status, "institution_not_found");
  assert.deepEqual((await heard("event")).map(line).slice(0, 6), ["OPEN CONSENT", "SEARCH_INSTITUTION Unhealthy Platypus Bank - Down", "TRANSITION_VIEW CONSENT", "SELECT_DOWN_INSTITUTION", "ERROR", "TRANSITION_VIEW ERROR"]);
});

test("a bank with pages of its own: OAUTH after consent", async () => {
  await start();
  await grid.locator("#search-input-input").fill("Platypus OAuth Bank");
  await grid.locator("#aut-ins_127287").click();
  await view("CONSENT");
  await link.locator("#aut-button").click();
  await view("OAUTH");
  await page.keyboard.press("Escape");
  await link.getByTestId("exit-confirm").click();
  const [exit] = await exits();
  assert.equal(exit.args[1].status, "requires_oauth");
  assert.deepEqual((await heard("event")).map(line).filter((l) => !l.startsWith("SEARCH")).slice(0, 4), ["OPEN CONSENT", "SELECT_INSTITUTION", "TRANSITION_VIEW CONSENT", "TRANSITION_VIEW OAUTH"]);
});

test("back from a bank's own pages Link opens at once; then the grid works as ever", async () => {
  const token = await start("/plain");
  await page.evaluate((t) => {
    const say = (what) => (...args) => heard.push({ what, args });
    Plaid.createEmbedded({ token: t, onExit: say("exit"), onEvent: say("event"), receivedRedirectUri: "https://domainname.com/oauth-page.html?oauth_state_id=00000000-0000-0000-0000-000000000000" }, document.getElementById("box"));
  }, token);
  const [exit] = await exits();
  assert.equal(exit.args[0].error_code, "INVALID_FIELD"); // this token has no redirect_uri
  await grid.locator("#aut-ins_109508").click();
  await view("CONSENT");
});

test("the bank of the token's routing number comes first", async () => {
  const token = await linkToken(glencheck.plaid, { institution_data: { routing_number: "021000021" } });
  await start("/react", { token });
  const first = await tiles().first().getAttribute("data-value");
  const plain = await linkToken(glencheck.plaid);
  await context.close();
  await start("/react", { token: plain });
  const usual = await tiles().first().getAttribute("data-value");
  assert.notEqual(first, usual);
});

/** The words of banks' names that stand on more than one line. */
function brokenWords() {
  const broken = [];
  for (const name of document.querySelectorAll(".tile:not([hidden]) button")) {
    const text = name.firstChild;
    for (const { 0: word, index } of text.data.matchAll(/\S+/g)) {
      const range = document.createRange();
      range.setStart(text, index);
      range.setEnd(text, index + word.length);
      if (new Set([...range.getClientRects()].map((r) => Math.round(r.top))).size > 1) broken.push(word);
    }
  }
  return broken;
}

test("as many tiles as fit, 2 to 15, nothing cut, nothing for axe-core to say", async () => {
  const token = await linkToken(glencheck.plaid);
  let before = 0;
  for (const [size, scheme] of [["220x120", "light"], ["300x350", "light"], ["350x300", "dark"], ["600x400", "light"], ["1000x300", "dark"]]) {
    await start("/react", { token, size, colorScheme: scheme });
    await tiles().first().waitFor();
    const n = await tiles().count();
    assert.ok(n >= 2 && n <= 15, `${size}: ${n} tiles`);
    assert.ok(n >= before || size.endsWith("x300"), `${size}: ${n} tiles, ${before} in less room`);
    before = n;
    const frame = page.frames().find((f) => f.url().includes("/embedded.html"));
    if (size !== "220x120") {
      const cut = await frame.evaluate(() => {
        const box = document.querySelector(".tiles").getBoundingClientRect();
        return [...document.querySelectorAll(".tile:not([hidden])")].filter((li) => li.getBoundingClientRect().bottom > box.bottom + 1 || li.scrollHeight > li.clientHeight).length;
      });
      assert.equal(cut, 0, `${size}: no tile is cut`);
      assert.deepEqual(await frame.evaluate(brokenWords), [], `${size}: no name breaks inside a word`);
    }
    assert.ok(await frame.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${size}: nothing sticks out`);
    assert.deepEqual(await violations(frame), [], size);
    await shot(page, `embedded-${size}-${scheme}`);
    await context.close();
  }
});

test("a token that cannot be used here is refused through onExit, once, with the reason", async () => {
  for (const [token, code] of [["link-sandbox-00000000-0000-0000-0000-000000000000", "INVALID_LINK_TOKEN"], [await linkToken(glencheck.plaid, { hosted_link: {} }), "INVALID_CONFIGURATION"]]) {
    await start("/react", { token });
    const [exit] = await exits();
    assert.equal(exit.args[0].error_code, code);
    assert.equal(exit.args[1].status, null);
    await grid.getByRole("heading").waitFor();
    await new Promise((r) => setTimeout(r, 200));
    assert.equal((await heard("exit")).length, 1, "once, however often the page renders");
    assert.equal((await heard("load")).length, 0);
    assert.ok(seen.console.some((c) => c.type === "error" && c.text.includes(code)));
    assert.ok(seen.console.some((c) => c.type === "warning" && /Glencheck Link: /.test(c.text)));
    await context.close();
  }
});

test("a plain page: destroy is bound and idempotent, elements without use are refused", async () => {
  const token = await start("/plain");
  const kinds = await page.evaluate((t) => {
    const { destroy, ...rest } = make(t);
    window.off = destroy;
    return [typeof destroy, Object.keys(rest)];
  }, token);
  assert.deepEqual(kinds, ["function", []]);
  await tiles().first().waitFor();
  await page.evaluate(() => (off(), off()));
  await until(async () => (await page.locator("iframe").count()) === 0, "destroyed");
  await page.evaluate((t) => make(t, null), token);
  const [exit] = await exits();
  assert.equal(exit.args[0].error_code, "INVALID_CONFIGURATION");
  // Two searches on one page, and one Link.
  await page.evaluate((t) => {
    make(t);
    make(t, document.getElementById("other"));
  }, token);
  await until(async () => (await heard("load")).length === 3, "both load");
  const [one, two] = [0, 1].map((n) => page.frameLocator(".plaid-embedded-iframe >> nth=" + n));
  await one.locator("#aut-ins_109508").click();
  await until(async () => (await page.locator("[id^=plaid-link-iframe]").evaluateAll((all) => all.filter((f) => f.style.display === "block").length)) === 1, "one Link");
  assert.equal(await page.evaluate(() => document.getElementById("other").closest("[inert]") !== null), true, "the page behind is inert");
  await page.locator("[id^=plaid-link-iframe]").evaluateAll((all) => all.length);
  const open = page.frameLocator('[id^=plaid-link-iframe]:not([style*="display: none"])');
  await open.locator("#aut-button").waitFor();
  await page.keyboard.press("Escape");
  await open.getByTestId("exit-confirm").click();
  await exits(2);
  await two.locator("#aut-ins_109511").click();
  await open.locator("#aut-button").waitFor();
  assert.equal((await heard("event")).filter((e) => e.args[0] === "OPEN").length, 2);
});

test("moving the element loads the search anew, and it works", async () => {
  const token = await start("/plain");
  await page.evaluate((t) => make(t), token);
  await grid.locator("#aut-ins_109508").waitFor();
  await page.evaluate(() => document.getElementById("other").append(document.getElementById("box")));
  await grid.locator("#aut-ins_109508").click();
  await view("CONSENT");
});

test("without a browser: the institution first, the same events", async () => {
  const call = async (what, body) => {
    const r = await fetch(`${glencheck.url}/sandbox/link/session/${what}`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ client_id: CLIENT_ID, secret: SECRET, ...body }) });
    const answer = await r.json();
    assert.equal(r.status, 200, JSON.stringify(answer));
    events.push(...answer.events.map((e) => line({ args: [e.event_name, e.metadata] })));
    return answer;
  };
  const events = [];
  const first = await call("open", { link_token: await linkToken(glencheck.plaid), embedded: true });
  assert.equal(first.view, "EMBEDDED_SEARCH");
  assert.equal(first.exit_status, "institution_not_found");
  assert.ok(first.choices.length >= 2 && first.choices.length <= 15);
  assert.deepEqual(first.actions, ["pick", "search"]);
  const step = (body) => call("step", { session: first.session, ...body });
  await step({ action: "pick", value: "ins_109508" });
  await step({});
  const accounts = await step({ fields: { username: "user_good", password: "pass_good" } });
  const field = accounts.fields[0];
  await step({ fields: { [field.name]: [field.options[0].value] } });
  const last = await step({});
  assert.equal(last.done.kind, "success");
  assert.deepEqual(events, STORY);
});
