// What a hostile, broken or unlucky page does to Link, against a real Glencheck:
// nothing breaks, nothing leaks, and each story has its documented end.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { launch, until, watch } from "../lib/browser.mjs";
import { linkToken, startGlencheck } from "../lib/glencheck.mjs";
import { serveApp } from "../lib/serve.mjs";

let browser, glencheck, other, app, attacker, context, page, seen, link, token, steps;

const SCRIPT = `
window.heard = [];
window.make = (token, more = {}) => {
  const say = (what) => (...args) => window.heard.push({ what, args });
  return (window.h = Plaid.create({ token, onLoad: say("load"), onEvent: say("event"), onSuccess: say("success"), onExit: say("exit"), ...more }));
};
window.all = [];
addEventListener("message", (e) => window.all.push({ origin: e.origin, data: e.data }));`;

before(async () => {
  [glencheck, other] = await Promise.all([startGlencheck(), startGlencheck()]);
  browser = await launch();
  app = await serveApp(glencheck.url, {
    "/app": { script: SCRIPT, csp: `default-src 'none'; script-src 'self' ${glencheck.url}; frame-src *` },
  });
  // Another site: a page that frames what it likes and keeps every word that it hears.
  attacker = await serveApp(glencheck.url, {
    "/evil": { head: "", body: "<h1>Prizes</h1>", csp: "default-src * 'unsafe-inline'; frame-src *; frame-ancestors *", script: `window.all = []; addEventListener("message", (e) => window.all.push(e.data));` },
  });
});
after(async () => {
  await browser?.close();
  for (const s of [app, attacker, glencheck, other]) await s?.close();
});
afterEach(() => context?.close());

const heard = (what) => page.evaluate((w) => window.heard.filter((h) => h.what === w), what);
const view = (name, where = link) => where.locator(`.pane[data-view="${name}"]`).waitFor();
const names = async () => (await heard("event")).map((e) => e.args[0]);
const exited = async () => (await until(async () => ((await heard("exit")).length ? heard("exit") : null), "onExit"))[0].args;

async function start(more = {}) {
  token = await linkToken(glencheck.plaid);
  context = await browser.newContext();
  ({ page, seen } = await watch(context, [glencheck.url, app.url, attacker.url]));
  steps = [];
  page.on("request", (r) => r.url().includes("/link/session/") && steps.push({ what: r.url().split("/").at(-1), body: r.postDataJSON() }));
  await page.goto(`${app.url}/app`);
  await page.evaluate(([t, m]) => make(t, m).open(), [token, more]);
  link = page.frameLocator("#plaid-link-iframe-1");
  await view("CONSENT");
}
async function toLogin(where = link) {
  await where.locator("#aut-button").click();
  await where.locator("#aut-ins_109508").click();
  await view("CREDENTIAL", where);
}
async function login(where = link) {
  await where.locator("#aut-input-0-input").fill("user_good");
  await where.locator("#aut-input-1-input").fill("pass_good");
  await where.locator("#aut-button").click();
  await view("SELECT_ACCOUNT", where);
}
async function finish(where = link) {
  await where.locator("fieldset.choices input").first().check();
  await where.locator("#aut-button").click();
  await view("CONNECTED", where);
  await where.locator("#aut-button").click();
}
const call = async (what, body, url = glencheck.url) => (await fetch(`${url}/link/session/${what}`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) })).json();
const session = () => steps.find((s) => s.body.session).body.session;

