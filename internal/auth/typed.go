package auth

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/item"
	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// way is one way to find out whether numbers that a person typed are right. Its
// file is flow_<method>.go.
type way struct {
	method string
	// open says what stands in the way of it for a token at a bank, "" for nothing.
	open func(*Auth, link.Token, institution.Institution) string
	// why is what the developer is told of a session that takes it.
	why string
}

// ways are in the order in which they are tried (link-web.md section 6).
var ways = []way{instantMatch, automated}

// Typed is how accounts are connected at banks that give no numbers to a login.
func (a *Auth) Typed() item.Typed {
	steps := map[link.View]link.Step{link.Numbers: a.numbersStep()}
	maps.Copy(steps, a.manualSteps())
	return item.Typed{
		Open: a.openTyped, Begin: a.beginTyped, Finish: a.finishTyped,
		Start: link.Numbers, Steps: steps, Manual: a.manual(),
	}
}

// isTyped reports whether an auth_method is of numbers that a person typed.
func isTyped(method string) bool {
	_, alone := manualBy(method)
	return alone || slices.ContainsFunc(ways, func(w way) bool { return w.method == method })
}

// openTyped finds the first way that is open, or says what closes each.
func (a *Auth) openTyped(t link.Token, in institution.Institution) (open bool, why string) {
	var closed []string
	for _, w := range ways {
		reason := w.open(a, t, in)
		if reason == "" {
			return true, w.why
		}
		closed = append(closed, reason)
	}
	return false, strings.Join(closed, "; ")
}

// beginTyped forgets what was typed for another account, and asks a simulated bank
// what it would take.
func (a *Auth) beginTyped(ctx context.Context, v *link.Visit) error {
	p, err := a.items.Prospect(v)
	if err != nil {
		return err
	}
	*p.Typing = item.Typing{Wrong: p.Typing.Wrong}
	if m, ok := p.Connector.(institution.Matcher); ok && v.Sandbox {
		if sample, ok, err := m.Sample(ctx, p.Grant, p.Account.Ref); err == nil && ok { // a hint: its lack is no trouble
			p.Typing.Sample = sample
		}
	}
	return nil
}

// finishTyped keeps the numbers that were typed for the one account of a new Item.
func (a *Auth) finishTyped(ctx context.Context, tx *store.Tx, v *link.Visit, sn *item.Snapshot) error {
	t := item.TypingOf(v)
	n := &Numbers{ACH: []plaid.NumbersACH{{AccountID: sn.Accounts[0].ID, Account: t.Account, Routing: t.Routing}}}
	if err := a.store(ctx, tx, sn.ID, n); err != nil {
		return err
	}
	if m, alone := manualBy(t.Method); alone {
		return m.finish(a, ctx, tx, v, sn)
	}
	if t.Status.Verified() {
		return nil
	}
	return a.deposit(ctx, tx, v, sn)
}
