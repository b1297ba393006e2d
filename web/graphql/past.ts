// What was run, the latest first. It is in this page's memory and nowhere else.

import type { Reply } from "./ask";
import { button, el, millis, verdict } from "./show";

const list = document.getElementById("history") as HTMLElement;
const nothing = document.getElementById("no-past") as HTMLElement;
const forget = document.getElementById("forget") as HTMLElement;
const MOST = 50;

/** Remembers what was run; again brings it back. */
export function remember(title: string, r: Reply, again: () => void): void {
  const b = button("gql-pick", title, again);
  b.append(el("small", "", `${new Date().toLocaleTimeString("en", { hour12: false })}, ${verdict(r).text}, ${millis(r.took)}`));
  list.prepend(el("li", "", b));
  while (list.childElementCount > MOST) list.lastElementChild!.remove();
  nothing.hidden = true;
  forget.hidden = false;
}

forget.addEventListener("click", () => {
  list.replaceChildren();
  nothing.hidden = false;
  forget.hidden = true;
  document.getElementById("past")?.closest("section")?.querySelector<HTMLElement>("h2")?.scrollIntoView({ block: "nearest" });
});
