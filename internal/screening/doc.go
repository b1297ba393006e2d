// Package screening looks people and organisations up on watchlists: programs,
// screenings with their hits and reviews, and the lists themselves.
//
// Its paths are /watchlist_screening/individual/* and /watchlist_screening/entity/*,
// and /sandbox/watchlist/*. Package list reads the files of publishers, package match
// finds names; Identity Verification asks here through Screen.
//
// # Lists
//
// A list is a row with its contents in parts; loading one replaces it in a transaction.
// Each process makes an index of all lists and keeps it while their digests stay the
// same, so that several nodes, a saved state and a restart all see what the database
// has. A sandbox has a few entries of its own besides, which Plaid documents for tests,
// and nothing takes them away.
//
// # A screening
//
// Each change of a screening stores it under a number (seq) that it must still have, in
// one transaction with its history, its hits and the webhook. The search is made before
// the transaction. When a list or a program changes, a job goes through the screenings
// of the programs that rescan, in pages.
//
// # Decisions where nothing is documented
//
// Rescans happen when a list or a program has changed rather than each day: with the
// same lists a search finds the same. The directory of --watchlists is read again each
// day.
//
// A new hit, or one that comes back, sends a cleared screening to pending_review. A rescan
// never clears anybody. A change of the search terms does, where it leaves no hit that
// is confirmed or waits for a review; without one it changes no status that a person
// has set. Reviews of the API do not change the status of a screening; in the dashboard
// the last hit that is dismissed clears it, and one that is confirmed rejects it. A
// rejected screening is not searched for, also when its terms change.
//
// first_active of a hit is when the entry was first seen on our copy of the list,
// inactive_since when the list no longer had it, historical_since when it no longer
// matched. The data of a reviewed hit stands still; a later review may still mark it
// otherwise. An entry that was reviewed makes no second hit for the same screening, with
// whatever terms.
//
// The history has what a screening was before each change, so that it and the screening
// are all that ever was. Ids of dashboard users are taken as they are given. A location
// without a country that is known has XX. Numbers of pages: 25 entries, newest first.
package screening
