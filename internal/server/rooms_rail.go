package server

import (
	"context"

	"github.com/glencheck-dev/glencheck/internal/rail"
	"github.com/glencheck-dev/glencheck/internal/rail/nacha"
	"github.com/glencheck-dev/glencheck/internal/sandbank"
)

// sandboxOriginator sends the payments of the sandbox. The routing numbers are
// those of the documented test inputs and of the Federal Reserve, the company id
// is the documented one of micro-deposits (plaid-server-api.md section 7.5).
var sandboxOriginator = rail.Originator{
	Bank:     nacha.Bank{Routing: "110000000", Name: "Glencheck Sandbox"},
	Operator: nacha.Bank{Routing: "061000146", Name: "Federal Reserve Bank"},
	Company:  "Glencheck", CompanyID: "1460820571", Account: "9900009606",
}

// bankRail lets the simulated bank be the network of the rails.
type bankRail struct{ *sandbank.Bank }

// Collect lists what the bank has to say.
func (b bankRail) Collect(ctx context.Context) ([]rail.Incoming, error) {
	answers, err := b.Bank.Collect(ctx)
	list := make([]rail.Incoming, len(answers))
	for i, a := range answers {
		list[i] = rail.Incoming(a)
	}
	return list, err
}

// newRails makes the rails of a sandbox, which lead to the simulated bank.
func (r *rooms) newRails(g ground) {
	r.rails = rail.New(rail.Config{
		DB: g.DB, Vault: g.Vault, Clock: g.Clock, IDs: g.IDs, Log: g.Log, Scheduler: g.Scheduler,
		Network: bankRail{r.bank}, Originator: sandboxOriginator,
	})
}
