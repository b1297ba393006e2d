package item

import (
	"slices"
	"strconv"

	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/web"
)

// selectAccountPane lets the person choose what to share.
var selectAccountPane = link.NewPane(`{{template "top" .}}
{{template "fields" .}}
{{if .Extra}}<p class="note">{{template "icon-info"}}<span>{{.Extra}}</span></p>{{end}}
{{template "data" .}}`, showAccounts)

func showAccounts(v *link.Visit) link.Screen {
	st := connectOf(v)
	mode := st.accountSelect(v.Token)
	usable, hidden := st.usable(v.Token)
	single := mode == link.SelectSingle
	s := link.Screen{Title: v.T("account.title_many"), Lead: v.T("account.lead_many", "app", v.App()), Primary: v.T("account.submit"), By: true}
	group := link.Field{
		Name: "account", ID: "accounts", Label: v.T("account.legend", "bank", v.Bank()), Kind: link.FieldChoice,
		Multiple: !single, Missing: v.T("account.missing_many"),
	}
	if single {
		s.Title, s.Lead, group.Missing = v.T("account.title_one"), v.T("account.lead_one", "app", v.App()), v.T("account.missing_one")
	}
	for i, a := range usable {
		o := accountOption(v, a)
		o.Value = accountValue(i)
		o.Chosen = mode == link.SelectAll || len(usable) == 1 || slices.Contains(st.Picked, a.Ref)
		group.Options = append(group.Options, o)
	}
	s.Fields = []link.Field{group}
	if !st.OAuth { // otherwise it stood on the pane before the bank's own pages
		s.Data, s.Legal = link.Disclosure(v)
	}
	if hidden > 0 {
		key := "account.hidden"
		if v.Token.HasProduct("auth") && v.Token.AccountFilters == nil {
			key = "account.hidden_pay"
		}
		s.Extra = v.T(key, "count", strconv.Itoa(hidden))
	}
	return s
}

// accountOption is an account as a row: name, kind and mask, and what is on it.
func accountOption(v *link.Visit, a institution.Account) link.Option {
	o := link.Option{Label: a.Name, Detail: a.Subtype, Mask: a.Mask, Subtype: a.Subtype}
	if key := "subtype." + a.Subtype; web.HasText(key) {
		o.Detail = v.T(key)
	}
	if a.Mask != "" {
		o.Detail, o.TestID = v.T("account.line", "kind", o.Detail, "mask", a.Mask), "account-"+a.Mask
	}
	switch amount := balanceOf(a); {
	case amount == nil:
	case a.Type == "credit" || a.Type == "loan":
		o.Amount, o.Counts = money(v.Token.Language, a.Currency, *amount), v.T("account.owed")
	case a.Available != nil:
		o.Amount, o.Counts = money(v.Token.Language, a.Currency, *amount), v.T("account.available")
	default:
		o.Amount, o.Counts = money(v.Token.Language, a.Currency, *amount), v.T("account.current")
	}
	return o
}

// balanceOf is the amount to show: what can be spent, or what is owed.
func balanceOf(a institution.Account) *institution.Decimal {
	if a.Available != nil && a.Type != "credit" && a.Type != "loan" {
		return a.Available
	}
	return a.Current
}
