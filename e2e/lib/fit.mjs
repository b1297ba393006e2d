// Whether everything on a pane fits: these functions run in the page.

/** What does not fit: wider than the window, cut by its own box, or a button of two lines. */
export function misfits({ lines = true } = {}) {
  const found = [];
  if (document.documentElement.scrollWidth > innerWidth) found.push("the page scrolls sideways");
  for (const el of document.querySelectorAll(":is(#link-root, #embedded-root) *")) {
    if (el.closest("svg, .sr, [hidden], option") || !el.checkVisibility()) continue;
    const words = [...el.childNodes].filter((n) => n.nodeType === 3 && n.data.trim());
    if (!words.length) continue;
    const range = document.createRange();
    range.setStartBefore(words[0]);
    range.setEndAfter(words.at(-1));
    const box = range.getBoundingClientRect();
    const says = `"${el.textContent.trim().slice(0, 60)}"`;
    if (box.left < 0 || box.right > innerWidth) found.push(`${says} leaves the window`);
    if (el.scrollWidth > el.clientWidth + 1 && getComputedStyle(el).display !== "inline") found.push(`${says} is cut`);
    if (lines && el.matches("button.btn, a.btn") && range.getClientRects().length > 1) found.push(`${says} takes ${range.getClientRects().length} lines`);
  }
  for (const input of document.querySelectorAll("#link-root input[placeholder]")) if (!input.value && input.scrollWidth > input.clientWidth + 1) found.push(`"${input.placeholder}" is cut`);
  return found;
}

/** Text spacing as a person may force it (WCAG 2.2, 1.4.12); off takes it away. */
export function spacing(on) {
  if (!on) {
    document.adoptedStyleSheets = [];
    return;
  }
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-bottom: 2em !important }");
  document.adoptedStyleSheets = [sheet];
}

/** What Tab should stop at, in the order of the document, as the dialog on top has it. */
export function stops() {
  const dialog = document.querySelector("#link-root .sheet") ?? document.querySelector("#link-root .pane") ?? document.body;
  const all = [...dialog.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")].filter(
    (el) => !el.disabled && !el.closest("[inert]") && el.checkVisibility({ visibilityProperty: true }) && el.tabIndex >= 0,
  );
  const list = all.filter((el) => {
    if (el.type !== "radio") return true;
    const group = all.filter((o) => o.type === "radio" && o.name === el.name);
    return el === (group.find((o) => o.checked) ?? group[0]);
  });
  list.forEach((el, n) => (el.dataset.stop = n));
  return list.map((el) => el.id || el.dataset.testid || el.getAttribute("aria-label") || el.textContent.trim());
}

/** Where focus is, as stops() has named it: its number, or what else has it. */
export function stop() {
  const el = document.activeElement;
  return el?.dataset.stop === undefined ? el?.tagName ?? null : Number(el.dataset.stop);
}

/** The order that the design asks for: back, close, body, sandbox strip, primary, secondary (ui/README.md section 6). */
export function disorder() {
  const dialog = document.querySelector("#link-root .sheet") ?? document.querySelector("#link-root .pane") ?? document.body;
  const order = [...dialog.querySelectorAll("[data-testid=link-back], [data-testid=link-close], .pane-main :is(a[href], button, input, summary), [data-testid=sandbox-hint] button, #aut-button, #aut-secondary-button")].filter((el) => el.checkVisibility());
  const rank = (el) =>
    el.matches("[data-testid=link-back]") ? 0 : el.matches("[data-testid=link-close]") ? 1 : el.closest(".pane-main") ? 2 : el.closest("[data-testid=sandbox-hint]") ? 3 : el.id === "aut-button" ? 4 : 5;
  const ranks = order.map(rank);
  return ranks.every((r, n) => n === 0 || r >= ranks[n - 1]) ? [] : [`the order is ${ranks.join(" ")}`];
}

/** Words in the colour of their ground. (axe-core does not see which colours the system has forced.) */
export function unreadable() {
  const ground = (el) => {
    for (; el; el = el.parentElement) {
      const colour = getComputedStyle(el).backgroundColor;
      if (!/^rgba\(.*, 0\)$/.test(colour)) return colour;
    }
    return null;
  };
  return [...document.querySelectorAll(":is(#link-root, #embedded-root) *")]
    .filter((el) => el.checkVisibility() && !el.closest("svg, .sr, [inert], option") && [...el.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))
    .filter((el) => getComputedStyle(el).color === ground(el))
    .map((el) => `"${el.textContent.trim().slice(0, 60)}" has the colour of its ground`);
}
