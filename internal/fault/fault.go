package fault

import (
	"context"
	"log/slog"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/vault"
)

// Config is what Faults need.
type Config struct {
	DB    *store.DB
	Vault *vault.Vault
	Clock *clock.Clock
	Log   *slog.Logger
	Seed  uint64 // makes draws that repeat themselves; 0 for none
	// Item tells which Item a request is about, and of which institution; ""
	// where it is about none.
	Item func(ctx context.Context, asked api.Asked) (itemID, institutionID string)
	// Institution reports whether there is an institution of this id.
	Institution func(id string) bool
}

// Faults is this room. Its methods are safe for concurrent use.
type Faults struct {
	Config
	db    *store.DB
	vault *vault.Vault
	clock *clock.Clock

	set      atomic.Pointer[set] // nil while nothing is set
	loading  sync.Mutex          // one reader of the table at a time
	limits   windows
	weather  weather
	revision int64 // of the table when it was read, for other nodes
}

// New returns the faults of a sandbox, none of which is at work before Start.
func New(cfg Config) *Faults {
	return &Faults{Config: cfg, db: cfg.DB, vault: cfg.Vault, clock: cfg.Clock, limits: windows{clock: cfg.Clock}}
}

// Where a fault comes from.
const (
	fromAPI     = "api"
	fromProfile = "profile"
)

// Fault is a Spec at work.
type Fault struct {
	Spec
	Origin string
	Seen   int64 // calls that it was asked about
	Struck int64 // calls that it broke

	n             int64
	setAt, endsAt time.Time
	over          atomic.Bool // struck as often as it should: ask no more
}

// ID names the fault.
func (a *Fault) ID() string { return "fault-" + strconv.FormatInt(a.n, 10) }

// ended reports whether the fault has nothing more to do.
func (a *Fault) ended(now time.Time) bool {
	return a.over.Load() || a.Count > 0 && a.Struck >= a.Count || !a.endsAt.IsZero() && !now.Before(a.endsAt)
}

// set is what is at work, sorted by kind.
type set struct {
	paths    []*Fault
	outages  []*Fault
	webhooks []*Fault
	others   []*Fault // rate limits and chaos
}

// Start puts specs, which come from the profile and the flags, in the place of
// those of an earlier start, and lets everything that is set work.
func (f *Faults) Start(ctx context.Context, specs []Spec) error {
	f.forget()
	had, err := f.all(ctx)
	if err != nil {
		return err
	}
	if len(specs) == 0 && !slices.ContainsFunc(had, func(a *Fault) bool { return a.Origin == fromProfile }) {
		return f.Reload(ctx)
	}
	err = f.db.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.Exec(ctx, deleteOf, fromProfile); err != nil {
			return err
		}
		for _, s := range specs {
			if _, err := f.add(ctx, tx, fromProfile, s); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return f.Reload(ctx)
}

// Reload reads what is set.
func (f *Faults) Reload(ctx context.Context) error {
	f.loading.Lock()
	defer f.loading.Unlock()
	if err := f.db.QueryRow(ctx, newest).Scan(&f.revision); err != nil {
		return err
	}
	list, err := f.all(ctx)
	if err != nil {
		return err
	}
	f.set.Store(keep(list, f.clock.Now()))
	return nil
}

// forget starts the minutes of all limits anew, and chaos.
func (f *Faults) forget() {
	f.limits.clear()
	f.weather.clear()
}

// prune takes what is over out of the set, so that a sandbox whose faults have all
// struck is as fast as one without.
func (f *Faults) prune() {
	f.loading.Lock()
	defer f.loading.Unlock()
	s := f.set.Load()
	if s == nil {
		return
	}
	now := f.clock.Now()
	f.set.Store(keep(slices.Concat(s.paths, s.outages, s.webhooks, s.others), now))
}

// keep sorts what is not over by kind; nil for nothing.
func keep(list []*Fault, now time.Time) *set {
	var s *set
	for _, a := range list {
		if a.ended(now) {
			continue
		}
		if s == nil {
			s = &set{}
		}
		switch {
		case a.Path != "":
			s.paths = append(s.paths, a)
		case a.Outage != nil:
			s.outages = append(s.outages, a)
		case a.Webhook != nil:
			s.webhooks = append(s.webhooks, a)
		default:
			s.others = append(s.others, a)
		}
	}
	return s
}

// lookEvery is how often a node asks whether another one has set or cleared
// something.
const lookEvery = time.Second

// Run follows what other nodes set, until ctx ends.
func (f *Faults) Run(ctx context.Context) {
	if f.db.SingleNode() {
		return
	}
	for clock.Delay(ctx, lookEvery) == nil {
		if err := f.look(ctx); err != nil && ctx.Err() == nil {
			f.Log.Error("faults", "error", err.Error())
		}
	}
}

func (f *Faults) look(ctx context.Context) error {
	var revision int64
	if err := f.db.QueryRow(ctx, newest).Scan(&revision); err != nil {
		return err
	}
	f.loading.Lock()
	same := revision == f.revision
	f.loading.Unlock()
	if same {
		return nil
	}
	return f.Reload(ctx)
}

// Health is what an outage makes of an institution, and since when; ok is false
// where none is set.
func (f *Faults) Health(institutionID string) (health string, since time.Time, ok bool) {
	s := f.set.Load()
	if s == nil {
		return "", time.Time{}, false
	}
	now := f.clock.Now()
	for _, a := range s.outages {
		if a.Outage.InstitutionID == institutionID && !a.ended(now) {
			health, since, ok = a.Outage.Health, a.setAt, true // the last one counts
		}
	}
	return health, since, ok
}
