// Panes with a camera. What they can do is in a script of their own, which is loaded
// when the first one is shown; what the server has rendered is an upload, and that
// is what remains without the script, the camera, or the permission to use it.

/** What a script of a camera pane may ask of the runtime. */
export interface Host {
  /** Sends a picture; ends when the server has answered, or when nobody wants to know any more. */
  send(picture: File, progress: (share: number) => void): Promise<void>;
}

/** A script of a camera pane. */
export interface Capture {
  /** Turns the pane of a viewport into one with a camera, until signal. */
  attach(viewport: HTMLElement, host: Host, signal: AbortSignal): void;
}

/** Sees to the viewports of panes as they come and go. */
export function watch(root: HTMLElement, host: Host): void {
  let at: HTMLElement | null = null;
  let end = new AbortController();
  new MutationObserver(() => {
    const viewport = root.querySelector<HTMLElement>("[data-camera]");
    if (viewport === at) return;
    end.abort();
    end = new AbortController();
    at = viewport;
    if (viewport) void attach(viewport, host, end.signal);
  }).observe(root, { childList: true });
}

async function attach(viewport: HTMLElement, host: Host, signal: AbortSignal): Promise<void> {
  // At once, so that the pane does not turn dark before one's eyes.
  const pane = viewport.closest<HTMLElement>(".pane")!;
  pane.classList.add("camera");
  try {
    const script = (await import(viewport.dataset.script!)) as Capture;
    if (!signal.aborted) script.attach(viewport, host, signal);
  } catch {
    pane.classList.remove("camera"); // the upload remains
  }
}
