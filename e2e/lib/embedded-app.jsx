// An application with the embedded institution search: React in strict mode and
// PlaidEmbeddedLink, unmodified. Its callbacks are made anew with each render, as
// most applications write them, and each event renders.

import { StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";
import { PlaidEmbeddedLink } from "react-plaid-link";

window.heard = [];
const query = new URLSearchParams(location.search);

function App() {
  const [state, set] = useState({ token: query.get("token"), there: true, events: 0 });
  window.app.set = (more) => set((s) => ({ ...s, ...more }));
  const say = (what) => (...args) => {
    window.heard.push({ what, args: JSON.parse(JSON.stringify(args)) });
    set((s) => ({ ...s, events: s.events + 1 }));
  };
  return (
    <main>
      <p>Heard {state.events}</p>
      {state.there ? (
        <div id="box">
          <PlaidEmbeddedLink className="embedded" token={state.token} onSuccess={say("success")} onExit={say("exit")} onEvent={say("event")} onLoad={say("load")} />
        </div>
      ) : (
        <p>Gone</p>
      )}
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
