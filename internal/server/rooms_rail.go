package server

import (
	"context"
	"errors"

	"github.com/glencheck-dev/glencheck/internal/rail"
	"github.com/glencheck-dev/glencheck/internal/rail/nacha"
	"github.com/glencheck-dev/glencheck/internal/sandbank"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/webhook"
)

// sandboxOriginator sends the payments of the sandbox. The routing numbers are
// those of the documented test inputs and of the Federal Reserve, the company id
// is the documented one of micro-deposits (plaid-server-api.md section 7.5).
var sandboxOriginator = rail.Originator{
	Bank:     nacha.Bank{Routing: "110000000", Name: "Glencheck Sandbox"},
	Operator: nacha.Bank{Routing: "061000146", Name: "Federal Reserve Bank"},
	Company:  "Glencheck", CompanyID: "1460820571", Account: "9900009606",
	Instant: []rail.Kind{rail.RTP, rail.FedNow},
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

// SetAside forgets an answer that was not believed, such as the report of a payment
// that a test has let fail meanwhile.
func (b bankRail) SetAside(ctx context.Context, name, _ string) error {
	return b.Acknowledge(ctx, name)
}

// newRails makes the rails: to the simulated bank, or in production to the spool,
// and none at all without one.
func (r *rooms) newRails(ctx context.Context, g ground) error {
	c := rail.Config{
		DB: g.DB, Vault: g.Vault, Clock: g.Clock, IDs: g.IDs, Log: g.Log, Scheduler: g.Scheduler,
		Originator: sandboxOriginator, HookURL: g.Config.Rail.Webhook,
		Hook: func(ctx context.Context, tx *store.Tx, clientID, url string) error {
			return r.webhooks.Add(ctx, tx, webhook.Notice{
				ClientID: clientID, Subject: rail.WebhookType, URL: url, Type: rail.WebhookType, Code: rail.WebhookCode,
				Body: rail.WebhookBody{Type: rail.WebhookType, Code: rail.WebhookCode, Environment: g.Config.Env},
			})
		},
	}
	switch spool := g.Config.Rail; {
	case r.bank != nil:
		c.Network = bankRail{r.bank}
	case spool.Spool == "":
		return nil
	default:
		s, err := rail.NewSpool(spool.Spool, spool.Inbox)
		if err != nil {
			return usage("--rail-spool: %v", err)
		}
		if err := s.Own(ctx, g.DB, g.IDs); errors.Is(err, rail.ErrOtherSpool) {
			return usage("--rail-spool: %v", err)
		} else if err != nil {
			return err
		}
		c.Network, c.Originator = s, spool.originator()
	}
	r.rails = rail.New(c)
	if r.bank != nil {
		r.bank.Fetch(r.rails.Work)
	}
	return nil
}
