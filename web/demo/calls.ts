// What the demo's page asks of its server.

import { Line, say, words } from "./log";

/** A call of the API that the server made. */
export interface Call {
  path: string;
  status: number;
  request: unknown;
  response: unknown;
}
/** What a step of the server came to. */
export interface Outcome {
  calls: Call[];
  link_token?: string;
  hosted_link_url?: string;
  ended?: "success" | "exit";
}

/** Asks the demo's own server. */
export async function ask(step: string, body: object): Promise<Outcome> {
  const answer = await fetch(`/demo/api/${step}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.json()) as Outcome;
}

/** Shows the calls that the demo's server made; false if the last one failed. */
export function shown(calls: Call[]): boolean {
  for (const c of calls) {
    const line = new Line(words.server!, `POST ${c.path}`).badge(c.status === 200 ? "ok" : "bad", String(c.status));
    line.body(words.request!, c.request);
    line.body(words.answer!, c.response);
  }
  return calls.length > 0 && calls.every((c) => c.status === 200);
}

/** The server did not answer. */
export function failed(): void {
  say("bad", words.failed!);
  new Line(words.server!, words.unreachable!).badge("bad", words.error!);
}
