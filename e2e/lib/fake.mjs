// A stand-in for the server's side of Link: the real script, runtime, style and
// frame page, and a session that walks through a few panes by the protocol of
// internal/link. It lets the browser side be tested alone, and made to wait,
// fail and answer late.

import { readFileSync } from "node:fs";
import { serve } from "./serve.mjs";

const web = new URL("../../web/", import.meta.url);
const file = (name) => readFileSync(new URL(name, web));

const head = (back) => `<header class="pane-head">${back ? `<button class="icon-btn" type="button" aria-label="Back" data-action="back" data-testid="link-back"></button>` : "<span></span>"}<span class="pane-mark"></span><button class="icon-btn" type="button" aria-label="Close" data-action="close" data-testid="link-close"></button></header>`;
const pane = (view, title, main, foot, back = true) => `<div class="pane" role="dialog" aria-modal="true" aria-labelledby="pane-title" data-view="${view}"><form class="pane-form" novalidate>${head(back)}<div class="pane-main"><h1 class="pane-title" id="pane-title" tabindex="-1">${title}</h1>${main}</div><footer class="pane-foot">${foot}</footer></form></div>`;
const primary = (label) => `<button id="aut-button" class="btn btn-primary btn-big" type="submit">${label}</button>`;
const rows = (list) => `<ul class="rows" id="institutions">${list.map(([id, name]) => `<li class="row"><div class="row-text"><button type="button" id="aut-${id}" aria-label="${name}" data-action="pick" data-value="${id}">${name}</button></div></li>`).join("")}</ul>`;
const BANKS = [["ins_1", "First Platypus Bank"], ["ins_2", "Houndstooth Bank"], ["ins_3", "Tartan Bank"]];

const views = {
  CONSENT: () => pane("CONSENT", "Connect", `<details><summary>What</summary>Data</details>`, primary("Continue"), false),
  SELECT_INSTITUTION: () =>
    pane("SELECT_INSTITUTION", "Select your bank", `<div class="control"><label class="sr" for="search-input-input">Search</label><button class="icon-btn" type="button" aria-label="Clear search" data-clear="search-input-input" hidden></button><input class="input" id="search-input-input" name="q" data-search></div><p data-search-status role="status"></p>${rows(BANKS)}`, ""),
  CREDENTIAL: (s) =>
    pane("CREDENTIAL", "Log in", `<div class="field"><label for="aut-input-0-input">Username</label><input class="input" id="aut-input-0-input" name="username" required data-missing="Enter your username."></div><div class="field"><label for="aut-input-1-input">Password</label><div class="control"><button class="icon-btn" type="button" aria-label="Show password" aria-pressed="false" data-reveal="aut-input-1-input"></button><input class="input" id="aut-input-1-input" name="password" type="password" required data-missing="Enter your password."${s.wrong ? ' aria-invalid="true" aria-describedby="pw-err"' : ""}></div>${s.wrong ? '<p class="err" id="pw-err" role="alert">Not accepted</p>' : ""}</div>`,
      `<p class="sandbox" data-testid="sandbox-hint"><button class="btn" type="button" data-fill='{"aut-input-0-input":"user_good","aut-input-1-input":"pass_good"}'>Fill in</button></p>${primary("Log in")}`),
  MFA: () => pane("MFA", "Enter the code", `<div class="field"><label for="aut-input-0-input">Code</label><div class="code-wrap"><input class="input code-input code-4" id="aut-input-0-input" name="code" inputmode="numeric" maxlength="4"></div></div>`, primary("Continue")),
  SELECT_ACCOUNT: () =>
    pane("SELECT_ACCOUNT", "Select accounts", `<fieldset class="choices" id="accounts" data-missing="Choose at least one account."><legend class="sr">Accounts</legend><label class="choice"><input type="checkbox" name="account" value="a1">Checking</label><label class="choice"><input type="checkbox" name="account" value="a2">Savings</label></fieldset>`, primary("Continue")),
  CONNECTED: () => pane("CONNECTED", "Connected", "", primary("Finish"), false),
};
const sheet = `<div class="sheet-scrim"><div class="sheet" role="alertdialog" aria-modal="true" aria-labelledby="pane-title"><h1 class="pane-title" id="pane-title" tabindex="-1">Leave?</h1><button id="aut-button" class="btn btn-primary btn-big" type="button" data-action="stay">Stay</button><button class="btn btn-big" type="button" data-action="leave" data-testid="exit-confirm">Leave</button></div></div>`;
const STATUS = { SELECT_INSTITUTION: "institution_not_found", MFA: "requires_code", SELECT_ACCOUNT: "requires_account_selection" };

