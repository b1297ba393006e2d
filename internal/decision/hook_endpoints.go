package decision

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/decision/alloy"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/webhook"
)

func (s *Hooks) routes() []alloy.Route {
	return []alloy.Route{
		alloy.Get("/v1/settings/webhook", s.show, alloy.Summary("Where webhooks go; ours, in Alloy a page")),
		alloy.Put("/v1/settings/webhook", s.set, alloy.Summary("Says where webhooks go; ours")),
		alloy.Delete("/v1/settings/webhook", s.remove, alloy.Summary("Ends webhooks; ours")),
		alloy.Post("/v1/settings/webhook/enable", s.enable, alloy.Summary("Switches on webhooks that too many failures have switched off; ours")),
		alloy.Get("/v1/settings/webhook/log", s.log, alloy.Summary("What was sent, and what became of it; ours")),
	}
}

type hookRequest struct {
	URL      string   `json:"url" required:"true" min:"1" max:"2000"`
	Auth     string   `json:"auth" enum:"none,basic,hmac"`
	Username string   `json:"username" max:"255"`
	Password string   `json:"password" max:"255"`
	Secret   string   `json:"secret" max:"255"`
	Types    []string `json:"types" max:"20"`
}

// hookAnswer shows no secret again.
type hookAnswer struct {
	URL     string   `json:"url"`
	Auth    string   `json:"auth"`
	Types   []string `json:"types"`
	Enabled bool     `json:"enabled"`
}

func (h *hook) answer() hookAnswer { return hookAnswer{h.URL, h.Auth, orEmpty(h.Types), h.Enabled} }

func (s *Hooks) show(ctx context.Context, call alloy.Call) (hookAnswer, error) {
	h, err := s.hook(ctx, s.db.QueryRow(ctx, selectHook, call.Account), call.Account)
	if errors.Is(err, store.ErrNoRows) {
		return hookAnswer{}, alloy.ErrNotFound
	}
	return h.answer(), err
}

func (in hookRequest) check() error {
	switch {
	case !plaid.WebhookOK(in.URL):
		return alloy.Invalid("url", "be an address such as https://example.com/hook")
	case in.Auth == authBasic && (in.Username == "" || in.Password == ""):
		return alloy.Required("password")
	case in.Auth == authHMAC && in.Secret == "":
		return alloy.Required("secret")
	}
	for _, t := range in.Types {
		if hookDescriptions[t] == "" {
			return alloy.Invalid("types", "be a list of types of webhooks")
		}
	}
	return nil
}

func (s *Hooks) set(ctx context.Context, call alloy.Call, in hookRequest) (hookAnswer, error) {
	if err := in.check(); err != nil {
		return hookAnswer{}, err
	}
	h := hook{Types: in.Types, Enabled: true, URL: in.URL, Auth: in.Auth, Username: in.Username, Password: in.Password, Secret: in.Secret}
	if h.Auth == "" {
		h.Auth = authNone
	}
	err := s.db.Write(ctx, func(tx *store.Tx) error {
		sealed, err := s.vault.SealJSON(h, "hook:"+call.Account)
		if err != nil {
			return err
		}
		types, err := json.Marshal(orEmpty(h.Types))
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, upsertHook, call.Account, sealed, string(types), clock.Millis(s.clock.Now())); err != nil {
			return fmt.Errorf("decision: webhook: %w", err)
		}
		if _, err := tx.Exec(ctx, forgetFailures, call.Account); err != nil {
			return err
		}
		return s.audit.Add(ctx, tx, Entry{Account: call.Account, Actor: call.Key, Action: "webhook.set", Object: "webhook", After: h.answer()})
	})
	return h.answer(), err
}

func (s *Hooks) enable(ctx context.Context, call alloy.Call, _ struct{}) (hookAnswer, error) {
	err := s.db.Write(ctx, func(tx *store.Tx) error {
		if err := tx.ExecOne(ctx, enableHook, call.Account, clock.Millis(s.clock.Now())); err != nil {
			if errors.Is(err, store.ErrNoRows) {
				return alloy.ErrNotFound
			}
			return err
		}
		if _, err := tx.Exec(ctx, forgetFailures, call.Account); err != nil {
			return err
		}
		return s.audit.Add(ctx, tx, Entry{Account: call.Account, Actor: call.Key, Action: "webhook.enable", Object: "webhook"})
	})
	if err != nil {
		return hookAnswer{}, err
	}
	return s.show(ctx, call)
}

type removedAnswer struct {
	Removed bool `json:"removed"`
}

func (s *Hooks) remove(ctx context.Context, call alloy.Call) (removedAnswer, error) {
	err := s.db.Write(ctx, func(tx *store.Tx) error {
		for _, query := range []string{deleteHook, forgetFailures} {
			if _, err := tx.Exec(ctx, query, call.Account); err != nil {
				return err
			}
		}
		return s.audit.Add(ctx, tx, Entry{Account: call.Account, Actor: call.Key, Action: "webhook.remove", Object: "webhook"})
	})
	return removedAnswer{true}, err
}

// hookTry is one line of the log.
type hookTry struct {
	Time      int64           `json:"time"`
	Name      string          `json:"name"`
	Event     *string         `json:"event"`
	Attempt   int64           `json:"attempt"`
	Endpoint  string          `json:"endpoint"`
	Response  *int            `json:"response"`  // the status; null without an answer
	Exception *string         `json:"exception"` // null where it was taken
	State     string          `json:"state"`
	Payload   json.RawMessage `json:"payload"`
}

type hookLog struct {
	Attempts []hookTry `json:"attempts"`
}

// log lists the latest tries, the latest notice last.
func (s *Hooks) log(ctx context.Context, call alloy.Call) (hookLog, error) {
	limit := 100
	if given := call.Query.Get("limit"); given != "" {
		n, err := strconv.Atoi(given)
		if err != nil || n < 1 || n > 500 {
			return hookLog{}, alloy.ErrQuery.Saying("limit must be an integer between 1 and 500")
		}
		limit = n
	}
	latest, err := s.latest(ctx, webhook.Filter{ClientID: call.Account, Type: call.Query.Get("type"), Subject: call.Query.Get("subject"), Limit: 500}, limit)
	if err != nil {
		return hookLog{}, err
	}
	log := hookLog{Attempts: []hookTry{}}
	for _, d := range latest {
		if log.Attempts, err = s.attempts(ctx, log.Attempts, d); err != nil {
			return hookLog{}, err
		}
	}
	return log, nil
}

// latest are the last notices of this scheme.
func (s *Hooks) latest(ctx context.Context, f webhook.Filter, limit int) (latest []*webhook.Delivery, err error) {
	for {
		list, err := s.outbox.Deliveries(ctx, f)
		if err != nil {
			return nil, err
		}
		for _, d := range list {
			if f.After = d.Cursor(); d.Scheme == HookScheme {
				latest = append(latest, d)
			}
		}
		latest = latest[max(0, len(latest)-limit):]
		if len(list) < f.Limit {
			return latest, nil
		}
	}
}

func (s *Hooks) attempts(ctx context.Context, to []hookTry, d *webhook.Delivery) ([]hookTry, error) {
	tries, err := s.outbox.Attempts(ctx, d.ID)
	for _, a := range tries {
		try := hookTry{
			Time: clock.Millis(a.At), Name: d.Type, Event: orNull(d.Code), Attempt: a.Number, Endpoint: d.URL,
			Exception: orNull(a.Error), State: string(d.State), Payload: d.Body,
		}
		if a.Status != 0 {
			try.Response = &a.Status
		}
		to = append(to, try)
	}
	return to, err
}
