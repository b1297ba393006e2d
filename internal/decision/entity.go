package decision

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/decision/alloy"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/vault"
)

// Entity is a person or a business that is decided about.
type Entity struct {
	Token      string // P-… or B-…
	Account    string
	Kind       string // Person or Business
	Sandbox    bool   // made in sandbox mode
	Parent     string // the token of the entity that it belongs to, "" for none
	MergedInto string // the token of the entity that it became part of
	Archived   bool
	Outcome    string // of the latest decision, "" before one
	Details    Details
	Externals  []External // the primary one first
	CreatedAt  time.Time
	UpdatedAt  time.Time

	revision int64
	made     bool // by this call
	purged   bool
}

// External is what an account calls an entity.
type External struct {
	ID      string
	Kind    string
	Primary bool
}

// External is the account's primary name of the entity, "" without one.
func (e *Entity) External() string {
	if len(e.Externals) == 0 {
		return ""
	}
	return e.Externals[0].ID
}

// Entities are the people and businesses of all accounts. Its methods are safe for
// concurrent use.
type Entities struct {
	db    *store.DB
	vault *vault.Vault
	clock *clock.Clock
	ids   *clock.IDs
	audit *Audit

	// evaluations lists the evaluations of entities; nil while nothing evaluates.
	evaluations func(ctx context.Context, account string, entities []string) ([]EntityEvaluation, error)
	// reviews lists the reviews of entities; nil while nobody reviews.
	reviews func(ctx context.Context, account string, entities []string) ([]ReviewAnswer, error)
	// uploaded are told of each document that came, by its entity, in its transaction.
	uploaded []func(ctx context.Context, tx *store.Tx, entity string) error
	// forget are told of each purge, in its transaction.
	forget []func(ctx context.Context, tx *store.Tx, account string, entities []string) error
}

// letters are those of tokens.
const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// token makes a token with a prefix such as P-.
func token(ids *clock.IDs, prefix string) string { return prefix + ids.Letters(20, letters) }

var prefixes = map[string]string{Person: "P-", Business: "B-"}

// errAgain says that somebody else was faster: the transaction is to be run again.
var errAgain = errors.New("decision: it was changed meanwhile")

// changedMeanwhile is errAgain for an update that found nothing.
func changedMeanwhile(err error) error {
	if errors.Is(err, store.ErrNoRows) {
		return errAgain
	}
	return err
}

// write runs a transaction, and runs it again where somebody else was faster.
func write(ctx context.Context, db *store.DB, fn func(*store.Tx) error) error {
	for range 10 {
		if err := db.Write(ctx, fn); !errors.Is(err, errAgain) {
			return err
		}
	}
	return alloy.ErrConflict.Saying("The object is being changed by others; try again")
}

// For finds or makes the entity that an evaluation or a journey is about, in tx: the
// one that header alloy-entity-token names; the one that the account calls by
// alloy-external-entity-id or by identifiers.external_entity_id of the input, which
// is made if there is none; and a new one otherwise. What the input knows of it is
// added to its details. The transaction is to be one of func write.
func (s *Entities) For(ctx context.Context, tx *store.Tx, call alloy.Call, input map[string]any) (*Entity, error) {
	external := call.Header(alloy.HeaderExternalEntity)
	if ids, _ := input["identifiers"].(map[string]any); external == "" && ids != nil {
		external, _ = ids["external_entity_id"].(string)
	}
	return s.forSubject(ctx, tx, call, Subject{
		Token: call.Header(alloy.HeaderEntity), External: external, Parent: call.Header(alloy.HeaderParentEntity),
		Kind: call.Header(alloy.HeaderEntityType), Details: DetailsOf(input),
	})
}

// Subject says which entity is meant, and what is known of it.
type Subject struct {
	Token, External string
	Parent          string
	Kind            string // "" for what the details speak of
	Details         Details
}

// maxExternal bounds what an account calls an entity, in bytes.
const maxExternal = 1024

