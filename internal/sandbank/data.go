package sandbank

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/glencheck-dev/glencheck/internal/institution"
)

//go:embed bank.json
var bankData []byte

// data is bank.json.
type data struct {
	About     string              `json:"about"`
	People    []person            `json:"people"`
	Holders   map[string]identity `json:"holders"`
	Countries map[string]country  `json:"countries"`
	Habits    habits              `json:"habits"`
	Network   []listed            `json:"network"`
	// Known are routing numbers under which the network knows who holds the stock
	// accounts: Identity Match of an account without a login.
	Known []knownHolder `json:"known_holders"`
}

// person is someone with a login.
type person struct {
	Username string `json:"username"`
	// Passwords are the good ones; none means that any will do.
	Passwords []string `json:"passwords"`
	// Holder names what the bank knows of the person.
	Holder string `json:"holder"`
	// TestPasswords lets the person script the login with its password.
	TestPasswords bool `json:"test_passwords"`
}

// country is how the bank's branches in one country keep accounts.
type country struct {
	Currency string     `json:"currency"`
	Accounts []template `json:"accounts"`
	Numbers  numbering  `json:"numbers"`
}

// template is an account that everybody has there.
type template struct {
	Mask         string               `json:"mask"`
	Name         string               `json:"name"`
	OfficialName string               `json:"official_name"`
	Type         string               `json:"type"`
	Subtype      string               `json:"subtype"`
	Available    *institution.Decimal `json:"available"`
	Current      *institution.Decimal `json:"current"`
	Limit        *institution.Decimal `json:"limit"`
	Category     string               `json:"category"`
}

// numbering is how accounts of a country are numbered: a prefix and the mask,
// and the codes of the bank in each scheme.
type numbering struct {
	Prefix         string `json:"prefix"`
	ACHRouting     string `json:"ach_routing"`
	ACHWireRouting string `json:"ach_wire_routing"`
	EFTInstitution string `json:"eft_institution"`
	EFTBranch      string `json:"eft_branch"`
	BACSSortCode   string `json:"bacs_sort_code"`
	IBANBank       string `json:"iban_bank"`
	IBANBranch     string `json:"iban_branch"`
	BIC            string `json:"bic"`
}

// habits lists the institutions where things are done in a special way.
type habits struct {
	AlwaysAsksCode         []string `json:"always_asks_code"`
	LimitedPurposeChecking []string `json:"limited_purpose_checking"`
	DatesBalances          []string `json:"dates_balances"`
	SimulatesErrors        []string `json:"simulates_errors"` // on their own pages, if asked to
}

// identity is what a bank knows of an account's holders, as both the data file
// and custom users write it.
type identity struct {
	Names     []string  `json:"names"`
	Phones    []contact `json:"phone_numbers"`
	Emails    []contact `json:"emails"`
	Addresses []address `json:"addresses"`
}

type contact struct {
	Data    string `json:"data"`
	Primary bool   `json:"primary"`
	Type    string `json:"type"`
}

type address struct {
	Data struct {
		Street     string `json:"street"`
		City       string `json:"city"`
		Region     string `json:"region"`
		PostalCode string `json:"postal_code"`
		Country    string `json:"country"`
	} `json:"data"`
	Primary bool `json:"primary"`
}

// owner is the identity as the interface has it.
func (i identity) owner() institution.Owner {
	o := institution.Owner{Names: slices.Clone(i.Names)}
	for _, p := range i.Phones {
		o.Phones = append(o.Phones, institution.Phone(p))
	}
	for _, e := range i.Emails {
		o.Emails = append(o.Emails, institution.Email(e))
	}
	for _, a := range i.Addresses {
		d := a.Data
		o.Addresses = append(o.Addresses, institution.Address{
			Street: d.Street, City: d.City, Region: d.Region, PostalCode: d.PostalCode, Country: d.Country, Primary: a.Primary,
		})
	}
	return o
}

// load reads and checks the data file.
func load(raw []byte) (*data, error) {
	var d data
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&d); err != nil {
		return nil, fmt.Errorf("bank.json: %w", err)
	}
	for _, p := range d.People {
		if _, ok := d.Holders[p.Holder]; !ok {
			return nil, fmt.Errorf("bank.json: %s: no holder %q", p.Username, p.Holder)
		}
	}
	for _, k := range d.Known {
		if _, ok := d.Holders[k.Holder]; !ok || !institution.IsRoutingNumber(k.Routing) {
			return nil, fmt.Errorf("bank.json: known holders: %q of %q", k.Holder, k.Routing)
		}
	}
	for code, c := range d.Countries {
		masks := map[string]bool{}
		for _, a := range c.Accounts {
			if !institution.IsAccountType(a.Type, a.Subtype) || a.Current == nil || masks[a.Mask] {
				return nil, fmt.Errorf("bank.json: %s: account %s", code, a.Mask)
			}
			masks[a.Mask] = true
		}
	}
	return &d, nil
}

// person finds who has a login name.
func (d *data) person(username string) (person, bool) {
	i := slices.IndexFunc(d.People, func(p person) bool { return p.Username == username })
	if i < 0 {
		return person{}, false
	}
	return d.People[i], true
}

// country is the country of an institution; banks of countries without
// branches of ours keep accounts as in the United States.
func (d *data) country(i institution.Institution) country {
	if c, ok := d.Countries[i.Country()]; ok {
		return c
	}
	return d.Countries["US"]
}
