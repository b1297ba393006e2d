package team

import (
	"context"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// profileIn is an application profile as the client writes it. What is left out is
// not given: set replaces the whole of it.
type profileIn struct {
	DisplayName      *string `json:"display_name"`
	CompanyLegalName *string `json:"company_legal_name"`
	ApplicationURL   *string `json:"application_url"`
	LogoURL          *string `json:"logo_url"`
	ReasonForAccess  *string `json:"reason_for_access"`
	UseCase          *string `json:"use_case"`
	City             *string `json:"city"`
	Region           *string `json:"region"`
	PostalCode       *string `json:"postal_code"`
	CountryCode      *string `json:"country_code"`
}

// profile reads what a client wrote, or says which field is wrong. at stands
// before the names of the fields.
func (in profileIn) profile(at string) (Profile, error) {
	text := func(s *string) string {
		if s == nil {
			return ""
		}
		return *s
	}
	p := Profile{
		DisplayName: text(in.DisplayName), CompanyLegalName: text(in.CompanyLegalName), ApplicationURL: text(in.ApplicationURL),
		LogoURL: text(in.LogoURL), ReasonForAccess: text(in.ReasonForAccess), UseCase: text(in.UseCase),
		City: text(in.City), Region: text(in.Region), PostalCode: text(in.PostalCode), CountryCode: text(in.CountryCode),
	}
	for _, wrong := range p.Check() {
		return p, plaid.InvalidField(at + wrong.Field + " " + wrong.Must)
	}
	return p, nil
}

// applicationOut is schema Application.
type applicationOut struct {
	ApplicationID    string  `json:"application_id"`
	Name             string  `json:"name"`
	DisplayName      *string `json:"display_name"`
	JoinDate         string  `json:"join_date"`
	LogoURL          *string `json:"logo_url"`
	ApplicationURL   *string `json:"application_url"`
	ReasonForAccess  *string `json:"reason_for_access"`
	UseCase          *string `json:"use_case"`
	CompanyLegalName *string `json:"company_legal_name"`
	City             *string `json:"city"`
	Region           *string `json:"region"`
	PostalCode       *string `json:"postal_code"`
	CountryCode      *string `json:"country_code"`
}

type profileAnswer struct {
	Application applicationOut `json:"application"`
	Complete    bool           `json:"complete"`
	Missing     []string       `json:"missing"` // what it takes to be complete
}

func (c *Client) profileAnswer() profileAnswer {
	p := c.Profile
	return profileAnswer{
		Application: applicationOut{
			ApplicationID: c.ApplicationID(), Name: c.Name, JoinDate: c.JoinDate(),
			DisplayName: plaid.OrNull(p.DisplayName), LogoURL: plaid.OrNull(p.LogoURL), ApplicationURL: plaid.OrNull(p.ApplicationURL),
			ReasonForAccess: plaid.OrNull(p.ReasonForAccess), UseCase: plaid.OrNull(p.UseCase), CompanyLegalName: plaid.OrNull(p.CompanyLegalName),
			City: plaid.OrNull(p.City), Region: plaid.OrNull(p.Region), PostalCode: plaid.OrNull(p.PostalCode), CountryCode: plaid.OrNull(p.CountryCode),
		},
		Complete: p.Complete(), Missing: orEmpty(p.Missing()),
	}
}

func (t *Teams) setProfile(ctx context.Context, call api.Call, in profileIn) (profileAnswer, error) {
	p, err := in.profile("")
	if err != nil {
		return profileAnswer{}, err
	}
	if err := t.SetProfile(ctx, call.Caller.ClientID, p); err != nil {
		return profileAnswer{}, err
	}
	return t.getProfile(ctx, call, struct{}{})
}

func (t *Teams) getProfile(ctx context.Context, call api.Call, _ struct{}) (profileAnswer, error) {
	c, err := t.Client(ctx, call.Caller.ClientID)
	if err != nil {
		return profileAnswer{}, err
	}
	return c.profileAnswer(), nil
}
