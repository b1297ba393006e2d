package item

import (
	"context"
	"slices"
	"time"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// Repairable finds the Item of an access token for update mode.
func (s *Items) Repairable(ctx context.Context, call api.Call, accessToken string) (link.Repairable, error) {
	sn, err := s.ByAccessToken(ctx, call, accessToken)
	if err != nil {
		return link.Repairable{}, err
	}
	return s.repairable(sn)
}

// LastBroken finds the Item of a user that broke last: "the most recent unhealthy
// Item associated with the user" (LinkTokenCreateRequestUpdate.item_ids), of those
// that are named or, for none, of all. An Item that is named need not be broken.
func (s *Items) LastBroken(ctx context.Context, call api.Call, userID string, itemIDs []string) (link.Repairable, error) {
	all, err := s.ofUser(ctx, call.Caller.ClientID, userID)
	if err != nil {
		return link.Repairable{}, err
	}
	now := s.clock.Now()
	best := -1
	var when time.Time
	for i := range all {
		if len(itemIDs) > 0 && !slices.Contains(itemIDs, all[i].ID) {
			continue
		}
		if at, broken := all[i].brokeAt(now); broken && (best < 0 || at.After(when)) {
			best, when = i, at
		}
	}
	if best < 0 && len(itemIDs) > 0 {
		best = slices.IndexFunc(all, func(it Item) bool { return slices.Contains(itemIDs, it.ID) })
	}
	switch {
	case best >= 0:
		sn, err := s.ByID(ctx, all[best].ID)
		if err != nil {
			return link.Repairable{}, err
		}
		return s.repairable(sn)
	case len(itemIDs) > 0:
		return link.Repairable{}, plaid.ItemNotFound
	}
	return link.Repairable{}, plaid.InvalidField("update.user must be for a user with an Item that needs repair; name an Item in update.item_ids or send its access_token otherwise")
}

// brokeAt is when the Item's login broke.
func (it *Item) brokeAt(now time.Time) (time.Time, bool) {
	if it.Problem(now) == nil {
		return time.Time{}, false
	}
	if it.ErrorCode != "" {
		return it.brokenAt, true
	}
	return it.LoginUntil, true
}

// repairable refuses Items that nobody logs in for, but for those whose account is
// verified by the code of a deposit.
func (s *Items) repairable(sn *Snapshot) (link.Repairable, error) {
	if sn.Connector == "" && slices.ContainsFunc(sn.Accounts, func(a Account) bool { return a.Verification.ByCode() }) {
		return link.Repairable{ID: sn.ID, ByCode: true, Webhook: sn.Webhook}, nil
	}
	in, ok := s.catalogue.Get(sn.InstitutionID)
	if !ok || sn.Connector == "" {
		return link.Repairable{}, plaid.NotSupported("update mode for an Item without a login at an institution")
	}
	return link.Repairable{ID: sn.ID, CanSelect: in.In([]string{"US", "CA"}), Webhook: sn.Webhook}, nil
}

// ofUser lists a client's Items of a user.
func (s *Items) ofUser(ctx context.Context, clientID, userID string) ([]Item, error) {
	rows, err := s.db.Query(ctx, selectByUser, userID, clientID)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Item
	for rows.Next() {
		it, err := s.scanItem(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, it)
	}
	return list, rows.Err()
}
