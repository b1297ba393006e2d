// Panes laid into a page one after another, as fast as a browser lays them out:
// in both directions of writing, with everything that can be opened open.

import { violations } from "./axe.mjs";
import { misfits } from "./fit.mjs";

/** What does not fit on the panes, a list of [name, html, fragment], at the width that the page has. */
export function misplaced(page, panes) {
  return page.evaluate(`(() => { ${misfits}\n${mirrored}\n${put}\nreturn (${judge})(${JSON.stringify(panes)}); })()`);
}

/** What axe-core has to say of the panes. */
export async function inaccessible(page, panes) {
  const found = [];
  for (const [name, ...pane] of panes) {
    await page.evaluate(`(${put})(...${JSON.stringify(pane)})`);
    for (const v of await violations(page)) found.push(`${name}: ${v}`);
  }
  return found;
}

/** Shows a pane, or a part of it anew, with everything open. It runs in the page. */
function put(html, fragment) {
  document.querySelector("#link-root").innerHTML = html;
  document.documentElement.dir = "ltr";
  if (fragment?.target) {
    document.getElementById(fragment.target).outerHTML = fragment.html;
    const status = document.querySelector("[data-search-status]");
    if (status) status.textContent = fragment.status;
  }
  for (const d of document.querySelectorAll("details")) d.open = true;
}

/** It runs in the page. */
function judge(panes) {
  const found = [];
  for (const [name, html, fragment] of panes) {
    put(html, fragment);
    for (const dir of ["ltr", "rtl"]) {
      document.documentElement.dir = dir;
      // A button that names a bank is as long as the bank's name: it may take two lines.
      const lines = !html.includes('data-view="OAUTH"');
      for (const wrong of [...misfits({ lines }), ...mirrored(dir)]) found.push(`${name}, ${dir}, ${innerWidth}: ${wrong}`);
    }
  }
  return found;
}

/** What stands on the wrong side. It runs in the page. */
function mirrored(dir) {
  const head = document.querySelector(".pane-head");
  const [back, close] = ["link-back", "link-close"].map((id) => document.querySelector(`[data-testid="${id}"]`));
  const middle = head ? head.getBoundingClientRect().left + head.getBoundingClientRect().width / 2 : 0;
  const side = (el) => (el.getBoundingClientRect().left < middle ? "left" : "right");
  const found = [];
  if (back && side(back) !== (dir === "rtl" ? "right" : "left")) found.push(`${dir}: the way back is on the ${side(back)}`);
  if (close && side(close) !== (dir === "rtl" ? "left" : "right")) found.push(`${dir}: the way out is on the ${side(close)}`);
  for (const p of document.querySelectorAll("#link-root :is(p, h1, label, summary, legend)")) {
    if (/^(left|right)$/.test(getComputedStyle(p).textAlign)) found.push(`${dir}: "${p.textContent.trim().slice(0, 40)}" is aligned ${getComputedStyle(p).textAlign}`);
  }
  return found;
}
