// Webhooks as an application's server receives them, verified with npm jose as
// Plaid's documentation tells: the key by its kid, ES256, iat, the hash of the body.

import assert from "node:assert/strict";
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { decodeProtectedHeader, importJWK, jwtVerify } from "jose";
import { startGlencheck } from "../lib/glencheck.mjs";

let glencheck, receiver, url;
const arrived = [];
let heard = () => {};

before(async () => {
  glencheck = await startGlencheck();
  receiver = createServer(async (req, res) => {
    const chunks = [];
    for await (const chunk of req) chunks.push(chunk);
    arrived.push({ token: req.headers["plaid-verification"], body: Buffer.concat(chunks), type: req.headers["content-type"] });
    res.end();
    heard();
  });
  await new Promise((ok) => receiver.listen(0, "127.0.0.1", ok));
  url = `http://127.0.0.1:${receiver.address().port}/hook`;
});
after(async () => {
  receiver.close();
  receiver.closeAllConnections();
  await glencheck.close();
});

/** The next webhook that arrives. */
async function next() {
  while (arrived.length === 0) await new Promise((ok) => (heard = ok));
  return arrived.shift();
}

/** What Plaid's documentation tells a receiver to do; throws where it is to refuse. */
async function verify({ token, body }) {
  const { alg, kid } = decodeProtectedHeader(token);
  assert.equal(alg, "ES256");
  const { data } = await glencheck.plaid.webhookVerificationKeyGet({ key_id: kid });
  const { payload } = await jwtVerify(token, await importJWK(data.key, "ES256"), { algorithms: ["ES256"], maxTokenAge: "5 min" });
  assert.equal(payload.request_body_sha256, createHash("sha256").update(body).digest("hex"));
  return { kid, payload };
}

async function item() {
  const made = await glencheck.plaid.sandboxPublicTokenCreate({ institution_id: "ins_109508", initial_products: ["auth"], options: { webhook: url } });
  const { data } = await glencheck.plaid.itemPublicTokenExchange({ public_token: made.data.public_token });
  return data;
}

test("a webhook arrives, verifies and says what happened", async () => {
  const { access_token, item_id } = await item();
  await glencheck.plaid.sandboxItemResetLogin({ access_token });
  const webhook = await next();
  const { kid, payload } = await verify(webhook);
  assert.equal(kid, "6c5516e1-92dc-479e-a8ff-5a51992e0001");
  assert.deepEqual(Object.keys(payload), ["iat", "request_body_sha256"]);
  assert.equal(webhook.type, "application/json");
  const said = JSON.parse(webhook.body);
  assert.deepEqual([said.webhook_type, said.webhook_code, said.item_id, said.error.error_code, said.error.status], ["ITEM", "ERROR", item_id, "ITEM_LOGIN_REQUIRED", 400]);
  assert.equal(webhook.body.toString(), JSON.stringify(said, null, 2)); // two spaces, as Plaid sends it
});

test("a fired webhook comes to the address that the Item has now", async () => {
  const { access_token } = await item();
  await glencheck.plaid.itemWebhookUpdate({ access_token, webhook: `${url}/new` });
  assert.equal(JSON.parse((await next()).body).new_webhook_url, `${url}/new`);
  const { data } = await glencheck.plaid.sandboxItemFireWebhook({ access_token, webhook_code: "NEW_ACCOUNTS_AVAILABLE" });
  assert.equal(data.webhook_fired, true);
  const webhook = await next();
  await verify(webhook);
  assert.equal(JSON.parse(webhook.body).webhook_code, "NEW_ACCOUNTS_AVAILABLE");
});

test("what was changed on the way does not verify", async () => {
  const { access_token } = await item();
  await glencheck.plaid.sandboxItemResetLogin({ access_token });
  const { token, body } = await next();
  await verify({ token, body });
  const [header, claims] = token.split(".");
  const b64 = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const { kid } = decodeProtectedHeader(token);
  const forger = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
  const forge = (protectedHeader, payload) => {
    const signed = `${b64(protectedHeader)}.${b64(payload)}`;
    return `${signed}.${sign("sha256", Buffer.from(signed), { key: forger, dsaEncoding: "ieee-p1363" }).toString("base64url")}`;
  };
  const good = JSON.parse(Buffer.from(claims, "base64url"));
  for (const [name, forged] of Object.entries({
    "another body": { token, body: Buffer.from(`${body} `) },
    "other claims": { token: token.replace(claims, b64({ ...good, iat: good.iat + 1 })), body },
    "no signature": { token: `${header}.${claims}.`, body },
    "alg none": { token: `${b64({ alg: "none", kid, typ: "JWT" })}.${claims}.`, body },
    "a key of one's own": { token: forge({ alg: "ES256", kid, typ: "JWT" }, good), body },
    "a kid that there is not": { token: forge({ alg: "ES256", kid: "00000000-0000-4000-8000-000000000000", typ: "JWT" }, good), body },
  })) {
    await assert.rejects(verify(forged), name);
  }
});
