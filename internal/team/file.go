package team

import (
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// file is the operator's file of a team (serve --team). Its members are those of
// the sandbox's levers; a member that is left out leaves what the client has.
type file struct {
	Name               *string           `json:"name"`
	RedirectURIs       []string          `json:"redirect_uris" max:"100"`
	Integrations       []string          `json:"integrations" max:"200"`
	ApplicationProfile *profileIn        `json:"application_profile"`
	Customizations     []customizationIn `json:"customizations" max:"100"`
}

// Given is what an operator's file says of a client, checked.
type Given struct {
	name           *string
	redirects      []string
	integrations   []string
	profile        *Profile
	customizations []Customization
	logos          map[string][]byte // by name of the customization
}

// ReadFile reads the operator's file of a team; what is wrong with it is said in
// the words of the API. institution reports whether there is an institution of an
// id.
func (t *Teams) ReadFile(raw []byte, institution func(id string) bool) (*Given, error) {
	f, err := api.Read[file](raw)
	if err != nil {
		return nil, err
	}
	g := &Given{name: f.Name, redirects: f.RedirectURIs, integrations: f.Integrations, logos: map[string][]byte{}}
	if f.Name != nil {
		if must := line(maxName)(*f.Name); must != "" {
			return nil, plaid.InvalidField("name " + must)
		}
	}
	for i, uri := range f.RedirectURIs {
		if must := t.RedirectMust(uri); must != "" {
			return nil, plaid.InvalidField("redirect_uris[" + strconv.Itoa(i) + "] " + must)
		}
	}
	for i, p := range f.Integrations {
		if _, ok := plaid.PartnerByName(p); !ok {
			return nil, plaid.InvalidField("integrations[" + strconv.Itoa(i) + "] must be the name of a partner")
		}
	}
	if f.ApplicationProfile != nil {
		p, err := f.ApplicationProfile.profile("application_profile.")
		if err != nil {
			return nil, err
		}
		g.profile = &p
	}
	for i, in := range f.Customizations {
		c, logo, err := in.customization(institution)
		if err != nil {
			return nil, fmt.Errorf("customizations[%d]: %w", i, err)
		}
		if slices.ContainsFunc(g.customizations, func(k Customization) bool { return k.Name == c.Name }) {
			return nil, plaid.InvalidField("customizations[" + strconv.Itoa(i) + "].name must not be that of an earlier one")
		}
		g.customizations = append(g.customizations, c)
		if logo != nil {
			g.logos[c.Name] = logo
		}
	}
	return g, nil
}

// Apply gives a client what its file says, in one transaction: name, redirect
// addresses and profile as they stand there, of the partners those and no others,
// and the customizations in place of those of the same names.
func (t *Teams) Apply(ctx context.Context, clientID string, g *Given) error {
	now := clock.Millis(t.clock.Now())
	return t.db.Write(ctx, func(tx *store.Tx) error {
		t.cache.Drop(tx, clientID)
		c, err := t.read(ctx, tx, clientID)
		if err != nil {
			return err
		}
		if g.name != nil {
			if err := writeName(ctx, tx, clientID, *g.name); err != nil {
				return err
			}
		}
		if g.redirects != nil {
			if err := deleteRedirects(ctx, tx, clientID); err != nil {
				return err
			}
			if err := insertRedirects(ctx, tx, clientID, g.redirects); err != nil {
				return err
			}
		}
		if g.integrations != nil {
			if err := g.integrate(ctx, tx, c, now); err != nil {
				return err
			}
		}
		if g.profile != nil {
			if err := writeProfile(ctx, tx, clientID, *g.profile); err != nil {
				return err
			}
		}
		return g.customize(ctx, tx, clientID, now)
	})
}

// integrate switches on the partners of the file and no others. One that is as it
// should be keeps the time since when.
func (g *Given) integrate(ctx context.Context, tx *store.Tx, c *Client, now int64) error {
	for _, p := range plaid.Partners() {
		on := slices.Contains(g.integrations, p.Name)
		if c.IntegrationOn(p.Name) == on {
			continue
		}
		if err := writeIntegration(ctx, tx, c.ID, p.Name, on, now); err != nil {
			return err
		}
	}
	return nil
}

func (g *Given) customize(ctx context.Context, tx *store.Tx, clientID string, now int64) error {
	for _, c := range g.customizations {
		if logo := g.logos[c.Name]; logo != nil {
			c.Appearance.Logo = logoKey(clientID, logo)
			if err := insertLogo(ctx, tx, c.Appearance.Logo, clientID, base64.StdEncoding.EncodeToString(logo), now); err != nil {
				return err
			}
		}
		if err := insertCustomization(ctx, tx, clientID, c, replace); err != nil {
			return err
		}
	}
	return nil
}
