// Link in an app's webview: what a page would hear through callbacks, an app sees
// as navigations to plaidlink:// that it does not follow (link-web.md section 7).

import type { Done, LinkEvent } from "../shared/protocol";

// Two navigations of one page in the same moment are one to WebKit: the later
// replaces the earlier before the app has been asked. So they go one by one, each
// in a task of its own, with a moment for the one before.
const APART = 50;
const CLOSING = 2000;

let last: Promise<void> = Promise.resolve();

const rest = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

function go(what: "connected" | "exit" | "event", fields: Record<string, unknown>): void {
  // Not URLSearchParams: its "+" for a space stays a "+" on iOS.
  const query = Object.entries(fields).map(([key, value]) => `${key}=${encodeURIComponent(value === null || value === undefined ? "" : String(value))}`);
  const address = `plaidlink://${what}?${query.join("&")}`;
  last = last.then(() => {
    location.href = address;
    return rest(APART);
  });
}

/** When the app has had its messages. */
export function sent(): Promise<void> {
  return last;
}

/** When the app has had its messages and the time to act on them. */
export async function idle(): Promise<void> {
  await last;
  await rest(CLOSING);
}

/** Tells the app what happened, as it happens: unlike callbacks, these messages are not kept for the end. */
export function happened(e: LinkEvent): void {
  go("event", { event_name: e.event_name, ...e.metadata });
}

interface Account {
  id: string;
  name: string;
  mask: string | null;
  type: string;
  subtype: string;
  verification_status: string | null;
  class_type: string | null;
}

/** Tells the app how the session ended, in the names of the webview: they are not those of the web. */
export function ended(done: Done): void {
  const { institution, link_session_id } = done.metadata as { institution?: { institution_id: string; name: string } | null; link_session_id: string };
  const about = { institution_id: institution?.institution_id, institution_name: institution?.name };
  if (done.kind === "success") {
    const accounts = (done.metadata.accounts as Account[] | undefined) ?? [];
    const only = accounts.length === 1 ? accounts[0] : undefined;
    go("connected", {
      public_token: done.public_token,
      ...about,
      accounts: JSON.stringify(
        accounts.map((a) => ({
          _id: a.id,
          meta: { name: a.name, number: a.mask },
          type: a.type,
          subtype: a.subtype,
          verification_status: a.verification_status,
          class_type: a.class_type,
        })),
      ),
      account_id: only?.id, // apps from before there were several
      account_name: only?.name,
      link_session_id,
      transfer_status: done.metadata.transfer_status,
    });
    return;
  }
  const { error, metadata } = done;
  go("exit", {
    status: metadata.status,
    error_type: error?.error_type,
    error_code: error?.error_code,
    error_message: error?.error_message,
    error_display_message: error?.display_message,
    display_message: error?.display_message, // the samples have the one name, the table the other
    ...about,
    link_session_id,
    request_id: metadata.request_id,
    link_request_id: metadata.request_id, // what the samples read
    plaid_api_request_id: metadata.request_id,
  });
}
