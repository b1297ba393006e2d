package link

import (
	"context"
	"slices"

	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/team"
	"github.com/glencheck-dev/glencheck/web"
)

// Transparency is what a person is told, and agrees to, under Data Transparency
// Messaging (plaid-server-api.md section 14).
type Transparency struct {
	UseCases []string `json:"use_cases"`
	Scopes   []string `json:"scopes"`
	// Products are those that the client may use and that need no data beyond the
	// scopes: consented_products of the Item.
	Products []string `json:"products"`
}

// transparency is that of a link token whose customization has use cases. It is
// for people in the United States and Canada.
func transparency(c *team.Client, custom team.Settings, tok Token) *Transparency {
	if len(custom.UseCases) == 0 || !slices.Contains(tok.CountryCodes, "US") && !slices.Contains(tok.CountryCodes, "CA") {
		return nil
	}
	t := &Transparency{UseCases: custom.UseCases, Scopes: plaid.ScopesOf(append(tok.AllProducts(), "balance")...)}
	for _, p := range plaid.CoveredBy(t.Scopes) {
		if p == "balance" || slices.Contains(c.Products, p) { // balance comes with every product
			t.Products = append(t.Products, p)
		}
	}
	return t
}

// ActionDataTypes says that the person opened the list of what is shared.
const ActionDataTypes = "view_data_types"

// EventViewDataTypes is emitted each time the list of what is shared is opened.
const EventViewDataTypes EventName = "VIEW_DATA_TYPES"

// DataTypes is the list of what is shared and, under Data Transparency, what for.
// It is folded until the person opens it.
type DataTypes struct {
	Title    string
	Types    []string
	Why      string // above the use cases
	UseCases []string
}

// dataTypes is the list for the consent pane.
func dataTypes(v *Visit) *DataTypes {
	d := &DataTypes{Title: v.T("consent.data", "app", v.App())}
	if t := v.Token.Transparency; t != nil {
		d.tell(v, t)
		return d
	}
	seen := map[string]bool{"data.accounts": true}
	for _, product := range v.Token.AllProducts() {
		if key := productKey(product); !seen[key] {
			seen[key] = true
			d.Types = append(d.Types, v.T(key))
		}
	}
	// Name, type and balance of the account always go along: /accounts/get works
	// with every product.
	d.Types = append(d.Types, v.T("data.accounts"))
	return d
}

// Disclosure is what Data Transparency asks of the last pane before the account
// is connected, SELECT_ACCOUNT or OAUTH: the list, and the sentence that goes on
// the pane's Legal. The list is nil where Data Transparency is off.
func Disclosure(v *Visit) (list *DataTypes, agree string) {
	t := v.Token.Transparency
	if t == nil {
		return nil, ""
	}
	list = &DataTypes{Title: v.T("data.more", "app", v.App())}
	list.tell(v, t)
	return list, v.T("data.agree", "app", v.App())
}

// ProductWords says what a product shares.
func ProductWords(v *Visit, product string) string { return v.T(productKey(product)) }

func productKey(product string) string {
	if key := "data." + productData[product]; web.HasText(key) {
		return key
	}
	return "data.other"
}

// tell fills in what Data Transparency says, in the person's words.
func (d *DataTypes) tell(v *Visit, t *Transparency) {
	for _, scope := range t.Scopes {
		key := "data." + scopeData[scope]
		if !web.HasText(key) {
			key = "data.other"
		}
		if words := v.T(key); !slices.Contains(d.Types, words) {
			d.Types = append(d.Types, words)
		}
	}
	d.Why = v.T("data.why", "app", v.App())
	for _, u := range t.UseCases {
		d.UseCases = append(d.UseCases, v.T(useCaseText[u]))
	}
}

// viewDataTypes is the aside of every pane with a list of what is shared.
func viewDataTypes(_ context.Context, v *Visit) (*Fragment, error) {
	if v.screen().Data == nil {
		return nil, v.notOffered()
	}
	v.Emit(EventViewDataTypes)
	return &Fragment{}, nil
}

// productData names what a product shares, by its name in /link/token/create.
var productData = map[string]string{
	"assets": "assets", "auth": "auth", "balance": "balance", "balance_plus": "balance",
	"employment": "employment", "identity": "identity", "identity_match": "identity",
	"income": "income", "income_verification": "income", "investments": "investments", "investments_auth": "investments",
	"liabilities": "liabilities", "payment_initiation": "payments", "standing_orders": "payments", "transfer": "payments",
	"signal": "signal", "statements": "statements",
	"transactions": "transactions", "recurring_transactions": "transactions", "transactions_refresh": "transactions",
}

// scopeData names what a data scope shares.
var scopeData = map[string]string{
	"account_balance_info": "accounts", "contact_info": "identity", "account_routing_number": "auth", "transactions": "transactions",
	"credit_loan_info": "liabilities", "investments": "investments", "bank_statements": "statements", "risk_info": "signal",
}

// useCaseText is the key of the words of each use case.
var useCaseText = map[string]string{
	"Send and receive money":                     "use.money",
	"Pay your bills":                             "use.bills",
	"Make a purchase online":                     "use.purchase",
	"Facilitate business-to-business payments":   "use.business_payments",
	"Fund your account":                          "use.fund",
	"Verify your identity and prevent fraud":     "use.identity",
	"Verify your account":                        "use.account",
	"Protect against fraud":                      "use.fraud",
	"Track and manage your finances":             "use.finances",
	"Prepare your taxes":                         "use.taxes",
	"Get rewards":                                "use.rewards",
	"Invest your money":                          "use.invest",
	"Do business accounting and tax preparation": "use.accounting",
	"Prepare and categorize invoices":            "use.invoices",
	"Manage employee expense reporting":          "use.expenses",
	"Track, manage and build your credit":        "use.credit",
	"Access your paycheck sooner":                "use.paycheck",
	"Pay down debt":                              "use.debt",
	"Get considered for a loan":                  "use.loan",
	"Verify your income":                         "use.income",
}
