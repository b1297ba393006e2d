// Connections of Node itself, which knows no HTTPS_PROXY before version 24.

import { get } from "node:https";
import { connect } from "node:tls";

const answer = await fetch("https://production.plaid.com/item/get", { method: "POST", headers: { "content-type": "application/json" }, body: "{}" });
console.log("fetch", answer.status, (await answer.json()).error_code);

const status = await new Promise((ok, fail) => get("https://cdn.plaid.com/link/v2/stable/link-initialize.js", (r) => r.resume().on("end", () => ok(r.statusCode))).on("error", fail));
console.log("https", status);

const secured = await new Promise((ok, fail) => {
  const socket = connect(443, "sandbox.plaid.com", { servername: "sandbox.plaid.com" }, () => ok(socket.authorized));
  socket.on("error", fail);
  socket.on("secureConnect", () => socket.end());
});
console.log("tls", secured);
