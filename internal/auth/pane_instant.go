package auth

import (
	"strconv"

	"github.com/glencheck-dev/glencheck/internal/item"
	"github.com/glencheck-dev/glencheck/internal/link"
)

// numbersForm is the pane on which a person who does not log in types everything at
// once (link-web.md sections 4.4, "primary", and 4.7).
const numbersForm link.View = "NUMBERS.form"

// noticeField is where Typing.Refused has what is said above the fields of a pane.
const noticeField = ""

// formPane asks for the numbers and the name of the holder.
var formPane = link.NewPane(`{{template "top" .}}
`+specimen+`
{{template "fields" .}}`, func(v *link.Visit) link.Screen {
	t := item.TypingOf(v)
	s := link.Screen{
		Title: v.T("numbers.title"), Lead: v.T("numbers.lead_plain"), Primary: v.T("common.continue"), By: true,
		Fields: []link.Field{
			numberField(v, routingField, "device-input", "numbers.routing"),
			numberField(v, accountField, "account-number-input", "numbers.account"),
		},
	}
	s.Fields[0].Value, s.Fields[1].Value = typedOr(v, routingField, t.Routing), typedOr(v, accountField, t.Account)
	if v.Bank() != "" {
		s.Lead = v.T("instant.form_lead", "app", v.App())
	}
	if v.Token.User.LegalName == "" {
		s.Fields = append(s.Fields, link.Field{
			Name: nameField, ID: "name-input", Label: v.T("numbers.name"), Kind: link.FieldText, Autocomplete: "name",
			Value: typedOr(v, nameField, t.Name), Missing: v.T("numbers.name_missing"),
		})
	}
	for i := range s.Fields {
		if key := t.Refused[s.Fields[i].Name]; key != "" {
			s.Fields[i].Error = v.T(key)
		}
	}
	if t.Sample.Account == "" {
		return s
	}
	fill := map[string]string{routingField: t.Sample.Routing, accountField: t.Sample.Account}
	if len(s.Fields) > 2 {
		fill[nameField] = t.SampleName
	}
	return hinted(s, t.Sample.Routing+" · "+t.Sample.Account, fill)
})

// typedOr is what the person has typed into a field, or what is kept of it.
func typedOr(v *link.Visit, field, kept string) string {
	if typed := v.Input.Field(field); typed != "" {
		return typed
	}
	return kept
}

// instantSentPane says that the deposit has left, and what to look for.
var instantSentPane = link.NewPane(`{{template "top" .}}
`+statementLine, func(v *link.Visit) link.Screen {
	return link.Screen{
		Title: v.T("instant.sent_title"), Lead: v.T("instant.sent_lead"), Primary: v.T("common.continue"), By: true,
		Extra: printedFor(v),
	}
})

func printedFor(v *link.Visit) printed {
	return printed{Label: v.T("deposit.specimen"), Client: printedName(v.Token.ClientName)}
}

// instantCodePane asks for the code.
func instantCodePane(a *Auth) *link.Pane {
	return link.NewPane(`{{template "top" .}}
`+statementLine+`
{{template "fields" .}}`, func(v *link.Visit) link.Screen {
		field := link.Field{
			Name: codeField, ID: "deposit-code-input", Label: v.T("deposit.label"), Missing: v.T("deposit.missing"),
			Kind: link.FieldLetters, Length: codeLength, Autocomplete: "off",
		}
		if left := item.TypingOf(v).Left; left > 0 {
			field.Error = v.T("mfa.code.wrong_left", "count", strconv.Itoa(left))
		}
		s := link.Screen{
			Title: v.T("deposit.title"), Lead: v.T("deposit.lead"), Primary: v.T("deposit.confirm"), By: true,
			Fields: []link.Field{field}, Extra: printedFor(v),
		}
		if a.mayMiss(v, actionMissing) {
			s.Secondary = &link.Button{Label: v.T("instant.missing"), Action: actionMissing}
		}
		return hinted(s, v.T("sandbox.code", "code", sandboxCode), map[string]string{codeField: sandboxCode})
	})
}
