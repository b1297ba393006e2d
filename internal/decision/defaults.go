package decision

import (
	"context"
	"embed"
	"errors"
	"slices"

	"github.com/glencheck-dev/glencheck/internal/decision/alloy"
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

var defaultWorkflows = []struct{ token, file string }{
	{OwnershipWorkflow, "defaults/ownership.json"},
	{IdentityWorkflow, "defaults/identity.json"},
	{UnderwritingWorkflow, "defaults/underwriting.json"},
}

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
// database has the published tokens, this one's are drawn.
func (w *Workflows) ensureDefaults(ctx context.Context, account string) error {
	list, err := w.List(ctx, account)
	if err != nil {
		return err
	}
	for _, d := range defaultWorkflows {
		raw, err := Default(d.token)
		if err != nil {
			return err
		}
		document, err := workflow.Parse(raw)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(list, func(f *Workflow) bool { return f.Token == d.token || f.Name == document.Name }) {
			continue
		}
		err = w.seed(ctx, account, d.token, raw)
		if store.IsUnique(err) {
			err = w.seed(ctx, account, "", raw)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// seed makes a workflow with one version, which is live.
func (w *Workflows) seed(ctx context.Context, account, token string, document []byte) error {
	by := alloy.Caller{Account: account, Key: system}
	f, err := w.Create(ctx, by, token, document)
	if err != nil {
		return err
	}
	if _, _, err := w.Publish(ctx, by, f.Token); err != nil {
		return err
	}
	_, err = w.MakeLive(ctx, by, f.Token, 1)
	return err
}
