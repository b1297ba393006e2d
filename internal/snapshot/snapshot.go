package snapshot

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/schedule"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/vault"
)

// Config is what Snapshots need.
type Config struct {
	DB        *store.DB
	Vault     *vault.Vault
	Clock     *clock.Clock
	Scheduler *schedule.Scheduler
	Log       *slog.Logger
	// IDs are all streams of identifiers, which begin anew.
	IDs []*clock.IDs
	// Alone does its argument while the workers of this process rest.
	Alone func(func() error) error
	// Settle makes what a server makes at its start, such as its own client.
	Settle func(ctx context.Context) error
	// Restored, if set, mends in the transaction of a load what only the process had
	// in hand that has saved the state.
	Restored func(ctx context.Context, tx *store.Tx) error
	// Signing names tables whose rows a reset leaves alone, besides the vault's keys.
	Signing []string
}

// Snapshots is this room. Its methods are safe for concurrent use.
type Snapshots struct {
	Config
	mu     sync.Mutex   // one save, load or reset at a time
	marks  []clock.Mark // where the ids stood after the start
	start  schedule.Place
	seed   []byte       // the state that the server began with; nil for none
	latest atomic.Int64 // the replacement that this process knows of
}

// The names under which numbers are kept.
const (
	epoch        = "epoch" // of package store
	replacements = "state"
)

// kept is the table of the states that are kept, which is no part of a state.
const kept = "snapshot"

// New returns the room. Begin must be called at the end of the server's start.
func New(cfg Config) *Snapshots { return &Snapshots{Config: cfg} }

// Begin remembers how a reset is to leave the server: as it is now, with the clock
// at start, or, with a file, in the state that was saved in it, which is loaded. It
// is the last step of the server's start.
func (s *Snapshots) Begin(ctx context.Context, start schedule.Place, file []byte) error {
	for _, ids := range s.IDs {
		s.marks = append(s.marks, ids.Mark())
	}
	n, err := s.DB.Number(ctx, replacements)
	if err != nil {
		return err
	}
	s.start, s.seed = start, file
	s.latest.Store(n)
	if file != nil {
		_, err = s.Load(ctx, file)
	}
	return err
}

