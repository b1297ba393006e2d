// Every pane of Link in light and dark, on a phone and on a desktop, at 400 %,
// with wide text, with forced colours and by keyboard: WCAG 2.2 AA without a
// violation (link-web.md section 7, ui/README.md section 6).

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "../lib/browser.mjs";
import { startGlencheck } from "../lib/glencheck.mjs";
import { judge } from "../lib/judge.mjs";
import { serveApp } from "../lib/serve.mjs";
import { pages, take } from "../lib/walker.mjs";
import { walks } from "../lib/walks.mjs";

let browser, glencheck, app;
const looked = new Map();

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
        looked.set(name, await w.link.locator(".pane, .embedded").first().getAttribute("data-view"));
        await judge(w, name, options);
      },
    });
    assert.deepEqual(seen.errors, []);
    assert.deepEqual(seen.strangers, []);
  });
}
