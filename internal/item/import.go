package item

import (
	"context"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
)

type importRequest struct {
	InstitutionID string        `json:"institution_id"`
	Products      []string      `json:"products" required:"true" min:"1" must:"be a list of strings containing at least one product"`
	UserAuth      userAuth      `json:"user_auth" required:"true"`
	Options       importOptions `json:"options"`
}

type userAuth struct {
	UserID    string `json:"user_id" required:"true" min:"1"`
	AuthToken string `json:"auth_token" required:"true" min:"1"`
}

type importOptions struct {
	Webhook *string `json:"webhook" must:"be a non-empty string URL"`
}

// firstPlatypus is the sandbox's usual bank, where /item/import logs in when no
// institution is named.
const firstPlatypus = "ins_109508"

type importResponse struct {
	AccessToken string `json:"access_token"`
}

func (s *Items) importItem(ctx context.Context, call api.Call, in importRequest) (out importResponse, err error) {
	hook, err := webhookURL("options.webhook", in.Options.Webhook)
	if err != nil {
		return out, err
	}
	if in.InstitutionID == "" {
		if s.env != sandbox {
			return out, plaid.MissingFields("institution_id")
		}
		in.InstitutionID = firstPlatypus
	}
	n := NewItem{ClientID: call.Caller.ClientID, InstitutionID: in.InstitutionID, Products: in.Products, Webhook: hook}
	_, err = s.LogIn(ctx, n, in.UserAuth.UserID, in.UserAuth.AuthToken, func(tx *store.Tx, sn *Snapshot) error {
		out.AccessToken, err = s.issueAccessToken(ctx, tx, sn.ID)
		return err
	})
	return out, err
}

// LogIn makes the Item n of a login without Link: it fills in what the bank
// gives and stores the Item together with what issue adds.
func (s *Items) LogIn(ctx context.Context, n NewItem, user, password string, issue func(*store.Tx, *Snapshot) error) (*Snapshot, error) {
	in, ok := s.catalogue.Get(n.InstitutionID)
	if !ok {
		return nil, plaid.InvalidInstitution
	}
	if err := Offered(in, n.Products); err != nil {
		return nil, err
	}
	conn, err := s.connector(in.Connector)
	if err != nil {
		return nil, err
	}
	importer, ok := conn.(institution.Importer)
	if !ok {
		return nil, plaid.UnauthorizedRouteAccess // its people log in by Link only
	}
	if n.Grant, err = importer.Import(ctx, in.ID, user, password); err != nil {
		return nil, institution.AsPlaid(err)
	}
	n.Connector = in.Connector
	sn, err := s.fill(ctx, conn, n, issue)
	if err != nil {
		s.giveBack(ctx, conn, n.Grant)
	}
	return sn, err
}

// fill asks for the accounts behind a grant and stores the Item.
func (s *Items) fill(ctx context.Context, conn institution.Connector, n NewItem, issue func(*store.Tx, *Snapshot) error) (sn *Snapshot, err error) {
	if n.Accounts, err = conn.Accounts(ctx, n.Grant); err != nil {
		return nil, institution.AsPlaid(err)
	}
	if len(n.Accounts) == 0 {
		return nil, plaid.NoAccounts
	}
	err = s.db.Write(ctx, func(tx *store.Tx) (err error) {
		if sn, err = s.Create(ctx, tx, n); err != nil {
			return err
		}
		return issue(tx, sn)
	})
	return sn, err
}

// giveBack ends a grant that no Item holds. It is a courtesy: the login has
// failed already, and its reason is what the caller needs to hear.
func (s *Items) giveBack(ctx context.Context, conn institution.Connector, g institution.Grant) {
	_ = conn.Revoke(context.WithoutCancel(ctx), g)
}
