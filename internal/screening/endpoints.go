package screening

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"math"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/screening/list"
)

// Endpoints are the paths this room answers.
func (s *Service) Endpoints() []api.Endpoint {
	const base = "/watchlist_screening/individual/"
	all := []api.Endpoint{
		api.Post(base+"create", s.individualCreate, api.Summary("Look a person up on watchlists")),
		api.Post(base+"get", s.individualGet, api.Summary("Read the screening of a person")),
		api.Post(base+"list", s.individualList, api.Summary("List the screenings of a program")),
		api.Post(base+"update", s.individualUpdate, api.Summary("Change the screening of a person")),
		api.Post(base+"history/list", s.individualHistory, api.Summary("List what a screening was before its changes")),
		api.Post(base+"hit/list", s.individualHits, api.Summary("List the hits of a screening")),
		api.Post(base+"review/create", s.individualReview, api.Summary("Confirm or dismiss hits of a screening")),
		api.Post(base+"review/list", s.individualReviews, api.Summary("List the reviews of a screening")),
		api.Post(base+"program/get", s.individualProgram, api.Summary("Read a program of screenings")),
		api.Post(base+"program/list", s.individualPrograms, api.Summary("List the programs of screenings")),
	}
	return append(append(all, s.entityEndpoints()...), s.sandboxEndpoints()...)
}

// createTerms is schema WatchlistScreeningRequestSearchTerms.
type createTerms struct {
	ProgramID string  `json:"watchlist_program_id" required:"true" min:"1" must:"be filled."`
	Name      string  `json:"legal_name" required:"true"`
	BirthDate *string `json:"date_of_birth"`
	Document  *string `json:"document_number"`
	Country   *string `json:"country"`
}

type individualCreateIn struct {
	Terms        *createTerms `json:"search_terms" required:"true"`
	ClientUserID *string      `json:"client_user_id" max:"1000"`
}

func (s *Service) individualCreate(ctx context.Context, call api.Call, in individualCreateIn) (individualOut, error) {
	t := in.Terms
	sc, err := s.createFrom(ctx, call, list.Individual, t.ProgramID, in.ClientUserID, given{name: &t.Name, birthDate: t.BirthDate, document: t.Document, country: t.Country})
	if err != nil {
		return individualOut{}, err
	}
	return individual(sc), nil
}

// createFrom checks what a request says and makes the screening.
func (s *Service) createFrom(ctx context.Context, call api.Call, kind list.Kind, programID string, user *string, g given) (*Screening, error) {
	if err := g.check(s.clock.Now()); err != nil {
		return nil, err
	}
	if err := checkUser(user); err != nil {
		return nil, err
	}
	n := newScreening{kind: kind, clientID: call.Caller.ClientID, programID: programID, source: byAPI}
	set(&n.clientUserID, user)
	g.apply(&n.terms)
	return s.create(ctx, n)
}

type screeningIn struct {
	ID string `json:"watchlist_screening_id" required:"true" min:"1" must:"be filled."`
}

func (s *Service) individualGet(ctx context.Context, call api.Call, in screeningIn) (individualOut, error) {
	sc, err := s.find(ctx, s.db, call.Caller.ClientID, list.Individual, in.ID)
	if err != nil {
		return individualOut{}, err
	}
	return individual(sc), nil
}

type individualListIn struct {
	ProgramID    string  `json:"watchlist_program_id" required:"true" min:"1" must:"be filled."`
	ClientUserID string  `json:"client_user_id" max:"1000"`
	Status       string  `json:"status" enum:"rejected,pending_review,cleared"`
	Assignee     string  `json:"assignee" max:"100"`
	Cursor       *string `json:"cursor" max:"200"`
}

// individualsOut is a page of screenings.
type individualsOut struct {
	List []individualOut `json:"watchlist_screenings"`
	Next *string         `json:"next_cursor"`
}

func (s *Service) individualList(ctx context.Context, call api.Call, in individualListIn) (individualsOut, error) {
	list, next, err := s.listOf(ctx, list.Individual, filter{call.Caller.ClientID, in.ProgramID, in.ClientUserID, in.Status, in.Assignee, 0}, in.Cursor)
	return individualsOut{mapped(list, individual), next}, err
}

// listOf is a page of the screenings of a program.
func (s *Service) listOf(ctx context.Context, kind list.Kind, f filter, cursor *string) ([]*Screening, *string, error) {
	if _, err := s.program(ctx, s.db, f.clientID, kind, f.programID); err != nil {
		return nil, nil, err
	}
	return paged(cursor, math.MaxInt64, func(before int64) ([]*Screening, error) {
		f.before = before
		return s.page(ctx, f, perPage+1)
	}, func(sc *Screening) int64 { return sc.number })
}

