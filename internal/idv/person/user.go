package person

// Input is the user object of a request: schemas
// IdentityVerificationCreateRequestUser, IdentityVerificationRequestUser and the
// members of LinkTokenCreateRequestUser that prefill Link. Every member is whole or
// absent (seed 003).
type Input struct {
	EmailAddress *string       `json:"email_address"`
	PhoneNumber  *string       `json:"phone_number"`
	DateOfBirth  *string       `json:"date_of_birth"`
	Name         *NameInput    `json:"name"`
	Address      *AddressInput `json:"address" open:"true"`
	IDNumber     *IDInput      `json:"id_number" open:"true"`
}

// NameInput is schema IdentityVerificationRequestUserName.
type NameInput struct {
	GivenName  string `json:"given_name" required:"true"`
	FamilyName string `json:"family_name" required:"true"`
}

// AddressInput is schema UserAddress.
type AddressInput struct {
	Street     *string `json:"street"`
	Street2    *string `json:"street2"`
	City       *string `json:"city"`
	Region     *string `json:"region"`
	PostalCode *string `json:"postal_code"`
	Country    string  `json:"country" required:"true"`

	// Nulls names the members that were sent as null, which the rules of some
	// countries tell from absent ones.
	Nulls []string `nulls:"true"`
}

// IDInput is schema UserIDNumber.
type IDInput struct {
	Type  string `json:"type" required:"true"`
	Value string `json:"value" required:"true"`
}

// User is what is known of a person, as it is stored and answered (schema
// IdentityVerificationUserData): every key is always there and null until known.
type User struct {
	PhoneNumber  *string   `json:"phone_number"` // E.164
	DateOfBirth  *string   `json:"date_of_birth"`
	IPAddress    *string   `json:"ip_address"`
	EmailAddress *string   `json:"email_address"`
	Name         *Name     `json:"name"`
	Address      *Address  `json:"address"`
	IDNumber     *IDNumber `json:"id_number"`
}

// Name is schema IdentityVerificationResponseUserName: null or whole.
type Name struct {
	GivenName  string `json:"given_name"`
	FamilyName string `json:"family_name"`
}

// Address is schema IdentityVerificationUserAddress. Parts that the country does
// not have are null, and all but the country are until the street is known.
type Address struct {
	Street     *string `json:"street"`
	Street2    *string `json:"street2"`
	City       *string `json:"city"`
	Region     *string `json:"region"`
	PostalCode *string `json:"postal_code"`
	Country    string  `json:"country"`
}

// Whole reports whether more than the country is known.
func (a *Address) Whole() bool { return a != nil && a.Street != nil }

// IDNumber is schema UserIDNumber.
type IDNumber struct {
	Type  string `json:"type"`
	Value string `json:"value"`
}

// Policy is what an installation takes beyond what Plaid takes.
type Policy struct {
	// TakeITIN takes individual taxpayer numbers as us_ssn: Plaid's table says "SSN
	// or ITIN" and its rule refuses the 9 that each of them begins with.
	TakeITIN bool
	// EveryIDType takes the ID numbers of countries where a type exists and Plaid's
	// table says that none is accepted.
	EveryIDType bool
}

// Lacks lists the data that a person of the country has still to give before the
// checks of kyc_check can run, by their dotted paths within the user object, in the
// order in which Link asks. The ID number is among them where the country demands
// one; with wantID, where it merely takes one.
func (u *User) Lacks(wantID bool, p Policy) []string {
	var paths []string
	lack := func(missing bool, path string) {
		if missing {
			paths = append(paths, path)
		}
	}
	lack(u.Address == nil, "address.country")
	lack(u.Name == nil, "name")
	lack(!u.Address.Whole(), "address")
	lack(u.DateOfBirth == nil, "date_of_birth")
	if u.IDNumber == nil && u.Address != nil {
		c, ok := CountryOf(u.Address.Country)
		lack(ok && c.AsksIDNumber(wantID, p), "id_number")
	}
	return paths
}

// AsksIDNumber reports whether Link asks people of the country for an ID number.
func (c *Country) AsksIDNumber(want bool, p Policy) bool {
	return c.IDNumber == Required || want && len(c.OfferedIDTypes(p)) > 0
}

// OfferedIDTypes are the types of ID numbers that a person of the country may
// choose from.
func (c *Country) OfferedIDTypes(p Policy) []*IDType {
	if c.IDNumber == NotAccepted && !p.EveryIDType {
		return nil
	}
	return c.IDTypes
}
