package server

import (
	"context"
	"errors"

	"github.com/glencheck-dev/glencheck/internal/auth"
	"github.com/glencheck-dev/glencheck/internal/identity"
	"github.com/glencheck-dev/glencheck/internal/identity/document"
	"github.com/glencheck-dev/glencheck/internal/identity/document/ocr"
	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/item"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// holders knows who holds the accounts of Items without a login: auth has their
// numbers, and a network knows those.
type holders struct {
	auth    *auth.Auth
	network institution.Holders
}

// Holders finds the holders by account_id. Numbers that have turned out wrong, or
// that the network thinks little of, are nobody's: only a pass makes a database's
// Item one of Identity Match (plaid-server-api.md section 7.5).
func (h holders) Holders(ctx context.Context, sn *item.Snapshot) (map[string]institution.Owner, error) {
	numbers, _, err := h.auth.Numbers(ctx, sn)
	if errors.Is(err, plaid.NoAuthAccounts) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	doubtful := map[string]bool{}
	for _, a := range sn.Accounts {
		switch a.Verification {
		case item.InsightsCaution, item.InsightsFail, item.InsightsPending, item.VerificationExpired, item.VerificationFailed:
			doubtful[a.ID] = true
		}
	}
	found := map[string]institution.Owner{}
	for _, n := range numbers.ACH {
		if doubtful[n.AccountID] {
			continue
		}
		owner, err := h.network.Holders(ctx, n.Routing, n.Account)
		if errors.Is(err, institution.ErrNetworkSilent) {
			return nil, plaid.InternalServerError
		}
		if err != nil {
			return nil, err
		}
		if len(owner.Names) > 0 {
			found[n.AccountID] = owner
		}
	}
	return found, nil
}

// newIdentity makes the room of owners and of the documents that people upload.
func (r *rooms) newIdentity(g ground) error {
	r.identity = identity.New(g.DB, g.Vault, g.Clock, r.items)
	if r.bank != nil {
		r.identity.WithKnown(holders{r.auth, r.bank})
	}
	cfg := identity.DocumentsConfig{IDs: g.IDs, Log: g.Log, Numbers: r.auth.OnFile}
	var err error
	if cfg.Scanner, err = scanner(g.Config.Tesseract); err != nil {
		return err
	}
	r.identity.WithDocuments(cfg)
	return nil
}

// scanner is the program that reads pictures; nil for none.
func scanner(name string) (document.Scanner, error) {
	if name == "" {
		return nil, nil
	}
	found, err := ocr.Find(name)
	switch {
	case err == nil:
		return found, nil
	case name != TesseractInPath:
		return nil, usage("--tesseract %s: there is no such program", name)
	}
	return nil, nil
}
