// Package pdf reads PDF files that strangers have made: their text with its place
// and its fonts, their metadata, their revisions, and what is in them that a
// statement of a bank has no need of. It draws nothing and runs nothing.
//
// # Bounded by construction
//
// Whatever a file says, reading it costs no more than Limits: the bytes that come
// out of its streams, its objects, its pages, the operators of its pages, and how
// deep anything nests are counted, and the count ends the reading with ErrTooMuch.
// No length, count or number of the file sizes anything that is allocated. There
// is no time in it: the same file comes to the same end on every machine. No input
// makes it panic (FuzzRead).
//
// It is written here because the libraries that read text trust what a file says
// of itself: a /Size of two thousand million is an allocation to them, which no
// recover catches, and they read the newest revision only, where the older ones
// are what tells an edited statement.
//
// # What it does not read
//
// Encrypted files are ErrEncrypted. Of the filters it knows Flate, ASCII85,
// ASCIIHex and RunLength, and hands out JPEG as it is; text behind another filter
// counts as unreadable. Fonts without a way back to letters do so too.
package pdf
