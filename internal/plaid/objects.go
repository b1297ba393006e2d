package plaid

// Account is an account as /accounts/get and its relatives answer it (schema
// AccountBase).
type Account struct {
	AccountID    string   `json:"account_id"`
	Balances     Balances `json:"balances"`
	Mask         *string  `json:"mask"`
	Name         string   `json:"name"`
	OfficialName *string  `json:"official_name"`
	Subtype      *string  `json:"subtype"`
	Type         string   `json:"type"`
	// HolderCategory is "business", "personal" or "unrecognized" where the bank
	// says it.
	HolderCategory string `json:"holder_category,omitempty"`
	// VerificationStatus is set for accounts that were added by account number.
	VerificationStatus string `json:"verification_status,omitempty"`
	// VerificationName is the holder's name that the verification went by.
	VerificationName string `json:"verification_name,omitempty"`
	// VerificationInsights are there for accounts of Database Auth alone.
	VerificationInsights *VerificationInsights `json:"verification_insights,omitempty"`
	// PersistentAccountID is the same across Items; only banks with tokenized
	// account numbers have one.
	PersistentAccountID string `json:"persistent_account_id,omitempty"`
}

// VerificationInsights is schema AccountVerificationInsights: what a network knows of
// an account number.
type VerificationInsights struct {
	// NameMatchScore is 0 to 100, null where there was no name to compare, or none to
	// compare it with.
	NameMatchScore      *int            `json:"name_match_score"`
	NetworkStatus       NetworkStatus   `json:"network_status"`
	PreviousReturns     PreviousReturns `json:"previous_returns"`
	AccountNumberFormat string          `json:"account_number_format"` // valid, invalid or unknown
}

// NetworkStatus is schema AccountVerificationInsightsNetworkStatus.
type NetworkStatus struct {
	HasNumbersMatch        bool `json:"has_numbers_match"`
	IsNumbersMatchVerified bool `json:"is_numbers_match_verified"`
}

// PreviousReturns is schema AccountVerificationInsightsPreviousReturns.
type PreviousReturns struct {
	HasPreviousAdministrativeReturn bool `json:"has_previous_administrative_return"`
}

// Balances is schema AccountBalance. Amounts are in currency units.
type Balances struct {
	Available              *Decimal `json:"available"`
	Current                *Decimal `json:"current"`
	Limit                  *Decimal `json:"limit"`
	IsoCurrencyCode        *string  `json:"iso_currency_code"`
	UnofficialCurrencyCode *string  `json:"unofficial_currency_code"`
	// LastUpdatedDatetime is RFC 3339; only Capital One (ins_128026) sends it.
	LastUpdatedDatetime string `json:"last_updated_datetime,omitempty"`
}

// Owner is what a bank says of the holders of one account (schema Owner). All
// holders share one Owner with several names.
type Owner struct {
	Names        []string       `json:"names"`
	PhoneNumbers []OwnerPhone   `json:"phone_numbers"`
	Emails       []OwnerEmail   `json:"emails"`
	Addresses    []OwnerAddress `json:"addresses"`
}

// OwnerPhone is schema PhoneNumber. Type is home, work, office, mobile, mobile1
// or other.
type OwnerPhone struct {
	Data    string `json:"data"`
	Primary bool   `json:"primary"`
	Type    string `json:"type"`
}

// OwnerEmail is schema Email. Type is primary, secondary or other.
type OwnerEmail struct {
	Data    string `json:"data"`
	Primary bool   `json:"primary"`
	Type    string `json:"type"`
}

// OwnerAddress is schema Address.
type OwnerAddress struct {
	Data    OwnerAddressData `json:"data"`
	Primary bool             `json:"primary"`
}

// OwnerAddressData is schema AddressData: every key is always present.
type OwnerAddressData struct {
	City       *string `json:"city"`
	Region     *string `json:"region"`
	Street     string  `json:"street"`
	PostalCode *string `json:"postal_code"`
	Country    *string `json:"country"`
}

// NumbersACH is schema NumbersACH: a US account.
type NumbersACH struct {
	AccountID   string  `json:"account_id"`
	Account     string  `json:"account"`
	Routing     string  `json:"routing"`
	WireRouting *string `json:"wire_routing"`
	// IsTokenized tells that Account is a number made for this Item alone.
	IsTokenized bool `json:"is_tokenized_account_number"`
}

// NumbersEFT is schema NumbersEFT: a Canadian account.
type NumbersEFT struct {
	AccountID   string `json:"account_id"`
	Account     string `json:"account"`
	Institution string `json:"institution"`
	Branch      string `json:"branch"`
}

// NumbersInternational is schema NumbersInternational.
type NumbersInternational struct {
	AccountID string `json:"account_id"`
	IBAN      string `json:"iban"`
	BIC       string `json:"bic"`
}

// NumbersBACS is schema NumbersBACS: a British account.
type NumbersBACS struct {
	AccountID string `json:"account_id"`
	Account   string `json:"account"`
	SortCode  string `json:"sort_code"`
}

// OrNull is how a word that is not there is answered: as null.
func OrNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
