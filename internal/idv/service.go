package idv

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/idv/reader"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/schedule"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/team"
	"github.com/glencheck-dev/glencheck/internal/vault"
)

// Config is what the room needs.
type Config struct {
	DB        *store.DB
	Vault     *vault.Vault
	Clock     *clock.Clock
	IDs       *clock.IDs
	Env       string // "sandbox" or "production"
	PublicURL string // what browsers reach the server by
	Teams     *team.Teams
	Users     *team.Users
	Scheduler *schedule.Scheduler
	// Templates are those that every client has.
	Templates []Template
	// Source knows people, for kyc_check; nil for none: there is no data on anybody.
	Source Source
	// Texts sends the codes of verify_sms. In the sandbox they are not sent: the
	// sandbox's phone shows them. Elsewhere templates with verify_sms need it.
	Texts Texter
	// Faces compares faces, for selfie_check; nil where a person has to.
	Faces Faces
	// Reader reads the machine-readable parts of documents; nil for the built-in one.
	Reader reader.Reader
	Log    *slog.Logger
	// Names says how alike two names are, from 0 to 100.
	Names func(said, held string) int
	// Screen looks a person up on watchlists and says whether that found something;
	// nil where there are none. A second call for an attempt finds the first one's
	// screening.
	Screen func(ctx context.Context, who Screened) (id string, hit bool, err error)
	// Forget removes what the screening of an attempt has of the person, in the
	// transaction in which the attempt loses it; nil where there are none.
	Forget func(ctx context.Context, tx *store.Tx, clientID, attemptID string) error
	// Notify writes a webhook about an attempt in the transaction of its change.
	Notify func(ctx context.Context, tx *store.Tx, n Notice) error
}

// Notice is a webhook of type IDENTITY_VERIFICATION.
type Notice struct {
	ClientID  string
	AttemptID string
	Code      string
}

// Service has the attempts of every client. Its methods are safe for concurrent
// use, also by several nodes on one database.
type Service struct {
	cfg       Config
	db        *store.DB
	vault     *vault.Vault
	clock     *clock.Clock
	ids       *clock.IDs
	templates []Template
	papers    *papers
	filming   chan struct{}                       // the places at which films are looked at
	newest    *store.Cache[templateKey, Template] // of each client the newest version of a template
	answers   *store.Cache[string, answered]      // attempt id -> what get answers
}

// kept is how many attempts' answers are held in memory when one process owns the
// database.
const kept = 10_000

// The kinds of jobs.
const (
	jobRun    = "idv.run"    // do what needs nobody
	jobExpire = "idv.expire" // end an attempt that nobody has completed
	jobRedact = "idv.redact" // remove what is personal
)

// New returns the room.
func New(cfg Config) *Service {
	s := &Service{
		cfg: cfg, db: cfg.DB, vault: cfg.Vault, clock: cfg.Clock, ids: cfg.IDs, templates: cfg.Templates,
		papers: newPapers(cfg), filming: make(chan struct{}, filmPlaces),
	}
	s.newest, s.answers = store.NewCache[templateKey, Template](cfg.DB, kept), store.NewCache[string, answered](cfg.DB, kept)
	if cfg.Scheduler != nil {
		cfg.Scheduler.RegisterAsk(jobRun, s.runJob)
		cfg.Scheduler.Register(jobExpire, s.expireJob)
		cfg.Scheduler.Register(jobRedact, s.redactJob)
	}
	return s
}

// idAlphabet are the letters of the ids of attempts.
const idAlphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

func (s *Service) newID() string { return "idv_" + s.ids.Letters(14, idAlphabet) }

// newKey is the secret in a shareable URL.
func (s *Service) newKey() string { return s.ids.Hex(64) }

// shareable is the address at which a person can complete the attempt.
func (s *Service) shareable(a *Attempt) string {
	return strings.TrimRight(s.cfg.PublicURL, "/") + "/verify/" + a.ID + "?key=" + url.QueryEscape(a.Key)
}

// The errors that name an attempt.
var (
	errUnknown = plaid.NotFound.WithMessage("could not find matching identity verification")
	errExists  = plaid.InvalidField("an identity verification already exists for the given client_user_id and template_id")
)

