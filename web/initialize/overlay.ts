// The frame element and what the host page gives up while it is shown: scroll,
// focus and everything behind. All of it is given back as it was found.

/** What a frame of Link may do. */
export const SANDBOX =
  "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation";

// Style goes through the object model only, so that a host needs no 'unsafe-inline'.
const STYLE: Partial<CSSStyleDeclaration> = {
  position: "fixed",
  top: "0",
  right: "0",
  bottom: "0",
  left: "0",
  width: "100%",
  height: "100%",
  maxWidth: "none",
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
  #restore: (() => void)[] = [];

  constructor(src: string) {
    while (taken.has(this.#number)) this.#number++;
    taken.add(this.#number);
    const f = this.frame;
    f.id = `plaid-link-iframe-${this.#number}`;
    f.title = "Plaid Link";
    f.setAttribute("sandbox", SANDBOX);
    f.allow = "camera; microphone; clipboard-write";
    Object.assign(f.style, STYLE, { display: "none" });
    f.src = src;
    document.body.insertBefore(f, document.body.firstChild);
  }

  /** Shows the frame over the page, which can no longer be scrolled or used. */
  show(): void {
    const { body } = document;
    const before = document.activeElement;
    const [overflow, priority] = [body.style.getPropertyValue("overflow"), body.style.getPropertyPriority("overflow")];
    const behind = [...body.children].filter(
      (el): el is HTMLElement => el !== this.frame && el instanceof HTMLElement && !el.inert && !el.matches("script,style,template,link"),
    );
    for (const el of behind) el.inert = true;
    body.style.setProperty("overflow", "hidden");
    this.frame.style.display = "block";
    this.#restore.push(
      () => {
        this.frame.style.display = "none";
      },
      () => {
        for (const el of behind) el.inert = false;
      },
      () => {
        if (body.style.getPropertyValue("overflow") === "hidden") body.style.setProperty("overflow", overflow, priority);
      },
      () => {
        // Not if the page has moved focus elsewhere in the meantime.
        const now = document.activeElement;
        if (before instanceof HTMLElement && before.isConnected && (now === this.frame || now === body || now === null)) {
          before.focus({ preventScroll: true });
        }
      },
    );
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
    for (const restore of this.#restore.splice(0)) restore();
  }

  /** Takes the frame out of the page, now or when its last message has had the time to leave. */
  remove(after?: Promise<void>): void {
    this.hide();
    taken.delete(this.#number);
    if (after) {
      this.frame.removeAttribute("id");
      void after.then(() => this.frame.remove());
    } else {
      this.frame.remove();
    }
  }
}
