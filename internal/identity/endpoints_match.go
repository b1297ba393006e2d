package identity

import (
	"context"
	"errors"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/identity/match"
	"github.com/glencheck-dev/glencheck/internal/item"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// matchProduct is the product of /identity/match. It is billed for each call, so
// that no call makes it a product of the Item.
const matchProduct = "identity_match"

// matchRequest is schema IdentityMatchRequest.
type matchRequest struct {
	AccessToken string              `json:"access_token" required:"true"`
	User        *User               `json:"user" open:"true"`
	Options     item.AccountOptions `json:"options"`
}

// User is schema IdentityMatchUser: what a client knows of a person. What is null,
// empty or left out is not compared.
type User struct {
	LegalName    *string      `json:"legal_name" max:"500"`
	PhoneNumber  *string      `json:"phone_number" max:"60"`
	EmailAddress *string      `json:"email_address" max:"320"`
	Address      *UserAddress `json:"address" open:"true"`
}

// UserAddress is schema AddressDataNullableNoRequiredFields.
type UserAddress struct {
	City       *string `json:"city" max:"200"`
	Region     *string `json:"region" max:"200"`
	Street     *string `json:"street" max:"500"`
	PostalCode *string `json:"postal_code" max:"40"`
	Country    *string `json:"country" max:"100"`
}

// Check refuses what cannot be a telephone number at all. One that no numbering
// plan knows is compared: the simulated bank's own are such
// (plaid-server-api.md section 8.2).
func (u *User) Check() error {
	if u == nil || u.PhoneNumber == nil || strings.TrimSpace(*u.PhoneNumber) == "" || match.IsPhone(*u.PhoneNumber) {
		return nil
	}
	return plaid.InvalidField("user.phone_number must be a telephone number, in E.164 format if possible")
}

// Person is what the user's members say.
func (u *User) Person() match.Person {
	var p match.Person
	if u == nil {
		return p
	}
	p.Names, p.Phones, p.Emails = list(u.LegalName), list(u.PhoneNumber), list(u.EmailAddress)
	if a := u.Address; a != nil {
		p.Addresses = []match.Address{{Street: text(a.Street), City: text(a.City), Region: text(a.Region), PostalCode: text(a.PostalCode), Country: text(a.Country)}}
	}
	return p
}

func list(s *string) []string {
	if s == nil {
		return nil
	}
	return []string{*s}
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// PersonOf is what a bank says of the owners of an account.
func PersonOf(o plaid.Owner) match.Person {
	p := match.Person{Names: o.Names}
	for _, n := range o.PhoneNumbers {
		p.Phones = append(p.Phones, n.Data)
	}
	for _, e := range o.Emails {
		p.Emails = append(p.Emails, e.Data)
	}
	for _, a := range o.Addresses {
		d := a.Data
		p.Addresses = append(p.Addresses, match.Address{Street: d.Street, City: text(d.City), Region: text(d.Region), PostalCode: text(d.PostalCode), Country: text(d.Country)})
	}
	return p
}

// Scores is what schema AccountIdentityMatchScore has beyond an account. A score
// is null where either side lacks what is compared.
type Scores struct {
	LegalName    *NameScore    `json:"legal_name"`
	PhoneNumber  *Score        `json:"phone_number"`
	EmailAddress *Score        `json:"email_address"`
	Address      *AddressScore `json:"address"`
}

// NameScore is schema NameMatchScore.
type NameScore struct {
	Score       int  `json:"score"`
	FirstOrLast bool `json:"is_first_name_or_last_name_match"`
	Nickname    bool `json:"is_nickname_match"`
	Business    bool `json:"is_business_name_detected"`
}

// Score is schemas PhoneNumberMatchScore and EmailAddressMatchScore.
type Score struct {
	Score int `json:"score"`
}

// AddressScore is schema AddressMatchScore.
type AddressScore struct {
	Score      int  `json:"score"`
	PostalCode bool `json:"is_postal_code_match"`
}

// ScoresOf renders a comparison.
func ScoresOf(r match.Result) Scores {
	var s Scores
	if n := r.Name; n != nil {
		s.LegalName = &NameScore{n.Score, n.FirstOrLast, n.Nickname, n.Business}
	}
	if r.Phone != nil {
		s.PhoneNumber = &Score{r.Phone.Score}
	}
	if r.Email != nil {
		s.EmailAddress = &Score{r.Email.Score}
	}
	if a := r.Address; a != nil {
		s.Address = &AddressScore{a.Score, a.PostalCode}
	}
	return s
}

// MatchAccount is schema AccountIdentityMatchScore. Its balances are null, every
// one (plaid-server-api.md section 8.3).
type MatchAccount struct {
	plaid.Account
	Scores
}

// Matched is an account with its scores as the API answers them.
func Matched(a plaid.Account, s Scores) MatchAccount {
	a.Balances = plaid.Balances{}
	return MatchAccount{a, s}
}

type matchResponse struct {
	Accounts []MatchAccount `json:"accounts"`
	Item     item.Object    `json:"item"`
}

// match compares what a client knows with what the bank says, account by account.
func (s *Identity) match(ctx context.Context, call api.Call, in matchRequest) (matchResponse, error) {
	var out matchResponse
	sn, err := s.compare(ctx, s.items.With(call, in.AccessToken), in.User, in.Options.AccountIDs, func(a item.Account, r match.Result) {
		out.Accounts = append(out.Accounts, Matched(a.Object, ScoresOf(r)))
	})
	if err == nil {
		out.Item = sn.Object()
	}
	return out, err
}

// MatchAccount is what /identity/match answers for one account, to whomever find lets
// in.
func (s *Identity) MatchAccount(ctx context.Context, find item.Finder, user *User, accountID string) (MatchAccount, error) {
	var out MatchAccount
	_, err := s.compare(ctx, find, user, []string{accountID}, func(a item.Account, r match.Result) {
		out = Matched(a.Object, ScoresOf(r))
	})
	return out, err
}

// compare compares a user with the owners of each account with these ids, all of them
// when ids is nil.
func (s *Identity) compare(ctx context.Context, find item.Finder, user *User, ids []string, each func(item.Account, match.Result)) (*item.Snapshot, error) {
	if err := user.Check(); err != nil {
		return nil, err
	}
	said := user.Person()
	return item.Steady(ctx, s.items, find, "", func(sn *item.Snapshot) (*item.Snapshot, error) {
		if err := s.mayMatch(ctx, sn); err != nil {
			return nil, err
		}
		picked, err := sn.Pick(ids)
		if err != nil {
			return nil, err
		}
		held, sn, err := s.Held(ctx, sn)
		if err != nil {
			return nil, err
		}
		for i := range picked {
			each(picked[i], match.Best(said, held[picked[i].ID]))
		}
		return sn, nil
	})
}

// mayMatch refuses an Item that has no owners to compare with: identity will do
// where the institution or the person's consent knows no identity_match.
func (s *Identity) mayMatch(ctx context.Context, sn *item.Snapshot) error {
	if sn.Connector == "" {
		return s.items.Authorized(ctx, sn.ClientID, matchProduct)
	}
	err := s.items.Readable(ctx, sn, matchProduct)
	var refused *plaid.Error
	if !errors.As(err, &refused) {
		return err
	}
	if other := s.items.Readable(ctx, sn, product); other == nil {
		return nil
	}
	return err
}

// Held is what is known of the owners of each account of an Item, by account_id:
// from the bank of the login, or where nobody has logged in from the network.
func (s *Identity) Held(ctx context.Context, sn *item.Snapshot) (map[string]match.Person, *item.Snapshot, error) {
	if sn.Connector == "" {
		return s.heldByNetwork(ctx, sn)
	}
	owners, sn, err := s.owners(ctx, sn, "")
	if err != nil {
		return nil, nil, err
	}
	held := make(map[string]match.Person, len(owners))
	for id, o := range owners {
		held[id] = PersonOf(o)
	}
	return held, sn, nil
}
