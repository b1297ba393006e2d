// What is seen when Link was opened and its frame is not there yet: nothing at
// first, then a loader, with a way to close.

import { COVER, toTop } from "./overlay";

const AFTER = 300;

/** The loader, until remove(). */
export class Waiting {
  #el: HTMLElement | null = null;
  #since = 0;
  readonly #timer: ReturnType<typeof setTimeout>;

  constructor(
    private readonly place: Element,
    private readonly close: () => void,
  ) {
    this.#timer = setTimeout(() => this.#show(), AFTER);
    addEventListener("keydown", this.#key, true);
  }

  /** Takes it away and answers for how many milliseconds it was seen. */
  remove(): number {
    clearTimeout(this.#timer);
    removeEventListener("keydown", this.#key, true);
    this.#el?.remove();
    return this.#since === 0 ? 0 : performance.now() - this.#since;
  }

  readonly #key = (e: KeyboardEvent): void => {
    if (e.key !== "Escape") return;
    e.preventDefault();
    e.stopPropagation();
    this.close();
  };

  #show(): void {
    this.#since = performance.now();
    const el = (this.#el = document.createElement("div"));
    el.setAttribute("role", "dialog");
    el.setAttribute("aria-modal", "true");
    el.setAttribute("aria-busy", "true");
    el.setAttribute("aria-label", "Plaid Link");
    Object.assign(el.style, COVER, { background: "#16222a8c" });

    const ring = document.createElement("div");
    Object.assign(ring.style, {
      position: "absolute", top: "50%", left: "50%", width: "40px", height: "40px", margin: "-20px", boxSizing: "border-box",
      borderRadius: "50%", border: "4px solid #ffffff59", borderTopColor: "#ffffff",
    });
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "\u00d7";
    button.setAttribute("aria-label", "Close");
    Object.assign(button.style, {
      position: "absolute", top: "8px", right: "8px", width: "44px", height: "44px", border: "0", padding: "0",
      background: "transparent", color: "#ffffff", font: "28px/1 sans-serif", cursor: "pointer",
    });
    button.addEventListener("click", this.close);
    el.append(ring, button);
    this.place.append(el);
    if (this.place === document.body) toTop(el);
    if (!matchMedia("(prefers-reduced-motion: reduce)").matches) {
      ring.animate({ rotate: ["0deg", "360deg"] }, { duration: 900, iterations: Infinity });
    }
    button.focus({ preventScroll: true });
  }
}
