// The element that verifies a contact inside a page (seed 002): the seed's own page,
// strict policies, shadow roots, tokens that change and elements that go.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, afterEach, before, test } from "node:test";
import { violations } from "../lib/axe.mjs";
import { launch, until, watch } from "../lib/browser.mjs";
import { contactsOf, details, heard, listening, ORG } from "../lib/contact.mjs";
import { CLIENT_ID, SECRET, startGlencheck } from "../lib/glencheck.mjs";
import { serve } from "../lib/serve.mjs";
import { shot } from "../lib/shots.mjs";

let glencheck, browser, app, hooks, context, graph, session, result;
const pages = {};
const received = [];
before(async () => {
  glencheck = await startGlencheck();
  ({ graph, session, result } = contactsOf(glencheck.url));
  browser = await launch();
  app = await serve((req, res) => {
    const p = pages[new URL(req.url, "http://x").pathname];
    if (!p) return res.writeHead(404).end();
    res.writeHead(200, { "content-type": p.type ?? "text/html; charset=utf-8", ...(p.csp ? { "content-security-policy": p.csp } : {}) });
    res.end(p.body);
  });
  hooks = await serve((req, res, body) => {
    received.push({ headers: req.headers, body });
    res.writeHead(200).end();
  });
});
after(async () => {
  await browser?.close();
  await app?.close();
  await hooks?.close();
  await glencheck?.close();
});
afterEach(() => context?.close());

async function visit(path) {
  context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  await context.addInitScript(listening);
  const { page, seen } = await watch(context, [glencheck.url, app.url]);
  await page.goto(app.url + path);
  return { page, seen, link: page.frameLocator("#plaid-link-iframe-1") };
}

test("the seed's page, word by word", async () => {
  const hook = (await graph("mutation ($input: WebhookCreateInput!) { webhookCreate(input: $input) { webhook { id } signingSecret } }", {
    input: { ownerId: ORG, url: hooks.url, events: ["contact.created.v1", "contact.identity.status.changed.v1"] },
  })).webhookCreate;
  const { id, token } = await session();
  pages["/seed"] = {
    body: `<script type="module" src="https://js.clientloop.com/contact.iife.js"></script>
<contact-idv-session token="TOKEN"></contact-idv-session>
<div id="idv-thanks" hidden>Thanks — your identity has been verified.</div>
<script>
const idv = document.querySelector('contact-idv-session');
const thanks = document.getElementById('idv-thanks');
idv.addEventListener('contact-identity-complete', () => {
idv.hidden = true;
thanks.hidden = false;
});
</script>`.replace("https://js.clientloop.com", glencheck.url).replace("TOKEN", token),
  };
  const { page, seen, link } = await visit("/seed");
  await details(link);
  await link.locator('.pane[data-view="CONNECTED"]').waitFor();
  assert.equal((await result(id)).status, "VERIFIED", "before the person has left the last pane");
  await link.locator("#aut-button").click();
  await page.getByText("Thanks — your identity has been verified.").waitFor();
  assert.deepEqual((await heard(page)).slice(-2), ["complete", "closed"]);
  assert.deepEqual(seen.strangers, []);
  assert.deepEqual(seen.errors, []);
  const { contactId } = await result(id);
  const { contact } = await graph(`{ contact(orgId: "${ORG}", id: "${contactId}") { name identity { status attempts } } }`);
  assert.deepEqual(contact, { name: "Leslie Knope", identity: { status: "VERIFIED", attempts: 1 } });

  await until(() => received.some((r) => r.body.includes("VERIFIED")), "the webhooks");
  for (const { headers, body } of received) {
    const want = createHmac("sha256", hook.signingSecret).update(`${headers["cl-timestamp"]}.${body}`).digest("hex");
    assert.equal(headers["cl-signature"], want);
    assert.equal(JSON.parse(body).requestId, headers["cl-request-id"]);
  }
  assert.ok(received.some((r) => JSON.parse(r.body).type === "contact.created.v1" && JSON.parse(r.body).contactId === contactId));
  // The token was for one verification.
  await context.close();
  const again = await visit("/seed");
  await until(async () => (await heard(again.page)).includes("closed"), "the second use is refused");
  assert.equal(await again.page.locator("#idv-thanks").isVisible(), false);
});

test("a failed verification is closed and not complete; one for review is complete", async () => {
  // A strict policy, a classic script, the element before the script, a shadow root.
  pages["/strict"] = {
    csp: `default-src 'none'; script-src 'self' ${glencheck.url}; frame-src ${glencheck.url}`,
    body: `<title>App</title><div id="host"></div><contact-idv-session env="stage"></contact-idv-session><script src="${glencheck.url}/contact.iife.js"></script><script src="${glencheck.url}/contact.iife.js"></script>`,
  };
  const failed = await session();
  const { page, seen, link } = await visit("/strict");
  assert.equal(await page.locator("iframe").count(), 0, "an element without a token does nothing");
  await page.evaluate((token) => {
    const root = document.querySelector("#host").attachShadow({ mode: "open" });
    const e = document.createElement("contact-idv-session");
    e.token = token;
    root.append(e);
  }, failed.token);
  await details(link, { "#idv-date-of-birth": "1980-02-03" });
  await link.locator('.pane[data-view="CONNECTED"]').waitFor();
  await link.locator("#aut-button").click();
  await until(async () => (await heard(page)).includes("closed"), "it is closed");
  assert.deepEqual(await heard(page), ["loaded", "closed"]);
  assert.deepEqual(await result(failed.id).then((r) => [r.status, r.contactId]), ["FAILED", null]);

  const review = await session();
  await page.evaluate((token) => {
    window.heard.length = 0;
    const e = document.querySelector("contact-idv-session");
    e.setAttribute("token", token);
    e.setAttribute("token", token); // the same again opens nothing
  }, review.token);
  await link.locator("#aut-button").waitFor();
  await until(async () => (await result(review.id)).identityVerificationId, "the attempt has begun");
  await link.locator("#aut-button").click();
  await link.locator("#idv-country").waitFor();
  const answer = await fetch(`${glencheck.url}/sandbox/identity_verification/review`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "PLAID-CLIENT-ID": CLIENT_ID, "PLAID-SECRET": SECRET },
    body: JSON.stringify({ identity_verification_id: (await result(review.id)).identityVerificationId }),
  });
  assert.equal(answer.status, 200, await answer.text());
  await link.getByTestId("sandbox-hint").getByRole("button").click();
  await link.locator("#aut-button").click();
  await link.locator('.pane[data-view="CONNECTED"]').waitFor();
  await link.locator("#aut-button").click();
  await until(async () => (await heard(page)).includes("closed"), "it is closed");
  assert.deepEqual(await heard(page), ["loaded", "complete", "closed"]);
  assert.equal((await result(review.id)).status, "PENDING_REVIEW");
  assert.deepEqual(seen.console.filter((m) => /Content.Security|Refused/.test(m.text)), []);
});

