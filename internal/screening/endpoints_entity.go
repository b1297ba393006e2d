package screening

import (
	"context"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/screening/list"
)

func (s *Service) entityEndpoints() []api.Endpoint {
	const base = "/watchlist_screening/entity/"
	return []api.Endpoint{
		api.Post(base+"create", s.entityCreate, api.Summary("Look an organisation up on watchlists")),
		api.Post(base+"get", s.entityGet, api.Summary("Read the screening of an organisation")),
		api.Post(base+"list", s.entityList, api.Summary("List the screenings of a program for organisations")),
		api.Post(base+"update", s.entityUpdate, api.Summary("Change the screening of an organisation")),
		api.Post(base+"history/list", s.entityHistory, api.Summary("List what the screening of an organisation was before its changes")),
		api.Post(base+"hit/list", s.entityHits, api.Summary("List the hits of the screening of an organisation")),
		api.Post(base+"review/create", s.entityReview, api.Summary("Confirm or dismiss hits of the screening of an organisation")),
		api.Post(base+"review/list", s.entityReviews, api.Summary("List the reviews of the screening of an organisation")),
		api.Post(base+"program/get", s.entityProgram, api.Summary("Read a program for organisations")),
		api.Post(base+"program/list", s.entityPrograms, api.Summary("List the programs for organisations")),
	}
}

// entityCreateTerms is schema EntityWatchlistSearchTerms.
type entityCreateTerms struct {
	ProgramID string `json:"entity_watchlist_program_id" required:"true" min:"1" must:"be filled."`
	Name      string `json:"legal_name" required:"true"`
	entityFacts
}

// entityFacts are the terms that may be missing.
type entityFacts struct {
	Document *string `json:"document_number"`
	Email    *string `json:"email_address"`
	Country  *string `json:"country"`
	Phone    *string `json:"phone_number"`
	URL      *string `json:"url"`
}

func (f entityFacts) given(name *string) given {
	return given{name: name, document: f.Document, country: f.Country, email: f.Email, phone: f.Phone, url: f.URL}
}

type entityCreateIn struct {
	Terms        *entityCreateTerms `json:"search_terms" required:"true"`
	ClientUserID *string            `json:"client_user_id" max:"1000"`
}

func (s *Service) entityCreate(ctx context.Context, call api.Call, in entityCreateIn) (entityOut, error) {
	sc, err := s.createFrom(ctx, call, list.Entity, in.Terms.ProgramID, in.ClientUserID, in.Terms.given(&in.Terms.Name))
	if err != nil {
		return entityOut{}, err
	}
	return entity(sc), nil
}

type entityIn struct {
	ID string `json:"entity_watchlist_screening_id" required:"true" min:"1" must:"be filled."`
}

func (s *Service) entityGet(ctx context.Context, call api.Call, in entityIn) (entityOut, error) {
	sc, err := s.find(ctx, s.db, call.Caller.ClientID, list.Entity, in.ID)
	if err != nil {
		return entityOut{}, err
	}
	return entity(sc), nil
}

type entityListIn struct {
	ProgramID    string  `json:"entity_watchlist_program_id" required:"true" min:"1" must:"be filled."`
	ClientUserID string  `json:"client_user_id" max:"1000"`
	Status       string  `json:"status" enum:"rejected,pending_review,cleared"`
	Assignee     string  `json:"assignee" max:"100"`
	Cursor       *string `json:"cursor" max:"200"`
}

type entitiesOut struct {
	List []entityOut `json:"entity_watchlist_screenings"`
	Next *string     `json:"next_cursor"`
}

func (s *Service) entityList(ctx context.Context, call api.Call, in entityListIn) (entitiesOut, error) {
	all, next, err := s.listOf(ctx, list.Entity, filter{call.Caller.ClientID, in.ProgramID, in.ClientUserID, in.Status, in.Assignee, 0}, in.Cursor)
	return entitiesOut{mapped(all, entity), next}, err
}

// entityUpdateTerms is schema UpdateEntityScreeningRequestSearchTerms, of which the
// program is required.
type entityUpdateTerms struct {
	ProgramID string  `json:"entity_watchlist_program_id" required:"true" min:"1" must:"be filled."`
	Name      *string `json:"legal_name"`
	entityFacts
}

type entityUpdateIn struct {
	ID    string             `json:"entity_watchlist_screening_id" required:"true" min:"1" must:"be filled."`
	Terms *entityUpdateTerms `json:"search_terms"`
	updateRest
}

func (s *Service) entityUpdate(ctx context.Context, call api.Call, in entityUpdateIn) (entityOut, error) {
	c := change{}
	var g *given
	if t := in.Terms; t != nil {
		terms := t.given(t.Name)
		c.programID, g = &t.ProgramID, &terms
	}
	sc, err := s.updateFrom(ctx, call, list.Entity, in.ID, c, g, in.updateRest)
	if err != nil {
		return entityOut{}, err
	}
	return entity(sc), nil
}

type entityPageIn struct {
	ID     string  `json:"entity_watchlist_screening_id" required:"true" min:"1" must:"be filled."`
	Cursor *string `json:"cursor" max:"200"`
}

func (s *Service) entityHistory(ctx context.Context, call api.Call, in entityPageIn) (entitiesOut, error) {
	all, next, err := s.historyOf(ctx, call, list.Entity, in.ID, in.Cursor)
	return entitiesOut{mapped(all, entity), next}, err
}

type entityHitsOut struct {
	List []entityHit `json:"entity_watchlist_screening_hits"`
	Next *string     `json:"next_cursor"`
}

func (s *Service) entityHits(ctx context.Context, call api.Call, in entityPageIn) (entityHitsOut, error) {
	hits, next, err := s.hitsOf(ctx, call, list.Entity, in.ID, in.Cursor)
	return entityHitsOut{mapped(hits, (*Hit).entity), next}, err
}

type entityReviewIn struct {
	reviewRest
	ID string `json:"entity_watchlist_screening_id" required:"true" min:"1" must:"be filled."`
}

func (s *Service) entityReview(ctx context.Context, call api.Call, in entityReviewIn) (reviewOut, error) {
	return s.reviewFrom(ctx, call, list.Entity, in.ID, in.reviewRest)
}

type entityReviewsOut struct {
	List []reviewOut `json:"entity_watchlist_screening_reviews"`
	Next *string     `json:"next_cursor"`
}

func (s *Service) entityReviews(ctx context.Context, call api.Call, in entityPageIn) (entityReviewsOut, error) {
	all, next, err := s.reviewsOf(ctx, call, list.Entity, in.ID, in.Cursor)
	return entityReviewsOut{mapped(all, (*Review).out), next}, err
}

type entityProgramIn struct {
	ID string `json:"entity_watchlist_program_id" required:"true" min:"1" must:"be filled."`
}

func (s *Service) entityProgram(ctx context.Context, call api.Call, in entityProgramIn) (programOut, error) {
	return s.programFrom(ctx, call, list.Entity, in.ID)
}

type entityProgramsOut struct {
	List []programOut `json:"entity_watchlist_programs"`
	Next *string      `json:"next_cursor"`
}

func (s *Service) entityPrograms(ctx context.Context, call api.Call, in pageIn) (entityProgramsOut, error) {
	all, next, err := s.programsFrom(ctx, call, list.Entity, in.Cursor)
	return entityProgramsOut{mapped(all, (*Program).out), next}, err
}
