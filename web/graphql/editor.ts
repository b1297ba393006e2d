// Text areas in which programs are written.

/** Puts text in place of what is selected, so that the browser can undo it. */
export function put(area: HTMLTextAreaElement, text: string): void {
  area.focus();
  if (text === "" && area.selectionStart === area.selectionEnd) return;
  if (!document.execCommand(text === "" ? "delete" : "insertText", false, text)) area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
}

/** Puts another text in the place of all. */
export function replace(area: HTMLTextAreaElement, text: string): void {
  if (area.value === text) return;
  area.focus();
  area.select();
  put(area, text);
  area.setSelectionRange(0, 0);
  area.scrollTop = 0;
}

/** Where the line of a place begins, and with which spaces. */
function lineAt(text: string, at: number): { lead: string; before: string } {
  const before = text.slice(text.lastIndexOf("\n", at - 1) + 1, at);
  return { before, lead: /^\s*/.exec(before)![0] };
}

/** Puts a field on a line of its own where the cursor is. */
export function insertField(area: HTMLTextAreaElement, write: (lead: string) => string): void {
  const text = area.value;
  let at = area.selectionEnd;
  if (lineAt(text, at).before.trim()) {
    const end = text.indexOf("\n", at);
    at = end < 0 ? text.length : end;
  }
  const { before, lead } = lineAt(text, at);
  area.setSelectionRange(at, at);
  if (before.trim() === "") return put(area, write(lead));
  const inner = /[{(]\s*$/.test(before) ? `${lead}  ` : lead;
  put(area, `\n${inner}${write(inner)}`);
}

/** A new line begins as far in as the one before. */
export function indents(area: HTMLTextAreaElement): void {
  area.addEventListener("keydown", (e) => {
    if (e.key !== "Enter" || e.ctrlKey || e.metaKey || e.altKey || e.isComposing) return;
    e.preventDefault();
    const { before, lead } = lineAt(area.value, area.selectionStart);
    put(area, `\n${lead}${/[{([]\s*$/.test(before) ? "  " : ""}`);
  });
}

/** Selects what stands at a line and a column. */
export function select(area: HTMLTextAreaElement, line: number, column: number): void {
  const lines = area.value.split("\n");
  const from = lines.slice(0, line - 1).reduce((n, l) => n + l.length + 1, 0) + column - 1;
  const word = /^[\w$]+|^./.exec(area.value.slice(from));
  area.focus();
  area.setSelectionRange(from, from + (word?.[0].length ?? 0));
}

/** The operations of a document, with the place where each begins. */
export function operations(text: string): { name: string; at: number }[] {
  const found: { name: string; at: number }[] = [];
  let depth = 0;
  for (const m of text.matchAll(/#.*|"""[\s\S]*?"""|"(?:[^"\\\n]|\\.)*"|[{}]|\b(?:query|mutation)\b\s*(\w*)/g)) {
    if (m[0] === "{") {
      if (depth++ === 0 && !/\S/.test(text.slice(0, m.index))) found.push({ name: "", at: m.index });
    } else if (m[0] === "}") depth--;
    else if (m[1] !== undefined && depth === 0) found.push({ name: m[1], at: m.index });
  }
  return found;
}

/** The name of the operation in which the cursor is; "" where there is no choice. */
export function chosen(area: HTMLTextAreaElement): string {
  const all = operations(area.value);
  return all.length < 2 ? "" : (all.findLast((o) => o.at <= area.selectionStart) ?? all[0]!).name;
}
