package item

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/schedule"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/team"
	"github.com/glencheck-dev/glencheck/internal/vault"
	"github.com/glencheck-dev/glencheck/internal/webhook"
)

// Items is this room: it makes Items, finds them by their tokens, changes and
// removes them. Its methods are safe for concurrent use.
type Items struct {
	db         *store.DB
	vault      *vault.Vault
	clock      *clock.Clock
	ids        *clock.IDs
	env        string
	catalogue  *institution.Catalogue
	connectors map[string]institution.Connector
	jobs       *schedule.Scheduler
	teams      *team.Teams
	users      *team.Users
	typed      *Typed          // nil where numbers cannot be typed
	owners     *OwnerCheck     // nil where nobody compares owners
	outbox     *webhook.Outbox // nil where nobody is told anything

	tokens    *store.Cache[string, tokenRow]  // by token index; a row never changes
	snapshots *store.Cache[string, *Snapshot] // Item id -> Item

	mu       sync.Mutex
	forget   []ForgetFunc
	reselect []ForgetFunc
	hear     []func(context.Context, *store.Tx, Told) error
	revoking sync.WaitGroup
}

// kept is how many Items are held in memory when one process owns the database.
// One takes about ten kilobytes with its accounts, numbers and owners.
const kept = 4096

// New returns the room. env is "sandbox" or "production"; connectors are the
// kinds of bank by the name that the catalogue uses.
func New(db *store.DB, v *vault.Vault, c *clock.Clock, ids *clock.IDs, env string,
	catalogue *institution.Catalogue, connectors map[string]institution.Connector, jobs *schedule.Scheduler) *Items {
	s := &Items{
		db: db, vault: v, clock: c, ids: ids, env: env,
		catalogue: catalogue, connectors: connectors, jobs: jobs,
		tokens:    store.NewCache[string, tokenRow](db, 2*kept),
		snapshots: store.NewCache[string, *Snapshot](db, kept),
	}
	jobs.Register(revokeJob, s.retryRevoke)
	jobs.Register(expireSavedJob, s.expireSaved)
	jobs.Register(revokeSavedJob, s.revokeSaved)
	jobs.Register(loginJob, s.loginEnds)
	for _, c := range connectors {
		if p, ok := c.(institution.Portal); ok {
			p.Report(holder{s})
		}
	}
	return s
}

// Item is the state of an Item. The lists are sorted.
type Item struct {
	ID            string
	ClientID      string
	ClientUserID  string // the client's own word for the user
	UserID        string // usr_… of /user/create, "" when none
	InstitutionID string // "" for an Item made without a bank connection
	Connector     string
	LinkSessionID string

	Webhook    string   // "" when none
	Products   []string // added to the Item
	Billed     []string // and called at least once, or asked for at the start
	Consented  []string // the person agreed to share them
	UseCases   []string // what the person was told the data is for; none outside Data Transparency
	AuthMethod string   // INSTANT_AUTH and so on, "" until numbers exist
	ErrorCode  string   // what the last call at the bank ended with, "" when all is well

	CreatedAt  time.Time
	LoginUntil time.Time // zero: the login does not expire by itself
	RemovedAt  time.Time // zero: the Item lives
	// Logins counts the renewals of the login. What a bank was asked before the
	// last one may no longer hold, and must not be stored.
	Logins     int64
	brokenAt   time.Time // when ErrorCode was set
	lastCode   string    // of the latest webhook
	lastAt     time.Time // when it was made
	told       []told    // what an Update makes due
	revision   int64
	generation int64 // of the access tokens that work
}

// Snapshot is an Item with its open accounts as they were at one moment. It is
// shared between requests, so nobody may change it.
type Snapshot struct {
	Item
	Accounts []Account
	closed   []Account
	object   Object
	memo     sync.Map
}

