// "What happened": one line a call, in order, each with what was sent and what came back.

import { write } from "./json";

/** The words of the page, which the server has put into an element. */
export const words = (document.getElementById("words") as HTMLElement).dataset as Record<string, string>;

const list = document.getElementById("calls") as HTMLElement;
const state = document.getElementById("state") as HTMLElement;
const empty = document.getElementById("empty") as HTMLElement;
const clearButton = document.getElementById("clear") as HTMLElement;
const template = document.getElementById("call") as HTMLTemplateElement;

/** One line. */
export class Line {
  readonly #el: HTMLDetailsElement;
  readonly #badge: HTMLElement;
  #parts = 0;

  constructor(who: string, what: string) {
    empty.hidden = true;
    clearButton.hidden = false;
    for (const other of list.querySelectorAll("details")) other.open = false;
    this.#el = (template.content.firstElementChild as HTMLElement).cloneNode(true) as HTMLDetailsElement;
    const [w, c, b] = [...this.#el.firstElementChild!.children] as [HTMLElement, HTMLElement, HTMLElement];
    w.textContent = who;
    c.textContent = what;
    this.#badge = b;
    b.hidden = true;
    list.append(this.#el);
    this.#el.open = true;
  }

  /** Whether the line is still there. */
  get shown(): boolean {
    return this.#el.isConnected;
  }

  /** Sets the result. */
  badge(kind: "ok" | "bad" | "live" | "warn", text: string): this {
    this.#badge.className = `badge badge-${kind}`;
    this.#badge.textContent = text;
    this.#badge.hidden = false;
    return this;
  }

  /** Adds a block of JSON, or of lines, and answers it. */
  body(title: string, value: unknown): HTMLElement {
    const head = document.createElement("p");
    head.className = "call-part";
    head.id = `part-${list.childElementCount}-${++this.#parts}`;
    head.textContent = title;
    const pre = document.createElement("pre");
    pre.className = "codeblock";
    pre.tabIndex = 0;
    pre.setAttribute("role", "group");
    pre.setAttribute("aria-labelledby", head.id);
    if (typeof value === "string") pre.textContent = value;
    else write(pre, value);
    this.#el.append(head, pre);
    return pre;
  }
}

/** Says how it stands, beside the title. */
export function say(kind: "ok" | "bad" | "live" | "warn" | "", text: string): void {
  state.className = kind === "" ? "" : `badge badge-${kind}`;
  state.textContent = text;
}

/** Empties the log. */
export function clear(): void {
  list.replaceChildren();
  say("", "");
  empty.hidden = false;
  clearButton.hidden = true;
}
