// The element that verifies a contact, in applications of React and Vue under a strict
// policy, and its types.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { runInNewContext } from "node:vm";
import { launch, until, watch } from "../lib/browser.mjs";
import { bundle } from "../lib/bundle.mjs";
import { contactsOf, details, heard, listening } from "../lib/contact.mjs";
import { startGlencheck } from "../lib/glencheck.mjs";
import { adapted, lay, programs } from "../lib/recipes.mjs";
import { serveApp } from "../lib/serve.mjs";
import { objections } from "../lib/types.mjs";

const REACT = `import { createRoot } from "react-dom/client";
import { StrictMode, useState } from "react";

function Contact() {
  const [state, set] = useState({ token: null, there: true, done: false, left: false });
  window.set = (more) => set((old) => ({ ...old, ...more }));
  return <main>
    {state.there && <contact-idv-session token={state.token} env="stage" hidden={state.done}
      oncontact-identity-complete={() => window.set({ done: true })} oncontact-identity-closed={() => window.set({ left: true })} />}
    {state.done && <p>Thanks</p>}
    {state.left && <p>Closed</p>}
  </main>;
}
createRoot(document.getElementById("root")).render(<StrictMode><Contact /></StrictMode>);`;

// The same in Vue, within a shadow root.
const VUE = `import { createApp, h, reactive } from "vue";

const state = reactive({ token: null, there: true, done: false, left: false });
window.set = (more) => Object.assign(state, more);
const root = document.getElementById("root").attachShadow({ mode: "open" });
createApp({
  render: () => h("main", [
    state.there && h("contact-idv-session", { token: state.token, env: "stage", hidden: state.done,
      onContactIdentityComplete: () => (state.done = true), onContactIdentityClosed: () => (state.left = true) }),
    state.done && h("p", "Thanks"),
    state.left && h("p", "Closed"),
  ]),
}).mount(root);`;

let glencheck, browser, app, session, result;
before(async () => {
  glencheck = await startGlencheck();
  ({ session, result } = contactsOf(glencheck.url));
  browser = await launch();
  const csp = `default-src 'none'; script-src 'self' ${glencheck.url}; frame-src ${glencheck.url}`;
  app = await serveApp(glencheck.url, {
    "/react": { csp, script: await bundle(REACT), body: `<div id="root"></div>`, head: `<script type="module" src="${glencheck.url}/contact.iife.js"></script>` },
    "/vue": { csp, script: await bundle(VUE), body: `<div id="root"></div>`, head: `<script src="${glencheck.url}/contact.iife.js"></script>` },
  });
});
after(async () => {
  await browser?.close();
  await app?.close();
  await glencheck?.close();
});

for (const name of ["react", "vue"]) {
  test(`${name}: no token, a token, another one, taken out of the page and put back, to the end`, async () => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    await context.addInitScript(listening);
    const { page, seen } = await watch(context, [glencheck.url, app.url]);
    await page.goto(`${app.url}/${name}`);
    const link = page.frameLocator("iframe");
    const frames = (n) => until(async () => (await page.locator("iframe").count()) === n, `${n} frames`);
    const set = (more) => page.evaluate((m) => window.set(m), more);
    await page.locator("contact-idv-session").waitFor({ state: "attached" });
    await frames(0);
    const [one, two] = [await session(), await session({ templateId: "idvtmp_KycSourceAAAA1" })];
    await set({ token: one.token });
    await link.locator("#aut-button").waitFor();
    await set({ token: two.token });
    await until(async () => (await result(two.id)).status === "ACTIVE", "the second token's flow is open");
    await frames(1);
    await set({ there: false });
    await frames(0);
    assert.equal(await page.evaluate(() => document.body.style.overflow), "", "the page can be scrolled again");
    assert.deepEqual((await heard(page)).filter((e) => e !== "loaded"), [], "what the page did itself is not told");
    await set({ there: true });
    await details(link);
    await link.locator('.pane[data-view="CONNECTED"]').waitFor();
    await link.locator("#aut-button").click();
    await page.getByText("Thanks").waitFor();
    await page.getByText("Closed").waitFor();
    assert.deepEqual((await heard(page)).slice(-2), ["complete", "closed"]);
    assert.equal((await result(two.id)).status, "VERIFIED");
    await frames(0);
    // A flow that is closed by the person: told, and nothing else.
    await page.evaluate(() => (window.heard.length = 0));
    await set({ done: false, left: false, token: (await session()).token });
    await link.locator("#aut-button").waitFor();
    await link.getByTestId("link-close").click();
    await page.getByText("Closed").waitFor();
    assert.deepEqual(await heard(page), ["loaded", "closed"]);
    assert.deepEqual([seen.strangers, seen.errors], [[], []]);
    assert.deepEqual(seen.console.filter((c) => c.type === "error" || /Content.Security/.test(c.text)), []);
    await context.close();
  });
}

