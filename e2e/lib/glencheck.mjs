// A real Glencheck of this checkout, on a free port, with an empty database.

import { execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Configuration, PlaidApi } from "plaid";

const root = fileURLToPath(new URL("../..", import.meta.url));

export const CLIENT_ID = "676c656e636865636b736278";
export const SECRET = "73616e64626f782d73656372657421";

/** Builds and starts the server; plaid is the official client, pointed at it. */
export async function startGlencheck(...flags) {
  const dir = mkdtempSync(join(tmpdir(), "glencheck-e2e-"));
  const program = join(dir, "glencheck");
  await promisify(execFile)("go", ["build", "-o", program, "./cmd/glencheck"], { cwd: root });
  const child = spawn(program, ["serve", "--addr", "127.0.0.1:0", "--db", ":memory:", "--log-level", "warn", ...flags], { cwd: dir, env: { ...process.env, NO_COLOR: "1" } });
  let said = "";
  const url = await new Promise((ok, fail) => {
    const hear = (data) => {
      said += data;
      const at = /http:\/\/localhost:\d+/.exec(said);
      if (at) ok(at[0]);
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.once("exit", (code) => fail(new Error(`glencheck ended with ${code}:\n${said}`)));
  });
  const plaid = new PlaidApi(new Configuration({ basePath: url, baseOptions: { headers: { "PLAID-CLIENT-ID": CLIENT_ID, "PLAID-SECRET": SECRET } } }));
  return {
    url,
    plaid,
    said: () => said,
    close: () =>
      new Promise((ok) => {
        child.removeAllListeners("exit");
        child.once("exit", () => {
          rmSync(dir, { recursive: true, force: true });
          ok();
        });
        child.kill("SIGTERM");
      }),
  };
}

/** A link token as an application's server asks for it. */
export async function linkToken(plaid, more = {}) {
  const { data } = await plaid.linkTokenCreate({ client_name: "Wonderwallet", language: "en", country_codes: ["US"], user: { client_user_id: "user-id-4821" }, products: ["auth"], ...more });
  return data.link_token;
}
