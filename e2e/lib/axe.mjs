// axe-core inside a page or a frame, by the rules of WCAG 2.2 AA.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** The violations found in a frame, as one line each. */
export async function violations(frame) {
  // Evaluated through the debugger, which no content security policy stops.
  await frame.evaluate(source);
  const { violations: found } = await frame.evaluate((tags) => window.axe.run({ runOnly: tags }), TAGS);
  return found.map((v) => `${v.id} (${v.impact}): ${v.help}: ${v.nodes.map((n) => n.html).join(" | ")}`);
}
