// link.js with a stand-in server: keyboard, focus, waiting, failing, typing.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { violations } from "../lib/axe.mjs";
import { launch, until, watch } from "../lib/browser.mjs";
import { startFake } from "../lib/fake.mjs";
import { serveApp } from "../lib/serve.mjs";

let browser, fake, app, context, page, seen, link;

const SCRIPT = `
window.heard = [];
window.start = (token = "link-1") => {
  const say = (what) => (...args) => window.heard.push({ what, args });
  window.h = Plaid.create({ token, onEvent: say("event"), onSuccess: say("success"), onExit: say("exit") });
  window.h.open();
};`;

before(async () => {
  browser = await launch();
  fake = await startFake();
  app = await serveApp(fake.url, { "/app": { script: SCRIPT } });
});
after(async () => {
  await browser?.close();
  await fake?.close();
  await app?.close();
});
afterEach(async () => {
  await context?.close();
  Object.assign(fake, { calls: [], delay: 0, delays: {}, drop: 0, lose: 0, refuse: 0, mfa: false });
});

async function start() {
  context = await browser.newContext({ viewport: { width: 900, height: 700 } });
  ({ page, seen } = await watch(context, [fake.url, app.url]));
  await page.goto(`${app.url}/app`);
  await page.evaluate(() => start());
  link = page.frameLocator("#plaid-link-iframe-1");
  await title("Connect");
}
const heard = (what) => page.evaluate((w) => window.heard.filter((h) => h.what === w), what);
const title = (name) => link.getByRole("heading", { name, exact: true }).waitFor();
const press = (...keys) => keys.reduce((p, k) => p.then(() => page.keyboard.press(k)), Promise.resolve());
/** What has focus inside the frame: its id, else its text. */
const focus = () => link.locator(":focus").evaluate((el) => el.id || el.getAttribute("aria-label") || el.textContent.trim());
const steps = (action) => fake.calls.filter((c) => c.what === "step" && (!action || c.action === action));

/** Holds back the next step of a kind: asked when it is on its way, answered() once it has arrived and was looked at. */
async function held(action) {
  let route, ask;
  const asked = new Promise((ok) => (ask = ok));
  const mine = (r) => r.postDataJSON()?.action === action;
  await page.route("**/link/session/step", (r) => (mine(r.request()) && !route ? ask((route = r)) : r.continue()));
  return {
    asked,
    async answered() {
      const arrived = page.waitForEvent("requestfinished", mine);
      await route.continue();
      await arrived;
      await link.locator("body").evaluate(() => new Promise((ok) => setTimeout(ok, 50))); // what follows from it has followed
    },
  };
}

async function toBanks() {
  await link.locator("#aut-button").click();
  await title("Select your bank");
}
async function toLogin() {
  await toBanks();
  await link.locator("#aut-ins_1").click();
  await title("Log in");
}

test("every pane puts focus on its title; Tab stays inside", async () => {
  await start();
  assert.equal(await focus(), "pane-title");
  // Forward from the title: details, primary, then around to the first control.
  await press("Tab");
  assert.equal(await focus(), "What");
  await press("Tab");
  assert.equal(await focus(), "aut-button");
  await press("Tab");
  assert.equal(await focus(), "Close");
  await press("Shift+Tab");
  assert.equal(await focus(), "aut-button");
  await press("Enter");
  await title("Select your bank");
  assert.equal(await focus(), "pane-title");
  assert.equal(await link.locator("html").evaluate(() => document.title), "Select your bank · Glencheck");
});

