package contact

import (
	"context"

	graphql "github.com/graph-gophers/graphql-go"

	"github.com/glencheck-dev/glencheck/internal/contact/graph"
)

// Org is the query of this name, as are the methods below.
func (r *resolver) Org(ctx context.Context, args struct{ ID graphql.ID }) (*orgNode, error) {
	by, err := may(ctx, ScopeReadOrgs)
	if err != nil {
		return nil, err
	}
	o, err := r.c.orgFor(ctx, r.c.db, by, string(args.ID))
	if err != nil {
		return missing[orgNode](nil, err)
	}
	return orgOf(o), nil
}

// Orgs lists organisations.
func (r *resolver) Orgs(ctx context.Context, args struct{ Input *struct{ paging } }) (*connection[*orgNode], error) {
	return listing(ctx, ScopeReadOrgs, pageOf(args.Input), false, orgOf, func(by graph.Caller, s span) ([]numbered[Org], error) { return r.c.orgs(ctx, by, s) })
}

// pageOf is the page of an input that may be left out.
func pageOf(in *struct{ paging }) paging {
	if in == nil {
		return paging{}
	}
	return in.paging
}

// OrgCreate makes an organisation.
func (r *resolver) OrgCreate(ctx context.Context, args struct {
	Input struct {
		Name              string
		TemplateID        graphql.NullID
		OverwriteChannels *bool
	}
}) (*orgNode, error) {
	by, err := may(ctx, ScopeWriteOrgs)
	if err != nil {
		return nil, err
	}
	in := args.Input
	o, err := r.c.CreateOrg(ctx, by, OrgEdit{Name: &in.Name, TemplateID: givenID(in.TemplateID), Overwrite: in.OverwriteChannels})
	if err != nil {
		return nil, err
	}
	return orgOf(o), nil
}

// OrgUpdate changes an organisation.
func (r *resolver) OrgUpdate(ctx context.Context, args struct {
	Input struct {
		ID                graphql.ID
		Name, Status      *string
		TemplateID        graphql.NullID
		OverwriteChannels *bool
	}
}) (*orgNode, error) {
	by, err := may(ctx, ScopeWriteOrgs)
	if err != nil {
		return nil, err
	}
	in := args.Input
	o, err := r.c.UpdateOrg(ctx, by, string(in.ID), OrgEdit{in.Name, in.Status, givenID(in.TemplateID), in.OverwriteChannels})
	if err != nil {
		return nil, err
	}
	return orgOf(o), nil
}

// ApiKeys lists keys.
func (r *resolver) ApiKeys(ctx context.Context, args struct{ Input *struct{ paging } }) (*connection[*keyNode], error) {
	return listing(ctx, ScopeKeys, pageOf(args.Input), false, keyOf, func(by graph.Caller, s span) ([]numbered[Key], error) { return r.c.keys(ctx, by, s) })
}

type keySecret struct {
	ApiKey *keyNode
	Secret string
}

// ApiKeyCreate makes a key.
func (r *resolver) ApiKeyCreate(ctx context.Context, args struct {
	Input struct {
		OrgID  *graphql.ID
		Name   string
		Scopes []string
	}
}) (*keySecret, error) {
	by, err := may(ctx, ScopeKeys)
	if err != nil {
		return nil, err
	}
	k, secret, err := r.c.CreateKey(ctx, by, text(args.Input.OrgID), args.Input.Name, args.Input.Scopes)
	if err != nil {
		return nil, err
	}
	return &keySecret{keyOf(k), secret}, nil
}

// ApiKeyRevoke ends a key.
func (r *resolver) ApiKeyRevoke(ctx context.Context, args struct{ Input struct{ ID graphql.ID } }) (*keyNode, error) {
	by, err := may(ctx, ScopeKeys)
	if err != nil {
		return nil, err
	}
	k, err := r.c.RevokeKey(ctx, by, string(args.Input.ID))
	if err != nil {
		return nil, err
	}
	return keyOf(k), nil
}

type hooksInput struct {
	OwnerID *graphql.ID
	paging
}

// Webhooks lists subscriptions.
func (r *resolver) Webhooks(ctx context.Context, args struct{ Input hooksInput }) (*connection[*hookNode], error) {
	return listing(ctx, ScopeReadWebhooks, args.Input.paging, false, hookOf, func(by graph.Caller, s span) ([]numbered[*hook], error) {
		return r.c.hooks(ctx, by, text(args.Input.OwnerID), s)
	})
}

type requestsInput struct {
	WebhookID graphql.ID
	paging
}

// WebhookRequests lists what was sent to a subscription.
func (r *resolver) WebhookRequests(ctx context.Context, args struct{ Input requestsInput }) (*connection[*sentNode], error) {
	return listing(ctx, ScopeReadWebhooks, args.Input.paging, false, sentOf, func(by graph.Caller, s span) ([]numbered[*sent], error) {
		h, err := r.c.findHook(ctx, r.c.db, by, string(args.Input.WebhookID))
		if err != nil {
			return nil, err
		}
		return r.c.history(ctx, h, s)
	})
}

type hookSecret struct {
	Webhook       *hookNode
	SigningSecret string
}

// WebhookCreate makes a subscription.
func (r *resolver) WebhookCreate(ctx context.Context, args struct {
	Input struct {
		OwnerID     graphql.ID
		URL         string
		Events      []string
		Description *string
		Enabled     *bool
	}
}) (*hookSecret, error) {
	by, err := may(ctx, ScopeWriteWebhooks)
	if err != nil {
		return nil, err
	}
	in := args.Input
	h, err := r.c.createHook(ctx, by, string(in.OwnerID), HookEdit{&in.URL, in.Description, &in.Events, in.Enabled})
	if err != nil {
		return nil, err
	}
	return &hookSecret{hookOf(h), h.Secret}, nil
}

// WebhookUpdate changes a subscription.
func (r *resolver) WebhookUpdate(ctx context.Context, args struct {
	Input struct {
		ID          graphql.ID
		URL         *string
		Events      *[]string
		Description graphql.NullString
		Enabled     *bool
	}
}) (*hookNode, error) {
	by, err := may(ctx, ScopeWriteWebhooks)
	if err != nil {
		return nil, err
	}
	in := args.Input
	h, err := r.c.changeHook(ctx, by, string(in.ID), func(h *hook) error {
		return r.c.applyHook(HookEdit{in.URL, given(in.Description), in.Events, in.Enabled}, h)
	})
	if err != nil {
		return nil, err
	}
	return hookOf(h), nil
}

// WebhookDelete ends a subscription.
func (r *resolver) WebhookDelete(ctx context.Context, args struct{ Input struct{ ID graphql.ID } }) (*outcome, error) {
	by, err := may(ctx, ScopeWriteWebhooks)
	if err != nil {
		return nil, err
	}
	if err := r.c.deleteHook(ctx, by, string(args.Input.ID)); err != nil {
		return nil, err
	}
	return &outcome{Success: true}, nil
}

// WebhookRotateSecret gives a subscription another secret.
func (r *resolver) WebhookRotateSecret(ctx context.Context, args struct {
	Input struct {
		ID           graphql.ID
		KeepPrevious *bool
	}
}) (*hookSecret, error) {
	by, err := may(ctx, ScopeWriteWebhooks)
	if err != nil {
		return nil, err
	}
	keep := args.Input.KeepPrevious
	h, err := r.c.rotate(ctx, by, string(args.Input.ID), keep != nil && *keep)
	if err != nil {
		return nil, err
	}
	return &hookSecret{hookOf(h), h.Secret}, nil
}
