package workflow

import (
	"encoding/json"
	"errors"
)

var errNoAccount = errors.New("the answer has no account")

// plaidIDV are the steps of an identity verification.
var plaidIDV = catalogue{
	about: "an identity verification and its steps, by /identity_verification/get",
	facts: []fact{
		{"status", text, "success, active, failed, expired, canceled or pending_review"},
		{"given_name", text, "the first name that was verified"},
		{"family_name", text, "the last name that was verified"},
		{"date_of_birth", text, "the date of birth that was verified"},
		{"verify_sms", text, "the step's status: success, failed, skipped and so on"},
		{"kyc_check", text, "the step's status"},
		{"documentary_verification", text, "the step's status"},
		{"selfie_check", text, "the step's status"},
		{"watchlist_screening", text, "the step's status"},
		{"risk_check", text, "the step's status"},
	},
	take: func(body []byte) (map[string]any, error) {
		var a struct {
			Status *string            `json:"status"`
			Steps  map[string]*string `json:"steps"`
			User   struct {
				Name struct {
					Given  *string `json:"given_name"`
					Family *string `json:"family_name"`
				} `json:"name"`
				Birth *string `json:"date_of_birth"`
			} `json:"user"`
		}
		if err := json.Unmarshal(body, &a); err != nil {
			return nil, err
		}
		if a.Status == nil {
			return nil, errors.New("the answer has no status")
		}
		v := map[string]any{"status": clip(*a.Status)}
		for name, s := range map[string]*string{"given_name": a.User.Name.Given, "family_name": a.User.Name.Family, "date_of_birth": a.User.Birth} {
			if s != nil {
				v[name] = clip(*s)
			}
		}
		for _, step := range []string{"verify_sms", "kyc_check", "documentary_verification", "selfie_check", "watchlist_screening", "risk_check"} {
			if s := a.Steps[step]; s != nil {
				v[step] = clip(*s)
			}
		}
		return v, nil
	},
}

// historyCounts are the facts of source history, which are counts.
var historyCounts = []string{
	"same_email_day", "same_email_month", "same_phone_day", "same_phone_month",
	"same_account_day", "same_account_month", "denied_same_person_month",
}

// history counts earlier evaluations, found by the blind indexes of what they were
// about.
var history = catalogue{
	about: "earlier evaluations of this workflow's owner",
	facts: []fact{
		{"same_email_day", integer, "evaluations with this e-mail address in the last 24 hours, without this one"},
		{"same_email_month", integer, "the same in the last 30 days"},
		{"same_phone_day", integer, "evaluations with this phone number in the last 24 hours"},
		{"same_phone_month", integer, "the same in the last 30 days"},
		{"same_account_day", integer, "evaluations with this processor token in the last 24 hours"},
		{"same_account_month", integer, "the same in the last 30 days"},
		{"denied_same_person_month", integer, "evaluations of this name and date of birth that were denied in the last 30 days"},
	},
	take: func(body []byte) (map[string]any, error) {
		var counts map[string]int64
		if err := json.Unmarshal(body, &counts); err != nil {
			return nil, err
		}
		v := map[string]any{}
		for _, name := range historyCounts {
			if n, ok := counts[name]; ok {
				v[name] = n
			}
		}
		return v, nil
	},
}
