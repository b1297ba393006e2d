// link-initialize.js in a page with a strict policy, against a stand-in server:
// the acceptance list of the drop-in script, one test an item.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { launch, until, watch } from "../lib/browser.mjs";
import { startFake } from "../lib/fake.mjs";
import { serveApp } from "../lib/serve.mjs";

let browser, fake, app, context, page, seen;

// The page keeps what it hears in window.heard and its handlers in window.h.
const SCRIPT = `
window.heard = [];
window.h = {};
window.make = (name, token, more = {}) => {
  const say = (what) => (...args) => { window.heard.push({ name, what, args: JSON.parse(JSON.stringify(args)) }); more[what]?.(...args); };
  return (window.h[name] = Plaid.create({ token, key: undefined, onLoad: say("load"), onEvent: say("event"), onSuccess: say("success"), onExit: say("exit"), ...more.config }));
};
document.addEventListener("securitypolicyviolation", (e) => window.heard.push({ what: "violation", args: [e.violatedDirective, e.blockedURI] }));
`;

before(async () => {
  browser = await launch();
  fake = await startFake();
  const link = fake.url;
  app = await serveApp(link, {
    "/app": { script: SCRIPT },
    "/twice": { script: SCRIPT, head: `<script src="${link}/link/v2/stable/link-initialize.js"></script><script src="${link}/link/v2/stable/link-initialize.js?again"></script>` },
    "/blocked": { script: SCRIPT, csp: `default-src 'none'; script-src 'self' ${link}; frame-src 'none'` },
    "/inner": { script: `parent.postMessage("here", "*"); addEventListener("message", (e) => parent.postMessage(e.data, "*"));`, csp: "default-src 'none'; script-src 'self'" , head: ""},
    "/outer": { script: SCRIPT, csp: `default-src 'none'; script-src 'self' ${link}; frame-src 'self' ${link}` },
  });
});
after(async () => {
  await browser?.close();
  await fake?.close();
  await app?.close();
});
afterEach(async () => {
  await context?.close();
  Object.assign(fake, { calls: [], pages: 0, delay: 0, drop: 0, broken: 0, refuse: 0, slow: 0 });
});

async function visit(path = "/app") {
  context = await browser.newContext();
  ({ page, seen } = await watch(context, [fake.url, app.url]));
  await page.goto(app.url + path);
}
const heard = (what) => page.evaluate((w) => window.heard.filter((h) => h.what === w), what);
const names = async () => (await heard("event")).map((e) => e.args[0]);
const frames = () => page.locator("iframe").count();
const link = (n = 1) => page.frameLocator(`#plaid-link-iframe-${n}`);
const click = (selector, n) => link(n).locator(selector).click();

async function toCredentials() {
  await click("#aut-button");
  await click("#aut-ins_1");
  await link().locator("#aut-input-0-input").waitFor();
}
async function finish() {
  await toCredentials();
  await link().locator("#aut-input-0-input").fill("user_good");
  await link().locator("#aut-input-1-input").fill("pass_good");
  await click("#aut-button");
  await link().locator("input[value=a1]").check();
  await click("#aut-button");
  await link().getByRole("heading", { name: "Connected" }).waitFor();
  await click("#aut-button");
  await until(async () => (await heard("success")).length, "onSuccess");
}
async function assertClean() {
  assert.deepEqual(seen.strangers, [], "no request to any other host");
  assert.deepEqual(await heard("violation"), [], "no policy violation");
  assert.deepEqual(seen.errors, []);
}

