// The npm package packages/glencheck, as a test of somebody else uses it: by
// import and by require, from JavaScript and from TypeScript.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { buildSync } from "esbuild";
import { compactVerify, decodeProtectedHeader, importJWK } from "jose";
import { Configuration, PlaidApi } from "plaid";
import { GlencheckError, start, userGood } from "../../packages/glencheck/index.js";
import { until } from "../lib/browser.mjs";
import { linkToken } from "../lib/glencheck.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const exec = promisify(execFile);
let dir, binary, glencheck, plaid;

before(async () => {
  dir = mkdtempSync(join(tmpdir(), "glencheck-package-"));
  binary = join(dir, "glencheck");
  await exec("go", ["build", "-o", binary, "./cmd/glencheck"], { cwd: root });
  glencheck = await start({ binary });
  plaid = new PlaidApi(new Configuration({ basePath: glencheck.url, baseOptions: { headers: { "PLAID-CLIENT-ID": glencheck.clientId, "PLAID-SECRET": glencheck.secret } } }));
});
after(async () => {
  await glencheck?.stop();
  rmSync(dir, { recursive: true, force: true });
});

/** Whether a process runs: one that nobody has asked how it ended runs no more. */
const lives = (pid) => {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const stat = `/proc/${pid}/stat`;
  return !existsSync(stat) || !/\) [ZX] /.test(readFileSync(stat, "utf8"));
};

test("a person goes through Link, in one call and step by step", async () => {
  const whole = await glencheck.link.complete(await linkToken(plaid), userGood());
  assert.equal(whole.done.kind, "success");
  const { data } = await plaid.itemPublicTokenExchange({ public_token: whole.done.public_token });
  const { data: auth } = await plaid.authGet({ access_token: data.access_token });
  assert.equal(auth.numbers.ach[0].account, "1111222233330000");

  const s = await glencheck.link.open(await linkToken(plaid));
  await s.submit();
  await s.do("pick", "ins_109508");
  await s.submit({ username: "user_good", password: "wrong" });
  assert.deepEqual([s.pane.view, s.pane.hint.username, s.done], ["CREDENTIAL", "user_good", null]);
  await s.exit({ force: true });
  assert.deepEqual(s.story, ["OPEN CONSENT", "TRANSITION_VIEW SELECT_INSTITUTION", "SELECT_INSTITUTION", "TRANSITION_VIEW CREDENTIAL", "SUBMIT_CREDENTIALS", "TRANSITION_VIEW LOADING", "ERROR INVALID_CREDENTIALS", "TRANSITION_VIEW CREDENTIAL", "EXIT requires_credentials"]);
  assert.deepEqual([s.pane, s.done.error.error_code], [null, "INVALID_CREDENTIALS"]);

  const half = await glencheck.link.until("SELECT_ACCOUNT", await linkToken(plaid), userGood());
  assert.equal(half.pane.view, "SELECT_ACCOUNT");
  const [field] = half.pane.fields;
  await half.submit({ [field.name]: [field.options.find((o) => o.subtype === "savings").value] });
  await half.submit();
  assert.equal(half.done.metadata.accounts[0].subtype, "savings");
});

test("time, faults, errors and a new beginning", async () => {
  const begin = await glencheck.clock.now();
  const later = await glencheck.clock.advance({ days: 2, hours: 1 });
  assert.ok(later - begin >= 49 * 3600_000);
  await assert.rejects(glencheck.clock.set(begin), (e) => e instanceof GlencheckError && e.code === "INVALID_FIELD" && e.status === 400 && e.requestId.length > 0);

  const id = await glencheck.faults.set({ path: "/institutions/get_by_id", error_code: "INSTITUTIONS_GET_BY_ID_LIMIT", count: 1 });
  const ask = () => plaid.institutionsGetById({ institution_id: "ins_109508", country_codes: ["US"] });
  await assert.rejects(ask(), (e) => e.response.status === 429);
  assert.equal((await ask()).status, 200);
  assert.deepEqual((await glencheck.faults.list()).map((f) => [f.fault_id, f.struck]), [[id, 1]]);
  await glencheck.faults.clear(id);
  assert.deepEqual(await glencheck.faults.list(), []);

  await glencheck.faults.set({ outage: { institution_id: "ins_109508", health: "down" } });
  await glencheck.reset();
  assert.deepEqual(await glencheck.faults.list(), []);
  assert.ok((await glencheck.clock.now()) < later);
});

