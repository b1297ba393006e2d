// Package link owns Link: link tokens, the sessions that people go through with
// them, the machine that runs the flows, and what browsers are served below
// /link/.
//
// # Flows, steps, panes
//
// A Flow is data: for each View a Step, whose function comes to an Outcome, and
// for each outcome the view that follows. A step never knows the next step; rooms
// of products hand their flows to Sessions. Sessions.Step loads a session, checks
// that the person was on the pane that the session is at, runs the step, stores
// the session and its events in one transaction, and answers the next pane. A
// Pane says what is on it as data (Screen); templates make the frame's HTML of
// it, and Driver the JSON of the headless driver.
//
// # What may be relied on
//
// Each pane has a number. A step that names another number than the present one
// changes nothing and is answered with the present pane, so a repeated request, a
// second tab or a second node never doubles a step. A step with Once claims the
// session before it reaches the bank; should its process end, the next request
// finds an ERROR pane with a way to begin anew. What a person types at a bank goes
// to the connector and is never stored, but for the account numbers of which the
// result is made. A result of a session, an Item
// with its public token, is made in the transaction of its own last step: that
// which ends the session or, in a flow of several results, Step.Makes. What
// an unfinished session holds at a bank is given back (Flow.Abandon), at once or
// by Sessions.Sweep.
//
// Events have strictly increasing times within a session. The frame says how many
// it has: those of an answer that was lost on the way come with the next. A session
// ends with its token: INVALID_LINK_TOKEN. So does a token after MaxWrong wrong
// logins, which no session of it takes more of, and after MaxSessions sessions. Logins
// that are on their way to the bank count until it has answered (Step.Guess), so that
// many at once are no more tries than one after another: who comes when the rest of
// them are taken finds an ERROR pane and may try again. The frame gets the same answer
// for a session that nobody knows: its server has lost its memory, and the token with it. Several sessions may run on
// one token; outside the sandbox only one succeeds.
//
// # Remarks
//
// A step that leads nowhere, or elsewhere than the client may expect, says why
// with Visit.Explain: to the developer, in English, without anything personal.
// Remarks are kept with the session. In the sandbox they come with the answers:
// link.js writes "Glencheck Link: …" to the console. A session that is refused
// before it began keeps its reason too (Refusal), if it is known whose token it
// was; what the person is told is the same for each reason.
//
// # Scripts
//
// /sandbox/link/session/complete runs a session by itself (script, filler): with
// inputs it is a person who confirms every pane, gives what they know where it is
// asked for, and leaves where it was refused or where an ERROR pane ends the way;
// a warning (degraded) does not stop them. An input that is missing is an error
// that names the pane and what is on it, and the session is closed. Who has no files to
// upload uses what a sandbox has prepared for them (action specimen). With steps it
// does exactly those and leaves the session as it is then. Each step is a request
// of its own to the machine, with a request_id of its own.
//
// # Webhooks
//
// EVENTS, ITEM_ADD_RESULT and SESSION_FINISHED are made here (Notice) and handed
// to Config.Notify in the transaction that makes them due. EVENTS tells of an
// abandoned session ten minutes after the last event, once for as long as nobody
// goes on with it, and of all events again at the end. A session whose token
// expired unused ends as EXITED. ITEM_ADD_RESULT is for Hosted Link and several
// Items only, also where the server tells of every session (NotifyAll, on in the
// sandbox). The record of a session shows what is due of it, also when its link
// token names no webhook.
//
// # Decisions where nothing is documented
//
// An exit is confirmed once an institution was chosen. A forced exit is always an
// exit, on the last pane too; closing the last pane in any other way is a success.
// The views of messages about an institution (degraded, down, not supported) are
// ERROR; only those with an error_code are preceded by an ERROR event. Status
// "connected" is that of the last pane, as in the mobile SDKs.
//
// A session of several results (Token.MultiItem) has one HANDOFF for each, when the
// person confirms it on its CONNECTED pane, and one end. Once there is a result,
// every way out is a success without EXIT, a forced one and the end of the token
// too: what is linked stays linked. Its onSuccess is empty: public_token and
// institution are null, accounts is []. Outside the sandbox the token is used up
// by the session, not by its first result.
//
// A result that is withheld (Step.Withholds) is an Item of which the session says
// nothing: no HANDOFF, no onSuccess, no webhook of this room. /link/token/get tells it,
// as documented of a failed Identity Match. Such a session may go on and still end well.
//
// How many accounts a person may share is the AccountSelect of the client's
// customization. The default is multiple, as the vendor's dashboard has it:
// checkboxes, none of them chosen beforehand. With single they are radios. With
// all everything is chosen beforehand and open to change, as the pane itself is
// required. An account that is the only one is chosen in each mode.
//
// A bank's own pages open in a window, and the step that opens it leaves the person
// on the pane OAUTH (Here). Whoever comes back from there is recognised by the state
// that the bank sends back, of which the blind index is stored; what they bring is
// looked at in the request of the return page, once, whatever becomes of the window.
// Link asks for what came of it when the window says so, when it has closed, and
// every few seconds, so that no word and no window is needed. A window that was
// closed leaves the login open: who comes back after all goes on. CLOSE_OAUTH and
// FAIL_OAUTH are followed by the TRANSITION_VIEW of the pane that is there again.
//
// The return of a window is tied to the browser in which Link is, lest whoever is sent
// the address of a bank's login shares their accounts with the session that made it.
// The frame leads the window over a page of this server, GoPath, which lets through
// only what a page of its own origin has led there (Sec-Fetch-Site, which no page can
// write), and gives the browser a cookie (SameSite=Lax, below /link/oauth/, first
// party: the window is a page of its own). Who comes back without it changes nothing,
// and the session goes on waiting. A browser that says nothing of where a request is
// from, as over http to another machine, is let through. Not tied are the way of the
// whole page, which needs the link token that the app has kept, and departures that
// the client itself makes through the headless driver.
//
// Where the whole page goes to the bank, what comes back waits, sealed, until the
// app opens Link with the receivedRedirectUri, which works once, under the same link
// token: the session goes on under a new handle, and OPEN (without a view) comes
// before what the bank said. receivedRedirectUri is compared with the redirect_uri
// as an address, since apps pass what their location says. Accounts that were shared
// at the bank and are none that the token allows are ACCESS_NOT_GRANTED, not
// NO_ACCOUNTS: the person can mend it there.
//
// The page of Hosted Link has a secret of its own in its address, not the link
// token. It stays open until a session of its token succeeds, in the sandbox too,
// or the token expires; after an exit a person may come back to a new session.
// The browser keeps the handle of the session under way, so that a reload or a
// second tab goes on with it; another browser begins a session of its own. The
// end leads to completion_redirect_uri with nothing appended, after a success and
// after an exit, but not where Link could not begin at all. delivery_method is
// ignored in the sandbox, as documented, so the life of the page is 30 minutes
// there; in production it is refused, as nothing would be sent.
//
// The document of a frame that is made to be open begins the session (begins): a GET
// that changes something, so it does so only for a browser that is about to show it in
// a frame (Sec-Fetch-Dest), not for one that fetches early, once for each frame, and on
// a page that may show Link. In every other case the runtime opens the session.
//
// A plain tab with link.html shows Link as the Hosted Link page does and ends on
// its own last pane. In a webview events are told as they happen, and each
// message waits until the one before has had its moment (web/link/webview.ts).
//
// An embedded search begins its session when a bank is chosen, not when it is shown:
// pages are shown to many who pass by, and a page that renders anew on OPEN would
// begin session after session. The bank is chosen before consent, so whatever
// stands in its way is said after consent. What was searched for in the page is one
// SEARCH_INSTITUTION, that of the list in which the bank was chosen.
//
// A list of what is shared stands on the consent pane; opening it is
// VIEW_DATA_TYPES. Under Data Transparency Messaging, which a customization's use
// cases switch on for tokens of the United States and Canada, it names data scopes
// instead of products, with the use cases, and stands on the last pane before the
// account is connected too, above a sentence that says what going on means, as the
// guide has it since it became a footer. The views DATA_TRANSPARENCY and
// DATA_TRANSPARENCY_CONSENT of older versions, for which no flow is documented,
// are never shown.
//
// # Paths
//
//	GET  /link/v2/stable/link-initialize.js, /link/v2/stable/link.html, /link/assets/*   Frame
//	GET  /link/v2/stable/embedded.html                                                   Frame
//	POST /link/session/search                                                            Frame
//	GET  /link/hosted/{id}, /link/logo/{key}.png                                         Frame
//	POST /link/session/open, /link/session/step, /link/session/exit                      Frame
//	POST /sandbox/link/session/open, …/step, …/exit, …/get, …/list       Driver
//	GET  /link/oauth/go/{id}                                                             Frame
//	GET  /link/oauth/return                                                              Frame
//	POST /sandbox/link/session/oauth, …/complete                         Driver
//	POST /link/token/create, /link/token/get                                             Tokens
//
// # Neighbours
//
// The connect flow (institution, login, accounts) is in item; what verifies typed
// numbers is in auth. The scripts, styles and words are in web; which
// attributes of a pane the script binds is told there. Institutions and banks are
// known to institution; this room sees an id, a name and a mark.
package link
