// Files that the person chooses or drops. They are sent one after another, each with
// a row of its own until the server has said what became of it.

import type { Send } from "./server";
import type { Session } from "./session";
import * as stage from "./stage";

/** A file that waits, and who hears how far it has come if it has no row. */
interface Waiting {
  file: File;
  progress?: Send["progress"];
}

let queue: Waiting[] = [];
let stop: AbortController | null = null;

const field = (): HTMLInputElement | null => stage.root.querySelector<HTMLInputElement>("input[data-upload]");

/** Takes files for the pane that asks for them. */
export function take(files: FileList | null | undefined, session: Session | null): void {
  if (!files || !session || !field() || stage.covered()) return;
  queue.push(...[...files].map((file) => ({ file })));
  if (!session.busy) void send(session);
}

/** Sends a picture that the pane's camera has taken, and shows itself how far it has come. */
export async function picture(file: File, progress: Send["progress"], session: Session | null): Promise<void> {
  if (!session || session.busy || !field() || stage.covered()) return;
  queue.push({ file, progress });
  await send(session);
}

/** Stops what is being sent, and forgets what waits. */
export function end(): void {
  queue = [];
  stop?.abort();
}

async function send(session: Session): Promise<void> {
  for (let next = queue.shift(); next; next = queue.shift()) {
    const input = field();
    if (!input || session.busy) break;
    const { file, progress = begin(input, file) } = next;
    stop = new AbortController();
    // One byte too many is enough for the server to say that there are too many.
    const body = file.slice(0, Number(input.dataset.upload) + 1);
    await session.upload({ body, name: file.name, progress, signal: stop.signal });
    stop = null;
  }
  queue = [];
}

/** Shows the row of a file on its way; answers how far it has come. */
function begin(input: HTMLInputElement, file: File): Send["progress"] {
  const pane = input.closest<HTMLElement>(".pane")!;
  const template = pane.querySelector<HTMLTemplateElement>("template[data-uploading]")!;
  const row = (template.content.firstElementChild as HTMLElement).cloneNode(true) as HTMLElement;
  const list = pane.querySelector<HTMLElement>(".files")!;
  row.querySelector("b")!.textContent = file.name;
  for (const el of row.querySelectorAll("[aria-label]")) el.setAttribute("aria-label", `${el.getAttribute("aria-label")}: ${file.name}`);
  list.hidden = false;
  list.append(row);
  row.scrollIntoView({ block: "nearest" });
  const bar = row.querySelector("progress")!;
  const part = row.querySelector("[data-part]")!;
  return (share) => {
    part.textContent = `${Math.round(share * 100)}\u00a0%`;
    if (share < 1) bar.value = share;
    else bar.removeAttribute("value"); // it is there, and is being read
  };
}

/** Takes the row away of a file that was stopped. */
export function drop(): void {
  const list = stage.root.querySelector<HTMLElement>(".files");
  list?.querySelector("progress")?.closest("li")?.remove();
  if (list && list.children.length === 0) list.hidden = true;
  field()?.focus();
}

/** Where files may be dropped, for the looks of it; a file that falls beside it opens nothing. */
export function hover(e: DragEvent): void {
  if (!e.dataTransfer?.types.includes("Files")) return;
  e.preventDefault();
  for (const el of stage.root.querySelectorAll("[data-drop]")) el.toggleAttribute("data-over", e.type === "dragover" && el.contains(e.target as Node));
  if (!field()) e.dataTransfer.dropEffect = "none";
}
