package contact

import (
	"context"
	"fmt"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// The kinds of changes.
const (
	changeCreated = "created"
	changeUpdated = "updated"
	changeDeleted = "deleted"
)

// change is one line of a contact's history: who made it what it is.
type change struct {
	Kind      string
	Actor     string // the id of a key; "verification" for a session
	SessionID string
	At        time.Time
	Before    *Person
	After     *Person
}

// both is what is sealed of a change.
type both struct {
	Before *Person `json:"before,omitempty"`
	After  *Person `json:"after,omitempty"`
}

// remember writes a change down.
func (c *Contacts) remember(ctx context.Context, tx *store.Tx, p *Contact, ch change) error {
	text, err := c.vault.SealJSON(both{ch.Before, ch.After}, sealedChange+p.ID)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, insertChange, p.ID, p.OrgID, ch.Kind, ch.Actor, ch.SessionID, clock.Millis(c.clock.Now()), text)
	if err != nil {
		return fmt.Errorf("contact: change: %w", err)
	}
	return nil
}

// changes lists what became of a contact, the oldest first.
func (c *Contacts) changes(ctx context.Context, orgID, id string, s span) ([]numbered[change], error) {
	return list(ctx, c.db, s, changesDown, changesUp, func(row scanner) (n numbered[change], err error) {
		var at int64
		var text string
		ch := &n.node
		if err := row.Scan(&n.number, &ch.Kind, &ch.Actor, &ch.SessionID, &at, &text); err != nil {
			return n, err
		}
		var b both
		ch.At = clock.FromMillis(at)
		err = c.vault.OpenJSON(text, sealedChange+id, &b)
		ch.Before, ch.After = b.Before, b.After
		return n, err
	}, orgID, id)
}
