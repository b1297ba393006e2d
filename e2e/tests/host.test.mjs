// Link in host pages of all kinds: modal dialogs, popovers, full screen, scripts
// that are loaded in every way, frames that take their time.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { violations } from "../lib/axe.mjs";
import { launch, until, watch } from "../lib/browser.mjs";
import { startFake } from "../lib/fake.mjs";
import { serveApp } from "../lib/serve.mjs";
import { shot } from "../lib/shots.mjs";

let browser, fake, app, context, page, seen;

const SCRIPT = `
window.heard = [];
window.make = (token = "link-1") => {
  const say = (what) => (...args) => window.heard.push({ what, args });
  return (window.h = Plaid.create({ token, onLoad: say("load"), onEvent: say("event"), onSuccess: say("success"), onExit: say("exit") }));
};
document.addEventListener("securitypolicyviolation", (e) => window.heard.push({ what: "violation", args: [e.violatedDirective, e.blockedURI] }));
customElements.define("my-dialog", class extends HTMLElement {
  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    root.innerHTML = '<dialog><button id="inside">Connect</button></dialog>';
    this.show = () => root.querySelector("dialog").showModal();
  }
});
`;
const BODY = `<main><h1>An app</h1><button id="go">Connect</button>
<dialog id="modal"><h2>Pay</h2><button id="in-dialog">Connect</button></dialog>
<div id="pop" popover><button id="in-pop">Connect</button></div>
<div id="full"><button id="in-full">Connect</button></div>
<my-dialog></my-dialog></main>`;

before(async () => {
  browser = await launch();
  fake = await startFake();
  const src = `${fake.url}/link/v2/stable/link-initialize.js`;
  const own = `<script src="/app.js" defer></script>`;
  // The policy of a page whose loader makes script elements of its own.
  app = await serveApp(fake.url, {
    "/app": { script: SCRIPT, body: BODY },
    "/early": { script: undefined, head: `<script src="${src}"></script><script src="/before-body.js"></script>`, body: BODY },
    "/before-body": { script: `${SCRIPT} make().open();` },
    "/defer": { script: undefined, head: `<script src="${src}" defer></script>${own}`, body: BODY },
    "/async": { script: undefined, head: `<script src="${src}" async></script>${own}`, body: BODY },
    "/module": { script: undefined, head: `<script src="/loader.js" type="module"></script>${own}`, body: BODY },
    "/loader": { script: `import "${src}";` },
    "/shim": { script: undefined, head: `<script src="/shims.js" defer></script>${own}`, body: BODY },
    // As bundlers and tag managers do: the element is gone before the script runs.
    "/shims": { script: `const s = document.createElement("script"); s.src = "${src}"; document.head.append(s); s.remove();` },
  });
});
after(async () => {
  await browser?.close();
  await fake?.close();
  await app?.close();
});
afterEach(async () => {
  await context?.close();
  Object.assign(fake, { calls: [], pages: 0, delay: 0, slow: 0 });
});

async function visit(path = "/app", options = {}) {
  context = await browser.newContext({ viewport: { width: 900, height: 700 }, ...options });
  ({ page, seen } = await watch(context, [fake.url, app.url]));
  await page.goto(app.url + path);
}
const heard = (what) => page.evaluate((w) => window.heard.filter((h) => h.what === w), what);
const link = () => page.frameLocator("#plaid-link-iframe-1");
/** Link can be seen, clicked, typed into, and closed by keyboard. */
async function works() {
  await link().locator("#aut-button").click({ timeout: 5000 });
  await link().locator("#search-input-input").focus();
  await page.keyboard.type("tartan", { delay: 5 });
  await until(async () => (await link().locator("#search-input-input").inputValue()) === "tartan", "typing");
  await page.keyboard.press("Escape");
  await until(async () => (await heard("exit")).length, "onExit");
  assert.equal(await page.locator("#plaid-link-iframe-1").isVisible(), false);
  assert.equal(await page.evaluate(() => document.querySelectorAll("[inert], iframe:popover-open").length), 0, "nothing stays inert");
}

for (const [name, open, trigger, inShadow] of [
  ["a modal dialog", () => document.getElementById("modal").showModal(), "in-dialog"],
  ["a modal dialog inside a component", () => document.querySelector("my-dialog").show(), "inside", true],
]) {
  for (const preloaded of [true, false]) {
    test(`Link opened from ${name}${preloaded ? "" : ", before it has loaded"}`, async () => {
      await visit();
      if (preloaded) {
        await page.evaluate(() => make());
        await until(async () => (await heard("load")).length, "onLoad");
      }
      await page.evaluate(open);
      const trig = page.locator(`#${trigger}`);
      await trig.focus();
      await page.evaluate((p) => (p ? h : make()).open(), preloaded);
      assert.equal(await page.locator("#plaid-link-iframe-1").getAttribute("title"), "Plaid Link");
      await works();
      assert.equal(fake.pages, 1, "the frame is not loaded again");
      assert.equal(await trig.evaluate((el) => el.getRootNode().activeElement === el), true, "focus is back in the dialog");
      if (!inShadow) assert.equal(await page.evaluate(() => document.getElementById("modal").matches(":modal")), true, "which is still open");
      assert.equal(await page.evaluate(() => document.adoptedStyleSheets.length), 0);
      // Again from there, and once it is closed from the page itself.
      await page.evaluate(() => (heard.splice(0), h.open()));
      await works();
      await page.evaluate(() => {
        heard.splice(0);
        document.getElementById("modal").close();
        document.querySelector("my-dialog").shadowRoot.querySelector("dialog").close();
        h.open();
      });
      await works();
      await page.evaluate(() => h.destroy());
      assert.equal(await page.locator("iframe, .plaid-link-dialog").count(), 0);
      assert.deepEqual(await heard("violation"), []);
    });
  }
}

