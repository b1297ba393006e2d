package institution

import (
	"errors"
	"slices"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// Reason says why a bank could not do what it was asked. It is the lower-case
// twin of the error code that a client is answered, except for the few of
// reasonCodes.
type Reason string

// The reasons of a failure (plaid-server-api.md sections 3.3 to 3.5).
const (
	InvalidCredentials      Reason = "invalid_credentials"
	OtherUser               Reason = "invalid_updated_username" // a renewal by somebody else
	InvalidMFA              Reason = "invalid_mfa"
	InvalidSendMethod       Reason = "invalid_send_method"
	InsufficientCredentials Reason = "insufficient_credentials"
	LoginRequired           Reason = "item_login_required"
	Locked                  Reason = "item_locked"
	NotSupported            Reason = "item_not_supported"
	MFANotSupported         Reason = "mfa_not_supported"
	NoAccounts              Reason = "no_accounts"
	PasswordResetRequired   Reason = "password_reset_required"
	SetupRequired           Reason = "user_setup_required"
	InputTimeout            Reason = "user_input_timeout"
	AccessNotGranted        Reason = "access_not_granted"
	AccessRevoked           Reason = "user_permission_revoked"
	CountryNotSupported     Reason = "country_not_supported"

	BankDown             Reason = "institution_down"
	BankNotResponding    Reason = "institution_not_responding"
	BankNotAvailable     Reason = "institution_not_available"
	NoLongerSupported    Reason = "institution_no_longer_supported"
	NotAuthorized        Reason = "unauthorized_institution"
	RegistrationRequired Reason = "institution_registration_required"
	UnsupportedResponse  Reason = "unsupported_response"

	RecaptchaRequired Reason = "recaptcha_required"
	RecaptchaBad      Reason = "recaptcha_bad"
	InvalidLinkToken  Reason = "invalid_link_token"
	InternalError     Reason = "internal_server_error"

	UnknownInstitution Reason = "invalid_institution"
	UnknownAccount     Reason = "invalid_account_id"

	// OAuthNotAvailable refuses a login at a bank that signs people in on its
	// own pages where no such pages are served, or where the caller has no page
	// that the bank could send the person back to.
	OAuthNotAvailable Reason = "oauth_not_available"
	// NumbersNotAvailable is a bank's refusal to hand out account numbers,
	// which micro-deposits then have to verify.
	NumbersNotAvailable Reason = "numbers_not_available"
	// PlaidError is the force_error PLAID_ERROR of a custom user.
	PlaidError Reason = "plaid_error"
)

// forcible are the reasons that a test login may ask for by their code, as
// password error_<CODE> or as force_error of a custom user.
var forcible = []Reason{
	InvalidCredentials, InvalidMFA, InvalidSendMethod, InsufficientCredentials, LoginRequired, Locked,
	NotSupported, MFANotSupported, NoAccounts, PasswordResetRequired, SetupRequired, InputTimeout,
	AccessNotGranted, AccessRevoked, CountryNotSupported, BankDown, BankNotResponding, BankNotAvailable,
	NoLongerSupported, NotAuthorized, RegistrationRequired, UnsupportedResponse, RecaptchaBad,
	InvalidLinkToken, InternalError, PlaidError,
}

// ReasonForCode finds the reason that a test login asks for by an error code,
// such as ITEM_LOCKED.
func ReasonForCode(code string) (Reason, bool) {
	r := Reason(strings.ToLower(code))
	return r, code == strings.ToUpper(code) && slices.Contains(forcible, r)
}

// ForcibleCodes lists the error codes that a test login may ask for.
func ForcibleCodes() []string {
	codes := make([]string, len(forcible))
	for i, r := range forcible {
		codes[i] = strings.ToUpper(string(r))
	}
	slices.Sort(codes)
	return codes
}

// Failure is a bank's refusal.
type Failure struct {
	Reason Reason
	// Detail tells a developer more. It names fields, never values.
	Detail string
	// Final failures end the login; after others the person may try again.
	Final bool
}

// Error gives the reason and the detail, for logs and tests.
func (f *Failure) Error() string {
	if f.Detail == "" {
		return "institution: " + string(f.Reason)
	}
	return "institution: " + string(f.Reason) + ": " + f.Detail
}

// Is reports whether target is a Failure of the same reason.
func (f *Failure) Is(target error) bool {
	t, ok := target.(*Failure)
	return ok && t.Reason == f.Reason
}

// reasonErrors are the reasons whose error is not the one of their code.
var reasonErrors = map[Reason]*plaid.Error{
	OAuthNotAvailable: plaid.InstitutionNotAvailable.WithMessage(
		"this institution signs people in on its own site (OAuth), which is not available here. " +
			"in the sandbox, create the Item with /sandbox/public_token/create"),
	NumbersNotAvailable: plaid.ProductNotReady,
	PlaidError:          plaid.InternalServerError,
}

// Plaid is the error that a client is answered.
func (f *Failure) Plaid() *plaid.Error {
	e, ok := reasonErrors[f.Reason]
	if !ok {
		e, ok = plaid.ByCode(strings.ToUpper(string(f.Reason)))
	}
	if !ok {
		return plaid.InternalServerError
	}
	if f.Detail != "" {
		return e.WithMessage(e.Message + ": " + f.Detail)
	}
	return e
}

// AsPlaid turns the error of a Connector into the one that a client is
// answered: a Failure by the table, anything else unchanged.
func AsPlaid(err error) error {
	var f *Failure
	if errors.As(err, &f) {
		return f.Plaid()
	}
	return err
}
