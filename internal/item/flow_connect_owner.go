package item

import (
	"context"

	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/link"
)

// OwnerCheck compares, in Link, the owners of the accounts that are about to be
// connected with the person of the link token (link-web.md section 2.2,
// "dashboard-configured check"). The connect flow does it last of all, whatever
// the way to the accounts was, and knows nothing of how they are compared.
type OwnerCheck struct {
	// Wanted reports whether the link token asks for it.
	Wanted func(link.Token) bool
	// Check reports whether the owners are that person, and emits the events. What a
	// bank refuses is an *institution.Failure.
	Check func(context.Context, *link.Visit, Holding) (bool, error)
}

// Holding are accounts that a session is about to connect, with what is needed to
// ask their bank; without a login there is no Connector.
type Holding struct {
	Connector institution.Connector
	Grant     institution.Grant
	Accounts  []institution.Account
}

// CheckOwners lets owners be compared in Link. Call it before the flows are made.
func (s *Items) CheckOwners(o OwnerCheck) { s.owners = &o }

// blocked is the outcome of accounts that somebody else owns.
const blocked link.Outcome = "blocked"

// withOwnerCheck makes every step that leads to the last pane compare the owners
// first. An account of somebody else is made an Item all the same, which the
// session does not tell: "/link/token/get" has its public token
// (plaid-server-api.md section 5.4).
func (c *connect) withOwnerCheck(steps map[link.View]link.Step) {
	if c.items.owners == nil {
		return
	}
	for view, s := range steps {
		if _, done := s.Next[blocked]; done || view == link.Error || !leadsTo(s.Next, link.Connected) {
			continue
		}
		do, back, next := s.Do, s.Return, link.Next{blocked: link.IdentityMatchBlock, stopped: link.Error}
		for outcome, to := range s.Next {
			next[outcome] = to
		}
		s.Do = func(ctx context.Context, v *link.Visit) (link.Outcome, error) {
			outcome, err := do(ctx, v)
			return c.compareOwners(ctx, v, next[outcome], outcome, err)
		}
		if back != nil {
			s.Return = func(ctx context.Context, v *link.Visit, answers map[string]string) (link.Outcome, error) {
				outcome, err := back(ctx, v, answers)
				return c.compareOwners(ctx, v, next[outcome], outcome, err)
			}
		}
		s.Next, s.Withholds = next, blocked
		steps[view] = s
	}
	steps[link.IdentityMatchBlock] = link.Step{
		Pane: blockPane, Status: "requires_account_selection", Do: fromBlock,
		Next: link.Next{another: link.SelectInstitution, giveUp: link.Leave},
	}
}

func leadsTo(next link.Next, view link.View) bool {
	for _, to := range next {
		if to == view {
			return true
		}
	}
	return false
}

// compareOwners looks at what a step has come to.
func (c *connect) compareOwners(ctx context.Context, v *link.Visit, to link.View, outcome link.Outcome, err error) (link.Outcome, error) {
	if err != nil || to != link.Connected || v.Refused() || !c.items.owners.Wanted(v.Token) {
		return outcome, err
	}
	st := connectOf(v)
	h := Holding{Grant: st.Grant, Accounts: st.picked()}
	if st.Grant != "" {
		if h.Connector, err = c.items.connector(c.connectorOf(v)); err != nil {
			return "", err
		}
	}
	ok, err := c.items.owners.Check(ctx, v, h)
	switch {
	case err != nil:
		return c.failed(v, err)
	case !ok:
		return blocked, nil
	}
	return outcome, nil
}
