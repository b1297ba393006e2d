// An application without a framework: one button, Plaid.create, every callback.
// window.heard keeps what it hears.

window.heard = [];
const say = (what) => (...args) => window.heard.push({ what, args: JSON.parse(JSON.stringify(args)) });
const query = new URLSearchParams(location.search);

window.handler = window.Plaid.create({
  token: query.get("token"),
  receivedRedirectUri: query.get("received_redirect_uri") ?? undefined,
  onSuccess: say("success"),
  onExit: say("exit"),
  onEvent: say("event"),
  onLoad: say("load"),
});
document.getElementById("go").addEventListener("click", () => window.handler.open());
document.addEventListener("securitypolicyviolation", (e) => window.heard.push({ what: "violation", args: [e.violatedDirective, e.blockedURI] }));
