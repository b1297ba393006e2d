package item

import (
	"context"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/team"
)

// callingCodes are those of the countries that the pane takes numbers of
// (link-web.md section 4.15); Mexico's people link accounts in the others.
var callingCodes = map[string]string{"US": "+1", "CA": "+1", "GB": "+44"}

// phoneCountries is what the pane offers, with a country that the numbers are
// read as those of.
var phoneCountries = []struct{ code, region string }{{"+1", "US"}, {"+44", "GB"}, {"+52", "MX"}}

const (
	// sandboxOTP is the code of the sandbox, where nothing is sent.
	sandboxOTP = "123456"
	// maxCodes is how many codes may be wrong: the third ends it (link-web.md
	// section 4.11).
	maxCodes = 3
)

// profile is what is saved with a number. The sandbox's own numbers have theirs
// from the first time they are asked for.
func (s *Items) profile(ctx context.Context, phone string) ([]savedLogin, error) {
	if err := s.plant(ctx, phone); err != nil {
		return nil, err
	}
	return s.savedLogins(ctx, phone)
}

// ending is all that is shown of a number.
func ending(phone string) string { return phone[max(0, len(phone)-4):] }

// veiled is how a number that the client knows stands in the field.
func veiled(phone string) string { return "••• " + ending(phone) }

// typedPhone reads the number of the form in E.164; "" if it is none.
func typedPhone(v *link.Visit) string {
	typed, known := strings.TrimSpace(v.Input.Field("phone")), v.Token.User.PhoneNumber
	if known != "" && (typed == "" || typed == veiled(known)) {
		return known
	}
	for _, c := range phoneCountries {
		if c.code != phoneCountry(v) {
			continue
		}
		phone, err := team.CheckPhone(typed, c.region)
		for _, offered := range phoneCountries {
			if err == nil && strings.HasPrefix(phone, offered.code) {
				return phone
			}
		}
	}
	return ""
}

// phoneCountry is the calling code that is chosen: that of the form, or else of
// the first country of the token that has one.
func phoneCountry(v *link.Visit) string {
	if typed := v.Input.Field("country"); typed != "" {
		return typed
	}
	for _, country := range v.Token.CountryCodes {
		if code := callingCodes[country]; code != "" {
			return code
		}
	}
	return phoneCountries[0].code
}

// checkPhone refuses an empty form.
func checkPhone(v *link.Visit) {
	if v.Input.Action == link.ActionSubmit && strings.TrimSpace(v.Input.Field("phone")) == "" && v.Token.User.PhoneNumber == "" {
		v.Problem("phone", v.T("phone.missing"))
	}
}

// phone takes the number, or goes on without one.
func (r *returning) phone(ctx context.Context, v *link.Visit) (link.Outcome, error) {
	st := returningOf(v)
	st.Verified, st.BadPhone, st.LastWrong = false, false, false
	if v.Input.Action == actionSkip || st.Guest {
		st.Phone = ""
		v.Emit(eventSkipPhone)
		return r.start(ctx, v)
	}
	v.Emit(eventSubmitPhone)
	if st.Phone = typedPhone(v); st.Phone == "" {
		st.BadPhone = true
		v.Fail(plaid.InvalidPhoneNumber)
		return wrong, nil
	}
	return toCode, nil
}

// checkCode refuses what cannot be a code.
func checkCode(v *link.Visit) {
	if code := v.Input.Field("otp"); len(code) != len(sandboxOTP) || !isDigits(code) {
		v.Problem("otp", v.T("phone.code.missing"))
	}
}

// code confirms the number. Whether anything is saved with it shows only after
// that.
func (r *returning) code(ctx context.Context, v *link.Visit) (link.Outcome, error) {
	st := returningOf(v)
	if v.Input.Field("otp") != sandboxOTP {
		v.Explain("the sandbox sends no code: it is %s", sandboxOTP)
		if st.BadCodes++; st.BadCodes >= maxCodes {
			st.Guest, st.Phone = true, ""
			return halt(v, plaid.ProfileAuthenticationFailed, link.Trouble{Ways: []link.Way{{Outcome: another, Label: "common.continue"}}})
		}
		st.LastWrong = true
		v.Fail(plaid.InvalidOTP)
		return wrong, nil
	}
	if err := r.items.plant(ctx, st.Phone); err != nil {
		return "", err
	}
	st.Verified, st.LastWrong = true, false
	v.Emit(eventVerifyPhone)
	return r.known(ctx, v, true)
}

// resendCode has the code sent again: in the sandbox it is the same as before.
func resendCode(_ context.Context, v *link.Visit) (*link.Fragment, error) {
	st := returningOf(v)
	st.resent, st.LastWrong = true, false
	return nil, nil
}
