// What every pane has to be: complete for axe-core in all renderings, no wider
// than the window, in the right order for the keyboard.

import assert from "node:assert/strict";
import { violations } from "./axe.mjs";
import { disorder, misfits, spacing, stop, stops, unreadable } from "./fit.mjs";

/** The renderings that people look at; each is judged by axe-core. */
export const RENDERINGS = [
  { name: "360-light", width: 360, height: 640, colorScheme: "light" },
  { name: "1280-light", width: 1280, height: 800, colorScheme: "light" },
  { name: "1280-dark", width: 1280, height: 800, colorScheme: "dark" },
  { name: "360-dark", width: 360, height: 640, colorScheme: "dark" },
];

/** Renders the page in another way. In the middle of a fade nothing has its contrast. */
export async function render(w, { width, height, colorScheme, forcedColors = "none" }) {
  const now = w.page.viewportSize();
  if (now.width !== width || now.height !== height) await w.page.setViewportSize({ width, height });
  await w.page.emulateMedia({ colorScheme, forcedColors });
  // A frame of another site hears of it later than the page.
  const size = w.walk.where === "embedded" ? "all" : `(width: ${width}px) and (height: ${height}px)`;
  await w.link.evaluate(async (media) => {
    while (!matchMedia(media).matches) await new Promise((ok) => requestAnimationFrame(ok));
    await Promise.allSettled(document.getAnimations().map((a) => a.finished));
  }, `${size} and (prefers-color-scheme: ${colorScheme}) and (forced-colors: ${forcedColors})`);
}

/** Presses Tab through the whole dialog: every stop once, in order, and round again. */
async function tabThrough(w, name) {
  const list = await w.link.evaluate(stops);
  if (!list.length) return;
  const heading = w.link.locator("#pane-title").last();
  await heading.evaluate((el) => el.focus({ preventScroll: true }));
  const tab = async () => {
    const from = await w.link.evaluate(stop);
    // A date has a stop for each of its parts and one for the calendar.
    for (let part = 0; part < 5; part++) {
      await w.page.keyboard.press("Tab");
      if ((await w.link.evaluate(stop)) !== from || !(await w.link.evaluate(() => document.activeElement?.type === "date"))) break;
    }
    // From the last stop of a page of its own Tab goes to the browser, and comes back.
    if ((await w.link.evaluate(stop)) === "BODY" && !w.framed) await w.page.keyboard.press("Tab");
    return w.link.evaluate(stop);
  };
  // From the title the first Tab goes to what follows it; round once to the first stop.
  let at = null;
  for (let n = 0; n < list.length && at !== 0; n++) at = await tab();
  const walked = [at];
  while (walked.length <= list.length) walked.push(await tab());
  assert.deepEqual(walked, [...list.map((_, n) => n), 0], `${name}: Tab goes through ${list.join(", ")}, and round again`);
  await heading.evaluate((el) => el.focus({ preventScroll: true }));
}

/** Focus comes to a new pane by itself: to its title, or to the field in question. */
async function settled(w, name) {
  const focused = await w.link.evaluate(() => document.activeElement?.matches("h1, [aria-invalid=true], [data-wrong] input, .sheet button") || document.activeElement?.closest(".field, .choices, .data-list, .control, .rows-group") !== null);
  assert.ok(focused, `${name}: focus is on the title or on the field in question`);
}

/** Judges the pane on screen; brief: one of many that differ in words alone; part: no dialog, but a document or a part of one. */
export async function judge(w, name, { brief = false, part = false } = {}) {
  if (!part) await settled(w, name);
  assert.deepEqual(await w.link.evaluate(disorder), [], name);
  for (const r of brief ? RENDERINGS.filter((r) => /360-light|1280-dark/.test(r.name)) : RENDERINGS) {
    await render(w, r);
    assert.deepEqual(await violations(w.link), [], `${name}, ${r.name}`);
    assert.deepEqual(await w.link.evaluate(misfits), [], `${name}, ${r.name}`);
    if (r.name === "1280-light" && !brief && !part) await tabThrough(w, name);
  }
  await forced(w, name); // on a phone in the dark, as the last rendering
  for (const width of [1280, 320]) {
    await render(w, { width, height: 800, colorScheme: "light" });
    await w.link.evaluate(spacing, true);
    assert.deepEqual(await w.link.evaluate(misfits, { lines: false }), [], `${name}, with text spacing, ${width}`);
    await w.link.evaluate(spacing, false);
  }
  // The narrowest phone, and a window of 1280 by 1024 at 400 %.
  for (const [width, height] of [[320, 568], [320, 256]]) {
    await render(w, { width, height, colorScheme: "light" });
    if (height === 256 && !brief) assert.deepEqual(await violations(w.link), [], `${name}, at 400 %`);
    assert.deepEqual(await w.link.evaluate(misfits), [], `${name}, ${width}x${height}`);
  }
  await render(w, RENDERINGS[0]);
}

/** With the system's own colours every control still has an edge, and all words can be read. */
async function forced(w, name) {
  await render(w, { width: 360, height: 640, colorScheme: "dark", forcedColors: "active" });
  const edgeless = await w.link.evaluate(() =>
    [...document.querySelectorAll("#link-root :is(.btn:not(.btn-quiet), .input, .choice)")]
      .filter((el) => el.checkVisibility() && !el.closest("[inert]"))
      .filter((el) => {
        const s = getComputedStyle(el);
        return s.borderTopStyle === "none" || s.borderTopWidth === "0px" || s.borderTopColor === s.backgroundColor;
      })
      .map((el) => el.outerHTML.slice(0, 120)),
  );
  assert.deepEqual(edgeless, [], `${name}: with forced colours`);
  assert.deepEqual(await w.link.evaluate(unreadable), [], `${name}: with forced colours`);
}
