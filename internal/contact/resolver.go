package contact

import (
	"context"
	"errors"
	"slices"

	graphql "github.com/graph-gophers/graphql-go"

	"github.com/glencheck-dev/glencheck/internal/contact/graph"
)

// resolver has the operations of schema.graphql as methods.
type resolver struct{ c *Contacts }

// may is who asks, if the key has the scope.
func may(ctx context.Context, scope string) (graph.Caller, error) {
	by := graph.CallerOf(ctx)
	if !slices.Contains(by.Scopes, scope) {
		return by, graph.Refuse(graph.CodeForbidden, "this key lacks the scope "+scope)
	}
	return by, nil
}

// missing turns "there is none" into null.
func missing[T any](v *T, err error) (*T, error) {
	var e *graph.Error
	if errors.As(err, &e) && e.Code == graph.CodeNotFound {
		return nil, nil
	}
	return v, err
}

func text(id *graphql.ID) string {
	if id == nil {
		return ""
	}
	return string(*id)
}

// given is what an input says of a text: nil where it says nothing, "" for null.
func given(s graphql.NullString) *string {
	if s.Set && s.Value == nil {
		return new(string)
	}
	return s.Value
}

func givenID(s graphql.NullID) *string {
	if !s.Set {
		return nil
	}
	id := text(s.Value)
	return &id
}

// outcome is type OperationResult.
type outcome struct {
	Success bool
	Message *string
}

// personInput are the members that inputs about contacts have in common.
type personInput struct {
	Name, GivenName, FamilyName, Email, Phone graphql.NullString
}

func (p personInput) edit() Edit {
	return Edit{given(p.Name), given(p.GivenName), given(p.FamilyName), given(p.Email), given(p.Phone)}
}

// Contact is the query of this name, as are the methods below.
func (r *resolver) Contact(ctx context.Context, args struct{ OrgID, ID graphql.ID }) (*contactNode, error) {
	by, err := may(ctx, ScopeReadContacts)
	if err != nil {
		return nil, err
	}
	if _, err := r.c.orgFor(ctx, r.c.db, by, string(args.OrgID)); err != nil {
		return missing[contactNode](nil, err)
	}
	p, err := r.c.find(ctx, r.c.db, string(args.OrgID), string(args.ID))
	if err != nil {
		return missing[contactNode](nil, err)
	}
	return contactOf(p), nil
}

type contactsInput struct {
	OrgID graphql.ID
	paging
	Email, Phone, Search *string
	IdentityStatus       *string
}

