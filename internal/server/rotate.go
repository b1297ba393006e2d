package server

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/vault"
	"github.com/glencheck-dev/glencheck/internal/webhook"
)

// RotateWebhookKey lets the webhooks of a database be signed by a new key from now
// on, and returns its id. Nodes that run on a PostgreSQL database notice within
// seconds; the server of a SQLite file must be stopped.
func RotateWebhookKey(ctx context.Context, url, kekFile string) (id string, err error) {
	err = withVault(ctx, url, kekFile, func(db *store.DB, v *vault.Vault, clk *clock.Clock) error {
		keys, err := webhook.NewKeys(ctx, db, v, clk, "")
		if err != nil {
			return err
		}
		key, err := keys.Rotate(ctx)
		if err != nil {
			return fmt.Errorf("rotate: %w", err)
		}
		id = key.ID
		return nil
	})
	return id, err
}

// withVault opens a database whose server need not run, for one thing to be done.
func withVault(ctx context.Context, url, kekFile string, do func(*store.DB, *vault.Vault, *clock.Clock) error) (err error) {
	if !strings.Contains(url, "://") {
		if _, err := os.Stat(url); errors.Is(err, fs.ErrNotExist) || url == ":memory:" {
			return usage("--db %s: there is no database there", url)
		}
	}
	kek, err := Config{KEK: kekFile}.kek()
	if err != nil {
		return err
	}
	db, err := store.Open(ctx, url, store.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	clk := clock.Real()
	v, err := vault.Open(ctx, db, kek, clk)
	if err != nil {
		return err
	}
	return do(db, v, clk)
}
