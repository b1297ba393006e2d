package contact

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/contact/graph"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// onceFor is how long a mutation is known by its Idempotency-Key.
const onceFor = 24 * time.Hour

const (
	selectOnce = `SELECT digest, sealed FROM contact_once WHERE owner = $1 AND request = $2 AND created_at >= $3`
	insertOnce = `INSERT INTO contact_once (owner, request, digest, created_at, sealed) VALUES ($1, $2, $3, $4, '') ON CONFLICT DO NOTHING`
	answerOnce = `UPDATE contact_once SET sealed = $3 WHERE owner = $1 AND request = $2`
	sweepOnce  = `DELETE FROM contact_once WHERE created_at < $1`
	sealedOnce = "contact_once:"
)

// once is a mutation that must change things one time only. It is noted in the
// transaction of its first change: no crash and no second request can come between.
type once struct {
	owner, request, digest string
	noted                  bool
}

type onceKey struct{}

// errTwice is the answer to the second of two requests that are sent at one time, and
// to those that follow one whose server has died before it could keep the answer.
var errTwice = graph.Refuse(graph.CodeConflict, "a request with this Idempotency-Key has changed what it asked for, and its answer is not known yet: ask again in a moment, or look at what it changed")

// Begin is graph.Once.
func (c *Contacts) Begin(ctx context.Context, by graph.Caller, key string, request []byte) (context.Context, *graph.Kept, error) {
	o := &once{owner: by.Key, request: c.vault.Index("contact.once", by.Key+"\x00"+key), digest: c.vault.Index("contact.once.request", string(request))}
	var digest, sealed string
	err := c.db.QueryRow(ctx, selectOnce, o.owner, o.request, clock.Millis(c.clock.Now().Add(-onceFor))).Scan(&digest, &sealed)
	switch {
	case errors.Is(err, store.ErrNoRows):
		return context.WithValue(ctx, onceKey{}, o), nil, nil
	case err != nil:
		return ctx, nil, fmt.Errorf("contact: once: %w", err)
	case digest != o.digest:
		return ctx, nil, graph.Refuse(graph.CodeConflict, "this Idempotency-Key was used for another request")
	case sealed == "":
		return ctx, nil, errTwice
	}
	kept := &graph.Kept{}
	return ctx, kept, c.vault.OpenJSON(sealed, sealedOnce+o.request, kept)
}

// End is graph.Once. What changed nothing is not kept: it can be sent again.
func (c *Contacts) End(ctx context.Context, answer graph.Kept) error {
	o, _ := ctx.Value(onceKey{}).(*once)
	if o == nil || !o.noted {
		return nil
	}
	sealed, err := c.vault.SealJSON(answer, sealedOnce+o.request)
	if err != nil {
		return err
	}
	return c.db.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, answerOnce, o.owner, o.request, sealed)
		return err
	})
}

// write is the transaction of a mutation.
func (c *Contacts) write(ctx context.Context, do func(*store.Tx) error) error {
	o, _ := ctx.Value(onceKey{}).(*once)
	if o == nil || o.noted {
		return c.db.Write(ctx, do)
	}
	err := c.db.Write(ctx, func(tx *store.Tx) error {
		now := c.clock.Now()
		if _, err := tx.Exec(ctx, sweepOnce, clock.Millis(now.Add(-onceFor))); err != nil {
			return fmt.Errorf("contact: once: %w", err)
		}
		err := tx.ExecOne(ctx, insertOnce, o.owner, o.request, o.digest, clock.Millis(now))
		if errors.Is(err, store.ErrNoRows) {
			return errTwice
		}
		if err != nil {
			return fmt.Errorf("contact: once: %w", err)
		}
		return do(tx)
	})
	o.noted = err == nil
	return err
}
