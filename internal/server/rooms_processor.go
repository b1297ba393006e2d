package server

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"slices"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/processor"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// newProcessors makes the partners that have keys and what their tokens open.
func (r *rooms) newProcessors(ctx context.Context, g ground) error {
	keys, err := g.Config.processors()
	if err != nil {
		return err
	}
	if r.partners, err = processor.NewPartners(keys); err != nil {
		return usage("--processor-keys %s: %v", g.Config.ProcessorKeys, err)
	}
	for _, k := range keys {
		if _, err := r.teams.Client(ctx, k.ClientID); !errors.Is(err, store.ErrNoRows) {
			return usage("the client_id of partner %s is a client's: partners have keys of their own", k.Processor)
		}
		if k.Processor == processor.SandboxPartner {
			r.alloy = k
		}
	}
	r.processors = processor.New(processor.Config{
		DB: g.DB, Vault: g.Vault, Clock: g.Clock, IDs: g.IDs, Env: g.Config.Env, Catalogue: r.institutions,
		Teams: r.teams, Items: r.items, Auth: r.auth, Identity: r.identity, Outbox: r.webhooks,
		Partners: r.partners, Owner: g.Config.ClientID,
	})
	return nil
}

// processors are the keys that were given. A sandbox has the partner alloy anyway: with
// the published keys as long as the client's own are the published ones too, which
// keeps the server on this machine, and else with a secret that nobody is told.
func (c Config) processors() ([]processor.Credentials, error) {
	keys := slices.Clone(c.Processors)
	if c.ProcessorKeys != "" {
		raw, err := os.ReadFile(c.ProcessorKeys)
		if err != nil {
			return nil, usage("--processor-keys: %v", err)
		}
		more, err := processor.ReadCredentials(raw)
		if err != nil {
			return nil, usage("--processor-keys %s: %v", c.ProcessorKeys, err)
		}
		keys = append(keys, more...)
	}
	for _, k := range keys {
		if c.Env != Sandbox && (k.ClientID == processor.SandboxClientID || k.Secret == processor.SandboxSecret) {
			return nil, usage("production refuses the published keys of the sandbox's partner: make %s its own", k.Processor)
		}
	}
	given := slices.ContainsFunc(keys, func(k processor.Credentials) bool { return k.Processor == processor.SandboxPartner })
	if c.Env != Sandbox || given {
		return keys, nil
	}
	if c.Secret == SandboxSecret {
		return append(keys, processor.Published), nil
	}
	own := processor.Published
	mac := hmac.New(sha256.New, []byte(c.Secret))
	mac.Write([]byte("the keys of " + own.Processor))
	own.Secret = hex.EncodeToString(mac.Sum(nil))
	return append(keys, own), nil
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
	if s.rooms.alloy != processor.Published {
		return "", "", ""
	}
	return s.rooms.alloy.Processor, s.rooms.alloy.ClientID, s.rooms.alloy.Secret
}
