// The live demo of <contact-idv-session>: its server makes the session, the element
// does the rest.
const idv = document.querySelector("contact-idv-session");
const thanks = document.getElementById("idv-thanks");
const said = document.getElementById("said");
const button = document.getElementById("verify");

button.addEventListener("click", async () => {
  button.disabled = true;
  thanks.hidden = true;
  said.textContent = "";
  try {
    const answer = await fetch("/demo/contact/token", { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" });
    const { token, error } = await answer.json();
    if (!token) throw new Error(error);
    idv.hidden = false;
    idv.token = token;
  } catch (e) {
    said.textContent = e.message;
    button.disabled = false;
  }
});
idv.addEventListener("contact-identity-complete", () => {
  idv.hidden = true;
  thanks.hidden = false;
});
idv.addEventListener("contact-identity-closed", () => {
  if (thanks.hidden) said.textContent = "The verification was closed.";
  idv.token = null;
  button.disabled = false;
});
