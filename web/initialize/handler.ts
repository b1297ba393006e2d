// One handler: what Plaid.create returns. It never throws; what goes wrong comes
// to onExit, and its reason to the console.

import { AT_ONCE, unwrap, wrap } from "../shared/protocol";
import type { Done, ExitMetadata, LinkError, LinkEvent, Picked, Standing, ToFrame, ToHost } from "../shared/protocol";
import { Events } from "./events";
import { Overlay } from "./overlay";

/** The configuration as applications pass it; anything may be missing or of another type. */
export interface Config {
  token?: unknown;
  receivedRedirectUri?: unknown;
  onSuccess?: unknown;
  onExit?: unknown;
  onEvent?: unknown;
  onLoad?: unknown;
  key?: unknown;
}

/** What opens and closes Link. */
export interface Handler {
  open(institutionId?: unknown): void;
  exit(options?: unknown): void;
  destroy(): void;
}

// How long a frame may take to say that it is there, from open() and from its load event.
const PATIENCE = 10_000;
const AFTER_LOAD = 3_000;
// How long a forced exit may take to leave the frame before the frame is removed.
const FAREWELL = 2_000;

const INVALID_TOKEN: LinkError = {
  error_type: "INVALID_INPUT",
  error_code: "INVALID_LINK_TOKEN",
  error_message: "invalid link_token provided",
  display_message: null,
};

const ALREADY_OPEN: LinkError = {
  error_type: "INVALID_REQUEST",
  error_code: "INVALID_CONFIGURATION",
  error_message: "another Link is open on this page",
  display_message: null,
};

/** Where a session stands that has not begun. */
const NOWHERE: Standing = { link_session_id: "", request_id: "", institution: null, exit_status: "requires_credentials" };

/** The error of a server that cannot be reached. */
export const unreachable = (message: string): LinkError => ({
  error_type: "API_ERROR",
  error_code: "INTERNAL_SERVER_ERROR",
  error_message: message,
  display_message: null,
});

/** Whether the page's policy has just refused a frame of ours. */
export function forbidden(e: SecurityPolicyViolationEvent, at: string | null): boolean {
  return at !== null && /^(frame|child|default)-src/.test(e.effectiveDirective) && e.blockedURI.startsWith(new URL(at).origin);
}

/** What to do about it. */
export const forbids = (at: string | null): string => `this page's Content-Security-Policy does not let it show ${at}: add frame-src ${at}`;

/** What to look at when a frame says nothing. */
export const notStarted = (what: string, at: string | null): string =>
  `${what} from ${at} did not start. Is Glencheck running there, and does this page's Content-Security-Policy allow it (frame-src ${at})?`;

/** Says on the console what an application's author has to know. */
export function complain(message: string): void {
  console.error(`Glencheck Link: ${message}`);
}

/** Calls what the application gave; what it throws is its own and stops nothing here. */
export function call(fn: unknown, ...args: unknown[]): void {
  if (typeof fn !== "function") return;
  try {
    fn(...args);
  } catch (thrown) {
    setTimeout(() => {
      throw thrown;
    });
  }
}

// No institution's id is nearly as long; anything else that open() is called with is ignored.
const LONGEST_ID = 100;

/** A string that says something, or nothing. */
export const text = (v: unknown): string | undefined => (typeof v === "string" && v !== "" ? v : undefined);

// Only one handler of a page may be open.
let openOne: object | null = null;

/** A secret of a frame and its page, by which they know each other. */
export function newId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");
}

/** A handler as the script itself uses it. */
export interface Inner {
  handler: Handler;
  /** Opens Link for a bank that was chosen in the page. */
  open(picked: Picked): void;
  /** The id of the open session, "" for none; null after destroy(). */
  session(): string | null;
}

