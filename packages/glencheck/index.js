// Starts a Glencheck for tests, and has handles for what no client of the API can
// do. Written so that both import and require find its names; no dependency.
// index.d.ts says what everything takes and answers.
"use strict";

const { spawn } = require("node:child_process");
const { createInterface } = require("node:readline");

const CLIENT_ID = "676c656e636865636b736278";
const SECRET = "73616e64626f782d73656372657421";

/** An error of the API. */
class GlencheckError extends Error {
  constructor(path, status, body) {
    super(`${path}: ${status} ${body.error_code}: ${body.error_message}`);
    this.name = "GlencheckError";
    this.status = status;
    this.type = body.error_type;
    this.code = body.error_code;
    this.displayMessage = body.display_message ?? null;
    this.requestId = body.request_id;
  }
}

/** Starts a sandbox in memory, on a free port of 127.0.0.1. */
async function start(options = {}) {
  const { binary = process.env.GLENCHECK_BIN || "glencheck", clock, seed, clientId = CLIENT_ID, secret = SECRET, redirectUris = [], flags = [], log } = options;
  const line = ["serve", "--addr", "127.0.0.1:0", "--db", ":memory:", "--log-format", "json", "--stop-with-stdin", "--client-id", clientId];
  if (clock) line.push("--clock", clock);
  if (seed) line.push("--seed", String(seed));
  for (const uri of redirectUris) line.push("--redirect-uri", uri);
  const child = spawn(binary, [...line, ...flags], { env: { ...process.env, GLENCHECK_SECRET: secret }, stdio: ["pipe", "pipe", "pipe"] });
  child.stdin.on("error", () => {}); // it has ended; "exit" tells
  const ended = new Promise((ok) => child.once("exit", ok));
  const addr = await ready(child, binary, log);
  // A test that forgets stop() can end all the same: with the process its end of
  // the server's standard input goes, and the server after it.
  for (const handle of [child, child.stdin, child.stdout, child.stderr]) handle.unref();
  return new Glencheck(`http://${addr}`, clientId, secret, child, ended);
}

/** Where the server listens, once it does. */
function ready(child, binary, log) {
  const said = [];
  return new Promise((ok, fail) => {
    const hear = (text) => {
      log?.(text);
      said.push(text);
      if (said.length > 20) said.shift();
      try {
        const { msg, addr } = JSON.parse(text);
        if (msg === "ready") ok(addr);
      } catch {} // not every line is JSON: what goes wrong at the start is not
    };
    createInterface(child.stdout).on("line", hear);
    createInterface(child.stderr).on("line", hear);
    child.once("error", (e) => fail(new Error(`${binary} cannot be started: ${e.message}; give its path as binary or in GLENCHECK_BIN`)));
    child.once("close", (code) => fail(new Error(`${binary} ended with ${code}:\n${said.join("\n")}`)));
  });
}

class Glencheck {
  #child;
  #ended;

  constructor(url, clientId, secret, child, ended) {
    Object.assign(this, { url, clientId, secret });
    this.#child = child;
    this.#ended = ended;
    const call = this.call.bind(this);
    this.clock = clock(call);
    this.link = link(call);
    this.faults = faults(call);
    this.webhooks = webhooks(call);
  }

  get pid() {
    return this.#child.pid;
  }

  async call(path, body = {}) {
    const answer = await fetch(this.url + path, {
      method: "POST",
      headers: { "content-type": "application/json", "plaid-client-id": this.clientId, "plaid-secret": this.secret },
      body: JSON.stringify(body),
    });
    const read = await answer.json();
    if (!answer.ok) throw new GlencheckError(path, answer.status, read);
    return read;
  }

  async reset() {
    await this.call("/sandbox/state/reset");
  }

  async stop() {
    this.#child.stdin.end();
    const patience = setTimeout(() => this.#child.kill("SIGKILL"), 15_000);
    await this.#ended;
    clearTimeout(patience);
  }

  async [Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose")]() {
    await this.stop();
  }
}

const clock = (call) => {
  const told = async (path, body) => new Date((await call(path, body)).now);
  return {
    now: () => told("/sandbox/clock/get"),
    advance: (span) => told("/sandbox/clock/advance", span),
    set: (to) => told("/sandbox/clock/set", { now: new Date(to).toISOString() }),
  };
};

const link = (call) => {
  const begin = async (path, body) => {
    const session = new Session(call);
    await session._turn(path, body);
    return session;
  };
  return {
    complete: (linkToken, person) => begin("/sandbox/link/session/complete", { link_token: linkToken, inputs: person }),
    until: (view, linkToken, person) => begin("/sandbox/link/session/complete", { link_token: linkToken, inputs: person, stop_at: view }),
    open: (linkToken) => begin("/sandbox/link/session/open", { link_token: linkToken }),
  };
};

/** One opening of Link. */
class Session {
  #call;

  constructor(call) {
    this.#call = call;
    Object.assign(this, { id: "", handle: "", pane: null, events: [], remarks: [], done: null });
  }

  submit(fields = {}) {
    return this._turn("/sandbox/link/session/step", { session: this.handle, action: "submit", fields });
  }

  do(action, value = "") {
    return this._turn("/sandbox/link/session/step", { session: this.handle, action, value });
  }

  exit({ force = false } = {}) {
    return this._turn("/sandbox/link/session/exit", { session: this.handle, force });
  }

  get story() {
    return this.events.map(({ event_name: name, metadata: m }) => [name, m.mfa_type ?? m.view_name ?? m.exit_status ?? m.error_code].filter(Boolean).join(" "));
  }

  /** Makes a call of the driver and takes over what came of it. */
  async _turn(path, body) {
    const a = await this.#call(path, body);
    this.id = a.link_session_id || this.id;
    this.handle = a.session ?? this.handle;
    this.events.push(...(a.events ?? []));
    this.remarks.push(...(a.remarks ?? []).map((r) => r.text));
    this.done = a.done ?? null;
    this.pane = this.done ? null : (a.pane ?? (a.view ? a : null)); // complete tells of one that goes on in a member of its own
    return this;
  }
}

const faults = (call) => ({
  set: async (fault) => (await call("/sandbox/fault/set", fault)).fault.fault_id,
  list: async () => (await call("/sandbox/fault/list")).faults,
  clear: async (id) => void (await call("/sandbox/fault/clear", id ? { fault_id: id } : {})),
});

const webhooks = (call) => ({
  list: async (filter = {}) => (await call("/sandbox/webhook/list", filter)).deliveries,
  wait: async (filter = {}) => {
    const { delivery } = await call("/sandbox/webhook/wait", filter);
    if (!delivery) throw new Error(`no webhook ${JSON.stringify(filter)} came in time`);
    return delivery;
  },
  replay: async (id) => (await call("/sandbox/webhook/replay", { delivery_id: id })).delivery,
  forge: (id, forgery) => call("/sandbox/webhook/forge", { delivery_id: id, forgery }),
  sign: async (body, forgery) => (await call("/sandbox/webhook/sign", forgery ? { body, forgery } : { body })).plaid_verification,
});

/** The published person of the sandbox, at First Platypus Bank, who shares every account. */
const userGood = () => ({ institution_id: "ins_109508", username: "user_good", password: "pass_good", accounts: { all: true } });

module.exports = { start, userGood, GlencheckError };
