// The institution list: search as one types, arrows through the rows.

/** What can be searched. */
export interface Searcher {
  search(query: string): Promise<void>;
}

const REST = 150;
// More than any bank's name; the server takes no endless ones.
const LONGEST = 200;

let timer: ReturnType<typeof setTimeout> | undefined;
let asked: { input: HTMLInputElement; query: string } | null = null;

function ask(input: HTMLInputElement, session: Searcher): void {
  clearTimeout(timer);
  if (!input.isConnected) return; // a bank was picked meanwhile: no other pane can search
  const query = input.value.trim().slice(0, LONGEST);
  if (asked ? asked.input === input && asked.query === query : query === "") return;
  asked = { input, query };
  void session.search(query);
}

/** After a keystroke in the search field. */
export function typed(input: HTMLInputElement, session: Searcher): void {
  for (const b of document.querySelectorAll<HTMLElement>(`[data-clear="${CSS.escape(input.id)}"]`)) b.hidden = input.value === "";
  clearTimeout(timer);
  timer = setTimeout(() => ask(input, session), REST);
}

/** Enter in the search field: now. */
export function entered(input: HTMLInputElement, session: Searcher): void {
  ask(input, session);
}

/** Empties the search field. */
export function emptied(id: string, session: Searcher): void {
  const input = document.getElementById(id);
  if (!(input instanceof HTMLInputElement)) return;
  input.value = "";
  typed(input, session);
  ask(input, session);
  input.focus();
}

/** Moves through the rows; true if the key was for the list. */
export function moved(key: string, pane: Element): boolean {
  const search = pane.querySelector<HTMLElement>("[data-search]");
  const rows = [...pane.querySelectorAll<HTMLElement>(".rows button")];
  const now = rows.indexOf(document.activeElement as HTMLElement);
  const inSearch = document.activeElement === search;
  if (rows.length === 0 || (now < 0 && !inSearch)) return false;
  let to: HTMLElement | null | undefined;
  if (key === "ArrowDown") to = rows[Math.min(now + 1, rows.length - 1)];
  else if (key === "ArrowUp") to = now > 0 ? rows[now - 1] : search;
  else if (now >= 0 && key === "Home") to = rows[0];
  else if (now >= 0 && key === "End") to = rows[rows.length - 1];
  if (!to) return false;
  to.focus();
  return true;
}

// What is pressed just now: a mouse button or a finger is down.
let press: { over: Promise<void>; end: () => void } | null = null;
const LONGEST_PRESS = 1_000; // where its end is not told, as after a menu

function ended(): void {
  press?.end();
  press = null;
}

addEventListener(
  "pointerdown",
  () => {
    let end!: () => void;
    ended();
    press = { over: new Promise((ok) => (end = ok)), end: () => setTimeout(end) }; // the click comes after it
    setTimeout(end, LONGEST_PRESS);
  },
  true,
);
addEventListener("pointerup", ended, true);
addEventListener("pointercancel", ended, true);

/** Waits until nothing is being pressed: a row that is exchanged under the finger would never hear of it. */
export async function lifted(): Promise<void> {
  await press?.over;
}

/** Puts another list in place of the old one. Whoever was at a row stays at it, or is back at the search. */
export function swap(old: Element, html: string): void {
  const t = document.createElement("template");
  t.innerHTML = html;
  const next = t.content.firstElementChild!;
  const at = old.contains(document.activeElement) ? document.activeElement!.id : null;
  old.replaceWith(next);
  if (at !== null) (next.querySelector<HTMLElement>(`#${CSS.escape(at || "-")}`) ?? document.querySelector<HTMLElement>("[data-search]"))?.focus();
}

/** Marks the row whose button has focus. */
export function mark(pane: Element): void {
  for (const row of pane.querySelectorAll("[data-active]")) row.removeAttribute("data-active");
  document.activeElement?.closest(".row")?.setAttribute("data-active", "");
}
