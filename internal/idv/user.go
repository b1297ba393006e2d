package idv

import "github.com/glencheck-dev/glencheck/internal/idv/person"

// What is known of a person is told by package person: its types are those of the
// API.
type (
	// User is what an attempt knows of a person (schema IdentityVerificationUserData).
	User = person.User
	// Name is a person's name, whole.
	Name = person.Name
	// Address is a person's address: a country alone, or all of it.
	Address = person.Address
	// IDNumber is a number that a state has given a person.
	IDNumber = person.IDNumber
)

// policy is what is taken beyond what the API documents: nothing.
var policy = person.Policy{}

// merge takes over what another source says of a person, and leaves the rest.
func merge(to *User, with User) {
	take(&to.PhoneNumber, with.PhoneNumber)
	take(&to.DateOfBirth, with.DateOfBirth)
	take(&to.IPAddress, with.IPAddress)
	take(&to.EmailAddress, with.EmailAddress)
	take(&to.Name, with.Name)
	take(&to.Address, with.Address)
	take(&to.IDNumber, with.IDNumber)
}

func take[T any](to **T, from *T) {
	if from != nil {
		*to = from
	}
}

// missing lists what the person has still to say before kyc_check can run, by their
// paths within the user object, in the order in which Link asks.
func (a *Attempt) missing() []string {
	if a.Plan.KYC == nil {
		return nil
	}
	list := a.User.Lacks(a.Plan.KYC.IDNumber != DemandNothing, policy)
	if a.User.PhoneNumber == nil && a.Plan.KYC.PhoneNumber != DemandNothing {
		list = append(list, "phone_number")
	}
	return list
}

// asksNumber reports whether the person is asked for an id number.
func (r *KYCRules) asksNumber(u User) bool {
	if u.Address == nil {
		return true
	}
	c, ok := person.CountryOf(u.Address.Country)
	return ok && c.AsksIDNumber(r.IDNumber != DemandNothing, policy)
}
