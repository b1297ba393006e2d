// docs/testids.md beside what the panes have.

import { readFileSync } from "node:fs";

const text = readFileSync(new URL("../../docs/testids.md", import.meta.url), "utf8");

function rows(mark) {
  const [, table] = new RegExp(`<!-- ${mark} -->\n([\\s\\S]*?)<!-- /${mark} -->`).exec(text);
  return table
    .trim()
    .split("\n")
    .slice(2)
    .map((line) => {
      const [, first, views] = line.split(/(?<!\\)\|/);
      return { selector: /`([^`]+)`/.exec(first)[1], allBut: views.includes("all but"), views: [...views.matchAll(/`(\w+)`/g)].map((m) => m[1]) };
    });
}

/** CSS for what the page writes with a <placeholder>. */
const css = (s) => (s.includes("<") ? s.replace(/^#([^<]*)<.*$/, '[id^="$1ins_"]') : s);
const testid = (s) => (s.includes("<") ? `[data-testid^="${s.slice(0, s.indexOf("<"))}"]` : `[data-testid="${s}"]`);

/** The documented selectors, each with its CSS and where it is to be found. */
export const documented = [...rows("selectors").map((r) => ({ ...r, css: css(r.selector) })), ...rows("testids").map((r) => ({ ...r, css: testid(r.selector), own: true }))];

/** Where a row says that its selector is, of the views that were seen. */
export const expected = (row, seen) => seen.filter((view) => (row.allBut ? !row.views.includes(view) : row.views.includes(view)));

/** What is on the pane: its view, which documented selectors find something, and all test ids and aut- ids. Runs in the page. */
export function census(list) {
  const sheet = document.querySelector("#link-root .sheet");
  const top = sheet ?? document.querySelector(".pane, .embedded");
  const visible = (el) => el.checkVisibility() && !el.closest("[inert]");
  return {
    view: sheet ? "EXIT" : top.dataset.view,
    found: list.filter((s) => [...top.parentElement.querySelectorAll(s)].some((el) => top.contains(el) && visible(el))),
    own: [...top.querySelectorAll("[data-testid]")].filter((el) => !el.closest(".cam-bar")).map((el) => el.dataset.testid), // which a camera has
    ids: [...top.querySelectorAll("[id^=aut-]")].filter((el) => el.matches("button, a, input")).map((el) => el.id),
  };
}
