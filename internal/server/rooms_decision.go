package server

import (
	"context"
	"math"
	"net"
	"time"

	"github.com/glencheck-dev/glencheck/internal/decision"
	"github.com/glencheck-dev/glencheck/internal/decision/alloy"
	"github.com/glencheck-dev/glencheck/internal/decision/workflow"
)

// newDecisions makes the partner's service. Production has one only with
// credentials of its own; a sandbox always.
func (r *rooms) newDecisions(ctx context.Context, g ground) error {
	c := g.Config
	if c.Env != Sandbox && c.PartnerToken == "" {
		return nil
	}
	cfg := decision.Config{
		Sandbox: c.Env == Sandbox, Account: c.ClientID, Token: c.PartnerToken, Secret: c.PartnerSecret,
		DB: g.DB, Vault: g.Vault, Clock: g.Clock, IDs: g.IDs.Fork("decision"), Log: g.Log,
		Scheduler: g.Scheduler, Outbox: r.webhooks, Observe: g.Observe,
		Plaid: decision.Plaid{URL: g.SelfURL, ClientID: r.alloy.ClientID, Secret: r.alloy.Secret, TeamID: c.ClientID, TeamSecret: c.Secret, Sandbox: c.Env == Sandbox},
	}
	if c.Env == Sandbox {
		cfg.At = g.Scheduler.At
	}
	r.decisions = decision.New(cfg)
	r.partnerAPI = r.decisions.Server()
	return ensured(ctx, r.decisions.Ensure)
}

// PartnerAddr is the address at whose root the partner's API answers; "" for none.
func (s *Server) PartnerAddr() string { return s.partner.addr() }

// PartnerPath is where the partner's API is on the server's own address; "" without
// one.
func (s *Server) PartnerPath() string {
	if s.rooms.decisions == nil {
		return ""
	}
	return alloy.Base + "/v1"
}

// selfURL is where the server reaches itself, as the partner's service does: over
// HTTP, on this machine.
func selfURL(l net.Listener) string {
	host, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		return "http://" + l.Addr().String()
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
		if ip.To4() == nil {
			host = "localhost"
		}
	}
	return "http://" + net.JoinHostPort(host, port)
}

// Record is all that an evaluation of the partner's service was decided on.
func (s *Server) Record(ctx context.Context, token string) (*workflow.Record, error) {
	evaluations := s.rooms.decisions.Evaluations()
	e, err := evaluations.Get(ctx, s.cfg.ClientID, token)
	if err != nil {
		return nil, err
	}
	return evaluations.Record(ctx, e)
}

// Replay decides all stored evaluations of a workflow again.
func (s *Server) Replay(ctx context.Context, workflow string) (*decision.Replayed, error) {
	return s.rooms.decisions.Evaluations().Replay(ctx, workflow, time.Time{}, math.MaxInt)
}