test("a server that renders pages can load the script", async () => {
  const script = await (await fetch(`${glencheck.url}/contact.iife.js`)).text();
  assert.doesNotThrow(() => runInNewContext(script, {}));
});

test("the programs of the documentation open a session", async (t) => {
  const all = programs("contacts.md");
  const place = lay(Object.fromEntries([...all].map(([name, { body }]) => [name, adapted(body, glencheck.url)])));
  const run = (program, ...args) => promisify(execFile)(program, args, { cwd: place.dir });
  try {
    assert.match((await run(process.execPath, "session.mjs")).stdout, /^link-sandbox-[0-9a-f-]+\n$/);
    for (const [program, file] of [["java", "Session.java"], ["php", "session.php"]]) {
      const there = await run(program, program === "java" ? "-version" : "--ri", ...(program === "php" ? ["curl"] : [])).catch(() => null);
      if (there) assert.match((await run(program, file)).stdout, /link-sandbox-[0-9a-f-]+/, file);
      else t.diagnostic(`there is no ${program} here`);
    }
  } finally {
    place.remove();
  }
});

test("the types, in a plain program, in TSX and for Vue", async () => {
  const names = ["contact.d.ts", "contact.react.d.ts", "contact.vue.d.ts"];
  const types = Object.fromEntries(await Promise.all(names.map(async (n) => [n, await (await fetch(`${glencheck.url}/${n}`)).text()])));
  for (const n of names) assert.equal(types[n], readFileSync(new URL(`../../internal/contact/${n}`, import.meta.url), "utf8"));
  // As much of @types/react as the types lean on, which comes with no package of these tests.
  types["types-of-react.d.ts"] = `declare module "react" {
  export interface HTMLAttributes<T> { hidden?: boolean; className?: string }
  export type DetailedHTMLProps<E, T> = E & { ref?: { current: T | null }; key?: string };
  export namespace JSX { interface Element {} interface IntrinsicElements { div: HTMLAttributes<HTMLDivElement> } }
}
declare module "react/jsx-runtime" { import { JSX as React } from "react"; export namespace JSX { type Element = React.Element; interface IntrinsicElements extends React.IntrinsicElements {} } }`;
  const files = {
    ...types,
    "plain.ts": `const el = document.querySelector("contact-idv-session")!;
el.token = null;
export const token: string = el.token;
el.addEventListener("contact-identity-complete", (e) => { const d: null = e.detail; return void d; });
// @ts-expect-error
el.token = 1;`,
    "react.tsx": `const idv: { current: ContactIdvSessionElement | null } = { current: null };
export const good = <contact-idv-session ref={idv} token={null} env="stage" hidden oncontact-identity-complete={(e) => { const d: null = e.detail; return void d; }} />;
// @ts-expect-error
export const bad = <contact-idv-session env="live" />;`,
    "vue.ts": `import type { GlobalComponents } from "vue";
type Props = InstanceType<GlobalComponents["contact-idv-session"]>["$props"];
export const good: Props = { token: null, env: "stage", onContactIdentityComplete: (e) => { const d: null = e.detail; return void d; } };
// @ts-expect-error
export const bad: Props = { env: "live" };`,
  };
  assert.equal(await objections(files, []), "");
});
