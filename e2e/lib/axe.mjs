// axe-core inside a page or a frame, by the rules of WCAG 2.2 AA.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/**
 * Waits until a frame has come to rest: in the middle of a fade nothing has its
 * contrast. What was put into the document just now begins to move with the next
 * frame that is painted.
 */
export const rest = (frame) =>
  frame.evaluate(async () => {
    const painted = () => new Promise((ok) => requestAnimationFrame(() => requestAnimationFrame(ok)));
    const moving = () => document.getAnimations().filter((a) => a.effect?.getComputedTiming().iterations !== Infinity && a.playState === "running");
    await painted();
    for (let list = moving(); list.length; list = moving()) {
      await Promise.allSettled(list.map((a) => a.finished));
      await painted();
    }
  });

/** The violations found in a frame at rest, as one line each. */
export async function violations(frame) {
  // Evaluated through the debugger, which no content security policy stops; once in a document.
  if (!(await frame.evaluate(() => "axe" in window))) await frame.evaluate(source);
  await rest(frame);
  return frame.evaluate(async (tags) => {
    const { violations } = await window.axe.run({ runOnly: tags, resultTypes: ["violations"] });
    return violations.map((v) => `${v.id} (${v.impact}): ${v.help}: ${v.nodes.map((n) => n.html).join(" | ")}`);
  }, TAGS);
}
