// Where the server is: its address is written into the script when it is
// served; a copy that was not served by Glencheck finds it by its own element.

const PATH = "/link/v2/stable/link-initialize.js";
const VENDOR = "https://cdn.plaid.com";

declare global {
  interface Window {
    PlaidLinkBase?: unknown;
  }
}

// The server replaces this word; it is taken apart below so that the comparison survives.
const SERVED = "__GLENCHECK_PUBLIC_URL__";

// Only meaningful while the script is being evaluated.
const own = document.currentScript as HTMLScriptElement | null;

function cut(src: string): string | null {
  const at = src.indexOf(PATH);
  return at > 0 ? src.slice(0, at) : null;
}

function address(url: unknown): string | null {
  if (typeof url !== "string" || url === "") return null;
  try {
    const u = new URL(url, location.href);
    return u.protocol === "http:" || u.protocol === "https:" ? u.href.replace(/\/+$/, "") : null;
  } catch {
    return null;
  }
}

function scanned(): string | null {
  for (const s of document.querySelectorAll<HTMLScriptElement>(`script[src*="${PATH}"]`)) {
    const base = cut(s.src);
    if (base && base !== VENDOR) return base;
  }
  return null;
}

/** The server's address without a slash at the end, or null if it cannot be known. */
export const base: string | null =
  address(own?.dataset.base) ??
  address(SERVED.startsWith("__") ? null : SERVED) ??
  address(own ? cut(own.src) : null) ??
  address(scanned()) ??
  address(window.PlaidLinkBase);

/**
 * Adds an inert element with the vendor's address. Wrappers such as
 * react-plaid-link look for exactly this address and take an element that has it
 * for the loaded script, so they use the window.Plaid defined here. A type that is
 * not JavaScript is never fetched.
 *
 * Wrappers built on VueUse wait for the element they find to load, and take it
 * away with their last component: so who listens hears that it has loaded, and an
 * element that is taken away comes back, lest the next component fetch the
 * vendor's script.
 */
export function addMarker(): void {
  const src = VENDOR + PATH;
  if (document.querySelector(`script[src="${src}"]`)) return;
  const marker = document.createElement("script");
  marker.type = "text/plain";
  marker.src = src;
  const listen = marker.addEventListener.bind(marker) as EventTarget["addEventListener"];
  marker.addEventListener = (type: string, ...rest: [EventListenerOrEventListenerObject, (boolean | AddEventListenerOptions)?]): void => {
    listen(type, ...rest);
    if (type === "load") setTimeout(() => marker.dispatchEvent(new Event("load")));
  };
  const put = (): void => void (document.head ?? document.documentElement).append(marker);
  put();
  const watch = new MutationObserver(() => {
    if (!marker.isConnected) put();
    watch.disconnect();
    watch.observe(marker.parentNode!, { childList: true });
  });
  watch.observe(marker.parentNode!, { childList: true });
}
