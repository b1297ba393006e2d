package fault

import (
	"context"
	"time"

	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// Webhook is what becomes of webhooks on their way.
type Webhook struct {
	WebhookType string `json:"webhook_type,omitempty" max:"64"` // all unless given
	WebhookCode string `json:"webhook_code,omitempty" max:"64"`
	Do          string `json:"do" required:"true" enum:"drop,delay,duplicate,reorder,forge"`
	// DelaySeconds is how long delay puts them off, by the sandbox's clock.
	DelaySeconds int64 `json:"delay_seconds,omitzero" min:"1" max:"86400"`
	// Copies is how many more come with duplicate; 1 unless given.
	Copies int64 `json:"copies,omitzero" min:"1" max:"10"`
	// Forgery is what is wrong with the signature, with forge.
	Forgery string `json:"forgery,omitempty" enum:"stale_iat,wrong_body,alg_none,unknown_kid,wrong_key,unsigned"`
}

// The values of Webhook.Do.
const (
	doDrop      = "drop"
	doDelay     = "delay"
	doDuplicate = "duplicate"
	doReorder   = "reorder"
	doForge     = "forge"
)

func (w *Webhook) check(at string, only Only) error {
	switch {
	case (w.DelaySeconds != 0) != (w.Do == doDelay):
		return plaid.InvalidField(at + "webhook.delay_seconds must be given with do delay, and with nothing else")
	case w.Copies != 0 && w.Do != doDuplicate:
		return plaid.InvalidField(at + "webhook.copies must be left out unless do is duplicate")
	case (w.Forgery != "") != (w.Do == doForge):
		return plaid.InvalidField(at + "webhook.forgery must be given with do forge, and with nothing else")
	case only.InstitutionID != "":
		return plaid.InvalidField(at + "only.institution_id must be left out: webhooks are narrowed by client_id and item_id")
	}
	return nil
}

// Sending is a try to deliver a webhook.
type Sending struct {
	ClientID, Subject string // Subject is an Item's id or a Link session's
	Type, Code        string
	First             bool // nothing was tried before
}

// Fate is what is done to it; the zero value is nothing.
type Fate struct {
	Drop    bool
	Delay   time.Duration // on the clock
	Reorder bool          // the next one comes first
	Copies  int
	Forgery string
}

// copied is how many webhooks of a hundred come twice in mild chaos.
const copied = 10

// Webhook decides what becomes of a try. What is put off was tried: it is not put
// off again.
func (f *Faults) Webhook(ctx context.Context, w Sending) (Fate, error) {
	s := f.set.Load()
	if s == nil {
		return Fate{}, nil
	}
	now := f.clock.Now()
	if s.stale(now) {
		defer f.prune()
	}
	for _, a := range s.webhooks {
		if a.ended(now) || !a.carries(w) {
			continue
		}
		_, hits, err := f.ask(ctx, a)
		if err != nil {
			return Fate{}, err
		}
		if hits {
			return a.Webhook.fate(), nil
		}
	}
	if _, chaos := s.general(now); chaos && w.First && f.weather.draw(f.Seed) < copied/100.0 {
		return Fate{Copies: 1}, nil
	}
	return Fate{}, nil
}

// carries reports whether a fault is about a webhook.
func (a *Fault) carries(w Sending) bool {
	t := a.Webhook
	return (t.WebhookType == "" || t.WebhookType == w.Type) && (t.WebhookCode == "" || t.WebhookCode == w.Code) &&
		(a.Only.ClientID == "" || a.Only.ClientID == w.ClientID) && (a.Only.ItemID == "" || a.Only.ItemID == w.Subject) &&
		(w.First || t.Do != doDelay && t.Do != doReorder)
}

func (w *Webhook) fate() Fate {
	switch w.Do {
	case doDrop:
		return Fate{Drop: true}
	case doDelay:
		return Fate{Delay: time.Duration(w.DelaySeconds) * time.Second}
	case doReorder:
		return Fate{Reorder: true}
	case doDuplicate:
		return Fate{Copies: int(max(w.Copies, 1))}
	}
	return Fate{Forgery: w.Forgery}
}
