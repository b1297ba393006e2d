// One Link session as the frame sees it. The server owns it; here is only what
// was answered last, and that one step is asked at a time.

import type { Done, LinkError, Picked, Standing } from "../shared/protocol";
import { keep } from "./alone";
import { framed, hosted, hostOrigin, tell, token } from "./host";
import { lifted } from "./list";
import * as oauth from "./oauth";
import { post, Refused, Stopped, Unreachable, upload, type Reply, type Send } from "./server";
import * as stage from "./stage";
import * as uploads from "./upload";

type Ask = () => Promise<Reply>;

/** Says on the console why Link did what it did. Only a sandbox answers with reasons. */
function explain({ remarks, pane, done }: Reply): void {
  const dead = pane?.view === "ERROR" || (done?.kind === "exit" && done.error !== null);
  for (const { text } of remarks ?? []) console[dead ? "warn" : "info"](`Glencheck Link: ${text}`);
}

/** A session. A second one may follow in the same frame; the first is then deaf. */
export class Session {
  #handle = "";
  #seq = 0;
  #seen = 0; // events that have arrived
  #standing: Standing = { link_session_id: "", request_id: "", institution: null, exit_status: "requires_credentials" };
  #busy = false;
  #over = false;
  #asked = false; // whether to leave
  #leaving = false; // the person wants to leave, and a step is still on its way
  #retry: Ask | null = null;
  #searches = 0;

  constructor(private readonly ended: (done: Done) => void) {}

  /** Whether a step is on its way. */
  get busy(): boolean {
    return this.#busy;
  }

