// Package iso20022 writes and reads the three ISO 20022 messages of an instant
// credit transfer in the United States (RTP, FedNow):
//
//	pacs.008.001.08   Transfer: pay this to that account
//	pacs.002.001.10   Status: the receiving bank took it, or why not
//	camt.054.001.08   Notice: what the receiving bank booked
//
// The Go types hold what such a payment needs and nothing else; the elements are
// those of the published message definitions. Marshal refuses a value that the
// definitions would refuse, in the same words for each field. The Parse functions
// take messages from outside: they bound their size, want the right name space
// and the fields that are needed here, and skip elements that this package does
// not know. An error names the field and never repeats what was in it.
//
// Package rail decides what is sent and when; the simulated bank reads these
// messages with a reader of its own.
package iso20022