test("what was sent, whether or not somebody listens", async () => {
  const webhook = "http://127.0.0.1:9/nobody";
  const { done } = await glencheck.link.complete(await linkToken(plaid, { webhook }), userGood());
  const { data } = await plaid.itemPublicTokenExchange({ public_token: done.public_token });
  await plaid.sandboxItemResetLogin({ access_token: data.access_token });
  const sent = await glencheck.webhooks.wait({ item_id: data.item_id, webhook_code: "ERROR" });
  assert.deepEqual([sent.url, sent.webhook.error.error_code], [webhook, "ITEM_LOGIN_REQUIRED"]);
  assert.deepEqual((await glencheck.webhooks.list({ item_id: data.item_id })).at(-1).delivery_id, sent.delivery_id);
  assert.equal((await glencheck.webhooks.replay(sent.delivery_id)).delivery_id, sent.delivery_id);
  assert.equal((await glencheck.webhooks.forge(sent.delivery_id, "alg_none")).refused, false); // nobody there to refuse it
  const alg = async (forgery) => JSON.parse(Buffer.from((await glencheck.webhooks.sign(sent.body, forgery)).split(".")[0], "base64url")).alg;
  assert.deepEqual([await alg(), await alg("alg_none")], ["ES256", "none"]);
  await assert.rejects(glencheck.webhooks.wait({ after: sent.delivery_id, timeout_ms: 0 }), /came in time/);
});

/** What Plaid's guide tells a receiver to do, with npm jose: throws what is wrong. */
async function verify(header, body) {
  const must = (ok, what) => {
    if (!ok) throw new Error(what);
  };
  must(header, "no header");
  const { alg, kid } = decodeProtectedHeader(header);
  must(alg === "ES256", "alg");
  const { key } = (await plaid.webhookVerificationKeyGet({ key_id: kid })).data;
  const { payload } = await compactVerify(header, await importJWK(key, "ES256"), { algorithms: ["ES256"] });
  const claims = JSON.parse(Buffer.from(payload).toString());
  must(Date.now() / 1000 - claims.iat <= 300, "iat");
  must(claims.request_body_sha256 === createHash("sha256").update(body).digest("hex"), "body");
}

test("webhooks verify with npm jose, which refuses each forgery for what it is", async () => {
  let problem = null;
  const app = createServer(async (req, res) => {
    const chunks = [];
    for await (const chunk of req) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    problem = await verify(req.headers["plaid-verification"], body).then(() => null, (e) => e);
    res.writeHead(problem ? 401 : 200).end();
  });
  await new Promise((ok) => app.listen(0, "127.0.0.1", ok));
  try {
    const { done } = await glencheck.link.complete(await linkToken(plaid, { webhook: `http://127.0.0.1:${app.address().port}/hook` }), userGood());
    const { data } = await plaid.itemPublicTokenExchange({ public_token: done.public_token });
    await plaid.sandboxItemResetLogin({ access_token: data.access_token });
    const { delivery_id: id, body, plaid_verification: header } = await glencheck.webhooks.wait({ item_id: data.item_id, webhook_code: "ERROR", state: "delivered" });
    await verify(header, body); // as the receiver did: it has answered 200
    const signs = {
      stale_iat: (e) => e.message === "iat",
      wrong_body: (e) => e.message === "body",
      alg_none: (e) => e.message === "alg",
      unknown_kid: (e) => e.response?.data.error_code === "INVALID_WEBHOOK_VERIFICATION_KEY_ID",
      wrong_key: (e) => e.code === "ERR_JWS_SIGNATURE_VERIFICATION_FAILED",
      unsigned: (e) => e.message === "no header",
    };
    for (const [forgery, right] of Object.entries(signs)) {
      assert.deepEqual([forgery, (await glencheck.webhooks.forge(id, forgery)).status, right(problem)], [forgery, 401, true], problem?.message);
      if (forgery !== "unsigned") await assert.rejects(verify(await glencheck.webhooks.sign(body, forgery), body), right, forgery);
    }
    // A receiver that does not look at alg by itself is saved by the library.
    const none = await glencheck.webhooks.sign(body, "alg_none");
    const { key } = (await plaid.webhookVerificationKeyGet({ key_id: decodeProtectedHeader(none).kid })).data;
    await assert.rejects(compactVerify(none, await importJWK(key, "ES256")), { name: /^(JOSE|JWS|TypeError)/ });
  } finally {
    app.closeAllConnections();
    app.close();
  }
});

