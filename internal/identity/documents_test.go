package identity_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/identity"
	. "github.com/glencheck-dev/glencheck/internal/item/itemtest"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

const uploadsPath = "/identity/documents/uploads/get"

// TestDocumentsAreKeptOnce: what was handed in is stored and told once, whoever
// repeats the step; the same file is the same document; and a try that is too much
// leaves nothing.
func TestDocumentsAreKeptOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := New(t, db)
		room := identity.New(h.DB, h.Vault, h.Clock, h.Items).WithDocuments(identity.DocumentsConfig{})
		h.Serve(room.Endpoints()...)
		access := h.Item(Platypus, "auth")
		out := h.OK(uploadsPath, Body{"access_token": access})
		itemID := out["item"].(map[string]any)["item_id"].(string)
		accounts := list(out["accounts"])
		first, second := accounts[0]["account_id"].(string), accounts[1]["account_id"].(string)
		ctx := context.Background()
		submit := func(account, owner string, uploads ...[2]string) {
			t.Helper()
			if err := room.Submit(ctx, itemID, account, owner, uploads...); err != nil {
				t.Fatal(err)
			}
		}
		documents := func(account string) []map[string]any {
			t.Helper()
			return list(list(h.OK(uploadsPath, Body{"access_token": access, "options": Body{"account_ids": []string{account}}})["accounts"])[0]["documents"])
		}
		submit(first, "Planted Owner", [2]string{"upload-1", "hash-1"}, [2]string{"upload-2", "hash-2"})
		before := fmt.Sprint(documents(first))
		submit(first, "Planted Owner", [2]string{"upload-1", "hash-1"}, [2]string{"upload-2", "hash-2"}) // the same step once more
		if got := documents(first); len(got) != 2 || fmt.Sprint(got) != before || got[0]["document_id"] != "upload-1" {
			t.Fatalf("%v, before %s", got, before)
		}
		submit(first, "Another Owner", [2]string{"upload-3", "hash-1"})
		submit(second, "Another Owner", [2]string{"upload-4", "hash-1"})
		if a, b := documents(first), documents(second); len(a) != 2 || a[0]["document_id"] != "upload-1" || len(b) != 1 || b[0]["document_id"] != "upload-4" {
			t.Errorf("%v, %v", a, b)
		}
		owners := list(list(h.OK(uploadsPath, Body{"access_token": access})["accounts"])[0]["owners"])
		if fmt.Sprint(owners[0]["names"]) != "[Another Owner]" || owners[0]["document_id"] != "upload-1" {
			t.Errorf("owners %v", owners)
		}
		var many [][2]string
		for i := range identity.MaxDocuments {
			many = append(many, [2]string{fmt.Sprint("many-", i), fmt.Sprint("many-", i)})
		}
		if err := room.Submit(ctx, itemID, first, "Planted Owner", many...); !errors.Is(err, identity.ErrTooManyDocuments) || len(documents(first)) != 2 {
			t.Errorf("too many: %v", err)
		}
		if err := room.Submit(ctx, itemID, "an account that is gone", "Planted Owner", [2]string{"upload-5", "hash-5"}); err != nil {
			t.Fatal(err)
		}
		documents(first) // drops what belongs to no account
		var rows, plain int
		if err := db.QueryRow(ctx, `SELECT COUNT(*) FROM identity_document`).Scan(&rows); err != nil || rows != 3 {
			t.Errorf("%d rows, %v", rows, err)
		}
		if err := db.QueryRow(ctx, `SELECT COUNT(*) FROM identity_document WHERE sealed LIKE '%Owner%' OR content LIKE '%hash%'`).Scan(&plain); err != nil || plain != 0 {
			t.Errorf("%d rows tell what is in them, %v", plain, err)
		}
		h.OK("/item/remove", Body{"access_token": access})
		if err := db.QueryRow(ctx, `SELECT COUNT(*) FROM identity_document`).Scan(&rows); err != nil || rows != 0 {
			t.Errorf("%d rows of an Item that is gone, %v", rows, err)
		}
		if err := room.Submit(ctx, itemID, first, "Planted Owner", [2]string{"upload-6", "hash-6"}); !errors.Is(err, plaid.ItemNotFound) {
			t.Errorf("handed in after the end: %v", err)
		}
	})
}

func TestFileNames(t *testing.T) {
	for in, want := range map[string]string{
		"statement.pdf": "statement.pdf", `C:\Users\me\a.pdf`: "a.pdf", "../../etc/passwd": "passwd", "": "document", "..": "document", "/": "document", "a\x00b\n.pdf": "ab.pdf",
		"x\u202efdp.exe": "xfdp.exe", "\xff\xfe.png": ".png", strings.Repeat("ü", 100): strings.Repeat("ü", 40) + "…" + strings.Repeat("ü", 39),
	} {
		if got := identity.FileName(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
