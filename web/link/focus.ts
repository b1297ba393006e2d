// Where focus is, and where it may go.

const FOCUSABLE = 'a[href],button:not(:disabled),input:not(:disabled):not([type=hidden]),select:not(:disabled),textarea:not(:disabled),summary,[tabindex]:not([tabindex^="-"])';

/**
 * Whether the person goes by keyboard, for the ring around a title that gets focus by itself:
 * the browser shows one for every focus that a script sets on a page nobody has touched yet.
 */
export function keys(on: boolean): void {
  document.documentElement.toggleAttribute("data-keys", on);
}

/** The dialog on top: the sheet if one lies over the pane. */
export function top(root: Element): HTMLElement | null {
  return root.querySelector<HTMLElement>(".sheet") ?? root.querySelector<HTMLElement>(".pane");
}

/** Focus on a new pane: the first field in error, with its text selected, else the title. */
export function settle(dialog: Element): void {
  const wrong = dialog.querySelector<HTMLElement>('[aria-invalid="true"],[data-wrong]');
  const field = wrong?.matches("[data-wrong]") ? wrong.querySelector<HTMLElement>("input") : wrong;
  if (field) {
    field.focus();
    if (field instanceof HTMLInputElement && /^(text|password|tel|search)$/.test(field.type)) field.select();
    return;
  }
  dialog.querySelector<HTMLElement>(".pane-title")?.focus({ preventScroll: true });
}

/** Brings what has focus out from under the header and the footer, which stay in place while the rest scrolls. */
export function bringOut(el: Element, dialog: Element): void {
  const main = el.closest(".pane-main");
  const head = dialog.querySelector(".pane-head");
  const foot = dialog.querySelector(".pane-foot");
  if (!main || !head || !foot || el.matches(".pane-title") || getComputedStyle(foot).position !== "sticky") return;
  const whole = el.closest(".choice,.row,.field") ?? el;
  const [at, own] = [whole.getBoundingClientRect(), el.getBoundingClientRect()];
  const above = head.getBoundingClientRect().bottom + 8;
  const below = foot.getBoundingClientRect().top - 20; // the fade above the footer
  // Never so far that the field itself leaves at the other end.
  let by = at.bottom > below ? Math.min(at.bottom - below, own.top - above) : 0;
  if (own.top - by < above) by = own.top - above;
  if (by === 0) return;
  // A card scrolls by itself; on a phone the pane is the page.
  const scroller = getComputedStyle(dialog).overflowY === "auto" ? dialog : document.scrollingElement;
  scroller?.scrollBy({ top: by, behavior: "instant" });
}

function stops(dialog: Element): HTMLElement[] {
  const all = [...dialog.querySelectorAll<HTMLElement>(FOCUSABLE)].filter(
    (el) => !el.closest("[inert]") && el.getClientRects().length > 0,
  );
  // Of a group of radios the browser stops at one: the chosen, or the first.
  return all.filter((el) => {
    if (!(el instanceof HTMLInputElement) || el.type !== "radio") return true;
    const group = all.filter((o): o is HTMLInputElement => o instanceof HTMLInputElement && o.type === "radio" && o.name === el.name);
    return el === (group.find((o) => o.checked) ?? group[0]);
  });
}

/** Keeps Tab inside the dialog. */
export function trap(e: KeyboardEvent, dialog: HTMLElement): void {
  const list = stops(dialog);
  const first = list[0];
  const last = list[list.length - 1];
  if (!first || !last) {
    e.preventDefault();
    return;
  }
  const now = document.activeElement;
  const inside = now instanceof HTMLElement && dialog.contains(now);
  const atTitle = now instanceof HTMLElement && now.tabIndex < 0;
  if (e.shiftKey ? !inside || now === first || (atTitle && before(now, first)) : !inside || now === last) {
    e.preventDefault();
    (e.shiftKey ? last : first).focus();
  }
}

function before(a: Node, b: Node): boolean {
  return (a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
}
