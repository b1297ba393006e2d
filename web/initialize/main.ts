// link-initialize.js: defines window.Plaid as pages of Plaid Link know it.

import { addMarker } from "./base";
import { createEmbedded as embed, type EmbeddedHandler } from "./embedded";
import { createHandler, type Config, type Handler } from "./handler";

/** The global of the page. */
export interface PlaidGlobal {
  version: string;
  create(config?: Config): Handler;
  createEmbedded(config?: Config, element?: Element): EmbeddedHandler;
}

declare global {
  interface Window {
    Plaid?: PlaidGlobal;
  }
}

function create(config?: Config): Handler {
  return createHandler(config && typeof config === "object" ? config : {});
}

function createEmbedded(config?: Config, element?: unknown): EmbeddedHandler {
  return embed(config && typeof config === "object" ? config : {}, element);
}

if (window.Plaid) {
  console.warn("Glencheck Link: link-initialize.js is on this page twice; the first one stays in use");
} else {
  window.Plaid = { version: "2.0.0-glencheck", create, createEmbedded };
  addMarker();
}
