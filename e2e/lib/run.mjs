// Runs the tests: npm test. What all files need is made once for them.
//
//	node lib/run.mjs [file ...]

import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildAll } from "./programs.mjs";

// One file at a time: two browsers on two processors are faster by a third, and
// now and then one of them waits longer than a test does. The longest come first.
const CONCURRENCY = 1;
const LONGEST = ["languages.test.mjs", "panes.test.mjs"];

const tests = fileURLToPath(new URL("../tests", import.meta.url));
const all = readdirSync(tests).filter((f) => f.endsWith(".test.mjs")).sort((a, b) => LONGEST.indexOf(b) - LONGEST.indexOf(a)).map((f) => join(tests, f));
const files = process.argv.length > 2 ? process.argv.slice(2) : all;

const dir = mkdtempSync(join(tmpdir(), "glencheck-e2e-"));
try {
  const env = { ...process.env, ...(await buildAll(dir)) };
  const child = spawn(process.execPath, ["--test", `--test-concurrency=${CONCURRENCY}`, ...files], { env, stdio: "inherit" });
  process.exitCode = await new Promise((ok) => child.once("exit", (code) => ok(code ?? 1)));
} finally {
  rmSync(dir, { recursive: true, force: true });
}
