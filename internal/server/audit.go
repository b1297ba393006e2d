package server

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/decision"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/vault"
)

// VerifyAudit reads the audit trails of a database and writes what it found to w:
// the last hash of each account, to be kept elsewhere, and each place where a trail
// does not hold. expect are such hashes that were kept; each must still be somewhere
// in a trail. The answer is decision.ErrAudit where something is wrong.
func VerifyAudit(ctx context.Context, url, kekFile string, expect []string, w io.Writer) error {
	return withVault(ctx, url, kekFile, func(db *store.DB, v *vault.Vault, clk *clock.Clock) error {
		report, err := decision.NewAudit(db, v, clk).Verify(ctx, expect...)
		if err != nil {
			return err
		}
		for _, account := range slices.Sorted(maps.Keys(report.Heads)) {
			fmt.Fprintf(w, "%s %s\n", account, report.Heads[account])
		}
		fmt.Fprint(w, report.String())
		if len(report.Findings) > 0 {
			return decision.ErrAudit
		}
		return nil
	})
}

// ExportAudit writes the audit trails of a database to w, a line of JSON each. What
// the lines seal is personal: it is written only with content.
func ExportAudit(ctx context.Context, url, kekFile string, content bool, w io.Writer) error {
	return withVault(ctx, url, kekFile, func(db *store.DB, v *vault.Vault, clk *clock.Clock) error {
		audit := decision.NewAudit(db, v, clk)
		accounts, err := audit.Accounts(ctx)
		if err != nil {
			return err
		}
		out := json.NewEncoder(w)
		out.SetEscapeHTML(false)
		for _, account := range accounts {
			for after := int64(0); ; {
				lines, err := audit.List(ctx, account, after, exportPage)
				if err != nil {
					return err
				}
				for _, l := range lines {
					if after = l.Number; !content {
						l.Before, l.After = nil, nil
					}
					if err := out.Encode(l); err != nil {
						return err
					}
				}
				if len(lines) < exportPage {
					break
				}
			}
		}
		return nil
	})
}

// exportPage is how many lines are read at a time.
const exportPage = 500
