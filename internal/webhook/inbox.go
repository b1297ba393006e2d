package webhook

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// Inbox shows tests what was sent to them, whether or not somebody listens there.
type Inbox struct {
	outbox   *Outbox
	keys     *Keys
	stopping func() bool
}

// NewInbox returns the inbox of an outbox. Nobody is let wait once stopping.
func NewInbox(o *Outbox, k *Keys, stopping func() bool) *Inbox { return &Inbox{o, k, stopping} }

// Endpoints are the levers. Plaid has nothing like them.
func (i *Inbox) Endpoints() []api.Endpoint {
	return []api.Endpoint{
		api.Post("/sandbox/webhook/list", i.list, api.Sandbox(), api.Partners(), api.Summary("List webhooks and what became of them")),
		api.Post("/sandbox/webhook/wait", i.wait, api.Sandbox(), api.Partners(), api.Summary("Wait for a webhook")),
		api.Post("/sandbox/webhook/replay", i.replay, api.Sandbox(), api.Partners(), api.Summary("Send a webhook once more")),
		api.Post("/sandbox/webhook/forge", i.forge, api.Sandbox(), api.Partners(), api.Summary("Send a webhook with a signature that must be refused")),
		api.Post("/sandbox/webhook/sign", i.sign, api.Sandbox(), api.Partners(), api.Summary("Sign a body as a webhook, rightly or not")),
		api.Post("/sandbox/webhook/receivers/set", i.setReceivers, api.Sandbox(), api.Partners(), api.Summary("Say where webhooks go that no request names an address for")),
		api.Post("/sandbox/webhook/receivers/get", i.getReceivers, api.Sandbox(), api.Partners(), api.Summary("Read where webhooks go that no request names an address for")),
	}
}

// InboxFilter says which webhooks are meant; a member without a value means all.
type InboxFilter struct {
	WebhookType   string `json:"webhook_type" max:"64"`
	WebhookCode   string `json:"webhook_code" max:"64"`
	ItemID        string `json:"item_id" max:"64"`
	LinkSessionID string `json:"link_session_id" max:"64"`
	// AccountID is for a processor partner, to whom Items are accounts.
	AccountID string `json:"account_id" max:"64"`
	State     string `json:"state" enum:"waiting,delivered,failed,dropped"`
	// After is a delivery_id: only what was made later.
	After string `json:"after" max:"64"`
}

// ListRequest is the request of /sandbox/webhook/list.
type ListRequest struct {
	InboxFilter
	Count int `json:"count" min:"1" max:"500"` // 100 unless given
}

// WaitRequest is the request of /sandbox/webhook/wait.
type WaitRequest struct {
	InboxFilter
	// TimeoutMS is how long to wait, in real time; 10000 unless given.
	TimeoutMS *int64 `json:"timeout_ms" min:"0" max:"50000"`
}

// DeliveryOut is a webhook as the inbox shows it.
type DeliveryOut struct {
	DeliveryID  string `json:"delivery_id"`
	State       string `json:"state"` // waiting, delivered, failed or dropped
	WebhookType string `json:"webhook_type"`
	WebhookCode string `json:"webhook_code"`
	// Subject is the Item or the Link session that it is about, for a partner the account.
	Subject string `json:"subject"`
	URL     string `json:"url"`
	// Body is what is sent, byte by byte, and Webhook the same as an object.
	Body    string  `json:"body"`
	Webhook api.Raw `json:"webhook"`
	// PlaidVerification is a header that fits the body, signed now.
	PlaidVerification string       `json:"plaid_verification"`
	CreatedAt         string       `json:"created_at"`
	DueAt             *string      `json:"due_at"` // of the next try; null when there will be none
	Attempts          []AttemptOut `json:"attempts"`
}

// AttemptOut is one try to deliver.
type AttemptOut struct {
	Number int64   `json:"number"`
	At     string  `json:"at"`
	Status *int    `json:"status"` // of the receiver's answer; null without one
	Error  *string `json:"error"`  // null where the receiver took it
}