// updateTerms is schema UpdateIndividualScreeningRequestSearchTerms.
type updateTerms struct {
	ProgramID *string `json:"watchlist_program_id" min:"1" must:"be filled."`
	Name      *string `json:"legal_name"`
	BirthDate *string `json:"date_of_birth"`
	Document  *string `json:"document_number"`
	Country   *string `json:"country"`
}

type individualUpdateIn struct {
	ID    string       `json:"watchlist_screening_id" required:"true" min:"1" must:"be filled."`
	Terms *updateTerms `json:"search_terms"`
	updateRest
}

// updateRest is what updates of both kinds have.
type updateRest struct {
	Assignee     *string  `json:"assignee" min:"1" max:"100"`
	Status       *Status  `json:"status" enum:"rejected,pending_review,cleared"`
	ClientUserID *string  `json:"client_user_id" max:"1000"`
	Reset        []string `json:"reset_fields" enum:"assignee" max:"10"`
}

func (s *Service) individualUpdate(ctx context.Context, call api.Call, in individualUpdateIn) (individualOut, error) {
	c := change{}
	var g *given
	if t := in.Terms; t != nil {
		c.programID = t.ProgramID
		g = &given{name: t.Name, birthDate: t.BirthDate, document: t.Document, country: t.Country}
	}
	sc, err := s.updateFrom(ctx, call, list.Individual, in.ID, c, g, in.updateRest)
	if err != nil {
		return individualOut{}, err
	}
	return individual(sc), nil
}

// updateFrom checks what a request says and changes the screening.
func (s *Service) updateFrom(ctx context.Context, call api.Call, kind list.Kind, id string, c change, g *given, rest updateRest) (*Screening, error) {
	if g != nil && rest.Status != nil {
		return nil, plaid.InvalidField("search_terms and status must not be updated in the same request")
	}
	if rest.Assignee != nil && len(rest.Reset) > 0 {
		return nil, plaid.InvalidField("assignee must not be both updated and reset")
	}
	if g != nil {
		if err := g.check(s.clock.Now()); err != nil {
			return nil, err
		}
		c.terms = g.apply
	}
	if err := checkUser(rest.ClientUserID); err != nil {
		return nil, err
	}
	c.assignee, c.status, c.clientUserID, c.resetAssignee = rest.Assignee, rest.Status, rest.ClientUserID, len(rest.Reset) > 0
	return s.update(ctx, call.Caller.ClientID, kind, id, c)
}

type screeningPageIn struct {
	ID     string  `json:"watchlist_screening_id" required:"true" min:"1" must:"be filled."`
	Cursor *string `json:"cursor" max:"200"`
}

func (s *Service) individualHistory(ctx context.Context, call api.Call, in screeningPageIn) (individualsOut, error) {
	list, next, err := s.historyOf(ctx, call, list.Individual, in.ID, in.Cursor)
	return individualsOut{mapped(list, individual), next}, err
}

func (s *Service) historyOf(ctx context.Context, call api.Call, kind list.Kind, id string, cursor *string) ([]*Screening, *string, error) {
	sc, err := s.find(ctx, s.db, call.Caller.ClientID, kind, id)
	if err != nil {
		return nil, nil, err
	}
	return paged(cursor, math.MaxInt64, func(before int64) ([]*Screening, error) { return s.history(ctx, sc, before, perPage+1) },
		func(old *Screening) int64 { return old.seq })
}

type individualHitsOut struct {
	List []individualHit `json:"watchlist_screening_hits"`
	Next *string         `json:"next_cursor"`
}

func (s *Service) individualHits(ctx context.Context, call api.Call, in screeningPageIn) (individualHitsOut, error) {
	hits, next, err := s.hitsOf(ctx, call, list.Individual, in.ID, in.Cursor)
	return individualHitsOut{mapped(hits, (*Hit).individual), next}, err
}

func (s *Service) hitsOf(ctx context.Context, call api.Call, kind list.Kind, id string, cursor *string) ([]*Hit, *string, error) {
	sc, err := s.find(ctx, s.db, call.Caller.ClientID, kind, id)
	if err != nil {
		return nil, nil, err
	}
	return paged(cursor, 0, func(after int64) ([]*Hit, error) { return s.hits(ctx, s.db, sc.ID, after, perPage+1) },
		func(h *Hit) int64 { return h.number })
}

// reviewRest is what reviews of both kinds have.
type reviewRest struct {
	Confirmed []string `json:"confirmed_hits" required:"true" max:"500"`
	Dismissed []string `json:"dismissed_hits" required:"true" max:"500"`
	Comment   *string  `json:"comment" max:"10000"`
}

type individualReviewIn struct {
	reviewRest
	ID string `json:"watchlist_screening_id" required:"true" min:"1" must:"be filled."`
}

