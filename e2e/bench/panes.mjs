// How long a person waits for Link's panes, in Chromium on this machine, against a
// real Glencheck with its database in memory:
//
//   node bench/panes.mjs [runs]
//
// A pane counts as visible in the frame in which its words have half their opacity,
// so the fade in is part of the time. Each run has a browser context of its own: its
// cache is cold. A pane change is the time from the click to the next pane, through
// the server, whose simulated bank answers at once.

import { launch } from "../lib/browser.mjs";
import { linkToken, startGlencheck } from "../lib/glencheck.mjs";
import { serve, serveApp } from "../lib/serve.mjs";

const runs = Number(process.argv[2] ?? 20);
const now = "performance.timeOrigin + performance.now()";

// In every frame: when each pane was visible and when each button was pressed.
const watch = `(() => {
  const seen = (window.panes = []);
  const now = () => ${now};
  const pressed = () => seen.push({ press: now() });
  addEventListener("click", pressed, true);
  addEventListener("input", (e) => e.target.matches(".code-input") && pressed(), true); // a full code submits itself
  let last = null;
  const look = () => {
    const pane = document.querySelector("#link-root > .pane");
    if (pane && pane !== last) {
      const main = pane.querySelector(".pane-main");
      if (main && Number(getComputedStyle(main).opacity) >= 0.5) {
        last = pane;
        const view = pane.dataset.view;
        // After the frame that this look belongs to has been painted.
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => seen.push({ view, at: now() });
        port2.postMessage(0);
      }
    }
    requestAnimationFrame(look);
  };
  if (location.pathname.endsWith("/link.html")) requestAnimationFrame(look);
})();`;

const glencheck = await startGlencheck();
const browser = await launch();
const app = await serveApp(glencheck.url, {
  "/bare": { head: "", csp: "frame-src *" },
  "/app": { script: `window.make = (token) => (window.h = Plaid.create({ token, onLoad: () => (window.loaded = true), onSuccess() {}, onExit() {} }));` },
});

// What the browser itself needs for a frame of another site: a page with one word.
const bare = await serve((_, res) => res.writeHead(200, { "content-type": "text/html" }).end(`<!doctype html><div id="link-root"><div class="pane" data-view="BARE"><p class="pane-main">Word</p></div></div>`));

/** The middle and the 95th of 100. */
function figures(list) {
  const sorted = [...list].sort((a, b) => a - b);
  const at = (p) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))];
  return { p50: at(0.5), p95: at(0.95), max: sorted[sorted.length - 1] };
}

const times = new Map();
const add = (what, ms) => times.set(what, [...(times.get(what) ?? []), ms]);

async function runBare() {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  await context.addInitScript(watch);
  const page = await context.newPage();
  await page.goto(`${app.url}/bare`);
  const opened = await page.evaluate((src) => {
    const at = performance.timeOrigin + performance.now();
    const f = document.createElement("iframe");
    f.src = src;
    document.body.append(f);
    return at;
  }, `${bare.url.replace("127.0.0.1", "localhost")}/link.html`);
  await page.frameLocator("iframe").locator(".pane").waitFor();
  const frame = page.frames()[1];
  await frame.waitForFunction(() => window.panes.length > 0);
  add("beside it: a bare frame of another site", (await frame.evaluate(() => window.panes[0].at)) - opened);
  await context.close();
}

async function run(preloaded, origin = app.url) {
  const token = await linkToken(glencheck.plaid);
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  await context.addInitScript(watch);
  const page = await context.newPage();
  await page.goto(`${origin}/app`);
  if (preloaded) {
    await page.evaluate((t) => make(t), token);
    await page.waitForFunction(() => window.loaded);
    await page.waitForTimeout(200); // a person reads before they press
  }
  const opened = await page.evaluate(([t, p]) => {
    const at = performance.timeOrigin + performance.now();
    (p ? h : make(t)).open();
    return at;
  }, [token, preloaded]);
  const frame = () => page.frames().find((f) => f.url().includes("/link.html"));
  const shown = async (view) => {
    await page.frameLocator("#plaid-link-iframe-1").locator(`.pane[data-view="${view}"]`).waitFor();
    await frame().waitForFunction((v) => window.panes.some((e) => e.view === v), view);
    return frame().evaluate((v) => window.panes.findLast((e) => e.view === v).at, view);
  };
  const what = preloaded ? "open(), frame preloaded" : origin === app.url ? "create() and open() in one go" : "the same, page and Link both on localhost";
  add(what, (await shown("CONSENT")) - opened);
  if (!preloaded) return context.close();

  const link = page.frameLocator("#plaid-link-iframe-1");
  const change = async (name, view, press) => {
    await press();
    const at = await shown(view);
    const pressed = await frame().evaluate(() => window.panes.findLast((e) => e.press).press);
    add(name, at - pressed);
  };
  const go = () => link.locator("#aut-button").click();
  await change("consent → institutions", "SELECT_INSTITUTION", go);
  await change("institutions → login", "CREDENTIAL", () => link.locator("#aut-ins_109508").click());
  await link.locator("#aut-input-0-input").fill("user_good");
  await link.locator("#aut-input-1-input").fill("mfa_device");
  await change("login → device", "MFA", go);
  await link.locator("fieldset.choices input").first().check();
  await frame().evaluate(() => window.panes.splice(0));
  await change("device → code", "MFA", go);
  await change("code → accounts", "SELECT_ACCOUNT", () => link.locator("#aut-input-0-input").fill("1234"));
  await link.locator("fieldset.choices input").first().check();
  await change("accounts → connected", "CONNECTED", go);
  await context.close();
}

try {
  await run(true); // the first warms the server and the browser, not the cache
  times.clear();
  for (let n = 0; n < runs; n++) {
    await run(true);
    await run(false);
    await runBare();
    await run(false, app.url.replace("127.0.0.1", "localhost"));
  }
  console.log(`| what | p50 | p95 | goal | met |\n|---|---:|---:|---|---|`);
  for (const [what, list] of times) {
    const { p50, p95 } = figures(list);
    const goal = what.startsWith("beside") ? 0 : what.includes("→") ? 50 : 150;
    const verdict = goal ? `<= ${goal} ms | ${p50 <= goal ? "yes" : "no"}` : " | ";
    console.log(`| ${what} | ${p50.toFixed(0)} ms | ${p95.toFixed(0)} ms | ${verdict} |`);
  }
} finally {
  await browser.close();
  await app.close();
  await bare.close();
  await glencheck.close();
}
