// The recipes for people who test their own pages: Playwright's test runner with
// the specification as it is written, the interception of a fixed script address,
// the Content Security Policy, and what the Cypress recipe relies on.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { executable, launch, watch } from "../lib/browser.mjs";
import { startGlencheck } from "../lib/glencheck.mjs";
import { adapted, lay, programs, startRecipe } from "../lib/recipes.mjs";
import { objections } from "../lib/types.mjs";

let browser, glencheck, app, context, page, seen;

before(async () => {
  glencheck = await startGlencheck();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await glencheck?.close();
});
afterEach(async () => {
  await context?.close();
  await app?.close();
  app = null;
});

const bodies = (file, url) => Object.fromEntries([...programs(file)].map(([name, p]) => [name, adapted(p.body, glencheck.url, url)]));

test("Playwright's runner, with the specification and configuration as written", async () => {
  app = await startRecipe("recipes/react.md", glencheck.url, { entry: "app.jsx" });
  const place = lay(bodies("recipes/playwright.md", app.url));
  try {
    // Only where the browser is and that the servers run already is ours.
    writeFileSync(join(place.dir, "run.config.mjs"), `import base from "./playwright.config.mjs";
if (base.use.baseURL !== ${JSON.stringify(app.url)} || base.webServer.length !== 2) throw new Error("the configuration has changed");
export default { ...base, webServer: undefined, workers: 1, reporter: "list", use: { ...base.use, launchOptions: { executablePath: ${JSON.stringify(executable())}, args: ["--no-sandbox"] } } };`);
    const { code, said } = await new Promise((ok) => execFile(process.execPath, ["node_modules/@playwright/test/cli.js", "test", "-c", "run.config.mjs"], { cwd: place.dir, env: { ...process.env, CI: "", FORCE_COLOR: "0" } }, (e, out, err) => ok({ code: e?.code ?? 0, said: out + err })));
    assert.equal(code, 0, said);
    assert.match(said, /2 passed/);
  } finally {
    place.remove();
  }
});

