// link-initialize.js: defines window.Plaid as pages of Plaid Link know it.

import { addMarker } from "./base";
import { call, complain, createHandler, type Config, type Handler } from "./handler";

/** The global of the page. */
export interface PlaidGlobal {
  version: string;
  create(config?: Config): Handler;
  createEmbedded(config?: Config, element?: Element): { destroy(): void };
}

declare global {
  interface Window {
    Plaid?: PlaidGlobal;
  }
}

function create(config?: Config): Handler {
  return createHandler(config && typeof config === "object" ? config : {});
}

/** Embedded institution search is not offered: it says so instead of staying blank without a word. */
function createEmbedded(config?: Config): { destroy(): void } {
  complain("embedded institution search (Plaid.createEmbedded) is not supported yet; use Plaid.create(config).open()");
  const later = setTimeout(() => {
    call(
      config?.onExit,
      {
        error_type: "INVALID_REQUEST",
        error_code: "INVALID_CONFIGURATION",
        error_message: "embedded institution search is not supported by this Glencheck",
        display_message: null,
      },
      { institution: null, status: null, link_session_id: "", request_id: "" },
    );
  });
  return { destroy: () => clearTimeout(later) };
}

if (window.Plaid) {
  console.warn("Glencheck Link: link-initialize.js is on this page twice; the first one stays in use");
} else {
  window.Plaid = { version: "2.0.0-glencheck", create, createEmbedded };
  addMarker();
}
