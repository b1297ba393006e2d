// What happens inside a form: words below a field, what was typed, the helpers
// beside an input.

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

/** The fields of a form by name, as the server takes them. */
export function values(form: HTMLFormElement, submitter?: HTMLElement | null): Record<string, string | string[]> {
  const out: Record<string, string | string[]> = {};
  const data = new FormData(form);
  if (submitter instanceof HTMLButtonElement && submitter.name) data.append(submitter.name, submitter.value);
  for (const name of new Set(data.keys())) {
    const all = data.getAll(name).filter((v): v is string => typeof v === "string");
    const first = all[0];
    if (first !== undefined) out[name] = all.length > 1 ? all : first;
  }
  return out;
}

function describe(el: Element, add: string | null, drop: (id: string) => boolean): void {
  const ids = (el.getAttribute("aria-describedby") ?? "").split(/\s+/).filter((id) => id !== "" && !drop(id));
  if (add) ids.unshift(add);
  if (ids.length > 0) el.setAttribute("aria-describedby", ids.join(" "));
  else el.removeAttribute("aria-describedby");
}

/** Says below a field, or below a group of choices, what is wrong with it. */
function say(el: Element, words: string): void {
  clear(el);
  const template = document.getElementById("field-error") as HTMLTemplateElement;
  const p = (template.content.firstElementChild as HTMLElement).cloneNode(true) as HTMLElement;
  p.id = `${el.id || "field"}-error`;
  p.lastElementChild!.textContent = words;
  if (el.matches("fieldset")) el.after(p);
  else (el.closest(".field") ?? el.parentElement ?? el).append(p);
  // A group is no field: aria-invalid is not for it.
  if (el.matches("fieldset")) el.setAttribute("data-wrong", "");
  else el.setAttribute("aria-invalid", "true");
  describe(el, p.id, () => false);
}

/** Takes the words back; typing says that the person is at it. */
export function clear(el: Element): void {
  el.removeAttribute("aria-invalid");
  el.removeAttribute("data-wrong");
  describe(el, null, (id) => {
    const words = document.getElementById(id);
    if (!words?.matches(".err")) return false;
    words.remove();
    return true;
  });
}

/** What an input belongs to when it is wrong: its group of choices, or itself. */
export function subject(input: Element): Element {
  return (input as HTMLInputElement).type === "radio" || (input as HTMLInputElement).type === "checkbox"
    ? (input.closest("fieldset") ?? input)
    : input;
}

/** Checks a form before it is sent; false if something was said. The first wrong field gets focus. */
export function check(form: HTMLFormElement): boolean {
  const wrong: Element[] = [];
  for (const group of form.querySelectorAll<HTMLElement>("fieldset[data-missing]")) {
    if (!group.querySelector("input:checked")) wrong.push(complain(group, group.dataset.missing!));
  }
  for (const input of form.querySelectorAll<Field>("input,select,textarea")) {
    if (input.required && input.value.trim() === "" && input.dataset.missing) wrong.push(complain(input, input.dataset.missing));
    else if (!checkFilled(input)) wrong.push(input);
  }
  const first = wrong.sort((a, b) => (a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1))[0];
  if (!first) return true;
  (first.matches("fieldset") ? first.querySelector<HTMLElement>("input") : (first as HTMLElement))?.focus();
  return false;
}

function complain(el: Element, words: string): Element {
  say(el, words);
  return el;
}

/** Checks what stands in one field, when there is something; false if something was said. */
export function checkFilled(input: Field): boolean {
  const words = input.dataset.invalid;
  if (!words || input.value === "" || input.checkValidity()) return true;
  say(input, words);
  return false;
}

/** Puts back what was typed when the server answers the same pane with an error. */
export function carry(from: Element, to: Element): void {
  const choice = (i: HTMLInputElement): boolean => i.type === "radio" || i.type === "checkbox";
  for (const old of from.querySelectorAll<HTMLInputElement>("input[name]")) {
    const same = [...to.querySelectorAll<HTMLInputElement>("input[name]")].filter((i) => i.name === old.name && choice(i) === choice(old));
    if (choice(old)) {
      for (const i of same) if (i.value === old.value && old.checked) i.checked = true;
    } else if (same[0] && same[0].value === "") {
      same[0].value = old.value;
    }
  }
}

/** Fills inputs by id, as the sandbox strip offers. */
export function fill(json: string): void {
  for (const [id, value] of Object.entries(JSON.parse(json) as Record<string, string>)) {
    const input = document.getElementById(id);
    if (!(input instanceof HTMLInputElement || input instanceof HTMLSelectElement)) continue;
    if (input.type === "radio" || input.type === "checkbox") (input as HTMLInputElement).checked = true;
    else input.value = value;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

/** Shows or hides a password. */
export function reveal(button: HTMLElement, id: string): void {
  const input = document.getElementById(id);
  if (!(input instanceof HTMLInputElement)) return;
  const show = input.type === "password";
  input.type = show ? "text" : "password";
  button.setAttribute("aria-pressed", String(show));
}

const sent = new WeakSet<HTMLInputElement>();

/** Whether a code input has just become full; true once for each input. */
export function codeIsFull(input: HTMLInputElement): boolean {
  if (input.inputMode === "numeric" && /\D/.test(input.value)) input.value = input.value.replace(/\D/g, "");
  if (input.maxLength <= 0 || input.value.length < input.maxLength || sent.has(input)) return false;
  sent.add(input);
  return true;
}

/** Puts a pasted code in without the spaces and dashes that would use up its length. */
export function pasteCode(e: ClipboardEvent, input: HTMLInputElement): void {
  const code = (e.clipboardData?.getData("text") ?? "").replace(input.inputMode === "numeric" ? /\D/g : /[\s-]/g, "");
  if (code === "") return;
  e.preventDefault();
  input.value = code.slice(0, input.maxLength > 0 ? input.maxLength : undefined);
  input.dispatchEvent(new Event("input", { bubbles: true }));
}
