package decision

import (
	"context"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/decision/alloy"
	"github.com/glencheck-dev/glencheck/internal/store"
)

func (s *Entities) routes() []alloy.Route {
	return []alloy.Route{
		alloy.Post("/v1/entities/persons", s.createOf(Person), alloy.Created(), alloy.Summary("Makes a person")),
		alloy.Post("/v1/entities/businesses", s.createOf(Business), alloy.Created(), alloy.Summary("Makes a business")),
		alloy.Get("/v1/entities/persons/{token}", s.readOf(Person), alloy.Summary("A person, by token or external id")),
		alloy.Get("/v1/entities/businesses/{token}", s.readOf(Business), alloy.Summary("A business, by token or external id")),
		alloy.Patch("/v1/entities/persons/{token}", s.changeOf(Person), alloy.Summary("Adds to what is known of a person")),
		alloy.Patch("/v1/entities/businesses/{token}", s.changeOf(Business), alloy.Summary("Adds to what is known of a business")),
		alloy.Get("/v1/entities/{token}", s.overview, alloy.Summary("What belongs to an entity")),
		alloy.Delete("/v1/entities/{token}", s.purge, alloy.Summary("Forgets what is personal about an entity; ours")),
		alloy.Post("/v1/entities/{token}/notes", s.note, alloy.Created(), alloy.Summary("Adds a note")),
		alloy.Post("/v1/entities/merge", s.merge, alloy.Created(), alloy.Summary("Makes one entity part of another")),
		alloy.Get("/v1/entities/{token}/documents", s.documents, alloy.Summary("The documents of an entity")),
		alloy.Post("/v1/entities/{token}/documents", s.describe, alloy.Summary("Describes a document before it is uploaded")),
		alloy.Put("/v1/entities/{token}/documents/{document}", s.upload, alloy.MaxBody(maxDocument), alloy.Summary("Uploads a document that was described")),
		alloy.Get("/v1/entities/{token}/documents/{document}", s.download, alloy.Summary("The file of a document")),
	}
}

// entityRequest is the body of POST /v1/entities/persons and businesses.
type entityRequest struct {
	External string `json:"external_entity_id" max:"1024"`
	Details
}

// entityPatch is the body of PATCH, which may have more names for the entity.
type entityPatch struct {
	entityRequest
	Externals []externalRequest `json:"external_entity_ids" max:"20"`
}

type externalRequest struct {
	ID          string `json:"external_entity_id" required:"true" min:"1" max:"1024"`
	Kind        string `json:"external_entity_id_type" max:"64"`
	Designation string `json:"designation" enum:"primary"`
}

// createOf makes an entity of a kind. One that the account calls so already is not
// made again: what is new is added to it, and the status is 200.
func (s *Entities) createOf(kind string) func(context.Context, alloy.Call, entityRequest) (EntityAnswer, error) {
	return func(ctx context.Context, call alloy.Call, in entityRequest) (EntityAnswer, error) {
		if err := in.check(kind); err != nil {
			return EntityAnswer{}, err
		}
		switch {
		case kind == Person && in.NameFirst == "" && in.NameLast == "":
			return EntityAnswer{}, alloy.ErrBody.With(atLeastOne("name_first", "name_last"))
		case kind == Business && in.BusinessName == "":
			return EntityAnswer{}, alloy.Required("business_name")
		}
		var answer EntityAnswer
		err := write(ctx, s.db, func(tx *store.Tx) error {
			e, err := s.forSubject(ctx, tx, call, Subject{External: in.External, Kind: kind, Details: in.Details})
			if err != nil {
				return err
			}
			answer, err = s.answer(ctx, tx, e)
			if answer.Status = 201; !e.made {
				answer.Status = 200
			}
			return err
		})
		return answer, err
	}
}

// peers is what error.details says where one of several members is needed.
type peers struct {
	Message string   `json:"message"`
	Path    string   `json:"path"`
	Type    string   `json:"type"`
	Context peerList `json:"context"`
}

type peerList struct {
	Peers []string `json:"peers"`
	Key   string   `json:"key"`
}

func atLeastOne(names ...string) peers {
	return peers{`"value" must contain at least one of [` + strings.Join(names, ", ") + `]`, "value", "object.missing", peerList{names, "value"}}
}