func (s *Service) individualReview(ctx context.Context, call api.Call, in individualReviewIn) (reviewOut, error) {
	return s.reviewFrom(ctx, call, list.Individual, in.ID, in.reviewRest)
}

func (s *Service) reviewFrom(ctx context.Context, call api.Call, kind list.Kind, id string, in reviewRest) (reviewOut, error) {
	sc, err := s.find(ctx, s.db, call.Caller.ClientID, kind, id)
	if err != nil {
		return reviewOut{}, err
	}
	r, err := s.review(ctx, sc, reviewRecord{Confirmed: in.Confirmed, Dismissed: in.Dismissed, Comment: in.Comment})
	if err != nil {
		return reviewOut{}, err
	}
	return r.out(), nil
}

type individualReviewsOut struct {
	List []reviewOut `json:"watchlist_screening_reviews"`
	Next *string     `json:"next_cursor"`
}

func (s *Service) individualReviews(ctx context.Context, call api.Call, in screeningPageIn) (individualReviewsOut, error) {
	all, next, err := s.reviewsOf(ctx, call, list.Individual, in.ID, in.Cursor)
	return individualReviewsOut{mapped(all, (*Review).out), next}, err
}

func (s *Service) reviewsOf(ctx context.Context, call api.Call, kind list.Kind, id string, cursor *string) ([]*Review, *string, error) {
	sc, err := s.find(ctx, s.db, call.Caller.ClientID, kind, id)
	if err != nil {
		return nil, nil, err
	}
	return paged(cursor, math.MaxInt64, func(before int64) ([]*Review, error) { return s.reviews(ctx, sc.ID, before, perPage+1) },
		func(r *Review) int64 { return r.number })
}

type programIn struct {
	ID string `json:"watchlist_program_id" required:"true" min:"1" must:"be filled."`
}

func (s *Service) individualProgram(ctx context.Context, call api.Call, in programIn) (programOut, error) {
	return s.programFrom(ctx, call, list.Individual, in.ID)
}

func (s *Service) programFrom(ctx context.Context, call api.Call, kind list.Kind, id string) (programOut, error) {
	p, err := s.program(ctx, s.db, call.Caller.ClientID, kind, id)
	if err != nil {
		return programOut{}, err
	}
	return p.out(), nil
}

type pageIn struct {
	Cursor *string `json:"cursor" max:"200"`
}

type individualProgramsOut struct {
	List []programOut `json:"watchlist_programs"`
	Next *string      `json:"next_cursor"`
}

func (s *Service) individualPrograms(ctx context.Context, call api.Call, in pageIn) (individualProgramsOut, error) {
	all, next, err := s.programsFrom(ctx, call, list.Individual, in.Cursor)
	return individualProgramsOut{mapped(all, (*Program).out), next}, err
}

// programsFrom is a page of the programs of a client, which are few: the cursor counts
// them.
func (s *Service) programsFrom(ctx context.Context, call api.Call, kind list.Kind, cursor *string) ([]*Program, *string, error) {
	all, err := s.programs(ctx, call.Caller.ClientID, kind)
	if err != nil {
		return nil, nil, err
	}
	place := map[*Program]int64{}
	for i, p := range all {
		place[p] = int64(i) + 1
	}
	return paged(cursor, 0, func(after int64) ([]*Program, error) { return all[min(int(after), len(all)):], nil }, func(p *Program) int64 { return place[p] })
}

// perPage is how many entries a page has.
const perPage = 25

// cursor is where the next page begins, as the documented example holds it.
type cursor struct {
	Direction string `json:"direction"`
	Offset    int64  `json:"offset"`
}

// paged reads the page that a cursor names; without one the first, which begins at
// start.
func paged[T any](at *string, start int64, read func(from int64) ([]T, error), number func(T) int64) ([]T, *string, error) {
	from := start
	if at != nil && *at != "" {
		raw, err := base64.StdEncoding.DecodeString(*at)
		var c cursor
		if err != nil || json.Unmarshal(raw, &c) != nil || c.Direction != "next" || c.Offset < 1 {
			return nil, nil, plaid.InvalidField("cursor must be the next_cursor of an earlier answer")
		}
		from = c.Offset
	}
	page, err := read(from)
	if err != nil || len(page) <= perPage {
		return page, nil, err
	}
	page = page[:perPage]
	raw, err := json.Marshal(cursor{"next", number(page[perPage-1])})
	next := base64.StdEncoding.EncodeToString(raw)
	return page, &next, err
}

// mapped is each of a list as it is told; never null.
func mapped[T, O any](all []T, out func(T) O) []O {
	list := make([]O, len(all))
	for i, v := range all {
		list[i] = out(v)
	}
	return list
}
