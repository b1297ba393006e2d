// The camera of panes that take pictures: how it is started, looked through and let
// go of. Documents and selfies share it; each has a script of its own, which link.js
// loads when such a pane is shown (camera.ts).

/** Why there is no camera. Each is a key of the words idv.capture.no. */
export type Why = "unsupported" | "denied" | "missing" | "busy" | "ended" | "coarse";

/** There is no camera, or no longer one. */
export class Unavailable extends Error {
  constructor(readonly why: Why) {
    super(why);
  }
}

/** A part of a picture, in pixels. */
export interface Part {
  x: number;
  y: number;
  w: number;
  h: number;
}

/** The camera at the back, for what lies before the person, or the one that looks at them. */
export type Facing = "environment" | "user";

// A camera that has given no picture by then gives none.
const FIRST_PICTURE = 10_000;

/** How many pixels are asked for; most cameras have the first, many telephones the second. */
export type Size = 480 | 1080 | 1440;

const TROUBLE: Record<string, Why> = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "missing",
  OverconstrainedError: "missing",
  NotReadableError: "busy",
  AbortError: "busy",
};

/** Whether this page may ask for a camera at all: it may not where it came without encryption. */
export function possible(): boolean {
  return window.isSecureContext && typeof navigator.mediaDevices?.getUserMedia === "function";
}

async function ask(facing: Facing, size: Size, device?: string): Promise<MediaStream> {
  if (!possible()) throw new Unavailable("unsupported");
  try {
    const which = device ? { deviceId: { exact: device } } : { facingMode: { ideal: facing } };
    return await navigator.mediaDevices.getUserMedia({ audio: false, video: { ...which, width: { ideal: (size * 16) / 9 }, height: { ideal: size } } });
  } catch (e) {
    throw new Unavailable(TROUBLE[(e as DOMException).name] ?? "busy");
  }
}

/** A camera that runs, and shows what it sees in a video element. */
export class Camera {
  /** Told when the camera stops by itself: unplugged, or taken away by the browser. */
  ended: () => void = () => {};
  #canvas = document.createElement("canvas");

  private constructor(
    readonly video: HTMLVideoElement,
    /** The other cameras of this device, in the order in which they are switched to. */
    readonly others: string[],
  ) {}

  /** Starts a camera; signal stops it, also while the person is being asked. */
  static async start(video: HTMLVideoElement, facing: Facing, size: Size, signal: AbortSignal, device?: string): Promise<Camera> {
    const stream = await ask(facing, size, device);
    const stop = (): void => {
      for (const track of stream.getTracks()) track.stop();
      if (video.srcObject === stream) video.srcObject = null;
    };
    try {
      signal.throwIfAborted();
      video.srcObject = stream;
      await running(video, signal);
      const camera = new Camera(video, await others(stream));
      signal.throwIfAborted();
      for (const track of stream.getTracks()) track.onended = () => camera.ended();
      signal.addEventListener("abort", stop);
      return camera;
    } catch (e) {
      stop();
      throw e;
    }
  }

  /** The part of the picture that is seen where the video covers its element. */
  seen(): Part {
    const { videoWidth: w, videoHeight: h, clientWidth, clientHeight } = this.video;
    const scale = Math.max(clientWidth / w, clientHeight / h) || 1;
    const [sw, sh] = [Math.min(w, clientWidth / scale), Math.min(h, clientHeight / scale)];
    return { x: (w - sw) / 2, y: (h - sh) / 2, w: sw, h: sh };
  }

  /** What the camera sees now in a part of its picture, no side of it longer than most. */
  look(part: Part, most: number): ImageData {
    const scale = Math.min(1, most / Math.max(part.w, part.h));
    const [w, h] = [Math.max(1, Math.round(part.w * scale)), Math.max(1, Math.round(part.h * scale))];
    const canvas = this.#canvas;
    if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
    const context = canvas.getContext("2d", { willReadFrequently: true })!;
    context.drawImage(this.video, part.x, part.y, part.w, part.h, 0, 0, w, h);
    return context.getImageData(0, 0, w, h);
  }

  /** Takes a picture of a part, as it is, onto a canvas. */
  grab(part: Part, onto: HTMLCanvasElement): void {
    [onto.width, onto.height] = [Math.round(part.w), Math.round(part.h)];
    onto.getContext("2d")!.drawImage(this.video, part.x, part.y, part.w, part.h, 0, 0, onto.width, onto.height);
  }
}

/** What is on a canvas as a JPEG. */
export function jpeg(canvas: HTMLCanvasElement, quality = 0.92): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Unavailable("busy"))), "image/jpeg", quality);
  });
}

/** Waits for the first picture. */
async function running(video: HTMLVideoElement, signal: AbortSignal): Promise<void> {
  const late = AbortSignal.timeout(FIRST_PICTURE);
  const played = video.play();
  await new Promise<void>((resolve, reject) => {
    // Before the first picture some browsers have one of two pixels.
    const loaded = (): void => void (video.videoWidth > 2 && video.readyState >= video.HAVE_CURRENT_DATA && resolve());
    for (const event of ["loadeddata", "resize", "playing"]) video.addEventListener(event, loaded, { signal: late });
    late.addEventListener("abort", () => reject(new Unavailable("busy")));
    signal.addEventListener("abort", () => reject(signal.reason as Error));
    played.then(loaded, () => reject(signal.aborted ? (signal.reason as Error) : new Unavailable("busy")));
  });
}

/** The other cameras, the next one first. They have no names before the person has agreed. */
async function others(stream: MediaStream): Promise<string[]> {
  const now = stream.getVideoTracks()[0]?.getSettings().deviceId;
  const all = (await navigator.mediaDevices.enumerateDevices().catch(() => [])).filter((d) => d.kind === "videoinput").map((d) => d.deviceId);
  const at = all.indexOf(now ?? "");
  return at < 0 ? [] : [...all.slice(at + 1), ...all.slice(0, at)];
}
