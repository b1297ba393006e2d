// Link without a page around it: the page of Hosted Link, a browser tab of its
// own, or an app's webview. Here is how such a page begins and where it leads.

import type { Done } from "../shared/protocol";
import { hosted, webview } from "./host";
import type { Session } from "./session";
import * as stage from "./stage";
import * as app from "./webview";

/** Where a Hosted Link page leads at its end, "" for nowhere. */
const completion = stage.root.dataset.completion ?? "";

// The session of a Hosted Link page, for its other tabs and for when it is
// loaded anew. Where the browser keeps nothing, each begins a session of its own.
const kept = `glencheck.hosted.${hosted}`;

function recall(): string {
  try {
    return localStorage.getItem(kept) ?? "";
  } catch {
    return "";
  }
}

/** Keeps the handle of the session that this page is at; "" forgets it. */
export function keep(handle: string): void {
  if (hosted === "") return;
  try {
    if (handle === "") localStorage.removeItem(kept);
    else localStorage.setItem(kept, handle);
  } catch {
    // Nothing is kept here.
  }
}

/** Opens a session, or goes on with the one that this browser is at. */
export function begin(session: Session, receivedRedirectUri?: string): void {
  const handle = hosted === "" ? "" : recall();
  const returns = hosted !== "" && new URLSearchParams(location.search).has("oauth_state_id");
  const back = returns ? location.href : receivedRedirectUri;
  if (returns) history.replaceState(null, "", location.pathname); // it works once
  void (handle === "" ? session.open(back) : session.resume(handle, back));
  // Another tab forgets the session when it has ended it; this one follows.
  addEventListener("storage", (e) => {
    if (e.key === kept && e.newValue === null) void session.look();
  });
}

/** Leads back to the app. */
export function leave(): void {
  location.assign(completion);
}

/** The session is over: lead on, and say how it ended where the page stays. */
export function ended(done: Done): void {
  keep("");
  if (webview) {
    app.ended(done);
    // The app closes the webview on this message; only where it does not, say so.
    void app.idle().then(() => notice(done));
    return;
  }
  const leads = completion !== "" && !refused(done);
  // What is on screen stays until another page is there. An app's own scheme may
  // lead nowhere on this machine: the last pane offers the way once more.
  if (!leads || !/^https?:/i.test(completion)) notice(done);
  if (leads) location.replace(completion);
}

/** Whether Link could not even begin. */
function refused(done: Done): boolean {
  return done.kind === "exit" && done.error !== null && done.metadata.status === null;
}

function notice(done: Done): void {
  stage.clear();
  if (done.kind === "success") stage.notice("ended-success");
  else if (refused(done)) stage.notice("ended-error", `${done.error!.error_code}\u00a0· ${done.metadata.request_id}`);
  else stage.notice("ended-exit");
}