test("a token that changes, is taken away, is nobody's; an element that goes; two with one token", async () => {
  const [one, two] = [await session(), await session()];
  const { page, seen, link } = await visit("/strict");
  const element = page.locator("contact-idv-session").first();
  const set = (token) => element.evaluate((e, t) => (t === null ? e.removeAttribute("token") : e.setAttribute("token", t)), token);
  const frames = () => page.locator("iframe").count();
  await set(one.token);
  await link.locator("#aut-button").waitFor();
  await set(two.token); // another opens in its place
  await until(async () => (await result(two.id)).status === "ACTIVE", "the second session");
  assert.equal(await frames(), 1);
  await set(null);
  await until(async () => (await frames()) === 0, "the flow is closed with its token");
  await set(two.token); // and goes on where it was
  await link.locator("#aut-button").waitFor();
  await element.evaluate((e) => e.remove());
  await until(async () => (await frames()) === 0, "the flow goes with its element");
  assert.equal(await page.evaluate(() => document.body.style.overflow), "", "the page can be scrolled again");
  assert.deepEqual((await heard(page)).filter((e) => e !== "loaded"), [], "what the page did itself is not told");

  await page.evaluate((token) => {
    window.heard.length = 0;
    for (const env of ["prod", "nowhere"]) {
      const e = document.createElement("contact-idv-session");
      e.setAttribute("env", env);
      e.setAttribute("token", token);
      document.body.append(e);
    }
  }, one.token);
  await link.locator("#aut-button").waitFor();
  await until(async () => (await heard(page)).includes("closed"), "the second of two is refused");
  assert.ok(seen.console.some((m) => /nowhere/.test(m.text)));
  await page.evaluate(() => document.querySelectorAll("contact-idv-session").forEach((e) => e.remove()));
  await page.evaluate(() => {
    window.heard.length = 0;
    const e = document.createElement("contact-idv-session");
    e.setAttribute("token", "link-sandbox-nobody");
    document.body.append(e);
  });
  await until(async () => (await heard(page)).includes("closed"), "a token that is nobody's");
  assert.equal((await heard(page)).includes("complete"), false);
  assert.deepEqual(seen.errors, []);
});

test("the live demo comes to every end, and says what became of the session", async () => {
  context = await browser.newContext({ viewport: { width: 360, height: 800 }, colorScheme: "dark" });
  const { page, seen } = await watch(context, [glencheck.url]);
  await page.goto(`${glencheck.url}/demo`);
  await page.getByRole("link", { name: "Contact demo" }).click();
  const link = page.frameLocator("#plaid-link-iframe-1");
  const verify = () => page.getByRole("button", { name: "Verify a new contact" }).click();
  const events = () => page.locator("#events").textContent();
  assert.deepEqual(await violations(page), []);
  await verify();
  await link.locator("#aut-button").waitFor();
  await link.getByTestId("link-close").click();
  await page.getByText("It was closed before its end.").waitFor();
  for (const [end, says, thanks] of [
    ["Waits for a review", "It waits for a review. The contact is made", true],
    ["Fails", "It failed: there is no contact", false],
    ["Verified", "Verified: the contact is made.", true],
  ]) {
    await page.getByText(end, { exact: true }).click();
    await verify();
    await link.locator("#aut-button").click(); // the terms
    await link.locator("#phone-input").waitFor();
    await link.getByTestId("sandbox-hint").getByRole("button").click();
    await link.locator("#aut-button").click();
    await link.locator("#otp-code-input-input").fill("11111");
    await link.locator('.pane[data-view="CONNECTED"]').waitFor();
    await link.locator("#aut-button").click();
    await page.getByText(says).waitFor();
    assert.equal(await page.locator("#idv-thanks").isVisible(), thanks, end);
    assert.match(await events(), thanks ? /complete\ncontact-identity-closed\nGraphQL: / : /^contact-identity-loaded\ncontact-identity-closed\nGraphQL: FAILED$/);
    assert.deepEqual(await violations(page), []);
    await shot(page, `contact-demo-${end}`, { fullPage: true });
  }
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.emulateMedia({ colorScheme: "light" });
  assert.deepEqual(await violations(page), []);
  await shot(page, "contact-demo", { fullPage: true });
  assert.deepEqual([seen.strangers, seen.errors], [[], []]);
});
