package team

import (
	"context"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// IntegrationOn reports whether the client may make tokens for a partner, by the
// name that /processor/token/create knows it by. Until the client switches it, a
// partner is on in the sandbox and off in production.
func (c *Client) IntegrationOn(processor string) bool {
	return c.Integration(processor).On
}

// Integration is whether a partner is on for a client.
type Integration struct {
	On    bool
	Since time.Time // when it was last switched; zero if it never was
}

// Integration tells how a partner is switched.
func (c *Client) Integration(processor string) Integration {
	if s, switched := c.switched[processor]; switched {
		return s
	}
	return Integration{On: c.integrated}
}

// SetIntegration switches a partner on or off for a client, and reports whether
// that was a change. Tokens that the client has made go on to work.
func (t *Teams) SetIntegration(ctx context.Context, clientID, processor string, on bool) (changed bool, err error) {
	err = t.db.Write(ctx, func(tx *store.Tx) error {
		t.cache.Drop(tx, clientID)
		c, err := t.read(ctx, tx, clientID)
		if err != nil {
			return err
		}
		if changed = c.IntegrationOn(processor) != on; !changed {
			return nil
		}
		return writeIntegration(ctx, tx, clientID, processor, on, clock.Millis(t.clock.Now()))
	})
	return changed, err
}
