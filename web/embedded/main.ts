// embedded.js: the institution search that stands in the host's page. It opens no
// session: it tells the host's script which bank was chosen, and Link's own frame
// begins with it.

import type { Done } from "../shared/protocol";
import { listen, tell, token } from "../link/host";
import * as list from "../link/list";
import { post } from "../link/server";
import { fit, next } from "./grid";

const root = document.getElementById("embedded-root") as HTMLElement;

let query = ""; // that the list answers
let searches = 0;
let picked: HTMLElement | null = null;

const searcher: list.Searcher = {
  async search(typed) {
    const mine = ++searches;
    const words = root.querySelector("[data-search-status]");
    try {
      const { fragment } = await post("search", { link_token: token, query: typed });
      await list.lifted();
      const old = document.getElementById("institutions");
      if (mine !== searches || !fragment || !old) return;
      query = typed;
      list.swap(old, fragment.html);
      if (words) words.textContent = fragment.status ?? "";
      refit();
    } catch {
      if (mine === searches && words) words.textContent = root.dataset.offline ?? "";
    }
  },
};

function refit(): void {
  fit(root, query !== "");
}

root.addEventListener("click", (e) => {
  const el = (e.target as Element).closest<HTMLElement>("[data-action=pick],[data-clear]");
  if (!el) return;
  if (el.dataset.clear !== undefined) list.emptied(el.dataset.clear, searcher);
  else if (!picked) {
    picked = el;
    el.setAttribute("aria-busy", "true");
    tell({ type: "pick", picked: { institutionId: el.dataset.value ?? "", query } });
  }
});

root.addEventListener("input", (e) => {
  if ((e.target as Element).matches("[data-search]")) list.typed(e.target as HTMLInputElement, searcher);
});

root.addEventListener("keydown", (e) => {
  if (e.isComposing || e.altKey || e.ctrlKey || e.metaKey) return;
  const input = e.target as HTMLInputElement;
  const searching = input.matches("[data-search]");
  if (e.key === "Enter" && searching) {
    e.preventDefault();
    list.entered(input, searcher);
    return;
  }
  const to = searching && e.key !== "ArrowDown" ? null : next(e.key, root);
  if (!to) return;
  e.preventDefault();
  to.focus();
});

// Link is closed: the grid can be used again.
listen((m) => {
  if (m.type !== "idle" || !picked) return;
  picked.removeAttribute("aria-busy");
  if (document.hasFocus() && picked.isConnected) picked.focus();
  picked = null;
});

const { refused } = root.dataset;
if (refused !== undefined) {
  const { done, remarks } = JSON.parse(refused) as { done: Done; remarks?: { text: string }[] };
  for (const { text } of remarks ?? []) console.warn(`Glencheck Link: ${text}`);
  tell({ type: "refused", done });
} else {
  new ResizeObserver(refit).observe(root);
  refit();
  tell({ type: "ready" });
}