test("a fixed script address: the runner answers it, and an unmodified Angular wrapper works", async () => {
  // The same application without the line in its head, and with the wrapper's own service.
  app = await startRecipe("recipes/angular.md", glencheck.url, {
    entry: "main.ts",
    edit: (name, body) => {
      if (name === "public/index.html") return body.replace(/<script src="http[^>]*><\/script>/, "");
      return body.replace(/ *providers: \[\{ provide: NgxPlaidLinkService[^\n]*\n/, "");
    },
  });
  const place = lay(bodies("recipes/fixed-address.md"));
  const { answerLink } = await import(join(place.dir, "intercept.mjs"));
  place.remove();
  context = await browser.newContext();
  await answerLink(context, glencheck.url);
  ({ page, seen } = await watch(context, [glencheck.url, app.url, "https://cdn.plaid.com/link/v2/stable/link-initialize.js"]));
  await page.goto(app.url);
  await page.getByRole("button", { name: "Connect a bank" }).click();
  const link = page.frameLocator("#plaid-link-iframe-1");
  await link.locator("#aut-button").click();
  await link.getByTestId("link-close").click();
  await page.getByRole("status").filter({ hasText: "Not connected" }).waitFor();
  assert.equal(seen.requests.filter((u) => u.includes("cdn.plaid.com")).length, 1, "the wrapper asked the vendor's address, and the runner answered");
  assert.deepEqual(seen.strangers, []);
  assert.deepEqual(seen.errors, []);
});

test("the policy of the page: nothing inline, nothing of another host, no violation", async () => {
  const policy = bodies("recipes/csp.md")["policy.txt"];
  assert.doesNotMatch(policy, /unsafe|\*/);
  const nonce = bodies("recipes/csp.md")["nonce.html"];
  const nonced = policy.replace(/script-src [^;]*/, "script-src 'nonce-d2VhdmUtdGhlLXBhZ2U'");
  const withNonce = (body) => body.replace(/<script src="http[^>]*><\/script>/, nonce).replace("<script src=", '<script nonce="d2VhdmUtdGhlLXBhZ2U" src=');
  for (const [file, options] of [["recipes/plain-page.md", {}], ["recipes/react.md", { entry: "app.jsx" }]]) {
    for (const csp of [policy, nonced]) {
      const edit = (name, body) => {
        if (name === "server.mjs") return body.replace('"content-type": types', `"content-security-policy": ${JSON.stringify(csp)}, "content-type": types`);
        return name === "public/index.html" && csp === nonced ? withNonce(body) : body;
      };
      app = await startRecipe(file, glencheck.url, { ...options, edit });
      context = await browser.newContext();
      ({ page, seen } = await watch(context, [glencheck.url, app.url]));
      await page.addInitScript(() => {
        window.violations = [];
        document.addEventListener("securitypolicyviolation", (e) => window.violations.push(`${e.violatedDirective} ${e.blockedURI}`));
      });
      const answer = await page.goto(app.url);
      assert.equal(answer.headers()["content-security-policy"], csp);
      await page.getByRole("button", { name: "Connect a bank" }).click();
      const link = page.frameLocator("#plaid-link-iframe-1");
      await link.locator("#aut-button").click();
      await link.locator("#aut-ins_109508").click();
      await link.getByTestId("link-close").click();
      await link.getByTestId("exit-confirm").click();
      await page.getByRole("status").filter({ hasText: "Not connected" }).waitFor();
      assert.deepEqual(await page.evaluate(() => window.violations), [], `${file} under ${csp}`);
      assert.deepEqual(seen.strangers, []);
      assert.deepEqual(seen.console.filter((c) => c.type === "error"), []);
      await context.close();
      await app.close();
    }
  }
  app = null;
});

test("Cypress: the programs have the types of Cypress", async () => {
  const files = bodies("recipes/cypress.md");
  assert.deepEqual(Object.keys(files), ["cypress.config.ts", "cypress/support/e2e.ts", "cypress/e2e/link.cy.ts"]);
  assert.equal(await objections(files, ["cypress"]), "");
  const spoiled = { ...files, "cypress/e2e/link.cy.ts": files["cypress/e2e/link.cy.ts"].replaceAll("cy.link(", "cy.lnik(") };
  assert.match(await objections(spoiled, ["cypress"]), /lnik/, "a wrong name is found");
});

test("Cypress: what its query and its interception do works in a browser without web security", async () => {
  app = await startRecipe("recipes/react.md", glencheck.url, { entry: "app.jsx", edit: (name, body) => (name === "public/index.html" ? body.replace(/<script src="http[^>]*><\/script>/, "") : body) });
  const loose = await launch("--disable-web-security", "--disable-site-isolation-trials", "--disable-features=IsolateOrigins,site-per-process");
  try {
    context = await loose.newContext({ bypassCSP: true });
    ({ page, seen } = await watch(context, [glencheck.url, app.url]));
    await page.route("https://cdn.plaid.com/link/v2/stable/link-initialize.js", (route) => route.fulfill({ status: 302, headers: { location: `${glencheck.url}/link/v2/stable/link-initialize.js` } }));
    await page.goto(app.url);
    await page.getByRole("button", { name: "Connect a bank" }).click();
    // The query of the page, with the browser's own means; the selectors of the specification, in its order.
    const spec = bodies("recipes/cypress.md")["cypress/e2e/link.cy.ts"];
    const [first] = spec.split('it("is left');
    for (const [, selector, action, value] of first.matchAll(/cy\.link\("([^"]+)"\)\.(click|type)\((?:"([^"]*)")?\)/g)) {
      await page.waitForFunction((s) => document.querySelector("iframe[title='Plaid Link']").contentDocument?.querySelector(s), selector);
      await page.evaluate(([s, action, value]) => {
        const el = document.querySelector("iframe[title='Plaid Link']").contentDocument.querySelector(s);
        if (action === "click") return el.click();
        el.value = value;
        el.dispatchEvent(new InputEvent("input", { bubbles: true }));
      }, [selector, action, value]);
      await page.waitForTimeout(0);
    }
    await page.getByRole("status").filter({ hasText: "Connected: Plaid Checking ••0000" }).waitFor();
  } finally {
    await loose.close();
  }
});
