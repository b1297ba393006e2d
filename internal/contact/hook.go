package contact

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/contact/graph"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/webhook"
)

// The types of events. That of organisations is documented, the others are ours
// (contacts-graphql.md section 9).
const (
	EventOrgStatus = "org.status.changed.v1"
	EventCreated   = "contact.created.v1"
	EventUpdated   = "contact.updated.v1"
	EventDeleted   = "contact.deleted.v1"
	EventIdentity  = "contact.identity.status.changed.v1"
)

// Events are the types that can be subscribed to.
var Events = []string{EventOrgStatus, EventCreated, EventUpdated, EventDeleted, EventIdentity}

// hook is a subscription: somebody who is told.
type hook struct {
	ID        string
	ClientID  string
	OwnerID   string // an agency's client_id, or an organisation's id
	Events    []string
	Enabled   bool
	CreatedAt time.Time
	UpdatedAt time.Time
	hookSecrets

	number int64
}

type hookSecrets struct {
	URL         string    `json:"url"`
	Description string    `json:"description,omitempty"`
	Secret      string    `json:"secret"`
	Previous    string    `json:"previous,omitempty"` // signs too for a while
	RotatedAt   time.Time `json:"rotated_at,omitzero"`
}

// checkValue tells which secret is in use without telling it.
func (h *hook) checkValue() string {
	sum := sha256.Sum256([]byte(h.Secret))
	return hex.EncodeToString(sum[:4])
}

// fact is what an event says beside its common members.
type fact struct {
	ContactID string  `json:"contactId,omitempty"`
	SessionID *string `json:"sessionId,omitempty"`
	Status    string  `json:"status,omitempty"`
	Previous  *string `json:"previousStatus,omitempty"`
}

// event is the body of a webhook. RequestID is another one in each try.
type event struct {
	Type      string `json:"type"`
	EventID   string `json:"eventId"`
	RequestID string `json:"requestId,omitempty"`
	OrgID     string `json:"orgId"`
	fact
	OccurredAt string `json:"occurredAt"`
}

// noticesFor is how long the history of a subscription goes back.
const noticesFor = 90 * 24 * time.Hour

