// Selfies: a script of its own (selfie.js) that link.js loads for panes with
// data-camera="selfie". An oval moves over the picture as the server has asked for, and
// the person follows with the face; what the camera sees meanwhile is a film of small
// pictures, sent as one file (internal/idv/selfie/film). Whether the face followed is
// for the server to see: nothing here looks for one.

import type { Host } from "./camera";
import { jpeg, possible, type Camera, type Part } from "./capture";
import { Pane } from "./capture-pane";

/** A place for the face, in parts of the picture as the camera sees it; size of its shorter side. */
interface Move {
  x: number;
  y: number;
  size: number;
  cue: string;
}

// The shorter side of a picture: enough for a face to be compared by, and some 20 kB.
const SHORTER = 360;
const LONGEST = 640;
const QUALITY = 0.8;

const COUNT = 3;
const BEAT = 4; // of the count, in the time between two pictures

// A camera that stands still for so long gives the same picture once more.
const FRESH = 1000;

/** Turns the pane into one with a camera. */
export function attach(viewport: HTMLElement, host: Host, signal: AbortSignal): void {
  new Selfie(viewport, host, signal);
}

class Selfie {
  readonly #pane: Pane;
  readonly #moves: Move[];
  readonly #every: number; // milliseconds from one picture to the next
  readonly #each: number; // pictures of a move
  readonly #oval: HTMLElement;
  readonly #canvas = document.createElement("canvas");
  #camera: Camera | null = null;
  #filming: AbortController | null = null;

  constructor(
    viewport: HTMLElement,
    private readonly host: Host,
    private readonly signal: AbortSignal,
  ) {
    this.#moves = JSON.parse(viewport.dataset.moves!) as Move[];
    this.#every = Number(viewport.dataset.every);
    this.#each = Number(viewport.dataset.pictures);
    this.#oval = viewport.querySelector<HTMLElement>(".oval")!;
    this.#pane = new Pane(viewport, signal, { facing: "user", size: 480, live: (camera, until) => this.#live(camera, until) });
    this.#pane.button("go")!.addEventListener("click", () => void this.#film(), { signal });
    if (possible()) void this.#pane.start();
    else this.#pane.fail("unsupported");
  }

  /** The camera runs: the person finds their place, and says when to begin. */
  #live(camera: Camera, until: AbortSignal): void {
    this.#camera = camera;
    this.#pane.ask(this.#pane.words["film.title"], this.#pane.words["film.lead"]);
    this.#rest();
    until.addEventListener("abort", () => {
      this.#filming?.abort();
      this.#camera = null;
    });
  }

  /** Shows the first place again, and the button. */
  #rest(): void {
    this.#pane.viewport.toggleAttribute("data-filming", false);
    this.#pane.bar.toggleAttribute("data-filming", false);
    this.#show(this.#moves[0]!);
    this.#pane.cue("");
  }

  /** Puts the oval in its place. The picture is a mirror to the person, so its sides are exchanged. */
  #show(m: Move): void {
    for (const [name, value] of Object.entries({ "--x": 1 - m.x, "--y": m.y, "--size": m.size })) this.#oval.style.setProperty(name, String(value));
  }

  /** Counts down, films what is asked for, and sends it. */
  async #film(): Promise<void> {
    if (!this.#camera || this.#filming || this.#pane.state !== "live") return;
    const camera = this.#camera;
    const filming = (this.#filming = new AbortController());
    this.#pane.viewport.toggleAttribute("data-filming", true);
    this.#pane.bar.toggleAttribute("data-filming", true);
    this.#pane.title.focus({ preventScroll: true }); // the button that was pressed is gone
    this.#pane.viewport.scrollIntoView({ block: "nearest" });
    let film: Blob | null = null;
    try {
      for (let n = COUNT; n > 0; n--) {
        this.#pane.cue(String(n));
        await this.#wait(BEAT * this.#every, filming.signal);
      }
      film = await this.#take(camera, filming.signal);
    } catch (e) {
      if (!filming.signal.aborted) throw e;
    } finally {
      this.#filming = null;
    }
    if (this.signal.aborted) return;
    if (film) await this.#send(film);
    else if (this.#camera) this.#rest(); // a question was laid over the pane
  }

  /** Films while the oval moves: so many pictures of each move, however long a slow device takes. */
  async #take(camera: Camera, signal: AbortSignal): Promise<Blob> {
    const [part, start] = [camera.seen(), performance.now()];
    const pictures: Promise<Blob>[] = [];
    const times: number[] = [];
    for (const move of this.#moves) {
      this.#show(move);
      this.#pane.cue(move.cue);
      for (let n = 0; n < this.#each; n++) {
        await this.#wait(this.#every, signal);
        await fresh(camera.video);
        signal.throwIfAborted();
        times.push(Math.round(performance.now() - start));
        pictures.push(this.#picture(camera, part));
      }
    }
    return film(times, await Promise.all(pictures));
  }

  #picture(camera: Camera, part: Part): Promise<Blob> {
    const scale = Math.min(SHORTER / Math.min(part.w, part.h), LONGEST / Math.max(part.w, part.h));
    const canvas = this.#canvas;
    const [w, h] = [Math.round(part.w * scale), Math.round(part.h * scale)];
    if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
    canvas.getContext("2d")!.drawImage(camera.video, part.x, part.y, part.w, part.h, 0, 0, w, h);
    return jpeg(canvas, QUALITY);
  }

  /** Waits, but for no longer than the pane is there to be looked at. */
  #wait(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        clearTimeout(timer);
        reject(signal.reason as Error);
      };
      const timer = setTimeout(() => {
        signal.removeEventListener("abort", stop);
        if (this.#pane.el.inert) this.#filming?.abort(); // whether to leave is being asked
        if (signal.aborted) reject(signal.reason as Error);
        else resolve();
      }, ms);
      signal.addEventListener("abort", stop, { once: true });
    });
  }

  async #send(body: Blob): Promise<void> {
    const pane = this.#pane;
    pane.state = "sending";
    pane.cue(pane.words["sending"]!);
    pane.stop();
    const bar = pane.bar.querySelector("progress")!;
    await this.host.send(new File([body], "selfie.film"), (share) => {
      if (share < 1) bar.value = share;
      else bar.removeAttribute("value"); // it is there, and is being looked at
    });
    if (!this.signal.aborted) await pane.start(); // it was stopped, or could not be sent
  }
}

/** Waits for the next picture of the camera. */
function fresh(video: HTMLVideoElement): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, FRESH);
    if ("requestVideoFrameCallback" in video) video.requestVideoFrameCallback(() => resolve());
    else resolve();
  });
}

/** Puts pictures together: of each its time and its length, then itself. */
function film(times: number[], pictures: Blob[]): Blob {
  return new Blob(
    pictures.flatMap((picture, i) => {
      const head = new DataView(new ArrayBuffer(8));
      head.setUint32(0, times[i]!);
      head.setUint32(4, picture.size);
      return [head.buffer, picture];
    }),
  );
}