test("search: one call after a rest, Enter at once, arrows through the rows, count said, clear", async () => {
  await start();
  await toBanks();
  const search = link.locator("#search-input-input");
  await search.focus();
  // All keystrokes in one go: between real ones a busy machine may take a rest of its own.
  await search.evaluate((input) => {
    for (const typed of ["p", "pl", "pla", "plat"]) {
      input.value = typed;
      input.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });
  await link.getByText("1 results").waitFor();
  assert.deepEqual(steps("search").map((c) => c.value), ["plat"]);
  assert.equal(await link.locator(".rows button").count(), 1);
  assert.equal(await search.inputValue(), "plat");
  assert.equal(await focus(), "search-input-input", "typing goes on");
  await search.fill("t");
  await press("Enter");
  await press("Enter"); // the same words are not asked again
  await until(async () => (await link.locator(".rows button").count()) === 3, "three rows");
  assert.deepEqual(steps("search").map((c) => c.value), ["plat", "t"]);
  await press("ArrowDown");
  assert.equal(await focus(), "aut-ins_1");
  await press("ArrowDown", "ArrowDown", "ArrowDown");
  assert.equal(await focus(), "aut-ins_3");
  assert.equal(await link.locator(".row[data-active]").count(), 1);
  await press("Home");
  assert.equal(await focus(), "aut-ins_1");
  await press("ArrowUp");
  assert.equal(await focus(), "search-input-input");
  await link.locator("[data-clear]").click();
  await until(() => steps("search").length === 3, "the cleared search");
  assert.equal(steps("search")[2].value, "");
  assert.equal(await link.locator("[data-clear]").isVisible(), false);
  assert.equal(await focus(), "search-input-input");
  // The step that follows still fits: searching does not move the session on.
  await press("ArrowDown", "ArrowDown", "Enter");
  await title("Log in");
  assert.equal(steps("pick")[0].value, "ins_2");
});

test("an endless query is cut, not refused", async () => {
  await start();
  await toBanks();
  await link.locator("#search-input-input").fill("platypus ".repeat(100));
  await until(() => steps("search").length, "a search");
  assert.equal(steps("search")[0].value.length, 200);
});

for (const size of [{ width: 320, height: 460 }, { width: 900, height: 480 }]) test(`what has focus is never under the footer, ${size.width} px wide`, async () => {
  await start();
  await page.setViewportSize(size);
  await toLogin();
  const hidden = () => link.locator(":focus").evaluate((el) => el.getBoundingClientRect().bottom > document.querySelector(".pane-foot").getBoundingClientRect().top);
  await link.locator("h1").evaluate((h1) => h1.after(Object.assign(document.createElement("div"), { className: "pane-lead", textContent: "Words ".repeat(90) })));
  for (const id of ["aut-input-0-input", "aut-input-1-input"]) {
    while ((await focus()) !== id) await press("Tab");
    assert.equal(await hidden(), false, id);
  }
  await link.locator("#aut-input-0-input").fill("leslie");
  await link.locator("#aut-input-1-input").fill("pass_goo");
  await press("Enter");
  await link.getByText("Not accepted").waitFor();
  assert.equal(await hidden(), false, "the refused field");
  const foot = (await link.locator(".pane-foot").boundingBox()).y;
  const words = await link.locator("#pw-err").boundingBox();
  assert.ok(words.y + words.height <= foot, "what is wrong with it can be read");
});

test("results that come while a row is being pressed do not take it away", async () => {
  await start();
  await toBanks();
  const search = await held("search");
  await link.locator("#search-input-input").fill("plat");
  await search.asked;
  const row = await link.locator("#aut-ins_2").boundingBox();
  await page.mouse.move(row.x + row.width / 2, row.y + row.height / 2);
  await page.mouse.down();
  await search.answered();
  assert.equal(await link.locator(".rows button").count(), 3, "the list is the one that is pressed");
  await page.mouse.up();
  await title("Log in");
  assert.deepEqual(steps("pick").map((c) => c.value), ["ins_2"]);
});

test("a search that is still to come is forgotten with its pane", async () => {
  await start();
  await toBanks();
  // Typed and picked within the rest before a search.
  await link.locator("#search-input-input").evaluate((input) => {
    input.value = "plat";
    input.dispatchEvent(new Event("input", { bubbles: true }));
    document.querySelector("#aut-ins_1").click();
  });
  await title("Log in");
  await link.locator("body").evaluate(() => new Promise((rested) => setTimeout(rested, 200))); // timers fire in the order of their times
  assert.deepEqual(steps("search"), []);
});

test("a late answer to an older search changes nothing", async () => {
  await start();
  await toBanks();
  fake.delays = { hound: 700 };
  const search = link.locator("#search-input-input");
  await search.fill("hound");
  await until(() => steps("search").length === 1, "the slow search");
  await search.fill("tartan");
  await link.locator('.rows button[aria-label="Tartan Bank"]').waitFor();
  await until(async () => (await link.locator(".rows button").count()) === 1, "one row");
  await new Promise((r) => setTimeout(r, 800));
  assert.equal(await link.locator(".rows button").getAttribute("aria-label"), "Tartan Bank");
});

test("an empty field is said where it is, typing takes it back, nothing is sent", async () => {
  await start();
  await toLogin();
  await link.locator("#aut-input-1-input").fill("pass_goo");
  await link.locator("#aut-button").click();
  const alert = link.getByRole("alert");
  assert.equal((await alert.textContent()).trim(), "Enter your username.");
  const user = link.locator("#aut-input-0-input");
  assert.equal(await user.getAttribute("aria-invalid"), "true");
  assert.equal(await user.getAttribute("aria-describedby"), await alert.getAttribute("id"));
  assert.equal(await focus(), "aut-input-0-input");
  assert.equal(steps("submit").length, 1, "only the consent was sent");
  await press("u");
  assert.equal(await alert.count(), 0);
  assert.equal(await user.getAttribute("aria-invalid"), null);
  assert.equal(await user.getAttribute("aria-describedby"), null);
});

test("a wrong password: what was typed stays, the field has focus, the pane does not move", async () => {
  await start();
  await toLogin();
  await link.locator("#aut-input-0-input").fill("leslie");
  await link.locator("#aut-input-1-input").fill("pass_goo");
  await press("Enter");
  await link.getByText("Not accepted").waitFor();
  assert.equal(await link.locator("#aut-input-0-input").inputValue(), "leslie");
  assert.equal(await link.locator("#aut-input-1-input").inputValue(), "pass_goo");
  assert.equal(await focus(), "aut-input-1-input");
  assert.equal(await link.locator(".pane[data-still]").count(), 1);
  await press("Control+a");
  await page.keyboard.type("pass_good");
  await press("Enter");
  await title("Select accounts");
  assert.deepEqual(steps("submit").at(-1).fields, { username: "leslie", password: "pass_good" });
});

test("fill in and show password", async () => {
  await start();
  await toLogin();
  await link.getByRole("button", { name: "Fill in" }).click();
  assert.equal(await link.locator("#aut-input-0-input").inputValue(), "user_good");
  assert.equal(await focus(), "aut-button");
  const reveal = link.getByRole("button", { name: "Show password" });
  await reveal.click();
  assert.equal(await link.locator("#aut-input-1-input").getAttribute("type"), "text");
  assert.equal(await reveal.getAttribute("aria-pressed"), "true");
  await reveal.click();
  assert.equal(await link.locator("#aut-input-1-input").getAttribute("type"), "password");
});

test("choices: none is said, several are sent", async () => {
  await start();
  await toLogin();
  await link.getByRole("button", { name: "Fill in" }).click();
  await link.locator("#aut-button").click();
  await title("Select accounts");
  const before = steps("submit").length;
  await link.locator("#aut-button").click();
  assert.equal((await link.getByRole("alert").textContent()).trim(), "Choose at least one account.");
  assert.equal(steps("submit").length, before);
  await link.locator("input[value=a1]").check();
  assert.equal(await link.getByRole("alert").count(), 0);
  await link.locator("input[value=a2]").check();
  await link.locator("#aut-button").click();
  await title("Connected");
  assert.deepEqual(steps("submit").at(-1).fields, { account: ["a1", "a2"] });
});

test("a full code stays over its cells", async () => {
  fake.mfa = true;
  await start();
  await toLogin();
  await link.getByRole("button", { name: "Fill in" }).click();
  await link.locator("#aut-button").click();
  await title("Enter the code");
  const code = link.locator("#aut-input-0-input");
  await code.evaluate((el) => {
    el.value = "1234";
    el.focus();
    el.select();
  });
  assert.deepEqual(await code.evaluate((el) => [el.scrollWidth - el.clientWidth, el.scrollLeft]), [0, 0]);
});

test("a full code submits itself, once; a pasted one loses its spaces", async () => {
  fake.mfa = true;
  await start();
  await toLogin();
  await link.getByRole("button", { name: "Fill in" }).click();
  await link.locator("#aut-button").click();
  await title("Enter the code");
  const before = steps("submit").length;
  fake.delay = 200;
  const code = link.locator("#aut-input-0-input");
  await code.evaluate((el) => {
    const data = new DataTransfer();
    data.setData("text", "12 34");
    el.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  });
  await title("Select accounts");
  assert.equal(steps("submit").length, before + 1);
  assert.deepEqual(steps("submit").at(-1).fields, { code: "1234" });
});

test("the sheet: pane inert, ids lent, Esc stays, focus returns, Leave ends", async () => {
  await start();
  await toLogin();
  await link.locator("#aut-input-0-input").fill("leslie");
  await press("Escape");
  const sheet = link.getByRole("alertdialog");
  await sheet.waitFor();
  assert.equal(await link.locator("#aut-button").textContent(), "Stay", "one #aut-button, the sheet's");
  assert.equal(await link.locator("#aut-button").count(), 1);
  assert.equal(await link.locator(".pane").evaluate((el) => el.inert), true);
  assert.equal(await link.locator(":focus").textContent(), "Leave?");
  await press("Tab", "Tab", "Tab");
  assert.equal(await focus(), "aut-button", "Tab goes around inside the sheet");
  await press("Escape");
  await until(async () => (await sheet.count()) === 0, "the sheet goes");
  assert.equal(await focus(), "aut-input-0-input");
  assert.equal(await link.locator("#aut-input-0-input").inputValue(), "leslie");
  assert.equal(await link.locator("#aut-button").textContent(), "Log in");
  await press("Escape");
  await sheet.waitFor();
  await link.getByTestId("exit-confirm").click();
  await until(async () => (await heard("exit")).length, "onExit");
});

test("Esc before a bank is chosen closes at once", async () => {
  await start();
  await press("Escape");
  await until(async () => (await heard("exit")).length, "onExit");
});

test("back goes back", async () => {
  await start();
  await toBanks();
  await link.getByTestId("link-back").click();
  await title("Connect");
});

test("a double click is one step, and presses nothing on the next pane", async () => {
  await start();
  await link.locator("#aut-button").dblclick();
  await title("Select your bank");
  await link.locator("#aut-ins_1").dblclick();
  await title("Log in");
  await new Promise((r) => setTimeout(r, 200));
  assert.deepEqual(steps().map((c) => c.action), ["submit", "pick"]);
});

test("a quick answer shows no loader; a slow one does, long enough to be read", async () => {
  await start();
  await link.locator("#link-root").evaluate((root) => {
    window.views = [];
    new MutationObserver(() => window.views.push([root.querySelector(".pane")?.dataset.view, performance.now()])).observe(root, { childList: true });
  });
  await toBanks();
  fake.delay = 400;
  await link.locator("#aut-ins_1").click();
  assert.equal(await link.locator("#aut-ins_1").getAttribute("aria-busy"), "true");
  await title("Log in");
  const views = await link.locator("html").evaluate(() => window.views);
  assert.deepEqual(views.map(([v]) => v), ["SELECT_INSTITUTION", "LOADING", "CREDENTIAL"]);
  assert.ok(views[2][1] - views[1][1] >= 490, `the loader stayed ${views[2][1] - views[1][1]} ms`);
});

test("the pressed button says so and keeps its width; closing waits for the step and then asks", async () => {
  await start();
  await toLogin();
  await link.getByRole("button", { name: "Fill in" }).click();
  fake.delay = 2500;
  const button = link.locator("#aut-button");
  const { width } = await button.boundingBox();
  // In one breath: 300 ms later the loader takes the button's place.
  const pressed = await button.evaluate((b) => {
    b.click();
    return { text: b.textContent, busy: b.getAttribute("aria-busy"), width: b.getBoundingClientRect().width };
  });
  assert.equal(pressed.text, "Checking…");
  assert.equal(pressed.busy, "true");
  assert.equal(Math.round(pressed.width), Math.round(width));
  await link.locator('[data-view="LOADING"]').waitFor();
  fake.delay = 0;
  await press("Escape");
  await link.getByText("You can leave as soon as the answer is here.").waitFor();
  assert.equal(await link.getByRole("button", { name: "Close" }).getAttribute("aria-busy"), "true");
  await link.getByRole("alertdialog").waitFor();
  await link.locator('[data-action="stay"]').click();
  await title("Select accounts");
  assert.deepEqual(steps("submit").length, 2, "the step was not lost");
});

test("closing while the session is still being opened ends at once; the late session is closed", async () => {
  context = await browser.newContext({ viewport: { width: 900, height: 700 } });
  ({ page, seen } = await watch(context, [fake.url, app.url]));
  await page.goto(`${app.url}/app`);
  fake.delay = 1500;
  await page.evaluate(() => start());
  link = page.frameLocator("#plaid-link-iframe-1");
  await link.locator('[data-view="LOADING"]').waitFor();
  await link.getByRole("button", { name: "Close" }).click();
  const [exit] = await until(async () => ((await heard("exit")).length ? heard("exit") : null), "onExit");
  assert.equal(exit.args[0], null);
  assert.equal(exit.args[1].status, "requires_credentials");
  assert.equal(fake.calls.length, 1, "the answer to open was not waited for");
  await until(() => fake.calls.some((c) => c.what === "exit" && c.force), "the server hears of it");
  assert.equal((await heard("exit")).length, 1);
});

test("an answer that the loader held back does not disturb the session that follows", async () => {
  await start();
  await toLogin();
  fake.delay = 400; // the loader is there after 300 ms, for 500 ms at least
  const answered = page.waitForEvent("requestfinished", (r) => r.postDataJSON()?.action === "submit");
  await link.locator("#aut-input-0-input").fill("leslie");
  await link.locator("#aut-input-1-input").fill("pass_good");
  await link.locator("#aut-button").click();
  await link.locator('[data-view="LOADING"]').waitFor();
  await answered;
  fake.delay = 0;
  await page.evaluate(() => {
    h.exit({ force: true });
    window.heard = [];
    h.open();
  });
  await title("Connect");
  const frame = page.frames().find((f) => f.url().includes("link.html"));
  await frame.evaluate(() => new Promise((ok) => setTimeout(ok, 600)));
  await title("Connect");
  assert.deepEqual((await heard("event")).map((e) => e.args[0]), ["OPEN"]);
});

test("no connection: said, retried with the same step, nothing typed is lost", async () => {
  await start();
  await toLogin();
  await link.locator("#aut-input-0-input").fill("leslie");
  await link.locator("#aut-input-1-input").fill("pass_goo");
  // One fetch may be repeated by the browser on a reset connection: drop both.
  fake.drop = 2;
  await link.locator("#aut-button").click();
  await title("No connection");
  assert.equal(await focus(), "pane-title");
  fake.drop = 0;
  await link.getByRole("button", { name: "Try again" }).click();
  await link.getByText("Not accepted").waitFor();
  assert.equal(await link.locator("#aut-input-0-input").inputValue(), "leslie");
});

test("the events of an answer that was lost come with the next, none twice", async () => {
  await start();
  await toBanks();
  fake.lose = 2; // the browser itself repeats a fetch on a reset connection
  await link.locator("#aut-ins_1").click();
  await title("No connection");
  fake.lose = 0;
  await link.getByRole("button", { name: "Try again" }).click();
  await title("Log in");
  await page.evaluate(() => h.exit({ force: true }));
  const events = (await heard("event")).map((e) => [e.args[0], e.args[1].view_name].filter(Boolean).join(" "));
  assert.deepEqual(events, ["OPEN CONSENT", "TRANSITION_VIEW SELECT_INSTITUTION", "SELECT_INSTITUTION", "TRANSITION_VIEW CREDENTIAL", "EXIT"]);
});

test("no connection at all: closing still ends in onExit with an error", async () => {
  await start();
  fake.drop = 99;
  await link.locator("#aut-button").click();
  await title("No connection");
  await link.getByRole("button", { name: "Close" }).click();
  await until(async () => (await heard("exit")).length, "onExit");
  const [error, metadata] = (await heard("exit"))[0].args;
  assert.equal(error.error_type, "API_ERROR");
  assert.match(metadata.link_session_id, /^session-/);
});

test("a fault of the server names its request and can be retried", async () => {
  await start();
  fake.refuse = 500;
  await link.locator("#aut-button").click();
  await title("That is on our side");
  await link.getByText("INTERNAL_SERVER_ERROR · req-refused").waitFor();
  await link.getByRole("button", { name: "Try again" }).click();
  await title("Select your bank");
});

test("a session that the server no longer knows ends in onExit", async () => {
  await start();
  fake.refuse = 400;
  await link.locator("#aut-button").click();
  await until(async () => (await heard("exit")).length, "onExit");
  assert.equal((await heard("exit"))[0].args[1].request_id, "req-refused");
  const exit = (await heard("event")).at(-1);
  assert.deepEqual([exit.args[0], exit.args[1].error_code, exit.args[1].exit_status], ["EXIT", "INTERNAL_SERVER_ERROR", "requires_credentials"], "EXIT precedes every onExit");
});

test("opened in a tab of its own the page runs the session and says how it ended", async () => {
  context = await browser.newContext();
  ({ page, seen } = await watch(context, [fake.url]));
  link = page;
  await page.goto(`${fake.url}/link/v2/stable/link.html?token=link-1`);
  await title("Connect");
  await toLogin();
  await page.getByRole("button", { name: "Fill in" }).click();
  await page.locator("#aut-button").click();
  await title("Select accounts");
  await page.locator("input[value=a1]").check();
  await page.locator("#aut-button").click();
  await title("Connected");
  await page.locator("#aut-button").click();
  await title("Your account is connected");
  await page.goto(`${fake.url}/link/v2/stable/link.html?token=bad`);
  await title("This session can’t start");
  await page.getByText("INVALID_LINK_TOKEN · req-bad").waitFor();
  await page.goto(`${fake.url}/link/v2/stable/link.html`);
  await title("This link is not complete");
  await page.goto(`${fake.url}/link/v2/stable/link.html?token=link-2`);
  await page.getByTestId("link-close").click();
  await title("Nothing was connected");
  await page.getByRole("button", { name: "Start again" }).click();
  await title("Connect");
  assert.deepEqual(seen.errors, []);
  assert.deepEqual(seen.strangers, []);
});

for (const colorScheme of ["light", "dark"]) {
  test(`the runtime's own panes have nothing for axe-core to say, ${colorScheme}`, async () => {
    context = await browser.newContext({ viewport: { width: 320, height: 568 }, colorScheme, reducedMotion: "reduce" });
    ({ page, seen } = await watch(context, [fake.url]));
    link = page;
    const quiet = async (name) => {
      await new Promise((r) => setTimeout(r, 100));
      assert.deepEqual(await violations(page), [], name);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), true, `${name} scrolls sideways`);
    };
    const url = `${fake.url}/link/v2/stable/link.html`;
    await page.goto(url);
    await title("This link is not complete");
    await quiet("incomplete");
    await page.goto(`${url}?token=bad`);
    await title("This session can’t start");
    await quiet("ended-error");
    fake.delay = 1500;
    await page.goto(`${url}?token=link-1`);
    await title("One moment");
    await quiet("loading");
    fake.delay = 0;
    await title("Connect");
    fake.drop = 99;
    await page.locator("#aut-button").click();
    await title("No connection");
    await quiet("offline");
    fake.drop = 0;
    fake.refuse = 500;
    await page.getByRole("button", { name: "Try again" }).click();
    await title("That is on our side");
    await quiet("failed");
    await page.getByRole("button", { name: "Close" }).click();
    await title("Nothing was connected");
    await quiet("ended-exit");
  });
}

test("the frame hears its own parent only", async () => {
  await start();
  const frame = page.frames().find((f) => f.url().includes("link.html"));
  const id = new URL(frame.url()).searchParams.get("id");
  await frame.evaluate((i) => window.postMessage({ glencheck: 1, id: i, run: 1, type: "exit", force: true }, "*"), id);
  // The right window with the wrong id.
  await page.evaluate(() => document.querySelector("iframe").contentWindow.postMessage({ glencheck: 1, id: "x", run: 1, type: "exit", force: true }, "*"));
  await new Promise((r) => setTimeout(r, 150));
  await title("Connect");
  assert.equal(fake.calls.filter((c) => c.what === "exit").length, 0);
});