test("create answers at once and loads one hidden frame", async () => {
  await visit();
  const during = await page.evaluate(() => {
    const h = make("a", "link-1");
    return { frames: document.querySelectorAll("iframe").length, loaded: heard.length, methods: Object.keys(h).sort(), version: typeof Plaid.version, extra: ["open", "exit", "submit", "destroy"].filter((k) => k in Plaid) };
  });
  assert.deepEqual(during, { frames: 0, loaded: 0, methods: ["destroy", "exit", "open", "submit"], version: "string", extra: [] });
  await until(async () => (await heard("load")).length, "onLoad");
  const f = page.locator("iframe");
  assert.equal(await f.count(), 1);
  assert.equal(await f.getAttribute("id"), "plaid-link-iframe-1");
  assert.equal(await f.getAttribute("title"), "Plaid Link");
  assert.equal(await f.getAttribute("allow"), "camera; microphone; clipboard-write");
  assert.equal(await f.getAttribute("sandbox"), "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation");
  assert.match(await f.getAttribute("src"), new RegExp(`^${fake.url}/link/v2/stable/link\\.html\\?.*token=link-1`));
  assert.equal(await f.isVisible(), false);
  assert.equal(await page.evaluate(() => document.body.firstElementChild.tagName), "IFRAME");
  assert.equal(await page.evaluate(() => document.body.style.overflow), "", "the page scrolls while Link is closed");
  assert.equal(fake.calls.length, 0, "no session before open()");
  await new Promise((r) => setTimeout(r, 100));
  assert.equal((await heard("load")).length, 1);
  await assertClean();
});

test("create, destroy, create in a row leaves one frame, fetched once", async () => {
  await visit();
  await page.evaluate(() => {
    make("a", "link-1").destroy();
    make("b", "link-1");
  });
  await until(async () => (await heard("load")).length, "onLoad");
  assert.equal(await frames(), 1);
  assert.equal(fake.pages, 1);
  assert.equal(await page.locator("iframe").getAttribute("id"), "plaid-link-iframe-1");
});

test("open before load is kept, double open is one, the flow ends in one onSuccess", async () => {
  await visit();
  await page.evaluate(() => {
    const { open } = make("a", "link-1"); // bound
    open();
    open();
  });
  await link().locator("#aut-button").waitFor();
  await until(async () => (await names()).length, "OPEN");
  assert.deepEqual(await names(), ["OPEN"], "only OPEN is told live");
  assert.equal((await heard("load")).length, 1);
  await finish();
  const order = (await page.evaluate(() => window.heard)).filter((h) => h.what !== "load").map((h) => (h.what === "event" ? h.args[0] : h.what));
  assert.deepEqual(order, ["OPEN", "TRANSITION_VIEW", "SELECT_INSTITUTION", "TRANSITION_VIEW", "SUBMIT_CREDENTIALS", "TRANSITION_VIEW", "TRANSITION_VIEW", "HANDOFF", "success"]);
  const events = await heard("event");
  const stamps = events.map((e) => e.args[1].timestamp);
  assert.deepEqual(stamps, [...stamps].sort());
  const [token, metadata] = (await heard("success"))[0].args;
  assert.equal(token, "public-session-" + metadata.link_session_id.split("-")[1]);
  assert.equal((await heard("exit")).length, 0);
  assert.equal(fake.calls.filter((c) => c.what === "open").length, 1);
  assert.equal(fake.calls[0].origin, app.url);
  await assertClean();
});

test("reopen starts a new session on the same token", async () => {
  await visit();
  await page.evaluate(() => make("a", "link-1").open());
  await link().locator("#aut-button").waitFor();
  await click('[data-testid="link-close"]');
  await until(async () => (await heard("exit")).length, "onExit");
  assert.equal(await page.locator("iframe").isVisible(), false);
  await page.evaluate(() => h.a.open());
  await link().locator("#aut-button").waitFor();
  await click('[data-testid="link-close"]');
  await until(async () => (await heard("exit")).length === 2, "second onExit");
  const [one, two] = (await heard("exit")).map((e) => e.args[1].link_session_id);
  assert.notEqual(one, two);
  assert.equal(fake.pages, 1, "the frame is kept");
});

