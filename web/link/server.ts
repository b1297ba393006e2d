// The calls to the server and what they answer.

import type { Done, Institution, LinkError, LinkEvent } from "../shared/protocol";

/** A pane as the server renders it. */
export interface Pane {
  view: string;
  seq: number;
  html?: string; // none if the document came with it
  institution?: Institution | null;
  exit_status: string | null;
  request_id: string;
  error?: LinkError | null;
  closing?: string;
  kept?: Done;
}

/** Where the person is to go, or has gone: to the bank's own pages. */
export interface Away {
  url: string;
  redirect?: boolean; // in place of the page
}

/** The answer to every call. */
export interface Reply {
  session?: string;
  link_session_id?: string;
  pane?: Pane;
  sheet?: { html: string; seq?: number };
  oauth?: Away;
  fragment?: { target: string; html: string; status?: string };
  events?: LinkEvent[];
  live?: boolean;
  seen?: number; // of the last event, counted from the session's first
  remarks?: { view?: string; text: string }[];
  done?: Done;
}

/** The server could not be asked, or did not answer in time. */
export class Unreachable extends Error {}

/** The server answered with an error. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly error: LinkError,
    readonly requestId: string,
  ) {
    super(error.error_message);
  }
}

/** The person has stopped an upload. */
export class Stopped extends Error {}

/** A file to send, and who hears how far it has come. */
export interface Send {
  body: Blob;
  name: string;
  progress: (share: number) => void;
  signal: AbortSignal;
}

/** Sends a file as it is; fetch could not tell how far it has come. */
export function upload(where: { session: string; seq: number; seen: number }, file: Send): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const x = new XMLHttpRequest();
    x.open("POST", "/link/session/upload");
    x.responseType = "json";
    x.timeout = TIMEOUT;
    x.setRequestHeader("Content-Type", "application/octet-stream");
    x.setRequestHeader("Glencheck-Session", where.session);
    x.setRequestHeader("Glencheck-Seq", String(where.seq));
    x.setRequestHeader("Glencheck-Seen", String(where.seen));
    x.setRequestHeader("Glencheck-File", encodeURIComponent([...file.name].slice(-60).join("").replace(/\p{Cs}/gu, "")));
    x.upload.onprogress = (e) => file.progress(e.total ? e.loaded / e.total : 1);
    x.onload = () => {
      if (x.response === null) reject(new Unreachable(`no readable answer (HTTP ${x.status})`));
      else if (x.status === 200) resolve(x.response as Reply);
      else reject(refused(x.status, x.response as Partial<LinkError> & { request_id?: string }));
    };
    x.onerror = x.ontimeout = () => reject(new Unreachable("no answer"));
    x.onabort = () => reject(new Stopped("stopped"));
    file.signal.addEventListener("abort", () => x.abort());
    file.progress(0);
    x.send(file.body);
  });
}

// Some banks take a minute.
const TIMEOUT = 90_000;

/** Posts to /link/session/<what>. With keepalive the request outlives the frame. */
export async function post(what: "open" | "step" | "exit" | "search", body: object, keepalive = false): Promise<Reply> {
  let response: Response;
  try {
    response = await fetch(`/link/session/${what}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      credentials: "omit",
      cache: "no-store",
      keepalive,
      ...(keepalive ? {} : { signal: AbortSignal.timeout(TIMEOUT) }),
    });
  } catch (cause) {
    throw new Unreachable("no answer", { cause });
  }
  let answer: unknown;
  try {
    answer = await response.json();
  } catch (cause) {
    throw new Unreachable(`no readable answer (HTTP ${response.status})`, { cause });
  }
  if (!response.ok) throw refused(response.status, answer as Partial<LinkError> & { request_id?: string });
  return answer as Reply;
}

function refused(status: number, e: Partial<LinkError> & { request_id?: string }): Refused {
  return new Refused(
    status,
    {
      error_type: e.error_type ?? "API_ERROR",
      error_code: e.error_code ?? "INTERNAL_SERVER_ERROR",
      error_message: e.error_message ?? "an unexpected error occurred",
      display_message: e.display_message ?? null,
    },
    e.request_id ?? "",
  );
}
