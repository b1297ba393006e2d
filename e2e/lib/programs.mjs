// The programs that the tests start, of this checkout.

import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** The directory of the checkout. */
export const root = fileURLToPath(new URL("../..", import.meta.url));

// Linking takes seconds of a processor: lib/run.mjs does it once and says where.
const BUILT = "GLENCHECK_E2E_PROGRAMS";

const packages = {
  glencheck: { cwd: root, path: "./cmd/glencheck" },
  film: { cwd: root, path: "./e2e/film" },
  contractproxy: { cwd: join(root, "clienttest"), path: "./contractproxy" },
};

/** Where a program is; it is built into dir unless lib/run.mjs has done so. */
export async function program(name, dir) {
  const built = process.env[BUILT];
  if (built) return join(built, name);
  const file = join(dir, name);
  await promisify(execFile)("go", ["build", "-o", file, packages[name].path], { cwd: packages[name].cwd });
  return file;
}

/** Builds them all, and answers what a test process needs to know to find them. */
export async function buildAll(dir) {
  for (const name of Object.keys(packages)) await program(name, dir);
  return { [BUILT]: dir };
}
