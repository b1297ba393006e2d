package decision

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/decision/alloy"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// maxDocument is the largest document, in bytes; maxDocuments how many an entity has
// at most.
const (
	maxDocument  = 5 << 20
	maxDocuments = 50
)

const (
	insertDocument = `INSERT INTO decision_document (token, account, entity, sealed, content, size, created_at, uploaded_at)
VALUES ($1, $2, $3, $4, '', 0, $5, 0)`
	selectDocuments   = `SELECT token, sealed, size, created_at, uploaded_at FROM decision_document WHERE entity = $1 ORDER BY created_at, token`
	selectDocument    = `SELECT entity, sealed, size, created_at, uploaded_at FROM decision_document WHERE account = $1 AND token = $2`
	selectContent     = `SELECT content FROM decision_document WHERE token = $1`
	countDocuments    = `SELECT COUNT(*) FROM decision_document WHERE entity = $1`
	uploadDocument    = `UPDATE decision_document SET content = $2, size = $3, uploaded_at = $4 WHERE token = $1 AND size = 0`
	deleteDocumentsOf = `DELETE FROM decision_document WHERE entity = $1`
)

type documentRequest struct {
	Name      string `json:"name" required:"true" min:"1" max:"255"`
	Extension string `json:"extension" required:"true" enum:"pdf,jpg,jpeg,png"`
	Type      string `json:"type" required:"true" min:"1" max:"64"`
	Note      string `json:"note" max:"10000"`
	Email     string `json:"note_author_agent_email" max:"255"`
}

// description is what a document seals beside its content.
type description struct {
	Name      string `json:"name"`
	Extension string `json:"extension"`
	Type      string `json:"type"`
}

type documentAnswer struct {
	Token     string `json:"document_token"`
	Entity    string `json:"entity_token"`
	Type      string `json:"type"`
	Name      string `json:"name"`
	Extension string `json:"extension"`
	Uploaded  bool   `json:"uploaded"`
	Size      int64  `json:"size"`
	Timestamp int64  `json:"timestamp"`
	// UploadedAt is null before the upload.
	UploadedAt *int64 `json:"uploaded_at"`
}

// describe is the first step of an upload.
func (s *Entities) describe(ctx context.Context, call alloy.Call, in documentRequest) (a documentAnswer, err error) {
	err = write(ctx, s.db, func(tx *store.Tx) error {
		e, err := s.Lookup(ctx, tx, call.Account, call.Path("token"))
		if err != nil {
			return err
		}
		var n int
		if err := tx.QueryRow(ctx, countDocuments, e.Token).Scan(&n); err != nil {
			return err
		}
		if e.purged || n >= maxDocuments {
			return alloy.ErrConflict.Saying("The entity was purged, or has 50 documents already")
		}
		a = documentAnswer{Token: token(s.ids, "D-"), Entity: e.Token, Type: in.Type, Name: in.Name, Extension: in.Extension, Timestamp: clock.Millis(s.clock.Now())}
		sealed, err := s.vault.SealJSON(description{in.Name, in.Extension, in.Type}, "document:"+a.Token)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, insertDocument, a.Token, call.Account, e.Token, sealed, a.Timestamp); err != nil {
			return fmt.Errorf("decision: document: %w", err)
		}
		if in.Note != "" {
			if _, err := s.addNote(ctx, tx, call, e.Token, e.Token, noteRequest{in.Note, in.Email}); err != nil {
				return err
			}
		}
		return s.audit.Add(ctx, tx, Entry{Account: call.Account, Actor: call.Key, Action: "document.describe", Object: e.Token, After: a})
	})
	return a, err
}

// signatures are how files of an extension begin.
var signatures = map[string]string{"pdf": "%PDF-", "png": "\x89PNG\r\n\x1a\n", "jpg": "\xff\xd8\xff", "jpeg": "\xff\xd8\xff"}

var mediaTypes = map[string]string{"pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg"}

