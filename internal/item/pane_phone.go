package item

import (
	"strconv"

	"github.com/glencheck-dev/glencheck/internal/link"
)

// phonePane asks for the number that logins are saved with.
var phonePane = link.NewPane(`{{template "top" .}}
{{$country := index .Fields 0}}{{with index .Fields 1}}<div class="field"><label for="{{.ID}}">{{.Label}}</label>
<div class="phone"><div class="select"><select class="input" id="{{$country.ID}}" name="{{$country.Name}}" aria-label="{{$country.Label}}" autocomplete="{{$country.Autocomplete}}">{{range $country.Options}}<option value="{{.Value}}"{{if .Chosen}} selected{{end}}>{{.Label}}</option>{{end}}</select><svg class="icon icon-s" viewBox="0 0 24 24" aria-hidden="true"><path d="M5 9l7 7 7-7"/></svg></div><input class="input" id="{{.ID}}" name="{{.Name}}" type="tel"{{template "attributes" .}} maxlength="{{.Length}}" value="{{.Value}}"></div>
{{template "error" .}}</div>{{end}}`, showPhone)

func showPhone(v *link.Visit) link.Screen {
	country := link.Field{Name: "country", ID: "phone-country", Label: v.T("phone.country"), Kind: link.FieldChoice, Autocomplete: "tel-country-code"}
	chosen := phoneCountry(v)
	for _, c := range phoneCountries {
		country.Options = append(country.Options, link.Option{Value: c.code, Label: c.code, Chosen: c.code == chosen})
	}
	number := link.Field{
		Name: "phone", ID: "phone-input", Label: v.T("phone.label"), Kind: link.FieldText, Autocomplete: "tel-national",
		Length: 40, Value: v.Input.Field("phone"), Missing: v.T("phone.missing"),
	}
	if known := v.Token.User.PhoneNumber; known != "" && number.Value == "" {
		number.Value = veiled(known)
	}
	if returningOf(v).BadPhone {
		number.Error = v.T("phone.wrong")
	}
	return link.Screen{
		Title: v.T("phone.title"), Lead: v.T("phone.lead"), Primary: v.T("common.continue"), By: true,
		Fields: []link.Field{country, number}, Secondary: &link.Button{Label: v.T("phone.skip"), Action: actionSkip},
		Hint: &link.Hint{Text: v.T("sandbox.phone", "number", "415-555-0011"), Fill: map[string]string{"phone": "415-555-0011"}},
	}
}

// codePane asks for the code that went to the number.
var codePane = link.NewPane(`{{template "top" .}}
{{template "fields" .}}`, showOTP)

func showOTP(v *link.Visit) link.Screen {
	st := returningOf(v)
	field := link.Field{
		Name: "otp", ID: "otp-code-input-input", Kind: link.FieldCode, Length: len(sandboxOTP), Label: v.T("mfa.code.label", "count", strconv.Itoa(len(sandboxOTP))),
		Autocomplete: "one-time-code", Help: v.T("mfa.code.help"), Missing: v.T("phone.code.missing"),
	}
	if st.resent {
		field.Help, field.News = v.T("mfa.code.resent"), true
	}
	if st.LastWrong {
		field.Error = (&refusal{Key: "mfa.code.wrong", Count: maxCodes - st.BadCodes}).say(v)
	}
	return link.Screen{
		Title: v.T("mfa.code.title"), Lead: v.T("phone.code.lead", "ending", ending(st.Phone)), Primary: v.T("common.continue"), By: true,
		Fields: []link.Field{field}, Secondary: &link.Button{Label: v.T("mfa.code.resend"), Action: actionResend},
		Hint: &link.Hint{Text: v.T("sandbox.code", "code", sandboxOTP), Fill: map[string]string{"otp": sandboxOTP}},
	}
}