// kind finds out which kind of entity is meant.
func (s *Subject) kind() error {
	spoken := Person
	if s.Details.BusinessName != "" || s.Details.EIN != "" {
		spoken = Business
	}
	switch s.Kind {
	case "":
		s.Kind = spoken
	case Person, Business:
	default:
		return alloy.ErrHeader.With(alloy.Field{Message: `"` + alloy.HeaderEntityType + `" must be one of: person, business`, Path: alloy.HeaderEntityType, Type: "any.invalid", Context: alloy.Context{Key: alloy.HeaderEntityType}})
	}
	if len(s.External) > maxExternal {
		return alloy.Invalid("external_entity_id", "be at most 1024 bytes")
	}
	return nil
}

func (s *Entities) forSubject(ctx context.Context, tx *store.Tx, call alloy.Call, sub Subject) (*Entity, error) {
	known := sub.Kind
	if err := sub.kind(); err != nil {
		return nil, err
	}
	e, err := s.find(ctx, tx, call, sub)
	switch {
	case err != nil:
		return nil, err
	case e == nil:
		return s.create(ctx, tx, call, sub)
	case known != "" && e.Kind != known:
		return nil, alloy.ErrConflict.Saying("The entity is of another type")
	}
	return e, s.add(ctx, tx, call, e, sub)
}

// find is the entity that is meant; nil when one is to be made.
func (s *Entities) find(ctx context.Context, tx *store.Tx, call alloy.Call, sub Subject) (*Entity, error) {
	var byName *Entity
	if sub.External != "" {
		var err error
		if byName, err = s.byExternal(ctx, tx, call.Account, sub.External); err != nil && !errors.Is(err, store.ErrNoRows) {
			return nil, err
		}
		if byName != nil && byName.Sandbox != call.Sandbox {
			return nil, alloy.ErrConflict.Saying("The external entity id is one of the other mode: sandbox and live data share them")
		}
	}
	if sub.Token == "" {
		return byName, nil
	}
	e, err := s.get(ctx, tx, call.Account, sub.Token)
	if errors.Is(err, store.ErrNoRows) {
		return nil, alloy.ErrNotYours
	}
	if err != nil {
		return nil, err
	}
	if e.Sandbox != call.Sandbox {
		return nil, alloy.ErrConflict.Saying("The entity is one of the other mode: sandbox or live")
	}
	if byName != nil && byName.Token != e.Token {
		return nil, alloy.ErrConflict.Saying("The external entity id is that of another entity")
	}
	return e, nil
}

// create makes an entity.
func (s *Entities) create(ctx context.Context, tx *store.Tx, call alloy.Call, sub Subject) (*Entity, error) {
	now := s.clock.Now()
	e := &Entity{
		Token: token(s.ids, prefixes[sub.Kind]), Account: call.Account, Kind: sub.Kind, Sandbox: call.Sandbox,
		Details: sub.Details, CreatedAt: now, UpdatedAt: now, revision: 1, made: true,
	}
	if sub.Parent != "" {
		parent, err := s.get(ctx, tx, call.Account, sub.Parent)
		if errors.Is(err, store.ErrNoRows) {
			return nil, alloy.ErrNotYours
		}
		if err != nil {
			return nil, err
		}
		e.Parent = parent.Token
	}
	if err := s.insert(ctx, tx, e); err != nil {
		return nil, err
	}
	if sub.External != "" {
		if err := s.nameIt(ctx, tx, e, External{ID: sub.External, Primary: true}); err != nil {
			return nil, err
		}
	}
	return e, s.audit.Add(ctx, tx, Entry{Account: e.Account, Actor: call.Key, Action: "entity.create", Object: e.Token, After: e.Details})
}

