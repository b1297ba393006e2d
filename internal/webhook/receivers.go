package webhook

import (
	"context"
	"errors"
	"fmt"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
)

const (
	sealedReceivers = "webhook_address.sealed:"
	selectReceivers = `SELECT sealed FROM webhook_address WHERE client_id = $1`
	setReceivers    = `INSERT INTO webhook_address (client_id, sealed) VALUES ($1, $2)
 ON CONFLICT (client_id) DO UPDATE SET sealed = excluded.sealed`
)

// Receivers are the addresses of a client's own account, for webhooks that no
// request names an address for: those of Identity Verification and of screenings
// (identity-verification.md section 8: "dashboard-configured receivers only").
func (o *Outbox) Receivers(ctx context.Context, clientID string) ([]string, error) {
	return o.receivers(ctx, o.db.QueryRow, clientID)
}

func (o *Outbox) receivers(ctx context.Context, query func(context.Context, string, ...any) store.Row, clientID string) (urls []string, err error) {
	var sealed string
	err = query(ctx, selectReceivers, clientID).Scan(&sealed)
	if errors.Is(err, store.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("webhook: receivers: %w", err)
	}
	return urls, o.vault.OpenJSON(sealed, sealedReceivers+clientID, &urls)
}

// SetReceivers replaces the receivers of a client.
func (o *Outbox) SetReceivers(ctx context.Context, clientID string, urls []string) error {
	for _, u := range urls {
		if !plaid.WebhookOK(u) {
			return plaid.InvalidField("urls must be a list of string URLs")
		}
	}
	sealed, err := o.vault.SealJSON(urls, sealedReceivers+clientID)
	if err != nil {
		return err
	}
	return o.db.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, setReceivers, clientID, sealed)
		return err
	})
}

// Tell is Add for each receiver of the client.
func (o *Outbox) Tell(ctx context.Context, tx *store.Tx, n Notice) error {
	urls, err := o.receivers(ctx, tx.QueryRow, n.ClientID)
	if err != nil {
		return err
	}
	for _, n.URL = range urls {
		if err := o.Add(ctx, tx, n); err != nil {
			return err
		}
	}
	return nil
}

// ReceiversRequest is the request of /sandbox/webhook/receivers/set.
type ReceiversRequest struct {
	URLs []string `json:"urls" required:"true" max:"10" must:"be a list of at most 10 string URLs"`
}

// ReceiversAnswer are the receivers that a client has.
type ReceiversAnswer struct {
	URLs []string `json:"urls"`
}

func (i *Inbox) setReceivers(ctx context.Context, call api.Call, in ReceiversRequest) (ReceiversAnswer, error) {
	if err := i.outbox.SetReceivers(ctx, call.Caller.ClientID, in.URLs); err != nil {
		return ReceiversAnswer{}, err
	}
	return ReceiversAnswer(in), nil
}

func (i *Inbox) getReceivers(ctx context.Context, call api.Call, _ struct{}) (ReceiversAnswer, error) {
	urls, err := i.outbox.Receivers(ctx, call.Caller.ClientID)
	return ReceiversAnswer{append([]string{}, urls...)}, err
}