  /** Opens the session at the server. */
  open(receivedRedirectUri?: string, institutionId?: string, picked?: Picked): Promise<void> {
    return this.#ask(() =>
      post("open", {
        ...(hosted ? { hosted } : { link_token: token }),
        language: navigator.languages.join(),
        ...(hostOrigin ? { origin: hostOrigin } : {}),
        ...(receivedRedirectUri ? { received_redirect_uri: receivedRedirectUri } : {}),
        ...(institutionId ? { institution_id: institutionId } : {}),
        ...(picked ? { embedded: true, institution_id: picked.institutionId, query: picked.query } : {}),
      }),
    );
  }

  /** Goes on with a session that the server has opened with the page. */
  adopt(reply: Reply): Promise<void> {
    return this.#ask(() => Promise.resolve(reply));
  }

  /**
   * Goes on with a session that this browser has begun elsewhere, or opens one if
   * that is gone or was left. An address on which the person came back from their
   * bank is tried first; the browser may be at one that has done its work.
   */
  resume(handle: string, back?: string): Promise<void> {
    return this.#ask(async () => {
      if (back) {
        const reply = await post("open", { hosted, received_redirect_uri: back });
        if (reply.session) return reply;
      }
      try {
        // No pane has this number: the answer is the present one, and nothing is done.
        const reply = await post("step", { session: handle, seq: -1, action: "resume" });
        if (reply.done?.kind !== "exit") return { session: handle, ...reply };
      } catch (e) {
        if (!(e instanceof Refused) || e.status >= 500) throw e;
      }
      return post("open", { hosted, language: navigator.languages.join() });
    });
  }

  /** Takes one step. */
  step(action: string, value?: string, fields?: Record<string, string | string[]>): Promise<void> {
    return this.#ask(() => post("step", { ...this.#where(), action, ...(value === undefined ? {} : { value }), ...(fields ? { fields } : {}) }));
  }

  /** Uploads a file. The pane shows how far it has come, so that nothing covers it meanwhile. */
  upload(file: Send): Promise<void> {
    return this.#ask(() => upload(this.#where(), file), true);
  }

  /** Leaves: the server asks first where something would be lost. */
  leave(): Promise<void> {
    if (this.#busy && this.#handle === "") {
      // Nothing has begun; a session that opens after all is closed by #ask.
      this.quit();
      if (framed) tell({ type: "leave", error: null });
      this.ended(this.#exit(null));
      return Promise.resolve();
    }
    if (this.#busy) {
      // The step's outcome belongs to the session; leave as soon as it is known.
      this.#leaving = true;
      uploads.end();
      stage.leaving();
      return Promise.resolve();
    }
    return this.#ask(() => post("exit", { ...this.#where(), force: false }));
  }

  /** Ends at once; the server hears of it even if the frame goes away. */
  quit(): void {
    if (this.#over) return;
    this.#over = true;
    if (this.#handle !== "") void this.#forget();
  }

  /** Ends although the server cannot be asked. */
  leaveUnheard(): void {
    if (this.#over) return;
    this.quit();
    const error: LinkError = { error_type: "API_ERROR", error_code: "INTERNAL_SERVER_ERROR", error_message: "Link could not reach its server", display_message: null };
    if (framed) tell({ type: "leave", error });
    this.ended(this.#exit(error));
  }

  /** Asks again what could not be asked. */
  retry(): Promise<void> {
    return this.#retry ? this.#ask(this.#retry) : Promise.resolve();
  }

  /** Searches; only the newest answer counts. */
  async search(query: string): Promise<void> {
    if (this.#over || this.#busy) return;
    const mine = ++this.#searches;
    const ask: Ask = () => post("step", { ...this.#where(), action: "search", value: query });
    const newest = (): boolean => !this.#over && !this.#busy && mine === this.#searches;
    try {
      const reply = await ask();
      if (!this.#over) this.#events(reply);
      await lifted();
      if (newest()) this.#apply(reply);
    } catch (e) {
      if (newest()) this.#failed(e, ask);
    }
  }

  /** Looks what has become of the session elsewhere; what stands on the pane stays unless that is another. */
  async look(): Promise<void> {
    if (this.#over || this.#busy || this.#handle === "") return;
    const seq = this.#seq;
    try {
      const reply = await post("step", { ...this.#where(), action: "look" });
      if (this.#over || this.#busy || this.#seq !== seq || (!reply.done && reply.pane?.seq === seq)) return;
      this.#events(reply);
      this.#apply(reply);
    } catch {
      // The next look, or the next step, finds out.
    }
  }

  /** What every call says: which session, on which pane, and how many events have arrived. */
  #where(): { session: string; seq: number; seen: number } {
    return { session: this.#handle, seq: this.#seq, seen: this.#seen };
  }

  /** Tells the server of something that changes nothing on the pane; what comes of it are events. */
  async note(action: string): Promise<void> {
    if (this.#over || this.#busy) return;
    try {
      const reply = await post("step", { ...this.#where(), action });
      if (!this.#over) this.#events(reply);
    } catch {
      // Nobody waits for it, and the next answer brings what was lost.
    }
  }

  async #ask(ask: Ask, quiet = false): Promise<void> {
    if (this.#over || this.#busy) return;
    this.#busy = true;
    this.#searches++; // what is still being searched for is no longer wanted
    this.#retry = null;
    if (!quiet) stage.wait();
    try {
      const reply = await ask();
      if (!this.#over) await stage.arrived();
      if (this.#over) {
        // Ended while the session was being opened: nobody else knows its handle. The
        // screen, and the ear of the page around, may be the next session's.
        if (reply.session) {
          this.#handle = reply.session;
          void this.#forget();
        }
        return;
      }
      this.#busy = false;
      this.#events(reply);
      this.#apply(reply);
    } catch (e) {
      if (!this.#over) await stage.arrived();
      if (this.#over) return;
      this.#busy = false;
      if (e instanceof Stopped) uploads.drop();
      else this.#failed(e, ask);
    }
    if (this.#leaving && !this.#over && !this.#retry) {
      this.#leaving = false;
      await this.leave();
    }
  }

  #events(reply: Reply): void {
    if (reply.session) keep((this.#handle = reply.session));
    if (reply.link_session_id) this.#standing.link_session_id = reply.link_session_id;
    explain(reply);
    const last = reply.seen ?? this.#seen + (reply.events?.length ?? 0);
    // An answer brings what an earlier one that was lost should have brought; two
    // answers that cross may both bring it.
    const events = (reply.events ?? []).slice(Math.max(0, this.#seen - last + (reply.events?.length ?? 0)));
    this.#seen = Math.max(this.#seen, last);
    if (events.length > 0) tell({ type: "events", events, ...(reply.live ? { live: true } : {}) });
  }

  #apply(reply: Reply): void {
    const { pane, sheet, fragment, done } = reply;
    if (pane || done) oauth.follow(this, reply);
    if (done) {
      this.#over = true;
      tell({ type: "done", done });
      this.ended(done);
      return;
    }
    if (pane && pane.seq >= this.#seq) {
      const stays = this.#asked && !sheet && pane.view === stage.view();
      this.#seq = pane.seq;
      this.#standing = {
        link_session_id: this.#standing.link_session_id,
        request_id: pane.request_id,
        institution: pane.institution ?? null,
        exit_status: pane.exit_status,
        error: pane.error ?? this.#standing.error ?? null,
        ...(pane.closing ? { closing: pane.closing } : {}),
        ...(pane.kept ? { kept: pane.kept } : {}),
      };
      tell({ type: "standing", standing: this.#standing });
      if (stays) this.#stay();
      else if (!sheet || pane.view !== stage.view()) stage.show(pane.html);
    } else {
      stage.back();
    }
    if (sheet) {
      if (sheet.seq !== undefined) this.#seq = sheet.seq;
      stage.cover(sheet.html);
    }
    this.#asked = sheet !== undefined;
    if (!sheet && !pane && fragment) {
      stage.fragment(fragment.target, fragment.html, fragment.status);
    }
  }

  /** Back to the pane as it was left: what was typed is still there. */
  #stay(): void {
    if (stage.covered()) stage.uncover();
    else stage.back();
  }

  #failed(e: unknown, ask: Ask): void {
    if (e instanceof Refused && e.status < 500 && e.status !== 429) {
      this.#over = true;
      if (e.error.error_code === "INVALID_LINK_TOKEN") {
        console.warn("Glencheck Link: the server does not know this session any more; was it started anew, with an empty database?");
      } else if (this.#handle !== "") {
        void this.#forget(); // what the server would not take has ended nothing there
      }
      this.#standing.request_id = e.requestId || this.#standing.request_id;
      const done = this.#exit(e.error);
      tell({ type: "done", done });
      this.ended(done);
      return;
    }
    this.#retry = ask;
    this.#leaving = false;
    if (e instanceof Refused) stage.notice("failed", [e.error.error_code, e.requestId].filter(Boolean).join("\u00a0· "));
    else if (e instanceof Unreachable) stage.notice("offline");
    else throw e;
  }

  #exit(error: LinkError | null): Done {
    const { institution, link_session_id, request_id, kept } = this.#standing;
    if (kept) return kept;
    const begun = link_session_id !== "";
    return { kind: "exit", error, metadata: { institution, status: begun ? this.#standing.exit_status : null, link_session_id, request_id } };
  }

  async #forget(): Promise<void> {
    try {
      await post("exit", { ...this.#where(), force: true }, true);
    } catch {
      // The server drops a session that is never heard of again by itself.
    }
  }
}
