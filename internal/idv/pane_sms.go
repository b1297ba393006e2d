package idv

import (
	"context"
	"errors"
	"strconv"

	"github.com/glencheck-dev/glencheck/internal/idv/person"
	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// errRefused says that a pane has refused what was typed, and that nothing changes.
var errRefused = errors.New("idv: refused")

// actionResend has a code sent again.
const actionResend = "resend"

// The person of the sandbox, for the hints (identity-verification.md section 4.1).
const sandboxPhone = "+12345678909"

// phonePane asks where the code goes.
var phonePane = link.NewPane(formBody, func(v *link.Visit) link.Screen { return showPhone(v, "idv.phone") })

// kycPhonePane asks for a number that is compared, and to which nothing is sent.
var kycPhonePane = link.NewPane(formBody, func(v *link.Visit) link.Screen { return showPhone(v, "idv.kyc_phone") })

const formBody = `{{template "top" .}}
{{template "fields" .}}`

func showPhone(v *link.Visit, words string) link.Screen {
	s := screen(v, words, nil)
	country := v.Input.Field("phone_country")
	if country == "" {
		country = home(v)
	}
	s.Fields = []link.Field{
		{Name: "phone_country", ID: "phone-country", Label: v.T("phone.country"), Kind: link.FieldSelect, Autocomplete: "tel-country-code", Options: callingCodes(v, country)},
		{Name: "phone", ID: "phone-input", Label: v.T("phone.label"), Kind: link.FieldPhone, Autocomplete: "tel-national", Length: 40, Value: v.Input.Field("phone"), Missing: v.T("phone.missing")},
	}
	s.Hint = hint(v, map[string]string{"phone_country": "US", "phone": sandboxPhone})
	return s
}

// hint says who passes in the sandbox.
func hint(v *link.Visit, fill map[string]string) *link.Hint {
	return &link.Hint{Text: v.T("sandbox.idv", "name", "Leslie Knope"), Fill: fill}
}

// home is the country that a person is taken to be of until they say otherwise: that
// of their address or, as the company's people mostly live where the company is, the
// first of the link token.
func home(v *link.Visit) string {
	if c := stateOf(v).Country; c != "" {
		return c
	}
	for _, c := range v.Token.CountryCodes {
		if _, ok := person.CountryOf(c); ok {
			return c
		}
	}
	return "US"
}

// typedPhone reads the number of a form in E.164, and refuses what is none.
func (f flow) typedPhone(v *link.Visit) (string, error) {
	phone, problem, _ := person.Typed("phone_number", v.Input.Field("phone"), v.Input.Field("phone_country"), "", f.clock.Now(), policy)
	switch problem {
	case person.Fine:
		return phone, nil
	case person.Missing:
		v.Problem("phone", v.T("phone.missing"))
	default:
		v.Problem("phone", v.T("phone.wrong"))
	}
	return "", errRefused
}

// phone has the code sent.
func (f flow) phone(v *link.Visit, a *Attempt) error {
	if a.Fixed {
		return plaid.InvalidField("the telephone number was given by the client")
	}
	phone, err := f.typedPhone(v)
	if err != nil {
		return err
	}
	if !f.text(a, phone) {
		v.Problem("phone", v.T("idv.code.no_more"))
		return errRefused
	}
	return nil
}

func (f flow) kycPhone(v *link.Visit, a *Attempt) error {
	phone, err := f.typedPhone(v)
	if err == nil {
		a.User.PhoneNumber = &phone
		typed(v, viewKYCPhone)
	}
	return err
}

// codePane asks for the code that was sent.
var codePane = link.NewPane(formBody, showCode)

func showCode(v *link.Visit) link.Screen {
	st := stateOf(v)
	s := link.Screen{
		App: true, Progress: progress(v), By: true, Title: v.T("mfa.code.title"), Lead: v.T("phone.code.lead", "ending", st.Ending), Primary: v.T("common.continue"),
		Hint: &link.Hint{Text: v.T("sandbox.code", "code", sandboxCode), Fill: map[string]string{"otp": sandboxCode}},
	}
	field := link.Field{
		Name: "otp", ID: "otp-code-input-input", Kind: link.FieldCode, Length: codeLength, Label: v.T("mfa.code.label", "count", strconv.Itoa(codeLength)),
		Autocomplete: "one-time-code", Help: v.T("mfa.code.help"), Missing: v.T("phone.code.missing"),
	}
	if st.resent {
		field.Help, field.News = v.T("mfa.code.resent"), true
	}
	s.Fields = []link.Field{field}
	if st.Left > 0 {
		s.Secondary = &link.Button{Label: v.T("mfa.code.resend"), Action: actionResend}
	}
	return s
}

// code tries what was typed.
func (f flow) code(v *link.Visit, a *Attempt) error {
	code := v.Input.Field("otp")
	if len(code) != codeLength {
		v.Problem("otp", v.T("phone.code.missing"))
		return errRefused
	}
	right, left := f.solve(a, code)
	if !right && left > 0 {
		v.Problem("otp", v.T("mfa.code.wrong_left", "count", strconv.FormatInt(left, 10)))
		if v.Sandbox {
			v.Explain("the code of the sandbox is %s", sandboxCode)
		}
	}
	return nil
}

// resend has the code sent once more.
func (f flow) resend(ctx context.Context, v *link.Visit) (*link.Fragment, error) {
	st := stateOf(v)
	a, err := f.advance(ctx, &Attempt{ID: st.ID, ClientID: v.ClientID}, func(a *Attempt) error {
		m := a.message()
		st.resent = m != nil && f.text(a, m.Phone)
		return nil
	})
	if err != nil {
		return nil, err
	}
	st.show(a)
	return nil, nil
}

// otherPhone leads from the code to the number, where the person may give another.
func (f flow) otherPhone(v *link.Visit) link.View {
	if stateOf(v).Change {
		return viewPhone
	}
	return ""
}
