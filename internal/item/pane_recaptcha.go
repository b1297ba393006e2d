package item

import (
	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/link"
)

// recaptchaPane asks whether a person is logging in. The check is simulated: a
// box to tick, which no script of anybody else stands behind.
var recaptchaPane = link.NewPane(`{{template "top" .}}
{{template "fields" .}}`, showRecaptcha)

func showRecaptcha(v *link.Visit) link.Screen {
	st := connectOf(v)
	box := link.Field{
		Name: institution.RecaptchaAnswer, ID: "recaptcha", Label: v.T("recaptcha.title"), Kind: link.FieldChoice, Multiple: true,
		Missing: v.T("recaptcha.missing"),
		Options: []link.Option{{Value: institution.RecaptchaPassed, Label: v.T("recaptcha.box"), TestID: "recaptcha-box"}},
	}
	if st.Refused != nil {
		box.Error = v.T(st.Refused.Key)
	}
	s := link.Screen{
		Title: v.T("recaptcha.title"), Lead: v.T("recaptcha.lead", "bank", v.Bank()), Primary: v.T("mfa.submit"),
		Fields: []link.Field{box}, Hint: hint(st.Challenge, v.T("sandbox.recaptcha")),
	}
	if s.Hint != nil {
		s.Hint.Fill = st.Challenge.Hints
	}
	return s
}

// checkRecaptcha refuses a box that was not ticked.
func checkRecaptcha(v *link.Visit) {
	if v.Input.Field(institution.RecaptchaAnswer) != institution.RecaptchaPassed {
		v.Problem(institution.RecaptchaAnswer, v.T("recaptcha.missing"))
	}
}
