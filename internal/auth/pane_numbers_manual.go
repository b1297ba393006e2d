package auth

import (
	"strconv"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/item"
	"github.com/glencheck-dev/glencheck/internal/link"
)

// The parts of NUMBERS for a person who does not log in (manual.go). The ids of
// their inputs are published.

// The fields that the form after a login does not have.
const (
	confirmField = "account_number_confirmation"
	kindField    = "account_subtype"
)

// The kinds of account, as subtypes.
const (
	checking = "checking"
	savings  = "savings"
)

// typedRoutingPane asks for the routing number alone: it decides what follows.
var typedRoutingPane = link.NewPane(`{{template "top" .}}
`+specimen+`
{{template "fields" .}}`, func(v *link.Visit) link.Screen {
	t := item.TypingOf(v)
	field := numberField(v, routingField, "device-input", "numbers.routing")
	if field.Value == "" {
		field.Value = t.Routing
	}
	s := link.Screen{
		Title: v.T("manual.routing_title"), Lead: v.T("manual.routing_lead"), Primary: v.T("common.continue"), By: true,
		Fields: []link.Field{field},
	}
	return hinted(s, t.Sample.Routing, map[string]string{routingField: t.Sample.Routing})
})

// typedAccountPane asks for the account number twice: nothing can check it yet.
var typedAccountPane = link.NewPane(`{{template "top" .}}
`+specimen+`
{{template "fields" .}}`, func(v *link.Visit) link.Screen {
	number := item.TypingOf(v).Sample.Account
	s := link.Screen{
		Title: v.T("manual.account_title"), Lead: v.T("manual.account_lead", "routing", item.TypingOf(v).Routing), Primary: v.T("common.continue"), By: true,
		Fields: []link.Field{
			numberField(v, accountField, "account-number-input", "numbers.account"),
			numberField(v, confirmField, "account-number-confirmation", "manual.confirmation"),
		},
	}
	if key := item.TypingOf(v).Refused[accountField]; key != "" {
		s.Fields[0].Error = v.T(key)
	}
	return hinted(s, number, map[string]string{accountField: number, confirmField: number})
})

func numberField(v *link.Visit, name, id, label string) link.Field {
	missing := label + "_missing"
	return link.Field{Name: name, ID: id, Label: v.T(label), Missing: v.T(missing), Kind: link.FieldDigits, Autocomplete: "off", Value: v.Input.Field(name)}
}

// typedHolderPane asks whose account it is.
var typedHolderPane = link.NewPane(`{{template "top" .}}
{{template "fields" .}}`, func(v *link.Visit) link.Screen {
	t := item.TypingOf(v)
	field := link.Field{
		Name: nameField, ID: "name-input", Label: v.T("numbers.name"), Kind: link.FieldText, Autocomplete: "name",
		Value: v.Input.Field(nameField), Missing: v.T("numbers.name_missing"),
	}
	if field.Value == "" {
		field.Value = t.Name
	}
	s := link.Screen{Title: v.T("manual.holder_title"), Lead: v.T("manual.holder_lead"), Primary: v.T("common.continue"), By: true, Fields: []link.Field{field}}
	name := ""
	if t.Sample.Account != "" {
		name = sampleName
	}
	return hinted(s, name, map[string]string{nameField: name})
})

// typedKindPane asks what kind of account it is: a payment says so.
var typedKindPane = link.NewPane(`{{template "top" .}}
{{template "fields" .}}`, func(v *link.Visit) link.Screen {
	field := link.Field{Name: kindField, ID: "account-subtype", Kind: link.FieldChoice, Label: v.T("manual.kind_title"), Missing: v.T("manual.kind_missing")}
	for _, kind := range []string{checking, savings} {
		field.Options = append(field.Options, link.Option{Value: kind, Label: v.T("manual." + kind), Chosen: v.Input.Field(kindField) == kind})
	}
	return link.Screen{Notice: noticed(v), Title: v.T("manual.kind_title"), Lead: v.T("manual.kind_lead"), Primary: v.T("common.continue"), By: true, Fields: []link.Field{field}}
})

// authorizePane shows what was typed and asks whether a deposit may go there.
var authorizePane = link.NewPane(`{{template "top" .}}
<ul class="receipt">{{range .Extra}}<li><span class="row-text"><b>{{.Label}}</b><span>{{.Detail}}</span></span></li>{{end}}</ul>`, func(v *link.Visit) link.Screen {
	t := item.TypingOf(v)
	return link.Screen{
		Notice: noticed(v), Title: v.T("manual.authorize_title"), Lead: v.T("manual.authorize_lead", "app", v.App()), Primary: v.T("manual.authorize"), By: true,
		Extra: []link.Option{
			{Label: v.T("numbers.routing"), Detail: t.Routing},
			{Label: v.T("numbers.account"), Detail: t.Account},
			{Label: v.T("numbers.name"), Detail: t.Name},
		},
	}
})

// noticed is what stands above the fields of a pane to which another way has led.
func noticed(v *link.Visit) string {
	if key := item.TypingOf(v).Refused[noticeField]; key != "" {
		return v.T(key)
	}
	return ""
}

// hinted adds the sandbox strip, where something is known to work.
func hinted(s link.Screen, text string, fill map[string]string) link.Screen {
	if text != "" {
		s.Hint = &link.Hint{Text: text, Fill: fill}
	}
	return s
}

// checkTypedAccount refuses a number that cannot be one, and two that differ.
func checkTypedAccount(v *link.Visit) {
	checkAccount(v)
	number, again := digits(v.Input.Field(accountField)), digits(v.Input.Field(confirmField))
	switch {
	case again == "":
		v.Problem(confirmField, v.T("manual.confirmation_missing"))
	case v.ProblemOf(accountField) != "" || number == again:
	case len(number) != len(again):
		v.Problem(confirmField, v.T("manual.differ_length", "first", strconv.Itoa(len(number)), "second", strconv.Itoa(len(again))))
	default:
		v.Problem(confirmField, v.T("manual.differ"))
	}
}

func checkHolder(v *link.Visit) {
	if strings.TrimSpace(v.Input.Field(nameField)) == "" {
		v.Problem(nameField, v.T("numbers.name_missing"))
	}
}

func checkKind(v *link.Visit) {
	if kind := v.Input.Field(kindField); kind != checking && kind != savings {
		v.Problem(kindField, v.T("manual.kind_missing"))
	}
}
