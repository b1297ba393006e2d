package workflow

import (
	"encoding/json"
	"math/big"
)

// account is the part of an answer that all processor endpoints share.
type account struct {
	AccountID    string  `json:"account_id"`
	Name         *string `json:"name"`
	OfficialName *string `json:"official_name"`
	Mask         *string `json:"mask"`
	Type         *string `json:"type"`
	Subtype      *string `json:"subtype"`
	Holder       *string `json:"holder_category"`
	Verification *string `json:"verification_status"`
	Balances     struct {
		Available *json.Number `json:"available"`
		Current   *json.Number `json:"current"`
		Limit     *json.Number `json:"limit"`
		Currency  *string      `json:"iso_currency_code"`
	} `json:"balances"`
	Owners []struct {
		Names  []string `json:"names"`
		Phones []struct {
			Data string `json:"data"`
		} `json:"phone_numbers"`
		Emails []struct {
			Data string `json:"data"`
		} `json:"emails"`
		Addresses []struct {
			Data struct {
				Region     *string `json:"region"`
				PostalCode *string `json:"postal_code"`
				Country    *string `json:"country"`
			} `json:"data"`
		} `json:"addresses"`
	} `json:"owners"`
	LegalName *nameScore    `json:"legal_name"`
	Phone     *scored       `json:"phone_number"`
	Email     *scored       `json:"email_address"`
	Address   *addressScore `json:"address"`
}

type scored struct {
	Score *int64 `json:"score"`
}

type nameScore struct {
	Score    *int64 `json:"score"`
	OneOf    *bool  `json:"is_first_name_or_last_name_match"`
	Nickname *bool  `json:"is_nickname_match"`
	Business *bool  `json:"is_business_name_detected"`
}

type addressScore struct {
	Score  *int64 `json:"score"`
	Postal *bool  `json:"is_postal_code_match"`
}

var ofAccount = []fact{
	{"type", text, "depository, credit, loan, investment or other"},
	{"subtype", text, "checking, savings and so on"},
	{"name", text, "the account's name at the bank"},
	{"mask", text, "the last characters of the account's number"},
	{"holder_category", text, "personal, business or unrecognized"},
	{"verification_status", text, "how far the account was verified in Link, for those that had to be"},
}

func facts(more ...fact) []fact { return append(more, ofAccount...) }

var (
	plaidAccount = catalogue{
		about: "the account behind the token, by /processor/account/get",
		facts: facts(fact{"institution_id", text, "the institution"}),
		take: taker(func(a *answer, v map[string]any) {
			set(v, "institution_id", a.InstitutionID)
		}),
	}
	plaidAuth = catalogue{
		about: "the account's numbers, by /processor/auth/get",
		facts: facts(
			fact{"has_ach", boolean, "the account has a routing number and an account number for ACH"},
			fact{"routing", text, "the routing number for ACH"},
			fact{"is_tokenized", boolean, "the account number stands for another one"},
			fact{"has_international", boolean, "the account has an IBAN"},
		),
		take: taker(takeNumbers),
	}
	plaidIdentity = catalogue{
		about: "the account's owners, by /processor/identity/get",
		facts: facts(
			fact{"owner_names", texts, "the names of the owners"},
			fact{"emails", texts, "their e-mail addresses"},
			fact{"phone_numbers", texts, "their phone numbers"},
			fact{"regions", texts, "the states of their addresses"},
			fact{"postal_codes", texts, "the postal codes of their addresses"},
			fact{"countries", texts, "the countries of their addresses"},
		),
		take: taker(takeOwners),
	}
	plaidIdentityMatch = catalogue{
		about: "how well the person agrees with the account's owners, by /processor/identity/match",
		facts: facts(
			fact{"name_score", integer, "0 to 100; none if no name was given or known"},
			fact{"phone_score", integer, "0 to 100; none if no phone number was given or known"},
			fact{"email_score", integer, "0 to 100; none if no e-mail address was given or known"},
			fact{"address_score", integer, "0 to 100; none if no address was given or known"},
			fact{"is_first_name_or_last_name_match", boolean, "the first or the last name agrees"},
			fact{"is_nickname_match", boolean, "a nickname agrees"},
			fact{"is_business_name_detected", boolean, "a name is a business's"},
			fact{"is_postal_code_match", boolean, "the postal code agrees"},
		),
		take: taker(takeScores),
	}
	plaidBalance = catalogue{
		about: "the balances as the bank has them now, by /processor/balance/get",
		facts: facts(
			fact{"available_cents", integer, "the available balance in hundredths of its currency"},
			fact{"current_cents", integer, "the current balance in hundredths of its currency"},
			fact{"limit_cents", integer, "the limit in hundredths of its currency"},
			fact{"currency", text, "the currency's ISO code"},
		),
		take: taker(takeBalances),
	}
)

