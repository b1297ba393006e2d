// Which server an element opens its flow at.

import { complain } from "../initialize/handler";

// The server replaces these words; they are taken apart below so that the comparison
// survives. A copy that was not served by Glencheck asks where it came from.
const SERVED: Record<string, string> = { prod: "__GLENCHECK_CONTACT_PROD__", stage: "__GLENCHECK_CONTACT_STAGE__" };
const FILE = "contact.iife.js";

// Only meaningful while the script is being evaluated, and null in a module.
const own = typeof document === "undefined" ? null : (document.currentScript as HTMLScriptElement | null);

function origin(src: string | undefined): string | null {
  try {
    const u = new URL(src ?? "", location.href);
    return src && /^https?:$/.test(u.protocol) ? u.origin : null;
  } catch {
    return null;
  }
}

/** The address of the server of an environment; null if it cannot be known. */
export function addressOf(env: string | null): string | null {
  if (env && env !== "prod" && env !== "stage") complain(`env="${env}" is neither prod nor stage; prod is taken`);
  const served = SERVED[env === "stage" ? "stage" : "prod"]!;
  return (served.startsWith("__") ? null : served) ?? origin(own?.src) ?? origin(document.querySelector<HTMLScriptElement>(`script[src*="${FILE}"]`)?.src);
}
