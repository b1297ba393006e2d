package sandbank

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/institution"
)

// customUser is the login name whose password is a configuration.
const customUser = "user_custom"

// refusal is why a login name and password let nobody in.
type refusal struct {
	institution.Failure
	counted bool // as a wrong password; failures that a test asks for are not
}

func wrong(detail string) *refusal {
	return &refusal{institution.Failure{Reason: institution.InvalidCredentials, Detail: detail}, true}
}

// forced is the failure that a test login asks for. A person may try other
// credentials after the two that blame what was typed.
func forced(r institution.Reason) *refusal {
	again := r == institution.InvalidCredentials || r == institution.InvalidMFA
	return &refusal{institution.Failure{Reason: r, Final: !again}, false}
}

// recognize finds out who a login name and password let in.
func (b *Bank) recognize(in institution.Institution, username, password string) (visit, *refusal) {
	v := visit{Username: username}
	if username == customUser {
		return b.recognizeCustom(in, password)
	}
	p, ok := b.data.person(username)
	switch {
	case !ok || password == "":
		return v, wrong("")
	case len(p.Passwords) == 0 || slices.Contains(p.Passwords, password):
	case !p.TestPasswords:
		return v, wrong("")
	default:
		if refused := testPassword(&v, in, password); refused != nil {
			return v, refused
		}
	}
	b.askCode(in, &v)
	return v, nil
}

// testPassword reads the passwords that script a login
// (plaid-server-api.md section 11.2).
func testPassword(v *visit, in institution.Institution, password string) *refusal {
	if code, ok := strings.CutPrefix(password, "error_"); ok {
		if r, ok := institution.ReasonForCode(code); ok {
			return forced(r)
		}
		return wrong("")
	}
	if s, ok := scriptOf(password); ok {
		v.MFA = s
		return nil
	}
	if c, err := parseConfig(password); err == nil && c.Recaptcha != "" {
		v.Recaptcha = c.Recaptcha // {"recaptcha":"good"}: the rest is for custom users
		return nil
	}
	if password == "microdeposits_good" && in.Methods.AutomatedMicroDeposits {
		v.HidesNumbers = true
		return nil
	}
	return wrong("")
}

func (b *Bank) recognizeCustom(in institution.Institution, password string) (visit, *refusal) {
	v, err := b.customVisit(password)
	if err != nil {
		return v, wrong(err.Error())
	}
	switch c := v.Custom; {
	case c.ForceError != "":
		r, _ := institution.ReasonForCode(c.ForceError) // checked when it was read
		return v, forced(r)
	case c.MFA != nil:
		v.MFA, _ = c.MFA.script() // checked when it was read
	}
	b.askCode(in, &v)
	return v, nil
}

// customVisit is a visit of the person that a configuration describes.
func (b *Bank) customVisit(password string) (visit, error) {
	v := visit{Username: customUser}
	c, err := parseConfig(password)
	if err != nil {
		return v, err
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, []byte(password)); err != nil {
		return v, errors.New("the configuration must be a JSON object")
	}
	v.Custom, v.Config, v.Seed, v.Recaptcha = c, compact.String(), c.Seed, c.Recaptcha
	if v.Seed == "" {
		v.Seed = b.ids.Hex(16)
	}
	return v, nil
}

// visitor is who comes to the bank's own pages. They let everybody in: a known
// user name is that person whatever the password says, a custom user is made to
// measure, and anybody else is the first person of the data file. What scripts a
// login elsewhere has no use here (plaid-server-api.md section 11.1).
func (b *Bank) visitor(username, password string) (visit, error) {
	username = strings.TrimSpace(username)
	if username == customUser {
		return b.customVisit(password)
	}
	if _, ok := b.data.person(username); !ok {
		username = b.data.People[0].Username
	}
	return visit{Username: username}, nil
}

// askCode adds the code that some institutions ask everybody for.
func (b *Bank) askCode(in institution.Institution, v *visit) {
	if v.MFA.empty() && slices.Contains(b.data.Habits.AlwaysAsksCode, in.ID) {
		v.MFA = &script{Kind: institution.Code}
	}
}
