// Plaid.createEmbedded: the institution search in an element of the page. A bank
// that is chosen there opens Link as create() does.

import { unwrap, wrap } from "../shared/protocol";
import type { ExitMetadata, LinkError, ToHost } from "../shared/protocol";
import { base } from "./base";
import { call, complain, createInner, forbidden, forbids, newId, notStarted, text, unreachable, type Config, type Inner } from "./handler";
import { SANDBOX } from "./overlay";

/** What Plaid.createEmbedded returns. */
export interface EmbeddedHandler {
  destroy(): void;
}

// How long the search may take to be there.
const PATIENCE = 10_000;
// The height of the frame where the element leaves it open, in pixels: of the
// recommended sizes the higher one.
const HEIGHT = 350;

const UNUSABLE: LinkError = {
  error_type: "INVALID_REQUEST",
  error_code: "INVALID_CONFIGURATION",
  error_message: "Plaid.createEmbedded needs an element of this page to stand in",
  display_message: null,
};

// The metadata of an onExit before there was a session.
const NOBODY: ExitMetadata = { institution: null, status: null, link_session_id: "", request_id: "" };

/** One search in the page. */
class Embedded {
  readonly #id = newId();
  readonly #frame = document.createElement("iframe");
  readonly #live: Config; // what the application hears through, and may exchange
  #onLoad: unknown;
  #inner: Inner | null = null;
  #watch: ReturnType<typeof setTimeout> | undefined;
  #failed = false;
  leaving = false; // destroyed, unless it is created again in the same breath

  constructor(
    config: Config,
    readonly element: Element,
  ) {
    this.#live = { ...config, onLoad: undefined };
    this.#onLoad = config.onLoad;
    addEventListener("message", this.#hear);
    document.addEventListener("securitypolicyviolation", this.#violated);
    const query = new URLSearchParams({ id: this.#id, origin: location.origin, token: text(config.token) ?? "" });
    const f = this.#frame;
    f.title = "Plaid Embedded Link";
    f.className = "plaid-embedded-iframe";
    f.setAttribute("sandbox", SANDBOX);
    Object.assign(f.style, { display: "block", width: "100%", height: "100%", border: "0", background: "transparent", visibility: "hidden", colorScheme: "light dark" });
    f.src = `${base}/link/v2/stable/embedded.html?${query}`;
    element.append(f);
    if (element.clientHeight < 100) {
      f.style.height = `${HEIGHT}px`;
      console.warn(`Glencheck Link: the element of createEmbedded has no height of its own; the search takes ${HEIGHT} px. At least 350 x 300 or 300 x 350 px are needed.`);
    }
    this.#watch = setTimeout(() => this.#fail(notStarted("the embedded search", base)), PATIENCE);
  }

  /** Whether it is what this configuration asks for. */
  fits(config: Config): boolean {
    return config.token === this.#live.token && config.receivedRedirectUri === this.#live.receivedRedirectUri;
  }

  /** Goes on for a page that has only made its callbacks anew, as React does. */
  adopt(config: Config): void {
    this.leaving = false;
    Object.assign(this.#live, config, { onLoad: undefined });
    this.#onLoad = config.onLoad;
  }

  remove(): void {
    clearTimeout(this.#watch);
    removeEventListener("message", this.#hear);
    document.removeEventListener("securitypolicyviolation", this.#violated);
    this.#inner?.handler.destroy();
    this.#frame.remove();
  }

  #fail(reason: string): void {
    clearTimeout(this.#watch);
    if (this.#failed) return;
    this.#failed = true;
    complain(reason);
    call(this.#live.onExit, unreachable(`Link could not be loaded from ${base}`), NOBODY);
  }

  readonly #violated = (e: SecurityPolicyViolationEvent): void => {
    if (!this.#inner && forbidden(e, base)) this.#fail(forbids(base));
  };

  readonly #hear = (e: MessageEvent): void => {
    if (e.source !== this.#frame.contentWindow || e.origin !== new URL(base!).origin) return;
    const m = unwrap<ToHost>(e.data, this.#id);
    if (m) this.#frame.style.visibility = ""; // it hears clicks from now on
    if (m?.type === "ready") this.#ready();
    else if (m?.type === "pick") this.#inner?.open(m.picked);
    else if (m?.type === "refused" && m.done.kind === "exit") {
      clearTimeout(this.#watch);
      const { error, metadata } = m.done;
      if (error) complain(`${error.error_code}: ${error.error_message} (request ${metadata.request_id})`);
      call(this.#live.onExit, error, metadata);
    }
  };

  /** The grid is there. Link's own frame is loaded after it: it is not needed before. */
  #ready(): void {
    clearTimeout(this.#watch);
    if (this.#inner) {
      this.#idle(); // the page moved the element, which loads the frame anew
      return;
    }
    this.#inner = createInner(this.#live, () => this.#idle(), base);
    call(this.#onLoad);
    // Back from a bank's own pages: there is a session to go on with.
    if (text(this.#live.receivedRedirectUri)) this.#inner.handler.open();
  }

  #idle(): void {
    this.#frame.contentWindow?.postMessage(wrap(this.#id, 0, { type: "idle" }), new URL(base!).origin);
  }
}

const places = new WeakMap<Element, Embedded>();

/** Shows the search in an element until destroy(). */
export function createEmbedded(config: Config, element: unknown): EmbeddedHandler {
  const usable = element instanceof Element && base !== null && self.origin !== "null";
  if (!usable) {
    const later = setTimeout(() => {
      complain(element instanceof Element ? "the embedded search needs a page with an origin, and a script that knows where it was loaded from" : UNUSABLE.error_message);
      call(config.onExit, UNUSABLE, NOBODY);
    });
    return { destroy: () => clearTimeout(later) };
  }
  const before = places.get(element);
  let search: Embedded;
  if (before?.leaving && before.fits(config)) {
    (search = before).adopt(config);
  } else {
    if (before && !before.leaving) console.warn("Glencheck Link: createEmbedded() in an element that has a search already; it takes its place");
    before?.remove();
    places.set(element, (search = new Embedded(config, element)));
  }
  let destroyed = false;
  return {
    destroy() {
      if (destroyed) return;
      destroyed = true;
      if (places.get(element) !== search) return;
      search.leaving = true;
      queueMicrotask(() => {
        if (!search.leaving || places.get(element) !== search) return;
        places.delete(element);
        search.remove();
      });
    },
  };
}
