// graphql.js: the GraphQL explorer. The key stands in its field and nowhere else.

import { ask, curl } from "./ask";
import { browse } from "./browse";
import { chosen, indents, insertField, operations, replace, select } from "./editor";
import { filled, missing, note } from "./ids";
import { remember } from "./past";
import { QUESTION, Types, type Schema } from "./schema";
import { answerOf, show, waiting } from "./show";
import { operation, selection, variables as variablesFor } from "./write";

const by = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T;
const query = by<HTMLTextAreaElement>("query");
const variables = by<HTMLTextAreaElement>("variables");
const key = by<HTMLInputElement>("key");
const run = by<HTMLButtonElement>("run");
const schemaState = by("schema-state");
const path = by("data").dataset.graph!;
const picks = [...document.querySelectorAll<HTMLButtonElement>(".gql-pick[data-query]")];
const org = /"orgId": "([^"]*)"/.exec(picks[0]?.dataset.variables ?? "")?.[1] ?? "";

/** The variables as they are written; null where that is no JSON object, which is said. */
function given(): { value: unknown } | null {
  const error = by("variables-err");
  let problem = "";
  let value: unknown;
  try {
    value = variables.value.trim() ? JSON.parse(variables.value) : undefined;
    if (value !== undefined && (value === null || typeof value !== "object" || Array.isArray(value))) problem = "Variables are one JSON object.";
  } catch (e) {
    problem = `This is no JSON: ${(e as Error).message}`;
  }
  error.textContent = problem;
  error.hidden = !problem;
  if (problem) variables.setAttribute("aria-invalid", "true");
  else variables.removeAttribute("aria-invalid");
  if (!problem) return { value };
  variables.focus();
  return null;
}

/** Brings an operation into the editor. */
function use(text: string, values: string): void {
  const known = filled(values);
  replace(variables, known);
  replace(query, text);
  const hole = missing(known);
  if (hole) {
    variables.focus();
    variables.setSelectionRange(...hole);
  } else {
    query.focus();
  }
}

let running = false;
async function press(): Promise<void> {
  if (running) return;
  const values = given();
  if (!values) return;
  const text = query.value;
  const written = variables.value;
  const name = chosen(query);
  running = true;
  run.setAttribute("aria-busy", "true");
  run.setAttribute("aria-disabled", "true");
  waiting();
  try {
    const reply = await ask(path, key.value.trim(), text, values.value, name);
    show(reply, (line, column) => select(query, line, column));
    note(answerOf(reply).data);
    const title = name || operations(text)[0]?.name || /\{\s*(\w+)/.exec(text)?.[1] || "Operation";
    remember(title, reply, () => use(text, written));
  } finally {
    running = false;
    run.removeAttribute("aria-busy");
    run.removeAttribute("aria-disabled");
  }
}

let told = false;
async function readSchema(): Promise<void> {
  if (told) return;
  if (!key.value.trim()) {
    schemaState.textContent = "The schema is told to those who have a key: enter one.";
    return;
  }
  schemaState.textContent = "Reading the schema…";
  const reply = await ask(path, key.value.trim(), QUESTION, undefined, "");
  const data = answerOf(reply).data as { __schema?: Schema } | null | undefined;
  if (!data?.__schema) {
    schemaState.textContent = answerOf(reply).errors?.[0]?.message ?? "The schema could not be read.";
    return;
  }
  if (told) return;
  told = true;
  schemaState.hidden = true;
  const types = new Types(data.__schema);
  browse(types, (owner, field) => {
    const root = types.root(owner);
    if (root) use(operation(types, root, field), variablesFor(types, field, org));
    else insertField(query, (lead) => selection(types, field, lead));
  });
}

for (const pick of picks) pick.addEventListener("click", () => use(pick.dataset.query!, pick.dataset.variables!));
query.value = picks[0]?.dataset.query ?? "";
variables.value = picks[0]?.dataset.variables ?? "";
indents(query);
indents(variables);
run.addEventListener("click", () => void press());
for (const field of [query, variables, key] as HTMLElement[]) {
  field.addEventListener("keydown", (e) => {
    if (e.key !== "Enter" || !(e.ctrlKey || e.metaKey)) return;
    e.preventDefault();
    void press();
  });
}
key.addEventListener("change", () => void readSchema());
by("reveal").addEventListener("click", () => {
  const shown = !key.classList.toggle("gql-masked");
  by("reveal").setAttribute("aria-pressed", String(shown));
  by("reveal").textContent = shown ? "Hide" : "Show";
});

const copy = by<HTMLButtonElement>("curl");
copy.hidden = !navigator.clipboard;
copy.addEventListener("click", async () => {
  const values = given();
  if (!values) return;
  // A key of one's own does not leave its field.
  const shown = key.value === key.defaultValue && key.value ? key.value : "YOUR_API_KEY";
  await navigator.clipboard.writeText(curl(location.origin + path, shown, query.value, values.value, chosen(query)));
  copy.textContent = "Copied";
  setTimeout(() => (copy.textContent = "Copy as curl"), 1500);
});
void readSchema();
