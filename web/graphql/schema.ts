// The schema as a server tells it.

/** A type where it is used: perhaps not null, perhaps a list. */
export interface Ref {
  kind: string;
  name: string | null;
  ofType: Ref | null;
}
/** An argument, or a member of an input. */
export interface Input {
  name: string;
  description: string | null;
  defaultValue: string | null;
  type: Ref;
}
export interface Field {
  name: string;
  description: string | null;
  args: Input[];
  type: Ref;
}
export interface Type {
  kind: string;
  name: string;
  description: string | null;
  fields: Field[] | null;
  inputFields: Input[] | null;
  enumValues: { name: string; description: string | null }[] | null;
}
export interface Schema {
  queryType: { name: string };
  mutationType: { name: string } | null;
  types: Type[];
}

export const QUESTION = `query Schema {
  __schema {
    queryType { name } mutationType { name }
    types { kind name description fields { name description args { ...I } type { ...T } } inputFields { ...I } enumValues { name description } }
  }
}
fragment I on __InputValue { name description defaultValue type { ...T } }
fragment T on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }`;

/** A type as the language writes it: [Contact!]!. */
export function written(t: Ref): string {
  if (t.kind === "NON_NULL") return `${written(t.ofType!)}!`;
  return t.kind === "LIST" ? `[${written(t.ofType!)}]` : t.name!;
}

/** The name at the core of a type. */
export const core = (t: Ref): string => (t.ofType ? core(t.ofType) : t.name!);

export const required = (t: Ref): boolean => t.kind === "NON_NULL";

/** Types by their names, without those that every schema has for itself. */
export class Types {
  readonly all: Type[];
  readonly query: Type;
  readonly mutation: Type | undefined;
  readonly #by = new Map<string, Type>();

  constructor(schema: Schema) {
    for (const t of schema.types) this.#by.set(t.name, t);
    this.all = schema.types.filter((t) => !t.name.startsWith("__")).sort((a, b) => a.name.localeCompare(b.name));
    this.query = this.#by.get(schema.queryType.name)!;
    this.mutation = schema.mutationType ? this.#by.get(schema.mutationType.name) : undefined;
  }

  get(name: string): Type | undefined {
    return this.#by.get(name);
  }

  /** The operation at whose root a type's fields stand; "" for other types. */
  root(t: Type): "query" | "mutation" | "" {
    if (t === this.query) return "query";
    return t === this.mutation ? "mutation" : "";
  }
}
