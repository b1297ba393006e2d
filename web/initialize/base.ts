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
 */
export function addMarker(): void {
  const src = VENDOR + PATH;
  if (document.querySelector(`script[src="${src}"]`)) return;
  const marker = document.createElement("script");
  marker.type = "text/plain";
  marker.src = src;
  (document.head ?? document.documentElement).appendChild(marker);
}
