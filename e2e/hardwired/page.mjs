// A test of somebody's application in a browser: their page loads the script of
// Link from the CDN, with the Content Security Policy of Plaid's own guide, and
// their server uses the official client. Only the browser is told of the proxy.

import { createServer } from "node:http";
import { Configuration, PlaidApi, PlaidEnvironments } from "plaid";
import { chromium } from "playwright-core";

const client = new PlaidApi(
  new Configuration({ basePath: PlaidEnvironments.sandbox, baseOptions: { headers: { "PLAID-CLIENT-ID": process.env.PLAID_CLIENT_ID, "PLAID-SECRET": process.env.PLAID_SECRET } } }),
);
const policy = "default-src https://cdn.plaid.com/; script-src 'unsafe-inline' https://cdn.plaid.com/link/v2/stable/link-initialize.js; frame-src https://cdn.plaid.com/; connect-src https://sandbox.plaid.com/";
const app = createServer(async (req, res) => {
  if (req.url !== "/") return res.writeHead(404).end();
  const { data } = await client.linkTokenCreate({ client_name: "Wonderwallet", language: "en", country_codes: ["US"], user: { client_user_id: "user-id" }, products: ["auth"] });
  res.writeHead(200, { "content-type": "text/html; charset=utf-8", "content-security-policy": policy }).end(`<!doctype html><html lang="en"><title>An app</title>
<button id="linkButton">Open Link - Institution Select</button>
<script src="https://cdn.plaid.com/link/v2/stable/link-initialize.js"></script>
<script>
  var handler = Plaid.create({
    token: "${data.link_token}",
    onSuccess: function (public_token, metadata) { window.linked = { public_token: public_token, metadata: metadata }; },
  });
  document.getElementById("linkButton").onclick = function () { handler.open(); };
</script>`);
});
await new Promise((ok) => app.listen(0, "127.0.0.1", ok));

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  proxy: { server: process.env.GLENCHECK_PROXY_URL },
  args: [`--ignore-certificate-errors-spki-list=${process.env.GLENCHECK_CA_SPKI}`, "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
try {
  const page = await browser.newPage();
  const wrong = [];
  page.on("pageerror", (e) => wrong.push(e.message));
  page.on("console", (m) => m.type() === "error" && !m.text().includes("favicon.ico") && !m.location().url.endsWith("/favicon.ico") && wrong.push(m.text()));
  await page.goto(`http://127.0.0.1:${app.address().port}/`);
  await page.locator("#linkButton").click();
  const link = page.frameLocator('iframe[title="Plaid Link"][src^="https://cdn.plaid.com/link/v2/stable/link.html"]');
  const next = () => link.locator("#aut-button").click();
  const pane = (view) => link.locator(`.pane[data-view="${view}"]`).waitFor();
  await pane("CONSENT");
  await next();
  await link.locator("#aut-ins_109508").click();
  await pane("CREDENTIAL");
  await link.locator("#aut-input-0-input").fill("user_good");
  await link.locator("#aut-input-1-input").fill("pass_good");
  await next();
  await pane("SELECT_ACCOUNT");
  await link.locator(".choice").first().click();
  await next();
  await pane("CONNECTED");
  await next();
  const linked = await (await page.waitForFunction(() => window.linked)).jsonValue();
  const { data: item } = await client.itemPublicTokenExchange({ public_token: linked.public_token });
  const { data: auth } = await client.authGet({ access_token: item.access_token });
  console.log(linked.metadata.institution.name, auth.numbers.ach[0].account);
  for (const w of wrong) console.log("wrong:", w);
} finally {
  await browser.close();
  app.close();
}