// add adds what is known of an entity.
func (s *Entities) add(ctx context.Context, tx *store.Tx, call alloy.Call, e *Entity, sub Subject) error {
	if e.purged {
		return alloy.ErrConflict.Saying("The entity was purged")
	}
	before := e.Details
	before.Addresses, before.Emails, before.Phones = slices.Clone(before.Addresses), slices.Clone(before.Emails), slices.Clone(before.Phones)
	changed := e.Details.merge(sub.Details)
	if sub.External != "" && !slices.ContainsFunc(e.Externals, func(x External) bool { return x.ID == sub.External }) {
		if err := s.nameIt(ctx, tx, e, External{ID: sub.External, Primary: len(e.Externals) == 0}); err != nil {
			return err
		}
		changed = append(changed, "external_entity_id")
	}
	if len(changed) == 0 {
		return nil
	}
	if err := s.update(ctx, tx, e); err != nil {
		return err
	}
	return s.audit.Add(ctx, tx, Entry{Account: e.Account, Actor: call.Key, Action: "entity.update", Object: e.Token, Before: before, After: e.Details})
}

// nameIt gives an entity another name of its account. A new primary one takes the
// place of the one before it.
func (s *Entities) nameIt(ctx context.Context, tx *store.Tx, e *Entity, x External) error {
	if x.Primary {
		if _, err := tx.Exec(ctx, demoteExternals, e.Token); err != nil {
			return fmt.Errorf("decision: entity: %w", err)
		}
		for i := range e.Externals {
			e.Externals[i].Primary = false
		}
	}
	index := s.externalIndex(e.Account, x.ID)
	sealed, err := s.vault.Seal([]byte(x.ID), "external:"+index)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, insertExternal, e.Account, index, e.Token, sealed, x.Kind, x.Primary, clock.Millis(s.clock.Now())); err != nil {
		if store.IsUnique(err) {
			return errAgain // of another entity, or of this one by another call
		}
		return fmt.Errorf("decision: entity: %w", err)
	}
	e.Externals = append(e.Externals, x)
	if x.Primary {
		e.Externals = append([]External{x}, e.Externals[:len(e.Externals)-1]...)
	}
	return nil
}

func (s *Entities) externalIndex(account, id string) string {
	return s.vault.Index("decision.external", account+"."+id)
}

// Get is an entity of an account by its token or by what the account calls it.
// ErrNotYours if there is none.
func (s *Entities) Get(ctx context.Context, account, tokenOrExternal string) (e *Entity, err error) {
	err = s.db.Read(ctx, func(tx *store.Tx) error {
		e, err = s.Lookup(ctx, tx, account, tokenOrExternal)
		return err
	})
	return e, err
}

// Lookup is Get in a transaction.
func (s *Entities) Lookup(ctx context.Context, tx *store.Tx, account, tokenOrExternal string) (*Entity, error) {
	e, err := s.get(ctx, tx, account, tokenOrExternal)
	if errors.Is(err, store.ErrNoRows) {
		e, err = s.byExternal(ctx, tx, account, tokenOrExternal)
	}
	if errors.Is(err, store.ErrNoRows) {
		return nil, alloy.ErrNotYours
	}
	return e, err
}

// Decided keeps the outcome of the latest decision about an entity.
func (s *Entities) Decided(ctx context.Context, tx *store.Tx, entity, outcome string) error {
	_, err := tx.Exec(ctx, setEntityOutcome, entity, outcome, clock.Millis(s.clock.Now()))
	return err
}

// Known counts the entities of an account, other than one, that have a value, such
// as the same document_ssn, and were made since a time: for the velocity of data.
func (s *Entities) Known(ctx context.Context, account, field, value, except string, since time.Time) (int, error) {
	value = strings.ToLower(strings.Join(strings.Fields(value), ""))
	var n int
	err := s.db.QueryRow(ctx, countEntityKeys, account, field, s.keyIndex(account, field, value), except, clock.Millis(since)).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("decision: entity: %w", err)
	}
	return n, nil
}

func (s *Entities) keyIndex(account, field, value string) string {
	return s.vault.Index("decision.entity."+field, account+"."+value)
}