/** Makes a handler and, a moment later, its hidden frame; closed is called whenever Link is no longer open. at is the address of the server. */
export function createInner(config: Config, closed: (() => void) | undefined, at: string | null): Inner {
  const me = {};
  const id = newId();
  const token = text(config.token);
  const receivedRedirectUri = text(config.receivedRedirectUri);

  let overlay: Overlay | null = null;
  let ready = false; // the frame has spoken
  let loaded = false; // onLoad was called
  let destroyed = false;
  let warned = false;
  let silent = 0; // since when a frame is loaded that has not spoken
  let refused = ""; // why the browser will not load the frame
  let run = 0; // counts the sessions
  let opened: { events: Events; standing: Standing; institutionId?: string; picked?: Picked } | null = null;
  let watch: ReturnType<typeof setTimeout> | undefined;
  let farewell: Promise<void> | undefined; // a forced exit is leaving the frame

  const tell = (e: LinkEvent): void => call(config.onEvent, e.event_name, e.metadata);
  const post = (message: ToFrame): void => overlay?.frame.contentWindow?.postMessage(wrap(id, run, message), new URL(at!).origin);

  // StrictMode and fast re-renders create and destroy in a row: a frame inserted
  // at once would be fetched for nothing.
  let preload: ReturnType<typeof setTimeout> | undefined = setTimeout(insert);

  function insert(): void {
    clearTimeout(preload);
    preload = undefined;
    if (destroyed || overlay || at === null) return;
    if (!document.body) {
      document.addEventListener("DOMContentLoaded", insert, { once: true });
      return;
    }
    ready = false;
    silent = 0;
    refused = "";
    // A frame that is made to be open begins its session as soon as it can: the server
    // with its document. Whether that still holds says its name, not its address: a
    // page that moves the frame loads it again.
    const now = opened && !receivedRedirectUri && !opened.institutionId && !opened.picked;
    const query = new URLSearchParams({ id, origin: location.origin, token: token ?? "", ...(now ? { begin: "1" } : {}) });
    overlay = new Overlay(`${at}/link/v2/stable/link.html?${query}`, now ? AT_ONCE + run : "", () => exit());
    overlay.frame.addEventListener("load", () => {
      if (ready) return;
      silent = performance.now();
      if (opened) guard(AFTER_LOAD);
    });
    if (opened) reveal(overlay);
  }

  function reveal(o: Overlay): void {
    if (o.take(ready)) ready = false;
    if (ready) start();
    else guard(PATIENCE);
  }

  function drop(): void {
    overlay?.remove(farewell);
    overlay = null;
    ready = false;
  }

  function guard(ms: number): void {
    clearTimeout(watch);
    watch = setTimeout(() => {
      fail(notStarted("the frame", at));
    }, ms);
  }

  /** Ends an open session that never came to life; the next open() tries with a new frame. */
  function fail(reason: string): void {
    complain(reason);
    const error = unreachable(`Link could not be loaded from ${at}`);
    drop();
    end((o) => leave(o.standing, error, null));
  }

  /** Closes first, so that a callback may open again or destroy; then tells. Once per open. */
  function end(last: (o: NonNullable<typeof opened>) => void): void {
    const o = opened;
    if (!o) return;
    opened = null;
    openOne = null;
    clearTimeout(watch);
    overlay?.hide();
    closed?.();
    o.events.flush();
    last(o);
  }

  function leave(s: Standing, error: LinkError | null, status: string | null): void {
    const meta: ExitMetadata = {
      institution: s.institution,
      status,
      link_session_id: s.link_session_id,
      request_id: s.request_id,
    };
    call(config.onExit, error, meta);
  }

  /** An exit that is reported from what is known here, without waiting for the server. */
  function leaveNow(error: LinkError | null): void {
    if (opened?.standing.kept) return finish(opened.standing.kept);
    end((o) => {
      const last = error ?? o.standing.error ?? o.events.error;
      o.events.exit(o.standing, last);
      o.events.flush();
      leave(o.standing, last, o.standing.exit_status);
    });
  }

  function finish(done: Done): void {
    end((o) => {
      if (done.kind === "success") {
        call(config.onSuccess, done.public_token, done.metadata);
        return;
      }
      o.events.exit({ ...done.metadata, exit_status: done.metadata.status }, done.error);
      o.events.flush();
      if (done.error && (done.metadata.status === null || done.error.error_code === INVALID_TOKEN.error_code)) {
        complain(`${done.error.error_code}: ${done.error.error_message} (request ${done.metadata.request_id})`);
      }
      call(config.onExit, done.error, done.metadata);
    });
  }

  /** The frame is there; begun says that it has opened the session by itself. */
  function start(begun = false): void {
    clearTimeout(watch);
    const waited = overlay?.ready();
    overlay?.focus();
    if (begun) return post({ type: "shown", waited, keys: overlay?.byKeyboard });
    post({ type: "open", waited, keys: overlay?.byKeyboard, ...(opened?.picked ? { picked: opened.picked } : { receivedRedirectUri, institutionId: opened?.institutionId }) });
  }

  function onMessage(e: MessageEvent): void {
    if (!overlay || e.source !== overlay.frame.contentWindow || e.origin !== new URL(at!).origin) return;
    const m = unwrap<ToHost>(e.data, id);
    if (!m) return;
    if (m.type === "ready") {
      ready = true;
      if (!loaded) {
        loaded = true;
        call(config.onLoad);
      }
      overlay.frame.name = "";
      // Also when the host page moved the element, which loads the frame anew.
      if (opened) start(m.run === run);
      else if (m.run > 0) overlay.frame.contentWindow?.postMessage(wrap(id, m.run, { type: "exit", force: true }), new URL(at!).origin); // closed meanwhile
      return;
    }
    if (!opened || m.run !== run) return;
    switch (m.type) {
      case "standing":
        opened.standing = m.standing;
        return;
      case "events":
        opened.events.add(m.events, m.live);
        return;
      case "done":
        finish(m.done);
        return;
      case "leave":
        leaveNow(m.error);
        return;
      case "navigate":
        navigate(m.url, opened.events);
    }
  }

  /** Leaves this page for the bank's. What was kept for the end is told now: nobody is here for it later. */
  function navigate(url: string, events: Events): void {
    if (!/^https?:/.test(url)) return;
    events.flush();
    if (window.top === window) location.assign(url);
    else window.open(url, "_top"); // the bank's pages stand in no frame
  }

  function onViolation(e: SecurityPolicyViolationEvent): void {
    if (destroyed || ready || !forbidden(e, at)) return;
    refused = forbids(at);
    if (opened) fail(refused);
  }

  function impossible(): string | null {
    if (at === null) return "the script cannot tell where it was loaded from; add data-base=\"<address of Glencheck>\" to its <script> element";
    if (self.origin === "null") return "this page has no origin (a file, or a sandboxed frame); serve it over http";
    return refused || null;
  }

  const open = (institutionId?: unknown): void => begin(institutionId);

  function begin(institutionId?: unknown, picked?: Picked): void {
    if (destroyed) {
      complain("open() after destroy()");
      return;
    }
    // Pages that exchange their whole body take the frame with it.
    const lost = overlay !== null && !overlay.frame.isConnected;
    if (opened && lost) leaveNow(null);
    if (lost) drop();
    if (opened) return;
    if (openOne) {
      complain("another Link is open on this page; only one may be");
      closed?.();
      // As every open(), it ends in a callback: wrappers wait for it before they destroy.
      setTimeout(() => {
        if (!destroyed) leave(NOWHERE, ALREADY_OPEN, null);
      });
      return;
    }
    openOne = me;
    run++;
    opened = {
      events: new Events(tell),
      standing: NOWHERE,
      institutionId: typeof institutionId === "string" && institutionId.length <= LONGEST_ID ? text(institutionId) : undefined,
      picked,
    };
    const now = run;
    const reason = impossible();
    if (reason || (!token && !receivedRedirectUri)) {
      // Later, as every other end: an application may not expect a callback inside open().
      setTimeout(() => {
        if (run !== now || !opened) return;
        if (reason) return fail(reason);
        complain(
          text(config.key)
            ? "public keys are no longer accepted: create a link_token (/link/token/create) and pass it as token"
            : "open() without a token",
        );
        end((o) => leave(o.standing, INVALID_TOKEN, null));
      });
      return;
    }
    // What was loaded while the server was away is a browser's error page: ask again.
    if (overlay && !ready && silent > 0 && performance.now() - silent > AFTER_LOAD) drop();
    if (overlay) reveal(overlay);
    else insert();
  }

  function exit(options?: unknown): void {
    if (!opened) {
      if (!warned) console.warn("Glencheck Link: exit() while Link is not open does nothing");
      warned = true;
      return;
    }
    const force = typeof options === "object" && options !== null && (options as { force?: unknown }).force === true;
    const hears = ready && overlay?.frame.isConnected === true;
    if (hears) post({ type: "exit", force });
    if (hears && !force) return; // the frame may ask first, and answers with the end
    if (hears) farewell = heard();
    leaveNow(null);
  }

  /** Waits until the frame has sent a forced exit to the server: a removed frame sends nothing. */
  function heard(): Promise<void> {
    const from = overlay?.frame.contentWindow;
    return new Promise((resolve) => {
      const done = (): void => {
        removeEventListener("message", listen);
        farewell = undefined;
        resolve();
      };
      const listen = (e: MessageEvent): void => {
        if (e.source === from && unwrap<ToHost>(e.data, id)?.type === "exited") done();
      };
      addEventListener("message", listen);
      setTimeout(done, FAREWELL);
    });
  }

  function destroy(): void {
    if (destroyed) return;
    destroyed = true;
    clearTimeout(preload);
    clearTimeout(watch);
    removeEventListener("message", onMessage);
    document.removeEventListener("securitypolicyviolation", onViolation);
    document.removeEventListener("DOMContentLoaded", insert);
    if (opened) {
      opened = null;
      openOne = null;
    }
    drop();
  }

  addEventListener("message", onMessage);
  document.addEventListener("securitypolicyviolation", onViolation);
  if (at === null) complain(impossible()!);
  return {
    handler: { open, exit, destroy },
    open: (picked) => begin(undefined, picked),
    session: () => (destroyed ? null : (opened?.standing.link_session_id ?? "")),
  };
}
