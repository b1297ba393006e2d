// Writes operations out of the schema.

import { core, required, written, type Field, type Input, type Types } from "./schema";

const STEP = "  ";
const DEPTH = 4;

/** A field with what can be selected below it, without fields that need to be told something. */
export function selection(types: Types, f: Field, lead: string, depth = DEPTH): string {
  const fields = types.get(core(f.type))?.fields;
  if (!fields) return f.name;
  const inner = lead + STEP;
  const lines = fields
    .filter((g) => !g.args.some((a) => required(a.type)) && (depth > 1 || !types.get(core(g.type))?.fields))
    .map((g) => inner + selection(types, g, inner, depth - 1));
  return `${f.name} {\n${(lines.length ? lines : [`${inner}__typename`]).join("\n")}\n${lead}}`;
}

const upper = (s: string): string => s[0]!.toUpperCase() + s.slice(1);

/** The whole operation that asks for a field of a root. */
export function operation(types: Types, kind: "query" | "mutation", f: Field): string {
  const args = f.args.filter((a) => required(a.type) || a.name === "input");
  const list = (one: (a: Input) => string): string => (args.length ? `(${args.map(one).join(", ")})` : "");
  const asked = selection(types, f, STEP);
  return `${kind} ${upper(f.name)}${list((a) => `$${a.name}: ${written(a.type)}`)} {\n${STEP}${f.name}${list((a) => `${a.name}: $${a.name}`)}${asked.slice(f.name.length)}\n}`;
}

/** A value to begin with: what is required, and the size of a page. */
function example(types: Types, type: Input["type"], name: string, org: string): unknown {
  if (required(type)) return example(types, type.ofType!, name, org);
  if (type.kind === "LIST") return [];
  const t = types.get(core(type));
  if (t?.inputFields) {
    const members = t.inputFields.filter((m) => required(m.type) || m.name === "first");
    return Object.fromEntries(members.map((m) => [m.name, m.name === "first" ? 10 : example(types, m.type, m.name, org)]));
  }
  if (t?.enumValues) return t.enumValues[0]?.name;
  if (name === "orgId" || name === "ownerId") return org;
  return { Int: 0, Float: 0, Boolean: false }[core(type)] ?? "";
}

/** Variables for the operation, as text; "" where there are none. */
export function variables(types: Types, f: Field, org: string): string {
  const args = f.args.filter((a) => required(a.type) || a.name === "input");
  return args.length ? JSON.stringify(Object.fromEntries(args.map((a) => [a.name, example(types, a.type, a.name, org)])), null, 2) : "";
}
