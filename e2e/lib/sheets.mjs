// Draws every pane in light and dark, on a phone and on a desktop, for people to
// look at:
//
//	node lib/sheets.mjs <directory> [part of a walk's name ...]
//
// leaves a picture of each look in each rendering, and contact sheets of them.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { launch } from "./browser.mjs";
import { startGlencheck } from "./glencheck.mjs";
import { RENDERINGS, render } from "./judge.mjs";
import { serveApp } from "./serve.mjs";
import { pages, take } from "./walker.mjs";
import { walks } from "./walks.mjs";

const FORCED = { name: "360-forced", width: 360, height: 640, colorScheme: "dark", forcedColors: "active" };
const PER_SHEET = 12;

const [dir, ...only] = process.argv.slice(2);
if (!dir) {
  console.error("usage: node lib/sheets.mjs <directory> [part of a walk's name ...]");
  process.exit(2);
}
mkdirSync(dir, { recursive: true });

const browser = await launch();
const glencheck = await startGlencheck();
const app = await serveApp(glencheck.url, pages());
const names = [];

async function draw(w, name) {
  names.push(name);
  await w.page.mouse.move(1, 1);
  for (const r of [...RENDERINGS, FORCED]) {
    await render(w, r);
    await w.page.screenshot({ path: join(dir, `${name}-${r.name}.png`) });
  }
  await render(w, RENDERINGS[0]);
}

/** Puts pictures side by side, each with its name below. */
async function sheet(file, list, r) {
  const width = r.width > 600 ? 620 : 300;
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const figures = list.map((n) => `<figure style="margin:0;width:${width}px"><img style="width:100%;border:1px solid #888" src="data:image/png;base64,${readFileSync(join(dir, `${n}-${r.name}.png`)).toString("base64")}"><figcaption style="font:14px sans-serif">${n}</figcaption></figure>`);
  await page.setContent(`<body style="margin:8px;background:#bbb;display:flex;flex-wrap:wrap;gap:12px">${figures.join("")}</body>`);
  await page.screenshot({ path: file, fullPage: true });
  await context.close();
}

try {
  for (const walk of walks.filter((w) => !only.length || only.some((o) => w.name.includes(o)))) {
    await take(walk, { browser, glencheck, app, look: draw }).catch((e) => console.error(e.message));
  }
  for (const r of [...RENDERINGS, FORCED]) {
    for (let n = 0; n * PER_SHEET < names.length; n++) await sheet(join(dir, `sheet-${r.name}-${n + 1}.png`), names.slice(n * PER_SHEET, (n + 1) * PER_SHEET), r);
  }
  writeFileSync(join(dir, "names.txt"), `${names.join("\n")}\n`);
  console.log(`${names.length} panes in ${resolve(dir)}`);
} finally {
  await browser.close();
  await app.close();
  await glencheck.close();
}
