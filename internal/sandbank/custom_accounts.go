package sandbank

import (
	"strconv"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/institution"
)

// custom are the accounts of a custom user. Where the configuration is silent,
// the data of everybody fills in and balances follow from the seed.
func (d *data) custom(in institution.Institution, v visit) []account {
	c := d.country(in)
	fallback := d.Holders[d.holder(v.Username)]
	overrides := v.Custom.Accounts
	if len(overrides) == 0 {
		overrides = everybody(c)
	}
	names := sharedNames(overrides)
	list := make([]account, len(overrides))
	for i, o := range overrides {
		mask := o.mask(i)
		list[i] = account{Account: d.override(o, c.Currency, v.Seed, i), owner: o.owner(fallback, names)}
		list[i].Mask = mask
		list[i].numbers = o.numbers(c.Numbers, in.Country(), i, mask)
	}
	return list
}

// everybody turns a country's accounts into overrides without balances: what an
// empty configuration means.
func everybody(c country) []override {
	list := make([]override, len(c.Accounts))
	for i, t := range c.Accounts {
		list[i] = override{Type: t.Type, Subtype: t.Subtype, HolderCategory: t.Category}
		list[i].Meta = overrideMeta{Name: t.Name, OfficialName: t.OfficialName, Mask: &t.Mask}
	}
	return list
}

// sharedNames are the names of all accounts: those of the first account that
// has any (schema OwnerOverride).
func sharedNames(list []override) []string {
	for _, o := range list {
		if o.Identity != nil && len(o.Identity.Names) > 0 {
			return o.Identity.Names
		}
	}
	return nil
}

// owner fills what the configuration leaves out with everybody's data.
func (o override) owner(fallback identity, names []string) institution.Owner {
	id := fallback
	if names != nil {
		id.Names = names
	}
	if own := o.Identity; own != nil {
		if own.Phones != nil {
			id.Phones = own.Phones
		}
		if own.Emails != nil {
			id.Emails = own.Emails
		}
		if own.Addresses != nil {
			id.Addresses = own.Addresses
		}
	}
	return id.owner()
}

// override is the account without its numbers.
func (d *data) override(o override, currency, seed string, position int) institution.Account {
	a := institution.Account{
		Name: o.Meta.Name, OfficialName: o.Meta.OfficialName, Type: o.Type, Subtype: o.Subtype, Currency: o.Currency,
	}
	if o.HolderCategory == "personal" || o.HolderCategory == "business" {
		a.HolderCategory = o.HolderCategory
	}
	if a.Name == "" {
		a.Name = "Plaid " + title(o.Subtype)
		for _, t := range d.Countries["US"].Accounts {
			if t.Type == o.Type && t.Subtype == o.Subtype {
				a.Name = t.Name
				if a.OfficialName == "" {
					a.OfficialName = t.OfficialName
				}
				break
			}
		}
	}
	if a.Currency == "" {
		a.Currency = currency
	}
	a.Limit, _ = amountOf(o.Meta.Limit) // checked when the configuration was read
	a.Current, _ = amountOf(o.StartingBalance)
	a.Available, _ = amountOf(o.ForceAvailable)
	o.balances(&a, seed, position)
	return a
}

// balances draws what the configuration does not say. Depository accounts can
// spend all they hold, credit accounts what is left of their limit.
func (o override) balances(a *institution.Account, seed string, position int) {
	at := strconv.Itoa(position)
	if a.Type == "credit" && a.Limit == nil && o.StartingBalance == "" {
		limit := institution.Cents(int64(5+draw(100, seed, at, "limit")) * 100_00)
		a.Limit = &limit
	}
	if a.Current == nil {
		lowest, span := uint64(100_00), uint64(20_000_00)
		switch a.Type {
		case "credit":
			lowest, span = 0, 500_00
		case "loan":
			lowest, span = 1_000_00, 250_000_00
		case "investment":
			lowest, span = 500_00, 150_000_00
		}
		current := institution.Cents(int64(lowest + draw(span, seed, at, "current")))
		a.Current = &current
	}
	if a.Available != nil || o.NullAvailable {
		return
	}
	switch {
	case a.Type == "depository":
		available := *a.Current
		a.Available = &available
	case a.Type == "credit" && a.Limit != nil:
		available := a.Limit.Sub(*a.Current)
		a.Available = &available
	}
}

// mask is the configured one, or the end of the configured number, or a number
// that follows from the position.
func (o override) mask(position int) string {
	number := o.Numbers.Account
	if number == "" {
		number = o.Numbers.InternationalIBAN
	}
	switch {
	case o.Meta.Mask != nil:
		return *o.Meta.Mask
	case len(number) >= 4:
		return number[len(number)-4:]
	default:
		return positionMask(position)
	}
}

func positionMask(position int) string { return strings.Repeat(strconv.Itoa(position%10), 4) }

// numbers are the configured ones. A depository account without any gets those
// of its country.
func (o override) numbers(n numbering, country string, position int, mask string) *institution.Numbers {
	c := o.Numbers
	if !isDigits(mask, 4) {
		mask = positionMask(position)
	}
	account := c.Account
	schemes := c.ACHRouting+c.ACHWireRouting+c.EFTInstitution+c.BACSSortCode+c.InternationalIBAN != ""
	switch {
	case !schemes && o.Type != "depository":
		return nil
	case !schemes && account == "":
		return n.of(country, mask)
	case !schemes:
		return n.with(country, account)
	case account == "" && c.InternationalIBAN != "":
		account = c.InternationalIBAN
	case account == "":
		account = n.Prefix + mask
	}
	out := &institution.Numbers{}
	switch {
	case c.ACHRouting != "":
		out.ACH = &institution.ACH{Account: account, Routing: c.ACHRouting, WireRouting: c.ACHWireRouting}
	case c.ACHWireRouting != "":
		out.ACH = &institution.ACH{Account: account, Routing: usRouting, WireRouting: c.ACHWireRouting}
	}
	if c.EFTInstitution != "" {
		out.EFT = &institution.EFT{Account: account, Institution: c.EFTInstitution, Branch: c.EFTBranch}
	}
	if c.BACSSortCode != "" {
		out.BACS = &institution.BACS{Account: account, SortCode: strings.ReplaceAll(c.BACSSortCode, "-", "")}
	}
	if c.InternationalIBAN != "" {
		out.International = &institution.International{IBAN: c.InternationalIBAN, BIC: c.InternationalBIC}
	}
	return out
}

// usRouting is the bank's routing number where a configuration names none.
const usRouting = "011401533"

// title writes each word with a capital.
func title(s string) string {
	words := strings.Fields(s)
	for i, w := range words {
		words[i] = strings.ToUpper(w[:1]) + w[1:]
	}
	return strings.Join(words, " ")
}
