// handler.submit(), which begins Plaid Layer. Layer is not offered; its documented
// answers say so.

import { metadata } from "./events";
import { call, complain, text, type Config, type Inner } from "./handler";

/** The submit of a handler. */
export function submitOf(config: Config, inner: Inner): (data?: unknown) => void {
  return (data) => {
    const d = (typeof data === "object" && data !== null ? data : {}) as { phone_number?: unknown; date_of_birth?: unknown };
    const phone = text(d.phone_number) !== undefined;
    if (phone === (text(d.date_of_birth) !== undefined)) {
      complain("submit() takes either a phone_number or a date_of_birth");
      return;
    }
    const name = phone ? "LAYER_NOT_AVAILABLE" : "LAYER_AUTOFILL_NOT_AVAILABLE";
    setTimeout(() => {
      const link_session_id = inner.session();
      if (link_session_id !== null) call(config.onEvent, name, metadata({ link_session_id, request_id: "" }, new Date().toISOString()));
    });
  };
}
