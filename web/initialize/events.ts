// Events are kept until the flow ends, as documented: only a few are told as
// they happen, all others come in order of time just before the last callback.
// A server that is asked for it has all of them told as they happen.

import type { LinkError, LinkEvent, Standing } from "../shared/protocol";

const LIVE = new Set(["OPEN", "LAYER_READY", "LAYER_NOT_AVAILABLE", "LAYER_AUTOFILL_NOT_AVAILABLE"]);

// Every key exists in every event; unused ones are null.
const KEYS = [
  "account_number_mask", "error_code", "error_message", "error_type", "exit_status", "institution_id",
  "institution_name", "institution_search_query", "is_update_mode", "link_session_id", "match_reason",
  "mfa_type", "request_id", "routing_number", "selection", "view_name",
];

/** Metadata with every documented key. */
export function metadata(values: Record<string, unknown>, timestamp: string): LinkEvent["metadata"] {
  return { ...Object.fromEntries(KEYS.map((k) => [k, null])), ...values, timestamp };
}

/** The events of one session. */
export class Events {
  #kept: LinkEvent[] = [];
  #last: { server: number; here: number } | null = null;
  #error: LinkError | null = null;
  #exited = false; // an EXIT is among them

  constructor(private readonly tell: (event: LinkEvent) => void) {}

  add(events: LinkEvent[], live = false): void {
    for (const e of events) {
      const at = Date.parse(e.metadata.timestamp);
      if (!Number.isNaN(at)) this.#last = { server: at, here: performance.now() };
      if (e.event_name === "ERROR" && typeof e.metadata.error_code === "string") {
        this.#error = {
          error_type: String(e.metadata.error_type ?? ""),
          error_code: e.metadata.error_code,
          error_message: String(e.metadata.error_message ?? ""),
          display_message: null,
        };
      }
      if (e.event_name === "EXIT") this.#exited = true;
      if (live || LIVE.has(e.event_name)) this.tell(e);
      else this.#kept.push(e);
    }
  }

  /** The last error that the session met. */
  get error(): LinkError | null {
    return this.#error;
  }

  /** Now by the clock of the server, which need not be the browser's. */
  now(): string {
    const ms = this.#last ? this.#last.server + Math.round(performance.now() - this.#last.here) : Date.now();
    return new Date(ms).toISOString();
  }

  /** Adds the EXIT that the server has not told or cannot be waited for. */
  exit(s: Pick<Standing, "link_session_id" | "request_id" | "institution" | "exit_status" | "closing">, error: LinkError | null): void {
    if (this.#exited) return;
    this.#exited = true;
    const { closing, link_session_id, request_id } = s;
    if (closing) this.#kept.push({ event_name: closing, metadata: metadata({ link_session_id, request_id }, this.now()) });
    this.#kept.push({
      event_name: "EXIT",
      metadata: metadata(
        {
          error_type: error?.error_type ?? null,
          error_code: error?.error_code ?? null,
          error_message: error?.error_message ?? null,
          exit_status: s.exit_status,
          institution_id: s.institution?.institution_id ?? null,
          institution_name: s.institution?.name ?? null,
          link_session_id: s.link_session_id,
          request_id: s.request_id,
        },
        this.now(),
      ),
    });
  }

  /** Tells what was kept, in order of time. */
  flush(): void {
    const kept = this.#kept.splice(0);
    // ISO 8601 in one zone and one precision sorts as text; sort is stable.
    kept.sort((a, b) => (a.metadata.timestamp < b.metadata.timestamp ? -1 : a.metadata.timestamp > b.metadata.timestamp ? 1 : 0));
    for (const e of kept) this.tell(e);
  }
}
