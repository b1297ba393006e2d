package link

import (
	"fmt"
	"slices"
	"strings"
)

// The words that apps are told and may decide by. A flow may use no others
// (Flow.Validate): an app that knows the documented ones must understand every
// session. A word of our own needs an entry in own, with its reason.

// Views are the documented values of view_name (link-web.md section 2.3).
var Views = words(`CONSENT SELECT_INSTITUTION SELECT_BRAND CREDENTIAL MFA OAUTH RECAPTCHA LOADING SELECT_ACCOUNT CONNECTED ERROR EXIT
	SELECT_AUTH_TYPE NUMBERS NUMBERS_SELECT_INSTITUTION INSTANT_MICRODEPOSIT_AUTHORIZED SAME_DAY_MICRODEPOSIT_AUTHORIZED
	INSTANT_MICRODEPOSIT_VERIFICATION SAME_DAY_MICRODEPOSIT_VERIFICATION IDENTITY_MATCH_BLOCK
	SUBMIT_PHONE VERIFY_PHONE SELECT_SAVED_INSTITUTION SELECT_SAVED_ACCOUNT PROFILE_DATA_REVIEW
	ACCEPT_TOS VERIFY_SMS KYC_CHECK DOCUMENTARY_VERIFICATION SELFIE_CHECK RISK_CHECK SCREENING
	UPLOAD_DOCUMENTS SUBMIT_DOCUMENTS SUBMIT_DOCUMENTS_SUCCESS SUBMIT_DOCUMENTS_ERROR
	DATA_TRANSPARENCY DATA_TRANSPARENCY_CONSENT DATA_TRANSPARENCY_MESSAGING_MODAL
	BANK_INCOME_INSIGHTS_COMPLETED CRA_CONSENT MATCHED_CONSENT MATCHED_CREDENTIAL MATCHED_MFA SUBMIT_EMAIL VERIFY_EMAIL TRANSFER_STATUS_CHECK`)

// EventNames are the documented values of event_name (link-web.md section 2.2).
var EventNames = words(`OPEN EXIT HANDOFF ERROR TRANSITION_VIEW
	SEARCH_INSTITUTION SELECT_INSTITUTION SELECT_BRAND SELECT_DEGRADED_INSTITUTION SELECT_DOWN_INSTITUTION SELECT_FILTERED_INSTITUTION MATCHED_SELECT_INSTITUTION
	SUBMIT_CREDENTIALS SUBMIT_MFA OPEN_OAUTH CLOSE_OAUTH FAIL_OAUTH OPEN_MY_PLAID
	SELECT_AUTH_TYPE SUBMIT_ROUTING_NUMBER SUBMIT_ACCOUNT_NUMBER VIEW_DATA_TYPES
	SUBMIT_PHONE SKIP_SUBMIT_PHONE AUTO_SUBMIT_PHONE SUBMIT_OTP VERIFY_PHONE CONNECT_NEW_INSTITUTION
	IDENTITY_MATCH_PASSED IDENTITY_MATCH_FAILED
	IDENTITY_VERIFICATION_OPEN_UI IDENTITY_VERIFICATION_RESUME_UI IDENTITY_VERIFICATION_CLOSE_UI IDENTITY_VERIFICATION_CREATE_SESSION
	IDENTITY_VERIFICATION_RESUME_SESSION IDENTITY_VERIFICATION_START_STEP IDENTITY_VERIFICATION_PASS_STEP IDENTITY_VERIFICATION_FAIL_STEP
	IDENTITY_VERIFICATION_PENDING_REVIEW_STEP IDENTITY_VERIFICATION_PASS_SESSION IDENTITY_VERIFICATION_FAIL_SESSION IDENTITY_VERIFICATION_PENDING_REVIEW_SESSION
	LAYER_READY LAYER_NOT_AVAILABLE LAYER_AUTOFILL_NOT_AVAILABLE
	BANK_INCOME_INSIGHTS_COMPLETED SUBMIT_DOCUMENTS SUBMIT_DOCUMENTS_SUCCESS SUBMIT_DOCUMENTS_ERROR
	ISSUE_FOLLOWED AUTO_SELECT_SAVED_INSTITUTION SELECT_SAVED_INSTITUTION SELECT_SAVED_ACCOUNT SELECT_ACCOUNT SELECT_DENYLISTED_INSTITUTION
	SELECT_FALLBACK_ROUTING_INSTITUTION SELECT_REMEMBER_ME_DUPLICATE_INSTITUTION REMEMBER_ME_ENABLED REMEMBER_ME_DISABLED REMEMBER_ME_HOLDOUT
	SUBMIT_EMAIL SKIP_SUBMIT_EMAIL PLAID_CHECK_PANE PROFILE_ELIGIBILITY_CHECK_READY PROFILE_ELIGIBILITY_CHECK_ERROR MATCHED_SELECT_VERIFY_METHOD`)

// ExitStatuses are the documented values of exit_status (link-web.md section 1.6).
var ExitStatuses = words(`requires_questions requires_selections requires_code choose_device requires_credentials requires_account_selection requires_oauth
	institution_not_found institution_not_supported connected requires_external_action requires_recaptcha
	requires_deposit_switch_allocation_configuration requires_deposit_switch_allocation_selection`)

// MFATypes and MatchReasons are the documented values of mfa_type and
// match_reason (link-web.md section 2.1).
var (
	MFATypes     = words(`code device questions selections`)
	MatchReasons = words(`returning_user routing_number SAVED_INSTITUTION AUTO_SELECT_SAVED_INSTITUTION SAVED_ACCOUNT`)
)

// own are words that no documentation has, and why there is no other way.
var own = map[string]string{
	string(Embedded): "the search in the host's page is no view of Link; no event names it (link-web.md section 4.14)",
}

func words(list string) []string { return strings.Fields(list) }

// wording reports every word of a flow that an app could not know.
func (f Flow) wording() []error {
	var errs []error
	check := func(view View, kind, word string, known []string) {
		if _, ours := own[word]; word != "" && !ours && !slices.Contains(known, word) {
			errs = append(errs, fmt.Errorf("link: flow %s: %s has %s %s, which no documentation knows", f.Name, view, kind, word))
		}
	}
	check("the end", "event", string(f.Closing), EventNames)
	for view, s := range f.Steps {
		check(view, "view_name", string(f.told(view)), Views)
		check(view, "event", string(s.Submit), EventNames)
		check(view, "exit_status", s.Status, ExitStatuses)
		if s.Status == "" && view != MFA && view != Embedded && !f.Verifies {
			errs = append(errs, fmt.Errorf("link: flow %s: %s has no exit_status", f.Name, view))
		}
	}
	return errs
}