// answer is what the processor endpoints answer, as far as facts come from it.
type answer struct {
	Account       *account `json:"account"`
	InstitutionID *string  `json:"institution_id"`
	Numbers       struct {
		ACH *struct {
			Account   string  `json:"account"`
			Routing   *string `json:"routing"`
			Tokenized *bool   `json:"is_tokenized_account_number"`
		} `json:"ach"`
		International *struct {
			IBAN string `json:"iban"`
		} `json:"international"`
	} `json:"numbers"`
}

// taker reads an answer and the facts of its account, and lets more add the rest.
func taker(more func(*answer, map[string]any)) func([]byte) (map[string]any, error) {
	return func(body []byte) (map[string]any, error) {
		var a answer
		if err := json.Unmarshal(body, &a); err != nil {
			return nil, err
		}
		if a.Account == nil {
			return nil, errNoAccount
		}
		v := map[string]any{}
		set(v, "type", a.Account.Type)
		set(v, "subtype", a.Account.Subtype)
		set(v, "name", a.Account.Name)
		set(v, "mask", a.Account.Mask)
		set(v, "holder_category", a.Account.Holder)
		set(v, "verification_status", a.Account.Verification)
		more(&a, v)
		for name, value := range v {
			if s, ok := value.(string); ok {
				v[name] = clip(s)
			}
		}
		return v, nil
	}
}

func takeNumbers(a *answer, v map[string]any) {
	v["has_ach"] = a.Numbers.ACH != nil
	v["has_international"] = a.Numbers.International != nil
	if n := a.Numbers.ACH; n != nil {
		set(v, "routing", n.Routing)
		set(v, "is_tokenized", n.Tokenized)
	}
}

func takeOwners(a *answer, v map[string]any) {
	var names, emails, phones, regions, codes, countries []string
	for _, o := range a.Account.Owners {
		names = append(names, o.Names...)
		for _, p := range o.Phones {
			phones = append(phones, p.Data)
		}
		for _, e := range o.Emails {
			emails = append(emails, e.Data)
		}
		for _, ad := range o.Addresses {
			regions = appendSet(regions, ad.Data.Region)
			codes = appendSet(codes, ad.Data.PostalCode)
			countries = appendSet(countries, ad.Data.Country)
		}
	}
	v["owner_names"], v["emails"], v["phone_numbers"] = clipped(names), clipped(emails), clipped(phones)
	v["regions"], v["postal_codes"], v["countries"] = clipped(regions), clipped(codes), clipped(countries)
}

func appendSet(list []string, s *string) []string {
	if s == nil {
		return list
	}
	return append(list, *s)
}

func takeScores(a *answer, v map[string]any) {
	if n := a.Account.LegalName; n != nil {
		set(v, "name_score", n.Score)
		set(v, "is_first_name_or_last_name_match", n.OneOf)
		set(v, "is_nickname_match", n.Nickname)
		set(v, "is_business_name_detected", n.Business)
	}
	for name, s := range map[string]*scored{"phone_score": a.Account.Phone, "email_score": a.Account.Email} {
		if s != nil {
			set(v, name, s.Score)
		}
	}
	if ad := a.Account.Address; ad != nil {
		set(v, "address_score", ad.Score)
		set(v, "is_postal_code_match", ad.Postal)
	}
}

func takeBalances(a *answer, v map[string]any) {
	b := &a.Account.Balances
	for name, n := range map[string]*json.Number{"available_cents": b.Available, "current_cents": b.Current, "limit_cents": b.Limit} {
		if c, ok := cents(n); ok {
			v[name] = c
		}
	}
	set(v, "currency", b.Currency)
}

// cents are the hundredths of an amount, exactly where it has no more than two
// decimals and rounded down where it has.
func cents(n *json.Number) (int64, bool) {
	if n == nil || len(*n) > 40 {
		return 0, false
	}
	r, ok := new(big.Rat).SetString(n.String())
	if !ok {
		return 0, false
	}
	r.Mul(r, big.NewRat(100, 1))
	q := new(big.Int).Div(r.Num(), r.Denom()) // towards minus infinity, as the denominator is positive
	return q.Int64(), q.IsInt64()
}
