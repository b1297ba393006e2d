package identity

import (
	"context"

	"github.com/glencheck-dev/glencheck/internal/identity/document"
)

// Submit hands in documents as the flow does: uploads by their id and the hash of
// their file, all of one owner.
func (s *Identity) Submit(ctx context.Context, itemID, accountID, owner string, idsAndHashes ...[2]string) error {
	var list []upload
	for _, u := range idsAndHashes {
		list = append(list, upload{ID: u[0], Name: "statement.pdf", Hash: u[1], Record: record{
			Kind: document.PDF, Pages: 1, Text: document.Printed, Findings: document.Findings{Owners: []string{owner}},
		}})
	}
	return s.keepDocuments(ctx, itemID, accountID, list)
}

// ErrTooManyDocuments and MaxDocuments are for the tests.
var ErrTooManyDocuments = errTooManyDocuments

// MaxDocuments is how many documents are kept of an Item.
const MaxDocuments = maxDocuments

// FileName is a file's name as panes show it.
func FileName(s string) string { return fileName(s) }
