package decision

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"slices"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/decision/workflow"
	"github.com/glencheck-dev/glencheck/internal/store"
)

//go:embed defaults/*.json
var defaults embed.FS

// The workflows that an account begins with in a sandbox, by their tokens.
const (
	OwnershipWorkflow    = "glencheckOwnershipWorkflow000001"
	IdentityWorkflow     = "glencheckIdentityWorkflow0000001"
	UnderwritingWorkflow = "glencheckUnderwritingWorkflow001"
)

type defaultWorkflow struct{ token, name, file string }

var defaultWorkflows = []defaultWorkflow{
	{OwnershipWorkflow, "Bank account ownership", "defaults/ownership.json"},
	{IdentityWorkflow, "Identity verification and account", "defaults/identity.json"},
	{UnderwritingWorkflow, "Underwriting", "defaults/underwriting.json"},
}

// system is who publishes the workflows that an account begins with.
const system = "system"

// Default is the document of a default workflow.
func Default(token string) ([]byte, error) {
	for _, d := range defaultWorkflows {
		if d.token == token {
			return defaults.ReadFile(d.file)
		}
	}
	return nil, errors.New("decision: there is no default workflow " + token)
}

// ensureDefaults makes the default workflows where they are missing, published and
// live. What somebody has made of them since stays. Where another account of the
// database has the published tokens, this one's are drawn. They are not compiled here,
// as a start should not wait for it: a test holds them to their own tests.
func (w *Workflows) ensureDefaults(ctx context.Context, account string) error {
	missing, err := w.missingDefaults(ctx, account)
	if err != nil || len(missing) == 0 {
		return err
	}
	if err = w.seed(ctx, account, missing); !store.IsUnique(err) {
		return err
	}
	// Another node has just made them, or they are another account's.
	if missing, err = w.missingDefaults(ctx, account); err != nil || len(missing) == 0 {
		return err
	}
	for i := range missing {
		missing[i].token = w.ids.Letters(32, tokenLetters)
	}
	return w.seed(ctx, account, missing)
}

// missingDefaults are the default workflows that an account has neither by token nor by
// name.
func (w *Workflows) missingDefaults(ctx context.Context, account string) (missing []defaultWorkflow, err error) {
	list, err := w.List(ctx, account)
	for _, d := range defaultWorkflows {
		if !slices.ContainsFunc(list, func(f *Workflow) bool { return f.Token == d.token || f.Name == d.name }) {
			missing = append(missing, d)
		}
	}
	return missing, err
}

// seed makes workflows with one version each, which is live.
func (w *Workflows) seed(ctx context.Context, account string, list []defaultWorkflow) error {
	now := clock.Millis(w.clock.Now())
	return w.db.Write(ctx, func(tx *store.Tx) error {
		for _, d := range list {
			body, err := d.document()
			if err != nil {
				return fmt.Errorf("decision: %s: %w", d.name, err)
			}
			sealed, err := w.vault.Seal(body, versionRow(d.token, 1))
			if err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, insertWorkflow, d.token, account, d.name, "", now); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, insertVersion, d.token, 1, workflow.Digest(body), sealed, system, now); err != nil {
				return err
			}
			if err := tx.ExecOne(ctx, updateWorkflow, d.token, 1, d.name, "", 1, 0, 1, now); err != nil {
				return err
			}
		}
		return nil
	})
}

// document is the canonical text of a default workflow.
func (d defaultWorkflow) document() ([]byte, error) {
	raw, err := defaults.ReadFile(d.file)
	if err != nil {
		return nil, err
	}
	document, err := workflow.Parse(raw)
	if err != nil {
		return nil, err
	}
	return document.Canonical()
}
