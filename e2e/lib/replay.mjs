// What a person did in a browser, once more without one: the calls that a walk
// made, made again in another language.

import assert from "node:assert/strict";
import { CLIENT_ID, SECRET } from "./glencheck.mjs";
import { request } from "./walker.mjs";

/**
 * Makes the calls of a walk again, in a session of its own, and hands every
 * pane or sheet to look(name, html, fragment). The clock and the network are not part of it.
 */
export async function replay({ walk, calls }, language, { glencheck, look }) {
  if (!calls.length) return;
  const post = async (path, body, headers = {}) => {
    const file = body.file && { "content-type": "application/octet-stream", "glencheck-session": body.session, "glencheck-seq": String(body.seq), "glencheck-file": body.file.name };
    const answer = await fetch(glencheck.url + path, { method: "POST", headers: { "content-type": "application/json", ...headers, ...file }, body: file ? body.file.buffer : JSON.stringify(body) });
    const out = await answer.json();
    if (!answer.ok) throw new Error(`${walk.name}, in ${language}: ${path}: ${out.error_code}: ${out.error_message}`);
    return out;
  };
  const made = await post("/link/token/create", await request(walk, glencheck, { language }), { "plaid-client-id": CLIENT_ID, "plaid-secret": SECRET });
  let session, seq;
  for (const [n, { what, body, answer: before }] of calls.entries()) {
    const { link_token, hosted } = body;
    const again = what === "open"
      ? { ...body, ...(hosted ? { hosted: made.hosted_link_url.split("/").at(-1) } : {}), ...(link_token ? { link_token: made.link_token } : {}), language }
      : { ...body, session, seq };
    const { pane, sheet, fragment, ...answer } = await post(`/link/session/${what}`, again);
    session = answer.session ?? session;
    seq = sheet?.seq ?? pane?.seq ?? seq;
    const view = sheet ? "EXIT" : (pane?.view ?? null);
    const name = `${walk.name}: ${n + 1} ${view ?? body.action}`;
    assert.equal(view, before, `${name}, in ${language}, leads where it led in the browser`);
    look(name, (sheet ?? pane)?.html, fragment);
  }
}
