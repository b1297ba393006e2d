// Package web owns what browsers load from Glencheck: the drop-in script
// (initialize/), the runtime inside Link's frame (link/), the Link Demo's script
// (demo/), the institution search in the host's page (embedded/), the element that
// verifies a contact (contact/), the design
// language (css/) and every word on a pane (text/).
//
// TypeScript and CSS are bundled into dist/ by "go generate ./web" (esbuild, in
// the module tools/bundle); the bundle is committed and compiled into the
// program. Asset, Assets and Path hand it out, Initialize fills the server's
// address into the drop-in script, LinkPage renders the frame page, Text answers
// words. The package serves nothing itself: internal/link serves /link/..., the
// demo page is internal/demo.
//
// # The frame in the host's page
//
// link-initialize.js puts the frame at the top of the body and, while Link is open,
// into the browser's top layer, with everything else in the body inert. Where a
// modal dialog of the page makes the frame inert too, a dialog of its own goes
// around it (Overlay). The frame is shown when its document has spoken; until then
// there is nothing for 300 ms, then a loader with a way to close.
//
// A frame that is made by open() asks for its document with begin=1 and is given the
// first pane with it (Begun), so that nothing more has to be asked for before it is
// seen; it is inert until link.js has taken the session over. A frame that is made
// before holds no session.
//
// # What a pane may ask of the runtime
//
// The server renders panes (internal/link and the products); link.js knows them
// by attributes only:
//
//	form submit, [data-action=submit]        action "submit" with all fields by name
//	[data-action=back|pick|stay|leave|...]   that action, with data-value if present
//	[data-action=close]                      leaves: the confirmation sheet, or the end
//	input[data-search]                       action "search" after 150 ms of rest, at once on Enter
//	[data-clear="<input id>"]                empties that input; hidden while it is empty
//	[data-search-status]                     shows the status words of a search fragment
//	[data-fill='{"<input id>":"<value>"}']   fills inputs (the sandbox strip)
//	[data-reveal="<input id>"]               shows and hides a password
//	input.code-input[maxlength]              submits by itself when full, once
//	[type=submit][data-departs]              leads to the bank's own pages: opens a window in the click
//	a[data-window]                           the link to the bank's window while the pane waits
//	[data-missing="<words>"] on a required input, or on the fieldset of required
//	radios and checkboxes                    said below it when it is left empty
//	details[data-opened]                 that action when it is opened; the pane stays as it is
//	input[type=file][data-upload=<bytes>]    sends each file that is chosen as action "upload"
//	[data-drop]                          where files may be dropped; data-over while one hovers
//	template[data-uploading]             the row of a file on its way, put into .files; [data-part]
//	                                     says how far it is, [data-stop] stops it
//	[data-camera][data-script="<address>"]   a viewport: the module at that address turns the
//	                                     pane, which is an upload, into one with a camera;
//	                                     what it says is JSON in data-words
//	[data-look="<milliseconds>"]             action "look" that often: the pane waits for what
//	                                     happens elsewhere
//	input[pattern][data-invalid="<words>"]   said below it when what is typed does not fit
//
// A pane with [aria-invalid=true], or fieldset[data-wrong], gets back what was
// typed before and focus on the first such field; any other pane gets focus on
// h1#pane-title. Words below a field are a p.err that its aria-describedby names;
// they go away with the next keystroke.
//
// # Cameras
//
// What takes pictures of documents (capture.js) and films of selfies (selfie.js) is
// loaded by the first pane with a viewport, each held against a budget of its own. A
// pane of that kind is an upload beside a viewport that is hidden; link/camera.ts gives
// it the class "camera" and imports the script, capture-pane.ts runs the camera and
// brings the upload back where there is none, with the reason. What is seen is what is
// sent: the part of the picture that the viewport shows, as one JPEG, by the upload of
// the pane. The measures of quality are those of internal/idv/photo, so that what is
// good here is not sent back from there. A film is such pictures while the oval goes
// where data-moves says (internal/idv/selfie/film); its picture is a mirror on screen
// and is sent as the camera sees it.
//
// # Words
//
// text/<language>.json holds the words of one Link language (plaid.Languages), in
// whole sentences with named {parameters}; en.json says which keys there are.
// Every other language has all of them, except those that begin with "demo.": the
// Link Demo page speaks to engineers and is English only. A new key is added to
// all files at once; the tests name what is missing.
//
//   - Plural forms are those that whole numbers take in the language, and "other".
//     Where "one" is also the form of 21, a sentence that does not show the number
//     has "=1" as well.
//   - The address is that of the country's bank apps: de Sie, fr vous, et teie, lt
//     and lv jūs, hi आप, pt (of Portugal) without a pronoun; da, no and sv du, nl
//     je, es and it tú and tu, ro and pl the second person, vi bạn.
//   - {app} and {bank} stay as they are: where a language would inflect them, the
//     sentence puts its own word beside them ("w banku {bank}").
//   - "Routing number (ABA)" stays English where a language has no word of its own.
package web
