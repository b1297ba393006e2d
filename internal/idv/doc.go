// Package idv owns Identity Verification: templates, the attempts of people to be
// verified, and the steps that an attempt consists of.
//
// Its paths are /identity_verification/create, get, list, retry and autofill/create,
// the levers /sandbox/identity_verification/*, and the flow of Link for the product
// identity_verification. What is true of the data that people type is in package
// person below; photo, reader and document know identity documents. What people hand in
// is at /verifications/, which server serves (Service.Served).
//
// # An attempt
//
// An Attempt is a row that nobody changes but through Service: each change stores
// the whole of it under a number (seq) that it must still have, in one transaction
// with the webhooks and jobs that follow from it. Steps that need nobody, a
// comparison with a data source for example, are run by a job one second after the
// request that made them possible, so that /identity_verification/create always
// answers "active" (identity-verification.md section 1.2).
//
// At most one step is active. A step that fails ends the attempt, unless it is
// kyc_check and the template has documents as its fallback. Steps for which nothing
// here can find out what is true come to pending_review and the attempt goes on; it
// ends in pending_review then and waits for a person.
//
// # Documents
//
// A Submission is one document, with a picture of each side and what was found out of
// it. A file is measured and read (papers.look) before the change of the attempt and
// outside of any transaction, a few at a time; the change then takes the Side in, keeps
// the picture and, with the last side, judges (Attempt.hand). Attempt.Handed counts these
// changes: who has seen less than there is, in another tab for example, changes nothing
// and is shown what there is.
//
// Up to three submissions, since two may be taken again. A picture with a fault, of which
// nothing could be read, closes its submission, and the next one begins with the side
// that was good; so does a whole document that could not be read, with the front. After
// the third what there is decides: bad pictures fail, good ones of which nothing could be
// read wait for a person. A document that fails for another reason is not asked for
// again. Choosing another kind drops the pictures of the one that was under way. A
// session takes 40 files, those that were refused too.
//
// A decision of a control call, a magic input or a reviewer leaves what was submitted as
// it is and adds nothing: the last submission has the status of the step, those before
// have failed. The object is there for a step that a person has approved or rejected
// too, since its documents can be manually_approved. Checks of the schema that nobody
// makes here have no honest value but null for their group.
//
// # Pictures
//
// What a person hands in is kept as it was uploaded (Service.keep, in the transaction of
// the change), sealed, until the redaction of the attempt; Service.Picture reads it. An
// Address is good for sixty seconds and for whoever has it, as the schema says; what it
// says is signed by the vault, so that nobody makes one up, changes one, or uses it for
// the picture of another. A part of a picture is drawn when it is asked for (views).
//
// # In Link
//
// The attempt is what counts: a session of Link shows where it stands, changes it,
// and tells of every change since it told last, whoever has made it (flow.tell). So
// two tabs, a control call and a job never disagree, and a person may come back at any
// time. What a person types goes to the attempt at once and stays in no session. Steps
// that ask nobody anything (the data source, watchlists) are done within the request
// that made them possible.
//
// Agreeing is pressing the button of the first pane: a box that is ticked beforehand
// would be no consent. The last pane does not say what was found out, but that a
// failed attempt needs the app's help; closing it is no exit. An attempt that expired
// or was canceled ends with onSuccess too, as it is over. Both expiry and cancelling
// tell no event, as there is none.
//
// # Selfies
//
// selfie_check waits for a person before a camera. The pane that says what the film is
// for comes first: going on from it is the consent to measuring a face, and asks for
// moves (Challenge) that nobody could know before. They are good for three minutes, one
// film, and the session that asked; whoever asks again, or in another window, gets
// others. The film (package selfie/film) comes as one upload. It is looked at before the
// attempt is changed, as that takes its time: is there one face in it, did it follow,
// do the pictures belong together (selfie.Watch). Its best picture is compared, where
// Config.Faces can (it may ask others over a network), with the portrait on the
// document and, in a retry, with the selfie that the person has passed before: what the
// API calls a Selfie Reauthentication. A retry may ask for a selfie in the sandbox too,
// where Plaid drops that silently.
//
// A selfie passes that shows liveness and a face that matches. Liveness that is not
// shown, or another face, is a failed try; the third fails the step. Where nothing can
// be compared a person decides, unless the template says that liveness alone is enough
// (SelfieRules). A person without a camera hands in a picture: it shows nobody alive,
// so that it never passes by itself. A file that is not looked at at all, and a film
// that comes too late, cost no try.
//
// capture.image_url is the picture of the film that shows the face best; video_url is
// null, as no player knows the film. document_comparison is about the document alone:
// what came of the earlier selfie is told by /sandbox/identity_verification/explain. The
// film is kept, sealed, as it was uploaded, so that a reviewer sees what was judged;
// redaction deletes it and how alike faces were, and keeps the outcomes. No numbers are
// derived from a face and kept, so that risk_check knows no facial_duplicates.
//
// A pane that takes pictures hands over to a phone (Handover): the pane of the computer
// waits and looks (link.Step.Watch), the phone has a session of its own. Its address is
// for one session and ten minutes; of its secret the attempt keeps the hash, and the
// session that shows it the rest, sealed. Whoever has opened it may load its page anew
// for two hours.
//
// # Specimens
//
// A sandbox prints documents and films of selfies (package specimen) made out to the
// person of an attempt: for the panes (action "specimen", whose value may name a fault)
// and for /sandbox/identity_verification/specimen/create. They are read and judged like
// others; that they call themselves specimens counts for nothing in a sandbox and fails
// them elsewhere (judging).
//
// # Decisions where nothing is documented
//
// Whatever may come of an attempt, a person has one for each template until it is
// retried: create answers it (is_idempotent) or INVALID_FIELD. The existing one is
// the latest. Consent that the client gave (gave_consent) holds for retries too;
// that of the person is asked for again by reset. A retry at another template
// follows the person's latest attempt at any.
//
// Redaction cancels an attempt that waits for a person: nothing is left to decide by. The
// reasons that people gave for their decisions go with it, as they speak of the person;
// who decided what, and when, stays, and so does the reason of the redaction.
//
// A step is approved or rejected in the dashboard as the person saw it: another status by
// then is somebody else's decision, and stands (ErrDecided). One that was rejected may be
// approved after all; one that has passed stays.
//
// completed_at is set for pending_review too, and is null again where a person's
// decision sends the attempt on.
package idv
