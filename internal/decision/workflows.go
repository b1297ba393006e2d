package decision

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/decision/alloy"
	"github.com/glencheck-dev/glencheck/internal/decision/workflow"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/vault"
)

// Workflows are the workflows of all accounts and their versions. Its methods are
// safe for concurrent use.
type Workflows struct {
	db    *store.DB
	vault *vault.Vault
	clock *clock.Clock
	ids   *clock.IDs
	audit *Audit

	mu    sync.Mutex
	ready map[string]*workflow.Version // by hash: a version never changes
}

// Workflow is a workflow: a draft, numbered versions that never change, and which
// of them decides.
type Workflow struct {
	Token     string
	Account   string
	Name      string
	Draft     []byte // the document as it was written; nil without one
	Live      int64  // the version that decides, 0 for none
	Shadow    int64  // the version that runs beside it without effect, 0 for none
	Latest    int64  // the newest version
	CreatedAt time.Time
	UpdatedAt time.Time

	revision int64
}

// VersionInfo is what is known of a version beside its document.
type VersionInfo struct {
	Number      int64
	Hash        string
	PublishedBy string
	PublishedAt time.Time
	RetiredAt   time.Time // zero unless it was retired
}

// maxReady bounds how many versions are kept compiled.
const maxReady = 200

// maxWorkflow bounds the document of a workflow, in bytes.
const maxWorkflow = 1 << 20

// ErrTestsFail refuses a draft that does not pass its own tests.
var ErrTestsFail = alloy.ErrConflict.Saying("The draft does not pass its own tests")

// Create makes a workflow with a draft. token is drawn unless it is given.
func (w *Workflows) Create(ctx context.Context, by alloy.Caller, token string, draft []byte) (*Workflow, error) {
	d, err := parseDocument(draft)
	if err != nil {
		return nil, err
	}
	if token == "" {
		token = w.ids.Letters(32, tokenLetters)
	}
	sealed, err := w.vault.Seal(draft, "decision_workflow.draft:"+token)
	if err != nil {
		return nil, err
	}
	err = w.db.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.Exec(ctx, insertWorkflow, token, by.Account, d.Name, sealed, clock.Millis(w.clock.Now())); err != nil {
			return err
		}
		return w.note(ctx, tx, by, &Workflow{Token: token}, "workflow.create", "")
	})
	if err != nil {
		return nil, fmt.Errorf("decision: workflow: %w", err)
	}
	return w.Get(ctx, by.Account, token)
}

// note writes into the audit trail who has changed a workflow.
func (w *Workflows) note(ctx context.Context, tx *store.Tx, by alloy.Caller, f *Workflow, action, hash string) error {
	after := map[string]any{"live": f.Live, "shadow": f.Shadow, "latest": f.Latest}
	if hash != "" {
		after["hash"] = hash
	}
	return w.audit.Add(ctx, tx, Entry{Account: by.Account, Actor: by.Key, Action: action, Object: f.Token, After: after})
}

// tokenLetters are those of a workflow's token: letters and digits.
const tokenLetters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// parseDocument reads and checks a document, and words what is wrong with it.
func parseDocument(raw []byte) (*workflow.Document, error) {
	if len(raw) > maxWorkflow {
		return nil, alloy.ErrBody.Saying("A document has at most " + strconv.Itoa(maxWorkflow) + " bytes")
	}
	d, err := workflow.Parse(raw)
	if err != nil {
		return nil, alloy.ErrBody.Saying("The document does not have the form of a workflow").With(map[string]string{"problem": err.Error()})
	}
	if d.Name == "" {
		return nil, alloy.Required("name")
	}
	return d, nil
}

// Get is a workflow of an account; ErrNotYours if there is none.
func (w *Workflows) Get(ctx context.Context, account, token string) (*Workflow, error) {
	flow, err := w.scan(w.db.QueryRow(ctx, selectWorkflow, token, account))
	if errors.Is(err, store.ErrNoRows) {
		return nil, alloy.ErrNotYours
	}
	return flow, err
}

func (w *Workflows) get(ctx context.Context, tx *store.Tx, account, token string) (*Workflow, error) {
	flow, err := w.scan(tx.QueryRow(ctx, selectWorkflow, token, account))
	if errors.Is(err, store.ErrNoRows) {
		return nil, alloy.ErrNotYours
	}
	return flow, err
}

