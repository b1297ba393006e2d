// What is on screen: one pane, perhaps a sheet over it, or one of the panes that
// the runtime shows on its own. Nothing here knows the server.

import { carry } from "./fields";
import { settle } from "./focus";
import { swap } from "./list";

const LOADER_AFTER = 300;
const LOADER_AT_LEAST = 500;
const SLOW_AFTER = 10_000;

/** The element that holds the pane. */
export const root = document.getElementById("link-root") as HTMLElement;
const live = document.getElementById("link-status") as HTMLElement;

let pane: HTMLElement | null = null; // the server's, on screen or set aside
let held: { opener: Element | null; ids: [Element, string][] } | null = null; // what the sheet took
let loader: { shown: number; timers: ReturnType<typeof setTimeout>[] } | null = null;

function parse(html: string): HTMLElement {
  const t = document.createElement("template");
  t.innerHTML = html;
  return t.content.firstElementChild as HTMLElement;
}

function put(next: HTMLElement): void {
  if (!next.isConnected) root.replaceChildren(next);
  const title = next.querySelector(".pane-title")?.textContent?.trim();
  if (title) document.title = (root.dataset.pageTitle ?? "{title}").replace("{title}", () => title);
  settle(next);
}

/** Puts focus on what is on screen where it has none: a frame that was there before it was seen loses it. */
export function attend(): void {
  const dialog = root.lastElementChild;
  if (dialog && !dialog.contains(document.activeElement)) settle(dialog);
}

/** The view on screen or set aside. */
export function view(): string | undefined {
  return pane?.dataset.view;
}

/** Puts a pane of the server in place. The same pane with an error keeps what was typed and does not move. */
export function show(html?: string): void {
  const next = html ? parse(html) : (root.firstElementChild as HTMLElement);
  const before = pane;
  const wrong = next.querySelector('[aria-invalid="true"],[data-wrong],.err') !== null;
  if (before && wrong && before.dataset.view === next.dataset.view) {
    carry(before, next);
    next.setAttribute("data-still", "");
  }
  const news = next.querySelector("[data-news]");
  if (news && before && before.dataset.view === next.dataset.view) next.setAttribute("data-still", "");
  held = null;
  pane = next;
  put(next);
  say(news?.textContent ?? "");
}

/** Puts the pane back that a loader or a notice had replaced. */
export function back(): void {
  if (!pane || pane.isConnected) return;
  pane.setAttribute("data-still", "");
  put(pane);
}

/** Lays a sheet over the pane, which becomes inert and lends its ids. */
export function cover(html: string): void {
  back();
  if (!pane || held) return;
  const opener = document.activeElement;
  let sheet = parse(html);
  if (!sheet.matches(".sheet-scrim")) {
    const scrim = document.createElement("div");
    scrim.className = "sheet-scrim";
    scrim.append(sheet);
    sheet = scrim;
  }
  const ids: [Element, string][] = [];
  for (const el of sheet.querySelectorAll("[id]")) {
    const below = pane.querySelector(`[id="${CSS.escape(el.id)}"]`);
    if (below) {
      ids.push([below, below.id]);
      below.removeAttribute("id");
    }
  }
  pane.inert = true;
  root.append(sheet);
  held = { opener, ids };
  settle(sheet);
}

/** Takes the sheet away and gives the pane back what it had lent; answers what had called the sheet. */
function release(): Element | null {
  if (!pane || !held) return null;
  const { opener, ids } = held;
  held = null;
  root.querySelector(".sheet-scrim")?.remove();
  pane.inert = false;
  for (const [el, id] of ids) el.id = id;
  return opener;
}

/** Takes the sheet away; focus returns to what had called it. */
export function uncover(): void {
  const opener = release();
  if (!pane) return;
  if (opener instanceof HTMLElement && opener.isConnected && opener !== document.body) opener.focus({ preventScroll: true });
  else settle(pane);
}

/** Whether a sheet lies over the pane. */
export function covered(): boolean {
  return held !== null;
}

/** Puts a fragment in place of the element with its id and says the status. */
export function fragment(target: string, html: string, status?: string): void {
  const old = pane && document.getElementById(target);
  if (!old) return;
  swap(old, html);
  const words = pane!.querySelector("[data-search-status]");
  if (words) words.textContent = status ?? "";
  else say(status ?? "");
}

/** Says words to those who listen instead of looking. */
export function say(words: string): void {
  live.textContent = words;
}

function own(id: string): HTMLElement {
  const t = document.getElementById(id) as HTMLTemplateElement;
  const el = (t.content.firstElementChild as HTMLElement).cloneNode(true) as HTMLElement;
  const mark = pane?.querySelector(".pane-mark");
  if (mark) el.querySelector('[data-slot="mark"]')?.replaceWith(mark.cloneNode(true));
  return el;
}

/** Shows a pane of the runtime's own, with the words to quote when asking for help. */
export function notice(id: string, reference?: string): void {
  const el = own(id);
  const slot = el.querySelector('[data-slot="reference"]');
  if (slot && reference) {
    slot.textContent = reference;
    slot.closest<HTMLElement>(".ref")!.hidden = false;
  }
  release();
  put(el);
}

/** Begins to wait: the loader comes after a moment and stays long enough to be read. */
export function wait(): void {
  if (loader) return;
  loader = { shown: 0, timers: [] };
  loader.timers.push(setTimeout(() => load(), LOADER_AFTER));
}

/** Shows the loader, if there is something to wait for. One may have been seen for a while already. */
export function load(since = 0): void {
  const l = loader;
  if (!l || l.shown > 0 || held) return; // a sheet waits for its own answer, which costs no bank's time
  const el = own("loading");
  const lead = el.querySelector<HTMLElement>(".pane-lead")!;
  if (el.querySelector(".pane-mark")) {
    for (const words of el.querySelectorAll<HTMLElement>("[data-bank]")) words.textContent = words.dataset.bank!;
  }
  put(el);
  l.shown = performance.now() - since;
  l.timers.push(setTimeout(() => (lead.textContent = lead.dataset.slow!), SLOW_AFTER));
}

/** Says that closing was heard and waits for an answer that is still on its way. */
export function leaving(): void {
  load();
  const el = root.querySelector<HTMLElement>('[data-view="LOADING"]');
  if (!loader || !el) return;
  loader.timers.forEach(clearTimeout);
  const lead = el.querySelector<HTMLElement>(".pane-lead")!;
  lead.textContent = lead.dataset.leaving ?? "";
  const button = el.querySelector('[data-action="close"]');
  button?.setAttribute("aria-disabled", "true");
  button?.setAttribute("aria-busy", "true");
}

/** Ends the wait, when the loader has been there long enough. */
export async function arrived(): Promise<void> {
  const l = loader;
  if (!l) return;
  l.timers.forEach(clearTimeout);
  if (l.shown > 0) await new Promise((done) => setTimeout(done, LOADER_AT_LEAST - (performance.now() - l.shown)));
  if (loader === l) loader = null;
}

/** Empties the screen. */
export function clear(): void {
  loader?.timers.forEach(clearTimeout);
  loader = held = pane = null;
  root.replaceChildren();
  say("");
}
