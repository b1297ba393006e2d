package institution

import (
	"context"
	"errors"
)

// Network knows accounts of the United States by their numbers, without a login:
// what other logins, payments and returns have shown of them.
type Network interface {
	// Lookup says what is known of an account number under a routing number.
	// ErrNetworkSilent if the network cannot say at the moment.
	Lookup(ctx context.Context, routing, account string) (Record, error)
}

// Holders knows who holds an account, by its numbers and without a login.
type Holders interface {
	// Holders is what is known of the holders of an account, an Owner without names
	// if that is nothing. ErrNetworkSilent as in Lookup.
	Holders(ctx context.Context, routing, account string) (Owner, error)
}

// ErrNetworkSilent says that a Network does not answer now. It may later.
var ErrNetworkSilent = errors.New("institution: the network does not answer")

// Record is what a Network knows of an account number.
type Record struct {
	// Recognized numbers are those of an account that the network has seen, Verified
	// ones of one that was verified by a login or a deposit.
	Recognized, Verified bool
	// Routing is the routing number under which a recognized account is kept.
	Routing string
	// Ended accounts were reported as closed or frozen.
	Ended bool
	// Returned numbers have had an administrative return: R02, R03 or R04.
	Returned bool
	Format   NumberFormat
	// Owners are the names of those who hold a recognized account, none where they
	// are not known.
	Owners []string
}

// NumberFormat says whether an account number can be one of its bank (schema
// AccountVerificationInsightsAccountNumberFormat).
type NumberFormat string

// The formats.
const (
	FormatValid   NumberFormat = "valid"
	FormatInvalid NumberFormat = "invalid"
	FormatUnknown NumberFormat = "unknown"
)

// InstantRail names the instant payment system that reaches the accounts of a
// routing number, "" for none.
type InstantRail string

// The instant payment systems of the United States.
const (
	RTP    InstantRail = "rtp"
	FedNow InstantRail = "fednow"
)

// InstantRail is how an account at a routing number is paid within seconds: by RTP
// where both systems reach it.
func (c *Catalogue) InstantRail(routing string) InstantRail { return c.instant[routing] }