// InboxList is the answer of /sandbox/webhook/list.
type InboxList struct {
	Deliveries []DeliveryOut `json:"deliveries"` // in the order in which they were made
}

// InboxOne is a webhook, null where none came in time.
type InboxOne struct {
	Delivery *DeliveryOut `json:"delivery"`
}

const layout = "2006-01-02T15:04:05.000Z07:00"

var errNotForged = plaid.InvalidField("delivery_id must be of a webhook with Plaid-Verification; others are signed in a way of their own")

var errNoDelivery = plaid.InvalidField("delivery_id must be one of /sandbox/webhook/list")

// filter is what the database is asked for.
func (i *Inbox) filter(ctx context.Context, call api.Call, in InboxFilter) (Filter, error) {
	f := Filter{
		ClientID: call.Caller.ClientID, Type: in.WebhookType, Code: in.WebhookCode, State: State(in.State), Subject: in.ItemID,
	}
	for _, other := range []string{in.LinkSessionID, in.AccountID} {
		if other != "" && f.Subject != "" {
			return f, plaid.InvalidField("item_id, link_session_id or account_id must be given alone: no webhook is about two of them")
		}
		f.Subject = cmp.Or(other, f.Subject)
	}
	if in.After == "" {
		return f, nil
	}
	d, err := i.outbox.Delivery(ctx, f.ClientID, in.After)
	if errors.Is(err, ErrNoDelivery) {
		return f, plaid.InvalidField("after must be the delivery_id of a webhook")
	}
	if err == nil {
		f.After = d.Cursor()
	}
	return f, err
}

func (i *Inbox) list(ctx context.Context, call api.Call, in ListRequest) (InboxList, error) {
	out := InboxList{[]DeliveryOut{}}
	f, err := i.filter(ctx, call, in.InboxFilter)
	if err != nil {
		return out, err
	}
	f.Limit = in.Count
	found, err := i.outbox.Deliveries(ctx, f)
	if err != nil {
		return out, err
	}
	for _, d := range found {
		one, err := i.show(ctx, d)
		if err != nil {
			return out, err
		}
		out.Deliveries = append(out.Deliveries, *one)
	}
	return out, nil
}

// The wait for a webhook: how long unless said, and how often to look for what
// this process does not hear of itself.
const (
	waitUsually = 10 * time.Second
	lookEvery   = 100 * time.Millisecond
)

// wait answers the first webhook that fits, one too that was there before, so that
// a test can ask after it has done what causes it.
func (i *Inbox) wait(ctx context.Context, call api.Call, in WaitRequest) (InboxOne, error) {
	f, err := i.filter(ctx, call, in.InboxFilter)
	if err != nil {
		return InboxOne{}, err
	}
	f.Limit = 1
	patience := waitUsually
	if in.TimeoutMS != nil {
		patience = time.Duration(*in.TimeoutMS) * time.Millisecond
	}
	deadline, stop := context.WithTimeout(ctx, patience)
	defer stop()
	for {
		changed := i.outbox.Changed()
		found, err := i.outbox.Deliveries(ctx, f)
		if err != nil {
			return InboxOne{}, err
		}
		if len(found) > 0 {
			one, err := i.show(ctx, found[0])
			return InboxOne{one}, err
		}
		look, cancel := context.WithTimeout(deadline, lookEvery)
		select {
		case <-changed:
		case <-look.Done():
		}
		cancel()
		if deadline.Err() != nil || i.stopping() {
			return InboxOne{}, ctx.Err()
		}
	}
}