// Contacts lists the contacts of an organisation.
func (r *resolver) Contacts(ctx context.Context, args struct{ Input contactsInput }) (*connection[*contactNode], error) {
	in := args.Input
	return listing(ctx, ScopeReadContacts, in.paging, true, contactOf, func(by graph.Caller, s span) ([]numbered[*Contact], error) {
		if _, err := r.c.orgFor(ctx, r.c.db, by, string(in.OrgID)); err != nil {
			return nil, err
		}
		f := Filter{Email: deref(in.Email), Phone: deref(in.Phone), Search: deref(in.Search), Status: Status(deref(in.IdentityStatus))}
		return r.c.search(ctx, string(in.OrgID), f, s)
	})
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// listing answers a page of elements, which are shown otherwise than they are kept, to a
// key that has the scope.
func listing[N, M any](ctx context.Context, scope string, p paging, newestFirst bool, show func(N) M, find func(graph.Caller, span) ([]numbered[N], error)) (*connection[M], error) {
	by, err := may(ctx, scope)
	if err != nil {
		return nil, err
	}
	s, err := p.span(newestFirst)
	if err != nil {
		return nil, err
	}
	found, err := find(by, s)
	if err != nil {
		return nil, err
	}
	shown := make([]numbered[M], len(found))
	for i, n := range found {
		shown[i] = numbered[M]{n.number, show(n.node)}
	}
	return connect(s, shown), nil
}

type changesInput struct {
	OrgID, ContactID graphql.ID
	paging
}

// ContactChanges lists what became of a contact.
func (r *resolver) ContactChanges(ctx context.Context, args struct{ Input changesInput }) (*connection[*changeNode], error) {
	in := args.Input
	return listing(ctx, ScopeReadContacts, in.paging, false, changeOf, func(by graph.Caller, s span) ([]numbered[change], error) {
		if _, err := r.c.orgFor(ctx, r.c.db, by, string(in.OrgID)); err != nil {
			return nil, err
		}
		return r.c.changes(ctx, string(in.OrgID), string(in.ContactID), s)
	})
}

type createContactInput struct {
	OrgID graphql.ID
	personInput
}

// CreateContact makes a contact.
func (r *resolver) CreateContact(ctx context.Context, args struct{ Input createContactInput }) (*contactNode, error) {
	by, err := may(ctx, ScopeWriteContacts)
	if err != nil {
		return nil, err
	}
	p, err := r.c.Create(ctx, by, string(args.Input.OrgID), args.Input.edit())
	if err != nil {
		return nil, err
	}
	return contactOf(p), nil
}

type updateContactInput struct {
	OrgID, ID graphql.ID
	personInput
}

// UpdateContact changes a contact.
func (r *resolver) UpdateContact(ctx context.Context, args struct{ Input updateContactInput }) (*contactNode, error) {
	by, err := may(ctx, ScopeWriteContacts)
	if err != nil {
		return nil, err
	}
	p, err := r.c.Update(ctx, by, string(args.Input.OrgID), string(args.Input.ID), args.Input.edit())
	if err != nil {
		return nil, err
	}
	return contactOf(p), nil
}

// DeleteContact removes a contact.
func (r *resolver) DeleteContact(ctx context.Context, args struct {
	Input struct{ OrgID, ID graphql.ID }
}) (*outcome, error) {
	by, err := may(ctx, ScopeWriteContacts)
	if err != nil {
		return nil, err
	}
	if err := r.c.Delete(ctx, by, string(args.Input.OrgID), string(args.Input.ID)); err != nil {
		return nil, err
	}
	return &outcome{Success: true}, nil
}

// ContactCreateIdvSession opens a verification.
func (r *resolver) ContactCreateIdvSession(ctx context.Context, args struct {
	Input struct {
		OrgID                 graphql.ID
		ContactID, TemplateID *graphql.ID
	}
}) (*sessionNode, error) {
	by, err := may(ctx, ScopeSessions)
	if err != nil {
		return nil, err
	}
	in := args.Input
	s, token, err := r.c.OpenSession(ctx, by, string(in.OrgID), text(in.ContactID), text(in.TemplateID))
	if err != nil {
		return nil, err
	}
	return &sessionNode{graphql.ID(s.ID), token, dateTime{s.ExpiresAt}}, nil
}

// ContactIdvSession is a session and what became of it.
func (r *resolver) ContactIdvSession(ctx context.Context, args struct{ OrgID, ID graphql.ID }) (*resultNode, error) {
	by, err := may(ctx, ScopeReadContacts)
	if err != nil {
		return nil, err
	}
	if _, err := r.c.orgFor(ctx, r.c.db, by, string(args.OrgID)); err != nil {
		return missing[resultNode](nil, err)
	}
	s, err := r.c.session(ctx, string(args.OrgID), string(args.ID))
	if err != nil {
		return missing[resultNode](nil, err)
	}
	return r.c.resultOf(s), nil
}

type sessionsInput struct {
	OrgID     graphql.ID
	ContactID *graphql.ID
	paging
}

// ContactIdvSessions lists sessions.
func (r *resolver) ContactIdvSessions(ctx context.Context, args struct{ Input sessionsInput }) (*connection[*resultNode], error) {
	in := args.Input
	return listing(ctx, ScopeReadContacts, in.paging, false, r.c.resultOf, func(by graph.Caller, s span) ([]numbered[*Session], error) {
		if _, err := r.c.orgFor(ctx, r.c.db, by, string(in.OrgID)); err != nil {
			return nil, err
		}
		return r.c.sessions(ctx, string(in.OrgID), text(in.ContactID), s)
	})
}
