// A real Glencheck of this checkout, on a free port, with an empty database.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Configuration, PlaidApi } from "plaid";
import { addressOf } from "./child.mjs";
import { program, root } from "./programs.mjs";

export const CLIENT_ID = "676c656e636865636b736278";
export const SECRET = "73616e64626f782d73656372657421";

/**
 * Stands before the server and judges every call of the official client against
 * the official OpenAPI document (clienttest/contractproxy).
 */
async function startContract(target, dir) {
  const child = spawn(await program("contractproxy", dir), [target], { cwd: join(root, "clienttest"), stdio: ["pipe", "pipe", "pipe"] });
  const ended = new Promise((ok) => child.once("close", ok));
  const { url, said } = await addressOf(child, "contractproxy");
  return {
    url,
    async close() {
      child.stdin.end();
      if ((await ended) !== 0) throw new Error(`The official document objects:\n${said()}`);
    },
  };
}

/** Starts the server; plaid is the official client, pointed at it. */
export async function startGlencheck(...flags) {
  const dir = mkdtempSync(join(tmpdir(), "glencheck-e2e-"));
  const child = spawn(await program("glencheck", dir), ["serve", "--addr", "127.0.0.1:0", "--db", ":memory:", "--log-level", "warn", "--tesseract=", ...flags], { cwd: dir, env: { ...process.env, NO_COLOR: "1" } });
  const { url, said } = await addressOf(child, "glencheck");
  const contract = await startContract(url, dir).catch((e) => {
    child.kill("SIGTERM"); // or the test process would wait for it
    throw e;
  });
  const plaid = new PlaidApi(new Configuration({ basePath: contract.url, baseOptions: { headers: { "PLAID-CLIENT-ID": CLIENT_ID, "PLAID-SECRET": SECRET } } }));
  return {
    url,
    plaid,
    said,
    async close() {
      child.removeAllListeners("exit");
      const ended = new Promise((ok) => child.once("exit", ok));
      child.kill("SIGTERM");
      await ended;
      await contract.close().finally(() => rmSync(dir, { recursive: true, force: true }));
    },
  };
}

/** What an application asks for with a link token. */
export const tokenRequest = (more = {}) => ({ client_name: "Wonderwallet", language: "en", country_codes: ["US"], user: { client_user_id: "user-id-4821" }, products: ["auth"], ...more });

/** What the server answers to an application that asks for a link token. */
export async function linkTokenAnswer(plaid, more = {}) {
  return (await plaid.linkTokenCreate(tokenRequest(more))).data;
}

/** A link token as an application's server asks for it. */
export async function linkToken(plaid, more = {}) {
  return (await linkTokenAnswer(plaid, more)).link_token;
}
