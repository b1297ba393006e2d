// What the host page's script and the frame say to each other. Both sides are
// built from this file; nobody else speaks it.

/** An institution as Link's callbacks name it. */
export interface Institution {
  institution_id: string | null;
  name: string | null;
}

/** An error as Link's callbacks carry it. */
export interface LinkError {
  error_type: string;
  error_code: string;
  error_message: string;
  display_message: string | null;
}

/** The second argument of onExit. */
export interface ExitMetadata {
  institution: Institution | null;
  status: string | null;
  link_session_id: string;
  request_id: string;
}

/** One event: its name and its metadata, in which unused keys are null. */
export interface LinkEvent {
  event_name: string;
  metadata: Record<string, unknown> & { timestamp: string };
}

/** How a session ended. */
export type Done =
  | { kind: "success"; public_token: string | null; metadata: Record<string, unknown> }
  | { kind: "exit"; error: LinkError | null; metadata: ExitMetadata };

/** What an exit from where the session stands now would report. */
export interface Standing {
  link_session_id: string;
  request_id: string;
  institution: Institution | null;
  exit_status: string | null;
  error?: LinkError | null;
  /** The event that an exit begins with, where there is one. */
  closing?: string;
  /** What the session has made already: whoever leaves now leaves with this. */
  kept?: Done;
}

/** A bank that was chosen in the host's page, and what had been searched for. */
export interface Picked {
  institutionId: string;
  query: string;
}

/** How the name of a frame begins that opens its session by itself; the run follows. */
export const AT_ONCE = "glencheck-open-";

/** Messages to the frame. */
export type ToFrame =
  // keys: the person goes by keyboard; waited: for how long they have seen a loader
  | { type: "open"; receivedRedirectUri?: string; institutionId?: string; picked?: Picked; keys?: boolean; waited?: number }
  | { type: "shown"; keys?: boolean; waited?: number } // instead of open, to a frame that has begun by itself
  | { type: "exit"; force: boolean }
  | { type: "idle" }; // to the embedded search: Link is closed

/** Messages to the host page. */
export type ToHost =
  | { type: "ready" }
  | { type: "standing"; standing: Standing }
  | { type: "events"; events: LinkEvent[]; live?: boolean } // live: told as they happen
  | { type: "done"; done: Done }
  | { type: "leave"; error: LinkError | null } // the server cannot be asked: end here
  | { type: "navigate"; url: string } // the whole page goes to the bank
  | { type: "exited" } // a forced exit is on its way to the server
  | { type: "pick"; picked: Picked } // from the embedded search
  | { type: "refused"; done: Done }; // from the embedded search: this token has none

/** The envelope: run counts the sessions of one handler, so that a late word of
 * an ended session is known as such. */
export type Envelope<M> = M & { glencheck: 1; id: string; run: number };

/** Wraps a message. */
export function wrap<M extends ToFrame | ToHost>(id: string, run: number, message: M): Envelope<M> {
  return { glencheck: 1, id, run, ...message };
}

/** Reads a message that claims to come from the other side; null if it does not speak this protocol. */
export function unwrap<M extends ToFrame | ToHost>(data: unknown, id: string): Envelope<M> | null {
  if (typeof data !== "object" || data === null) return null;
  const m = data as Partial<Envelope<M>>;
  return m.glencheck === 1 && m.id === id && typeof m.type === "string" && typeof m.run === "number"
    ? (m as Envelope<M>)
    : null;
}

/** What the window in which a person comes back from their bank says to Link. */
export const RETURNED = "glencheck:returned";
