// When the page hears of what happens in Link (link-web.md section 1.4), and what
// the console says of why.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { until } from "../lib/browser.mjs";
import { CLIENT_ID, linkToken, SECRET } from "../lib/glencheck.mjs";
import { stage } from "../lib/person.mjs";

let house, live, person;

before(async () => {
  house = await stage();
  live = await stage("--link-events", "realtime");
});
after(async () => {
  await house?.close();
  await live?.close();
});
afterEach(() => person?.close());

async function arrive(at, more = {}) {
  person = await at.open(await linkToken(at.glencheck.plaid, more));
}

/** What the console has said for the developer. */
const spoken = () => person.seen.console.filter((m) => m.text.startsWith("Glencheck Link: ")).map((m) => [m.type, m.text.slice(16)]);

async function call(at, path, body) {
  const response = await fetch(at.glencheck.url + path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "PLAID-CLIENT-ID": CLIENT_ID, "PLAID-SECRET": SECRET },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  assert.equal(response.status, 200, JSON.stringify(answer));
  return answer;
}

const story = ["OPEN CONSENT", "TRANSITION_VIEW SELECT_INSTITUTION", "SELECT_INSTITUTION", "TRANSITION_VIEW CREDENTIAL"];
const end = ["TRANSITION_VIEW EXIT", "EXIT requires_credentials"];

test("buffered, as documented: OPEN at once, all else at the end", async () => {
  await arrive(house);
  await person.toLogin();
  assert.deepEqual(await person.events(), story.slice(0, 1));
  await person.leave();
  assert.deepEqual(await person.events(), [...story, ...end]);
});

test("realtime, when the server is asked for it: each as it happens, once", async () => {
  await arrive(live);
  await person.toLogin();
  assert.deepEqual(await person.events(), story);
  await person.leave();
  assert.deepEqual(await person.events(), [...story, ...end]);
  const order = await person.page.evaluate(() => window.heard.map((h) => h.what).filter((w) => w === "event" || w === "exit"));
  assert.deepEqual(order.at(-1), "exit");
});

test("a customization decides for its link tokens", async () => {
  await call(house, "/sandbox/team/customization/set", { name: "watched", events: "realtime" });
  await arrive(house, { link_customization_name: "watched" });
  await person.toLogin();
  assert.deepEqual(await person.events(), story);
  await person.close();
  await call(live, "/sandbox/team/customization/set", { name: "documented", events: "buffered" });
  await arrive(live, { link_customization_name: "documented" });
  await person.toLogin();
  assert.deepEqual(await person.events(), story.slice(0, 1));
});

test("the console says why, once", async () => {
  await arrive(house);
  await person.view("CONSENT");
  await person.submit();
  await person.link.locator("#search-input-input").fill("tattersall");
  await person.link.locator("#aut-ins_109510").click();
  await person.view("ERROR");
  await until(() => spoken().length > 0, "a remark");
  const [[type, text]] = spoken();
  assert.equal(type, "warning");
  assert.match(text, /^Tattersall Federal Credit Union \(ins_109510\) lacks what the link token's products ask for: auth;/);
  const [, metadata] = await person.leave();
  const { session } = await call(house, "/sandbox/link/session/get", { link_session_id: metadata.link_session_id });
  assert.deepEqual(session.remarks.map((r) => [r.view, r.text]), [["SELECT_INSTITUTION", text]]);
  assert.equal(spoken().length, 1);
  assert.equal(session.state, "exited");
  assert.deepEqual(session.webhooks.map((w) => w.webhook_code), ["EVENTS", "SESSION_FINISHED"]);
});

test("a link token that is refused says which reason it was", async () => {
  person = await house.open("link-sandbox-00000000-0000-4000-8000-000000000000");
  const [error] = await person.told("exit");
  assert.equal(error.error_code, "INVALID_LINK_TOKEN");
  await until(() => spoken().some(([type, text]) => type === "warning" && text.startsWith("there is no such link token: another server made it")), "the reason");
});
