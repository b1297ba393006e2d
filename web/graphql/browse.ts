// The browser of the schema: types, their fields and what is said of them. The type
// that is shown is in the address.

import { core, written, type Field, type Input, type Ref, type Type, type Types } from "./schema";
import { button, el } from "./show";

const browser = document.getElementById("browser") as HTMLElement;
const find = document.getElementById("find") as HTMLInputElement;
const MOST = 60;

/** What a press on a field does. */
export type Use = (owner: Type, field: Field) => void;

function link(name: string, text = name): HTMLAnchorElement {
  const a = el("a", "", text);
  a.href = `#${name}`;
  return a;
}

/** A type with a link to its core. */
function typeOf(t: Ref): (Node | string)[] {
  const name = core(t);
  const [before, after] = written(t).split(name) as [string, string];
  return [before, link(name), after];
}

const about = (text: string | null): HTMLElement[] => (text ? [el("p", "gql-about", text)] : []);

function input(i: Input): HTMLElement {
  const sig = el("p", "sig", i.name, ": ", ...typeOf(i.type));
  if (i.defaultValue) sig.append(` = ${i.defaultValue}`);
  return el("li", "", sig, ...about(i.description));
}

function fieldItem(owner: Type, f: Field, use: Use, named: boolean): HTMLElement {
  const b = button("", f.name, () => use(owner, f));
  b.setAttribute("aria-label", `Insert ${f.name}`);
  const sig = el("p", "sig", ...(named ? [link(owner.name), "."] : []), b, ": ", ...typeOf(f.type));
  const item = el("li", "", sig);
  for (const a of f.args) item.append(el("p", "sig args", a.name, ": ", ...typeOf(a.type)));
  item.append(...about(f.description));
  return item;
}

const list = (...items: HTMLElement[]): HTMLElement => el("ul", "gql-fields", ...items);

function part(level: "h3" | "h4", title: string, inner: HTMLElement): HTMLElement {
  return el("div", "", el(level, "part-head", title), inner);
}

/** All of a type. */
function typePage(t: Type, use: Use): HTMLElement[] {
  const title = el("h3", "", t.name);
  title.tabIndex = -1;
  const parts = [el("p", "small", link("", "All types")), title, ...about(t.description)];
  if (t.fields) parts.push(part("h4", "Fields", list(...t.fields.map((f) => fieldItem(t, f, use, false)))));
  if (t.inputFields) parts.push(part("h4", "Members", list(...t.inputFields.map(input))));
  if (t.enumValues) parts.push(part("h4", "Values", list(...t.enumValues.map((v) => el("li", "", el("p", "sig", v.name), ...about(v.description))))));
  if (t.kind === "SCALAR" && !t.description) parts.push(el("p", "gql-about", "A scalar of the language."));
  return parts;
}

/** The roots with their fields, and the names of all types. */
function firstPage(types: Types, use: Use): HTMLElement[] {
  const roots = [types.query, ...(types.mutation ? [types.mutation] : [])];
  const others = types.all.filter((t) => !roots.includes(t));
  return [
    ...roots.map((t) => part("h3", t === types.query ? "Queries" : "Mutations", list(...t.fields!.map((f) => fieldItem(t, f, use, false))))),
    part("h3", "Types", el("ul", "gql-types", ...others.map((t) => el("li", "", link(t.name))))),
  ];
}

function found(types: Types, words: string, use: Use): HTMLElement[] {
  const has = (s: string | null): boolean => (s ?? "").toLowerCase().includes(words);
  const items: HTMLElement[] = [];
  for (const t of types.all) {
    if (has(t.name)) items.push(el("li", "", el("p", "sig", link(t.name)), ...about(t.description)));
    for (const f of t.fields ?? []) if (has(f.name)) items.push(fieldItem(t, f, use, true));
    for (const i of t.inputFields ?? []) if (has(i.name)) items.push(el("li", "", el("p", "sig", link(t.name), ".", i.name, ": ", ...typeOf(i.type)), ...about(i.description)));
    for (const v of t.enumValues ?? []) if (has(v.name)) items.push(el("li", "", el("p", "sig", link(t.name), ".", v.name), ...about(v.description)));
  }
  const state = el("p", "small muted", items.length === 0 ? "Nothing by that name." : `${items.length} found${items.length > MOST ? `, of which ${MOST} are shown` : ""}`);
  state.setAttribute("role", "status");
  return [state, list(...items.slice(0, MOST))];
}

/** Shows the schema from now on. */
export function browse(types: Types, use: Use): void {
  const page = (): void => {
    const words = find.value.trim().toLowerCase();
    const t = types.get(decodeURIComponent(location.hash.slice(1)));
    browser.replaceChildren(...(words ? found(types, words, use) : t ? typePage(t, use) : firstPage(types, use)));
  };
  let followed = false;
  browser.addEventListener("click", (e) => {
    const a = (e.target as Element).closest("a");
    if (!a) return;
    find.value = "";
    followed = true;
    if (a.hash === location.hash || (a.hash === "" && location.hash === "")) page();
  });
  addEventListener("hashchange", () => {
    page();
    if (followed) {
      const head = browser.querySelector<HTMLElement>("[tabindex]") ?? find;
      head.focus();
      browser.closest(".gql-schema")?.scrollTo(0, 0);
    }
    followed = false;
  });
  find.addEventListener("input", page);
  page();
}
