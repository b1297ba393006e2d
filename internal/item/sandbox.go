package item

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
)

type sandboxRequest struct {
	InstitutionID   string          `json:"institution_id" required:"true"`
	InitialProducts []string        `json:"initial_products" required:"true" min:"1" max:"100" must:"be a list of strings containing at least one product"`
	Options         *sandboxOptions `json:"options" notnull:"true"`
	UserToken       string          `json:"user_token"`
	UserID          string          `json:"user_id"`
}

// sandboxOptions is schema SandboxPublicTokenCreateRequestOptions. What belongs
// to products without endpoints here is checked and has no effect.
type sandboxOptions struct {
	Webhook            *string       `json:"webhook" notnull:"true" must:"be a non-empty string URL"`
	OverrideUsername   *string       `json:"override_username"`
	OverridePassword   *string       `json:"override_password"`
	Transactions       *transactions `json:"transactions"`
	Statements         *statements   `json:"statements"`
	IncomeVerification *income       `json:"income_verification" notnull:"true"`
}

type transactions struct {
	StartDate     *string `json:"start_date" must:"be a string of the format 'YYYY-MM-DD'"`
	EndDate       *string `json:"end_date" must:"be a string of the format 'YYYY-MM-DD'"`
	DaysRequested int     `json:"days_requested" min:"1" max:"730"`
}

type statements struct {
	StartDate *string `json:"start_date" required:"true" must:"be a string of the format 'YYYY-MM-DD'"`
	EndDate   *string `json:"end_date" required:"true" must:"be a string of the format 'YYYY-MM-DD'"`
}

type income struct {
	SourceTypes []string    `json:"income_source_types" enum:"bank,payroll"`
	BankIncome  *bankIncome `json:"bank_income"`
}

type bankIncome struct {
	DaysRequested int `json:"days_requested"`
}

// The login of the sandbox when none is named.
const (
	UserGood = "user_good"
	PassGood = "pass_good"
)

type sandboxResponse struct {
	PublicToken string `json:"public_token"`
}

// sandboxCreate makes an Item with all accounts of a test login, as Link would
// for a person who shares everything. What the login ends with is the answer.
func (s *Items) sandboxCreate(ctx context.Context, call api.Call, in sandboxRequest) (out sandboxResponse, err error) {
	opt := in.Options
	if opt == nil {
		opt = &sandboxOptions{}
	}
	hook, err := opt.check()
	if err != nil {
		return out, err
	}
	user, err := s.user(ctx, call, in.UserID, in.UserToken)
	if err != nil {
		return out, err
	}
	n := NewItem{
		ClientID: call.Caller.ClientID, ClientUserID: user.ClientUserID, UserID: user.ID,
		InstitutionID: in.InstitutionID, Products: in.InitialProducts, Webhook: hook,
	}
	_, err = s.LogIn(ctx, n, or(opt.OverrideUsername, UserGood), or(opt.OverridePassword, PassGood),
		func(tx *store.Tx, sn *Snapshot) error {
			out.PublicToken, _, err = s.IssuePublicToken(ctx, tx, sn.ID)
			return err
		})
	return out, err
}

// check reads what the wire types do not: the webhook and the dates.
func (o *sandboxOptions) check() (webhook string, err error) {
	dates := map[string]*string{}
	if t := o.Transactions; t != nil {
		dates["transactions.start_date"], dates["transactions.end_date"] = t.StartDate, t.EndDate
	}
	if t := o.Statements; t != nil {
		dates["statements.start_date"], dates["statements.end_date"] = t.StartDate, t.EndDate
	}
	for _, name := range []string{"transactions.start_date", "transactions.end_date", "statements.start_date", "statements.end_date"} {
		if d := dates[name]; d != nil {
			if _, err := time.Parse(time.DateOnly, *d); err != nil {
				return "", plaid.InvalidField("options." + name + " must be a string of the format 'YYYY-MM-DD'")
			}
		}
	}
	return webhookURL("options.webhook", o.Webhook)
}

func or(s *string, otherwise string) string {
	if s == nil {
		return otherwise
	}
	return *s
}

type resetResponse struct {
	ResetLogin bool `json:"reset_login"`
}

// resetLogin does what a changed password does: the bank no longer takes the
// grant, and the Item says so at once.
func (s *Items) resetLogin(ctx context.Context, call api.Call, in tokenRequest) (resetResponse, error) {
	sn, err := s.ByAccessToken(ctx, call, in.AccessToken)
	if err != nil {
		return resetResponse{}, err
	}
	return resetResponse{true}, s.breakLogin(ctx, sn)
}

type userResetRequest struct {
	UserID    string   `json:"user_id"`
	UserToken string   `json:"user_token"`
	ItemIDs   []string `json:"item_ids" max:"500"`
}

// resetUser does the same to Items of a user: to those that are named, or to all
// that have a login.
func (s *Items) resetUser(ctx context.Context, call api.Call, in userResetRequest) (struct{}, error) {
	user, err := s.user(ctx, call, in.UserID, in.UserToken)
	if err != nil {
		return struct{}{}, err
	}
	if user.ID == "" {
		return struct{}{}, plaid.MissingFields("user_id")
	}
	all, err := s.ofUser(ctx, call.Caller.ClientID, user.ID)
	if err != nil {
		return struct{}{}, err
	}
	for _, id := range in.ItemIDs {
		if !slices.ContainsFunc(all, func(it Item) bool { return it.ID == id }) {
			return struct{}{}, plaid.ItemNotFound
		}
	}
	for _, it := range all {
		if len(in.ItemIDs) > 0 && !slices.Contains(in.ItemIDs, it.ID) {
			continue
		}
		sn, err := s.ByID(ctx, it.ID)
		if errors.Is(err, plaid.ItemNotFound) {
			continue // removed meanwhile
		}
		if err == nil && (sn.Connector != "" || len(in.ItemIDs) > 0) {
			err = s.breakLogin(ctx, sn)
		}
		if err != nil {
			return struct{}{}, err
		}
	}
	return struct{}{}, nil
}

// errNoLogin is of Items whose numbers were typed: nothing of them can break, and
// nobody could repair it.
var errNoLogin = plaid.InvalidField("the Item has no login that could be reset: its account numbers were typed")

// breakLogin ends a grant's life at the bank and says so on the Item.
func (s *Items) breakLogin(ctx context.Context, sn *Snapshot) error {
	if sn.Connector == "" {
		return errNoLogin
	}
	if err := s.expire(ctx, sn); err != nil {
		return err
	}
	return s.fail(ctx, sn.ID, plaid.ItemLoginRequired.Code)
}

// expire ends the grant's life at banks that can do so on demand.
func (s *Items) expire(ctx context.Context, sn *Snapshot) error {
	bank, err := s.Bank(ctx, sn)
	if err != nil {
		return err
	}
	if e, ok := bank.Connector.(institution.Expirer); ok {
		return institution.AsPlaid(e.ExpireGrant(ctx, bank.Grant))
	}
	return nil
}
