package contact

import (
	"encoding/json"

	graphql "github.com/graph-gophers/graphql-go"
)

// The types of schema.graphql as they are shown. A nil pointer is null.

type contactNode struct {
	OrgID, ID                                 graphql.ID
	Name, GivenName, FamilyName, Email, Phone *string
	CreatedAt, UpdatedAt                      dateTime
	Identity                                  *identityNode
}

func contactOf(p *Contact) *contactNode {
	return &contactNode{
		graphql.ID(p.OrgID), graphql.ID(p.ID), orNull(p.Name), orNull(p.GivenName), orNull(p.FamilyName), orNull(p.Email), orNull(p.Phone),
		dateTime{p.CreatedAt}, dateTime{p.UpdatedAt}, identityOf(p),
	}
}

type identityNode struct {
	Status                 string
	IdentityVerificationID *string
	TemplateID             *graphql.ID
	TemplateVersion        *int32
	Steps                  []IdentityStep
	StartedAt, CompletedAt *dateTime
	Attempts               int32
}

func identityOf(p *Contact) *identityNode {
	n := &identityNode{Status: string(p.Status), Steps: []IdentityStep{}}
	if i := p.Identity; i != nil {
		n.IdentityVerificationID, n.TemplateID, n.TemplateVersion = orNull(i.VerificationID), idOrNull(i.TemplateID), &i.TemplateVersion
		n.StartedAt, n.CompletedAt, n.Attempts = timeOrNull(i.StartedAt), timeOrNull(i.CompletedAt), i.Attempts
		n.Steps = append(n.Steps, i.Steps...)
	}
	return n
}

func idOrNull(s string) *graphql.ID {
	if s == "" {
		return nil
	}
	id := graphql.ID(s)
	return &id
}

type dataNode struct {
	Name, GivenName, FamilyName, Email, Phone *string
}

func dataOf(p *Person) *dataNode {
	if p == nil {
		return nil
	}
	return &dataNode{orNull(p.Name), orNull(p.GivenName), orNull(p.FamilyName), orNull(p.Email), orNull(p.Phone)}
}

type changeNode struct {
	Kind, Actor   string
	SessionID     *graphql.ID
	At            dateTime
	Before, After *dataNode
}

func changeOf(c change) *changeNode {
	return &changeNode{c.Kind, c.Actor, idOrNull(c.SessionID), dateTime{c.At}, dataOf(c.Before), dataOf(c.After)}
}

type sessionNode struct {
	ID        graphql.ID
	Token     string
	ExpiresAt dateTime
}

// resultNode is a session and what became of it. Its token is told once, by the
// mutation.
type resultNode struct {
	ID, OrgID              graphql.ID
	ContactID              *graphql.ID
	Status                 string
	IdentityVerificationID *string
	TemplateID             graphql.ID
	CreatedAt, ExpiresAt   dateTime
	CompletedAt            *dateTime
}

func (c *Contacts) resultOf(s *Session) *resultNode {
	return &resultNode{
		graphql.ID(s.ID), graphql.ID(s.OrgID), idOrNull(s.ContactID), s.status(c.clock.Now()), orNull(s.AttemptID), graphql.ID(s.TemplateID),
		dateTime{s.CreatedAt}, dateTime{s.ExpiresAt}, timeOrNull(s.CompletedAt),
	}
}

type orgNode struct {
	ID, AgencyID         graphql.ID
	Name, Status         string
	TemplateID           *graphql.ID
	OverwriteChannels    bool
	CreatedAt, UpdatedAt dateTime
}

func orgOf(o Org) *orgNode {
	return &orgNode{
		graphql.ID(o.ID), graphql.ID(o.ClientID), o.Name, o.Status, idOrNull(o.TemplateID), o.Overwrite,
		dateTime{o.CreatedAt}, dateTime{o.UpdatedAt},
	}
}

type keyNode struct {
	ID                    graphql.ID
	OrgID                 *graphql.ID
	Name                  string
	Scopes                []string
	CreatedAt             dateTime
	RevokedAt, LastUsedAt *dateTime
}

func keyOf(k Key) *keyNode {
	return &keyNode{graphql.ID(k.ID), idOrNull(k.OrgID), k.Name, k.Scopes, dateTime{k.CreatedAt}, timeOrNull(k.RevokedAt), timeOrNull(k.LastUsedAt)}
}

type hookNode struct {
	ID, OwnerID          graphql.ID
	URL                  string
	Events               []string
	Description          *string
	Enabled              bool
	SecretCheckValue     string
	CreatedAt, UpdatedAt dateTime
}

func hookOf(h *hook) *hookNode {
	return &hookNode{
		graphql.ID(h.ID), graphql.ID(h.OwnerID), h.URL, h.Events, orNull(h.Description), h.Enabled, h.checkValue(),
		dateTime{h.CreatedAt}, dateTime{h.UpdatedAt},
	}
}

type sentNode struct {
	ID, WebhookID, OwnerID graphql.ID
	URL                    string
	Payload                rawJSON
	Status                 string
	Attempts               int32
	LastStatusCode         *int32
	LastError              *string
	NextAttemptAt          *dateTime
	CreatedAt, UpdatedAt   dateTime
}

func sentOf(s *sent) *sentNode {
	n := &sentNode{
		ID: graphql.ID(s.ID), WebhookID: graphql.ID(s.Code), OwnerID: graphql.ID(s.owner), URL: s.URL,
		Payload: rawJSON{json.RawMessage(s.payload)}, Status: s.status(), Attempts: int32(len(s.tries)),
		CreatedAt: dateTime{s.CreatedAt}, UpdatedAt: dateTime{s.updated()},
	}
	if l := s.last(); l != nil {
		n.LastError = orNull(l.Error)
		if code := int32(l.Status); code != 0 {
			n.LastStatusCode = &code
		}
	}
	if n.Status == sentPending {
		n.NextAttemptAt = timeOrNull(s.DueAt)
	}
	return n
}
