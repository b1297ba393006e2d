// link.js: the runtime inside Link's frame. It binds what the server renders by
// attributes (doc.go of package web lists them) and speaks to the page around.

import * as alone from "./alone";
import * as camera from "./camera";
import type { Done, Picked } from "../shared/protocol";
import * as fields from "./fields";
import { bringOut, keys, top, trap } from "./focus";
import { atOnce, framed, hosted, listen, tell, token } from "./host";
import * as list from "./list";
import * as oauth from "./oauth";
import type { Reply } from "./server";
import { Session } from "./session";
import * as stage from "./stage";
import * as upload from "./upload";
import * as waiting from "./waiting";

let session: Session | null = null;

function begin(receivedRedirectUri?: string, institutionId?: string, picked?: Picked): void {
  stage.clear();
  oauth.end();
  session = new Session(over);
  if (framed) void session.open(receivedRedirectUri, institutionId, picked);
  else alone.begin(session, receivedRedirectUri);
}

/** The session is over. In a frame the page around takes the floor; alone, say how it ended. */
function over(done: Done): void {
  session = null;
  oauth.end();
  if (framed) stage.clear();
  else alone.ended(done);
}

/** Shows on the pressed button that it was heard; the answer brings another pane. */
function busy(el: HTMLElement): void {
  const row = el.closest(".row");
  if (row) row.setAttribute("data-active", "");
  if (el.matches(".btn-primary")) {
    el.style.inlineSize = `${el.getBoundingClientRect().width}px`;
    el.textContent = stage.root.dataset.busy ?? el.textContent;
  }
  el.setAttribute("aria-busy", "true");
  if (el.matches(".btn")) el.setAttribute("aria-disabled", "true");
}

const ownActions: Record<string, (s: Session) => void> = {
  close: (s) => void s.leave(),
  retry: (s) => void s.retry(),
  "leave-unheard": (s) => s.leaveUnheard(),
};

function act(el: HTMLElement): void {
  const action = el.dataset.action!;
  if (action === "again" || action === "return") {
    if (action === "again") location.reload();
    else alone.leave();
    return;
  }
  const own = ownActions[action];
  if (!session || (session.busy && action !== "close")) return;
  if (own) {
    own(session);
    return;
  }
  const form = el.closest("form");
  const withFields = action === "submit" && form !== null;
  if (withFields && el.matches("[type=submit]")) return; // the form's own submit follows
  busy(el);
  void session.step(action, el.dataset.value, withFields ? fields.values(form, el) : undefined);
}

function submit(form: HTMLFormElement, submitter: HTMLElement | null): void {
  if (!session || session.busy || stage.covered()) return;
  if (!fields.check(form)) return;
  const button = submitter ?? form.querySelector<HTMLElement>("[type=submit]");
  const values = fields.values(form, submitter);
  if (button) busy(button);
  const value = button?.dataset.departs === undefined ? submitter?.dataset.value : oauth.depart();
  void session.step("submit", value, values);
}

stage.root.addEventListener("click", (e) => {
  const el = (e.target as Element).closest<HTMLElement>("[data-action],[data-fill],[data-reveal],[data-clear],[data-stop],[type=submit]");
  if (!el) return;
  // The second click of a double click must not press what the next pane has in the same place.
  if (e.detail > 1 && !el.matches("[data-reveal]")) {
    e.preventDefault();
    return;
  }
  const { action, fill, reveal, clear } = el.dataset;
  if (action !== undefined) {
    if (el.matches("a")) e.preventDefault();
    act(el);
  }
  if (fill !== undefined) {
    fields.fill(fill);
    stage.root.querySelector<HTMLElement>("#aut-button")?.focus();
  }
  if (reveal !== undefined) fields.reveal(el, reveal);
  if (el.dataset.stop !== undefined) upload.end();
  if (clear !== undefined && session) list.emptied(clear, session);
});

stage.root.addEventListener("submit", (e) => {
  e.preventDefault();
  submit(e.target as HTMLFormElement, e.submitter);
});

stage.root.addEventListener("input", (e) => {
  const input = e.target as HTMLInputElement;
  fields.clear(fields.subject(input));
  if (!session) return;
  if (input.matches("[data-search]")) list.typed(input, session);
  if (input.matches(".code-input") && fields.codeIsFull(input) && input.form) input.form.requestSubmit();
});

