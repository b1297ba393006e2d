// Programs that are hard-wired to Plaid's host names, under `glencheck run`. Those
// of e2e/hardwired know nothing of Glencheck; with --offline nobody else is
// reached, so what they were answered came from here.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { executable } from "../lib/browser.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const hardwired = (name) => fileURLToPath(new URL(`../hardwired/${name}`, import.meta.url));
let dir, glencheck;

before(async () => {
  dir = mkdtempSync(join(tmpdir(), "glencheck-e2e-"));
  glencheck = join(dir, "glencheck");
  await promisify(execFile)("go", ["build", "-o", glencheck, "./cmd/glencheck"], { cwd: root });
});
after(() => rmSync(dir, { recursive: true, force: true }));

/** Runs a command line under glencheck run; nothing may be left of it. */
async function run(...line) {
  const tmp = join(dir, "tmp");
  mkdirSync(tmp);
  const child = spawn(glencheck, ["run", "--offline", ...line], { env: { ...process.env, TMPDIR: tmp, CHROMIUM: executable() } });
  let out = "";
  let err = "";
  child.stdout.on("data", (d) => (out += d));
  child.stderr.on("data", (d) => (err += d));
  const code = await new Promise((ok) => child.once("close", ok));
  const left = readdirSync(tmp).filter((n) => n.startsWith("glencheck-"));
  rmSync(tmp, { recursive: true, force: true });
  assert.deepEqual(left, []);
  return { code, out, err };
}

const NUMBER = "1111222233330000";

test("npm plaid with its own map of environments", async () => {
  for (const hooks of [[], ["--no-hooks"]]) {
    assert.deepEqual(await run(...hooks, "--", process.execPath, hardwired("client.mjs")), { code: 0, out: `https://sandbox.plaid.com ${NUMBER}\n`, err: "" });
  }
});

test("npm plaid on both sides of a processor token", async () => {
  const out = `link-sandbox processor-sandbox Alberta Bobbeth Charleson\n${NUMBER} null true UNAUTHORIZED_ROUTE_ACCESS\n`;
  assert.deepEqual(await run("--", process.execPath, hardwired("processor.mjs")), { code: 0, out, err: "" });
});

test("connections of Node itself", async () => {
  assert.deepEqual(await run(process.execPath, hardwired("fetch.mjs")), { code: 0, out: "fetch 400 MISSING_FIELDS\nhttps 200\ntls true\n", err: "" });
});

test("curl", async () => {
  const { code, out } = await run("curl", "--silent", "--show-error", "--fail", "--write-out", " %{http_code}", "https://sandbox.plaid.com/healthz");
  assert.deepEqual([code, out.trim().endsWith("200")], [0, true], out);
  const refused = await run("curl", "--silent", "--show-error", "https://example.com/");
  assert.notEqual(refused.code, 0);
  assert.match(refused.err, /403[\s\S]*--offline was given: example\.com/);
});

test("a page that loads the script of the CDN links an account", async () => {
  const { code, out, err } = await run(process.execPath, hardwired("page.mjs")); // err names whom Chromium calls by itself
  assert.deepEqual({ code, out }, { code: 0, out: `First Platypus Bank ${NUMBER}\n` }, err);
});

test("the guide's app and Alloy: a customer links an account, three people are decided about", async () => {
  const outfile = join(dir, "wonderwallet.cjs");
  await build({ entryPoints: [hardwired("wonderwallet.ts")], outfile, bundle: true, format: "cjs", platform: "node", packages: "external", logLevel: "silent" });
  const modules = fileURLToPath(new URL("../node_modules", import.meta.url));
  const { code, out, err } = await run("env", `NODE_PATH=${modules}`, process.execPath, outfile);
  assert.deepEqual({ code, out }, { code: 0, out: "Charleson 201 Approved\nCharleson 201 Manual Review\nSmith 201 Denied\n" }, err);
});