test("exit({force}) calls onExit in the same tick with the current status; closed it only warns, once", async () => {
  await visit();
  await page.evaluate(() => make("a", "link-1").open());
  await toCredentials();
  const { exits, order } = await page.evaluate(() => {
    h.a.exit({ force: true });
    return { exits: heard.filter((x) => x.what === "exit"), order: heard.filter((x) => x.what !== "load").map((x) => (x.what === "event" ? x.args[0] : x.what)) };
  });
  assert.equal(exits.length, 1);
  const [error, metadata] = exits[0].args;
  assert.equal(error, null);
  assert.deepEqual(metadata.institution, { institution_id: "ins_1", name: "First Platypus Bank" });
  assert.equal(metadata.status, "requires_credentials");
  assert.match(metadata.link_session_id, /^session-/);
  assert.match(metadata.request_id, /^req-/);
  assert.deepEqual(order.slice(-2), ["EXIT", "exit"]);
  const exit = (await heard("event")).at(-1).args[1];
  assert.equal(exit.exit_status, "requires_credentials");
  assert.ok(exit.timestamp > "2031", "the EXIT made here is timed by the server's clock");
  assert.ok("mfa_type" in exit && exit.mfa_type === null, "every key exists");
  await until(() => fake.calls.some((c) => c.what === "exit" && c.force === true), "the server hears of the exit");
  await page.evaluate(() => {
    h.a.exit({ force: true });
    h.a.exit();
  });
  assert.equal((await heard("exit")).length, 1);
  assert.equal(seen.console.filter((c) => c.type === "warning").length, 1);
});

test("the server hears of a forced exit although the frame is destroyed with it", async () => {
  await visit();
  await page.evaluate(() => make("a", "link-1", { exit: () => h.a.destroy() }).open());
  await toCredentials();
  await page.evaluate(() => h.a.exit({ force: true }));
  assert.equal(await page.locator("#plaid-link-iframe-1").count(), 0, "the id is free at once");
  await until(() => fake.calls.some((c) => c.what === "exit" && c.force === true), "the server hears of the exit");
  await until(async () => (await frames()) === 0, "the frame goes");
});

test("exit() asks first when a bank was chosen; staying keeps what was typed", async () => {
  await visit();
  await page.evaluate(() => make("a", "link-1").open());
  await toCredentials();
  await link().locator("#aut-input-0-input").fill("leslie");
  await page.evaluate(() => h.a.exit());
  await link().getByRole("alertdialog").waitFor();
  assert.equal((await heard("exit")).length, 0);
  await click('[data-action="stay"]');
  await until(async () => (await link().getByRole("alertdialog").count()) === 0, "the sheet goes");
  assert.equal(await link().locator("#aut-input-0-input").inputValue(), "leslie");
  await page.evaluate(() => h.a.exit());
  await click('[data-testid="exit-confirm"]');
  await until(async () => (await heard("exit")).length, "onExit");
});

test("destroy while open removes all, restores all and says nothing", async () => {
  await visit();
  await page.evaluate(() => {
    document.body.style.overflow = "scroll";
    document.getElementById("go").focus();
    make("a", "link-1").open();
  });
  await toCredentials();
  const open = await page.evaluate(() => ({ overflow: document.body.style.overflow, inert: document.querySelector("main").inert, active: document.activeElement.tagName, z: getComputedStyle(document.querySelector("iframe")).zIndex }));
  assert.deepEqual(open, { overflow: "hidden", inert: true, active: "IFRAME", z: "2147483647" });
  const said = await page.evaluate(() => heard.length);
  await page.evaluate(() => {
    h.a.destroy();
    h.a.destroy();
  });
  const closed = await page.evaluate(() => ({ overflow: document.body.style.overflow, inert: document.querySelector("main").inert, active: document.activeElement.id, frames: document.querySelectorAll("iframe").length }));
  assert.deepEqual(closed, { overflow: "scroll", inert: false, active: "go", frames: 0 });
  await new Promise((r) => setTimeout(r, 400));
  assert.equal(await page.evaluate(() => heard.length), said, "nothing is told after destroy");
});

