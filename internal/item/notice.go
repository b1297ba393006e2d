package item

import (
	"context"
	"errors"
	"maps"
	"time"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/schedule"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/webhook"
)

// aboutItem is the webhook_type of webhooks about an Item itself.
const aboutItem = "ITEM"

// aboutReport is the webhook_type of those that name a report and no Item.
const aboutReport = "ASSETS"

// The codes of webhooks about an Item (plaid-server-api.md section 12.1).
const (
	noticeError             = "ERROR"
	noticePermissionRevoked = "USER_PERMISSION_REVOKED"
	noticeAccountRevoked    = "USER_ACCOUNT_REVOKED"
	noticePendingDisconnect = "PENDING_DISCONNECT"
	noticePendingExpiration = "PENDING_EXPIRATION"
	noticeRepaired          = "LOGIN_REPAIRED"
	noticeNewAccounts       = "NEW_ACCOUNTS_AVAILABLE"
	noticeAcknowledged      = "WEBHOOK_UPDATE_ACKNOWLEDGED"
)

// noticePermissions is told by a product that the person has not let see what it needs.
const noticePermissions = "PRODUCT_PERMISSIONS_REQUIRED"

// Said is what a webhook says besides what all webhooks about an Item say.
type Said map[string]any

// told is a webhook that an Update has made due.
type told struct {
	kind, code string
	said       Said
}

// WithOutbox says where webhooks go. Without it nobody is told anything.
func (s *Items) WithOutbox(o *webhook.Outbox) *Items {
	s.outbox = o
	return s
}

// Tell is a step for Update: the client is told something about the Item, at the
// webhook that the Item has when the step has been done. kind and code are
// webhook_type and webhook_code.
func (it *Item) Tell(kind, code string, said Said) { it.told = append(it.told, told{kind, code, said}) }

// tellError is part of every Update: an error that is new on an Item is told.
func (it *Item) tellError(was string) {
	if it.ErrorCode == "" || it.ErrorCode == was {
		return
	}
	e, known := plaid.ByCode(it.ErrorCode)
	switch {
	case !known:
		e = plaid.ItemLoginRequired
	case e.Is(plaid.UserPermissionRevoked):
		it.Tell(aboutItem, noticePermissionRevoked, Said{"error": api.WebhookErrorJSON(e)})
		return
	}
	it.Tell(aboutItem, noticeError, Said{"error": api.WebhookErrorJSON(e)})
}

// Told is a notice about an Item.
type Told struct {
	ItemID, Kind, Code string
	Said               Said
}

// OnTold makes f hear of each notice about an Item in the transaction that makes it
// due, also of an Item without a webhook. Rooms call it when they are built.
func (s *Items) OnTold(f func(context.Context, *store.Tx, Told) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hear = append(s.hear, f)
}

// tells reports whether the client hears of the Item's notices.
func (s *Items) tells(it *Item) bool { return it.Webhook != "" && s.outbox != nil }

// noteTold keeps the latest webhook, which /item/get shows.
func (s *Items) noteTold(it *Item) {
	if n := len(it.told); n > 0 && s.tells(it) {
		it.lastCode, it.lastAt = it.told[n-1].code, s.clock.Now()
	}
}

// sendTold writes the webhooks of an Update.
func (s *Items) sendTold(ctx context.Context, tx *store.Tx, it *Item) error {
	if len(it.told) == 0 {
		return nil
	}
	s.mu.Lock()
	hear := s.hear
	s.mu.Unlock()
	for _, t := range it.told {
		if err := s.send(ctx, tx, it, t); err != nil {
			return err
		}
		for _, f := range hear {
			if err := f(ctx, tx, Told{it.ID, t.kind, t.code, t.said}); err != nil {
				return err
			}
		}
	}
	return nil
}

// send writes one webhook to the Item's client.
func (s *Items) send(ctx context.Context, tx *store.Tx, it *Item, t told) error {
	if !s.tells(it) {
		return nil
	}
	body := Said{"webhook_type": t.kind, "webhook_code": t.code, "environment": s.env}
	if t.kind != aboutReport {
		body["item_id"] = it.ID
	}
	if it.UserID != "" && t.kind == aboutItem && t.code != noticeAcknowledged {
		body["user_id"] = it.UserID
	}
	maps.Copy(body, t.said)
	n := webhook.Notice{ClientID: it.ClientID, Subject: it.ID, URL: it.Webhook, Type: t.kind, Code: t.code, Body: body}
	return s.outbox.Add(ctx, tx, n)
}

// The end of a login that lasts for a time is told seven days before, and when it
// has come.
const (
	loginJob  = "item.login"
	noticeFor = 7 * 24 * time.Hour
)

// watchLogin makes the job of a login that ends by itself.
func (s *Items) watchLogin(ctx context.Context, tx *store.Tx, it *Item) error {
	if it.LoginUntil.IsZero() {
		return nil
	}
	return s.jobs.Schedule(ctx, tx, it.LoginUntil.Add(-noticeFor), loginJob, it.ID, "")
}

// loginEnds is the job.
func (s *Items) loginEnds(ctx context.Context, tx *store.Tx, job schedule.Job) error {
	var again time.Time
	err := s.Update(ctx, tx, job.Subject, func(it *Item) error {
		now, until := s.clock.Now(), it.LoginUntil
		switch {
		case until.IsZero() || it.ErrorCode != "": // nothing left to end
		case now.Before(until.Add(-noticeFor)):
			again = until.Add(-noticeFor)
		case now.Before(until):
			again = until
			s.tellEnding(it)
		default:
			it.ErrorCode = plaid.ItemLoginRequired.Code
		}
		return nil
	})
	if errors.Is(err, plaid.ItemNotFound) {
		return nil
	}
	if err != nil || again.IsZero() {
		return err
	}
	return s.jobs.Schedule(ctx, tx, again, loginJob, job.Subject, "")
}

// tellEnding tells that a login will end: in the United States and Canada as
// PENDING_DISCONNECT, elsewhere as PENDING_EXPIRATION.
func (s *Items) tellEnding(it *Item) {
	if s.byConsent(it) {
		it.Tell(aboutItem, noticePendingExpiration, Said{"consent_expiration_time": it.LoginUntil})
		return
	}
	it.Tell(aboutItem, noticePendingDisconnect, Said{"reason": "INSTITUTION_TOKEN_EXPIRATION"})
}

// byConsent reports whether the end of a login is one of the person's consent, as
// outside the United States and Canada.
func (s *Items) byConsent(it *Item) bool {
	in, ok := s.catalogue.Get(it.InstitutionID)
	return ok && !it.LoginUntil.IsZero() && !in.In([]string{"US", "CA"})
}
