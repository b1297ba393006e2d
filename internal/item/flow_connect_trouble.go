package item

import (
	"slices"

	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

var (
	otherBank = link.Way{Outcome: another, Label: "error.another_bank"}
	tryAgain  = link.Way{Outcome: link.Again, Label: "error.try_again"}
	closeLink = link.Way{Outcome: giveUp, Label: "error.close"}
	// withNumbers takes the place of another bank, to which the way back leads too
	// ("Link with account numbers", link-web.md section 4.11).
	withNumbers = link.Way{Outcome: toManual, Label: "institution.numbers"}
)

// ways are the ways on from an error, where they are not another bank alone
// (link-web.md section 4.11).
var ways = map[string][]link.Way{
	"INVALID_CREDENTIALS":      {tryAgain, otherBank},
	"INVALID_MFA":              {tryAgain, otherBank},
	"USER_INPUT_TIMEOUT":       {tryAgain, otherBank},
	"INSUFFICIENT_CREDENTIALS": {tryAgain, otherBank},
	"ACCESS_NOT_GRANTED":       {tryAgain, otherBank},
	"ITEM_LOGIN_REQUIRED":      {tryAgain, otherBank},
	"RECAPTCHA_BAD":            {tryAgain, otherBank},
	"INSTANT_MATCH_FAILED":     {tryAgain, otherBank},
	"INTERNAL_SERVER_ERROR":    {tryAgain, otherBank},
	"USER_SETUP_REQUIRED":      {tryAgain},
	"PASSWORD_RESET_REQUIRED":  {tryAgain},
	"INVALID_SEND_METHOD":      {closeLink},
	"INVALID_LINK_TOKEN":       {closeLink},
	"INVALID_UPDATED_USERNAME": {tryAgain},
	"ITEM_NOT_FOUND":           {closeLink},
}

// atBank are the errors that the person mends on the bank's own pages, which the
// pane opens in a new window.
var atBank = map[string]bool{"ITEM_LOCKED": true, "USER_SETUP_REQUIRED": true, "PASSWORD_RESET_REQUIRED": true}

// halt stops at an ERROR pane. With an error, the event ERROR tells it and the
// pane has its words, unless t has words of its own.
func halt(v *link.Visit, e *plaid.Error, t link.Trouble) (link.Outcome, error) {
	if t.Ways == nil {
		t.Ways = []link.Way{otherBank}
	}
	if e != nil {
		v.Fail(e)
		words := link.TroubleOf(e)
		t.Code = e.Code
		if t.Title == "" {
			t.Title, t.Lead = words.Title, words.Lead
		}
		if w, ok := ways[e.Code]; ok {
			t.Ways = w
		}
	}
	if v.Token.UpdateMode() {
		atOneBank(&t)
	}
	if connectOf(v).OAuth {
		atPages(&t)
	}
	v.Stop(t)
	return stopped, nil
}

// retryLater are the errors, besides those with a try-again of their own, after
// which a person who is bound to one bank may find it in a better mood.
var retryLater = map[string]bool{
	"INSTITUTION_DOWN": true, "INSTITUTION_NOT_RESPONDING": true, "INSTITUTION_NOT_AVAILABLE": true,
	"UNSUPPORTED_RESPONSE": true, "NO_ACCOUNTS": true,
}

// elsewhere are the errors whose words send the person to another bank.
var elsewhere = []string{
	"ITEM_NOT_SUPPORTED", "MFA_NOT_SUPPORTED", "NO_ACCOUNTS", "COUNTRY_NOT_SUPPORTED",
	"INSTITUTION_NO_LONGER_SUPPORTED", "UNAUTHORIZED_INSTITUTION", "INSTITUTION_REGISTRATION_REQUIRED",
	"UNSUPPORTED_RESPONSE", "RECAPTCHA_BAD", "USER_PERMISSION_REVOKED", "ITEM_LOGIN_REQUIRED",
}

// atOneBank makes an ERROR pane fit for update mode, where there is no other bank
// to go to: the ways are to try again, where that can help, and to close.
func atOneBank(t *link.Trouble) {
	again := retryLater[t.Code] || slices.Contains(t.Ways, tryAgain)
	t.Ways = []link.Way{closeLink}
	if again {
		t.Ways = []link.Way{tryAgain, closeLink}
	}
	switch {
	case t.Code == plaid.InsufficientCredentials.Code:
		t.Lead = "error.ACCESS_NOT_GRANTED.lead"
	case slices.Contains(elsewhere, t.Code):
		t.Lead = "update.stuck.lead"
	}
}

// haltFor stops for what a bank refused. Without an open form, as when the bank
// refused to begin, the only way is another bank.
func haltFor(v *link.Visit, f *institution.Failure, site string) (link.Outcome, error) {
	if f.Reason == institution.OAuthNotAvailable {
		v.Explain("the bank has people log in on pages of its own, and Link cannot go there")
		return halt(v, f.Plaid(), link.Trouble{Title: "health.oauth.title", Lead: "health.oauth.lead", Status: "requires_oauth"})
	}
	e := f.Plaid()
	v.Explain("the bank ended the login: %s", e)
	t := link.Trouble{Final: e.Code == "ITEM_LOCKED"}
	if atBank[e.Code] {
		t.Site = site
	}
	if f.Reason == institution.NoLongerSupported {
		t.Final, t.Status = true, "institution_not_supported" // as when it is picked
	}
	outcome, err := halt(v, e, t)
	if len(connectOf(v).Fields) == 0 && !connectOf(v).OAuth && v.Memory.Trouble.Ways[0] == tryAgain && !v.Token.UpdateMode() {
		v.Memory.Trouble.Ways = []link.Way{otherBank}
	}
	return outcome, err
}
