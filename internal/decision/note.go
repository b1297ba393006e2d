package decision

import (
	"context"
	"fmt"
	"slices"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/decision/alloy"
	"github.com/glencheck-dev/glencheck/internal/store"
)

const (
	insertNote    = `INSERT INTO decision_note (token, account, subject, entity, sealed, created_at) VALUES ($1, $2, $3, $4, $5, $6)`
	selectNotes   = `SELECT token, sealed, created_at FROM decision_note WHERE subject = $1 ORDER BY created_at, token`
	deleteNotesOf = `DELETE FROM decision_note WHERE entity = $1`
)

type noteRequest struct {
	Note  string `json:"note" required:"true" min:"1" max:"10000"`
	Email string `json:"note_author_agent_email" max:"255"`
}

// note is what a note seals.
type note struct {
	Text  string `json:"text"`
	Email string `json:"email"`
}

type noteAnswer struct {
	Token     string  `json:"note_token"`
	Text      string  `json:"text"`
	CreatedAt int64   `json:"created_at"`
	UpdatedAt int64   `json:"updated_at"`
	Email     *string `json:"email"`
}

// noteMade is what POST …/notes answers, in the words of its request.
type noteMade struct {
	Token     string  `json:"note_token"`
	Note      string  `json:"note"`
	Email     *string `json:"note_author_agent_email"`
	CreatedAt int64   `json:"created_at"`
	UpdatedAt int64   `json:"updated_at"`
}

func (s *Entities) note(ctx context.Context, call alloy.Call, in noteRequest) (made noteMade, err error) {
	err = write(ctx, s.db, func(tx *store.Tx) error {
		e, err := s.Lookup(ctx, tx, call.Account, call.Path("token"))
		if err != nil {
			return err
		}
		if e.purged {
			return alloy.ErrConflict.Saying("The entity was purged")
		}
		made, err = s.addNote(ctx, tx, call, e.Token, e.Token, in)
		return err
	})
	return made, err
}

// addNote writes a note about an entity, or about a review of it.
func (s *Entities) addNote(ctx context.Context, tx *store.Tx, call alloy.Call, subject, entity string, in noteRequest) (noteMade, error) {
	id, now := token(s.ids, "N-"), clock.Millis(s.clock.Now())
	sealed, err := s.vault.SealJSON(note{in.Note, in.Email}, "note:"+id)
	if err != nil {
		return noteMade{}, err
	}
	if _, err := tx.Exec(ctx, insertNote, id, call.Account, subject, entity, sealed, now); err != nil {
		return noteMade{}, fmt.Errorf("decision: note: %w", err)
	}
	err = s.audit.Add(ctx, tx, Entry{Account: call.Account, Actor: call.Key, Action: "note.create", Object: entity, After: map[string]any{"note": id, "subject": subject}})
	return noteMade{id, in.Note, orNull(in.Email), now, now}, err
}

// notesAbout lists the notes about subjects, in their order.
func (s *Entities) notesAbout(ctx context.Context, tx *store.Tx, subjects ...string) ([]noteAnswer, error) {
	list := []noteAnswer{}
	for _, subject := range subjects {
		some, err := s.readNotes(ctx, tx, subject)
		if err != nil {
			return nil, err
		}
		list = append(list, some...)
	}
	slices.SortStableFunc(list, func(a, b noteAnswer) int { return int(a.CreatedAt - b.CreatedAt) })
	return list, nil
}

func (s *Entities) readNotes(ctx context.Context, tx *store.Tx, subject string) (list []noteAnswer, err error) {
	rows, err := tx.Query(ctx, selectNotes, subject)
	if err != nil {
		return nil, fmt.Errorf("decision: note: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var a noteAnswer
		var sealed string
		if err := rows.Scan(&a.Token, &sealed, &a.CreatedAt); err != nil {
			return nil, fmt.Errorf("decision: note: %w", err)
		}
		var n note
		if err := s.vault.OpenJSON(sealed, "note:"+a.Token, &n); err != nil {
			return nil, err
		}
		a.Text, a.Email, a.UpdatedAt = n.Text, orNull(n.Email), a.CreatedAt
		list = append(list, a)
	}
	return list, rows.Err()
}

// notesOf lists the notes about an entity and about those that were merged into it.
func (s *Entities) notesOf(ctx context.Context, tx *store.Tx, e *Entity) ([]noteAnswer, error) {
	tokens, err := s.tokens(ctx, tx, e)
	if err != nil {
		return nil, err
	}
	return s.notesAbout(ctx, tx, tokens...)
}
