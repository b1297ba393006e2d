package sandbank

import (
	"context"
	"errors"
	"fmt"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// visit is who logged in, as a login and its grant remember it.
type visit struct {
	Username string `json:"username"`
	// Config and Seed make a custom user; the seed is the configuration's own or
	// was drawn at the login.
	Config string `json:"config,omitempty"`
	Seed   string `json:"seed,omitempty"`
	// HidesNumbers keeps account numbers from whoever holds the grant.
	HidesNumbers bool `json:"hides_numbers,omitempty"`
	// Accounts are the refs of the accounts that the person picked on the bank's
	// own pages; all for none.
	Accounts []string `json:"accounts,omitempty"`
	MFA      *script  `json:"mfa,omitempty"`
	// Recaptcha is how a check for robots will end, good or bad; "" for none.
	Recaptcha string `json:"recaptcha,omitempty"`
	// Line is the key of the first of the grants of which each took the place of
	// the one before; "" for a grant that is the first itself.
	Line string `json:"line,omitempty"`

	Custom *config `json:"-"` // Config, read
}

// parse reads the configuration of a visit that comes from the database.
func (v *visit) parse() error {
	if v.Config == "" {
		return nil
	}
	c, err := parseConfig(v.Config)
	if err != nil {
		return fmt.Errorf("sandbank: stored configuration: %w", err)
	}
	v.Custom = c
	return nil
}

// The states of a grant.
const (
	live    = "live"
	expired = "expired" // a new login is needed
)

// grantKey is the id of a grant's row.
func (b *Bank) grantKey(g institution.Grant) string {
	return b.vault.Index("sandbank_grant", string(g))
}

// issue is a new grant and the function that stores it.
type issue struct {
	grant institution.Grant
	store func(context.Context, *store.Tx) error
}

// newGrant makes a grant for a visit, in place of an older one if r is not nil.
func (b *Bank) newGrant(in institution.Institution, v visit, r *renewal) (issue, error) {
	g := institution.Grant(b.ids.Hex(48))
	key := b.grantKey(g)
	v.MFA, v.Recaptcha, v.Line = nil, "", ""
	if r != nil {
		v.Line = r.Line
	}
	sealed, err := b.vault.SealJSON(v, key)
	if err != nil {
		return issue{}, err
	}
	now, person := clock.Millis(b.clock.Now()), b.personIndex(v)
	return issue{g, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, insertGrant, key, in.ID, live, now, sealed, person)
		return err
	}}, nil
}

// holding finds what a grant gives access to, and refuses a grant that no
// longer gives any.
func (b *Bank) holding(ctx context.Context, g institution.Grant) (*holding, error) {
	key := b.grantKey(g)
	h, ok, ticket := b.holdings.Get(key)
	if !ok {
		var err error
		if h, err = b.loadHolding(ctx, key); err != nil {
			return nil, err
		}
		b.holdings.Put(ticket, key, h)
	}
	if h.status == expired {
		return nil, &institution.Failure{Reason: institution.LoginRequired}
	}
	if _, err := b.reach(h.institution.ID); err != nil {
		return nil, err
	}
	return h, nil
}

func (b *Bank) loadHolding(ctx context.Context, key string) (*holding, error) {
	var institutionID, sealed string
	h := &holding{seed: key}
	err := b.db.QueryRow(ctx, selectGrant, key).Scan(&institutionID, &h.status, &sealed)
	if errors.Is(err, store.ErrNoRows) {
		return nil, &institution.Failure{Reason: institution.AccessRevoked}
	}
	if err != nil {
		return nil, fmt.Errorf("sandbank: grant: %w", err)
	}
	if h.status != live {
		return h, nil
	}
	var v visit
	if err := b.vault.OpenJSON(sealed, key, &v); err != nil {
		return nil, fmt.Errorf("sandbank: grant: %w", err)
	}
	if err := v.parse(); err != nil {
		return nil, err
	}
	if v.Line != "" {
		h.seed = v.Line
	}
	h.institution, _ = b.institutions.Get(institutionID)
	h.hidesNumbers, h.custom = v.HidesNumbers, v.Custom != nil
	h.accounts = b.covered(h.institution, v)
	return h, nil
}

// Import logs a person in at once: second factors are taken as answered, and
// banks with pages of their own are taken as visited.
func (b *Bank) Import(ctx context.Context, institutionID, user, password string) (institution.Grant, error) {
	in, err := b.reach(institutionID)
	if err != nil {
		return "", err
	}
	v, refused := b.recognize(in, user, password)
	if refused != nil {
		return "", &refused.Failure
	}
	if v.Recaptcha == badRecaptcha {
		return "", final(institution.RecaptchaBad, "")
	}
	made, err := b.newGrant(in, v, nil)
	if err != nil {
		return "", err
	}
	return made.grant, b.db.Write(ctx, func(tx *store.Tx) error { return made.store(ctx, tx) })
}

// ExpireGrant makes a grant useless until the person logs in anew, as a changed
// password would.
func (b *Bank) ExpireGrant(ctx context.Context, g institution.Grant) error {
	return b.end(ctx, g, func(tx *store.Tx, key string) error {
		_, err := tx.Exec(ctx, expireGrant, expired, key, live)
		return err
	})
}

// Revoke ends a grant for good and forgets it, and who gave it.
func (b *Bank) Revoke(ctx context.Context, g institution.Grant) error {
	return b.end(ctx, g, func(tx *store.Tx, key string) error {
		_, err := tx.Exec(ctx, revokeGrant, key)
		return err
	})
}

func (b *Bank) end(ctx context.Context, g institution.Grant, change func(*store.Tx, string) error) error {
	key := b.grantKey(g)
	return b.db.Write(ctx, func(tx *store.Tx) error {
		b.holdings.Drop(tx, key)
		return change(tx, key)
	})
}
