// What makes the dashboard quicker: the list of partners follows what is typed, and
// values are copied with a press. Every page is complete without it.

/** Shows the partners that have all the words. */
function filter(form: HTMLFormElement): void {
  const query = form.querySelector<HTMLInputElement>("input[type=search]");
  const which = form.querySelector<HTMLSelectElement>("select");
  const count = form.querySelector("[data-count]");
  const rows = [...document.querySelectorAll<HTMLElement>("[data-words]")];
  const empty = document.querySelector<HTMLElement>("[data-empty]");
  if (!query || !count) return;
  query.addEventListener("input", () => {
    const wanted = query.value.trim().toLowerCase();
    let shown = 0;
    for (const row of rows) {
      row.hidden = !(row.dataset.words ?? "").toLowerCase().includes(wanted);
      if (!row.hidden) shown++;
    }
    count.textContent = `${shown} ${shown === 1 ? "partner" : "partners"}`;
    if (empty) empty.hidden = shown > 0;
    for (const kept of document.querySelectorAll<HTMLInputElement>("form[method=post] input[name=q]")) kept.value = query.value.trim();
  });
  which?.addEventListener("change", () => form.requestSubmit());
}

/** Copies the value of a button, and says so for a moment. */
function copies(button: HTMLButtonElement): void {
  const [still, done] = button.querySelectorAll("svg");
  const name = button.getAttribute("aria-label") ?? "";
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy ?? "");
    const show = (copied: boolean): void => {
      still?.toggleAttribute("hidden", copied);
      done?.toggleAttribute("hidden", !copied);
      button.setAttribute("aria-label", copied ? "Copied" : name);
    };
    show(true);
    setTimeout(() => show(false), 1500);
  });
}

document.querySelectorAll<HTMLFormElement>("form[data-filter]").forEach(filter);
if (navigator.clipboard) document.querySelectorAll<HTMLButtonElement>("button[data-copy]").forEach(copies);
