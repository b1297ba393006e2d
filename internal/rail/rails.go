package rail

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/rail/nacha"
	"github.com/glencheck-dev/glencheck/internal/schedule"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/vault"
)

// Network is where files go and answers come from. Its methods may be called by
// several nodes at once.
type Network interface {
	// Deliver hands a file over. The name identifies it for good: a file of a name
	// that was handed over before is the same file and changes nothing.
	Deliver(ctx context.Context, name string, content []byte) error
	// Collect lists what has come back and was not acknowledged.
	Collect(ctx context.Context) ([]Incoming, error)
	// Acknowledge says that what came back is safely read.
	Acknowledge(ctx context.Context, name string) error
	// SetAside takes what came back and was not believed out of the way, for a
	// person to look at.
	SetAside(ctx context.Context, name, reason string) error
}

// Incoming is a file that came back.
type Incoming struct {
	Name    string
	Content []byte
}

// Originator is who sends: the bank that the files go through, and the company on
// the statement.
type Originator struct {
	Bank      nacha.Bank // the originating bank (ODFI): routing number and name
	Operator  nacha.Bank // the ACH operator, or whoever the bank wants files addressed to
	CompanyID string     // of ACH batches, up to 10 characters
	// Lead is how long before a deadline of the Federal Reserve a file must be made
	// for its window: the time that the bank and its transfer agent need.
	Lead time.Duration

	Instant []Kind // the instant rails that the bank carries
	Company string // who pays instant transfers, up to 140 characters
	Account string // that instant transfers are paid from
	Member  string // the clearing member of instant transfers; the routing number of Bank if ""
}

// carries reports whether payments of a kind can be sent.
func (o Originator) carries(k Kind) bool { return k == SameDayACH || slices.Contains(o.Instant, k) }

// member is the routing number that instant transfers come from.
func (o Originator) member() string {
	if o.Member != "" {
		return o.Member
	}
	return o.Bank.Routing
}

// Listener is told of each change in its transaction. An error undoes the change;
// it is tried again.
type Listener func(ctx context.Context, tx *store.Tx, p Payment, e Event) error

// Config is what Rails need.
type Config struct {
	DB         *store.DB
	Vault      *vault.Vault
	Clock      *clock.Clock
	IDs        *clock.IDs
	Log        *slog.Logger
	Scheduler  *schedule.Scheduler
	Network    Network
	Originator Originator
	// Hook fires webhooks, nil where nobody can; HookURL is where those of clients go that
	// have not said where.
	Hook    Hook
	HookURL string
}

// Rails sends payments. Its methods are safe for concurrent use, also by several
// nodes on one database.
type Rails struct {
	cfg    Config
	db     *store.DB
	vault  *vault.Vault
	clock  *clock.Clock
	ids    *clock.IDs
	log    *slog.Logger
	listen Listener
	poke   chan struct{}

	turn chan struct{} // one Work at a time, so that whoever calls it finds all done
}

// New returns the rails.
func New(cfg Config) *Rails {
	r := &Rails{
		cfg: cfg, db: cfg.DB, vault: cfg.Vault, clock: cfg.Clock, ids: cfg.IDs, log: cfg.Log,
		listen: func(context.Context, *store.Tx, Payment, Event) error { return nil },
		poke:   make(chan struct{}, 1),
		turn:   make(chan struct{}, 1),
	}
	if r.cfg.Hook == nil {
		r.cfg.Hook = func(context.Context, *store.Tx, string, string) error { return nil }
	}
	cfg.Scheduler.Register(settleJob, r.settle)
	cfg.Scheduler.Beside(r.attend)
	return r
}

// Carries reports whether payments of a kind can be sent.
func (r *Rails) Carries(k Kind) bool { return r.cfg.Originator.carries(k) }

// Check makes a file of each kind and throws it away: an error says what is wrong
// with the originator.
func (o Originator) Check() error {
	r := &Rails{cfg: Config{Originator: o}}
	at := time.Date(2026, time.January, 5, 9, 0, 0, 0, time.UTC) // any time will do
	for _, kind := range append([]Kind{SameDayACH}, o.Instant...) {
		p := Payment{ID: "00000000-0000-4000-8000-000000000000", Kind: kind, Cents: 1, payee: sealedPayee{
			Payee{Routing: "110000000", Account: "1111222233330000", Name: "Alberta Charleson"}, "#ABC",
		}}
		if err := r.try(p, at); err != nil {
			return err
		}
	}
	return nil
}

// Listen names one more who is told of changes. Call it before Run.
func (r *Rails) Listen(l Listener) {
	before := r.listen
	r.listen = func(ctx context.Context, tx *store.Tx, p Payment, e Event) error {
		if err := before(ctx, tx, p, e); err != nil {
			return err
		}
		return l(ctx, tx, p, e)
	}
}

// Send accepts an order in the caller's transaction. The payment leaves when that
// transaction is committed. Its error is a plaid.Error where the order is wrong.
func (r *Rails) Send(ctx context.Context, tx *store.Tx, o Order) (Payment, error) {
	if err := o.check(); err != nil {
		return Payment{}, err
	}
	now := r.clock.Now()
	p := Payment{
		ID: r.ids.UUID(), ClientID: o.ClientID, Subject: o.Subject, Kind: o.Kind, State: Accepted, Cents: o.Cents,
		CreatedAt: now, ChangedAt: now, payee: sealedPayee{o.Payee, o.Statement},
	}
	if !r.Carries(o.Kind) {
		return Payment{}, plaid.InvalidField("the rail " + string(o.Kind) + " is not connected")
	}
	if err := r.try(p, now); err != nil {
		return Payment{}, plaid.InvalidField("the account cannot be paid: " + err.Error())
	}
	if err := r.insert(ctx, tx, p); err != nil {
		return Payment{}, fmt.Errorf("rail: %w", err)
	}
	if err := r.record(ctx, tx, p, Event{Type: EventPending}); err != nil {
		return Payment{}, err
	}
	tx.AfterCommit(r.wake)
	return p, nil
}

func (r *Rails) wake() {
	select {
	case r.poke <- struct{}{}:
	default:
	}
}

// pollEvery is how often the worker looks for what other nodes accepted and for
// what came back.
const pollEvery = 15 * time.Second

// Run sends and collects until ctx ends.
func (r *Rails) Run(ctx context.Context) {
	for r.attend(ctx) == nil {
		r.rest(ctx)
	}
}

// attend is Work for those who cannot do anything about its errors: the worker,
// which tries again, and a clock that is moved, which goes on although a network is
// down.
func (r *Rails) attend(ctx context.Context) error {
	if err := r.Work(ctx); err != nil && ctx.Err() == nil {
		r.log.Error("rail", "error", err.Error())
	}
	return ctx.Err()
}

// rest waits until an order arrives or it is time to look around.
func (r *Rails) rest(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	woken := make(chan struct{})
	go func() {
		defer close(woken)
		_ = r.clock.Wait(ctx, r.clock.Now().Add(pollEvery))
	}()
	select {
	case <-r.poke:
	case <-woken:
	}
	cancel()
	<-woken
}

// Work does what is to be done now, each part though another has failed: makes
// files, hands them over, and reads what came back. What has settled is posted by
// jobs of the scheduler.
func (r *Rails) Work(ctx context.Context) error {
	select {
	case r.turn <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-r.turn }()
	return errors.Join(r.build(ctx), r.deliver(ctx), r.collect(ctx))
}
