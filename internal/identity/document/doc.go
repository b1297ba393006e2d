// Package document reads the documents that people upload to show that an account
// is theirs: PDF files, PNG and JPEG pictures. It finds the owners, their address,
// the account number, the institution and the dates, and looks for signs that the
// file was made or changed by somebody else than a bank. It knows no Items, no HTTP
// and no database, and keeps nothing.
//
// # What may be relied on
//
// Read is a function of the bytes: the name of a file and what a browser says of it
// count for nothing. Whatever the bytes are, it ends within bounds (pdf.Limits,
// MaxBytes, MaxPixels), does not panic, and runs nothing of them (FuzzRead). What it
// refuses, it refuses with a Refusal, whose Reason a person can be told.
//
// Pictures have no text that a program could take without guessing. A Scanner may
// read them (package ocr runs Tesseract, where it is installed); without one the
// Reading says that it is unread, and nothing is made up.
//
// # Findings
//
// Find takes the lines as a person sees them: text that is covered, off the page or
// invisible is left out, and told as a signal. An account number counts where a
// label says that it is one. Owners are those named by a label, and the lines above
// an address of the United States whose last line has a state and a ZIP code; a
// bank is no owner.
//
// # Signals
//
// Signals says which of the documented types of risk signals hold, and Checks of
// every documented type whether it was looked at. What is marked as not checked is
// not known to be fine. The score is that of the signs together:
// 1 - (1-w1)(1-w2)…, with the weights in weights; null where nothing could be
// checked. None of it proves that a document is genuine: a careful forger makes a
// file that looks like a bank's, and only the bank knows.
package document
