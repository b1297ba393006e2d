package processor

import (
	"context"
	"slices"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/item"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// sandboxRequest is schema SandboxProcessorTokenCreateRequest.
type sandboxRequest struct {
	InstitutionID string         `json:"institution_id" required:"true"`
	Options       sandboxOptions `json:"options"`
}

type sandboxOptions struct {
	OverrideUsername *string `json:"override_username"`
	OverridePassword *string `json:"override_password"`
}

// sandboxProducts are what an Item of this lever has from the start, as far as its
// institution has them; the others come with their first call.
var sandboxProducts = []string{"auth", "identity"}

// sandboxCreate makes an Item of a test login and a token of its first checking
// account, or of its first account at all. It is bound to the partner that calls, and
// to the sandbox's own partner where a client does.
func (s *Processors) sandboxCreate(ctx context.Context, call api.Call, in sandboxRequest) (out tokenResponse, err error) {
	processor, client := SandboxPartner, call.Caller.ClientID
	if call.Caller.Partner != "" {
		processor, client = call.Caller.Partner, s.Owner
	}
	institution, ok := s.Catalogue.Get(in.InstitutionID)
	if !ok {
		return out, plaid.InvalidInstitution
	}
	products := slices.DeleteFunc(slices.Clone(sandboxProducts), func(p string) bool { return !institution.Serves([]string{p}) })
	n := item.NewItem{ClientID: client, InstitutionID: in.InstitutionID, Products: products}
	_, err = s.Items.LogIn(ctx, n, or(in.Options.OverrideUsername, item.UserGood), or(in.Options.OverridePassword, item.PassGood),
		func(tx *store.Tx, sn *item.Snapshot) error {
			g := grant{clientID: client, itemID: sn.ID, accountID: firstChecking(sn.Accounts), processor: processor}
			out.ProcessorToken, err = s.newToken(ctx, tx, g)
			return err
		})
	return out, err
}

// firstChecking is the id of the first checking account, or of the first account.
func firstChecking(accounts []item.Account) string {
	i := slices.IndexFunc(accounts, func(a item.Account) bool { return a.Subtype == "checking" })
	return accounts[max(i, 0)].ID
}

func or(s *string, otherwise string) string {
	if s == nil {
		return otherwise
	}
	return *s
}