// NewItem is what Create makes an Item from.
type NewItem struct {
	ClientID, ClientUserID, UserID string
	InstitutionID                  string
	Webhook                        string
	LinkSessionID                  string
	Connector                      string
	Grant                          institution.Grant
	Products                       []string // billed from the start
	OptionalProducts               []string // added, and billed when first called
	ConsentedProducts              []string // the person agreed to these too
	UseCases                       []string
	Accounts                       []institution.Account // the ones that the person chose
	AuthMethod                     string                // "" until numbers exist
	Verification                   Verification          // of all accounts
	VerifiedName                   string                // the name that it went by
	Insights                       *plaid.VerificationInsights
	AccountID                      string // of the only account, "" for a new one
}

// sandboxLogin is how long a login lasts in the sandbox: "Items will transition
// to an ITEM_LOGIN_REQUIRED error state automatically after 30 days"
// (description of /sandbox/item/reset_login).
const sandboxLogin = 30 * 24 * time.Hour

// Problem is the error that every data call on the Item answers, nil when its
// login is good. It depends on the time, as a login may end by itself.
func (it *Item) Problem(now time.Time) *plaid.Error {
	if it.ErrorCode != "" {
		if e, ok := plaid.ByCode(it.ErrorCode); ok {
			return e
		}
		return plaid.ItemLoginRequired
	}
	if !it.LoginUntil.IsZero() && !now.Before(it.LoginUntil) {
		return plaid.ItemLoginRequired
	}
	return nil
}

// Removed reports whether /item/remove has ended the Item.
func (it *Item) Removed() bool { return !it.RemovedAt.IsZero() }

// Memo returns the value that Keep left on the Snapshot under key. It spares a
// room from rebuilding what depends on nothing but the Item and rows that the
// room drops the Item for (Changed).
func Memo[T any](sn *Snapshot, key any) (T, bool) {
	v, ok := sn.memo.Load(key)
	if !ok {
		var none T
		return none, false
	}
	t, ok := v.(T)
	return t, ok
}

// Keep leaves v on the Snapshot under key for as long as the Snapshot lives.
func Keep[T any](sn *Snapshot, key any, v T) { sn.memo.Store(key, v) }

// Update changes an Item inside tx. fn sees the present state, with the row
// locked until tx ends, and changes it; an error of fn leaves the Item alone.
// Only what an Item may change after its creation is stored: webhook, products,
// consent, auth method, error, the end of its login and how many there were. What
// fn tells (Item.Tell), and an error that is new, goes to the Item's webhook.
func (s *Items) Update(ctx context.Context, tx *store.Tx, itemID string, fn func(*Item) error) error {
	it, err := s.lock(ctx, tx, itemID)
	if err != nil {
		return err
	}
	was := it.ErrorCode
	if err := fn(&it); err != nil {
		return err
	}
	switch {
	case it.ErrorCode == "":
		it.brokenAt = time.Time{}
	case it.ErrorCode != was:
		it.brokenAt = s.clock.Now()
	}
	it.tellError(was)
	s.noteTold(&it)
	if err := s.save(ctx, tx, it); err != nil {
		return err
	}
	if err := s.sendTold(ctx, tx, &it); err != nil {
		return err
	}
	s.Changed(tx, itemID)
	return nil
}

// Changed makes every reader see the Item anew once tx is durable. A room that
// keeps something on a Snapshot calls it when that something changes.
func (s *Items) Changed(tx *store.Tx, itemID string) { s.snapshots.Drop(tx, itemID) }

// AddProduct is a step for Update: the product belongs to the Item from now on
// and counts as called.
func AddProduct(it *Item, product string) {
	it.Products = with(it.Products, product)
	if !payPerCall[product] {
		it.Billed = with(it.Billed, product)
	}
}

// with returns a sorted list that holds p once. It never changes list.
func with(list []string, p string) []string {
	i, found := slices.BinarySearch(list, p)
	if found {
		return list
	}
	return slices.Insert(slices.Clone(list), i, p)
}
