// Package match says how well what a client knows of a person fits what a bank
// has on file: names, telephone numbers, e-mail addresses and postal addresses,
// each with a score from 0 to 100. It knows no Items, no HTTP and no database.
//
// # What may be relied on
//
// A comparison is a pure function: the same two values have the same score on
// every machine. Compare(a, b) and Compare(b, a) have the same score. Case, the
// spacing between words and accents change no score at all, except that of e-mail
// addresses, where an accent makes another mailbox. Every score comes with a
// Trace of named steps that begins at 100 and adds up to it: "why 83?" has an
// answer. The words of both sides are in a Trace, so it is as personal as they
// are and belongs in no log.
//
// # The bands
//
// Names: 100 the same, 85 to 99 strong, 70 to 84 partial, below 70 a mismatch, of
// which 50 to 69 share a first or a last name. Telephone numbers and e-mail
// addresses: 100, 70 to 99 partial, below 70 a mismatch. Postal addresses: 100, 90
// to 99 strong, 70 to 89 partial, below 70 weak (plaid-server-api.md section 8.3).
//
// # Decisions where nothing is documented
//
// The documented pairs fix the bands, not the numbers in them; those are in
// docs/identity-match.md. Names that differ in nothing but case, spacing and
// accents are the same and score 100; 99 is for those that need more to be seen as
// the same: the order of "Smith, Andrew", a title, punctuation, another script.
//
// Two different first names that people really have are never each other's
// misspelling, however close: Daniel is not Daniela. One letter too many, too few,
// wrong, or changed places with its neighbour is a misspelling; two make a partial
// match at best. Words of fewer than four letters are not misspelt.
//
// Where a bank writes several holders into one name ("ANDREW & BETTY SMITH"), the
// best of them counts, and 98 is the most. Cyrillic, Greek, Armenian, Georgian,
// Korean and Japanese syllables are read in Latin letters, Arabic and Hebrew by
// their consonants; other scripts are compared as they are.
//
// A company is another party than the person of the same name: with a legal form
// on one side only the match is no better than 92, with two different forms 80.
package match
