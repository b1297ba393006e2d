// contact.iife.js: the element <contact-idv-session token env>, which verifies a
// contact inside a page (contacts-graphql.md section 8). It opens the flow as soon as
// it has a token, and tells what became of it by events that carry nothing.

import { createInner, type Handler } from "../initialize/handler";
import { addressOf } from "./base";

const NAME = "contact-idv-session";
const ENDED = /(PASS|PENDING_REVIEW|FAIL)_SESSION$/;

function define(): void {
  customElements.define(
    NAME,
    class extends HTMLElement {
      static observedAttributes = ["token", "env"];
      #handler: Handler | null = null;
      #shown = ""; // what the handler was made for
      #planned = false;

      get token(): string {
        return this.getAttribute("token") ?? "";
      }

      set token(value: string | null | undefined) {
        if (value) this.setAttribute("token", value);
        else this.removeAttribute("token");
      }

      connectedCallback(): void {
        // A framework may have set the property before the element was known.
        if (Object.hasOwn(this, "token")) {
          const { token } = this;
          delete (this as { token?: string }).token;
          this.token = token;
        }
        this.#plan();
      }

      disconnectedCallback(): void {
        this.#plan();
      }

      attributeChangedCallback(): void {
        this.#plan();
      }

      // An element that is moved, or whose attributes are set one after the other, is
      // looked at once.
      #plan(): void {
        if (this.#planned) return;
        this.#planned = true;
        queueMicrotask(() => {
          this.#planned = false;
          this.#follow();
        });
      }

      #follow(): void {
        const token = this.isConnected ? this.token.trim() : "";
        const wanted = token && `${this.getAttribute("env")} ${token}`;
        if (wanted === this.#shown) return;
        this.#shown = wanted;
        this.#end();
        if (token) this.#open(token);
      }

      #end(): void {
        this.#handler?.destroy();
        this.#handler = null;
      }

      #open(token: string): void {
        let passed = false;
        let over = false;
        let mine: Handler | null = null;
        // What the flow of a token says that is no longer this element's is nobody's.
        const tell = (name: string): void => {
          if (this.#handler === mine) this.dispatchEvent(new CustomEvent(`contact-identity-${name}`, { bubbles: true, composed: true }));
        };
        const closed = (complete: boolean): void => {
          if (over) return;
          over = true;
          if (complete) tell("complete");
          tell("closed");
          if (this.#handler === mine) this.#end(); // nothing of it stays in the page
        };
        mine = createInner(
          {
            token,
            onLoad: () => tell("loaded"),
            onEvent: (name: string) => {
              if (ENDED.test(name)) passed = !name.includes("FAIL");
            },
            onSuccess: () => closed(passed),
            onExit: () => closed(false),
          },
          undefined,
          addressOf(this.getAttribute("env")),
        ).handler;
        this.#handler = mine;
        mine.open();
      }
    },
  );
}

// A page may load the script twice, and a server that renders pages has no elements.
if (typeof customElements !== "undefined" && !customElements.get(NAME)) define();
