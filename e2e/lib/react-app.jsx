// An application as thousands are: React in strict mode and react-plaid-link, unmodified.
// window.app drives it from outside, window.heard keeps what it hears; tag is the
// render whose callbacks they were.

import { StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";
import { usePlaidLink } from "react-plaid-link";

window.heard = [];
const say = (what, tag) => (...args) => window.heard.push({ what, tag, args: JSON.parse(JSON.stringify(args)) });
const query = new URLSearchParams(location.search);

// The page is its own redirect_uri: whoever comes back from a bank is given the link
// token that was kept for them.
const returns = query.has("oauth_state_id");
const token = returns ? sessionStorage.getItem("link_token") : query.get("token");
if (token) sessionStorage.setItem("link_token", token);

function Connect({ id = "connect", token, tag }) {
  const { open, exit, submit, ready, error } = usePlaidLink({
    token,
    receivedRedirectUri: returns ? location.href : (query.get("received") ?? undefined),
    cspNonce: query.get("nonce") ?? undefined,
    onSuccess: say("success", tag),
    onExit: say("exit", tag),
    onEvent: say("event", tag),
    onLoad: say("load", tag),
  });
  Object.assign(window.app, id === "connect" ? { open, exit, submit } : { second: open });
  return (
    <>
      <button id={id} disabled={!ready} onClick={() => open()}>
        Connect a bank
      </button>
      <output>{error ? "broken" : ready ? "ready" : "loading"}</output>
    </>
  );
}

function App() {
  const [state, set] = useState({ token, there: true, second: false, tag: "first" });
  window.app.set = (more) => set((s) => ({ ...s, ...more }));
  return (
    <main>
      <button id="outside" onClick={() => window.app.open()}>
        Connect from elsewhere
      </button>
      {state.there ? <Connect token={state.token} tag={state.tag} /> : <p>Gone</p>}
      {state.second && <Connect id="second" token={state.second} tag="second" />}
    </main>
  );
}

document.addEventListener("securitypolicyviolation", (e) => window.heard.push({ what: "violation", args: [e.violatedDirective, e.blockedURI] }));
window.app = {};
createRoot(document.getElementById("root")).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
