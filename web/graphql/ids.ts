// Ids that answers have shown, for the operations that need one.

const PLACES: [string, string[]][] = [
  ["CONTACT_ID", ["createContact.id", "updateContact.id", "contacts.edges.0.node.id", "contactIdvSession.contactId"]],
  ["SESSION_ID", ["contactCreateIdvSession.id", "contactIdvSessions.edges.0.node.id"]],
  ["WEBHOOK_ID", ["webhookCreate.webhook.id", "webhooks.edges.0.node.id"]],
  ["ORG_ID", ["orgCreate.id", "orgs.edges.0.node.id"]],
];
const seen = new Map<string, string>();

function at(data: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((v, name) => (v !== null && typeof v === "object" ? (v as Record<string, unknown>)[name] : undefined), data);
}

/** Notes the ids of an answer. */
export function note(data: unknown): void {
  for (const [name, paths] of PLACES) {
    for (const path of paths) {
      const id = at(data, path);
      if (typeof id === "string") seen.set(name, id);
    }
  }
}

/** Puts the ids that are known in their places. */
export const filled = (variables: string): string => variables.replaceAll(/"([A-Z]+_ID)"/g, (whole, name: string) => (seen.has(name) ? JSON.stringify(seen.get(name)) : whole));

/** Where an id is still missing; null where none is. */
export function missing(variables: string): [number, number] | null {
  const m = /"([A-Z]+_ID)"/.exec(variables);
  return m ? [m.index + 1, m.index + m[0].length - 1] : null;
}
