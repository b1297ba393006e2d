// The live demo of <contact-idv-session>: its server makes the session, the element
// does the rest, and the server says what became of it.
const idv = document.querySelector("contact-idv-session");
const thanks = document.getElementById("idv-thanks");
const said = document.getElementById("said");
const events = document.getElementById("events");
const form = document.getElementById("ends");
const button = document.getElementById("verify");
let session = "";

async function ask(what, body) {
  const answer = await fetch(`/demo/contact/${what}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  const out = await answer.json();
  if (out.error) throw new Error(out.error);
  return out;
}

const outcomes = {
  OPEN: "It was closed before it began.",
  ACTIVE: "It was closed before its end. With the same token it goes on where it was.",
  VERIFIED: "Verified: the contact is made.",
  PENDING_REVIEW: "It waits for a review. The contact is made, and its status changes with the decision.",
  FAILED: "It failed: there is no contact, and “complete” was not told.",
  EXPIRED: "It expired.",
  CANCELED: "It was canceled.",
};

form.addEventListener("submit", async (e) => {
  e.preventDefault();
  if (button.getAttribute("aria-disabled")) return;
  button.setAttribute("aria-disabled", "true");
  thanks.hidden = true;
  said.textContent = "";
  events.textContent = "";
  try {
    const { id, token } = await ask("token", { ends: new FormData(form).get("ends") });
    session = id;
    idv.hidden = false;
    idv.token = token;
  } catch (e) {
    said.textContent = e.message;
    button.removeAttribute("aria-disabled");
  }
});
for (const name of ["loaded", "complete", "closed"]) {
  idv.addEventListener(`contact-identity-${name}`, () => {
    events.textContent += `${events.textContent && "\n"}contact-identity-${name}`;
  });
}
idv.addEventListener("contact-identity-complete", () => {
  idv.hidden = true;
  thanks.hidden = false;
});
idv.addEventListener("contact-identity-closed", async () => {
  idv.token = null;
  button.removeAttribute("aria-disabled");
  try {
    const { status, name } = await ask("outcome", { id: session });
    said.textContent = (outcomes[status] ?? status) + (name ? ` It is ${name}.` : "");
    events.textContent += `\nGraphQL: ${status}`;
  } catch (e) {
    said.textContent = e.message;
  }
});
