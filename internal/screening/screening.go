package screening

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/schedule"
	"github.com/glencheck-dev/glencheck/internal/screening/list"
	"github.com/glencheck-dev/glencheck/internal/screening/match"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/vault"
)

// Config is what the room needs.
type Config struct {
	DB        *store.DB
	Vault     *vault.Vault
	Clock     *clock.Clock
	IDs       *clock.IDs
	Scheduler *schedule.Scheduler
	// Sandbox has the room's own programs and entries.
	Sandbox bool
	// Dir is a directory with the files of watchlists; "" for none.
	Dir string
	// Notify writes a webhook about a changed status in the transaction of the change.
	Notify func(ctx context.Context, tx *store.Tx, n Notice) error
	// Warn tells the operator of a file that cannot be used.
	Warn func(message string, args ...any)
}

// Notice is a webhook STATUS_UPDATED.
type Notice struct {
	ClientID    string
	Kind        list.Kind
	ScreeningID string
	Status      Status
	Origin      string // what the screening belongs to, as Subject says it
}

// Service has the screenings of every client. Its methods are safe for concurrent use,
// also by several nodes on one database.
type Service struct {
	cfg   Config
	db    *store.DB
	vault *vault.Vault
	clock *clock.Clock
	ids   *clock.IDs
	index indexes
}

// New returns the room.
func New(cfg Config) *Service {
	s := &Service{cfg: cfg, db: cfg.DB, vault: cfg.Vault, clock: cfg.Clock, ids: cfg.IDs}
	cfg.Scheduler.RegisterAsk(jobRescan, s.rescanJob)
	cfg.Scheduler.RegisterAsk(jobRead, s.readJob)
	return s
}

const idAlphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

func (s *Service) newID(prefix string) string { return prefix + s.ids.Letters(14, idAlphabet) }

// Status is how a screening stands (schema WatchlistScreeningStatus).
type Status string

// The statuses.
const (
	Cleared       Status = "cleared"
	PendingReview Status = "pending_review"
	Rejected      Status = "rejected"
)

// Terms are whom is looked for; "" for what is not known.
type Terms struct {
	Name      string `json:"name"`
	BirthDate string `json:"birth_date,omitempty"`
	Document  string `json:"document,omitempty"`
	Country   string `json:"country,omitempty"`
	Email     string `json:"email,omitempty"`
	Phone     string `json:"phone,omitempty"`
	URL       string `json:"url,omitempty"`
	Version   int64  `json:"version"`
}

func (t Terms) query() match.Query {
	return match.Query{Name: t.Name, BirthDate: t.BirthDate, Document: t.Document, Country: t.Country, Email: t.Email, Phone: t.Phone, URL: t.URL}
}

// Screening is somebody who is looked up on the lists of a program.
type Screening struct {
	ID       string
	ClientID string
	Kind     list.Kind
	number   int64
	seq      int64
	origin   string
	record
}

// record is what changes of a screening. All of it is sealed; what rows are found by
// has columns besides.
type record struct {
	ProgramID    string `json:"program_id"`
	ClientUserID string `json:"client_user_id,omitempty"`
	Assignee     string `json:"assignee,omitempty"`
	Status       Status `json:"status"`
	Terms        Terms  `json:"terms"`
	Audit        Audit  `json:"audit"`
	// Redacted says that what is personal was removed: nobody is looked for.
	Redacted bool `json:"redacted,omitempty"`
}

var errUnknown = plaid.NotFound.WithMessage("could not find matching watchlist screening")

// Subject is whom Screen looks up.
type Subject struct {
	ClientID, ClientUserID, ProgramID string
	// Origin is what the screening belongs to. A second call for it answers the first
	// one's screening.
	Origin string
	Terms  Terms
}

// Screen looks up a person whom Identity Verification has verified. It returns the
// screening's id and whether the person was found on a list.
func (s *Service) Screen(ctx context.Context, who Subject) (id string, hit bool, err error) {
	sc, err := s.create(ctx, newScreening{
		kind: list.Individual, clientID: who.ClientID, clientUserID: who.ClientUserID, programID: who.ProgramID, origin: who.Origin, terms: who.Terms, source: byLink,
	})
	if err != nil {
		return "", false, err
	}
	return sc.ID, sc.Status != Cleared, nil
}

// newScreening is what a screening is made of.
type newScreening struct {
	kind                              list.Kind
	clientID, clientUserID, programID string
	origin                            string
	terms                             Terms
	source                            string
}

