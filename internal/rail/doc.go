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
// empties and fills, or in the sandbox the simulated bank. Nothing configures a
// Spool yet, so a production server has no rails and offers no way that needs them.
// Package nacha has the ACH file and its windows, iso20022 the three instant
// messages.
//
// This room knows accounts and money, and nothing of Items: auth says what is
// sent, to whom, and what a change means.
package rail