// ofKind finds the entity of a path and refuses one of another kind.
func (s *Entities) ofKind(ctx context.Context, tx *store.Tx, call alloy.Call, kind string) (*Entity, error) {
	e, err := s.Lookup(ctx, tx, call.Account, call.Path("token"))
	if err == nil && e.Kind != kind {
		err = alloy.ErrNotYours
	}
	return e, err
}

func (s *Entities) readOf(kind string) func(context.Context, alloy.Call) (EntityAnswer, error) {
	return func(ctx context.Context, call alloy.Call) (answer EntityAnswer, err error) {
		err = s.db.Read(ctx, func(tx *store.Tx) error {
			e, err := s.ofKind(ctx, tx, call, kind)
			if err == nil {
				answer, err = s.answer(ctx, tx, e)
			}
			return err
		})
		return answer, err
	}
}

func (s *Entities) changeOf(kind string) func(context.Context, alloy.Call, entityPatch) (EntityAnswer, error) {
	return func(ctx context.Context, call alloy.Call, in entityPatch) (answer EntityAnswer, err error) {
		if err := in.check(kind); err != nil {
			return EntityAnswer{}, err
		}
		err = write(ctx, s.db, func(tx *store.Tx) error {
			e, err := s.ofKind(ctx, tx, call, kind)
			if err != nil {
				return err
			}
			if err := s.rename(ctx, tx, call, e, in); err != nil {
				return err
			}
			if err := s.add(ctx, tx, call, e, Subject{Details: in.Details}); err != nil {
				return err
			}
			answer, err = s.answer(ctx, tx, e)
			return err
		})
		return answer, err
	}
}

// rename gives an entity the names that a PATCH has for it. external_entity_id is
// set once and never changed; external_entity_ids adds to it.
func (s *Entities) rename(ctx context.Context, tx *store.Tx, call alloy.Call, e *Entity, in entityPatch) error {
	list := in.Externals
	if in.External != "" {
		if e.External() != "" && e.External() != in.External {
			return alloy.ErrConflict.Saying("The external entity id of the entity cannot be changed")
		}
		list = append([]externalRequest{{ID: in.External}}, list...)
	}
	seen, primaries, added := map[string]bool{}, 0, 0
	for _, x := range list {
		if seen[x.ID] && x.ID != in.External {
			return alloy.Invalid("external_entity_ids", "not have an id twice")
		}
		seen[x.ID] = true
		if x.Designation != "" {
			if primaries++; primaries > 1 {
				return alloy.Invalid("external_entity_ids", "have one primary id at most")
			}
		}
		held, err := s.heldBy(ctx, tx, e, x.ID)
		if err != nil {
			return err
		}
		if held {
			continue
		}
		added++
		if err := s.nameIt(ctx, tx, e, External{ID: x.ID, Kind: x.Kind, Primary: x.Designation != "" || len(e.Externals) == 0}); err != nil {
			return err
		}
	}
	if added == 0 {
		return nil
	}
	return s.audit.Add(ctx, tx, Entry{Account: e.Account, Actor: call.Key, Action: "entity.name", Object: e.Token, After: e.Externals})
}

// heldBy reports whether an entity has a name already; another's name is refused.
func (s *Entities) heldBy(ctx context.Context, tx *store.Tx, e *Entity, id string) (bool, error) {
	for _, x := range e.Externals {
		if x.ID == id {
			return true, nil
		}
	}
	if other, err := s.byExternal(ctx, tx, e.Account, id); err == nil && other.Token != e.Token {
		return false, alloy.ErrConflict.Saying("The external entity id is that of another entity")
	}
	return false, nil
}

type mergeRequest struct {
	Primary           string `json:"primary_entity_token" max:"64"`
	PrimaryExternal   string `json:"primary_external_entity_id" max:"1024"`
	Secondary         string `json:"secondary_entity_token" max:"64"`
	SecondaryExternal string `json:"secondary_external_entity_id" max:"1024"`
}

