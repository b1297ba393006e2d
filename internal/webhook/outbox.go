package webhook

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/egress"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/vault"
)

// Config is what an Outbox needs.
type Config struct {
	DB    *store.DB
	Vault *vault.Vault
	Clock *clock.Clock
	// IDs are of a stream of their own: deliveries are named in the background and
	// must not change which ids a seeded run gives out next.
	IDs *clock.IDs
	Log *slog.Logger
	// AllowPrivate lets receivers be on loopback and private addresses.
	AllowPrivate bool
	// Transport carries the calls; nil for the network, behind the guard of package
	// egress.
	Transport http.RoundTripper
}

// Outbox keeps notices until they are delivered. Its methods are safe for
// concurrent use, also by several nodes on one database.
type Outbox struct {
	db      *store.DB
	vault   *vault.Vault
	clock   *clock.Clock
	ids     *clock.IDs
	log     *slog.Logger
	send    http.RoundTripper
	schemes map[string]Scheme
	policy  atomic.Pointer[Policy]

	node    string // this process
	number  atomic.Int64
	queue   *queue
	poke    chan struct{}
	ended   chan outcome
	life    atomic.Pointer[context.Context] // of Run
	begun   chan struct{}                   // closed when Run begins
	begin   sync.Once
	tries   sync.WaitGroup
	swaps   swaps
	beat    time.Duration // those that follow are constants, except to tests
	grace   time.Duration
	page    int
	timeout time.Duration
	cursor  string     // of the search by receivers
	turn    sync.Mutex // one search at a time
}

// New returns an outbox. Register its schemes before Run.
func New(cfg Config) *Outbox {
	o := &Outbox{
		db: cfg.DB, vault: cfg.Vault, clock: cfg.Clock, ids: cfg.IDs, log: cfg.Log, send: cfg.Transport,
		schemes: map[string]Scheme{}, node: clock.NewIDs(0, 0).UUID(), // never seeded: it tells processes apart
		beat: beatEvery, timeout: timeout, grace: grace, page: page,
		poke: make(chan struct{}, 1), begun: make(chan struct{}), ended: make(chan outcome, 256),
	}
	if o.send == nil {
		o.send = egress.New(cfg.AllowPrivate).Transport(wireReceiver)
	}
	o.number.Store(firstNumber())
	o.queue = newQueue(func(d *Delivery) {
		o.tries.Add(1)
		go o.try(d)
	}, o.wake)
	return o
}

// Register adds a scheme. A name registered twice is a programmer's error and
// panics.
func (o *Outbox) Register(name string, s Scheme) {
	if o.schemes[name] != nil {
		panic("webhook: two schemes for " + name)
	}
	o.schemes[name] = s
}

func (o *Outbox) wake() {
	select {
	case o.poke <- struct{}{}:
	default:
	}
}

// grace is how long tries that are under way may go on when the server stops.
const grace = time.Second

// Run delivers until ctx ends.
func (o *Outbox) Run(ctx context.Context) {
	life, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	o.life.Store(&life)
	if err := o.takeOver(ctx); err != nil && ctx.Err() == nil {
		o.log.Error("webhook", "error", err.Error())
	}
	var recorder, watcher sync.WaitGroup
	over := make(chan struct{})
	recorder.Go(func() { o.record(life, over) })
	watcher.Go(func() { o.watch(ctx) })
	o.queue.opens(true)
	o.begin.Do(func() { close(o.begun) })
	defer func() {
		o.queue.opens(false)
		wait, stop := context.WithTimeout(context.Background(), o.grace)
		defer stop()
		context.AfterFunc(wait, cut)
		o.tries.Wait()
		close(over)
		recorder.Wait()
		cut()
		watcher.Wait()
		o.giveBack(context.WithoutCancel(ctx))
	}()
	for ctx.Err() == nil {
		seen := o.clock.Now()
		if err := o.search(ctx); err != nil && ctx.Err() == nil {
			o.log.Error("webhook", "error", err.Error())
		}
		o.rest(ctx, seen)
	}
}

