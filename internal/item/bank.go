package item

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// A Finder finds the Item that a call reads, or says why the caller may not have it:
// by an access token, or by a token of a room of its own.
type Finder func(context.Context) (*Snapshot, error)

// With is the Finder of a call with an access token.
func (s *Items) With(call api.Call, token string) Finder {
	return func(ctx context.Context) (*Snapshot, error) { return s.ByAccessToken(ctx, call, token) }
}

// Data finds the Item for a call that reads the person's data. The login must be
// good, product must be one that the institution has, and the person must have
// agreed to it where consent was asked for product by product. An empty product
// stands for plain account data.
func (s *Items) Data(ctx context.Context, find Finder, product string) (*Snapshot, error) {
	sn, err := find(ctx)
	if err != nil {
		return nil, err
	}
	if p := sn.Problem(s.clock.Now()); p != nil {
		return nil, p
	}
	if err := s.Readable(ctx, sn, product); err != nil {
		return nil, err
	}
	return sn, nil
}

// Readable refuses a product that Data would refuse on this Item.
func (s *Items) Readable(ctx context.Context, sn *Snapshot, product string) error {
	if product == "" || slices.Contains(sn.Products, product) {
		return nil
	}
	if err := s.Authorized(ctx, sn.ClientID, product); err != nil {
		return err
	}
	in, ok := s.catalogue.Get(sn.InstitutionID)
	if !ok || !in.Serves([]string{product}) {
		return plaid.ProductsNotSupported(product)
	}
	// Data Transparency: the person was told what the data is for, so a product
	// outside that needs update mode (plaid-server-api.md section 14).
	if len(sn.UseCases) > 0 && !slices.Contains(sn.Consented, product) {
		return plaid.AdditionalConsentRequired(product)
	}
	return nil
}

// ErrRenewed reports that the Item's login was renewed after it was read: what the
// bank was asked under the old one is of no use. Steady asks again.
var ErrRenewed = errors.New("item: the login was renewed meanwhile")

// Current is ErrRenewed if the Item has another login than the Snapshot.
func (sn *Snapshot) Current(now *Item) error {
	if sn.Logins != now.Logins {
		return ErrRenewed
	}
	return nil
}

// Steady does f on what Data finds, again if the login of the Item is renewed in
// the middle.
func Steady[T any](ctx context.Context, s *Items, find Finder, product string, f func(*Snapshot) (T, error)) (T, error) {
	for {
		sn, err := s.Data(ctx, find, product)
		if err != nil {
			var none T
			return none, err
		}
		out, err := f(sn)
		if !errors.Is(err, ErrRenewed) {
			return out, err
		}
	}
}

// Bank is the way to one Item's bank.
type Bank struct {
	Connector institution.Connector
	Grant     institution.Grant
}

// Bank opens the way to the Item's bank. The grant is read from the database
// each time and lives no longer than the call that needs it.
func (s *Items) Bank(ctx context.Context, sn *Snapshot) (Bank, error) {
	conn, err := s.connector(sn.Connector)
	if err != nil {
		return Bank{}, err
	}
	var sealed string
	err = s.db.QueryRow(ctx, selectGrant, sn.ID).Scan(&sealed)
	if errors.Is(err, store.ErrNoRows) {
		return Bank{}, plaid.ItemNotFound
	}
	if err != nil {
		return Bank{}, err
	}
	grant, err := s.openGrant(sealed, sn.ID)
	return Bank{conn, grant}, err
}

// connector finds a kind of bank by its name. A catalogue may know banks that
// this process has no connector for.
func (s *Items) connector(name string) (institution.Connector, error) {
	conn, ok := s.connectors[name]
	if !ok {
		return nil, plaid.InstitutionNotEnabledInEnvironment
	}
	return conn, nil
}

func (s *Items) openGrant(sealed, itemID string) (institution.Grant, error) {
	var plain string
	if err := s.open(sealed, sealedGrant+itemID, &plain); err != nil {
		return "", fmt.Errorf("item: grant of %s: %w", itemID, err)
	}
	return institution.Grant(plain), nil
}

// lasting are the reasons that stay with an Item until the person mends the
// login; others may be gone at the next call.
var lasting = map[institution.Reason]bool{
	institution.LoginRequired:           true,
	institution.InvalidCredentials:      true,
	institution.InvalidMFA:              true,
	institution.InsufficientCredentials: true,
	institution.Locked:                  true,
	institution.PasswordResetRequired:   true,
	institution.SetupRequired:           true,
	institution.AccessRevoked:           true,
}

// BankError turns what a Connector returned into what the caller is told. A
// reason that needs the person is kept on the Item, so that /item/get shows it.
// ErrRenewed if the Item has another login by now: Steady asks again.
func (s *Items) BankError(ctx context.Context, sn *Snapshot, err error) error {
	var f *institution.Failure
	if !errors.As(err, &f) {
		return err
	}
	told := f.Plaid()
	if !lasting[f.Reason] {
		return told
	}
	if f.Reason == institution.InvalidCredentials || f.Reason == institution.InvalidMFA {
		told = plaid.ItemLoginRequired // they were right once: "the login details of this item have changed"
	}
	if err := s.failUnder(ctx, sn, told.Code); err != nil {
		return err
	}
	return told
}

// ProductError is BankError of a call that a product made. What the person has not
// let the product see is told as well: update mode can ask for it (schemas
// ProductPermissionsRequiredAuthWebhook and ProductPermissionsRequiredIdentityWebhook).
// about is the product's webhook_type.
func (s *Items) ProductError(ctx context.Context, sn *Snapshot, about string, err error) error {
	told := s.BankError(ctx, sn, err)
	var known *plaid.Error
	if !errors.As(told, &known) || !known.Is(plaid.AccessNotGranted) {
		return told
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		return s.Update(ctx, tx, sn.ID, func(it *Item) error {
			if err := sn.Current(it); err != nil {
				return err
			}
			it.Tell(about, noticePermissions, nil)
			return nil
		})
	})
	if err != nil {
		return err
	}
	return told
}

// failUnder stores the error that a login ended with. ErrRenewed if the Item has
// another login by now, of which the error says nothing.
func (s *Items) failUnder(ctx context.Context, sn *Snapshot, code string) error {
	return s.db.Write(ctx, func(tx *store.Tx) error {
		return s.Update(ctx, tx, sn.ID, func(it *Item) error {
			if err := sn.Current(it); err != nil {
				return err
			}
			it.ErrorCode = code
			return nil
		})
	})
}

// fail stores the Item's error.
func (s *Items) fail(ctx context.Context, itemID, code string) error {
	return s.db.Write(ctx, func(tx *store.Tx) error {
		return s.Update(ctx, tx, itemID, func(it *Item) error { it.ErrorCode = code; return nil })
	})
}