// merge makes the secondary entity part of the primary one, which keeps what it
// knows better. The secondary's token finds the primary from then on.
func (s *Entities) merge(ctx context.Context, call alloy.Call, in mergeRequest) (answer EntityAnswer, err error) {
	if in.Primary == "" && in.PrimaryExternal == "" {
		return answer, alloy.ErrBody.With(atLeastOne("primary_entity_token", "primary_external_entity_id"))
	}
	if in.Secondary == "" && in.SecondaryExternal == "" {
		return answer, alloy.ErrBody.With(atLeastOne("secondary_entity_token", "secondary_external_entity_id"))
	}
	err = write(ctx, s.db, func(tx *store.Tx) error {
		primary, err := s.pick(ctx, tx, call.Account, in.Primary, in.PrimaryExternal)
		if err != nil {
			return err
		}
		secondary, err := s.pick(ctx, tx, call.Account, in.Secondary, in.SecondaryExternal)
		if err != nil {
			return err
		}
		if err := s.mergeInto(ctx, tx, call, primary, secondary); err != nil {
			return err
		}
		merged, err := s.get(ctx, tx, call.Account, primary.Token)
		if err != nil {
			return err
		}
		answer, err = s.answer(ctx, tx, merged)
		answer.Status = 201
		return err
	})
	return answer, err
}

func (s *Entities) pick(ctx context.Context, tx *store.Tx, account, token, external string) (*Entity, error) {
	if token != "" {
		return s.Lookup(ctx, tx, account, token)
	}
	return s.Lookup(ctx, tx, account, external)
}

func (s *Entities) mergeInto(ctx context.Context, tx *store.Tx, call alloy.Call, primary, secondary *Entity) error {
	switch {
	case primary.Token == secondary.Token:
		return alloy.ErrConflict.Saying("Both are the same entity")
	case primary.Kind != secondary.Kind || primary.Sandbox != secondary.Sandbox:
		return alloy.ErrConflict.Saying("The entities are of different types, or of different modes")
	case primary.purged || secondary.purged:
		return alloy.ErrConflict.Saying("An entity that was purged cannot be merged")
	}
	before := []Details{primary.Details, secondary.Details}
	better := primary.Details
	primary.Details = secondary.Details
	primary.Details.merge(better)
	if err := s.update(ctx, tx, primary); err != nil {
		return err
	}
	now := clock.Millis(s.clock.Now())
	if err := tx.ExecOne(ctx, mergeEntity, secondary.Token, primary.Token, now); err != nil {
		return changedMeanwhile(err)
	}
	if _, err := tx.Exec(ctx, moveMerged, secondary.Token, primary.Token); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, moveExternals, secondary.Token, primary.Token); err != nil {
		return err
	}
	return s.audit.Add(ctx, tx, Entry{Account: call.Account, Actor: call.Key, Action: "entity.merge", Object: primary.Token, Before: before, After: map[string]any{"secondary": secondary.Token, "details": primary.Details}})
}

// purged is what DELETE /v1/entities/{token} answers.
type purgedAnswer struct {
	Token  string `json:"entity_token"`
	Purged bool   `json:"purged"`
}

// purge forgets what is personal about an entity and about all that were merged into
// it: its details, names, notes and documents, and what was said of it in
// evaluations, journeys and the audit trail. That it was there, and how it was
// decided, stays.
func (s *Entities) purge(ctx context.Context, call alloy.Call) (answer purgedAnswer, err error) {
	err = write(ctx, s.db, func(tx *store.Tx) error {
		e, err := s.Lookup(ctx, tx, call.Account, call.Path("token"))
		if err != nil {
			return err
		}
		answer = purgedAnswer{e.Token, true}
		if e.purged {
			return nil
		}
		list, err := s.tokens(ctx, tx, e)
		if err != nil {
			return err
		}
		for _, token := range list {
			if err := s.purgeOne(ctx, tx, call, token); err != nil {
				return err
			}
		}
		for _, forget := range s.forget {
			if err := forget(ctx, tx, call.Account, list); err != nil {
				return err
			}
		}
		return nil
	})
	return answer, err
}

func (s *Entities) purgeOne(ctx context.Context, tx *store.Tx, call alloy.Call, token string) error {
	if _, err := tx.Exec(ctx, purgeEntity, token, clock.Millis(s.clock.Now())); err != nil {
		return err
	}
	for _, query := range []string{deleteExternals, deleteEntityKeys, deleteNotesOf, deleteDocumentsOf} {
		if _, err := tx.Exec(ctx, query, token); err != nil {
			return err
		}
	}
	if err := s.audit.purge(ctx, tx, token); err != nil {
		return err
	}
	return s.audit.Add(ctx, tx, Entry{Account: call.Account, Actor: call.Key, Action: actionPurge, Object: token})
}
