// The app of Plaid's guide for Alloy (seed 000), its three snippets as they are printed
// there, and its customer in a browser; then Alloy decides about three people. Between
// the snippets stands what the guide leaves to the reader. One thing in them is otherwise:
// "var" is gone before linkHandler, which as printed no click could find.

import { createServer } from "node:http";
import { chromium } from "playwright-core";
import type { LinkTokenCreateRequest } from "plaid";

async function createLinkToken(): Promise<string> {
  const request: LinkTokenCreateRequest = {
    user: {
      client_user_id: 'user-id',
      phone_number: '+1 415 555 0123'
    },
    client_name: 'Wonderwallet',
    products: ['identity'],
    country_codes: ['US'],
    language: 'en',
    webhook: 'https://sample-web-hook.com',
    redirect_uri: 'https://domainname.com/oauth-page.html'
  };
  try {
    const response = await plaidClient.linkTokenCreate(request);
    const linkToken = response.data.link_token;
    return linkToken;
  } catch (error) {
    // handle error
    throw error;
  }
}

const snippet = `<button id="linkButton">Open Link - Institution Select</button>
<script src="https://cdn.plaid.com/link/v2/stable/link-initialize.js"></script>
<script>
  (async function(){
    linkHandler = Plaid.create({
      // Make a request to your server to fetch a new link_token.
      token: (await $.post('/create_link_token')).link_token,
      onSuccess: function(public_token, metadata) {
        // The onSuccess function is called when the user has successfully
        // authenticated and selected an account to use.
        //
        // When called, you will send the public_token and the selected accounts,
        // metadata.accounts, to your backend app server.
        sendDataToBackendServer({
          public_token: public_token,
          accounts: metadata.accounts
        });
      },
      onExit: function(err, metadata) {
        // The user exited the Link flow.
        if (err != null) {
          // The user encountered a Plaid API error prior to exiting.
        }
        // metadata contains information about the institution
        // that the user selected and the most recent API request IDs.
        // Storing this information can be helpful for support.
      },
    });
  })();

  // Trigger the authentication view
  document.getElementById('linkButton').onclick = function() {
    // Link will automatically detect the institution ID
    // associated with the public token and present the
    // credential view to your user.
    linkHandler.open();
  };
</script>`;

const {
  Configuration,
  PlaidApi,
  PlaidEnvironments,
  ProcessorTokenCreateRequest,
} = require('plaid');

// Change sandbox to production when you're ready to go live!
const configuration = new Configuration({
  basePath: PlaidEnvironments[process.env.PLAID_ENV],
  baseOptions: {
    headers: {
      'PLAID-CLIENT-ID': process.env.PLAID_CLIENT_ID,
      'PLAID-SECRET': process.env.PLAID_SECRET,
      'Plaid-Version': '2020-09-14',
    },
  },
});

const plaidClient = new PlaidApi(configuration);

async function createProcessorToken(publicToken: string, accountID: string): Promise<string> {
  try {
    // Exchange the public_token from Plaid Link for an access token.
    const tokenResponse = await plaidClient.itemPublicTokenExchange({
      public_token: publicToken,
    });
    const accessToken = tokenResponse.data.access_token;

    // Create a processor token for a specific account id.
    const request: ProcessorTokenCreateRequest = {
      access_token: accessToken,
      account_id: accountID,
      processor: 'alloy',
    };
    const processorTokenResponse = await plaidClient.processorTokenCreate(
      request,
    );
    const processorToken = processorTokenResponse.data.processor_token;
    return processorToken;
  } catch (error) {
    // handle error
    throw error;
  }
}

// What jQuery and the app have beside the snippet.
const page = `<!doctype html><html lang="en"><title>Wonderwallet</title>
<script>
  var $ = { post: function (path, data) { return fetch(path, { method: "POST", body: JSON.stringify(data) }).then(function (r) { return r.json(); }); } };
  function sendDataToBackendServer(data) { $.post("/linked", data); }
</script>
${snippet}`;

type Linked = { public_token: string; accounts: { id: string; subtype: string }[] };
let linked: (data: Linked) => void;
const succeeded = new Promise<Linked>((ok) => (linked = ok));
const app = createServer(async (req, res) => {
  const chunks: Buffer[] = [];
  for await (const c of req) chunks.push(c);
  if (req.url === "/") return res.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(page);
  if (req.url === "/create_link_token") return res.end(JSON.stringify({ link_token: await createLinkToken() }));
  if (req.url !== "/linked") return res.writeHead(404).end();
  res.end("{}");
  linked(JSON.parse(Buffer.concat(chunks).toString()));
});

/** The customer: opens Link, logs in at the bank, and shares the checking account. */
async function connect(url: string): Promise<void> {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM,
    proxy: { server: process.env.GLENCHECK_PROXY_URL! },
    args: [`--ignore-certificate-errors-spki-list=${process.env.GLENCHECK_CA_SPKI}`, "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
  try {
    const customer = await browser.newPage();
    const created = customer.waitForResponse(`${url}create_link_token`);
    await customer.goto(url);
    await created;
    const link = customer.frameLocator('iframe[title="Plaid Link"]');
    const next = () => link.locator("#aut-button").click();
    const pane = (view: string) => link.locator(`.pane[data-view="${view}"]`).waitFor();
    await customer.waitForFunction(() => "linkHandler" in window);
    await customer.locator("#linkButton").click();
    await pane("CONSENT");
    await next();
    await pane("SUBMIT_PHONE"); // the token names a number: accounts saved under it could be used again
    await link.getByRole("button", { name: "Continue without phone number" }).click();
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
    await succeeded;
  } finally {
    await browser.close();
  }
}

/** What Alloy's workflow of account ownership says of somebody who names the account. */
async function decide(person: object): Promise<string> {
  const answer = await fetch(`${process.env.GLENCHECK_URL}/partners/alloy/v1/evaluations`, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      Authorization: `Basic ${Buffer.from("glencheckSandboxPartnerToken0001:glencheckSandboxPartnerSecret001").toString("base64")}`,
      "alloy-workflow-token": "glencheckOwnershipWorkflow000001",
    },
    body: JSON.stringify(person),
  });
  const { summary } = await answer.json();
  return `${answer.status} ${summary.outcome}`;
}

async function main(): Promise<void> {
  await new Promise<void>((ok) => app.listen(0, "127.0.0.1", ok));
  const { port } = app.address() as { port: number };
  await connect(`http://127.0.0.1:${port}/`).finally(() => app.close());
  const { public_token, accounts } = await succeeded;
  const plaid_processor_token = await createProcessorToken(public_token, accounts[0].id);
  for (const [name_first, name_last, email_address] of [
    ["Alberta", "Charleson", "accountholder0@example.com"],
    ["Robert", "Charleson", "accountholder0@example.com"],
    ["Ray", "Smith", "somebody@example.com"],
  ]) {
    console.log(name_last, await decide({ name_first, name_last, email_address, plaid_processor_token }));
  }
}

main().catch((e) => {
  console.error(e?.response?.data ?? e);
  process.exit(1);
});