test("opened in one go: the first pane comes with the frame's document, and no second session", async () => {
  await start();
  assert.deepEqual(steps, []);
  const frame = page.frames().find((f) => f.url().includes("/link.html"));
  assert.equal(await frame.evaluate(() => document.documentElement.dataset.place), "drop");
  await until(() => frame.evaluate(() => document.activeElement?.id === "pane-title"), "focus on the title");
  assert.deepEqual((await heard("event")).map((e) => [e.args[0], e.args[1].view_name]), [["OPEN", "CONSENT"]]);
  await toLogin();
  assert.equal(steps.length, 2);
  // A page that moves the frame loads it anew, and Link begins anew.
  await page.evaluate(() => document.body.append(document.getElementById("plaid-link-iframe-1")));
  await view("CONSENT");
  assert.equal(steps.at(-1).what, "open");
  await toLogin();
  await page.evaluate(() => h.exit({ force: true }));
  assert.equal((await exited())[1].status, "requires_credentials");
  assert.deepEqual(await heard("load").then((l) => l.length), 1);
  assert.deepEqual(seen.errors, []);
  // Closed, it does not begin by itself.
  const before = steps.length;
  await page.evaluate(() => new Promise((ok) => {
    const frame = document.getElementById("plaid-link-iframe-1");
    frame.addEventListener("load", () => setTimeout(ok), { once: true });
    document.body.prepend(frame);
  }));
  assert.equal(steps.length, before);
  const { data } = await glencheck.plaid.linkTokenGet({ link_token: token });
  assert.equal(data.link_sessions.length, 2);
});

test("a row half under the footer hears the press, and comes out for who goes by keyboard", async () => {
  await start();
  await page.setViewportSize({ width: 360, height: 460 });
  await link.locator("#aut-button").click();
  await view("SELECT_INSTITUTION");
  const frame = page.frames().find((f) => f.url().includes("/link.html"));
  const row = await frame.evaluate(() => {
    const floor = document.querySelector(".pane-foot").getBoundingClientRect().top;
    const button = [...document.querySelectorAll(".row button")].find((b) => b.closest(".row").getBoundingClientRect().bottom > floor - 20);
    button.closest(".row").scrollIntoView({ block: "start" });
    scrollBy(0, button.closest(".row").getBoundingClientRect().top - floor + 24);
    const at = button.closest(".row").getBoundingClientRect();
    return { id: button.id, x: at.x + 40, y: at.y + 12, hidden: at.bottom > floor };
  });
  assert.ok(row.hidden, "the row is not under the footer");
  await page.mouse.move(row.x, row.y);
  await page.mouse.down();
  await frame.waitForFunction((id) => document.activeElement.id === id, row.id);
  await page.mouse.up();
  await until(() => steps.some((s) => s.body.action === "pick"), "the press is heard");
});

test("a page of another site that frames Link and names itself the app's gets no word of the result", async () => {
  token = await linkToken(glencheck.plaid);
  context = await browser.newContext();
  ({ page, seen } = await watch(context, [glencheck.url, app.url, attacker.url]));
  await page.goto(`${attacker.url}/evil`);
  const add = (query) =>
    page.evaluate((src) => {
      const f = document.createElement("iframe");
      f.src = src;
      f.width = 500;
      f.height = 700;
      document.body.append(f);
    }, `${glencheck.url}/link/v2/stable/link.html?${query}`);
  // Not even shown where nobody says who frames it.
  await add(`token=${token}`);
  await until(() => seen.console.some((c) => /frame-ancestors/.test(c.text)), "the browser refuses it");
  // With the app's origin the frame speaks to the app alone, which is not there.
  await add(`id=1&origin=${encodeURIComponent(app.url)}&token=${token}`);
  const framed = await until(() => page.frames().find((f) => f.url().includes("id=1")), "the frame");
  await framed.locator("#link-root").waitFor({ state: "attached" });
  await page.evaluate((o) => document.querySelectorAll("iframe")[1].contentWindow.postMessage({ glencheck: 1, id: "1", run: 1, type: "open" }, o), glencheck.url);
  await new Promise((r) => setTimeout(r, 300));
  assert.equal(await framed.locator(".pane").count(), 0, "it does not even open: only the app may say so");
  assert.deepEqual(await page.evaluate(() => window.all), []);
});

