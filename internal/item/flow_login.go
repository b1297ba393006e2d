package item

import (
	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/link"
)

// loginSteps are the panes of a login at the chosen bank, the same in every flow
// that has one: what the bank asks, in the order in which it asks. They lead to
// let once the bank has let the person in, to ERROR when it will not, and back to
// the view before the login. The flow's state is connectState, or embeds it.
func (c *connect) loginSteps(let, back link.View) map[link.View]link.Step {
	next := func(again link.View) link.Next {
		return link.Next{granted: let, toMFA: link.MFA, settled: link.Connected, toRecaptcha: link.Recaptcha, wrong: again, stopped: link.Error, link.Interrupted: link.Error}
	}
	return map[link.View]link.Step{
		link.Credential: {
			Pane: credentialPane, Status: "requires_credentials", Check: checkCredentials,
			Submit: link.EventSubmitCredentials, Loading: true, Once: true, Guess: true, Do: c.logIn, Undo: closeLogin,
			Next: next(link.Credential),
			Back: back,
		},
		link.Recaptcha: {
			Pane: recaptchaPane, Status: "requires_recaptcha", Check: checkRecaptcha,
			Loading: true, Once: true, Guess: true, Do: c.answer, Undo: closeLogin,
			Next: next(link.Recaptcha),
			Back: link.Credential,
		},
		link.OAuth: c.oauthStep(let, back),
		link.MFA: {
			Pane: mfaPane, Check: checkMFA,
			Submit: link.EventSubmitMFA, Loading: true, Once: true, Guess: true, Do: c.answer, Undo: closeLogin,
			Next:   next(link.MFA),
			Asides: map[string]link.Aside{actionResend: c.resend},
			Has: func(v *link.Visit, action string) bool {
				return action != actionResend || connectOf(v).Challenge.Kind == institution.Code
			},
			Back: link.Credential,
		},
	}
}

// closeLogin forgets a login that cannot go on. The next one begins anew; the
// bank drops what nobody answers.
func closeLogin(v *link.Visit) {
	st := connectOf(v)
	st.Login, st.Challenge, st.Refused = "", institution.Challenge{}, nil
	v.Memory.MFAType = ""
}
