// Chromium as the tests use it.

import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

const candidates = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"];

/** Where the browser is. */
export function executable() {
  const path = candidates.find((p) => p && existsSync(p));
  if (!path) throw new Error("no Chromium found; set CHROMIUM to its path");
  return path;
}

/** Starts the browser, with more flags. Nothing in it may speak to anybody but the pages under test. */
export function launch(...flags) {
  return chromium.launch({
    executablePath: executable(),
    args: [...flags, "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
}

/** A page that remembers what went wrong: console, errors, policy violations, requests to strangers. */
export async function watch(context, allowed) {
  const page = await context.newPage();
  const seen = { console: [], errors: [], strangers: [], requests: [] };
  page.on("console", (m) => seen.console.push({ type: m.type(), text: m.text() }));
  page.on("pageerror", (e) => seen.errors.push(e.message));
  page.on("request", (r) => {
    seen.requests.push(r.url());
    if (r.url().startsWith("http") && !allowed.some((origin) => r.url().startsWith(origin))) seen.strangers.push(r.url());
  });
  return { page, seen };
}

/** Waits until check returns something true. */
export async function until(check, what, ms = 20_000) {
  const end = Date.now() + ms;
  for (;;) {
    const value = await check();
    if (value) return value;
    if (Date.now() > end) throw new Error(`gave up waiting: ${what}`);
    await new Promise((r) => setTimeout(r, 20));
  }
}

/** Does what a window closes itself upon, perhaps before the last press is answered. */
export async function untilClosed(window, work) {
  const closed = window.waitForEvent("close");
  await work().catch((e) => {
    if (!window.isClosed()) throw e;
  });
  await closed;
}
