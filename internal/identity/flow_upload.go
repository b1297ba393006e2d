package identity

import (
	"context"
	"errors"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/identity/document"
	"github.com/glencheck-dev/glencheck/internal/item"
	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// uploadState is what the flow keeps between steps: what was read, no file.
type uploadState struct {
	Account string   `json:"account,omitempty"` // its name and mask, for the panes
	Uploads []upload `json:"uploads,omitempty"`
	// Refused is the file that was refused last, until the next step.
	Refused *refused `json:"refused,omitempty"`
	Tried   int      `json:"tried,omitempty"` // files, refused ones too
	Full    bool     `json:"full,omitempty"`  // no more documents are kept of the Item
	News    string   `json:"news,omitempty"`  // the name of the file that was added last
}

// upload is a file that was taken.
type upload struct {
	ID     string `json:"id"` // the document's, once it is handed in
	Name   string `json:"name"`
	Hash   string `json:"hash"`
	Record record `json:"record"`
}

type refused struct {
	Name   string          `json:"name"`
	Reason document.Reason `json:"reason"`
}

// Bounds of a session.
const (
	maxUploads = 10
	maxTried   = 60
)

// The reasons that are the flow's own.
const (
	tooManyFiles document.Reason = "too_many" // in the session
	tooOften     document.Reason = "too_often"
)

func uploadOf(v *link.Visit) *uploadState { return v.State.(*uploadState) }

// The outcomes of the flow's steps.
const (
	stays  link.Outcome = "stays"
	goesOn link.Outcome = "goes on"
	failed link.Outcome = "failed"
	closes link.Outcome = "closes"
)

// documentField is the name of the field that takes files.
const documentField = "document"

// Uploadable finds the Item of an access token whose person uploads documents for one
// of its accounts. Items without a login are what the product is for
// (plaid-server-api.md section 8.4); the login of another need not work.
func (s *Identity) Uploadable(ctx context.Context, call api.Call, accessToken, accountID string) (link.Repairable, error) {
	sn, err := s.items.ByAccessToken(ctx, call, accessToken)
	if err != nil {
		return link.Repairable{}, err
	}
	if _, err := sn.Pick([]string{accountID}); err != nil {
		return link.Repairable{}, err
	}
	return link.Repairable{ID: sn.ID, Webhook: sn.Webhook}, nil
}

// UploadFlow is the flow of Identity Document Upload (link-web.md section 4.16). It
// comes before the other flows of update mode.
func (s *Identity) UploadFlow() link.Flow {
	done := link.ConnectedStep()
	done.Pane = submittedPane
	done.Enter = func(v *link.Visit) { v.Emit(link.EventDocumentsSubmitted) }
	return link.Flow{
		Name:    "documents",
		Start:   link.UploadDocuments,
		Offered: func(t link.Token) bool { return t.Documents != nil },
		State:   func() any { return new(uploadState) },
		Open:    s.openUpload,
		Finish:  s.finishUpload,
		Steps: map[link.View]link.Step{
			link.UploadDocuments: {
				Pane: uploadPane, Status: "requires_credentials", Guarded: true, Actions: []string{link.ActionSubmit, link.ActionUpload, link.ActionRemove},
				Check: checkUploads, Do: s.collect, Next: link.Next{stays: link.Here, goesOn: link.SubmitDocuments},
			},
			link.SubmitDocuments: {
				Pane: reviewPane, Status: "requires_credentials", Guarded: true, Submit: link.EventSubmitDocuments, Loading: true,
				Do: s.handIn, Next: link.Next{goesOn: link.DocumentsSubmitted, failed: link.DocumentsRefused}, Back: link.UploadDocuments,
			},
			link.DocumentsSubmitted: done,
			link.DocumentsRefused: {
				Pane: refusedPane, Status: "requires_credentials", Next: link.Next{closes: link.Leave},
				Do:    func(context.Context, *link.Visit) (link.Outcome, error) { return closes, nil },
				Enter: func(v *link.Visit) { v.Emit(link.EventDocumentsRefused) },
			},
		},
	}
}

// openUpload looks whether the Item and its account are still there.
func (s *Identity) openUpload(ctx context.Context, v *link.Visit) (link.View, error) {
	sn, a, err := s.uploadsFor(ctx, v)
	if errors.Is(err, plaid.ItemNotFound) {
		return "", &link.Refused{Answer: plaid.ItemNotFound, Why: "the Item of the link token was removed"}
	}
	if errors.Is(err, plaid.InvalidAccountID) {
		return "", &link.Refused{Answer: plaid.InvalidAccountID, Why: "the account of the link token is no longer one of the Item"}
	}
	if err != nil {
		return "", err
	}
	st := uploadOf(v)
	if st.Account = a.Name; a.Mask != "" {
		st.Account = a.Name + " ••" + a.Mask
	}
	v.Choose(s.items.InstitutionOf(sn))
	return link.UploadDocuments, nil
}

// uploadsFor is the Item and the account that documents are uploaded for.
func (s *Identity) uploadsFor(ctx context.Context, v *link.Visit) (*item.Snapshot, item.Account, error) {
	sn, err := s.items.ByID(ctx, v.Token.AccessTokenItemID)
	if err != nil {
		return nil, item.Account{}, err
	}
	picked, err := sn.Pick([]string{v.Token.Documents.AccountID})
	if err != nil {
		return nil, item.Account{}, err
	}
	return sn, picked[0], nil
}

// checkUploads wants a file before it goes on.
func checkUploads(v *link.Visit) {
	if v.Input.Action == link.ActionSubmit && len(uploadOf(v).Uploads) == 0 {
		v.Problem(documentField, v.T("documents.missing"))
	}
}

// collect takes a file, or drops one, or goes on.
func (s *Identity) collect(ctx context.Context, v *link.Visit) (link.Outcome, error) {
	st := uploadOf(v)
	st.Refused, st.News = nil, ""
	switch v.Input.Action {
	case link.ActionSubmit:
		return goesOn, nil
	case link.ActionRemove:
		st.Uploads = slices.DeleteFunc(st.Uploads, func(u upload) bool { return u.ID == v.Input.Value })
		return stays, nil
	}
	if v.Input.File == nil {
		return "", plaid.InvalidField("a file must come with action upload; /sandbox/link/session/upload takes one")
	}
	name := fileName(v.Input.File.Name)
	reason, detail, err := s.take(ctx, v, name)
	if err != nil {
		return "", err
	}
	if reason != "" {
		st.Refused = &refused{name, reason}
		v.Explain("the file was refused: %s (%s)", reason, detail)
	}
	return stays, nil
}

// take reads a file, and says why not.
func (s *Identity) take(ctx context.Context, v *link.Visit, name string) (document.Reason, string, error) {
	st := uploadOf(v)
	if st.Tried++; st.Tried > maxTried {
		return tooOften, "the session has tried as many files as it may", nil
	}
	if len(st.Uploads) >= maxUploads {
		return tooManyFiles, "the session has as many files as it may", nil
	}
	rec, hash, err := s.documents.read(ctx, v.Input.File.Data, s.clock.Now(), v.Token.Documents.RiskSignals)
	if r := document.IsRefusal(err); r != nil {
		return r.Reason, r.Detail, nil
	}
	if err != nil {
		return "", "", err
	}
	if slices.ContainsFunc(st.Uploads, func(u upload) bool { return u.Hash == hash }) {
		return document.Duplicated, "the session has the same file already", nil
	}
	if !rec.read() {
		v.Explain("nothing here could read the picture: the document will have no owners, and its webhook says OCR_PROCESSING_FAILED")
	}
	st.Uploads = append(st.Uploads, upload{ID: s.documents.IDs.UUID(), Name: name, Hash: hash, Record: rec})
	st.News = name
	return "", "", nil
}

// maxName bounds the name of a file as panes show it, in characters.
const maxName = 80

// fileName is a file's name without where it lies, and without what would not show.
func fileName(s string) string {
	s = path.Base(strings.ReplaceAll(s, `\`, "/"))
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0xfffd {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	if r := []rune(s); len(r) > maxName {
		s = string(r[:maxName/2]) + "…" + string(r[len(r)-maxName/2+1:])
	}
	if s = strings.TrimSpace(s); s == "" || s == "." || s == ".." || s == "/" {
		return "document"
	}
	return s
}

// handIn stores the documents. Whatever becomes of the window afterwards, they are
// there, and the client is told.
func (s *Identity) handIn(ctx context.Context, v *link.Visit) (link.Outcome, error) {
	st := uploadOf(v)
	_, _, err := s.uploadsFor(ctx, v)
	if err == nil {
		err = s.keepDocuments(ctx, v.Token.AccessTokenItemID, v.Token.Documents.AccountID, st.Uploads)
	}
	var told *plaid.Error
	switch {
	case err == nil:
		return goesOn, nil
	case errors.Is(err, errTooManyDocuments):
		st.Full = true
		v.Explain("the Item has %s documents, and no more are kept of one", strconv.Itoa(maxDocuments))
		return failed, nil
	case errors.As(err, &told):
		v.Explain("the Item or its account is no longer there: %s", told.Code)
		v.Fail(told)
		return failed, nil
	}
	return "", err
}

// finishUpload hands the Item on. The public token need not be exchanged.
func (s *Identity) finishUpload(ctx context.Context, tx *store.Tx, v *link.Visit) (link.Success, error) {
	sn, a, err := s.uploadsFor(ctx, v)
	if err != nil {
		return link.Success{}, err
	}
	token, _, err := s.items.IssuePublicToken(ctx, tx, sn.ID)
	if err != nil {
		return link.Success{}, err
	}
	refs := slices.DeleteFunc(item.Refs(sn), func(r link.AccountRef) bool { return r.ID != a.ID })
	*uploadOf(v) = uploadState{}
	return link.Success{ItemID: sn.ID, PublicToken: token, Institution: v.Memory.Institution.Ref(), Accounts: refs}, nil
}
