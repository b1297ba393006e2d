// Panes that wait for what happens elsewhere: at the person's phone, for example. The
// server is asked every few seconds, and at once when the person comes back.

/** Looks again and again while a pane with data-look is on screen. */
export function watch(root: HTMLElement, look: () => void): void {
  let timer = 0;
  const waits = (): HTMLElement | null => root.querySelector<HTMLElement>("[data-look]");
  new MutationObserver(() => {
    clearInterval(timer);
    const every = waits()?.dataset.look;
    timer = every ? window.setInterval(() => document.hidden || look(), Number(every)) : 0;
  }).observe(root, { childList: true });
  document.addEventListener("visibilitychange", () => !document.hidden && waits() && look());
}