// upload is the second step. A document is uploaded once.
func (s *Entities) upload(ctx context.Context, call alloy.Call, in alloy.Upload) (list []documentAnswer, err error) {
	var a documentAnswer
	err = write(ctx, s.db, func(tx *store.Tx) error {
		if a, err = s.document(ctx, tx, call); err != nil {
			return err
		}
		switch {
		case a.Uploaded:
			return alloy.ErrConflict.Saying("The document was uploaded already")
		case !bytes.HasPrefix(in.Bytes, []byte(signatures[a.Extension])):
			return alloy.ErrBody.Saying("The file is not of the extension that the document was described with")
		}
		content, err := s.vault.Seal(in.Bytes, "document.content:"+a.Token)
		if err != nil {
			return err
		}
		now := clock.Millis(s.clock.Now())
		if err := tx.ExecOne(ctx, uploadDocument, a.Token, content, len(in.Bytes), now); err != nil {
			return changedMeanwhile(err)
		}
		a.Uploaded, a.Size, a.UploadedAt = true, int64(len(in.Bytes)), &now
		for _, told := range s.uploaded {
			if err := told(ctx, tx, a.Entity); err != nil {
				return err
			}
		}
		return s.audit.Add(ctx, tx, Entry{Account: call.Account, Actor: call.Key, Action: "document.upload", Object: a.Entity, After: a})
	})
	return []documentAnswer{a}, err
}

// download shows a document's file. That somebody saw it is a line of the trail.
func (s *Entities) download(ctx context.Context, call alloy.Call) (f alloy.File, err error) {
	err = write(ctx, s.db, func(tx *store.Tx) error {
		a, err := s.document(ctx, tx, call)
		if err != nil {
			return err
		}
		if !a.Uploaded {
			return alloy.ErrNotFound.Saying("The document was not uploaded yet")
		}
		sealed := ""
		if err := tx.QueryRow(ctx, selectContent, a.Token).Scan(&sealed); err != nil {
			return err
		}
		content, err := s.vault.Open(sealed, "document.content:"+a.Token)
		if err != nil {
			return err
		}
		f = alloy.File{ContentType: mediaTypes[a.Extension], Name: a.Token + "." + a.Extension, Bytes: content}
		return s.audit.Add(ctx, tx, Entry{Account: call.Account, Actor: call.Key, Action: "document.read", Object: a.Entity, After: map[string]string{"document": a.Token}})
	})
	return f, err
}

// document is that of a path, of the entity of the path.
func (s *Entities) document(ctx context.Context, tx *store.Tx, call alloy.Call) (a documentAnswer, err error) {
	e, err := s.Lookup(ctx, tx, call.Account, call.Path("token"))
	if err != nil {
		return a, err
	}
	tokens, err := s.tokens(ctx, tx, e)
	if err != nil {
		return a, err
	}
	a.Token = call.Path("document")
	sealed, uploaded := "", int64(0)
	err = tx.QueryRow(ctx, selectDocument, call.Account, a.Token).Scan(&a.Entity, &sealed, &a.Size, &a.Timestamp, &uploaded)
	if errors.Is(err, store.ErrNoRows) || err == nil && !slices.Contains(tokens, a.Entity) {
		return a, alloy.ErrNotYours
	}
	if err != nil {
		return a, err
	}
	return a, s.openDocument(&a, sealed, uploaded)
}

func (s *Entities) openDocument(a *documentAnswer, sealed string, uploaded int64) error {
	var d description
	if err := s.vault.OpenJSON(sealed, "document:"+a.Token, &d); err != nil {
		return err
	}
	a.Name, a.Extension, a.Type = d.Name, d.Extension, d.Type
	if a.Uploaded = uploaded > 0; a.Uploaded {
		a.UploadedAt = &uploaded
	}
	return nil
}

func (s *Entities) documents(ctx context.Context, call alloy.Call) (list []documentAnswer, err error) {
	err = s.db.Read(ctx, func(tx *store.Tx) error {
		e, err := s.Lookup(ctx, tx, call.Account, call.Path("token"))
		if err != nil {
			return err
		}
		tokens, err := s.tokens(ctx, tx, e)
		if err != nil {
			return err
		}
		list, err = s.documentsOf(ctx, tx, tokens)
		return err
	})
	return list, err
}

// documentsOf lists the documents of entities.
func (s *Entities) documentsOf(ctx context.Context, tx *store.Tx, entities []string) ([]documentAnswer, error) {
	list := []documentAnswer{}
	for _, entity := range entities {
		rows, err := tx.Query(ctx, selectDocuments, entity)
		if err != nil {
			return nil, fmt.Errorf("decision: document: %w", err)
		}
		for rows.Next() {
			a, sealed, uploaded := documentAnswer{Entity: entity}, "", int64(0)
			err := rows.Scan(&a.Token, &sealed, &a.Size, &a.Timestamp, &uploaded)
			if err == nil {
				err = s.openDocument(&a, sealed, uploaded)
			}
			if err != nil {
				rows.Close()
				return nil, fmt.Errorf("decision: document: %w", err)
			}
			list = append(list, a)
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return nil, fmt.Errorf("decision: document: %w", err)
		}
	}
	return list, nil
}
