package team

import (
	"context"
	"regexp"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// Endpoints lists what this room serves.
func (u *Users) Endpoints() []api.Endpoint {
	return []api.Endpoint{
		api.Post("/user/create", u.userCreate, api.Summary("Register a user and get a user_id for link tokens")),
	}
}

// userCreateIn is schema UserCreateRequest.
type userCreateIn struct {
	ClientUserID string      `json:"client_user_id" required:"true" min:"1" max:"128"`
	Identity     *identityIn `json:"identity" open:"true"`
	EndCustomer  string      `json:"end_customer" max:"128"`
	Legacy       *consumerIn `json:"consumer_report_user_identity" open:"true"`
	Upgraded     *bool       `json:"with_upgraded_user"`
}

// identityIn is schema ClientUserIdentity.
type identityIn struct {
	Name        *nameIn     `json:"name"`
	DateOfBirth *string     `json:"date_of_birth"`
	Emails      []contactIn `json:"emails"`
	Phones      []contactIn `json:"phone_numbers"`
	Addresses   []addressIn `json:"addresses"`
	IDNumbers   []numberIn  `json:"id_numbers" open:"true"`
}

type nameIn struct {
	GivenName  string `json:"given_name" required:"true"`
	FamilyName string `json:"family_name" required:"true"`
}

type contactIn struct {
	Data    string `json:"data" required:"true"`
	Primary bool   `json:"primary" required:"true"`
}

type addressIn struct {
	Street1    string `json:"street_1"`
	Street2    string `json:"street_2"`
	City       string `json:"city"`
	Region     string `json:"region"`
	Country    string `json:"country" required:"true"`
	PostalCode string `json:"postal_code"`
	Primary    bool   `json:"primary" required:"true"`
}

type numberIn struct {
	Value string `json:"value" required:"true"`
	Type  string `json:"type" required:"true" enum:"ar_dni,au_drivers_license,au_passport,br_cpf,ca_sin,cl_run,cn_resident_card,co_nit,dk_cpr,eg_national_id,es_dni,es_nie,hk_hkid,in_pan,it_cf,jo_civil_id,jp_my_number,ke_huduma_namba,kw_civil_id,mx_curp,mx_rfc,my_nric,ng_nin,nz_drivers_license,om_civil_id,ph_psn,pl_pesel,ro_cnp,sa_national_id,se_pin,sg_nric,tr_tc_kimlik,us_ssn,us_ssn_last_4,za_smart_id"`
}

// consumerIn is schema ConsumerReportUserIdentity.
type consumerIn struct {
	FirstName   string       `json:"first_name" required:"true"`
	LastName    string       `json:"last_name" required:"true"`
	Phones      []string     `json:"phone_numbers" required:"true"`
	Emails      []string     `json:"emails" required:"true"`
	SSNFull     *string      `json:"ssn_full"`
	SSNLast4    *string      `json:"ssn_last_4"`
	DateOfBirth *string      `json:"date_of_birth"`
	Address     consumerHome `json:"primary_address" required:"true" open:"true"`
}

// consumerHome is schema AddressData.
type consumerHome struct {
	Street     string `json:"street" required:"true"`
	City       string `json:"city"`
	Region     string `json:"region"`
	PostalCode string `json:"postal_code"`
	Country    string `json:"country"`
}

// userCreateOut is schema UserCreateResponse.
type userCreateOut struct {
	UserToken string `json:"user_token,omitzero"`
	UserID    string `json:"user_id"`
}

// userCreate registers a user of the new kind, or a legacy one when the request
// has the legacy identity or asks for it with with_upgraded_user: false
// (plaid-server-api.md section 13).
func (u *Users) userCreate(ctx context.Context, call api.Call, in userCreateIn) (userCreateOut, error) {
	if err := CheckClientUserID("client_user_id", in.ClientUserID); err != nil {
		return userCreateOut{}, err
	}
	legacy := in.Legacy != nil || in.Upgraded != nil && !*in.Upgraded
	switch {
	case in.Legacy != nil && in.Identity != nil:
		return userCreateOut{}, plaid.InvalidField("consumer_report_user_identity must be null when identity is provided")
	case in.Legacy != nil && in.Upgraded != nil && *in.Upgraded:
		return userCreateOut{}, plaid.InvalidField("consumer_report_user_identity must be null when with_upgraded_user is true")
	case legacy && in.Identity != nil:
		return userCreateOut{}, plaid.InvalidField("identity must be null when with_upgraded_user is false")
	}
	n := newUser{clientID: call.Caller.ClientID, clientUserID: in.ClientUserID, endCustomer: in.EndCustomer, legacy: legacy}
	var err error
	switch {
	case in.Legacy != nil:
		n.identity, err = u.consumerIdentity(in.Legacy)
	case in.Identity != nil:
		n.identity, err = u.identity(in.Identity)
	}
	if err != nil {
		return userCreateOut{}, err
	}
	user, token, err := u.create(ctx, n)
	return userCreateOut{UserID: user.ID, UserToken: token}, err
}

// identity checks the identity of a new user and brings its numbers into one
// form.
func (u *Users) identity(in *identityIn) (*Identity, error) {
	id := &Identity{}
	if in.Name != nil {
		if blank(in.Name.GivenName) || blank(in.Name.FamilyName) {
			return nil, errName
		}
		id.GivenName, id.FamilyName = in.Name.GivenName, in.Name.FamilyName
	}
	if in.DateOfBirth != nil {
		if err := CheckDateOfBirth(*in.DateOfBirth, u.clock.Now()); err != nil {
			return nil, err
		}
		id.DateOfBirth = *in.DateOfBirth
	}
	country := "US"
	for _, a := range in.Addresses {
		addr := Address{Street: a.Street1, Street2: a.Street2, City: a.City, Region: a.Region, PostalCode: a.PostalCode, Country: a.Country}
		if err := CheckAddress(addr); err != nil {
			return nil, err
		}
		if a.Primary || len(in.Addresses) == 1 {
			country = a.Country
		}
		id.Addresses = append(id.Addresses, IdentityAddress{Address: addr, Primary: a.Primary})
	}
	for _, n := range in.IDNumbers {
		if blank(n.Value) || len(n.Value) > 64 {
			return nil, errIDNumber
		}
		id.IDNumbers = append(id.IDNumbers, IDNumber(n))
	}
	return id, addContacts(id, in.Emails, in.Phones, country)
}

func addContacts(id *Identity, emails, phones []contactIn, country string) error {
	for _, e := range emails {
		if err := CheckEmail(e.Data); err != nil {
			return err
		}
		id.Emails = append(id.Emails, Contact(e))
	}
	for _, p := range phones {
		number, err := CheckPhone(p.Data, country)
		if err != nil {
			return err
		}
		id.Phones = append(id.Phones, Contact{Data: number, Primary: p.Primary})
	}
	return nil
}

var (
	ssnFull  = regexp.MustCompile(`^[0-9]{3}-[0-9]{2}-[0-9]{4}$`)
	ssnLast4 = regexp.MustCompile(`^[0-9]{4}$`)
)

// consumerIdentity is identity for the legacy form. Its users are American.
func (u *Users) consumerIdentity(in *consumerIn) (*Identity, error) {
	a := addressIn{Street1: in.Address.Street, City: in.Address.City, Region: in.Address.Region, PostalCode: in.Address.PostalCode, Country: in.Address.Country, Primary: true}
	if a.Country == "" {
		a.Country = "US"
	}
	if blank(a.Street1) {
		return nil, errAddress
	}
	modern := identityIn{Name: &nameIn{in.FirstName, in.LastName}, DateOfBirth: in.DateOfBirth, Addresses: []addressIn{a}}
	for i, e := range in.Emails {
		modern.Emails = append(modern.Emails, contactIn{Data: e, Primary: i == 0})
	}
	for i, p := range in.Phones {
		modern.Phones = append(modern.Phones, contactIn{Data: p, Primary: i == 0})
	}
	switch {
	case in.SSNFull != nil && !ssnFull.MatchString(*in.SSNFull), in.SSNLast4 != nil && !ssnLast4.MatchString(*in.SSNLast4):
		return nil, errIDNumber
	case in.SSNFull != nil:
		modern.IDNumbers = []numberIn{{Value: *in.SSNFull, Type: "us_ssn"}}
	case in.SSNLast4 != nil:
		modern.IDNumbers = []numberIn{{Value: *in.SSNLast4, Type: "us_ssn_last_4"}}
	}
	return u.identity(&modern)
}