// giveBack lets go of what this process has in hand.
func (o *Outbox) giveBack(ctx context.Context) {
	o.queue.clear()
	if err := o.release(ctx, o.node, false); err != nil {
		o.log.Error("webhook: what was in hand is tried again when this node is missed", "error", err.Error())
	}
}

// pollEvery is how often a node looks for what other nodes left to be done.
const pollEvery = 5 * time.Second

// rest waits until the next try is due, something is to be found, or it is time
// to look around. What was due at seen has been searched for; the clock may have been
// moved since.
func (o *Outbox) rest(ctx context.Context, seen time.Time) {
	ctx, cancel := context.WithTimeout(ctx, pollEvery)
	defer cancel()
	woken := make(chan struct{})
	go func() {
		defer close(woken)
		if next, found, err := o.next(ctx, seen); err == nil && found {
			_ = o.clock.Wait(ctx, next)
			return
		}
		<-ctx.Done()
	}()
	select {
	case <-o.poke:
	case <-woken:
	}
	cancel()
	<-woken
}

// page is how many deliveries a search finds at a time.
const page = 256

// search takes in hand what is due, as far as there is room for it.
func (o *Outbox) search(ctx context.Context) error {
	o.turn.Lock()
	defer o.turn.Unlock()
	for ctx.Err() == nil {
		now := clock.Millis(o.clock.Now())
		due, err := o.candidates(ctx, selectDue, now, o.page)
		if err != nil {
			return err
		}
		list := o.fitting(due)
		if len(due) == o.page && len(list) < o.page/2 {
			others, err := o.elsewhere(ctx, now)
			if err != nil {
				return err
			}
			list = append(list, others...)
		}
		if len(list) == 0 {
			return nil
		}
		if err := o.claim(ctx, list); err != nil {
			return err
		}
	}
	return nil
}

// fitting leaves out what there is no room for.
func (o *Outbox) fitting(due []candidate) []candidate {
	var list []candidate
	taken := map[string]int{}
	for _, c := range due {
		if o.queue.room(c.receiver) > taken[c.receiver] {
			taken[c.receiver]++
			list = append(list, c)
		}
	}
	return list
}

// receivers is how many receivers one search by receivers looks at.
const receivers = 64

// elsewhere searches receiver by receiver, beginning where it ended the last time:
// the oldest of all that is due may belong to a few that have no room.
func (o *Outbox) elsewhere(ctx context.Context, now int64) ([]candidate, error) {
	var list []candidate
	for range receivers {
		next, err := o.receiverAfter(ctx, o.cursor)
		if err != nil {
			return nil, err
		}
		if o.cursor = next.receiver; next.receiver == "" {
			break // the end; the next search begins anew
		}
		free := o.queue.room(next.receiver)
		if next.due > now || free == 0 {
			continue
		}
		due, err := o.candidates(ctx, selectDueOf, next.receiver, now, min(free, o.page))
		if err != nil {
			return nil, err
		}
		list = append(list, due...)
	}
	seen := map[string]bool{}
	unique := list[:0]
	for _, c := range list {
		if !seen[c.id] {
			seen[c.id] = true
			unique = append(unique, c)
		}
	}
	return unique, nil
}

// settleFor bounds how long a journey of the clock waits for receivers.
const settleFor = 3 * time.Second

// Settle returns when everything that is due has been tried, or a while later
// where receivers let us wait. The scheduler calls it wherever it stops.
func (o *Outbox) Settle(ctx context.Context) error {
	return o.settle(ctx, settleFor)
}

func (o *Outbox) settle(ctx context.Context, most time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	select {
	case <-o.begun:
	case <-ctx.Done():
	}
	if life := o.life.Load(); life == nil || (*life).Err() != nil {
		return nil // nobody delivers
	}
	for {
		if err := o.search(ctx); err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return err
		}
		idle, changed := o.queue.idle()
		if idle {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil
		}
	}
}