// List are the workflows of an account.
func (w *Workflows) List(ctx context.Context, account string) (list []*Workflow, err error) {
	rows, err := w.db.Query(ctx, selectWorkflows, account)
	if err != nil {
		return nil, fmt.Errorf("decision: workflows: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		flow, err := w.scan(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, flow)
	}
	return list, rows.Err()
}

// scanner is a row or rows.
type scanner interface{ Scan(...any) error }

func (w *Workflows) scan(row scanner) (*Workflow, error) {
	var f Workflow
	var draft string
	var created, updated int64
	if err := row.Scan(&f.Token, &f.Account, &f.Name, &draft, &f.Live, &f.Shadow, &f.Latest, &f.revision, &created, &updated); err != nil {
		return nil, err
	}
	f.CreatedAt, f.UpdatedAt = clock.FromMillis(created), clock.FromMillis(updated)
	if draft != "" {
		var err error
		if f.Draft, err = w.vault.Open(draft, "decision_workflow.draft:"+f.Token); err != nil {
			return nil, err
		}
	}
	return &f, nil
}

// change reads a workflow, lets fn change it and writes it, all in one transaction.
// Of two changes at the same time the second starts anew from what the first left.
func (w *Workflows) change(ctx context.Context, by alloy.Caller, token, action string, fn func(*store.Tx, *Workflow) (hash string, err error)) (*Workflow, error) {
	err := w.db.Write(ctx, func(tx *store.Tx) error {
		f, err := w.get(ctx, tx, by.Account, token)
		if err != nil {
			return err
		}
		hash, err := fn(tx, f)
		if err != nil {
			return err
		}
		sealed := ""
		if f.Draft != nil {
			if sealed, err = w.vault.Seal(f.Draft, "decision_workflow.draft:"+token); err != nil {
				return err
			}
		}
		err = tx.ExecOne(ctx, updateWorkflow, token, f.revision, f.Name, sealed, f.Live, f.Shadow, f.Latest, clock.Millis(w.clock.Now()))
		if errors.Is(err, store.ErrNoRows) {
			return alloy.ErrConflict.Saying("Somebody else has changed the workflow at the same time")
		}
		if err != nil {
			return err
		}
		return w.note(ctx, tx, by, f, action, hash)
	})
	if err != nil {
		return nil, err
	}
	return w.Get(ctx, by.Account, token)
}

// SaveDraft replaces the draft. A draft may be wrong; publishing it is what checks.
func (w *Workflows) SaveDraft(ctx context.Context, by alloy.Caller, token string, draft []byte) (*Workflow, error) {
	d, err := parseDocument(draft)
	if err != nil {
		return nil, err
	}
	return w.change(ctx, by, token, "workflow.draft", func(_ *store.Tx, f *Workflow) (string, error) {
		f.Draft, f.Name = draft, d.Name
		return "", nil
	})
}

// Publish makes the draft the next version, if it compiles and passes its own tests.
// It decides nothing until it is made live.
func (w *Workflows) Publish(ctx context.Context, by alloy.Caller, token string) (*Workflow, *VersionInfo, error) {
	flow, err := w.Get(ctx, by.Account, token)
	if err != nil {
		return nil, nil, err
	}
	if flow.Draft == nil {
		return nil, nil, alloy.ErrConflict.Saying("The workflow has no draft")
	}
	v, err := checked(flow.Draft)
	if err != nil {
		return nil, nil, err
	}
	body, err := v.Document.Canonical()
	if err != nil {
		return nil, nil, err
	}
	info := &VersionInfo{Hash: v.Hash, PublishedBy: by.Key, PublishedAt: w.clock.Now()}
	was := flow.revision
	flow, err = w.change(ctx, by, token, "workflow.publish", func(tx *store.Tx, f *Workflow) (string, error) {
		if f.revision != was {
			return "", alloy.ErrConflict.Saying("Somebody else has changed the draft at the same time")
		}
		f.Latest++
		f.Draft, info.Number = nil, f.Latest
		sealed, err := w.vault.Seal(body, versionRow(token, f.Latest))
		if err != nil {
			return "", err
		}
		_, err = tx.Exec(ctx, insertVersion, token, f.Latest, v.Hash, sealed, by.Key, clock.Millis(info.PublishedAt))
		return v.Hash, err
	})
	return flow, info, err
}

// checked compiles a draft and runs its tests.
func checked(draft []byte) (*workflow.Version, error) {
	d, err := workflow.Parse(draft)
	if err != nil {
		return nil, err
	}
	v, err := workflow.Compile(d)
	if problems, ok := workflow.AsProblems(err); ok {
		return nil, alloy.ErrBody.Saying("The draft does not compile").With(map[string]any{"problems": problems})
	}
	if err != nil {
		return nil, err
	}
	if failures := v.Test(); len(failures) > 0 {
		return nil, ErrTestsFail.With(map[string]any{"failures": failures})
	}
	return v, nil
}

func versionRow(token string, n int64) string {
	return "decision_version.body:" + token + ":" + strconv.FormatInt(n, 10)
}

// Version is a version of a workflow, compiled.
func (w *Workflows) Version(ctx context.Context, token string, n int64) (*workflow.Version, *VersionInfo, error) {
	info := &VersionInfo{Number: n}
	var sealed string
	var published, retired int64
	err := w.db.QueryRow(ctx, selectVersion, token, n).Scan(&info.Hash, &sealed, &info.PublishedBy, &published, &retired)
	if errors.Is(err, store.ErrNoRows) {
		return nil, nil, alloy.ErrNotFound.Saying("The workflow has no version of that number")
	}
	if err != nil {
		return nil, nil, fmt.Errorf("decision: version: %w", err)
	}
	info.PublishedAt, info.RetiredAt = clock.FromMillis(published), clock.FromMillis(retired)
	w.mu.Lock()
	v := w.ready[info.Hash]
	w.mu.Unlock()
	if v != nil {
		return v, info, nil
	}
	body, err := w.vault.Open(sealed, versionRow(token, n))
	if err != nil {
		return nil, nil, err
	}
	if v, err = compiledDocument(body); err != nil {
		return nil, nil, err
	}
	if v.Hash != info.Hash {
		return nil, nil, fmt.Errorf("decision: version %d of %s is not what was published: its hash is %s", n, token, v.Hash)
	}
	w.keep(v)
	return v, info, nil
}

func compiledDocument(body []byte) (*workflow.Version, error) {
	d, err := workflow.Parse(body)
	if err != nil {
		return nil, err
	}
	return workflow.Compile(d)
}

// keep remembers a compiled version, and forgets any other one where there are many.
func (w *Workflows) keep(v *workflow.Version) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ready == nil {
		w.ready = map[string]*workflow.Version{}
	}
	if len(w.ready) >= maxReady {
		for hash := range w.ready {
			delete(w.ready, hash)
			break
		}
	}
	w.ready[v.Hash] = v
}