test("Link lies over an open popover and over an element in full screen", async () => {
  await visit();
  await page.evaluate(() => {
    make();
    document.getElementById("pop").showPopover();
    document.getElementById("in-pop").focus();
    h.open();
  });
  await link().locator("#aut-button").waitFor();
  assert.equal(await page.evaluate(() => document.elementFromPoint(innerWidth / 2, innerHeight / 2).id), "plaid-link-iframe-1");
  await works();
  await page.evaluate(() => document.getElementById("pop").hidePopover());
  await page.evaluate(() => (document.getElementById("in-full").onclick = () => document.getElementById("full").requestFullscreen()));
  await page.locator("#in-full").click();
  await until(() => page.evaluate(() => document.fullscreenElement !== null), "full screen");
  await page.evaluate(() => (heard.splice(0), h.open()));
  await link().locator("#aut-button").waitFor();
  assert.equal(await page.evaluate(() => document.elementFromPoint(innerWidth / 2, innerHeight / 2).id), "plaid-link-iframe-1");
});

test("a frame that takes its time: nothing at first, then a loader that can be closed, then Link", async () => {
  fake.slow = 1500;
  await visit();
  await page.locator("#go").focus();
  await page.evaluate(() => make().open());
  assert.deepEqual(await page.evaluate(() => [document.querySelectorAll('[role=dialog]').length, document.querySelector("main").inert]), [0, true]);
  const loader = page.getByRole("dialog", { name: "Plaid Link" });
  await loader.waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute("aria-label")), "Close");
  await shot(page, "host-waiting");
  assert.deepEqual(await violations(page), []);
  await link().locator("#aut-button").waitFor();
  assert.equal(await loader.count(), 0);
  await works();
  // Closing does not wait for the frame.
  for (const close of [() => page.keyboard.press("Escape"), () => page.getByRole("button", { name: "Close" }).click()]) {
    await page.evaluate(() => (h.destroy(), heard.splice(0), document.getElementById("go").focus(), make().open()));
    await loader.waitFor();
    await close();
    const [exit] = await until(async () => ((await heard("exit")).length ? heard("exit") : null), "onExit");
    assert.deepEqual([exit.args[0], exit.args[1].status], [null, "requires_credentials"]);
    assert.deepEqual(await page.evaluate(() => [document.querySelectorAll("[role=dialog],[inert]").length, document.activeElement.id, document.body.style.overflow]), [0, "go", ""]);
  }
  assert.deepEqual(await heard("violation"), []);
});

test("a page that exchanges its body takes the frame with it: Link ends, and opens again", async () => {
  await visit();
  await page.evaluate(() => make().open());
  await link().locator("#aut-button").waitFor();
  const exchange = () => page.evaluate(() => {
    const body = document.createElement("body");
    body.innerHTML = "<main><h1>Another page</h1></main>";
    document.body.replaceWith(body);
  });
  await exchange();
  await page.evaluate(() => h.exit());
  assert.equal((await heard("exit")).length, 1, "exit() does not wait for a frame that is gone");
  await page.evaluate(() => (heard.splice(0), h.open()));
  await link().locator("#aut-button").waitFor();
  await exchange();
  await page.evaluate(() => h.open()); // nobody has heard an end yet
  assert.equal((await heard("exit")).length, 1);
  await page.evaluate(() => heard.splice(0));
  await works();
  await exchange();
  await page.evaluate(() => (heard.splice(0), h.open()));
  await works();
  assert.deepEqual(seen.errors, []);
});

test("a frame that is there quickly shows no loader", async () => {
  await visit();
  const shown = await page.evaluate(() => {
    window.loaders = 0;
    new MutationObserver((all) => all.forEach((m) => m.addedNodes.forEach((n) => n.getAttribute?.("aria-busy") && window.loaders++))).observe(document.body, { childList: true });
    make().open();
    return window.loaders;
  });
  await link().locator("#aut-button").waitFor();
  assert.equal(shown + (await page.evaluate(() => window.loaders)), 0);
});

for (const how of ["early", "defer", "async", "module", "shim"]) {
  test(`the script in the page's head: ${how}`, async () => {
    await visit(`/${how}`);
    await page.waitForFunction(() => window.Plaid && window.make);
    if (how !== "early") await page.evaluate(() => make().open());
    await works();
    assert.deepEqual(seen.errors, []);
    assert.deepEqual(seen.strangers, []);
    assert.deepEqual(await heard("violation"), []);
    assert.equal(await page.locator('script[src="https://cdn.plaid.com/link/v2/stable/link-initialize.js"]').count(), 1);
  });
}
