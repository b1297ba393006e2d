package auth

import (
	"strconv"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/item"
	"github.com/glencheck-dev/glencheck/internal/link"
)

// The fields of the pane.
const (
	routingField = "routing_number"
	accountField = "account_number"
	nameField    = "name"
)

// How many digits the numbers have (link-web.md section 5).
const (
	routingDigits    = 9
	minAccountDigits = 4
	maxAccountDigits = 17
)

// numbersStep asks for the numbers of the account that was chosen.
func (a *Auth) numbersStep() link.Step {
	return link.Step{
		Pane: numbersPane.With(a.askName), Status: "requires_credentials", Check: a.checkNumbers,
		Loading: true, Once: true, Do: a.match,
		Next: link.Next{matched: link.Connected, mismatched: link.Numbers, item.Stopped: link.Error, link.Interrupted: link.Error},
		Back: link.SelectAccount,
	}
}

// numbersPane shows where the numbers stand on a check, and asks for them. The ids
// of its inputs are published.
var numbersPane = link.NewPane(`{{template "top" .}}
`+specimen+`
{{template "fields" .}}`, showNumbers)

// specimen is a check that shows where the numbers stand.
const specimen = `<figure class="specimen" role="img" aria-label="{{.T "numbers.specimen"}}">
<svg viewBox="0 0 352 96" aria-hidden="true"><rect class="sp-paper" x="12" y="14" width="328" height="110" rx="6"/><rect class="sp-faint" x="28" y="28" width="84" height="6" rx="3"/><rect class="sp-faint" x="264" y="28" width="60" height="6" rx="3"/>
<g class="sp-rt"><rect class="sp-box" x="26" y="44" width="98" height="20" rx="4"/><text class="sp-hot-text" x="75" y="58" text-anchor="middle">123456789</text></g>
<g class="sp-ac"><rect class="sp-box" x="138" y="44" width="128" height="20" rx="4"/><text class="sp-hot-text" x="202" y="58" text-anchor="middle">000123456789</text></g>
<text class="sp-text" x="298" y="58" text-anchor="middle">0101</text></svg>
</figure>`

func showNumbers(v *link.Visit) link.Screen {
	t, account := item.TypingOf(v), item.Chosen(v)
	s := link.Screen{
		Title: v.T("numbers.title"), Lead: v.T("numbers.lead", "mask", account.Mask), Primary: v.T("common.continue"), By: true,
		Fields: []link.Field{
			{Name: routingField, ID: "device-input", Label: v.T("numbers.routing"), Missing: v.T("numbers.routing_missing")},
			{Name: accountField, ID: "account-number-input", Label: v.T("numbers.account"), Missing: v.T("numbers.account_missing")},
		},
	}
	if account.Mask == "" {
		s.Lead = v.T("numbers.lead_plain")
	}
	for i := range s.Fields {
		f := &s.Fields[i]
		f.Kind, f.Autocomplete, f.Value = link.FieldDigits, "off", v.Input.Field(f.Name)
		if key := t.Refused[f.Name]; key != "" {
			f.Error = v.T(key, "bank", v.Bank(), "mask", account.Mask)
		}
	}
	if t.Sample.Account != "" {
		s.Hint = &link.Hint{
			Fill: map[string]string{routingField: t.Sample.Routing, accountField: t.Sample.Account},
			Text: t.Sample.Routing + " · " + t.Sample.Account,
		}
	}
	return s
}

// wantsName reports whether a deposit may be needed and the client has not said who
// holds the account (link-web.md section 6, user.legal_name).
func (a *Auth) wantsName(v *link.Visit) bool {
	p, err := a.items.Prospect(v)
	return err == nil && v.Token.User.LegalName == "" && automated.open(a, v.Token, p.Institution) == ""
}

// askName adds the name of the holder, for whom a deposit would be.
func (a *Auth) askName(v *link.Visit, s *link.Screen) {
	if !a.wantsName(v) {
		return
	}
	s.Fields = append(s.Fields, link.Field{
		Name: nameField, ID: "name-input", Label: v.T("numbers.name"), Kind: link.FieldText, Autocomplete: "name",
		Value: v.Input.Field(nameField), Missing: v.T("numbers.name_missing"),
	})
	if s.Hint != nil {
		s.Hint.Fill[nameField] = "Alberta Bobbeth Charleson"
	}
}

// digits takes out what people write between digits.
func digits(s string) string { return strings.NewReplacer(" ", "", "\u00a0", "", "-", "").Replace(s) }

// checkNumbers refuses what cannot be numbers of an account in the United States.
func (a *Auth) checkNumbers(v *link.Visit) {
	if a.wantsName(v) && strings.TrimSpace(v.Input.Field(nameField)) == "" {
		v.Problem(nameField, v.T("numbers.name_missing"))
	}
	checkRouting(v)
	checkAccount(v)
}

// checkRouting refuses what cannot be a routing number.
func checkRouting(v *link.Visit) {
	switch routing := digits(v.Input.Field(routingField)); {
	case routing == "":
		v.Problem(routingField, v.T("numbers.routing_missing"))
	case !onlyDigits(routing):
		v.Problem(routingField, v.T("numbers.digits"))
	case len(routing) != routingDigits:
		v.Problem(routingField, v.T("numbers.routing_length", "digits", strconv.Itoa(len(routing))))
	case !institution.IsRoutingNumber(routing):
		v.Problem(routingField, v.T("numbers.routing_check"))
	}
}

// checkAccount refuses what cannot be an account number.
func checkAccount(v *link.Visit) {
	switch account := digits(v.Input.Field(accountField)); {
	case account == "":
		v.Problem(accountField, v.T("numbers.account_missing"))
	case !onlyDigits(account):
		v.Problem(accountField, v.T("numbers.digits"))
	case len(account) < minAccountDigits || len(account) > maxAccountDigits:
		v.Problem(accountField, v.T("numbers.account_length", "digits", strconv.Itoa(len(account))))
	}
}

func onlyDigits(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }) < 0
}
