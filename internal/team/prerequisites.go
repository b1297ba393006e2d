package team

import (
	"context"
	"slices"

	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// What production asks of a team before its people may connect accounts
// (plaid-server-api.md section 14, seed 000): a use case in the Link customization,
// and an application profile for some banks and for Alloy. A sandbox asks for
// nothing and says what production would refuse, unless Client.Enforced.

// errNoUseCase is what a link token without a use case is refused with.
var errNoUseCase = func() *plaid.Error {
	e := plaid.InvalidLinkCustomization.WithMessage(plaid.InvalidLinkCustomization.Message)
	e.Suggested = "Choose a use case in the Data Transparency section of the Link customization, and publish the changes."
	return e
}()

// UseCaseError is what production answers /link/token/create whose customization
// has these settings; nil for what it takes. The rule is for people in the United
// States and Canada, and not for Identity Verification alone.
func (s Settings) UseCaseError(products, countries []string) error {
	here := slices.Contains(countries, "US") || slices.Contains(countries, "CA")
	if len(s.UseCases) > 0 || !here || len(products) == 1 && products[0] == "identity_verification" {
		return nil
	}
	return errNoUseCase
}

// profilePartners are the partners whose integration needs the application
// profile: the seed says so of Alloy.
var profilePartners = []string{"alloy"}

// NeedsProfile reports whether a partner's integration needs the application
// profile.
func NeedsProfile(processor string) bool { return slices.Contains(profilePartners, processor) }

// IntegrationError is why the client may not make tokens for a partner, nil if it
// may: the partner is off, or lacks the application profile that it needs where
// that is enforced.
func (c *Client) IntegrationError(p plaid.Partner) error {
	off := plaid.IntegrationOff(p.Title)
	switch {
	case !c.IntegrationOn(p.Name):
		off.Suggested = "Click Enable for " + p.Title + " in the Integrations section of the dashboard."
	case c.Enforced && NeedsProfile(p.Name) && !c.Profile.Complete():
		off.Suggested = "Complete the Application Profile on the dashboard: the " + p.Title + " integration needs it."
	default:
		return nil
	}
	return off
}

// SetEnforced lets a sandbox ask of a client what production asks.
func (t *Teams) SetEnforced(ctx context.Context, clientID string, enforced bool) error {
	return t.db.Write(ctx, func(tx *store.Tx) error {
		t.cache.Drop(tx, clientID)
		return tx.ExecOne(ctx, `UPDATE team_client SET enforced = $2 WHERE id = $1`, clientID, enforced)
	})
}

// SetProfile replaces the application profile of a client. It is the caller's to
// Check it.
func (t *Teams) SetProfile(ctx context.Context, clientID string, p Profile) error {
	return t.db.Write(ctx, func(tx *store.Tx) error {
		t.cache.Drop(tx, clientID)
		return writeProfile(ctx, tx, clientID, p)
	})
}

// MaxUseCases is how many use cases a customization may have.
const MaxUseCases = 3

// SetUseCases publishes the use cases of a client's customization, none to switch
// Data Transparency off. What is wrong with the list is an error of the API, and so
// is a name that no customization has; the default one is made if it is not there.
func (t *Teams) SetUseCases(ctx context.Context, clientID, name string, useCases []string) error {
	if len(useCases) > MaxUseCases {
		return plaid.InvalidField("use_cases must be a list of one to three use cases")
	}
	for _, u := range useCases {
		if !slices.Contains(UseCases, u) {
			return plaid.InvalidField("use_cases must be of the list in docs/customization.md")
		}
	}
	return t.db.Write(ctx, func(tx *store.Tx) error {
		t.cache.Drop(tx, clientID)
		c, err := t.read(ctx, tx, clientID)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(c.Customizations, func(k Customization) bool { return k.Name == name })
		switch {
		case i >= 0:
			return updateUseCases(ctx, tx, clientID, c.Customizations[i], dedupe(useCases))
		case name == DefaultCustomization:
			return updateUseCases(ctx, tx, clientID, Customization{Name: name, AccountSelect: SelectMultiple}, dedupe(useCases))
		}
		return errNoCustomization
	})
}
