// Package nacha writes the ACH file that carries Same Day micro-deposits and
// reads what comes back: returns and notifications of change. The fixed-width
// records are the business of github.com/moov-io/ach; which of them a
// micro-deposit is made of, on which day it settles and what a return says is
// decided here.
//
// A deposit is a PPD credit in a batch of its own, as the company name of the
// batch is where its code stands: a bank shows "#ABC WONDERWALLE ACCTVERIFY" on
// the statement, the company name and the company entry description one after
// the other. ACCTVERIFY is what the Nacha rules want of a micro-entry.
//
// Package rail decides what is sent and keeps the ledger.
package nacha
