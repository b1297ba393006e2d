package team

import (
	"context"
	"time"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// integrationOut is how a partner is switched.
type integrationOut struct {
	Processor string  `json:"processor"`
	Name      string  `json:"name"`
	Kind      string  `json:"kind"`
	Enabled   bool    `json:"enabled"`
	ChangedAt *string `json:"changed_at"` // null: never
}

func (c *Client) integrationOut(p plaid.Partner) integrationOut {
	i := c.Integration(p.Name)
	out := integrationOut{Processor: p.Name, Name: p.Title, Kind: p.Kind, Enabled: i.On}
	if !i.Since.IsZero() {
		at := i.Since.UTC().Format(time.RFC3339)
		out.ChangedAt = &at
	}
	return out
}

type integrationIn struct {
	Processor string `json:"processor" required:"true" min:"1" max:"50"`
	Enabled   bool   `json:"enabled" required:"true"`
}

type integrationAnswer struct {
	Integration integrationOut `json:"integration"`
}

func (t *Teams) setIntegration(ctx context.Context, call api.Call, in integrationIn) (out integrationAnswer, err error) {
	p, ok := plaid.PartnerByName(in.Processor)
	if !ok {
		return out, plaid.InvalidField("processor must be the name of a partner")
	}
	if _, err := t.SetIntegration(ctx, call.Caller.ClientID, p.Name, in.Enabled); err != nil {
		return out, err
	}
	c, err := t.Client(ctx, call.Caller.ClientID)
	if err != nil {
		return out, err
	}
	return integrationAnswer{c.integrationOut(p)}, nil
}

type integrationFilter struct {
	Enabled *bool `json:"enabled"`
}

type integrationList struct {
	Integrations []integrationOut `json:"integrations"`
}

func (t *Teams) listIntegrations(ctx context.Context, call api.Call, in integrationFilter) (integrationList, error) {
	c, err := t.Client(ctx, call.Caller.ClientID)
	if err != nil {
		return integrationList{}, err
	}
	out := integrationList{Integrations: []integrationOut{}}
	for _, p := range plaid.Partners() {
		if in.Enabled == nil || *in.Enabled == c.IntegrationOn(p.Name) {
			out.Integrations = append(out.Integrations, c.integrationOut(p))
		}
	}
	return out, nil
}
