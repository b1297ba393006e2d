package workflow

// AdverseActionReasons are the reasons that a person may be given, by code, in the
// words that the person reads. The list is fixed: who refuses credit or an account
// has to name specific reasons, and a free text would not stay specific.
var AdverseActionReasons = map[string]string{
	"IDENTITY_UNVERIFIED":      "We could not verify your identity",
	"IDENTITY_INCONSISTENT":    "The information you gave does not agree with our records",
	"AGE_INSUFFICIENT":         "You do not meet the minimum age",
	"RESIDENCE_UNVERIFIED":     "We could not verify your residence",
	"OWNERSHIP_UNVERIFIED":     "We could not verify that you own the bank account",
	"ACCOUNT_INELIGIBLE":       "The bank account is not of a kind that we accept",
	"ACCOUNT_CLOSED":           "The bank account is closed",
	"BALANCE_INSUFFICIENT":     "The balance of the bank account is too low",
	"ACCOUNT_HISTORY_TOO_NEW":  "The history of the bank account is too short",
	"INCOME_INSUFFICIENT":      "The income is not sufficient for the amount requested",
	"INCOME_UNVERIFIED":        "We could not verify your income",
	"TOO_MANY_APPLICATIONS":    "There are too many recent applications",
	"APPLICATION_INCOMPLETE":   "The application is incomplete",
	"OUTSIDE_SERVICE_AREA":     "We do not offer this service where you live",
	"LISTED":                   "The information you gave is on a list of those that we do not accept",
	"PRIOR_ACCOUNT_UNRESOLVED": "There is an unresolved matter with an earlier account of yours with us",
}

// maxReasons is how many reasons are told at most. More say less.
const maxReasons = 4
