package identity

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/identity/document"
	"github.com/glencheck-dev/glencheck/internal/item"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// DocumentsConfig is what Identity Document Upload needs besides the room.
type DocumentsConfig struct {
	IDs *clock.IDs
	Log *slog.Logger
	// Scanner reads pictures; nil where no program for it is installed.
	Scanner document.Scanner
	// Numbers are the account numbers on file by account_id: whole ones, where they
	// are known. Accounts without are left out.
	Numbers func(ctx context.Context, sn *item.Snapshot) (map[string][]string, error)
}

// WithDocuments lets people upload documents.
func (s *Identity) WithDocuments(cfg DocumentsConfig) *Identity {
	s.documents = &documents{DocumentsConfig: cfg, places: make(chan struct{}, mostReadings)}
	s.items.OnRemove(s.forgetDocuments)
	return s
}

// documents is the part of the room that reads what people upload.
type documents struct {
	DocumentsConfig
	places chan struct{}
}

// mostReadings is how many files are read at a time; the others wait. It bounds what
// hostile files can take of memory.
const mostReadings = 2

// mostTime bounds the reading of one file, the time of a Scanner included.
const mostTime = 40 * time.Second

// maxDocuments is how many documents are kept of an Item.
const maxDocuments = 30

// record is what is kept of a document: what was read, not the file. It is personal
// and lies sealed.
type record struct {
	Kind     document.Kind     `json:"kind"`
	Bytes    int               `json:"bytes"`
	Pages    int               `json:"pages"`
	Text     document.Source   `json:"text"`
	Findings document.Findings `json:"findings"`
	Signals  []document.Signal `json:"signals"`
	Score    *int              `json:"score"`
	Checks   []document.Check  `json:"checks"`
	// Risk says that the signals were asked for (parsing_configs).
	Risk bool `json:"risk"`
}

// read reads a file. An error is a *document.Refusal, or that of the context.
func (d *documents) read(ctx context.Context, src []byte, now time.Time, risk bool) (rec record, hash string, err error) {
	select {
	case d.places <- struct{}{}:
		defer func() { <-d.places }()
	case <-ctx.Done():
		return record{}, "", ctx.Err()
	}
	ctx, cancel := context.WithTimeout(ctx, mostTime)
	defer cancel()
	defer func() {
		if p := recover(); p != nil { // no file is known that does this
			d.Log.Error("reading a document panicked", "bytes", len(src))
			err = &document.Refusal{Reason: document.Damaged, Detail: "the file could not be read"}
		}
	}()
	r, err := document.Read(ctx, src, d.Scanner)
	if err != nil {
		return record{}, "", err
	}
	f := document.Find(r.Lines)
	signals := r.Signals(f, now)
	return record{
		Kind: r.Kind, Bytes: r.Bytes, Pages: r.Pages, Text: r.Text, Findings: f,
		Signals: signals, Score: r.Score(signals), Checks: r.Checks(), Risk: risk,
	}, r.Hash, nil
}

// read reports whether a program could read the document.
func (r record) read() bool { return r.Text != document.Unread }

// status is the document_status of the webhook.
func (r record) status() string {
	if r.read() {
		return "OCR_PROCESSING_COMPLETE"
	}
	return "OCR_PROCESSING_FAILED"
}

// uploadNotice is the webhook_code that says that a document has been read.
const uploadNotice = "DOCUMENT_UPDATE_AVAILABLE"

var errTooManyDocuments = errors.New("identity: the Item has as many documents as are kept")

// keepDocuments stores what was read of the documents of a session, once, and tells
// the client, in one transaction. A file that is known already for the account is
// updated and keeps its id.
func (s *Identity) keepDocuments(ctx context.Context, itemID, accountID string, uploads []upload) error {
	return s.db.Write(ctx, func(tx *store.Tx) error {
		var told []upload
		for _, u := range uploads {
			id, changed, err := s.insertDocument(ctx, tx, itemID, accountID, u)
			if err != nil {
				return err
			}
			if changed {
				u.ID = id
				told = append(told, u)
			}
		}
		if n, err := s.countDocuments(ctx, tx, itemID); err != nil {
			return err
		} else if n > maxDocuments {
			return errTooManyDocuments
		}
		return s.items.Update(ctx, tx, itemID, func(it *item.Item) error {
			for _, u := range told {
				it.Tell(about, uploadNotice, item.Said{"account_id": accountID, "document_id": u.ID, "document_status": u.Record.status()})
			}
			return nil
		})
	})
}
