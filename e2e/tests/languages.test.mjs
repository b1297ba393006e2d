// Link in each of its languages, on a real Glencheck and on the smallest phones:
// the words are those of the language, none is cut, nothing is wider than the
// window, and what stands on a button stays in one line.

import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { after, afterEach, before, test } from "node:test";
import { launch, watch } from "../lib/browser.mjs";
import { misfits } from "../lib/fit.mjs";
import { linkToken, startGlencheck } from "../lib/glencheck.mjs";

const shots = new URL("../shots/", import.meta.url).pathname;
const texts = new URL("../../web/text/", import.meta.url);
const languages = readdirSync(texts).map((name) => name.replace(".json", ""));
const wordsOf = (lang) => JSON.parse(readFileSync(new URL(`${lang}.json`, texts), "utf8"));

let browser, glencheck, context, page, seen;

before(async () => {
  mkdirSync(shots, { recursive: true });
  glencheck = await startGlencheck();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await glencheck?.close();
});
afterEach(() => context?.close());

const view = (name) => page.locator(`.pane[data-view="${name}"]`).waitFor();
const rest = () => page.evaluate(() => Promise.allSettled(document.getAnimations().map((a) => a.finished)));
const submit = () => page.locator("#aut-button").click();

/** Looks at the pane at both widths and leaves a picture of the wider one. */
async function look(name) {
  for (const [width, height] of [[320, 568], [360, 640]]) {
    await page.setViewportSize({ width, height });
    await rest();
    assert.deepEqual(await page.evaluate(misfits), [], `${name} at ${width}`);
  }
  await page.screenshot({ path: `${shots}lang-${name}.png` });
}

for (const lang of languages) {
  test(`Link in ${lang}`, async () => {
    const words = wordsOf(lang);
    const token = await linkToken(glencheck.plaid, { language: lang, products: ["auth", "identity"] });
    context = await browser.newContext({ viewport: { width: 360, height: 640 } });
    ({ page, seen } = await watch(context, [glencheck.url]));
    await page.goto(`${glencheck.url}/link/v2/stable/link.html?token=${token}`);
    const heading = async (key, values = {}) => {
      const text = Object.entries(values).reduce((s, [k, v]) => s.replace(`{${k}}`, v), words[key]);
      await page.getByRole("heading", { name: text, exact: true }).waitFor();
    };
    const look1 = (name) => look(`${lang}-${name}`);

    await heading("consent.title", { app: "Wonderwallet" });
    assert.equal(await page.evaluate(() => document.documentElement.lang), lang);
    await look1("consent");
    await page.locator("summary").click();
    await look1("consent-open");
    await submit();

    await heading("institution.title");
    await look1("institutions");
    await page.locator("#search-input-input").fill("no bank has this name");
    await page.getByText(words["institution.empty_plain"]).first().waitFor();
    await look1("institutions-empty");
    for (const [id, query, key, bank] of [
      ["ins_132361", "unhealthy", "health.down.title", "Unhealthy Platypus Bank - Down"],
      ["ins_132363", "unhealthy", "health.degraded.title", "Unhealthy Platypus Bank - Degraded"],
      ["ins_133402", "unsupported", "health.retired.title", "Unsupported Platypus Bank - Institution Not Supported"],
    ]) {
      await page.locator("#search-input-input").fill(query);
      await page.locator(`#aut-${id}`).waitFor();
      await look1(`institutions-${query}`);
      await page.locator(`#aut-${id}`).click();
      await heading(key, { bank });
      await look1(key);
      await page.getByTestId("link-back").click();
      await view("SELECT_INSTITUTION");
    }
    await page.locator("#search-input-input").fill("");
    await page.locator("#aut-ins_109508").click();

    await heading("credentials.title");
    await look1("credentials");
    await submit();
    await page.getByText(words["credentials.missing_password"]).waitFor();
    await look1("credentials-missing");
    const login = async (password) => {
      await page.locator("#aut-input-0-input").fill("user_good");
      await page.locator("#aut-input-1-input").fill(password);
      await submit();
    };
    await login("pass_goo");
    await page.locator("#aut-input-1-input[aria-invalid=true]").waitFor();
    await look1("credentials-wrong");
    await page.getByTestId("link-close").click();
    await heading("exit.title");
    await look1("exit");
    await submit();
    await page.getByRole("alertdialog").waitFor({ state: "detached" });

    await login("mfa_device");
    await heading("mfa.device.title");
    await look1("mfa-device");
    await submit();
    await heading("mfa.code.title");
    await look1("mfa-code");
    await page.getByTestId("link-back").click();
    await heading("credentials.title");
    await login("mfa_questions_1_2");
    await view("MFA");
    await look1("mfa-questions");
    await submit();
    await page.getByRole("alert").first().waitFor();
    await look1("mfa-questions-missing");
    await page.getByTestId("sandbox-hint").getByRole("button").click();
    await submit();

    await view("SELECT_ACCOUNT");
    await submit();
    await page.getByRole("alert").first().waitFor();
    await look1("accounts");
    await page.getByTestId("account-0000").click();
    await submit();
    await view("CONNECTED");
    await look1("connected");

    // What the sandbox cannot bring about here, in the pane that would show it.
    await page.evaluate(() => document.querySelector(".receipt").remove());
    for (const key of Object.keys(words).filter((k) => /^(error|health|ended|offline|frame)\..*title$/.test(k))) {
      const fill = (s) => s.replace("{bank}", "Tattersall Federal Credit Union").replace("{app}", "Wonderwallet");
      await page.evaluate(([title, lead, button]) => {
        document.querySelector("#pane-title").textContent = title;
        document.querySelector("#pane-lead").textContent = lead;
        document.querySelector("#aut-button").textContent = button;
      }, [fill(words[key]), fill(words[key.replace(/title$/, "lead")] ?? ""), words["error.another_bank"]]);
      assert.deepEqual(await page.evaluate(misfits), [], key);
    }
    await page.setViewportSize({ width: 320, height: 568 });
    for (const [key, text] of Object.entries(words).filter(([k]) => /^error\.[a-z]|(submit|again|retry|another|resend|numbers|busy)$/.test(k) && !k.startsWith("demo."))) {
      if (/title$|lead$/.test(key)) continue;
      await page.evaluate(([text, kind]) => {
        const button = document.querySelector("#aut-button");
        button.textContent = text;
        button.className = `btn btn-big ${kind}`;
      }, [text, /numbers|resend|bank_site/.test(key) ? "btn-quiet" : "btn-primary"]);
      assert.deepEqual(await page.evaluate(misfits), [], key);
    }
    assert.deepEqual(seen.errors, []);
    assert.deepEqual(seen.strangers, []);
  });
}
