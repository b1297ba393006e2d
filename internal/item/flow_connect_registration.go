package item

import (
	"context"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// unregistered stops a person on the way to a bank with pages of its own where the
// application profile is asked for and not complete: it is what such a bank shows
// its customers about the application (seed 000, "also required for connecting to
// some banks"; plaid-server-api.md section 3.4). Items that exist go on to work.
func (c *connect) unregistered(ctx context.Context, v *link.Visit, in institution.Institution) (stop bool, err error) {
	if !in.OAuth || c.items.teams == nil {
		return false, nil
	}
	client, err := c.items.teams.Client(ctx, v.Token.ClientID)
	if err != nil || !client.Enforced || client.Profile.Complete() {
		return false, err
	}
	v.Explain("%s (%s) has pages of its own (OAuth), and connects only applications whose application profile is complete: it lacks %s", in.Name, in.ID, strings.Join(client.Profile.Missing(), ", "))
	_, err = halt(v, plaid.InstitutionRegistrationRequired, link.Trouble{Status: requiresOAuth})
	return true, err
}
