package identity

import (
	"context"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/identity/match"
	"github.com/glencheck-dev/glencheck/internal/item"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// ExplainRequest is the body of /sandbox/identity/match/explain: a user, and
// either the Item whose owners they are compared with, or an owner.
type ExplainRequest struct {
	AccessToken string              `json:"access_token"`
	User        *User               `json:"user" open:"true"`
	Owner       *ExplainOwner       `json:"owner"`
	Options     item.AccountOptions `json:"options"`
}

// ExplainOwner is an owner to compare with, in the place of those of an Item.
type ExplainOwner struct {
	Names        []string      `json:"names" max:"20"`
	PhoneNumbers []string      `json:"phone_numbers" max:"20"`
	Emails       []string      `json:"emails" max:"20"`
	Addresses    []UserAddress `json:"addresses" max:"20"`
}

func (o *ExplainOwner) person() match.Person {
	p := match.Person{Names: o.Names, Phones: o.PhoneNumbers, Emails: o.Emails}
	for i := range o.Addresses {
		p.Addresses = append(p.Addresses, (&User{Address: &o.Addresses[i]}).Person().Addresses...)
	}
	return p
}

// Explained are the scores of one account with their reasons.
type Explained struct {
	AccountID    string       `json:"account_id,omitempty"` // left out for an owner that was given
	Scores       Scores       `json:"scores"`
	LegalName    *Explanation `json:"legal_name"`
	PhoneNumber  *Explanation `json:"phone_number"`
	EmailAddress *Explanation `json:"email_address"`
	Address      *Explanation `json:"address"`
}

// Explanation is why a score is what it is: it begins at 100, and the points of
// the steps add up to it.
type Explanation struct {
	Score int             `json:"score"`
	Steps []ExplainedStep `json:"steps"`
}

// ExplainedStep is one reason for a score.
type ExplainedStep struct {
	Rule   match.Rule `json:"rule"`
	Says   string     `json:"says"`
	User   string     `json:"user"`
	Owner  string     `json:"owner"`
	Points int        `json:"points"`
}

type explainResponse struct {
	Accounts []Explained `json:"accounts"`
}

// explain answers what /identity/match would, with the reason of each score.
func (s *Identity) explain(ctx context.Context, call api.Call, in ExplainRequest) (explainResponse, error) {
	var out explainResponse
	if (in.Owner == nil) == (in.AccessToken == "") {
		return out, plaid.InvalidField("owner must be given if there is no access_token, and only then")
	}
	if in.Owner != nil {
		if err := in.User.Check(); err != nil {
			return out, err
		}
		out.Accounts = []Explained{explained("", match.Best(in.User.Person(), in.Owner.person()))}
		return out, nil
	}
	_, err := s.compare(ctx, s.items.With(call, in.AccessToken), in.User, in.Options.AccountIDs, func(a item.Account, r match.Result) {
		out.Accounts = append(out.Accounts, explained(a.ID, r))
	})
	return out, err
}

func explained(accountID string, r match.Result) Explained {
	out := Explained{AccountID: accountID, Scores: ScoresOf(r)}
	if r.Name != nil {
		out.LegalName = reasons(r.Name.Score, r.Name.Trace)
	}
	if r.Phone != nil {
		out.PhoneNumber = reasons(r.Phone.Score, r.Phone.Trace)
	}
	if r.Email != nil {
		out.EmailAddress = reasons(r.Email.Score, r.Email.Trace)
	}
	if r.Address != nil {
		out.Address = reasons(r.Address.Score, r.Address.Trace)
	}
	return out
}

func reasons(score int, t match.Trace) *Explanation {
	out := &Explanation{Score: score, Steps: make([]ExplainedStep, len(t))}
	for i, s := range t {
		out.Steps[i] = ExplainedStep{s.Rule, s.Rule.Says(), s.A, s.B, s.Points}
	}
	return out
}
