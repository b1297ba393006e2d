// Shows an answer: how it stands, its errors, and all of it as code.

import { write } from "../demo/json";
import type { Answer, GraphError, Reply } from "./ask";

const state = document.getElementById("state") as HTMLElement;
const errors = document.getElementById("errors") as HTMLElement;
const data = document.getElementById("data") as HTMLElement;

/** An element with a class and words or others in it. */
export function el<K extends keyof HTMLElementTagNameMap>(tag: K, className: string, ...inner: (string | Node)[]): HTMLElementTagNameMap[K] {
  const e = document.createElement(tag);
  if (className) e.className = className;
  e.append(...inner);
  return e;
}

/** A button, which forms nothing. */
export function button(className: string, name: string, press: () => void): HTMLButtonElement {
  const b = el("button", className, name);
  b.type = "button";
  b.addEventListener("click", press);
  return b;
}

/** What an answer is, if it has the form of one. */
export const answerOf = (r: Reply): Answer => (r.body !== null && typeof r.body === "object" ? (r.body as Answer) : {});

export const millis = (ms: number): string => `${ms < 100 ? ms.toFixed(1) : Math.round(ms)} ms`;

/** How a reply stands, in one word. */
export function verdict(r: Reply): { kind: "ok" | "warn" | "bad"; text: string } {
  const failed = answerOf(r).errors?.length ?? 0;
  if (r.status === 0) return { kind: "bad", text: "No answer" };
  if (failed) return { kind: answerOf(r).data && r.status === 200 ? "warn" : "bad", text: `${r.status}, ${failed === 1 ? "1 error" : `${failed} errors`}` };
  return { kind: r.status === 200 ? "ok" : "bad", text: String(r.status) };
}

function errorItem(e: GraphError, locate: (line: number, column: number) => void): HTMLElement {
  const item = el("li", "", el("code", "", e.extensions?.code ?? "ERROR"), el("span", "", e.message));
  if (e.path) item.append(el("span", "small muted", `at ${e.path.join(".")}`));
  for (const { line, column } of e.locations ?? []) item.append(button("small", `Line ${line}, column ${column}`, () => locate(line, column)));
  return item;
}

/** An operation is under way. */
export function waiting(): void {
  state.replaceChildren(el("span", "badge badge-live", "Running"));
}

/** Shows a reply; locate leads to a place of the document. */
export function show(r: Reply, locate: (line: number, column: number) => void): void {
  const a = answerOf(r);
  const { kind, text } = verdict(r);
  state.replaceChildren(el("span", `badge badge-${kind}`, text), el("span", "num", millis(r.took)));
  const cost = a.extensions?.cost;
  if (cost) state.append(el("span", "num muted", `cost ${cost.requested.toLocaleString("en")} of ${cost.maximum.toLocaleString("en")}`));
  if (r.id) state.append(el("code", "muted wrap-any", r.id));
  errors.replaceChildren(...(a.errors ?? []).map((e) => errorItem(e, locate)));
  errors.hidden = !a.errors?.length;
  data.replaceChildren();
  if (typeof r.body === "string") data.textContent = r.body;
  else write(data, r.body);
  data.scrollTop = 0;
}
