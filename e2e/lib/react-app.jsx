// An application as thousands are: React in strict mode and react-plaid-link, unmodified.
// window.app drives it from outside, window.heard keeps what it hears.

import { StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";
import { usePlaidLink } from "react-plaid-link";

window.heard = [];
const say = (what) => (...args) => window.heard.push({ what, args: JSON.parse(JSON.stringify(args)) });

function Connect({ token }) {
  const { open, exit, ready, error } = usePlaidLink({
    token,
    onSuccess: say("success"),
    onExit: say("exit"),
    onEvent: say("event"),
    onLoad: say("load"),
  });
  window.app.exit = exit;
  return (
    <>
      <button id="connect" disabled={!ready} onClick={() => open()}>
        Connect a bank
      </button>
      <output>{error ? "broken" : ready ? "ready" : "loading"}</output>
    </>
  );
}

function App() {
  const [state, set] = useState({ token: new URLSearchParams(location.search).get("token"), there: true });
  window.app.set = (more) => set((s) => ({ ...s, ...more }));
  return <main>{state.there ? <Connect token={state.token} /> : <p>Gone</p>}</main>;
}

document.addEventListener("securitypolicyviolation", (e) => window.heard.push({ what: "violation", args: [e.violatedDirective, e.blockedURI] }));
window.app = {};
createRoot(document.getElementById("root")).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