test("scroll and focus are read at open and given back at close", async () => {
  await visit();
  await page.evaluate(() => {
    document.body.style.overflow = "hidden"; // a dialog of the page is open while the handler is made
    make("a", "link-1");
  });
  await until(async () => (await heard("load")).length, "onLoad");
  await page.evaluate(() => {
    document.body.style.overflow = "";
    document.getElementById("go").focus();
    h.a.open();
  });
  await link().locator("#aut-button").waitFor();
  await page.evaluate(() => document.querySelector("main").append("A page may change behind Link."));
  await click('[data-testid="link-close"]');
  await until(async () => (await heard("exit")).length, "onExit");
  assert.deepEqual(await page.evaluate(() => [document.body.style.overflow, document.activeElement.id]), ["", "go"]);
});

test("several handlers on one page: frames are numbered, one is open", async () => {
  await visit();
  await page.evaluate(() => {
    make("a", "link-1");
    make("b", "link-2");
  });
  await until(async () => (await heard("load")).length === 2, "both load");
  assert.deepEqual(await page.locator("iframe").evaluateAll((all) => all.map((f) => f.id).sort()), ["plaid-link-iframe-1", "plaid-link-iframe-2"]);
  await page.evaluate(() => {
    h.a.open();
    h.b.open();
  });
  await link(1).locator("#aut-button").waitFor();
  assert.equal(await page.locator("#plaid-link-iframe-2").isVisible(), false);
  assert.ok(seen.console.some((c) => c.type === "error" && /another Link is open/.test(c.text)));
  const [refused] = await heard("exit");
  assert.deepEqual([refused.name, refused.args[0].error_code, refused.args[1].status], ["b", "INVALID_CONFIGURATION", null]);
  await page.evaluate(() => h.a.exit({ force: true }));
  await page.evaluate(() => h.b.open());
  await link(2).locator("#aut-button").waitFor();
  assert.ok((await heard("event")).some((e) => e.name === "b"));
});

test("a throwing callback breaks nothing", async () => {
  await visit();
  await page.evaluate(() => {
    const bad = (what) => () => {
      throw new Error(`thrown by the app in ${what}`);
    };
    make("a", "link-1", { load: bad("onLoad"), event: bad("onEvent"), success: bad("onSuccess") }).open();
  });
  await finish();
  assert.equal((await names()).at(-1), "HANDOFF");
  await until(() => seen.errors.length === (seen.errors.includes("thrown by the app in onSuccess") && seen.errors.length), "errors surface");
  assert.ok(seen.errors.every((m) => m.startsWith("thrown by the app in ")), "and are the app's own");
  assert.equal(await page.locator("iframe").isVisible(), false);
});

test("callbacks may open again or destroy", async () => {
  await visit();
  await page.evaluate(() => {
    let times = 0;
    make("a", "link-1", { exit: () => (++times === 1 ? h.a.open() : h.a.destroy()) }).open();
  });
  for (let n = 0; n < 2; n++) {
    await link().locator("#aut-button").waitFor();
    await click('[data-testid="link-close"]');
    await until(async () => (await heard("exit")).length === n + 1, "onExit");
  }
  await until(async () => (await frames()) === 0, "destroyed");
});

test("missing callbacks, unknown keys and odd values never throw", async () => {
  await visit();
  const thrown = await page.evaluate(() => {
    try {
      Plaid.create();
      Plaid.create(null);
      Plaid.create({ token: null, env: "sandbox", product: ["auth"], onSuccess: "no", whatever: 1 }).destroy();
      const h = Plaid.create({ token: 7 });
      h.open();
      h.exit("x");
      h.submit(null);
      h.submit({ phone_number: "+1", date_of_birth: "2000-01-01" });
      return null;
    } catch (e) {
      return String(e);
    }
  });
  assert.equal(thrown, null);
});

