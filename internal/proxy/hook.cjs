// Loaded before a program by `glencheck run` (NODE_OPTIONS=--require). Versions of
// Node before 24, and libraries with connections of their own, know no
// HTTPS_PROXY: what they connect to at one of the names below goes to Glencheck
// instead. Everything else stays as it was. Names in certificates are checked as
// ever, against the authority in NODE_EXTRA_CA_CERTS.
"use strict";

const { Socket } = require("node:net");
const names = new Set(__NAMES__);
const to = __DIRECT__;

const ours = (o) => o !== null && typeof o === "object" && Number(o.port) === 443 && typeof o.host === "string" && names.has(o.host.toLowerCase().replace(/\.$/, ""));
const turned = (o) => ({ ...o, host: to.host, port: to.port });

const connect = Socket.prototype.connect;
Socket.prototype.connect = function (...args) {
  const first = args[0];
  if (Array.isArray(first)) {
    if (ours(first[0])) first[0] = turned(first[0]); // what net.connect has sorted already
  } else if (ours(first)) {
    args[0] = turned(first);
  } else if (ours({ port: first, host: args[1] })) {
    args[0] = to.port;
    args[1] = to.host;
  }
  return connect.apply(this, args);
};
