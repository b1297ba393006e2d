// Link in each of its languages, on a real Glencheck and on the smallest phones:
// the words are those of the language, none is cut, nothing is wider than the
// window, and what stands on a button stays in one line. Here is what the browser
// adds to the panes; each pane as the server draws it is in panes.test.mjs.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { after, afterEach, before, test } from "node:test";
import { launch, watch } from "../lib/browser.mjs";
import { misfits } from "../lib/fit.mjs";
import { linkToken, startGlencheck } from "../lib/glencheck.mjs";
import { shot } from "../lib/shots.mjs";

const texts = new URL("../../web/text/", import.meta.url);
const languages = readdirSync(texts).map((name) => name.replace(".json", ""));
const wordsOf = (lang) => JSON.parse(readFileSync(new URL(`${lang}.json`, texts), "utf8"));

let browser, glencheck, context, page, seen;

before(async () => {
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

/** Looks at the pane at both widths. */
async function look(name) {
  for (const [width, height] of [[320, 568], [360, 640]]) {
    await page.setViewportSize({ width, height });
    await rest();
    assert.deepEqual(await page.evaluate(misfits), [], `${name} at ${width}`);
  }
  await shot(page, `lang-${name}`);
}

/** Puts words into the pane, a list of [what they are, {selector: words}, class of the button], and says what does not fit. It runs in the page. */
function reword(list) {
  const found = [];
  for (const [name, words, kind] of list) {
    for (const [selector, text] of Object.entries(words)) document.querySelector(selector).textContent = text;
    if (kind) document.querySelector("#aut-button").className = `btn btn-big ${kind}`;
    found.push(...misfits().map((wrong) => `${name}: ${wrong}`));
  }
  return found;
}
const reworded = (list) => page.evaluate(`(() => { ${misfits}\nreturn (${reword})(${JSON.stringify(list)}); })()`);

for (const lang of languages) {
  test(`Link in ${lang}`, async () => {
    const words = wordsOf(lang);
    const token = await linkToken(glencheck.plaid, { language: lang, products: ["auth", "identity"] });
    context = await browser.newContext({ viewport: { width: 360, height: 640 }, reducedMotion: "reduce" });
    ({ page, seen } = await watch(context, [glencheck.url]));
    await page.goto(`${glencheck.url}/link/v2/stable/link.html?token=${token}`);
    const fill = (s, values) => Object.entries(values).reduce((s, [k, v]) => s.replace(`{${k}}`, v), s);
    const heading = (key, values = {}) => page.getByRole("heading", { name: fill(words[key], values), exact: true }).waitFor();
    const look1 = (name) => look(`${lang}-${name}`);

    await heading("consent.title", { app: "Wonderwallet" });
    assert.equal(await page.evaluate(() => document.documentElement.lang), lang);
    await look1("consent");
    await submit();

    await heading("institution.title");
    await page.locator("#search-input-input").fill("no bank has this name");
    await page.getByText(words["institution.empty_plain"]).first().waitFor();
    await look1("institutions-empty");
    await page.locator("#search-input-input").fill("unhealthy");
    await page.locator("#aut-ins_132361").click();
    await heading("health.down.title", { bank: "Unhealthy Platypus Bank - Down" });
    await page.getByTestId("link-back").click();
    await view("SELECT_INSTITUTION");
    await page.locator("#search-input-input").fill("");
    await page.locator("#aut-ins_109508").click();

    await heading("credentials.title");
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
    await page.getByTestId("link-close").click();
    await heading("exit.title");
    await look1("exit");
    await submit();
    await page.getByRole("alertdialog").waitFor({ state: "detached" });

    await login("mfa_questions_1_2");
    await view("MFA");
    await submit();
    await page.getByRole("alert").first().waitFor();
    await look1("mfa-questions-missing");
    await page.getByTestId("sandbox-hint").getByRole("button").click();
    await submit();

    await view("SELECT_ACCOUNT");
    await submit();
    await page.getByRole("alert").first().waitFor();
    await look1("accounts-missing");
    await page.getByTestId("account-0000").click();
    await submit();
    await view("CONNECTED");
    await look1("connected");

    // What the sandbox cannot bring about here, in the pane that would show it.
    await page.evaluate(() => document.querySelector(".receipt").remove());
    const named = (s) => fill(s, { bank: "Tattersall Federal Credit Union", app: "Wonderwallet" });
    assert.deepEqual(await reworded(Object.keys(words).filter((k) => /^(error|health|ended|offline|frame)\..*title$/.test(k)).map((key) => [
      key, { "#pane-title": named(words[key]), "#pane-lead": named(words[key.replace(/title$/, "lead")] ?? ""), "#aut-button": words["error.another_bank"] },
    ])), []);
    await page.setViewportSize({ width: 320, height: 568 });
    const buttons = Object.entries(words).filter(([k]) => /^error\.[a-z]|(submit|again|retry|another|resend|numbers|busy)$/.test(k) && !/^demo\.|^idv\.capture\.no\.|title$|lead$/.test(k));
    assert.deepEqual(await reworded(buttons.map(([key, text]) => [key, { "#aut-button": text }, /numbers|resend|bank_site/.test(key) ? "btn-quiet" : "btn-primary"])), []);
    assert.deepEqual(seen.errors, []);
    assert.deepEqual(seen.strangers, []);
  });
}
