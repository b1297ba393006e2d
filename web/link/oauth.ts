// The bank's own pages. They open in a window of their own; where a browser has
// none, as inside an app, the whole page goes there and comes back. What became of
// the person at the bank is known to the server alone: a word from the bank's
// window, or its end, is a reason to ask.

import { RETURNED } from "../shared/protocol";
import { framed, hosted, tell, webview } from "./host";
import type { Away, Reply } from "./server";
import type { Session } from "./session";
import * as stage from "./stage";
import { sent } from "./webview";

const NAME = "glencheck-bank";
const WATCH = 300; // between two looks at the window
const LOOK = 4_000; // between two questions to the server, should no word come

// Browsers inside apps: Android's webview, iOS's (which does not call itself
// Safari), and apps that say so.
const INSIDE_APP = /; wv\)|(iPhone|iPad|iPod)(?!.*Safari\/)|\bFB(AN|AV|_IAB)\b|\b(Instagram|Line|MicroMessenger|Snapchat|LinkedInApp)\b/;

let bank: Window | null = null; // the bank's window
let departing = false; // the person has just pressed the button
let timers: ReturnType<typeof setInterval>[] = [];
let current: Session | null = null;

/** How the person goes to the bank: in a window for "", otherwise in place of the page. */
function way(): "" | "redirect" | "hosted" {
  if (stage.root.dataset.mobileApp !== undefined) return "hosted";
  if (!webview && !INSIDE_APP.test(navigator.userAgent)) return "";
  return hosted === "" ? "redirect" : "hosted";
}

// A small window in the middle of a large screen; elsewhere browsers make it a tab.
function features(): string {
  const { availWidth, availHeight } = screen;
  if (availWidth < 700) return "";
  const [width, height] = [520, Math.min(760, availHeight)];
  return `popup,width=${width},height=${height},left=${Math.round((availWidth - width) / 2)},top=${Math.round((availHeight - height) / 2)}`;
}

/** Opens the bank's window inside the click, as browsers ask; its address follows. Answers the value of the step. */
export function depart(): string | undefined {
  departing = true;
  const value = way();
  if (value !== "") return value;
  bank = window.open("about:blank", NAME, features());
  return undefined;
}

/** Closes the bank's window and stops waiting. */
export function end(): void {
  timers.forEach(clearInterval);
  timers = [];
  current = null;
  departing = false;
  if (bank && !bank.closed) bank.close();
  bank = null;
}

function go(url: string): void {
  if (framed) tell({ type: "navigate", url });
  else void sent().then(() => location.assign(url));
}

/** Follows what the server says of where the person is. */
export function follow(session: Session, { oauth, pane, done }: Reply): void {
  const waits = !done && (oauth !== undefined || current === session) && (pane?.view === "OAUTH" || pane?.view === "LOADING");
  const leaves = departing;
  if (!waits || (!oauth && pane?.view === "OAUTH")) {
    // Another pane has come, or the window is gone: a way back may still be open in
    // a window that this one does not know of.
    if (bank && !bank.closed) bank.close();
    bank = null;
  }
  if (!waits) {
    end();
    return;
  }
  departing = false;
  if (oauth && leaves) send(oauth);
  if (current === session) return;
  current = session;
  timers = [setInterval(watch, WATCH), setInterval(look, LOOK)];
}

function send({ url, redirect }: Away): void {
  if (redirect) go(url);
  else if (bank && !bank.closed) bank.location.replace(url);
}

function watch(): void {
  if (!bank?.closed || !current || current.busy) return;
  bank = null;
  void current.step("closed");
}

function look(): void {
  void current?.look();
}

addEventListener("message", (e) => {
  if (e.origin !== location.origin || e.data !== RETURNED) return;
  bank = null; // it closes itself
  look();
});
addEventListener("focus", look);
addEventListener("pagehide", end);

/** The link to the bank that the pane offers while it waits: to its window, if there is one. */
stage.root.addEventListener("click", (e) => {
  const link = (e.target as Element).closest<HTMLAnchorElement>("a[data-window]");
  if (!link) return;
  if (bank && !bank.closed) bank.focus();
  else bank = window.open(link.href, NAME, features());
  if (bank) e.preventDefault(); // otherwise the browser opens it as it does any link
});
