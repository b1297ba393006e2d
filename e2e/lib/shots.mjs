// Pictures for people to look at: SHOTS=1 node --test tests/x.test.mjs leaves them
// in shots/. No test needs one, and each costs a tenth of a second.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const dir = fileURLToPath(new URL("../shots/", import.meta.url));

/** Takes a picture of a page, if anybody asked for it. */
export async function shot(page, name, options = {}) {
  if (!process.env.SHOTS) return;
  mkdirSync(dir, { recursive: true });
  await page.screenshot({ ...options, path: join(dir, `${name}.png`) });
}
