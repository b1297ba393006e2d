package institution

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/plaid"
)

func TestFailuresHaveErrors(t *testing.T) {
	for _, r := range append([]Reason{
		AccessRevoked, UnknownInstitution, UnknownAccount, OAuthNotAvailable, NumbersNotAvailable, RecaptchaRequired, OtherUser,
	}, forcible...) {
		e := (&Failure{Reason: r}).Plaid()
		if e.Message == "" || e.Code == "" {
			t.Errorf("%s: %v", r, e)
		}
		if e.Code == "INTERNAL_SERVER_ERROR" && r != InternalError && r != PlaidError {
			t.Errorf("%s has no error of its own", r)
		}
	}
}

func TestForcedCodes(t *testing.T) {
	// plaid-server-api.md sections 11.2 and 11.5
	for _, code := range strings.Fields(`INVALID_CREDENTIALS ITEM_LOGIN_REQUIRED COUNTRY_NOT_SUPPORTED INSTITUTION_DOWN
		INSTITUTION_NOT_RESPONDING INSTITUTION_NO_LONGER_SUPPORTED INSUFFICIENT_CREDENTIALS INTERNAL_SERVER_ERROR
		INVALID_MFA INVALID_SEND_METHOD ITEM_LOCKED ITEM_NOT_SUPPORTED NO_ACCOUNTS USER_INPUT_TIMEOUT USER_SETUP_REQUIRED
		INVALID_LINK_TOKEN MFA_NOT_SUPPORTED PLAID_ERROR`) {
		r, ok := ReasonForCode(code)
		if !ok {
			t.Errorf("%s cannot be forced", code)
		}
		if e := (&Failure{Reason: r}).Plaid(); e.Code != code && code != "PLAID_ERROR" {
			t.Errorf("%s answers %s", code, e.Code)
		}
	}
	for _, code := range []string{"", "item_locked", "OAUTH_NOT_AVAILABLE", "INVALID_INSTITUTION", "ITEM_LOCKED "} {
		if _, ok := ReasonForCode(code); ok {
			t.Errorf("%q can be forced", code)
		}
	}
}

func TestAsPlaid(t *testing.T) {
	err := AsPlaid(fmt.Errorf("wrapped: %w", &Failure{Reason: InvalidCredentials, Detail: "mfa.type must be one of device, questions, selections"}))
	if !errors.Is(err, plaid.InvalidCredentials) {
		t.Fatalf("%v", err)
	}
	var e *plaid.Error
	if !errors.As(err, &e) || !strings.Contains(e.Message, "mfa.type must be") || e.Display != plaid.InvalidCredentials.Display {
		t.Fatalf("%+v", e)
	}
	plain := errors.New("disk full")
	if AsPlaid(plain) != plain || AsPlaid(nil) != nil {
		t.Fatal("an error of our own was changed")
	}
	if !errors.Is(&Failure{Reason: Locked, Final: true}, &Failure{Reason: Locked}) || errors.Is(&Failure{Reason: Locked}, &Failure{Reason: BankDown}) {
		t.Fatal("failures compare by reason")
	}
}
