// Package webhook tells clients what has happened: it keeps notices until they are
// delivered, signs them, tries again, and hands out the keys of the signatures.
//
// Its paths are /webhook_verification_key/get, /sandbox/webhook_verification_key/rotate
// and the inbox for tests, /sandbox/webhook/*. A room that has something to tell calls
// Outbox.Add in the transaction of the change; what the notice says is the room's.
//
// # From the commit to the receiver
//
// A notice is a row of table webhook that the transaction which adds it already
// claims for its own process. After the commit it is sent from memory, without a
// look into the database; how the try ended is written down afterwards, many
// outcomes in one transaction. What is not in memory, such as a retry or a notice
// for a receiver with a long queue, is found by its time (search).
//
// A notice arrives at least once. It arrives twice where a receiver took it and the
// process died before that was written down; the attempt then says that its outcome
// is not known, so that there are never more copies than claims. A single process
// takes over at its start what the one before it had in hand. Of several nodes on
// PostgreSQL each counts a beat, and one whose beat stands still for six seconds
// loses its claims.
//
// Notices of one subject (an Item, a Link session) to one receiver are sent one
// after the other in the order in which they were made, by the node that made them.
// A retry holds up nobody: what was made later may come earlier then.
//
// A receiver has at most 32 tries under way, fewer the longer it lets us wait, and
// receivers take turns, so that a slow one delays nobody else.
//
// # Decisions where nothing is documented
//
// A signature's iat is the machine's time and not the sandbox's: receivers compare
// it with a clock of theirs, which nobody moves. Each try is signed anew. Only 200
// is a success. Redirects are failures. The cut-off ("no retries if over 90 % were
// rejected") is counted for each client and origin of an address, from twenty tries
// on: one of one would be 100 %. Retries are due on the sandbox's clock, on whole
// seconds; moving the clock stops at each and waits up to three seconds for the
// receiver. Nothing is kept for an Item without a webhook. Deliveries are kept for
// ninety days.
//
// Not made here yet, as what they tell of does not exist: LOGIN_REPAIRED (another
// client's update mode), NEW_ACCOUNTS_AVAILABLE (a bank that says so), DEFAULT_UPDATE
// of AUTH and IDENTITY (numbers and owners that change),
// PRODUCT_PERMISSIONS_REQUIRED (ACCESS_NOT_GRANTED comes in Link only),
// DOCUMENT_UPDATE_AVAILABLE and everything of USER. The first four can be fired.
//
// Keys are rotated on demand. The new one signs from then on; the old one shows
// expired_at and can be looked up for ever.
package webhook