test("forged words of another frame of the page end nothing, open nothing, choose nothing", async () => {
  await start();
  await page.evaluate(
    (src) =>
      new Promise((ok) => {
        const f = document.createElement("iframe");
        f.src = src;
        f.id = "evil";
        f.onload = ok;
        document.body.append(f);
      }),
    `${attacker.url}/evil`,
  );
  const id = await page.evaluate(() => new URL(document.getElementById("plaid-link-iframe-1").src).searchParams.get("id"));
  const evil = page.frames().find((f) => f.url().startsWith(attacker.url));
  // Even with the secret id, which another site cannot read.
  await evil.evaluate(([id, origin]) => {
    for (const run of [0, 1, 2]) {
      for (const message of [{ type: "done", done: { kind: "success", public_token: "forged", metadata: {} } }, { type: "leave", error: null }, { type: "events", events: [{ event_name: "HANDOFF", metadata: { timestamp: "2026" } }] }, { type: "ready" }, { type: "standing", standing: {} }]) {
        parent.postMessage({ glencheck: 1, id, run, ...message }, "*");
        for (let i = 0; i < parent.frames.length; i++) parent.frames[i].postMessage({ glencheck: 1, id, run, type: "exit", force: true }, "*");
      }
    }
  }, [id]);
  // And junk of every kind.
  await page.evaluate(() => {
    for (const junk of [null, 1, "x", [], { glencheck: 1 }, { glencheck: 1, id: 7, run: "1", type: {} }]) {
      window.postMessage(junk, "*");
      document.getElementById("plaid-link-iframe-1").contentWindow.postMessage(junk, "*");
    }
  });
  await new Promise((r) => setTimeout(r, 200));
  assert.deepEqual([...(await heard("success")), ...(await heard("exit"))], []);
  await toLogin();
  await login();
  await finish();
  await until(async () => (await heard("success")).length, "onSuccess");
  assert.deepEqual((await names()).filter((n) => n === "HANDOFF"), ["HANDOFF"]);
  const leaked = await evil.evaluate(() => JSON.stringify(window.all));
  assert.ok(!leaked.includes("public-"), "the public token went to nobody else");
  assert.deepEqual(seen.errors, []);
});

test("forged words do not choose a bank in the embedded search either", async () => {
  await start();
  await page.evaluate((t) => {
    h.destroy();
    heard.splice(0);
    const say = (what) => (...args) => heard.push({ what, args });
    Plaid.createEmbedded({ token: t, onLoad: say("load"), onEvent: say("event"), onExit: say("exit") }, document.getElementById("root"));
  }, token);
  await until(async () => (await heard("load")).length, "onLoad");
  await page.evaluate(() => {
    const id = new URL(document.querySelector(".plaid-embedded-iframe").src).searchParams.get("id");
    for (const message of [{ type: "pick", picked: { institutionId: "ins_109508", query: "" } }, { type: "refused", done: { kind: "exit", error: null, metadata: {} } }]) window.postMessage({ glencheck: 1, id, run: 0, ...message }, "*");
  });
  await new Promise((r) => setTimeout(r, 200));
  assert.equal((await heard("exit")).length + (await heard("event")).length, 0);
});

test("a megabyte in a field ends in a documented error, and what can be typed is bounded", async () => {
  await start();
  await toLogin();
  const input = link.locator("#aut-input-0-input");
  await input.focus();
  await page.keyboard.insertText("x".repeat(1 << 20));
  assert.ok((await input.inputValue()).length < 1 << 17);
  await input.evaluate((el) => (el.value = "x".repeat(1 << 20))); // as an extension or a script would
  await link.locator("#aut-input-1-input").fill("pass_good");
  await link.locator("#aut-button").click();
  const [error, metadata] = await exited();
  assert.deepEqual([error.error_type, error.error_code, metadata.status], ["INVALID_REQUEST", "INVALID_BODY", "requires_credentials"]);
  assert.equal((await names()).at(-1), "EXIT");
  await until(async () => (await call("step", { session: session(), seq: -1, action: "look" })).done?.kind === "exit", "the session is left at the server too");
});

