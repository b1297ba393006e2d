package sandbank

import (
	"context"
	"time"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// Endpoints are the bank's levers: what a test makes of an account and of the
// rails, and the statement that a person would read.
func (b *Bank) Endpoints() []api.Endpoint {
	return []api.Endpoint{
		api.Post("/sandbox/bank/account/set", b.accountSet, api.Sandbox(), api.Summary("Decide how an account of the simulated bank meets deposits")),
		api.Post("/sandbox/bank/deposit/return", b.depositReturn, api.Sandbox(), api.Summary("Let the simulated bank send a deposit back that it has taken")),
		api.Post("/sandbox/bank/rails/set", b.railsSet, api.Sandbox(), api.Summary("Take the rails to the simulated bank down, or make them slow")),
		api.Post("/sandbox/bank/network/set", b.networkSet, api.Sandbox(), api.Summary("Let the network that Database Auth asks fall silent")),
		api.Post("/sandbox/bank/statement/get", b.statementGet, api.Sandbox(), api.Summary("Read the deposits on an account of the simulated bank")),
		api.Post("/sandbox/bank/statement/print", b.statementPrint, api.Sandbox(), api.Summary("Print the statement of an account of the simulated bank as a file, or forge one")),
	}
}

// AccountSet is the request of /sandbox/bank/account/set.
type AccountSet struct {
	Account string `json:"account" required:"true" max:"17"`
	State   string `json:"state" required:"true" enum:"open,closed,unknown,invalid,frozen,moved,returns"`
	// ReturnCode is the ACH return code of an account that returns, such as R01.
	ReturnCode string `json:"return_code" max:"3"`
	// DelaySeconds holds deposits and answers back.
	DelaySeconds int64 `json:"delay_seconds" min:"0" max:"2592000"`
	// CorrectedAccount is the number that a moved account has now.
	CorrectedAccount string `json:"corrected_account" max:"17"`
}

// DepositReturn is the request of /sandbox/bank/deposit/return.
type DepositReturn struct {
	Account string `json:"account" required:"true" max:"17"`
	// ReturnCode is R03 unless it is given.
	ReturnCode string `json:"return_code" max:"3"`
}

// RailsSet is the request of /sandbox/bank/rails/set.
type RailsSet struct {
	Down         bool  `json:"down"`
	DelaySeconds int64 `json:"delay_seconds" min:"0" max:"2592000"`
}

// NetworkSet is the request of /sandbox/bank/network/set.
type NetworkSet struct {
	Down bool `json:"down" required:"true"`
}

// StatementGet is the request of /sandbox/bank/statement/get.
type StatementGet struct {
	Account string `json:"account" required:"true" max:"17"`
}

// StatementAnswer lists the deposits of an account, the newest first.
type StatementAnswer struct {
	Deposits []DepositOut `json:"deposits"`
}

// DepositOut is one deposit. Code is the part of the description that a person is
// asked for, null when there is none.
type DepositOut struct {
	State       string  `json:"state"` // pending, posted or returned
	AmountCents int64   `json:"amount_cents"`
	Description string  `json:"description"`
	Code        *string `json:"code"`
	ReceivedAt  string  `json:"received_at"`
	PostsAt     string  `json:"posts_at"`
	ReturnCode  *string `json:"return_code"`
}

type leverAnswer struct{}

var errAccountNumber = plaid.InvalidField("account must be an account number of 4 to 17 digits")

func (b *Bank) accountSet(ctx context.Context, _ api.Call, in AccountSet) (leverAnswer, error) {
	state := AccountState(in.State)
	returns := state == "returns"
	if returns {
		state = Returning(in.ReturnCode)
	}
	switch moved := state == AccountMoved; {
	case !accountNumber(in.Account):
		return leverAnswer{}, errAccountNumber
	case returns && state == "":
		return leverAnswer{}, errReturnCode
	case !returns && in.ReturnCode != "":
		return leverAnswer{}, plaid.InvalidField("return_code must be left out unless state is returns")
	case moved && !accountNumber(in.CorrectedAccount):
		return leverAnswer{}, plaid.InvalidField("corrected_account must be an account number of 4 to 17 digits when state is moved")
	case !moved && in.CorrectedAccount != "":
		return leverAnswer{}, plaid.InvalidField("corrected_account must be left out unless state is moved")
	}
	return leverAnswer{}, b.SetAccount(ctx, in.Account, state, time.Duration(in.DelaySeconds)*time.Second, in.CorrectedAccount)
}

var errReturnCode = plaid.InvalidField("return_code must be an ACH return code such as R03")

func (b *Bank) depositReturn(ctx context.Context, _ api.Call, in DepositReturn) (leverAnswer, error) {
	code := in.ReturnCode
	if code == "" {
		code = "R03"
	}
	switch {
	case !accountNumber(in.Account):
		return leverAnswer{}, errAccountNumber
	case Returning(code) == "":
		return leverAnswer{}, errReturnCode
	}
	return leverAnswer{}, b.Return(ctx, in.Account, code)
}

func (b *Bank) railsSet(ctx context.Context, _ api.Call, in RailsSet) (leverAnswer, error) {
	return leverAnswer{}, b.SetRails(ctx, in.Down, time.Duration(in.DelaySeconds)*time.Second)
}

func (b *Bank) networkSet(ctx context.Context, _ api.Call, in NetworkSet) (leverAnswer, error) {
	return leverAnswer{}, b.SetNetwork(ctx, in.Down)
}

func (b *Bank) statementGet(ctx context.Context, _ api.Call, in StatementGet) (StatementAnswer, error) {
	if !accountNumber(in.Account) {
		return StatementAnswer{}, errAccountNumber
	}
	_ = b.fetch(ctx) // what does not come is not on the statement
	list, err := b.Statement(ctx, in.Account)
	out := StatementAnswer{Deposits: make([]DepositOut, len(list))}
	for i, d := range list {
		o := DepositOut{State: d.State, AmountCents: d.Cents, Description: d.Description, ReceivedAt: instant(d.ReceivedAt), PostsAt: instant(d.PostsAt)}
		if code, _, ok := codeIn(d.Description); ok {
			o.Code = &code
		}
		if d.Return != "" {
			o.ReturnCode = &d.Return
		}
		out.Deposits[i] = o
	}
	return out, err
}

func instant(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z07:00") }
