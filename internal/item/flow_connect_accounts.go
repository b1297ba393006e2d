package item

import (
	"context"
	"slices"
	"strconv"

	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// authSubtypes are the accounts that Auth works with: "Account Select filters
// that are not compatible with Auth are ignored; only checking, savings and cash
// management accounts" (LinkTokenCreateRequest.account_filters).
var authSubtypes = []string{"checking", "savings", "cash management"}

// usable are the accounts that the token lets the person choose from. hidden
// counts the others.
func (st *connectState) usable(t link.Token) (list []institution.Account, hidden int) {
	t.AccountSelect = st.accountSelect(t)
	for _, a := range st.Accounts {
		if usableFor(t, a) {
			list = append(list, a)
		}
	}
	return list, len(st.Accounts) - len(list)
}

// picked are the accounts that the person shares.
func (st *connectState) picked() []institution.Account {
	return slices.DeleteFunc(slices.Clone(st.Accounts), func(a institution.Account) bool { return !slices.Contains(st.Picked, a.Ref) })
}

// accountValue is what the form sends for the i-th account of the pane. It means
// something within the session only.
func accountValue(i int) string { return "a" + strconv.Itoa(i+1) }

// checkAccounts refuses a form in which nothing was chosen.
func checkAccounts(v *link.Visit) {
	if len(v.Input.Fields["account"]) > 0 {
		return
	}
	key := "account.missing_many"
	if connectOf(v).accountSelect(v.Token) == link.SelectSingle {
		key = "account.missing_one"
	}
	v.Problem("account", v.T(key))
}

// choose keeps what the person has chosen.
func choose(_ context.Context, v *link.Visit) (link.Outcome, error) {
	st := connectOf(v)
	usable, _ := st.usable(v.Token)
	values := v.Input.Fields["account"]
	if st.accountSelect(v.Token) == link.SelectSingle && len(values) > 1 {
		return "", plaid.InvalidField("fields.account must be one account: Link lets a person share one here")
	}
	refs := map[string]string{}
	for i, a := range usable {
		refs[accountValue(i)] = a.Ref
	}
	st.Picked = nil
	for _, value := range values {
		ref, ok := refs[value]
		if !ok {
			return "", plaid.InvalidField("fields.account must name accounts that the pane offers")
		}
		st.Picked = append(st.Picked, ref)
	}
	if p := unmet(v.Token.Products, st.picked()); p != "" {
		v.Problem("account", v.T("account.missing_product", "app", v.App(), "data", link.ProductWords(v, p)))
		st.Picked = nil
	}
	return goOn, nil
}

// Receipt lists the accounts that are shared, for the last pane.
func (st *connectState) Receipt(v *link.Visit) []link.Option {
	var lines []link.Option
	for _, a := range st.picked() {
		detail := v.Bank()
		if st.typesAlone() {
			lines = append(lines, link.Option{Label: a.Name, Detail: st.Typing.Routing})
			continue
		}
		if a.Mask != "" {
			detail = v.T("connected.line", "bank", v.Bank(), "mask", a.Mask)
		}
		lines = append(lines, link.Option{Label: a.Name, Detail: detail})
	}
	return lines
}
