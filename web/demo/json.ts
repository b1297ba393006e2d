// JSON as code: indented, with keys, strings and numbers told apart.

const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|\b(true|false|null)\b/g;

function span(kind: string, text: string): HTMLElement {
  const el = document.createElement("span");
  el.className = kind;
  el.textContent = text;
  return el;
}

/** Writes a value into an element. */
export function write(into: HTMLElement, value: unknown): void {
  const text = JSON.stringify(value, null, 2);
  let done = 0;
  for (const m of text.matchAll(TOKEN)) {
    into.append(text.slice(done, m.index));
    const [whole, string, colon] = m;
    if (string !== undefined) into.append(span(colon ? "k" : "s", string), colon ?? "");
    else into.append(span("n", whole));
    done = m.index + whole.length;
  }
  into.append(text.slice(done));
}
