// Every pane of Link in light and dark, on a phone and on a desktop, at 400 %,
// with wide text, with forced colours and by keyboard: WCAG 2.2 AA without a
// violation (link-web.md section 7, ui/README.md section 6). And each in every
// language, in both directions of writing, on the smallest phones: nothing is cut,
// nothing leaves the window, every button stays in one line.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { launch, watch } from "../lib/browser.mjs";
import { startGlencheck } from "../lib/glencheck.mjs";
import { judge } from "../lib/judge.mjs";
import { inaccessible, misplaced } from "../lib/layout.mjs";
import { replay } from "../lib/replay.mjs";
import { census, documented, expected } from "../lib/selectors.mjs";
import { serveApp } from "../lib/serve.mjs";
import { pages, take } from "../lib/walker.mjs";
import { walks } from "../lib/walks.mjs";

let browser, glencheck, app;
const languages = readdirSync(new URL("../../web/text/", import.meta.url)).map((name) => name.replace(".json", ""));
const WIDTHS = [320, 360];
const looked = new Map(); // name to what was there
const walked = new Map(); // walk to the calls that it made

before(async () => {
  glencheck = await startGlencheck();
  browser = await launch();
  app = await serveApp(glencheck.url, pages());
});
after(async () => {
  await browser?.close();
  await app?.close();
  await glencheck?.close();
});

for (const walk of walks) {
  test(walk.name, async () => {
    const seen = await take(walk, {
      browser, glencheck, app,
      look: async (w, name, options) => {
        assert.equal(looked.has(name), false, `two looks are called ${name}`);
        looked.set(name, await w.link.evaluate(census, documented.map((d) => d.css)));
        await judge(w, name, options);
      },
    });
    walked.set(walk, seen.calls);
    assert.deepEqual(seen.errors, []);
    assert.deepEqual(seen.strangers, []);
  });
}

// A test that is asked for by its name finds walks that nobody has walked yet.
async function callsOf(walk) {
  if (!walked.has(walk)) walked.set(walk, (await take(walk, { browser, glencheck, app, look: async () => {} })).calls);
  return walked.get(walk);
}

let paper;

/** The frame's document without a session, for panes in a language. */
async function sheet(lang) {
  if (!paper) {
    const context = await browser.newContext({ viewport: { width: 360, height: 640 }, reducedMotion: "reduce" });
    paper = await watch(context, [glencheck.url]);
    await paper.page.goto(`${glencheck.url}/link/v2/stable/link.html`);
    await paper.page.locator(".pane").waitFor();
  }
  await paper.page.evaluate((l) => (document.documentElement.lang = l), lang);
  return paper;
}

/** What the title of a pane may be: any text of the language, whatever it names. */
function titlesIn(lang) {
  const words = Object.values(JSON.parse(readFileSync(new URL(`../../web/text/${lang}.json`, import.meta.url), "utf8"))).flatMap((text) => (typeof text === "string" ? text : Object.values(text)));
  const literal = (s) => s.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^(${words.map((text) => text.split(/\{\w+\}/).map(literal).join(".+")).join("|")})$`);
}
const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'", "#43": "+" };
const titleOf = (html) => /id="pane-title"[^>]*>([^<]*)</.exec(html)[1].replace(/&(#?\w+);/g, (all, name) => ENTITIES[name] ?? all);

for (const lang of languages) {
  test(`every pane in ${lang}`, async () => {
    const titles = titlesIn(lang);
    const panes = new Map(); // what is on the pane, to its name: the same pane is laid out once
    for (const walk of walks) {
      let shown;
      await replay({ walk, calls: await callsOf(walk) }, lang, {
        glencheck,
        look: (name, html, fragment) => {
          if (html) shown = html;
          if (html && lang !== "en") assert.match(titleOf(html), titles, `${name}: the title is one of the language`);
          const key = JSON.stringify([shown, fragment]);
          if (shown) panes.set(key, panes.get(key) ?? name);
        },
      });
    }
    const list = [...panes].map(([key, name]) => [name, ...JSON.parse(key)]);
    const { page, seen } = await sheet(lang);
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 640 });
      assert.deepEqual(await misplaced(page, list), []);
    }
    // What axe-core says hangs on the markup, not on the words: one language more is enough.
    if (lang === "de") assert.deepEqual(await inaccessible(page, list), []);
    assert.deepEqual(seen.errors, []);
  });
}

// The views with which nothing else of a pane is shown than words.
const NOTICES = /^(tab-|hosted-)(ended|left|incomplete|expired)/;

test("docs/testids.md is what the panes have", { skip: process.argv.some((a) => a.includes("name-pattern")) }, () => {
  const panes = [...looked].filter(([name]) => !NOTICES.test(name)).map(([, there]) => there);
  const views = [...new Set(panes.map((p) => p.view))];
  for (const row of documented) {
    const where = views.filter((view) => panes.some((p) => p.view === view && p.found.includes(row.css)));
    assert.deepEqual(where.sort(), expected(row, views).sort(), `the views with ${row.selector}`);
  }
  const known = (what, own) => documented.some((d) => Boolean(d.own) === own && (d.selector.includes("<") ? what.startsWith(d.selector.replace("#", "").split("<")[0]) : d.selector.replace("#", "") === what));
  const unknown = new Set(panes.flatMap((p) => [...p.own.filter((id) => !known(id, true)), ...p.ids.filter((id) => !known(id, false) && !/^aut-input-\d+-input(-\d+)?$/.test(id))]));
  assert.deepEqual([...unknown], [], "what tests could come to rely on is documented");
});

test("every view that the flows have was looked at", () => {
  const source = readdirSync(new URL("../../internal/", import.meta.url), { recursive: true }).filter((f) => /\.go$/.test(f) && !/_test\.go$/.test(f)).map((f) => readFileSync(new URL(`../../internal/${f}`, import.meta.url), "utf8"));
  const declared = new Set(source.flatMap((text) => [...text.matchAll(/^\s*(?:const )?(\w+)\s+(?:link\.)?View = "([A-Z_]+)"$/gm)].map((m) => m[2])));
  assert.ok(declared.size >= 10, "the views are found in the source");
  const views = new Set([...looked.values()].map((there) => there.view));
  assert.deepEqual([...declared].filter((view) => !views.has(view)), []);
});