test("a token that is missing or refused comes to onExit, with its reason on the console", async () => {
  await visit();
  for (const [name, token] of [["none", null], ["bad", "bad-token"]]) {
    const inside = await page.evaluate(([n, t]) => {
      make(n, t).open();
      return heard.filter((x) => x.what === "exit" && x.name === n).length;
    }, [name, token]);
    assert.equal(inside, 0, "never inside open()");
    await until(async () => (await heard("exit")).some((e) => e.name === name), `onExit of ${name}`);
    const [error, metadata] = (await heard("exit")).find((e) => e.name === name).args;
    assert.equal(error.error_code, "INVALID_LINK_TOKEN");
    assert.equal(error.error_type, "INVALID_INPUT");
    assert.equal(metadata.institution, null);
    assert.equal(metadata.status, null);
    await page.evaluate((n) => h[n].destroy(), name);
  }
  assert.ok(seen.console.some((c) => c.type === "error" && /open\(\) without a token/.test(c.text)));
  assert.ok(seen.console.some((c) => c.type === "error" && /INVALID_LINK_TOKEN/.test(c.text)));
  assert.equal(await page.evaluate(() => document.body.style.overflow), "");
});

test("a frame that is made to be open begins by itself, once; closed before, it leaves again", async () => {
  fake.slow = 800;
  await visit();
  await page.evaluate(() => {
    make("a", "link-1").open();
    h.a.exit({ force: true });
  });
  await until(() => fake.calls.some((c) => c.what === "exit" && c.force), "the session that began after all is left");
  assert.equal((await heard("exit")).length, 1);
  assert.deepEqual(await names(), ["EXIT"], "and nothing of it is told");
  await page.evaluate(() => h.a.open());
  await link().locator("#aut-button").waitFor();
  assert.equal(fake.calls.filter((c) => c.what === "open").length, 2);
  // Moved while closed, it loads anew and begins nothing.
  await click('[data-testid="link-close"]');
  await until(async () => (await heard("exit")).length === 2, "onExit");
  await page.evaluate(() => document.body.append(document.getElementById("plaid-link-iframe-1")));
  await until(() => fake.pages === 2, "the page is loaded again");
  await new Promise((r) => setTimeout(r, 1200));
  assert.equal(fake.calls.filter((c) => c.what === "open").length, 2);
  await page.evaluate(() => h.a.open());
  await link().locator("#aut-button").waitFor();
});

test("a page whose policy forbids the frame is told so, and not left locked", async () => {
  await visit("/blocked");
  await page.evaluate(() => make("a", "link-1").open());
  await until(async () => (await heard("exit")).length, "onExit");
  const [error] = (await heard("exit"))[0].args;
  assert.equal(error.error_type, "API_ERROR");
  assert.ok(seen.console.some((c) => c.type === "error" && c.text.includes(`add frame-src ${fake.url}`)));
  assert.deepEqual(await page.evaluate(() => [document.body.style.overflow, document.querySelector("main").inert]), ["", false]);
  // Again: at once, with the same reason.
  await page.evaluate(() => h.a.open());
  await until(async () => (await heard("exit")).length === 2, "second onExit");
});

test("a frame that does not start ends with a reason, and the next open tries anew", async () => {
  fake.broken = 1;
  await visit();
  await page.evaluate(() => make("a", "link-1").open());
  await until(async () => (await heard("exit")).length, "onExit");
  assert.ok(seen.console.some((c) => c.type === "error" && /did not start/.test(c.text)));
  assert.equal(await frames(), 0);
  fake.broken = 0;
  await page.evaluate(() => h.a.open());
  await link().locator("#aut-button").waitFor();
});

test("a frame that was loaded while the server was away is loaded again at open", async () => {
  fake.broken = 1;
  await visit();
  await page.evaluate(() => make("a", "link-1"));
  await page.waitForTimeout(3_500);
  fake.broken = 0;
  await page.evaluate(() => h.a.open());
  await link().locator("#aut-button").waitFor({ timeout: 2_500 });
  assert.equal(await frames(), 1);
});

test("Layer's submit answers that Layer is not available", async () => {
  await visit();
  await page.evaluate(() => {
    const { submit } = make("a", "link-1");
    submit({ phone_number: "+14155550010" });
  });
  await until(async () => (await names()).includes("LAYER_NOT_AVAILABLE"), "LAYER_NOT_AVAILABLE");
  await page.evaluate(() => h.a.submit({ date_of_birth: "1975-01-18" }));
  await until(async () => (await names()).includes("LAYER_AUTOFILL_NOT_AVAILABLE"), "LAYER_AUTOFILL_NOT_AVAILABLE");
});

