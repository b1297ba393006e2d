// The page around the frame, if there is one. It is spoken to at the origin that
// the frame's address names, and heard only from there.

import { happened } from "./webview";
import { AT_ONCE, unwrap, wrap, type ToFrame, type ToHost } from "../shared/protocol";

const query = new URLSearchParams(location.search);

/** The link token in the frame's address. */
export const token = query.get("token") ?? "";

const id = query.get("id") ?? "";
const origin = query.get("origin") ?? "";

/** Whether link-initialize.js has put this page into a frame of another page. */
export const framed = window.parent !== window && id !== "" && origin !== "";

/** The origin of the page around, as its script gave it. */
export const hostOrigin = framed ? origin : undefined;

const place = framed ? null : /^\/(link\/hosted|verify)\/([^/]+)$/.exec(location.pathname);

/** The secret in the address of a page that a session is opened on by itself, "" on any other. */
export const hosted = place ? place[2]! + (place[1] === "verify" ? `.${query.get("key") ?? ""}` : "") : "";

/** Whether this is Link in an app's webview. */
export const webview = !framed && hosted === "" && query.get("isWebview")?.toLowerCase() === "true";

let run = framed && window.name.startsWith(AT_ONCE) ? Number(window.name.slice(AT_ONCE.length)) || 0 : 0;

/** Whether the page around has put this frame there to be open: the session need not be waited for. */
export const atOnce = run > 0;

/** Tells the host page; an app around a webview hears of the events. */
export function tell(message: ToHost): void {
  if (webview && message.type === "events") message.events.forEach(happened);
  if (framed) window.parent.postMessage(wrap(id, run, message), origin);
}

/** Hears the host page. */
export function listen(hear: (message: ToFrame) => void): void {
  addEventListener("message", (e) => {
    if (!framed || e.source !== window.parent || e.origin !== origin) return;
    const m = unwrap<ToFrame>(e.data, id);
    if (!m) return;
    if (m.type === "open") run = m.run;
    if (m.run === run) hear(m);
  });
}
