// Types of <contact-idv-session>, for pages written in TypeScript.

/** Verifies a contact inside a page. It opens as soon as it has a token. */
interface ContactIdvSessionElement extends HTMLElement {
  /** What contactCreateIdvSession answered; "" for none, which closes the flow. */
  get token(): string;
  set token(value: string | null | undefined);

  addEventListener<K extends keyof ContactIdvSessionEventMap>(
    type: K,
    listener: (this: ContactIdvSessionElement, event: ContactIdvSessionEventMap[K]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
}

/** The events bubble and are composed. They carry nothing. */
interface ContactIdvSessionEventMap extends HTMLElementEventMap {
  /** The flow has finished loading. */
  "contact-identity-loaded": CustomEvent<null>;
  /** The verification passed or waits for a review: ask your server before you rely on it. */
  "contact-identity-complete": CustomEvent<null>;
  /** The flow is closed, whatever came of it. */
  "contact-identity-closed": CustomEvent<null>;
}

interface HTMLElementTagNameMap {
  "contact-idv-session": ContactIdvSessionElement;
}

/** What the element's tag takes. contact.react.d.ts and contact.vue.d.ts beside this file tell it to frameworks. */
interface ContactIdvSessionAttributes {
  token?: string | null;
  env?: "prod" | "stage";
  hidden?: boolean;
}