test("options, and a server of one's own", async () => {
  const { start: required } = createRequire(import.meta.url)("../../packages/glencheck/index.js");
  assert.equal(required, start);
  const lines = [];
  const options = { binary, clock: "manual", seed: 7, clientId: "mine", secret: "of-mine", flags: ["--chaos", "mild"], log: (l) => lines.push(l) };
  const [a, b] = await Promise.all([start(options), start(options)]);
  assert.notEqual(a.url, b.url);
  assert.equal(+(await a.clock.now()), Date.UTC(2026, 0, 5, 9));
  assert.equal((await a.faults.list())[0].chaos, "mild");
  assert.ok(lines.some((l) => JSON.parse(l).msg === "ready"));
  a.secret = "wrong";
  await assert.rejects(a.call("/link/token/get", { link_token: "link-sandbox-x" }), { code: "INVALID_API_KEYS" });
  await Promise.all([a.stop(), b[Symbol.asyncDispose]()]);
  assert.deepEqual([lives(a.pid), lives(b.pid)], [false, false]);
  await assert.rejects(start({ binary, flags: ["--no-such-flag"] }), /ended with 2:[\s\S]*--no-such-flag/);
  await assert.rejects(start({ binary: join(dir, "missing") }), /GLENCHECK_BIN/);
});

test("a process that ends without stopping it leaves no server behind", async () => {
  const program = `const { start } = require(${JSON.stringify(join(root, "packages/glencheck/index.js"))});
start().then((g) => { console.log(g.pid); if (process.argv[1] === "killed") setInterval(() => {}, 1000); });`;
  for (const way of ["forgotten", "killed"]) {
    const child = spawn(process.execPath, ["-e", program, way], { env: { ...process.env, GLENCHECK_BIN: binary } });
    const ended = new Promise((ok) => child.once("exit", ok));
    const pid = Number(await new Promise((ok) => child.stdout.once("data", (d) => ok(String(d)))));
    assert.ok(pid > 0);
    if (way === "killed") child.kill("SIGKILL");
    await ended;
    await until(() => !lives(pid), `the server of a process that was ${way} ends`);
  }
});

test("the README's program, and its types", async () => {
  const [, text] = /<!-- file: example.ts -->\n```ts\n([\s\S]*?)\n```/.exec(readFileSync(join(root, "packages/glencheck/README.md"), "utf8"));
  const place = join(dir, "program");
  mkdirSync(join(place, "node_modules"), { recursive: true });
  symlinkSync(join(root, "packages/glencheck"), join(place, "node_modules/glencheck"));
  for (const name of ["plaid", "axios"]) symlinkSync(join(root, "e2e/node_modules", name), join(place, "node_modules", name));
  writeFileSync(join(place, "example.ts"), text);
  writeFileSync(join(place, "package.json"), `{"type": "module"}`);
  writeFileSync(join(place, "node.d.ts"), `declare module "node:assert" { export const strict: { equal(a: unknown, b: unknown): void }; }`);
  const compilerOptions = { strict: true, noEmit: true, target: "es2022", module: "nodenext", lib: ["es2022", "dom", "esnext.disposable"], skipLibCheck: true, types: [] };
  writeFileSync(join(place, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["example.ts", "node.d.ts"] }));
  const tsc = join(root, "e2e/node_modules/.bin/tsc");
  await exec(tsc, ["-p", place]).catch((e) => assert.fail(e.stdout));
  writeFileSync(join(place, "example.ts"), text.replace("{ days: 30 }", "{ weeks: 4 }"));
  await assert.rejects(exec(tsc, ["-p", place]), (e) => /weeks/.test(e.stdout));

  buildSync({ stdin: { contents: text, loader: "ts", resolveDir: place }, outfile: join(place, "example.mjs"), format: "esm", platform: "node", external: ["*"], bundle: true });
  await exec(process.execPath, [join(place, "example.mjs")], { env: { ...process.env, GLENCHECK_BIN: binary } });
});
