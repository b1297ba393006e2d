package server

import (
	"context"
	"errors"
	"os"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/processor"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// newProcessors makes the partners that have keys and what their tokens open.
func (r *rooms) newProcessors(ctx context.Context, g ground) error {
	keys, err := g.Config.partners()
	if err != nil {
		return err
	}
	if r.partners, err = processor.NewPartners(g.Vault, keys); err != nil {
		return usage("--processor-keys %s: %v", g.Config.ProcessorKeys, err)
	}
	for _, k := range keys {
		if _, err := r.teams.Client(ctx, k.ClientID); !errors.Is(err, store.ErrNoRows) {
			return usage("the client_id of partner %s is a client's: partners have keys of their own", k.Processor)
		}
	}
	r.processors = processor.New(processor.Config{
		DB: g.DB, Vault: g.Vault, Clock: g.Clock, IDs: g.IDs, Env: g.Config.Env, Catalogue: r.institutions,
		Teams: r.teams, Items: r.items, Auth: r.auth, Identity: r.identity, Outbox: r.webhooks,
		Partners: r.partners, Owner: g.Config.ClientID,
	})
	return nil
}

// partners are the keys of the file of --processor-keys, or of the published partner: it is
// there as long as the client's own keys are the published ones too, which keeps the
// server on this machine.
func (c Config) partners() ([]processor.Credentials, error) {
	if c.ProcessorKeys == "" {
		if c.Env == Sandbox && c.Secret == SandboxSecret {
			return []processor.Credentials{{Processor: processor.SandboxPartner, ClientID: processor.SandboxClientID, Secret: processor.SandboxSecret}}, nil
		}
		return nil, nil
	}
	raw, err := os.ReadFile(c.ProcessorKeys)
	if err != nil {
		return nil, usage("--processor-keys: %v", err)
	}
	keys, err := processor.ReadPartners(raw)
	if err != nil {
		return nil, usage("--processor-keys %s: %v", c.ProcessorKeys, err)
	}
	for _, k := range keys {
		if c.Env != Sandbox && (k.ClientID == processor.SandboxClientID || k.Secret == processor.SandboxSecret) {
			return nil, usage("production refuses the published keys of the sandbox's partner: make %s its own", k.Processor)
		}
	}
	return keys, nil
}

// authenticate finds whose keys a call carries: a client's, or a partner's.
func (r *rooms) authenticate(ctx context.Context, clientID, secret string) (api.Caller, error) {
	if r.partners.Knows(clientID) {
		return r.partners.Authenticate(ctx, clientID, secret)
	}
	return r.teams.Authenticate(ctx, clientID, secret)
}

// Partner is the processor partner of a sandbox that has the published keys, and its
// keys; "" elsewhere.
func (s *Server) Partner() (name, clientID, secret string) {
	if !s.rooms.partners.Published() {
		return "", "", ""
	}
	return processor.SandboxPartner, processor.SandboxClientID, processor.SandboxSecret
}
