package plaid

import "slices"

// Products are the product names of the official document (schema Products).
var Products = []string{
	"assets", "auth", "balance", "balance_plus", "beacon", "cra_base_report", "cra_cashflow_insights",
	"cra_income_insights", "cra_lend_score", "cra_monitoring", "cra_network_insights", "cra_partner_insights",
	"cra_plaid_credit_score", "credit_details", "employment", "identity", "identity_match",
	"identity_verification", "income", "income_verification", "investments", "investments_auth", "layer",
	"liabilities", "pay_by_bank", "payment_initiation", "processor_identity", "processor_payments", "profile",
	"protect_linked_bank", "recurring_transactions", "signal", "standing_orders", "statements",
	"transactions", "transactions_refresh", "transfer",
}

// IsProduct reports whether s is a product name.
func IsProduct(s string) bool { return slices.Contains(Products, s) }

// CountryCodes are the countries of the official document (schema CountryCode).
var CountryCodes = []string{
	"AT", "BE", "CA", "DE", "DK", "EE", "ES", "FI", "FR", "GB",
	"IE", "IT", "LT", "LV", "NL", "NO", "PL", "PT", "SE", "US",
}

// IsCountryCode reports whether s is one of CountryCodes.
func IsCountryCode(s string) bool { return slices.Contains(CountryCodes, s) }

// Languages are the languages of Link (field language of /link/token/create).
var Languages = []string{
	"da", "de", "en", "es", "et", "fr", "hi", "it", "lt", "lv", "nl", "no", "pl", "pt", "ro", "sv", "vi",
}

// IsLanguage reports whether s is one of Languages.
func IsLanguage(s string) bool { return slices.Contains(Languages, s) }

// AccountTypes maps each account type to the subtypes that may go with it.
var AccountTypes = map[string][]string{
	"depository": {"cash management", "cd", "checking", "ebt", "hsa", "money market", "paypal", "prepaid", "savings"},
	"credit":     {"credit card", "paypal"},
	"loan": {
		"auto", "business", "commercial", "construction", "consumer", "home equity", "line of credit",
		"loan", "mortgage", "other", "overdraft", "student",
	},
	"investment": {
		"401a", "401k", "403B", "457b", "529", "brokerage", "cash isa", "crypto exchange",
		"education savings account", "fixed annuity", "gic", "health reimbursement arrangement", "hsa", "ira",
		"isa", "keogh", "lif", "life insurance", "lira", "lrif", "lrsp", "mutual fund", "non-custodial wallet",
		"non-taxable brokerage account", "other", "other annuity", "other insurance", "pension", "prif",
		"profit sharing plan", "qshr", "rdsp", "resp", "retirement", "rlif", "roth", "roth 401k", "rrif", "rrsp",
		"sarsep", "sep ira", "simple ira", "sipp", "stock plan", "tfsa", "trust", "ugma", "utma",
		"variable annuity",
	},
	"other": {"other"},
}