// show is a delivery as a test sees it.
func (i *Inbox) show(ctx context.Context, d *Delivery) (*DeliveryOut, error) {
	tries, err := i.outbox.Attempts(ctx, d.ID)
	if err != nil {
		return nil, err
	}
	token, err := i.keys.token(ctx, d.Body, "")
	if err != nil {
		return nil, err
	}
	out := &DeliveryOut{
		DeliveryID: d.ID, State: string(d.State), WebhookType: d.Type, WebhookCode: d.Code, Subject: d.Subject, URL: d.URL,
		Body: string(d.Body), Webhook: api.Raw(d.Body), PlaidVerification: token, CreatedAt: d.CreatedAt.Format(layout),
		Attempts: make([]AttemptOut, len(tries)),
	}
	if d.State == Waiting {
		due := d.DueAt.Format(layout)
		out.DueAt = &due
	}
	for n, t := range tries {
		a := AttemptOut{Number: t.Number, At: t.At.Format(layout)}
		if t.Status != 0 {
			a.Status = &t.Status
		}
		if t.Error != "" {
			a.Error = &t.Error
		}
		out.Attempts[n] = a
	}
	return out, nil
}

// ReplayRequest is the request of /sandbox/webhook/replay.
type ReplayRequest struct {
	DeliveryID string `json:"delivery_id" required:"true" max:"64"`
}

// replay sends a webhook at once and answers what came of it.
func (i *Inbox) replay(ctx context.Context, call api.Call, in ReplayRequest) (InboxOne, error) {
	err := i.outbox.Replay(ctx, call.Caller.ClientID, in.DeliveryID)
	if errors.Is(err, ErrNoDelivery) {
		return InboxOne{}, errNoDelivery
	}
	if err == nil {
		err = i.outbox.Settle(ctx)
	}
	if err != nil {
		return InboxOne{}, err
	}
	d, err := i.outbox.Delivery(ctx, call.Caller.ClientID, in.DeliveryID)
	if err != nil {
		return InboxOne{}, err
	}
	one, err := i.show(ctx, d)
	return InboxOne{one}, err
}

// ForgeRequest is the request of /sandbox/webhook/forge.
type ForgeRequest struct {
	DeliveryID string `json:"delivery_id" required:"true" max:"64"`
	Forgery    string `json:"forgery" required:"true" enum:"stale_iat,wrong_body,alg_none,unknown_kid,wrong_key,unsigned"`
}

// ForgeAnswer is what a receiver said to a forgery.
type ForgeAnswer struct {
	// Refused is whether the receiver answered, and not with 200.
	Refused bool    `json:"refused"`
	Status  *int    `json:"status"` // of its answer; null without one
	Error   *string `json:"error"`  // null where the receiver took it
}

// forge sends a webhook once with a wrong signature. What becomes of the delivery
// itself does not change.
func (i *Inbox) forge(ctx context.Context, call api.Call, in ForgeRequest) (ForgeAnswer, error) {
	d, err := i.outbox.Delivery(ctx, call.Caller.ClientID, in.DeliveryID)
	if errors.Is(err, ErrNoDelivery) {
		return ForgeAnswer{}, errNoDelivery
	}
	if err != nil {
		return ForgeAnswer{}, err
	}
	if d.Scheme != Plaid {
		return ForgeAnswer{}, errNotForged
	}
	status, problem, _ := i.outbox.post(ctx, d, i.keys.Forge(Forgery(in.Forgery)))
	out := ForgeAnswer{Refused: status != 0 && problem != ""}
	if status != 0 {
		out.Status = &status
	}
	if problem != "" {
		out.Error = &problem
	}
	return out, nil
}

// SignRequest is the request of /sandbox/webhook/sign.
type SignRequest struct {
	Body    string `json:"body" required:"true" max:"100000"`
	Forgery string `json:"forgery" enum:"stale_iat,wrong_body,alg_none,unknown_kid,wrong_key"`
}

// SignAnswer is a header for the body.
type SignAnswer struct {
	PlaidVerification string `json:"plaid_verification"`
}

// sign makes the header for any body, for a receiver that a test calls by itself.
func (i *Inbox) sign(ctx context.Context, _ api.Call, in SignRequest) (SignAnswer, error) {
	token, err := i.keys.token(ctx, []byte(in.Body), Forgery(in.Forgery))
	return SignAnswer{token}, err
}
