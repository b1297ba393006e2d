// Package rail sends payments out and hears what becomes of them: Same Day ACH
// files, and instant credit transfers over RTP and FedNow. A micro-deposit is one
// such payment.
//
// # A payment is sent once
//
// Send writes the order in the transaction of the change that it belongs to. The
// worker then makes files: a payment enters exactly one, in the transaction that
// stores the file's content, and that content never changes again. Handing a file
// over is repeated until the network has it; its name tells the network that it
// is the same one. So a crash at any point neither loses a payment nor pays it
// twice. What comes back (status reports, returns) is read once, by the hash of
// its content.
//
// # States
//
//	accepted -> built -> sent -> posted -> reversed
//	                      |`---> reversed   returned before it settled
//	                      `----> failed     rejected by the receiving bank
//
// A Same Day deposit counts as posted once its window has settled and nothing
// came back (nacha.Window); an instant one when the receiving bank says so. Every
// change is an Event with a number that only rises, and is told to the Listener
// in its transaction. At any time the sum of all payments is the sum of those in
// flight, posted, reversed and failed.
//
// # Networks
//
// A Network is where files go: Spool, a directory that the bank's transfer agent
// empties and fills, or in the sandbox the simulated bank. A production server has
// rails if it was given a spool, and offers no way that needs them otherwise; Carries
// says whether an instant rail is connected. A spool belongs to one database (Own):
// what was handed over is noted in both. Package nacha has the ACH file and its
// windows, iso20022 the three instant messages.
//
// A file that came back and is not believed (NotBelieved) is set aside with its
// reason: it cannot be read, it is a copy of one that was read under another name,
// or none of our payments fits it. A notification of change changes nothing, as no
// payment is ever sent to an account again; its code is logged.
//
// This room knows accounts and money, and nothing of Items: auth says what is
// sent, to whom, and what a change means.
package rail