test("receivedRedirectUri and an institution for open() reach the server", async () => {
  await visit();
  await page.evaluate(() => make("a", "link-1", { config: { receivedRedirectUri: "https://app.example/?oauth_state_id=1" } }).open("ins_9"));
  await until(() => fake.calls.length, "open");
  assert.equal(fake.calls[0].received_redirect_uri, "https://app.example/?oauth_state_id=1");
  assert.equal(fake.calls[0].institution_id, "ins_9");
});

test("open() ignores what is no institution: events of buttons, numbers, endless words", async () => {
  await visit();
  for (const [n, value] of ["x".repeat(101), 7, {}, ""].entries()) {
    await page.evaluate(([name, v]) => make(name, "link-1").open(v), [`a${n}`, value]);
    await until(() => fake.calls.filter((c) => c.what === "open").length === n + 1, "open");
    assert.equal(fake.calls.filter((c) => c.what === "open").at(-1).institution_id, undefined);
    await page.evaluate((name) => (h[name].exit({ force: true }), h[name].destroy()), `a${n}`);
  }
});

test("a second evaluation keeps the first Plaid and warns once", async () => {
  await visit("/twice");
  assert.equal(seen.console.filter((c) => c.type === "warning" && /twice/.test(c.text)).length, 1);
  assert.equal(await page.locator('script[src="https://cdn.plaid.com/link/v2/stable/link-initialize.js"]').count(), 1);
  await page.evaluate(() => make("a", "link-1").open());
  await link().locator("#aut-button").waitFor();
  await assertClean();
});

test("the marker is there, inert, and never fetched", async () => {
  await visit();
  const marker = page.locator('script[src="https://cdn.plaid.com/link/v2/stable/link-initialize.js"]');
  assert.equal(await marker.count(), 1);
  assert.equal(await marker.getAttribute("type"), "text/plain");
  await assertClean();
});

test("an embedded search that does not start ends with a reason, at once where a policy forbids it", async () => {
  for (const [path, reason] of [["/app", /did not start/], ["/blocked", /add frame-src/]]) {
    await visit(path); // the stand-in has no such page
    await page.evaluate(() => {
      const onExit = (...args) => heard.push({ what: "exit", args });
      const root = document.getElementById("root");
      Plaid.createEmbedded({ token: "link-1", onExit }, root);
      Plaid.createEmbedded({ token: "link-1", onExit }, document.body).destroy();
      Plaid.createEmbedded(undefined, root.parentElement).destroy();
    });
    await until(async () => (await heard("exit")).length, "onExit");
    assert.equal((await heard("exit"))[0].args[0].error_type, "API_ERROR");
    assert.equal((await heard("exit")).length, 1, "the destroyed one is silent");
    assert.ok(seen.console.some((c) => c.type === "error" && reason.test(c.text)));
    await context.close();
  }
});

test("words of other windows are not believed", async () => {
  await visit("/outer");
  await page.evaluate(async () => {
    make("a", "link-1").open();
    const stranger = document.createElement("iframe");
    stranger.src = "/inner";
    document.body.append(stranger);
    await new Promise((ok) => addEventListener("message", (e) => e.data === "here" && ok()));
    window.stranger = stranger;
  });
  await link().locator("#aut-button").waitFor();
  // It knows the protocol and even the id, and still is not the frame.
  await page.evaluate(() => {
    const id = new URL(document.getElementById("plaid-link-iframe-1").src).searchParams.get("id");
    const done = { kind: "success", public_token: "forged", metadata: {} };
    for (const run of [0, 1, 2]) {
      window.stranger.contentWindow.postMessage({ glencheck: 1, id, run, type: "done", done }, "*");
      window.postMessage({ glencheck: 1, id, run, type: "done", done }, "*");
    }
  });
  await new Promise((r) => setTimeout(r, 200));
  assert.equal((await heard("success")).length, 0);
  assert.equal(await page.locator("#plaid-link-iframe-1").isVisible(), true);
});
