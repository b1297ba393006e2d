// A pane with a camera: what documents and selfies have in common. The server has
// rendered an upload and, out of sight, a viewport; here the viewport is shown while
// there is a camera, and the upload when there is none.

import { Camera, Unavailable, type Facing, type Size, type Why } from "./capture";

/** What the pane shows. */
export type State = "starting" | "live" | "still" | "sending";

/** What a pane does with its camera. */
export interface Work {
  facing: Facing;
  size: Size;
  /** The camera runs, until signal. */
  live(camera: Camera, signal: AbortSignal): void;
}

/** The words of a pane, by the end of their key; the server puts them on the viewport. */
export type Words = Record<string, string>;

/** A pane whose viewport has come on screen. */
export class Pane {
  readonly el: HTMLElement;
  readonly words: Words;
  readonly bar: HTMLElement;
  readonly video: HTMLVideoElement;
  readonly title: HTMLElement;
  readonly lead: HTMLElement | null;
  readonly #asked: [string, string]; // title and lead as the server put them
  readonly #cue: HTMLElement;
  #running: AbortController | null = null;
  #device: string | undefined;
  #next: string | undefined; // the camera to switch to

  constructor(
    readonly viewport: HTMLElement,
    private readonly signal: AbortSignal,
    private readonly work: Work,
  ) {
    this.el = viewport.closest<HTMLElement>(".pane")!;
    this.words = JSON.parse(viewport.dataset.words ?? "{}") as Words;
    this.video = viewport.querySelector("video")!;
    this.#cue = viewport.querySelector<HTMLElement>(".cue")!;
    this.title = this.el.querySelector<HTMLElement>(".pane-title")!;
    this.lead = this.el.querySelector<HTMLElement>(".pane-lead");
    this.#asked = [this.title.textContent ?? "", this.lead?.textContent ?? ""];
    this.bar = this.#fill();
    this.#press("upload", () => this.el.querySelector<HTMLInputElement>("input[type=file]")?.click());
    this.#press("help", () => this.help());
    this.#press("switch", () => void this.start(this.#next));
    for (const [on, what] of [
      [this.el, "change"],
      [document, "drop"],
    ] as const) {
      on.addEventListener(what, (e) => this.#files(e) && this.fold(), { signal });
    }
    for (const el of [viewport, this.bar]) el.addEventListener("keydown", (e) => e.key === "Escape" && this.help(false) && e.stopPropagation());
    document.addEventListener("visibilitychange", this.#seen);
    signal.addEventListener("abort", () => {
      document.removeEventListener("visibilitychange", this.#seen);
      this.stop();
      this.#words(); // the pane may come back
    });
  }

  /** Whether files have been chosen or dropped. */
  #files(e: Event): boolean {
    const files = e instanceof DragEvent ? e.dataTransfer?.files : (e.target as HTMLInputElement).files;
    return (files?.length ?? 0) > 0 && !this.viewport.hidden;
  }

  /** Puts the bar of the camera into the footer; a pane that comes back has it already. */
  #fill(): HTMLElement {
    const foot = this.el.querySelector<HTMLElement>(".pane-foot")!;
    const old = foot.querySelector<HTMLElement>(".cam-bar");
    const bar = this.viewport.querySelector<HTMLTemplateElement>("template[data-bar]")!.content.firstElementChild!.cloneNode(true) as HTMLElement;
    if (old) old.replaceWith(bar);
    else foot.prepend(bar);
    return bar;
  }

  /** The buttons of a name, in the bar or on the viewport. */
  #press(name: string, act: () => void): void {
    this.button(name)?.addEventListener("click", act, { signal: this.signal });
  }

  /** A button of the bar or the viewport by its name. */
  button(name: string): HTMLButtonElement | null {
    const which = `[data-press="${name}"]`;
    return this.bar.querySelector<HTMLButtonElement>(which) ?? this.viewport.querySelector<HTMLButtonElement>(which);
  }

  /** Shows a state. A button that begins something does nothing before the camera runs, and says so. */
  set state(state: State) {
    this.viewport.dataset.state = this.bar.dataset.state = state;
    this.button("go")?.setAttribute("aria-disabled", String(state === "starting"));
  }

  get state(): State {
    return this.viewport.dataset.state as State;
  }

  /** Says something in the pill, "" for nothing. A reader says it when it changes. */
  cue(words: string, good = false): void {
    const text = this.#cue.querySelector("span")!;
    if (text.textContent !== words) text.textContent = words;
    this.#cue.toggleAttribute("data-good", good);
  }

  /** Puts other words above the viewport, or those of the server; a reader is told of them. */
  ask(question?: string, hint?: string): void {
    this.#words(question, hint);
    this.title.focus({ preventScroll: true });
  }

  #words(title = this.#asked[0], lead = this.#asked[1]): void {
    this.title.textContent = title;
    if (this.lead) this.lead.textContent = lead;
  }

  /** Unfolds the help, or folds it; answers whether it was there. */
  help(show?: boolean): boolean {
    const tips = this.viewport.querySelector<HTMLElement>(".tips");
    if (!tips) return false;
    const was = !tips.hidden;
    tips.hidden = !(show ?? !was);
    this.button("help")?.setAttribute("aria-expanded", String(!tips.hidden));
    return was;
  }

  /** Whether the help is unfolded. */
  get helping(): boolean {
    return this.button("help")?.getAttribute("aria-expanded") === "true";
  }

  /** Starts the camera, or another one. */
  async start(device = this.#device): Promise<void> {
    this.stop();
    const running = (this.#running = new AbortController());
    this.#show(true);
    this.state = "starting";
    this.cue(this.words["starting"]!);
    try {
      const camera = await Camera.start(this.video, this.work.facing, this.work.size, running.signal, device);
      this.#device = device;
      this.#next = camera.others[0];
      this.button("switch")!.hidden = this.#next === undefined;
      camera.ended = () => this.fail("ended");
      this.state = "live";
      this.cue("");
      this.work.live(camera, running.signal);
    } catch (e) {
      if (running.signal.aborted) return;
      if (!(e instanceof Unavailable)) throw e;
      this.fail(e.why);
    }
  }

  /** Lets go of the camera. */
  stop(): void {
    this.#running?.abort();
    this.#running = null;
  }

  /** There is no camera: the upload is what remains, and why. */
  fail(why: Why): void {
    this.stop();
    this.#show(false);
    this.ask();
    let note = this.el.querySelector<HTMLElement>("[data-no-camera]");
    if (!note) {
      note = this.viewport.querySelector<HTMLTemplateElement>("template[data-note]")!.content.firstElementChild!.cloneNode(true) as HTMLElement;
      note.querySelector("button")!.addEventListener("click", () => {
        note!.remove();
        this.title.focus();
        void this.start();
      });
      this.viewport.before(note);
    }
    note.querySelector("span")!.textContent = this.words[`no.${why}`]!;
    note.querySelector("button")!.hidden = why === "unsupported";
  }

  /** The person has chosen a file instead, and the pane shows how far that is. */
  fold(): void {
    this.stop();
    this.#show(false);
  }

  #show(camera: boolean): void {
    this.el.classList.toggle("camera", camera);
    this.viewport.hidden = this.bar.hidden = !camera;
  }

  /** Nobody is filmed who does not see it: the camera is let go of while the page is hidden. */
  #seen = (): void => {
    if (document.hidden) this.stop();
    else if (!this.#running && !this.viewport.hidden && this.state !== "still" && this.state !== "sending") void this.start();
  };
}