// Get finds an attempt of a client.
func (s *Service) Get(ctx context.Context, clientID, id string) (*Attempt, error) {
	return s.find(ctx, s.db, clientID, id)
}

// InTx is Get inside the transaction of a Notice: the attempt as the change leaves it.
func (s *Service) InTx(ctx context.Context, tx *store.Tx, clientID, id string) (*Attempt, error) {
	return s.find(ctx, tx, clientID, id)
}

func (s *Service) find(ctx context.Context, from querier, clientID, id string) (*Attempt, error) {
	a, err := s.read(ctx, from, attemptByID, id)
	if errors.Is(err, store.ErrNoRows) || err == nil && a.ClientID != clientID {
		return nil, errUnknown
	}
	if err != nil {
		return nil, fmt.Errorf("idv: attempt: %w", err)
	}
	return a, nil
}

// changeTries bounds how often a change makes way for others of the same attempt.
const changeTries = 10

// change loads an attempt, changes it and stores it with what follows. A change
// that finds the attempt changed meanwhile begins anew.
func (s *Service) change(ctx context.Context, clientID, id string, f func(*Attempt) error) (*Attempt, error) {
	for try := range changeTries {
		a, err := s.Get(ctx, clientID, id)
		if err != nil {
			return nil, err
		}
		if try > 0 && !a.RedactedAt.IsZero() {
			err := s.db.Write(ctx, func(tx *store.Tx) error { return s.forgetIfRedacted(ctx, tx, a) })
			if err != nil {
				return nil, err
			}
		}
		if err := f(a); err != nil {
			return nil, err
		}
		err = s.db.Write(ctx, func(tx *store.Tx) error { return s.update(ctx, tx, a) })
		if err == nil {
			s.sendAll(ctx, a)
			a.seq++
			a.notices, a.send, a.kept, a.dropped, a.decision, a.removed = nil, nil, nil, nil, nil, false
			return a, nil
		}
		if !errors.Is(err, errMoved) {
			return nil, err
		}
	}
	return nil, fmt.Errorf("idv: %w, %d times", errMoved, changeTries)
}

// sendAll sends the messages of a change that is stored. One that cannot be sent is
// the person's to ask for again: they see that nothing has come.
func (s *Service) sendAll(ctx context.Context, a *Attempt) {
	for _, m := range a.send {
		if s.cfg.Texts == nil {
			return
		}
		c, err := s.cfg.Teams.Client(ctx, a.ClientID)
		if err == nil {
			err = s.cfg.Texts.Send(ctx, m.Phone, m.words(c.Name))
		}
		if err != nil {
			s.cfg.Log.Error("a code could not be sent", "identity_verification_id", a.ID, "error", err.Error())
		}
	}
}

// checkTime is how long after a request the steps that need nobody are run. It is
// long enough for the request to be answered "active".
const checkTime = time.Second

// follow does in the transaction of a change what it leads to: pictures,
// webhooks, and jobs.
func (s *Service) follow(ctx context.Context, tx *store.Tx, a *Attempt) error {
	if err := s.storePictures(ctx, tx, a); err != nil {
		return err
	}
	for _, code := range a.notices {
		if s.cfg.Notify == nil {
			break
		}
		if err := s.cfg.Notify(ctx, tx, Notice{a.ClientID, a.ID, code}); err != nil {
			return err
		}
	}
	sch := s.cfg.Scheduler
	if s.runnable(a) {
		if err := sch.Schedule(ctx, tx, s.clock.Now().Add(checkTime), jobRun, a.ID, a.ClientID); err != nil {
			return err
		}
	}
	if !a.CompletedAt.IsZero() && a.RedactedAt.IsZero() && a.Plan.RedactAfter > 0 {
		if err := sch.Cancel(ctx, tx, jobRedact, a.ID); err != nil {
			return err
		}
		return sch.Schedule(ctx, tx, a.CompletedAt.Add(seconds(a.Plan.RedactAfter)), jobRedact, a.ID, a.ClientID)
	}
	return nil
}
