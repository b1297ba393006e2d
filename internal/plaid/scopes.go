package plaid

import "slices"

// DataScopes are the kinds of data that a person consents to, in the order of
// schema ItemConsentedDataScope.
var DataScopes = []string{
	"account_balance_info", "contact_info", "account_routing_number", "transactions", "credit_loan_info", "investments",
	"payroll_info", "income_verification_paystubs_info", "income_verification_w2s_info", "income_verification_bank_statements",
	"income_verification_employment_info", "bank_statements", "risk_info", "network_insights_lite", "fraud_info",
}

// The scopes that products share.
var (
	ofAccounts     = []string{"account_balance_info"}
	ofHolders      = []string{"account_balance_info", "contact_info"}
	ofNumbers      = []string{"account_balance_info", "contact_info", "account_routing_number"}
	ofTransactions = []string{"account_balance_info", "contact_info", "transactions"}
	ofRisk         = []string{"account_balance_info", "contact_info", "transactions", "risk_info"}
	ofLoans        = []string{"account_balance_info", "contact_info", "credit_loan_info"}
)

// scopesOf is the table "Data scopes by product" of the Data Transparency
// Messaging guide. Those of products that it does not name are those of the
// product whose data they hand on. A product that is not here needs no data of a
// bank.
var scopesOf = map[string][]string{
	"assets":                 ofTransactions,
	"auth":                   ofNumbers, // Instant Auth and Instant Match
	"balance":                ofAccounts,
	"balance_plus":           ofAccounts,
	"cra_base_report":        ofTransactions,
	"cra_cashflow_insights":  ofTransactions,
	"cra_income_insights":    ofTransactions,
	"cra_lend_score":         ofTransactions,
	"cra_monitoring":         ofTransactions,
	"cra_network_insights":   ofTransactions,
	"cra_partner_insights":   ofTransactions,
	"credit_details":         ofLoans,
	"identity":               ofHolders,
	"identity_match":         ofHolders,
	"income":                 ofTransactions,
	"income_verification":    ofTransactions,
	"investments":            {"account_balance_info", "contact_info", "investments"},
	"investments_auth":       {"account_balance_info", "contact_info", "account_routing_number", "investments"},
	"liabilities":            ofLoans,
	"processor_identity":     ofHolders,
	"processor_payments":     ofNumbers,
	"protect_linked_bank":    ofRisk,
	"recurring_transactions": ofTransactions,
	"signal":                 ofRisk,
	"statements":             {"account_balance_info", "contact_info", "bank_statements"},
	"transactions":           ofTransactions,
	"transactions_refresh":   ofTransactions,
	"transfer":               ofNumbers,
}

// ScopesOf lists the data scopes that products need, each once and in the order
// of DataScopes; never nil.
func ScopesOf(products ...string) []string {
	out := []string{}
	for _, scope := range DataScopes {
		if slices.ContainsFunc(products, func(p string) bool { return slices.Contains(scopesOf[p], scope) }) {
			out = append(out, scope)
		}
	}
	return out
}

// CoveredBy lists the products that need bank data, and none beyond the scopes:
// who consents to Assets consents to Transactions and Identity as well (guide,
// "Data scopes and consent").
func CoveredBy(scopes []string) []string {
	var out []string
	for _, p := range Products {
		needs := scopesOf[p]
		if needs != nil && !slices.ContainsFunc(needs, func(s string) bool { return !slices.Contains(scopes, s) }) {
			out = append(out, p)
		}
	}
	return out
}
