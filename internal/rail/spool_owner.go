package rail

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// ErrOtherSpool says that a directory is not the one which the payments of a
// database go to. What was handed over is known there alone: with another one a
// payment could leave twice.
var ErrOtherSpool = errors.New("rail: this directory is not the spool of this database")

// Own makes a directory the spool of a database, for good. A database that has
// made files already wants the directory that they went to.
func (s *Spool) Own(ctx context.Context, db *store.DB, ids *clock.IDs) error {
	var id string
	var used int64
	err := db.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO rail_spool (one, id) VALUES ('spool', $1) ON CONFLICT (one) DO NOTHING`, ids.UUID())
		if err != nil {
			return err
		}
		if err := tx.QueryRow(ctx, `SELECT id FROM rail_spool`).Scan(&id); err != nil {
			return err
		}
		return tx.QueryRow(ctx, `SELECT COUNT(*) FROM rail_file`).Scan(&used)
	})
	if err != nil {
		return fmt.Errorf("rail: spool: %w", err)
	}
	path := filepath.Join(s.dir, "id")
	text, err := os.ReadFile(path)
	switch {
	case err == nil && strings.TrimSpace(string(text)) == id:
		return nil
	case err == nil:
		return fmt.Errorf("%w: it belongs to another one", ErrOtherSpool)
	case !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("rail: spool: %w", err)
	case used > 0:
		return fmt.Errorf("%w: it knows nothing of the %d files that were made so far; bring the old directory along", ErrOtherSpool, used)
	}
	// Written aside and moved, so that it is there whole or not at all.
	if err := errors.Join(write(path+".new", []byte(id+"\n")), os.Rename(path+".new", path), flush(s.dir)); err != nil {
		return fmt.Errorf("rail: spool: %w", err)
	}
	return nil
}