stage.root.addEventListener("change", (e) => {
  const input = e.target as HTMLInputElement;
  if (input.dataset.upload === undefined) return;
  upload.take(input.files, session);
  input.value = ""; // the same file may be chosen again
});

for (const kind of ["dragover", "dragleave", "drop"] as const) document.addEventListener(kind, upload.hover);
document.addEventListener("drop", (e) => upload.take(e.dataTransfer?.files, session));

camera.watch(stage.root, { send: (picture, progress) => upload.picture(picture, progress, session) });

waiting.watch(stage.root, () => void session?.look());

stage.root.addEventListener("paste", (e) => {
  if ((e.target as Element).matches(".code-input")) fields.pasteCode(e, e.target as HTMLInputElement);
});

// A list that is opened says so; toggle does not bubble.
stage.root.addEventListener(
  "toggle",
  (e) => {
    const el = e.target as HTMLDetailsElement;
    if (!el.open) return;
    const dialog = top(stage.root);
    if (dialog) bringOut(el, dialog);
    if (el.dataset.opened !== undefined) void session?.note(el.dataset.opened);
  },
  true,
);

stage.root.addEventListener("focusout", (e) => {
  const input = e.target as HTMLInputElement;
  // Words that come between press and release move what is being pressed.
  if (input.matches("input,select,textarea")) void list.lifted().then(() => input.isConnected && fields.checkFilled(input));
});

stage.root.addEventListener("focusin", (e) => {
  list.mark(stage.root);
  const el = e.target as Element;
  // As above: a row that scrolls away under the finger would not hear of it.
  void list.lifted().then(() => {
    const dialog = top(stage.root);
    if (dialog?.contains(el)) bringOut(el, dialog);
  });
});

addEventListener("keydown", () => keys(true), true);
addEventListener("pointerdown", () => keys(false), true);

document.addEventListener("keydown", (e) => {
  const dialog = top(stage.root);
  if (!dialog || e.isComposing) return;
  // A page of its own is left with Tab as any other; a sheet over it is not.
  if (e.key === "Tab" && (framed || stage.covered())) trap(e, dialog);
  else if (e.key === "Escape") escape(dialog);
  else if (e.key === "Enter" && (e.target as Element).matches("[data-search]")) {
    e.preventDefault();
    if (session) list.entered(e.target as HTMLInputElement, session);
  } else if (!e.altKey && !e.ctrlKey && !e.metaKey && list.moved(e.key, dialog)) e.preventDefault();
});

/** Escape means close; over a sheet it means stay. */
function escape(dialog: HTMLElement): void {
  const button = dialog.querySelector<HTMLElement>(stage.covered() ? '[data-action="stay"]' : '[data-action="close"],[data-action="leave-unheard"]');
  if (button) act(button);
}

listen((m) => {
  if (m.type === "open") {
    keys(m.keys === true);
    session?.quit();
    begin(m.receivedRedirectUri, m.institutionId, m.picked);
    if (m.waited) stage.load(m.waited);
  } else if (m.type === "shown") {
    keys(m.keys === true);
    stage.attend();
    if (m.waited) stage.load(m.waited);
  } else if (m.type !== "exit") {
    return;
  } else if (!m.force) {
    void session?.leave();
  } else {
    session?.quit();
    session = null;
    oauth.end();
    stage.clear();
    tell({ type: "exited" });
  }
});

document.documentElement.dataset.place = framed ? "drop" : "tab";
const begun = document.getElementById("begun")?.dataset.reply; // what the server has opened with the page
stage.root.inert = false;
if (framed) {
  tell({ type: "ready" });
  if (begun) {
    const opened = new Session(over);
    void opened.adopt(JSON.parse(begun) as Reply);
    if (atOnce) session = opened;
    else {
      // The page around has moved the frame, which loads it anew, and says what it wants.
      opened.quit();
      stage.clear();
    }
  } else if (atOnce) begin();
} else if (token === "" && hosted === "") stage.notice("incomplete");
else begin(new URLSearchParams(location.search).get("receivedRedirectUri") ?? undefined);