// create makes a screening and searches for it at once.
func (s *Service) create(ctx context.Context, n newScreening) (*Screening, error) {
	p, err := s.program(ctx, s.db, n.clientID, n.kind, n.programID)
	if err != nil {
		return nil, err
	}
	if p.Archived {
		return nil, plaid.InvalidField("watchlist_program_id must be that of a program that is not archived")
	}
	sc := &Screening{ID: s.newID(idsOf[n.kind].screening), ClientID: n.clientID, Kind: n.kind, seq: 1, origin: n.origin, record: record{
		ProgramID: p.ID, ClientUserID: n.clientUserID, Status: Cleared, Terms: n.terms, Audit: s.audit(n.source),
	}}
	sc.Terms.Version = 1
	if sc.origin == "" {
		sc.origin = sc.ID
	}
	found, err := s.search(ctx, sc, p)
	if err != nil {
		return nil, err
	}
	if len(found.entries) > 0 {
		sc.Status = PendingReview
	}
	made := false
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		if made, err = s.insert(ctx, tx, sc); err != nil || !made {
			return err
		}
		_, err := s.keepHits(ctx, tx, sc, nil, found)
		return err
	})
	if err != nil {
		return nil, err
	}
	if !made && n.origin == "" {
		return nil, fmt.Errorf("screening: the id %s was given twice", sc.ID)
	}
	if !made {
		return s.read(ctx, s.db, screeningByOrigin, n.clientID, n.origin)
	}
	return sc, nil
}

func (s *Service) audit(source string) Audit { return Audit{source, clock.Millis(s.clock.Now())} }

// find reads a screening of a client.
func (s *Service) find(ctx context.Context, from reader, clientID string, kind list.Kind, id string) (*Screening, error) {
	sc, err := s.read(ctx, from, screeningByID, id)
	if errors.Is(err, store.ErrNoRows) || err == nil && (sc.ClientID != clientID || sc.Kind != kind) {
		return nil, errUnknown
	}
	if err != nil {
		return nil, fmt.Errorf("screening: %w", err)
	}
	return sc, nil
}

// change is what /update says.
type change struct {
	programID, clientUserID, assignee *string
	status                            *Status
	terms                             func(*Terms) // nil for none
	resetAssignee                     bool
}

// changeTries bounds how often a change makes way for others of the same screening.
const changeTries = 10

// update changes a screening. Where its terms or its program change it is searched for
// anew.
func (s *Service) update(ctx context.Context, clientID string, kind list.Kind, id string, c change) (*Screening, error) {
	for range changeTries {
		sc, err := s.find(ctx, s.db, clientID, kind, id)
		if err != nil {
			return nil, err
		}
		err = s.updateOnce(ctx, sc, c)
		if !errors.Is(err, errMoved) {
			return sc, err
		}
	}
	return nil, fmt.Errorf("screening: %w, %d times", errMoved, changeTries)
}

func (s *Service) updateOnce(ctx context.Context, sc *Screening, c change) error {
	if sc.Redacted && (c.terms != nil || c.programID != nil) {
		return plaid.InvalidField("search_terms must not be updated: what is personal was removed from the screening")
	}
	before := sc.record
	set(&sc.ClientUserID, c.clientUserID)
	set(&sc.Assignee, c.assignee)
	set(&sc.Status, c.status)
	set(&sc.ProgramID, c.programID)
	if c.resetAssignee {
		sc.Assignee = ""
	}
	if c.terms != nil {
		c.terms(&sc.Terms)
	}
	edited := sc.Terms != before.Terms || sc.ProgramID != before.ProgramID
	if sc.record == before {
		return nil
	}
	if edited {
		sc.Terms.Version++
	}
	sc.Audit = s.audit(byAPI)
	var found result
	if edited && sc.Status != Rejected {
		p, err := s.program(ctx, s.db, sc.ClientID, sc.Kind, sc.ProgramID)
		if err != nil {
			return err
		}
		if p.Archived && sc.ProgramID != before.ProgramID {
			return plaid.InvalidField("watchlist_program_id must be that of a program that is not archived")
		}
		if found, err = s.search(ctx, sc, p); err != nil {
			return err
		}
	} else if sc.ProgramID != before.ProgramID {
		if _, err := s.program(ctx, s.db, sc.ClientID, sc.Kind, sc.ProgramID); err != nil {
			return err
		}
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		if edited && sc.Status != Rejected {
			open, err := s.reconcile(ctx, tx, sc, found)
			if err != nil {
				return err
			}
			sc.Status = Cleared
			if open {
				sc.Status = PendingReview
			}
		}
		return s.store(ctx, tx, sc, before)
	})
}

func set[T any](to *T, value *T) {
	if value != nil {
		*to = *value
	}
}

// store writes a changed screening, what it was before, and the webhook.
func (s *Service) store(ctx context.Context, tx *store.Tx, sc *Screening, before record) error {
	if err := s.save(ctx, tx, sc, before); err != nil {
		return err
	}
	if sc.Status == before.Status || s.cfg.Notify == nil {
		return nil
	}
	return s.cfg.Notify(ctx, tx, Notice{sc.ClientID, sc.Kind, sc.ID, sc.Status, sc.origin})
}

// stamp is a time on the wire.
func stamp(ms int64) string { return clock.FromMillis(ms).UTC().Format(time.RFC3339) }
