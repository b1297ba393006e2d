package decision

import (
	"context"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/decision/alloy"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// EntityAnswer is an entity as the API shows it. A person has no members of a
// business and the other way round.
type EntityAnswer struct {
	Status    int     `json:"status_code"`
	Token     string  `json:"entity_token"`
	External  *string `json:"external_entity_id"`
	CreatedAt int64   `json:"created_at"`
	UpdatedAt int64   `json:"updated_at"`
	Type      string  `json:"type"`
	Archived  bool    `json:"archived"`

	*personAnswer
	*businessAnswer

	Addresses []Address      `json:"addresses"`
	Emails    []Email        `json:"emails"`
	Phones    []Phone        `json:"phones"`
	PIIStatus *string        `json:"pii_status"`
	Groups    []groupMember  `json:"entity_groups"`
	Embedded  entityEmbedded `json:"_embedded"`
	Links     selfLink       `json:"_links"`
}

// StatusCode is 201 for an entity that was made.
func (a EntityAnswer) StatusCode() int { return a.Status }

type personAnswer struct {
	Gender    *string `json:"gender"`
	BirthDate *string `json:"birth_date"`
	NameFirst *string `json:"name_first"`
	NameMid   *string `json:"name_middle"`
	NameLast  *string `json:"name_last"`
	SSN       *string `json:"document_ssn"`
	IDCard    *string `json:"document_id_card"`
	License   *string `json:"document_license"`
	Passport  *string `json:"document_passport"`
}

type businessAnswer struct {
	BusinessName  *string `json:"business_name"`
	AlternateName *string `json:"business_alternate_name"`
	RegistryID    *string `json:"business_registry_id"`
	EIN           *string `json:"business_federal_ein"`
}

type entityEmbedded struct {
	Externals []externalAnswer `json:"external_entity_ids"`
	Notes     []noteAnswer     `json:"notes"`
}

type externalAnswer struct {
	ID   string  `json:"external_entity_id"`
	Kind *string `json:"external_entity_id_type"`
}

// groupMember is an entity's place in a group; there are no groups here.
type groupMember struct{}

type selfLink struct {
	Self href `json:"self"`
}

type href struct {
	Href string `json:"href"`
}

func linkTo(path string) selfLink { return selfLink{href{path}} }

// orNull is null for a text without a value.
func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// orEmpty is an empty list for none.
func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// answer is an entity as the API shows it.
func (s *Entities) answer(ctx context.Context, tx *store.Tx, e *Entity) (EntityAnswer, error) {
	d := e.Details
	a := EntityAnswer{
		Status: 200, Token: e.Token, External: orNull(e.External()), Type: e.Kind, Archived: e.Archived,
		CreatedAt: clock.Millis(e.CreatedAt), UpdatedAt: clock.Millis(e.UpdatedAt),
		Addresses: orEmpty(d.Addresses), Emails: orEmpty(d.Emails), Phones: orEmpty(d.Phones), PIIStatus: orNull(d.PIIStatus), Groups: []groupMember{},
		Embedded: entityEmbedded{Externals: []externalAnswer{}}, Links: linkTo(e.path()),
	}
	if e.Kind == Person {
		a.personAnswer = &personAnswer{
			orNull(d.Gender), orNull(d.BirthDate), orNull(d.NameFirst), orNull(d.NameMid), orNull(d.NameLast),
			orNull(d.SSN), orNull(d.IDCard), orNull(d.License), orNull(d.Passport),
		}
	} else {
		a.businessAnswer = &businessAnswer{orNull(d.BusinessName), orNull(d.AlternateName), orNull(d.RegistryID), orNull(d.EIN)}
	}
	for _, x := range e.Externals {
		a.Embedded.Externals = append(a.Embedded.Externals, externalAnswer{x.ID, orNull(x.Kind)})
	}
	notes, err := s.notesOf(ctx, tx, e)
	a.Embedded.Notes = notes
	return a, err
}

// path is where the API has an entity.
func (e *Entity) path() string {
	if e.Kind == Business {
		return "/v1/entities/businesses/" + e.Token
	}
	return "/v1/entities/persons/" + e.Token
}

// EntityEvaluation is an evaluation as the overview of its entity lists it.
type EntityEvaluation struct {
	Token       string   `json:"evaluation_token"`
	Application string   `json:"application_token"`
	Name        string   `json:"application_name"`
	Version     string   `json:"application_version_id"`
	Outcome     *string  `json:"outcome"`
	Score       *float64 `json:"score"`
	Tags        []string `json:"tags"`
	Timestamp   int64    `json:"timestamp"`
	Sandbox     bool     `json:"sandbox"`
}

// overviewAnswer is what belongs to an entity.
type overviewAnswer struct {
	Name        string             `json:"name"`
	Type        string             `json:"type"`
	Token       string             `json:"entity_token"`
	Archived    bool               `json:"archived"`
	Created     int64              `json:"created"`
	Outcome     *string            `json:"outcome"`
	Parent      *string            `json:"parent_entity_token"`
	Evaluations []EntityEvaluation `json:"evaluations"`
	Documents   []documentAnswer   `json:"documents"`
	Reviews     []ReviewAnswer     `json:"reviews"`
	Notes       []noteAnswer       `json:"notes"`
	Links       selfLink           `json:"_links"`
}

func (s *Entities) overview(ctx context.Context, call alloy.Call) (a overviewAnswer, err error) {
	var tokens []string
	err = s.db.Read(ctx, func(tx *store.Tx) error {
		e, err := s.Lookup(ctx, tx, call.Account, call.Path("token"))
		if err != nil {
			return err
		}
		if tokens, err = s.tokens(ctx, tx, e); err != nil {
			return err
		}
		a = overviewAnswer{
			Name: e.Details.name(), Type: e.Kind, Token: e.Token, Archived: e.Archived, Created: clock.Millis(e.CreatedAt),
			Outcome: orNull(e.Outcome), Parent: orNull(e.Parent), Evaluations: []EntityEvaluation{}, Reviews: []ReviewAnswer{},
			Links: linkTo(e.path()),
		}
		if a.Documents, err = s.documentsOf(ctx, tx, tokens); err != nil {
			return err
		}
		a.Notes, err = s.notesOf(ctx, tx, e)
		return err
	})
	if err != nil {
		return a, err
	}
	if s.evaluations != nil {
		list, err := s.evaluations(ctx, call.Account, tokens)
		if err != nil {
			return a, err
		}
		a.Evaluations = orEmpty(list)
	}
	if s.reviews != nil {
		list, err := s.reviews(ctx, call.Account, tokens)
		if err != nil {
			return a, err
		}
		a.Reviews = orEmpty(list)
	}
	return a, nil
}
