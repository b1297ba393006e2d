// link-initialize.js: defines window.Plaid as pages of Plaid Link know it.

import { addMarker, base } from "./base";
import { createEmbedded as embed, type EmbeddedHandler } from "./embedded";
import { createInner, type Config, type Handler } from "./handler";
import { submitOf } from "./layer";

/** What Plaid.create returns. */
export interface PlaidHandler extends Handler {
  submit(data?: unknown): void;
}

/** The global of the page. */
export interface PlaidGlobal {
  version: string;
  create(config?: Config): PlaidHandler;
  createEmbedded(config?: Config, element?: Element): EmbeddedHandler;
}

declare global {
  interface Window {
    Plaid?: PlaidGlobal;
  }
}

function create(given?: Config): PlaidHandler {
  const config = given && typeof given === "object" ? given : {};
  const inner = createInner(config, undefined, base);
  return { ...inner.handler, submit: submitOf(config, inner) };
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