/** Starts the stand-in. calls holds every call; set delay, slow (the page), drop, lose (the answer) or broken to disturb the next ones. */
export async function startFake() {
  const fake = { calls: [], pages: 0, delay: 0, slow: 0, drop: 0, broken: 0, delays: {}, mfa: false };
  const sessions = new Map();
  let count = 0;
  let clock = Date.parse("2031-05-06T07:08:09.000Z"); // not the browser's time

  const institution = (s) => (s.bank ? { institution_id: s.bank, name: BANKS.find(([id]) => id === s.bank)[1] } : null);
  const event = (s, name, more = {}) => ({
    event_name: name,
    metadata: { link_session_id: s.id, request_id: `req-${fake.calls.length}`, timestamp: new Date((clock += 7)).toISOString(), institution_id: s.bank ?? null, institution_name: institution(s)?.name ?? null, view_name: null, exit_status: null, error_type: null, error_code: null, error_message: null, institution_search_query: null, mfa_type: null, is_update_mode: null, match_reason: null, routing_number: null, account_number_mask: null, selection: null, ...more },
  });
  const show = (s, events) => ({ pane: { view: s.view, seq: s.seq, html: views[s.view](s), institution: institution(s), exit_status: STATUS[s.view] ?? "requires_credentials", request_id: `req-${fake.calls.length}` }, events });
  const go = (s, view, ...before) => {
    s.view = view;
    s.seq++;
    return show(s, [...before, event(s, "TRANSITION_VIEW", { view_name: view })]);
  };
  const leave = (s) => {
    const metadata = { institution: institution(s), status: STATUS[s.view] ?? "requires_credentials", link_session_id: s.id, request_id: `req-${fake.calls.length}` };
    return { events: [event(s, "EXIT", { exit_status: metadata.status })], done: { kind: "exit", error: s.error ?? null, metadata } };
  };

  function open(b) {
    if (b.link_token.startsWith("bad")) return { events: [], done: { kind: "exit", error: { error_type: "INVALID_INPUT", error_code: "INVALID_LINK_TOKEN", error_message: "invalid link_token provided", display_message: null }, metadata: { institution: null, status: null, link_session_id: "", request_id: "req-bad" } } };
    const s = { id: `session-${++count}`, handle: `handle-${count}`, seq: 1, view: "CONSENT" };
    sessions.set(s.handle, s);
    s.events = [];
    return { session: s.handle, link_session_id: s.id, ...show(s, [event(s, "OPEN", { view_name: "CONSENT", is_update_mode: "false" })]) };
  }
  function step(b) {
    const s = sessions.get(b.session);
    if (!s) throw { status: 400, body: { error_type: "INVALID_INPUT", error_code: "INVALID_LINK_TOKEN", error_message: "invalid link_token provided", display_message: null, request_id: "req-gone" } };
    if (b.action === "search") {
      const found = BANKS.filter(([, n]) => n.toLowerCase().includes(b.value.toLowerCase()));
      return { events: [event(s, "SEARCH_INSTITUTION", { institution_search_query: b.value })], fragment: { target: "institutions", html: rows(found), status: `${found.length} results` } };
    }
    if (b.seq !== s.seq) return show(s, []);
    if (b.action === "stay") return go(s, s.view);
    if (b.action === "leave") return leave(s);
    if (b.action === "back") return go(s, { SELECT_INSTITUTION: "CONSENT", CREDENTIAL: "SELECT_INSTITUTION" }[s.view] ?? "SELECT_INSTITUTION");
    switch (s.view) {
      case "CONSENT":
        return go(s, "SELECT_INSTITUTION");
      case "SELECT_INSTITUTION":
        s.bank = b.value;
        return go(s, "CREDENTIAL", event(s, "SELECT_INSTITUTION"));
      case "CREDENTIAL": {
        s.wrong = b.fields.password !== "pass_good";
        if (!s.wrong) return go(s, fake.mfa ? "MFA" : "SELECT_ACCOUNT", event(s, "SUBMIT_CREDENTIALS"));
        s.error = { error_type: "ITEM_ERROR", error_code: "INVALID_CREDENTIALS", error_message: "the provided credentials were not correct", display_message: "Try again." };
        return go(s, "CREDENTIAL", event(s, "SUBMIT_CREDENTIALS"), event(s, "ERROR", { error_type: "ITEM_ERROR", error_code: "INVALID_CREDENTIALS", error_message: s.error.error_message }));
      }
      case "MFA":
        return go(s, "SELECT_ACCOUNT", event(s, "SUBMIT_MFA"));
      case "SELECT_ACCOUNT":
        return go(s, "CONNECTED");
      default:
        return { events: [event(s, "HANDOFF")], done: { kind: "success", public_token: `public-${s.id}`, metadata: { institution: institution(s), accounts: [], link_session_id: s.id } } };
    }
  }
  function exit(b) {
    const s = sessions.get(b.session);
    if (b.force || !s.bank) return leave(s);
    s.seq++;
    return { events: [event(s, "TRANSITION_VIEW", { view_name: "EXIT" })], sheet: { html: sheet, seq: s.seq } };
  }

  // Events of an answer that was lost come with the next, as in internal/link.
  function caughtUp(s, body, answer) {
    if (!s) return;
    s.events.push(...answer.events);
    if (body.seen !== undefined && body.seen < s.events.length - answer.events.length) answer.events = s.events.slice(body.seen);
    answer.seen = s.events.length;
  }

  const server = await serve(async (req, res, text) => {
    const { pathname } = new URL(req.url, "http://x");
    if (pathname === "/link/v2/stable/link-initialize.js") {
      res.writeHead(200, { "content-type": "text/javascript; charset=utf-8", "access-control-allow-origin": "*" });
      return res.end(file("dist/link-initialize.js").toString().replaceAll("__GLENCHECK_PUBLIC_URL__", fake.url));
    }
    if (pathname === "/link/v2/stable/link.html") {
      fake.pages++;
      if (fake.slow) await new Promise((ok) => setTimeout(ok, fake.slow));
      if (fake.broken) return res.writeHead(200, { "content-type": "text/html" }).end("<p>Another server");
      res.writeHead(200, { "content-type": "text/html; charset=utf-8", "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors *" });
      return res.end(file("testdata/link.html"));
    }
    if (pathname.startsWith("/link/assets/")) {
      const name = pathname.slice("/link/assets/".length);
      res.writeHead(200, { "content-type": name.endsWith(".css") ? "text/css" : "text/javascript; charset=utf-8" });
      return res.end(file(`dist/${name}`));
    }
    const what = { "/link/session/open": open, "/link/session/step": step, "/link/session/exit": exit }[pathname];
    if (!what) return res.writeHead(404).end();
    const body = JSON.parse(text);
    fake.calls.push({ what: what.name, ...body });
    const wait = fake.delays[body.value] ?? fake.delay;
    let answer;
    let status = 200;
    if (fake.drop > 0) {
      fake.drop--;
      return req.socket.destroy();
    }
    if (fake.refuse) {
      status = fake.refuse;
      fake.refuse = 0;
      answer = { error_type: "API_ERROR", error_code: "INTERNAL_SERVER_ERROR", error_message: "an unexpected error occurred", display_message: null, request_id: "req-refused" };
    } else {
      try {
        answer = what(body);
        caughtUp(sessions.get(answer.session ?? body.session), body, answer);
      } catch (e) {
        if (!e.status) throw e;
        ({ status, body: answer } = e);
      }
    }
    if (fake.lose > 0) {
      fake.lose--;
      return req.socket.destroy();
    }
    if (wait) await new Promise((ok) => setTimeout(ok, wait));
    res.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer));
  });
  return Object.assign(fake, server);
}