// Save reads the present state and returns it as a file.
func (s *Snapshots) Save(ctx context.Context) (file []byte, state *State, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	err = s.Scheduler.Still(func() error {
		state = &State{Clock: s.Scheduler.Place()}
		state.Content, err = s.DB.Content(ctx, kept)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	file, err = state.encode()
	return file, state, err
}

// Load puts a saved state in the place of the present one.
func (s *Snapshots) Load(ctx context.Context, file []byte) (*State, error) {
	state, err := decode(file)
	if err != nil {
		return nil, err
	}
	if state.Content, err = state.Content.Upgrade(ctx); err != nil {
		return nil, err
	}
	keys, err := s.keys(state.Content)
	if err != nil {
		return nil, err
	}
	then := func(tx *store.Tx) error {
		n, err := store.NextNumber(ctx, tx, epoch) // after those of the state
		if err != nil {
			return err
		}
		tx.AfterCommit(func() {
			s.Vault.Use(keys)
			for _, ids := range s.IDs {
				ids.Restart(uint64(n))
			}
		})
		if s.Restored != nil {
			if err := s.Restored(ctx, tx); err != nil {
				return err
			}
		}
		return s.Scheduler.Return(ctx, tx, state.Clock)
	}
	return state, s.replace(ctx, state.Content, then, kept)
}

// keys are those that a state was sealed with.
func (s *Snapshots) keys(c *store.Content) (*vault.Keys, error) {
	t := c.Table(vault.Table)
	if t == nil {
		return nil, errNoState
	}
	id, sealed := slices.Index(t.Columns, "id"), slices.Index(t.Columns, vault.Sealed)
	for _, row := range t.Rows {
		if id < 0 || sealed < 0 || len(row) != len(t.Columns) || row[id] != vault.Row {
			continue
		}
		if text, ok := row[sealed].(string); ok {
			keys, err := s.Vault.Unseal(text)
			if err != nil && !errors.Is(err, vault.ErrKEK) {
				err = errNoState
			}
			return keys, err
		}
	}
	return nil, errNoState
}

// Reset takes the server back to where it stood after its start on a database that
// nothing was written to, or in the state that it began with. The keys of the vault
// and of signatures stay.
func (s *Snapshots) Reset(ctx context.Context) (*State, error) {
	if s.seed != nil {
		return s.Load(ctx, s.seed)
	}
	blank, err := store.Blank()
	if err != nil {
		return nil, err
	}
	except := append([]string{kept, vault.Table}, s.Signing...)
	c := &store.Content{Migrations: blank.Migrations}
	for _, t := range blank.Tables {
		if !slices.Contains(except, t.Name) {
			c.Tables = append(c.Tables, t)
		}
	}
	now, err := s.DB.Number(ctx, epoch)
	if err != nil {
		return nil, err
	}
	then := func(tx *store.Tx) error {
		tx.AfterCommit(func() {
			for i, ids := range s.IDs {
				ids.Return(s.marks[i])
			}
		})
		return errors.Join(store.KeepNumber(ctx, tx, epoch, now), s.Scheduler.Return(ctx, tx, s.start))
	}
	return &State{s.start, c}, s.replace(ctx, c, then, except...)
}

// replace does what a load and a reset have in common.
func (s *Snapshots) replace(ctx context.Context, c *store.Content, then func(*store.Tx) error, except ...string) error {
	ctx = context.WithoutCancel(ctx) // a client that goes away must not leave the half of it
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.Alone(func() error {
		return s.Scheduler.Still(func() error {
			n, err := s.DB.Number(ctx, replacements)
			if err != nil {
				return err
			}
			n++
			err = s.DB.Replace(ctx, c, func(tx *store.Tx) error {
				if err := store.KeepNumber(ctx, tx, replacements, n); err != nil {
					return err
				}
				return then(tx)
			}, except...)
			if err != nil {
				return err
			}
			s.latest.Store(n)
			return s.Settle(ctx)
		})
	})
}

// lookEvery is how often a node asks whether another one has replaced everything.
const lookEvery = time.Second

// Run follows what other nodes do, until ctx ends. It must not be one of the
// workers that Alone lets rest.
func (s *Snapshots) Run(ctx context.Context) {
	if s.DB.SingleNode() {
		return
	}
	for clock.Delay(ctx, lookEvery) == nil {
		if err := s.Follow(ctx); err != nil && ctx.Err() == nil {
			s.Log.Error("state", "error", err.Error())
		}
	}
}

// Follow takes over what another node has loaded, if one has.
func (s *Snapshots) Follow(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, err := s.DB.Number(ctx, replacements)
	if err != nil || n == s.latest.Load() {
		return err
	}
	return s.Alone(func() error {
		return s.Scheduler.Still(func() error {
			if err := s.Vault.Reload(ctx, s.DB); err != nil {
				return err
			}
			if err := s.Scheduler.Follow(ctx); err != nil {
				return err
			}
			e, err := s.DB.NextEpoch(ctx) // not the sequence of the node that has loaded
			if err != nil {
				return err
			}
			for _, ids := range s.IDs {
				ids.Restart(e)
			}
			s.DB.Forget()
			s.latest.Store(n)
			return s.Settle(ctx)
		})
	})
}

// text is a file as JSON and table snapshot hold it.
func text(file []byte) string { return base64.StdEncoding.EncodeToString(file) }

func untext(s string) ([]byte, error) {
	file, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		return nil, errNoState
	}
	return file, nil
}

const (
	saveKept   = `INSERT INTO snapshot (name, content, items, saved_at) VALUES ($1, $2, $3, $4) ON CONFLICT (name) DO UPDATE SET content = $2, items = $3, saved_at = $4`
	selectKept = `SELECT content FROM snapshot WHERE name = $1`
	listKept   = `SELECT name, items, saved_at FROM snapshot ORDER BY name`
	countOther = `SELECT COUNT(*) FROM snapshot WHERE name <> $1`
	deleteKept = `DELETE FROM snapshot WHERE name = $1`
)

// mostKept bounds how many states are kept.
const mostKept = 32

// errFull refuses one more.
var errFull = fmt.Errorf("snapshot: %d states are kept", mostKept)

// keep stores a state under a name, in the place of one of that name.
func (s *Snapshots) keep(ctx context.Context, name string, file []byte, items int) error {
	return s.DB.Write(ctx, func(tx *store.Tx) error {
		var others int
		if err := tx.QueryRow(ctx, countOther, name).Scan(&others); err != nil {
			return err
		}
		if others >= mostKept {
			return errFull
		}
		_, err := tx.Exec(ctx, saveKept, name, text(file), int64(items), clock.Millis(s.Clock.Now()))
		return err
	})
}
