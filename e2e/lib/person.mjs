// A person at an app with react-plaid-link: opens Link, fills in panes, and looks
// at what the app heard.

import { readFileSync } from "node:fs";
import { violations } from "./axe.mjs";
import { launch, until, watch } from "./browser.mjs";
import { bundle } from "./bundle.mjs";
import { startGlencheck } from "./glencheck.mjs";
import { serveApp } from "./serve.mjs";
import { shot } from "./shots.mjs";


/** Starts a Glencheck with some flags, an app beside it and Chromium; open() is one person's visit, in another browser if one is given. */
export async function stage(...flags) {
  const glencheck = await startGlencheck(...flags);
  const browser = await launch();
  const app = await serveApp(glencheck.url, {
    "/app": { script: await bundle(readFileSync(new URL("./react-app.jsx", import.meta.url), "utf8")), body: `<div id="root"></div>` },
  });
  return {
    glencheck,
    browser,
    async open(token, { in: at = browser, ...options } = {}) {
      const context = await at.newContext({ viewport: { width: 1280, height: 800 }, ...options });
      const { page, seen } = await watch(context, [glencheck.url, app.url]);
      await page.goto(`${app.url}/app?token=${token}`);
      await page.getByText("ready", { exact: true }).waitFor();
      await page.locator("#connect").click();
      return new Person(context, page, seen);
    },
    async close() {
      await browser.close();
      await app.close();
      await glencheck.close();
    },
  };
}

/** name, and what says most about it. */
export const line = (e) => [e.args[0], e.args[1].mfa_type ?? e.args[1].view_name ?? e.args[1].error_code ?? e.args[1].exit_status].filter(Boolean).join(" ");

export class Person {
  constructor(context, page, seen) {
    Object.assign(this, { context, page, seen, link: page.frameLocator("#plaid-link-iframe-1") });
  }

  /** Waits for a pane; if it does not come, the error says what is there instead. */
  async view(name) {
    try {
      await this.link.locator(`.pane[data-view="${name}"]`).waitFor();
    } catch (e) {
      const there = await this.frame?.evaluate(() => document.getElementById("link-root")?.innerHTML).catch(String);
      e.message += `\nthere is: ${there}\nthe app heard: ${(await this.events()).join(", ")}`;
      throw e;
    }
  }

  submit() {
    return this.link.locator("#aut-button").click();
  }

  async login(user, password) {
    await this.view("CREDENTIAL");
    await this.link.locator("#aut-input-0-input").fill(user);
    await this.link.locator("#aut-input-1-input").fill(password);
    await this.submit();
  }

  /** From the consent pane to the bank's login. */
  async toLogin(institution = "ins_109508") {
    await this.view("CONSENT");
    await this.submit();
    await this.view("SELECT_INSTITUTION");
    await this.link.locator(`#aut-${institution}`).click();
    await this.view("CREDENTIAL");
  }

  /** Leaves through the cross and the confirmation; the arguments of onExit. */
  async leave() {
    await this.link.getByTestId("link-close").click();
    await this.link.getByTestId("exit-confirm").click();
    return this.told("exit");
  }

  heard(what) {
    return this.page.evaluate((w) => window.heard.filter((h) => h.what === w), what);
  }

  /** Waits for a callback; its arguments. */
  async told(what) {
    return (await until(async () => (await this.heard(what))[0], what)).args;
  }

  async events() {
    return (await this.heard("event")).map(line);
  }

  get frame() {
    return this.page.frames().find((f) => f.url().includes("/link.html"));
  }

  /** Returns what axe-core has to say of the pane at rest, and takes a picture of it. */
  async look(name) {
    await this.frame.evaluate(() => Promise.allSettled(document.getAnimations().map((a) => a.finished)));
    await shot(this.page, name);
    return violations(this.frame);
  }

  close() {
    return this.context.close();
  }
}
