package screening

import (
	"github.com/glencheck-dev/glencheck/internal/screening/list"
	"github.com/glencheck-dev/glencheck/internal/screening/match"
)

// auditOut is schema WatchlistScreeningAuditTrail.
type auditOut struct {
	Source    string  `json:"source"`
	User      *string `json:"dashboard_user_id"`
	Timestamp string  `json:"timestamp"`
}

func (a Audit) out() auditOut { return auditOut{Source: a.Source, Timestamp: stamp(a.At)} }

func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func stampOrNull(ms int64) *string {
	if ms == 0 {
		return nil
	}
	s := stamp(ms)
	return &s
}

// individualOut is schema WatchlistScreeningIndividual.
type individualOut struct {
	ID           string          `json:"id"`
	SearchTerms  individualTerms `json:"search_terms"`
	Assignee     *string         `json:"assignee"`
	Status       Status          `json:"status"`
	ClientUserID *string         `json:"client_user_id"`
	Audit        auditOut        `json:"audit_trail"`
}

// individualTerms is schema WatchlistScreeningSearchTerms.
type individualTerms struct {
	ProgramID string  `json:"watchlist_program_id"`
	Name      string  `json:"legal_name"`
	BirthDate *string `json:"date_of_birth"`
	Document  *string `json:"document_number"`
	Country   *string `json:"country"`
	Version   int64   `json:"version"`
}

func individual(sc *Screening) individualOut {
	return individualOut{
		sc.ID, individualTerms{sc.ProgramID, sc.Terms.Name, orNull(sc.Terms.BirthDate), orNull(sc.Terms.Document), orNull(sc.Terms.Country), sc.Terms.Version},
		orNull(sc.Assignee), sc.Status, orNull(sc.ClientUserID), sc.Audit.out(),
	}
}

// entityOut is schema EntityWatchlistScreening.
type entityOut struct {
	ID           string      `json:"id"`
	SearchTerms  entityTerms `json:"search_terms"`
	Assignee     *string     `json:"assignee"`
	Status       Status      `json:"status"`
	ClientUserID *string     `json:"client_user_id"`
	Audit        auditOut    `json:"audit_trail"`
}

// entityTerms is schema EntityWatchlistScreeningSearchTerms.
type entityTerms struct {
	ProgramID string  `json:"entity_watchlist_program_id"`
	Name      string  `json:"legal_name"`
	Document  *string `json:"document_number"`
	Email     *string `json:"email_address"`
	Country   *string `json:"country"`
	Phone     *string `json:"phone_number"`
	URL       *string `json:"url"`
	Version   int64   `json:"version"`
}

func entity(sc *Screening) entityOut {
	t := sc.Terms
	return entityOut{
		sc.ID, entityTerms{sc.ProgramID, t.Name, orNull(t.Document), orNull(t.Email), orNull(t.Country), orNull(t.Phone), orNull(t.URL), t.Version},
		orNull(sc.Assignee), sc.Status, orNull(sc.ClientUserID), sc.Audit.out(),
	}
}

// programOut is schema IndividualWatchlistProgram, and EntityWatchlistProgram.
type programOut struct {
	ID          string      `json:"id"`
	CreatedAt   string      `json:"created_at"`
	Rescanning  bool        `json:"is_rescanning_enabled"`
	Lists       []string    `json:"lists_enabled"`
	Name        string      `json:"name"`
	Sensitivity Sensitivity `json:"name_sensitivity"`
	Audit       auditOut    `json:"audit_trail"`
	Archived    bool        `json:"is_archived"`
}

func (p *Program) out() programOut {
	return programOut{p.ID, stamp(p.CreatedAt), p.Rescanning, append([]string{}, p.Lists...), p.Name, p.Sensitivity, p.Audit.out(), p.Archived}
}

// reviewOut is schema WatchlistScreeningReview, and EntityWatchlistScreeningReview.
type reviewOut struct {
	ID        string   `json:"id"`
	Confirmed []string `json:"confirmed_hits"`
	Dismissed []string `json:"dismissed_hits"`
	Comment   *string  `json:"comment"`
	Audit     auditOut `json:"audit_trail"`
}

func (r *Review) out() reviewOut {
	return reviewOut{r.ID, append([]string{}, r.Confirmed...), append([]string{}, r.Dismissed...), r.Comment, r.Audit.out()}
}

// hitHead is what hits of both kinds have.
type hitHead struct {
	ID          string       `json:"id"`
	Review      ReviewStatus `json:"review_status"`
	FirstActive string       `json:"first_active"`
	Inactive    *string      `json:"inactive_since"`
	Historical  *string      `json:"historical_since"`
	Code        string       `json:"list_code"`
	PlaidUID    string       `json:"plaid_uid"`
	SourceUID   *string      `json:"source_uid"`
}

func (h *Hit) head() hitHead {
	return hitHead{h.ID, h.Review, stamp(h.FirstActive), stampOrNull(h.Inactive), stampOrNull(h.Historical), h.Code, plaidUID(h.Code, h.UID), orNull(h.UID)}
}

// individualHit is schema WatchlistScreeningHit.
type individualHit struct {
	hitHead
	Analysis individualAnalysis `json:"analysis"`
	Data     individualData     `json:"data"`
}

