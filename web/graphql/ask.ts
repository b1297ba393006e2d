// Asks the API.

/** What came back, and what it took. */
export interface Reply {
  status: number; // 0 where nobody answered
  took: number; // milliseconds
  id: string;
  body: unknown; // what was read as JSON, or else the text
}
export interface GraphError {
  message: string;
  locations?: { line: number; column: number }[];
  path?: (string | number)[];
  extensions?: { code?: string };
}
export interface Answer {
  data?: Record<string, unknown> | null;
  errors?: GraphError[];
  extensions?: { cost?: { requested: number; maximum: number } };
}

/** Sends an operation with a key. */
export async function ask(path: string, key: string, query: string, variables: unknown, operationName: string): Promise<Reply> {
  const begun = performance.now();
  let status = 0;
  let id = "";
  let body: unknown = "The server did not answer. Is it still running?";
  try {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...(key && { Authorization: `Bearer ${key}` }) },
      body: JSON.stringify({ query, ...(variables !== undefined && { variables }), ...(operationName && { operationName }) }),
      credentials: "omit",
      cache: "no-store",
    });
    const text = await answer.text();
    status = answer.status;
    id = answer.headers.get("cl-request-id") ?? "";
    body = text;
    body = JSON.parse(text);
  } catch (e) {
    if (status === 0 && !(e instanceof TypeError)) throw e; // a fetch that nobody answered is a TypeError
  }
  return { status, took: performance.now() - begun, id, body };
}

/** The same as a command. */
export function curl(address: string, key: string, query: string, variables: unknown, operationName: string): string {
  const body = JSON.stringify({ query, ...(variables !== undefined && { variables }), ...(operationName && { operationName }) });
  const quoted = (s: string): string => `'${s.replaceAll("'", "'\\''")}'`;
  return `curl -X POST ${quoted(address)} \\\n  -H 'Content-Type: application/json' \\\n  -H ${quoted(`Authorization: Bearer ${key}`)} \\\n  -d ${quoted(body)}`;
}