// Versions lists the versions of a workflow.
func (w *Workflows) Versions(ctx context.Context, token string) (list []VersionInfo, err error) {
	rows, err := w.db.Query(ctx, selectVersions, token)
	if err != nil {
		return nil, fmt.Errorf("decision: versions: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var v VersionInfo
		var published, retired int64
		if err := rows.Scan(&v.Number, &v.Hash, &v.PublishedBy, &published, &retired); err != nil {
			return nil, err
		}
		v.PublishedAt, v.RetiredAt = clock.FromMillis(published), clock.FromMillis(retired)
		list = append(list, v)
	}
	return list, rows.Err()
}

// MakeLive lets a version decide from now on; the one before stays as it is, so that
// going back is the same step.
func (w *Workflows) MakeLive(ctx context.Context, by alloy.Caller, token string, n int64) (*Workflow, error) {
	return w.change(ctx, by, token, "workflow.live", func(tx *store.Tx, f *Workflow) (string, error) {
		if n < 1 || n > f.Latest {
			return "", alloy.ErrNotFound.Saying("The workflow has no version of that number")
		}
		f.Live = n
		if f.Shadow == n {
			f.Shadow = 0
		}
		_, err := tx.Exec(ctx, reviveVersion, token, n)
		return "", err
	})
}

// Retire takes a version out of use. The live one cannot be.
func (w *Workflows) Retire(ctx context.Context, by alloy.Caller, token string, n int64) (*Workflow, error) {
	return w.change(ctx, by, token, "workflow.retire", func(tx *store.Tx, f *Workflow) (string, error) {
		switch {
		case n < 1 || n > f.Latest:
			return "", alloy.ErrNotFound.Saying("The workflow has no version of that number")
		case n == f.Live:
			return "", alloy.ErrConflict.Saying("The version is live: make another one live first")
		case n == f.Shadow:
			f.Shadow = 0
		}
		_, err := tx.Exec(ctx, retireVersion, token, n, clock.Millis(w.clock.Now()))
		return "", err
	})
}

// SetShadow lets a version run beside the live one, without effect; 0 for none.
func (w *Workflows) SetShadow(ctx context.Context, by alloy.Caller, token string, n int64) (*Workflow, error) {
	return w.change(ctx, by, token, "workflow.shadow", func(_ *store.Tx, f *Workflow) (string, error) {
		switch {
		case n < 0 || n > f.Latest:
			return "", alloy.ErrNotFound.Saying("The workflow has no version of that number")
		case n != 0 && n == f.Live:
			return "", alloy.ErrConflict.Saying("The version is the live one")
		}
		f.Shadow = n
		return "", nil
	})
}