type individualAnalysis struct {
	Births    match.Summary `json:"dates_of_birth"`
	Documents match.Summary `json:"documents"`
	Locations match.Summary `json:"locations"`
	Names     match.Summary `json:"names"`
	Version   int64         `json:"search_terms_version"`
}

// fact is a value of an entry and how it compares.
type fact[T any] struct {
	Analysis factAnalysis `json:"analysis"`
	Data     T            `json:"data"`
}

type factAnalysis struct {
	Summary match.Summary `json:"summary"`
}

type individualData struct {
	Births    []fact[rangeOut]    `json:"dates_of_birth"`
	Documents []fact[documentOut] `json:"documents"`
	Locations []fact[locationOut] `json:"locations"`
	Names     []fact[nameOut]     `json:"names"`
}

type (
	rangeOut struct {
		Beginning string `json:"beginning"`
		Ending    string `json:"ending"`
	}
	documentOut struct {
		Type   string `json:"type"`
		Number string `json:"number"`
	}
	locationOut struct {
		Full    string `json:"full"`
		Country string `json:"country"`
	}
	nameOut struct {
		Full    string `json:"full"`
		Primary bool   `json:"is_primary"`
		Weak    string `json:"weak_alias_determination"`
	}
	emailOut struct {
		Email string `json:"email_address"`
	}
	phoneOut struct {
		Type  string `json:"type"`
		Phone string `json:"phone_number"`
	}
	urlOut struct {
		URL string `json:"url"`
	}
)

// facts are the values of one kind with how each compares.
func facts[T, O any](values []T, all []match.Summary, out func(T) O) []fact[O] {
	list := make([]fact[O], len(values))
	for i, v := range values {
		list[i] = fact[O]{factAnalysis{all[i]}, out(v)}
	}
	return list
}

func (h *Hit) names(kind list.Kind) []fact[nameOut] {
	return facts(h.Entry.Names, h.Analysis.Names, func(n list.Name) nameOut {
		weak := "none"
		switch {
		case n.Weak:
			weak = "source"
		case match.Poor(kind, n.Full):
			weak = "plaid"
		}
		return nameOut{n.Full, n.Primary, weak}
	})
}

// unknownCountry is what ISO 3166 leaves to its users.
const unknownCountry = "XX"

func (h *Hit) locations() []fact[locationOut] {
	return facts(h.Entry.Locations, h.Analysis.Locations, func(l list.Location) locationOut {
		if l.Country == "" {
			l.Country = unknownCountry
		}
		return locationOut{l.Full, l.Country}
	})
}

func (h *Hit) documents(kindOf func(string) string) []fact[documentOut] {
	return facts(h.Entry.Documents, h.Analysis.Documents, func(d list.Document) documentOut { return documentOut{kindOf(d.Type), d.Number} })
}

func (h *Hit) individual() individualHit {
	return individualHit{
		h.head(), individualAnalysis{h.Sums.Births, h.Sums.Documents, h.Sums.Locations, h.Sums.Names, h.TermsVersion},
		individualData{
			facts(h.Entry.Births, h.Analysis.Births, func(r list.Range) rangeOut { return rangeOut{r.From, r.To} }),
			h.documents(ofIndividuals), h.locations(), h.names(list.Individual),
		},
	}
}

// entityHit is schema EntityWatchlistScreeningHit.
type entityHit struct {
	hitHead
	Analysis entityAnalysis `json:"analysis"`
	Data     entityData     `json:"data"`
}

type entityAnalysis struct {
	Documents match.Summary `json:"documents"`
	Emails    match.Summary `json:"email_addresses"`
	Locations match.Summary `json:"locations"`
	Names     match.Summary `json:"names"`
	Phones    match.Summary `json:"phone_numbers"`
	URLs      match.Summary `json:"urls"`
	Version   int64         `json:"search_terms_version"`
}

type entityData struct {
	Documents []fact[documentOut] `json:"documents"`
	Emails    []fact[emailOut]    `json:"email_addresses"`
	Locations []fact[locationOut] `json:"locations"`
	Names     []fact[nameOut]     `json:"names"`
	Phones    []fact[phoneOut]    `json:"phone_numbers"`
	URLs      []fact[urlOut]      `json:"urls"`
}

func (h *Hit) entity() entityHit {
	return entityHit{
		h.head(), entityAnalysis{h.Sums.Documents, h.Sums.Emails, h.Sums.Locations, h.Sums.Names, h.Sums.Phones, h.Sums.URLs, h.TermsVersion},
		entityData{
			h.documents(ofEntities), facts(h.Entry.Emails, h.Analysis.Emails, func(s string) emailOut { return emailOut{s} }), h.locations(), h.names(list.Entity),
			facts(h.Entry.Phones, h.Analysis.Phones, func(s string) phoneOut { return phoneOut{"phone", s} }),
			facts(h.Entry.URLs, h.Analysis.URLs, func(s string) urlOut { return urlOut{s} }),
		},
	}
}

// ofIndividuals is the type of a document that a person has: what only organisations
// have is other.
func ofIndividuals(kind string) string {
	switch kind {
	case "swift", "bik", "imo", "business_number":
		return "other"
	}
	return kind
}

// ofEntities is the type of a document that an organisation has.
func ofEntities(kind string) string {
	switch kind {
	case "swift", "bik", "imo", "business_number", "tax_id":
		return kind
	}
	return "other"
}
