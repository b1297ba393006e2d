package identity

import (
	"context"
	"errors"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// How a document is sealed and found.
const (
	sealedDocument = "identity_document.sealed:" // the document's content follows
	documentIndex  = "identity_document"
)

// insertDocument makes a document, or makes that of the same file anew. What an
// earlier try of the same step has stored stays as it is, and has no row.
const (
	insertDocument = `INSERT INTO identity_document (id, item_id, account_id, content, upload, sealed, uploaded_at, updated_at) VALUES ($1, $2, $3, $4, $1, $5, $6, $6)
 ON CONFLICT (item_id, account_id, content) DO UPDATE SET sealed = excluded.sealed, upload = excluded.upload, updated_at = excluded.updated_at
 WHERE identity_document.upload <> excluded.upload
 RETURNING id`
	countDocuments  = `SELECT COUNT(*) FROM identity_document WHERE item_id = $1`
	selectDocuments = `SELECT id, account_id, content, sealed, uploaded_at, updated_at FROM identity_document WHERE item_id = $1 ORDER BY uploaded_at, id`
	deleteDocuments = `DELETE FROM identity_document WHERE item_id = $1`
	deleteOfAccount = `DELETE FROM identity_document WHERE item_id = $1 AND account_id = $2`
)

// insertDocument stores one document. changed reports whether that was news.
func (s *Identity) insertDocument(ctx context.Context, tx *store.Tx, itemID, accountID string, u upload) (id string, changed bool, err error) {
	content := s.vault.Index(documentIndex, itemID+" "+u.Hash)
	sealed, err := s.vault.SealJSON(u.Record, sealedDocument+content)
	if err != nil {
		return "", false, err
	}
	err = tx.QueryRow(ctx, insertDocument, u.ID, itemID, accountID, content, sealed, clock.Millis(s.clock.Now())).Scan(&id)
	if errors.Is(err, store.ErrNoRows) {
		return "", false, nil
	}
	return id, err == nil, err
}

func (s *Identity) countDocuments(ctx context.Context, tx *store.Tx, itemID string) (n int, err error) {
	err = tx.QueryRow(ctx, countDocuments, itemID).Scan(&n)
	return n, err
}

// storedDocument is a document as it is kept.
type storedDocument struct {
	record
	id, accountID         string
	uploadedAt, updatedAt time.Time
}

// documentsOf lists the documents of an Item, the oldest first.
func (s *Identity) documentsOf(ctx context.Context, itemID string) ([]storedDocument, error) {
	rows, err := s.db.Query(ctx, selectDocuments, itemID)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []storedDocument
	for rows.Next() {
		var d storedDocument
		var content, sealed string
		var uploaded, updated int64
		if err := rows.Scan(&d.id, &d.accountID, &content, &sealed, &uploaded, &updated); err != nil {
			return nil, err
		}
		if err := s.vault.OpenJSON(sealed, sealedDocument+content, &d.record); err != nil {
			return nil, err
		}
		d.uploadedAt, d.updatedAt = clock.FromMillis(uploaded), clock.FromMillis(updated)
		list = append(list, d)
	}
	return list, rows.Err()
}

// forgetDocuments deletes the documents of an Item that is being removed.
func (s *Identity) forgetDocuments(ctx context.Context, tx *store.Tx, itemID string) error {
	_, err := tx.Exec(ctx, deleteDocuments, itemID)
	return err
}
