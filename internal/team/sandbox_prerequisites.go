package team

import (
	"context"

	"github.com/glencheck-dev/glencheck/internal/api"
)

type prerequisitesIn struct {
	Enforce bool `json:"enforce" required:"true"`
}

// prerequisitesOut is what production asks of a team, and how far this one is.
type prerequisitesOut struct {
	Enforce            bool               `json:"enforce"`
	ApplicationProfile prerequisite       `json:"application_profile"`
	Customizations     []customizationUse `json:"customizations"`
}

type prerequisite struct {
	Complete bool     `json:"complete"`
	Missing  []string `json:"missing"`
}

type customizationUse struct {
	Name     string   `json:"name"`
	UseCases []string `json:"use_cases"` // empty: production refuses its link tokens
}

func (t *Teams) setPrerequisites(ctx context.Context, call api.Call, in prerequisitesIn) (prerequisitesOut, error) {
	if err := t.SetEnforced(ctx, call.Caller.ClientID, in.Enforce); err != nil {
		return prerequisitesOut{}, err
	}
	return t.getPrerequisites(ctx, call, struct{}{})
}

func (t *Teams) getPrerequisites(ctx context.Context, call api.Call, _ struct{}) (prerequisitesOut, error) {
	c, err := t.Client(ctx, call.Caller.ClientID)
	if err != nil {
		return prerequisitesOut{}, err
	}
	out := prerequisitesOut{
		Enforce:            c.Enforced,
		ApplicationProfile: prerequisite{c.Profile.Complete(), orEmpty(c.Profile.Missing())},
		Customizations:     []customizationUse{},
	}
	for _, k := range c.Customizations {
		out.Customizations = append(out.Customizations, customizationUse{k.Name, orEmpty(k.UseCases)})
	}
	return out, nil
}
