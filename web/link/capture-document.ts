// Taking pictures of documents: a script of its own (capture.js) that link.js loads
// for panes with data-camera="document". The person holds the document into the
// frame; what hinders a good picture is said, and a good one takes itself. It is sent
// when they have seen it and agreed.

import type { Host } from "./camera";
import { jpeg, possible, type Camera } from "./capture";
import { Pane } from "./capture-pane";
import { grey, judge, LONGEST, Steady, type Cue, type Rect } from "./capture-quality";

// Looks a second: enough to feel prompt, and a tenth of what a telephone can do.
const EVERY = 220;
// The picture that was just refused is not taken again at once.
const AFTER_AGAIN = 1500;
// Below this a line of a passport cannot be read, however it is held: pixels of the frame.
const LEAST_FRAME = 480;

/** Turns the pane into one with a camera. */
export function attach(viewport: HTMLElement, host: Host, signal: AbortSignal): void {
  new Document(viewport, host, signal);
}

class Document {
  readonly #pane: Pane;
  readonly #still: HTMLCanvasElement;
  readonly #guide: HTMLElement;
  readonly #shape: number;
  #camera: Camera | null = null;
  #cue: Cue = "find";
  #notBefore = 0;

  constructor(
    viewport: HTMLElement,
    private readonly host: Host,
    private readonly signal: AbortSignal,
  ) {
    this.#still = viewport.querySelector("canvas")!;
    this.#guide = viewport.querySelector<HTMLElement>(".guide")!;
    this.#shape = Number(viewport.dataset.shape) || 1.586;
    this.#guide.style.setProperty("--shape", String(this.#shape));
    this.#pane = new Pane(viewport, signal, { facing: "environment", size: 1440, live: (camera, until) => this.#live(camera, until) });
    const acts: Record<string, () => void> = {
      shutter: () => this.#take(),
      again: () => this.#again(),
      use: () => void this.#use(),
    };
    for (const [name, act] of Object.entries(acts)) this.#pane.button(name)!.addEventListener("click", act, { signal });
    if (possible()) void this.#pane.start();
    else this.#pane.fail("unsupported");
  }

  /** Looks through the camera until it stops. */
  #live(camera: Camera, until: AbortSignal): void {
    if (this.#frame(camera).w < LEAST_FRAME) {
      this.#pane.fail("coarse");
      return;
    }
    this.#camera = camera;
    const steady = new Steady();
    let timer = 0;
    const look = (): void => {
      timer = window.setTimeout(look, EVERY);
      if (this.#pane.state !== "live" || this.#pane.el.inert) return;
      const part = camera.seen();
      const picture = grey(camera.look(part, LONGEST));
      const now = performance.now();
      const seen = judge(picture, this.#guideIn(picture.w, picture.h), this.#shape);
      const moment = steady.see(seen, now);
      this.#cue = seen.cue;
      if (steady.said) this.#pane.cue(this.#pane.words[`cue.${steady.said}`]!, steady.said === "good");
      if (moment && now >= this.#notBefore && !this.#pane.helping) this.#take();
    };
    look();
    until.addEventListener("abort", () => {
      clearTimeout(timer);
      this.#camera = null;
    });
  }

  /** Where the frame lies in a picture of what is seen. */
  #guideIn(w: number, h: number): Rect {
    const [all, guide] = [this.#pane.viewport.getBoundingClientRect(), this.#guide.getBoundingClientRect()];
    const [x, y] = [w / all.width, h / all.height];
    return { x: (guide.left - all.left) * x, y: (guide.top - all.top) * y, w: guide.width * x, h: guide.height * y };
  }

  /** The frame in the pixels of the camera. */
  #frame(camera: Camera): Rect {
    const seen = camera.seen();
    return this.#guideIn(seen.w, seen.h);
  }

  /** Takes the picture, all of it that is seen, and asks whether it is good. */
  #take(): void {
    if (!this.#camera || this.#pane.state !== "live") return;
    this.#camera.grab(this.#camera.seen(), this.#still);
    this.#pane.help(false);
    this.#pane.state = "still";
    const bad = this.#cue === "blur" || this.#cue === "dark" || this.#cue === "glare";
    this.#pane.cue(bad ? this.#pane.words[`cue.${this.#cue}`]! : "");
    this.#pane.ask(this.#pane.words["still"], this.#pane.words["still.lead"]);
  }

  #again(): void {
    this.#notBefore = performance.now() + AFTER_AGAIN;
    this.#pane.ask();
    if (!this.#camera) {
      void this.#pane.start();
      return;
    }
    this.#pane.state = "live";
    this.#pane.cue("");
  }

  async #use(): Promise<void> {
    if (this.#pane.state !== "still") return;
    const pane = this.#pane;
    pane.state = "sending";
    pane.cue(pane.words["sending"]!);
    pane.stop();
    const bar = pane.bar.querySelector("progress")!;
    const picture = new File([await jpeg(this.#still)], `${pane.viewport.dataset.side ?? "document"}.jpg`, { type: "image/jpeg" });
    await this.host.send(picture, (share) => {
      if (share < 1) bar.value = share;
      else bar.removeAttribute("value"); // it is there, and is being looked at
    });
    if (this.signal.aborted) return;
    pane.state = "still"; // it was stopped, and may be sent again
    pane.cue("");
  }
}