test("two tabs at one session: the second follows the first and doubles nothing", async () => {
  await start();
  await toLogin();
  const seq = steps.at(-1).body.seq + 1;
  const ahead = await call("step", { session: session(), seq, action: "submit", fields: { username: "user_good", password: "pass_good" } });
  assert.equal(ahead.pane.view, "SELECT_ACCOUNT");
  await link.locator("#aut-input-0-input").fill("user_good");
  await link.locator("#aut-input-1-input").fill("another");
  await link.locator("#aut-button").click();
  await view("SELECT_ACCOUNT"); // not a second login, and not the wrong password
  await finish();
  await until(async () => (await heard("success")).length, "onSuccess");
  const all = await names();
  assert.equal(all.filter((n) => n === "SUBMIT_CREDENTIALS").length, 1);
  const { data } = await glencheck.plaid.linkTokenGet({ link_token: token });
  assert.deepEqual(data.link_sessions[0].events.map((e) => e.event_name), all, "the page heard what the server keeps");
  assert.equal(data.link_sessions[0].results.item_add_results.length, 1);
});

test("steps replayed and out of order change nothing, while Link is open and after", async () => {
  await start();
  await toLogin();
  await login();
  const replay = async () => {
    for (const { what, body } of [...steps].reverse()) if (what === "step") await call("step", body);
    for (const body of [{ session: session(), seq: 99, action: "submit" }, { session: session(), seq: 1, action: "leave" }, { session: session(), seq: 2, action: "pick", value: "ins_1" }]) await call("step", body);
  };
  await replay();
  await finish();
  const [success] = await until(async () => ((await heard("success")).length ? heard("success") : null), "onSuccess");
  await replay();
  const again = await call("exit", { session: session(), force: true });
  assert.equal(again.done.public_token, success.args[0], "the result stays what it was");
  const { data } = await glencheck.plaid.linkTokenGet({ link_token: token });
  assert.deepEqual(data.link_sessions.map((s) => s.events.map((e) => e.event_name)), [await names()]);
  // A session's handle is its only key: none, a changed and another's are no key.
  for (const tampered of ["", "0".repeat(96), session().slice(0, -1) + (session().endsWith("0") ? "1" : "0")]) {
    const answer = await call("step", { session: tampered, seq: 1, action: "submit" });
    assert.ok(["INVALID_LINK_TOKEN", "MISSING_FIELDS", "INVALID_FIELD"].includes(answer.error_code), JSON.stringify(answer));
  }
});

test("a server that has forgotten everything: INVALID_LINK_TOKEN, for which apps make another token", async () => {
  await start();
  await toLogin();
  await context.route(/\/link\/session\/step$/, (r) => r.continue({ url: r.request().url().replace(glencheck.url, other.url) }));
  await link.locator("#aut-input-0-input").fill("user_good");
  await link.locator("#aut-input-1-input").fill("pass_good");
  await link.locator("#aut-button").click();
  const [error, metadata] = await exited();
  assert.equal(error.error_code, "INVALID_LINK_TOKEN");
  assert.equal(metadata.status, "requires_credentials");
  assert.equal(metadata.institution.institution_id, "ins_109508");
  assert.deepEqual((await names()).slice(-2), ["TRANSITION_VIEW", "EXIT"]);
  assert.ok(seen.console.some((c) => c.type === "warning" && /does not know this session/.test(c.text)));
  assert.equal(await page.evaluate(() => document.querySelectorAll("[inert]").length), 0);
});

test("a link token that expires in mid-flow: INVALID_LINK_TOKEN, and the bank is not asked", async () => {
  await start();
  await toLogin();
  await fetch(`${glencheck.url}/sandbox/clock/advance`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ client_id: "676c656e636865636b736278", secret: "73616e64626f782d73656372657421", hours: 4, minutes: 1 }),
  }).then(async (r) => assert.equal(r.status, 200, await r.text()));
  await link.locator("#aut-input-0-input").fill("user_good");
  await link.locator("#aut-input-1-input").fill("pass_good");
  await link.locator("#aut-button").click();
  const [error, metadata] = await exited();
  assert.deepEqual([error.error_type, error.error_code, metadata.status], ["INVALID_INPUT", "INVALID_LINK_TOKEN", "requires_credentials"]);
  const events = await names();
  assert.equal(events.at(-1), "EXIT");
  assert.ok(!events.includes("SUBMIT_CREDENTIALS"));
  await page.evaluate(() => (heard.splice(0), h.open()));
  const [again] = await exited();
  assert.equal(again.error_code, "INVALID_LINK_TOKEN");
});
