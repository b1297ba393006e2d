package sandbank

import (
	"context"
	"slices"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/vault"
)

// Name is the connector's name in the catalogue.
const Name = "sandbank"

// kept is how many grants' accounts stay in memory.
const kept = 20_000

// Bank plays every institution of the catalogue that names it. Its methods are
// safe for concurrent use, also by several nodes on one database.
type Bank struct {
	db           *store.DB
	vault        *vault.Vault
	clock        *clock.Clock
	ids          *clock.IDs
	arrivals     *clock.IDs // of what comes in by the rails, which is done in the background
	institutions *institution.Catalogue
	data         *data
	pages        pages
	holdings     *store.Cache[string, *holding]
	fetch        func(context.Context) error // brings what is on its way here
	holder       institution.Holder          // hears that a person took access back; nil for nobody
}

// The abilities of the bank.
var (
	_ institution.Connector = (*Bank)(nil)
	_ institution.Numberer  = (*Bank)(nil)
	_ institution.Owners    = (*Bank)(nil)
	_ institution.Statement = (*Bank)(nil)
	_ institution.Importer  = (*Bank)(nil)
	_ institution.Sharer    = (*Bank)(nil)
	_ institution.Expirer   = (*Bank)(nil)
)

// New opens the bank on a migrated database.
func New(db *store.DB, v *vault.Vault, clk *clock.Clock, ids *clock.IDs, institutions *institution.Catalogue) *Bank {
	d, err := load(bankData)
	if err != nil {
		panic("sandbank: " + err.Error()) // the file is ours and checked by tests
	}
	return &Bank{
		db: db, vault: v, clock: clk, ids: ids, arrivals: ids.Fork("arrivals"), institutions: institutions, data: d,
		holdings: store.NewCache[string, *holding](db, kept),
		fetch:    func(context.Context) error { return nil },
	}
}

// Fetch names what brings payments here that were ordered and not delivered yet. Who
// reads a statement in the sandbox waits for it, so that what they see does not depend
// on how fast a worker is.
func (b *Bank) Fetch(fetch func(context.Context) error) { b.fetch = fetch }

// holding is what a grant gives access to.
type holding struct {
	institution  institution.Institution
	status       string
	seed         string // of this grant and those that took its place
	hidesNumbers bool
	custom       bool // a custom user's
	accounts     []account
}

// Accounts lists the accounts of the person who gave the grant.
func (b *Bank) Accounts(ctx context.Context, g institution.Grant) ([]institution.Account, error) {
	h, err := b.holding(ctx, g)
	if err != nil {
		return nil, err
	}
	dated := slices.Contains(b.data.Habits.DatesBalances, h.institution.ID)
	out := make([]institution.Account, len(h.accounts))
	for i, a := range h.accounts {
		out[i] = a.Account
		if dated {
			out[i].BalancesAt = b.clock.Now()
		}
	}
	return out, nil
}

// Numbers gives account numbers. A login with the password microdeposits_good
// keeps them secret, so that micro-deposits have something to verify.
func (b *Bank) Numbers(ctx context.Context, g institution.Grant, refs []string) ([]institution.Numbers, error) {
	h, err := b.holding(ctx, g)
	if err != nil {
		return nil, err
	}
	if h.hidesNumbers {
		return nil, &institution.Failure{Reason: institution.NumbersNotAvailable}
	}
	list, err := h.pick(refs)
	if err != nil {
		return nil, err
	}
	out := []institution.Numbers{}
	for _, a := range list {
		if a.numbers == nil {
			continue
		}
		n := *a.numbers
		if n.ACH != nil && h.institution.Tokenized {
			ach := tokenized(*n.ACH, h.seed, a.Ref)
			n.ACH = &ach
		}
		out = append(out, n)
	}
	return out, b.learn(ctx, h, out)
}

// Match compares numbers that a person typed with those of an account. Both of its
// routing numbers will do, as the documented inputs of Instant Match name the one
// for wires (plaid-server-api.md section 11.6).
func (b *Bank) Match(ctx context.Context, g institution.Grant, ref, routing, number string) (institution.Mismatch, error) {
	h, ach, err := b.sole(ctx, g, ref)
	switch {
	case err != nil:
		return "", err
	case h.hidesNumbers:
		return "", &institution.Failure{Reason: institution.NumbersNotAvailable}
	case routing != ach.Routing && routing != ach.WireRouting && !slices.Contains(h.institution.RoutingNumbers, routing):
		return institution.WrongRouting, nil
	case number != ach.Account:
		return institution.WrongAccount, nil
	}
	return institution.Matched, nil
}

// Sample is what Match takes for right.
func (b *Bank) Sample(ctx context.Context, g institution.Grant, ref string) (institution.ACH, bool, error) {
	_, ach, err := b.sole(ctx, g, ref)
	if ach.WireRouting != "" {
		ach.Routing = ach.WireRouting
	}
	return ach, err == nil, err
}

// sole finds the numbers of one account in the United States.
func (b *Bank) sole(ctx context.Context, g institution.Grant, ref string) (*holding, institution.ACH, error) {
	h, err := b.holding(ctx, g)
	if err != nil {
		return nil, institution.ACH{}, err
	}
	list, err := h.pick([]string{ref})
	if err != nil {
		return nil, institution.ACH{}, err
	}
	if n := list[0].numbers; n != nil && n.ACH != nil {
		return h, *n.ACH, nil
	}
	return nil, institution.ACH{}, &institution.Failure{Reason: institution.NumbersNotAvailable}
}

// Owners says who holds the accounts.
func (b *Bank) Owners(ctx context.Context, g institution.Grant, refs []string) (map[string][]institution.Owner, error) {
	h, err := b.holding(ctx, g)
	if err != nil {
		return nil, err
	}
	list, err := h.pick(refs)
	if err != nil {
		return nil, err
	}
	out := map[string][]institution.Owner{}
	for _, a := range list {
		out[a.Ref] = []institution.Owner{a.owner}
	}
	return out, nil
}

// pick finds accounts by their refs; all for none.
func (h *holding) pick(refs []string) ([]account, error) {
	if len(refs) == 0 {
		return h.accounts, nil
	}
	var out []account
	for _, ref := range refs {
		i := slices.IndexFunc(h.accounts, func(a account) bool { return a.Ref == ref })
		if i < 0 {
			return nil, &institution.Failure{Reason: institution.UnknownAccount}
		}
		out = append(out, h.accounts[i])
	}
	return out, nil
}

// reach finds an institution that the bank plays and that is up.
func (b *Bank) reach(id string) (institution.Institution, error) {
	in, ok := b.institutions.Get(id)
	switch {
	case !ok || in.Connector != Name:
		return in, final(institution.UnknownInstitution, "")
	case in.Health == institution.Down:
		return in, final(institution.BankDown, "")
	case in.Health == institution.Unsupported:
		return in, final(institution.NoLongerSupported, "")
	}
	return in, nil
}

func final(r institution.Reason, detail string) *institution.Failure {
	return &institution.Failure{Reason: r, Detail: detail, Final: true}
}
