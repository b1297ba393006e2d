// The frame element and what the host page gives up while Link is open: scroll,
// focus and everything behind. All of it is given back as it was found.

import { Waiting } from "./waiting";

/** What a frame of Link may do. */
export const SANDBOX =
  "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation";

/** The whole window. Style goes through the object model only, so that a host needs no 'unsafe-inline'. */
export const COVER: Partial<CSSStyleDeclaration> = {
  position: "fixed",
  top: "0",
  right: "0",
  bottom: "0",
  left: "0",
  width: "100%",
  height: "100%",
  maxWidth: "none",
  maxHeight: "none",
  margin: "0",
  padding: "0",
  border: "0",
  background: "transparent",
  zIndex: "2147483647",
  // The frame follows the person's own setting; with another scheme than the
  // element's a browser would paint its ground opaque.
  colorScheme: "light dark",
};

const taken = new Set<number>();

/** One frame in the host page. */
export class Overlay {
  readonly frame = document.createElement("iframe");
  #number = 1;
  #dialog: HTMLDialogElement | null = null; // around the frame, where the page has a modal dialog open
  #waiting: Waiting | null = null;
  #restore: (() => void)[] = [];
  /** Whether the person goes by keyboard, as far as the page can tell. */
  byKeyboard = false;

  constructor(
    src: string,
    name: string,
    private readonly close: () => void, // the person wants to, and the frame cannot hear it
  ) {
    while (taken.has(this.#number)) this.#number++;
    taken.add(this.#number);
    const f = this.frame;
    f.id = `plaid-link-iframe-${this.#number}`;
    f.title = "Plaid Link";
    f.name = name;
    f.setAttribute("sandbox", SANDBOX);
    f.allow = "camera; microphone; clipboard-write";
    Object.assign(f.style, COVER, { display: "none" });
    f.src = src;
    document.body.insertBefore(f, document.body.firstChild);
  }

  /**
   * Takes the page, which can no longer be scrolled or used, until hide(). The frame is
   * transparent until it is ready. True if it had to be moved and is loading anew.
   */
  take(ready: boolean): boolean {
    const { body } = document;
    const before = focused();
    this.byKeyboard = before?.matches(":focus-visible") === true;
    const blocked = this.#dialog !== null || isBlocked();
    const [overflow, priority] = [body.style.getPropertyValue("overflow"), body.style.getPropertyPriority("overflow")];
    const own = this.#dialog ?? this.frame;
    const behind = [...body.children].filter(
      (el): el is HTMLElement => el !== own && el instanceof HTMLElement && !el.inert && !el.matches("script,style,template,link"),
    );
    for (const el of behind) el.inert = true;
    body.style.setProperty("overflow", "hidden");
    this.#restore.push(
      () => {
        for (const el of behind) el.inert = false;
      },
      () => {
        if (body.style.getPropertyValue("overflow") === "hidden") body.style.setProperty("overflow", overflow, priority);
      },
      () => {
        // Not if the page has moved focus elsewhere in the meantime.
        const now = document.activeElement;
        if (before?.isConnected && (now === null || now === body || now === this.frame || now === this.#dialog || now === before)) {
          before.focus({ preventScroll: true });
        }
      },
    );
    const moved = blocked && this.#enterDialog();
    this.#show();
    if (!ready || moved) this.#waiting = new Waiting(this.#dialog ?? body, this.close);
    return moved;
  }

  // Early: a browser that shows a frame late also paints it late.
  #show(): void {
    this.frame.style.display = "block";
    if (!this.#dialog) toTop(this.frame);
  }

  /** The frame has something to show. Answers for how long the person has seen a loader. */
  ready(): number {
    const seen = this.#waiting?.remove() ?? 0;
    this.#waiting = null;
    this.#show(); // the page may have moved it
    return seen;
  }

  /**
   * Gives focus to the frame, once its document is there: Chromium loses the keyboard
   * for good when an element is focused whose document is still to come from another site.
   */
  focus(): void {
    this.frame.blur();
    this.frame.focus();
  }

  /** Hides the frame and gives everything back. */
  hide(): void {
    if (this.#restore.length === 0) return;
    this.#waiting?.remove();
    this.#waiting = null;
    fromTop(this.frame);
    this.frame.style.display = "none";
    if (this.#dialog) {
      this.#dialog.close();
      this.#dialog.style.display = "none";
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((s) => s !== noBackdrop);
    }
    for (const restore of this.#restore.splice(0)) restore();
  }

  /** Takes the frame out of the page, now or when its last message has had the time to leave. */
  remove(after?: Promise<void>): void {
    this.hide();
    taken.delete(this.#number);
    const own = this.#dialog ?? this.frame;
    if (after) {
      this.frame.removeAttribute("id");
      void after.then(() => own.remove());
    } else {
      own.remove();
    }
  }

  /**
   * Behind a modal dialog of the page everything is inert, whatever layer it is on:
   * only what is in a later dialog can be used. True if the frame is loaded anew.
   */
  #enterDialog(): boolean {
    let moved = false;
    if (!this.#dialog) {
      const d = (this.#dialog = document.createElement("dialog"));
      d.className = "plaid-link-dialog";
      d.setAttribute("aria-label", "Plaid Link");
      d.autofocus = true; // not the frame, whose document may still be to come
      Object.assign(d.style, COVER, { overflow: "hidden", outline: "none" });
      d.addEventListener("cancel", (e) => {
        e.preventDefault();
        this.close();
      });
      document.body.insertBefore(d, document.body.firstChild);
      const into = d as HTMLDialogElement & { moveBefore?: (node: Node, child: Node | null) => void };
      if (into.moveBefore) into.moveBefore(this.frame, null);
      else {
        d.append(this.frame);
        moved = true;
      }
    }
    noBackdrop ??= backdropless();
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, noBackdrop];
    this.#dialog.style.display = "block";
    this.#dialog.showModal();
    return moved;
  }
}

let noBackdrop: CSSStyleSheet | undefined;

/** The frame darkens the page itself. */
function backdropless(): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(".plaid-link-dialog::backdrop { display: none !important }");
  return sheet;
}

/** What has focus, also inside of components. */
function focused(): HTMLElement | null {
  let el = document.activeElement;
  while (el?.shadowRoot?.activeElement) el = el.shadowRoot.activeElement;
  return el instanceof HTMLElement && el !== document.body ? el : null;
}

/** Whether a modal dialog of the page, perhaps inside of a component, makes all else inert. */
function isBlocked(): boolean {
  const probe = document.createElement("button");
  Object.assign(probe.style, { position: "fixed", top: "0", opacity: "0" });
  document.body.append(probe);
  probe.focus({ preventScroll: true });
  const reached = document.activeElement === probe;
  probe.remove();
  return !reached;
}

/** Lifts an element above all that the page has in the top layer, where browsers can. */
export function toTop(el: HTMLElement): void {
  if (!("showPopover" in el)) return;
  el.popover = "manual";
  if (!el.matches(":popover-open")) el.showPopover();
}

function fromTop(el: HTMLElement): void {
  if (!("hidePopover" in el) || el.popover === null) return;
  if (el.isConnected && el.matches(":popover-open")) el.hidePopover();
  el.removeAttribute("popover");
}