// tell writes an event, for each subscription that wants it, in the transaction of
// what it tells of. subject is what it is about: events of one are sent in order.
func (c *Contacts) tell(ctx context.Context, tx *store.Tx, o Org, kind, subject string, f fact) error {
	hooks, err := c.hooksOf(ctx, tx, o)
	if err != nil {
		return err
	}
	now := c.clock.Now()
	for _, h := range hooks {
		if !slices.Contains(h.Events, kind) {
			continue
		}
		id := "WebhookRequest#" + c.newID()
		body, err := json.Marshal(event{Type: kind, EventID: id, OrgID: o.ID, fact: f, OccurredAt: stamp(now)})
		if err != nil {
			return fmt.Errorf("contact: webhook: %w", err)
		}
		n, err := store.NextNumber(ctx, tx, "contact.notice:"+h.ID)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, sweepNotices, h.ID, clock.Millis(now.Add(-noticesFor))); err != nil {
			return fmt.Errorf("contact: webhook: %w", err)
		}
		if _, err := tx.Exec(ctx, insertNotice, h.ID, n, id, clock.Millis(now)); err != nil {
			return fmt.Errorf("contact: webhook: %w", err)
		}
		err = c.cfg.Outbox.Add(ctx, tx, webhook.Notice{
			ID: id, ClientID: o.ClientID, Subject: h.ID + ":" + subject, URL: h.URL, Type: kind, Code: h.ID, Body: body, Scheme: HookScheme,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *Contacts) hooksOf(ctx context.Context, tx *store.Tx, o Org) (all []*hook, err error) {
	rows, err := tx.Query(ctx, hooksOf, o.ID, o.ClientID)
	if err != nil {
		return nil, fmt.Errorf("contact: webhook: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		h, err := c.scanHook(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, h.node)
	}
	return all, rows.Err()
}

// HookEdit is what is to change; nil for what is not.
type HookEdit struct {
	URL, Description *string
	Events           *[]string
	Enabled          *bool
}

func (c *Contacts) applyHook(e HookEdit, h *hook) error {
	if e.URL != nil {
		h.URL = strings.TrimSpace(*e.URL)
		u, err := url.Parse(h.URL)
		switch {
		case err != nil || !plaid.WebhookOK(h.URL) || u.Fragment != "":
			return graph.Input("url", "must be an address such as https://example.com/hook")
		case !c.cfg.Sandbox && u.Scheme != "https":
			return graph.Input("url", "must begin with https://")
		}
	}
	if e.Events != nil {
		h.Events = slices.Compact(slices.Sorted(slices.Values(*e.Events)))
		if len(h.Events) == 0 {
			return graph.Input("events", "must name at least one event")
		}
		for _, name := range h.Events {
			if !slices.Contains(Events, name) {
				return graph.Input("events", "must be of "+strings.Join(Events, ", ")+": nothing here tells of others")
			}
		}
	}
	if e.Description != nil {
		if h.Description = strings.TrimSpace(*e.Description); !wordsOK(h.Description, 255) {
			return graph.Input("description", "must be a text of up to 255 characters")
		}
	}
	if e.Enabled != nil {
		h.Enabled = *e.Enabled
	}
	return nil
}

// maxHooks is how many subscriptions an owner has.
const maxHooks = 20

// owner checks that a caller may have subscriptions of an owner.
func (c *Contacts) owner(ctx context.Context, from reader, by graph.Caller, id string) error {
	if id == by.Client {
		if by.Org != "" {
			return graph.Refuse(graph.CodeForbidden, "this key is for one organisation, not for its agency")
		}
		return nil
	}
	_, err := c.orgFor(ctx, from, by, id)
	return err
}

// CreateHook makes a subscription. Its secret is told now and never again.
func (c *Contacts) createHook(ctx context.Context, by graph.Caller, ownerID string, e HookEdit) (*hook, error) {
	now := c.clock.Now()
	h := &hook{ID: c.newID(), ClientID: by.Client, OwnerID: ownerID, Enabled: true, CreatedAt: now, UpdatedAt: now}
	h.Secret = c.newHookSecret()
	if err := c.applyHook(e, h); err != nil {
		return nil, err
	}
	err := c.write(ctx, func(tx *store.Tx) error {
		if err := c.owner(ctx, tx, by, ownerID); err != nil {
			return err
		}
		var have int
		if err := tx.QueryRow(ctx, countHooks, ownerID).Scan(&have); err != nil {
			return fmt.Errorf("contact: webhook: %w", err)
		}
		if have >= maxHooks {
			return graph.Refuse(graph.CodeConflict, fmt.Sprintf("there are %d webhooks already: delete one first", maxHooks))
		}
		var err error
		if h.number, err = store.NextNumber(ctx, tx, "contact.hook:"+h.ClientID); err != nil {
			return err
		}
		text, err := c.vault.SealJSON(h.hookSecrets, sealedHook+h.ID)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, insertHook, h.ID, h.ClientID, h.OwnerID, h.number, strings.Join(h.Events, " "), h.Enabled, clock.Millis(now), text)
		if err != nil {
			return fmt.Errorf("contact: webhook: %w", err)
		}
		return nil
	})
	return h, err
}

func (c *Contacts) newHookSecret() string { return "whsec_" + c.ids.Letters(43, base62) }

// findHook is a subscription that a caller may see.
func (c *Contacts) findHook(ctx context.Context, from reader, by graph.Caller, id string) (*hook, error) {
	h, err := c.scanHook(from.QueryRow(ctx, hookByID, id))
	if errors.Is(err, store.ErrNoRows) || err == nil && (h.node.ClientID != by.Client || by.Org != "" && by.Org != h.node.OwnerID) {
		return nil, graph.Refuse(graph.CodeNotFound, "there is no such webhook")
	}
	return h.node, err
}

// changeHook changes a subscription.
func (c *Contacts) changeHook(ctx context.Context, by graph.Caller, id string, change func(*hook) error) (h *hook, err error) {
	err = c.write(ctx, func(tx *store.Tx) error {
		if h, err = c.findHook(ctx, tx, by, id); err != nil {
			return err
		}
		if err := change(h); err != nil {
			return err
		}
		h.UpdatedAt = c.clock.Now()
		text, err := c.vault.SealJSON(h.hookSecrets, sealedHook+h.ID)
		if err != nil {
			return err
		}
		return tx.ExecOne(ctx, updateHook, h.ID, strings.Join(h.Events, " "), h.Enabled, clock.Millis(h.UpdatedAt), text)
	})
	return h, err
}

// rotate gives a subscription another secret. The old one goes on to sign, in a
// header of its own, if that is asked for.
func (c *Contacts) rotate(ctx context.Context, by graph.Caller, id string, keep bool) (*hook, error) {
	next := c.newHookSecret()
	return c.changeHook(ctx, by, id, func(h *hook) error {
		if h.Previous = ""; keep {
			h.Previous = h.Secret
		}
		h.Secret, h.RotatedAt = next, c.clock.Now()
		return nil
	})
}

func (c *Contacts) deleteHook(ctx context.Context, by graph.Caller, id string) error {
	return c.write(ctx, func(tx *store.Tx) error {
		if _, err := c.findHook(ctx, tx, by, id); err != nil {
			return err
		}
		for _, query := range []string{deleteHook, deleteNotices} {
			if _, err := tx.Exec(ctx, query, id); err != nil {
				return fmt.Errorf("contact: webhook: %w", err)
			}
		}
		return nil
	})
}

func (c *Contacts) hooks(ctx context.Context, by graph.Caller, ownerID string, s span) ([]numbered[*hook], error) {
	if ownerID == "" {
		ownerID = by.Org
	} else if err := c.owner(ctx, c.db, by, ownerID); err != nil {
		return nil, err
	}
	return list(ctx, c.db, s, hooksDown, hooksUp, c.scanHook, by.Client, ownerID)
}

func (c *Contacts) scanHook(row scanner) (numbered[*hook], error) {
	h := &hook{}
	var events, text string
	var created, updated int64
	if err := row.Scan(&h.ID, &h.ClientID, &h.OwnerID, &h.number, &events, &h.Enabled, &created, &updated, &text); err != nil {
		return numbered[*hook]{}, err
	}
	h.Events, h.CreatedAt, h.UpdatedAt = strings.Fields(events), clock.FromMillis(created), clock.FromMillis(updated)
	return numbered[*hook]{h.number, h}, c.vault.OpenJSON(text, sealedHook+h.ID, &h.hookSecrets)
}
