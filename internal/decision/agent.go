package decision

import (
	"context"
	"errors"
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/decision/alloy"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// Agent is a person who reviews.
type Agent struct {
	Token  string
	Email  string
	Name   string
	Active bool
}

// ReviewSettings say how an account wants reviews to go.
type ReviewSettings struct {
	Lease    time.Duration // how long a claim lasts
	SLA      time.Duration // in which a review is to be decided
	FourEyes bool          // two people decide each review
}

var defaultSettings = ReviewSettings{Lease: 15 * time.Minute, SLA: 24 * time.Hour}

// What a sandbox begins with, also after a reset: two agents, for four eyes, and the
// reasons of the default workflows.
var (
	sandboxAgents = []Agent{
		{Email: "reviewer@example.com", Name: "First Reviewer"},
		{Email: "second.reviewer@example.com", Name: "Second Reviewer"},
	}
	sandboxReasons = []ReviewReason{
		{"Approved", "Ownership Confirmed", ""},
		{"Approved", "Documents Verified", ""},
		{"Denied", "Name Mismatch", adverseAction},
		{"Denied", "Unable to Verify Ownership", adverseAction},
		{"Denied", "Suspected Fraud", ""},
	}
)

// adverseAction is the kind of reasons that a customer has to be told.
const adverseAction = "adverse_action"

// ReviewReason is a reason that a review may give for an outcome.
type ReviewReason struct {
	Outcome string
	Reason  string
	Kind    string // adverse_action or ""
}

const (
	selectSettings = `SELECT lease, sla, four_eyes FROM decision_setting WHERE account = $1`
	upsertSettings = `INSERT INTO decision_setting (account, lease, sla, four_eyes) VALUES ($1, $2, $3, $4)
ON CONFLICT (account) DO UPDATE SET lease = $2, sla = $3, four_eyes = $4`
	insertAgent = `INSERT INTO decision_agent (token, account, email_index, sealed, active, created_at) VALUES ($1, $2, $3, $4, TRUE, $5)
ON CONFLICT DO NOTHING`
	selectAgents       = `SELECT token, sealed, active FROM decision_agent WHERE account = $1 ORDER BY created_at, token`
	selectAgentByEmail = `SELECT token, sealed, active FROM decision_agent WHERE account = $1 AND email_index = $2`
	setAgentActive     = `UPDATE decision_agent SET active = $3 WHERE account = $1 AND token = $2`
	insertReason       = `INSERT INTO decision_review_reason (account, outcome, reason, kind, created_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (account, outcome, reason) DO UPDATE SET kind = $4`
	selectReasons = `SELECT outcome, reason, kind FROM decision_review_reason WHERE account = $1 ORDER BY outcome, created_at, reason`
	deleteReasons = `DELETE FROM decision_review_reason WHERE account = $1`
)

// ensure makes what an account of a sandbox begins with.
func (s *Reviews) ensure(ctx context.Context, account string) error {
	return s.db.Write(ctx, func(tx *store.Tx) error {
		reasons, err := s.reasons(ctx, tx, account)
		if err != nil || len(reasons) > 0 {
			return err
		}
		for _, a := range sandboxAgents {
			a.Token = "A-" + s.vault.Index("decision.agent.sandbox", account+"."+a.Email)[:20] // the same after a reset
			if err := s.addAgent(ctx, tx, account, a); err != nil {
				return err
			}
		}
		return s.setReasons(ctx, tx, account, sandboxReasons)
	})
}

func (s *Reviews) settings(ctx context.Context, tx *store.Tx, account string) (ReviewSettings, error) {
	set, lease, sla := defaultSettings, int64(0), int64(0)
	err := tx.QueryRow(ctx, selectSettings, account).Scan(&lease, &sla, &set.FourEyes)
	if errors.Is(err, store.ErrNoRows) {
		return set, nil
	}
	set.Lease, set.SLA = time.Duration(lease)*time.Millisecond, time.Duration(sla)*time.Millisecond
	return set, err
}

func (s *Reviews) emailIndex(account, email string) string {
	return s.vault.Index("decision.agent", account+"."+strings.ToLower(email))
}

func (s *Reviews) addAgent(ctx context.Context, tx *store.Tx, account string, a Agent) error {
	id := a.Token
	if id == "" {
		id = token(s.ids, "A-")
	}
	sealed, err := s.vault.SealJSON(a, "agent:"+id)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, insertAgent, id, account, s.emailIndex(account, a.Email), sealed, clock.Millis(s.clock.Now())); err != nil {
		return fmt.Errorf("decision: agent: %w", err)
	}
	return nil
}

// agent finds who reviews by the e-mail address. Nobody else may.
func (s *Reviews) agent(ctx context.Context, tx *store.Tx, account, email string) (Agent, error) {
	var token, sealed string
	var a Agent
	active := false
	err := tx.QueryRow(ctx, selectAgentByEmail, account, s.emailIndex(account, email)).Scan(&token, &sealed, &active)
	if errors.Is(err, store.ErrNoRows) || err == nil && !active {
		return a, alloy.Invalid("agent.email", "be the address of an active agent of the account")
	}
	if err != nil {
		return a, fmt.Errorf("decision: agent: %w", err)
	}
	err = s.vault.OpenJSON(sealed, "agent:"+token, &a)
	a.Token, a.Active = token, active
	return a, err
}

func (s *Reviews) agents(ctx context.Context, tx *store.Tx, account string) ([]Agent, error) {
	rows, err := tx.Query(ctx, selectAgents, account)
	if err != nil {
		return nil, fmt.Errorf("decision: agent: %w", err)
	}
	defer rows.Close()
	var list []Agent
	for rows.Next() {
		var a Agent
		var token, sealed string
		var active bool
		if err := rows.Scan(&token, &sealed, &active); err != nil {
			return nil, fmt.Errorf("decision: agent: %w", err)
		}
		if err := s.vault.OpenJSON(sealed, "agent:"+token, &a); err != nil {
			return nil, err
		}
		a.Token, a.Active = token, active
		list = append(list, a)
	}
	return list, rows.Err()
}

func (s *Reviews) setReasons(ctx context.Context, tx *store.Tx, account string, reasons []ReviewReason) error {
	if _, err := tx.Exec(ctx, deleteReasons, account); err != nil {
		return fmt.Errorf("decision: reasons: %w", err)
	}
	for _, r := range reasons {
		if _, err := tx.Exec(ctx, insertReason, account, r.Outcome, r.Reason, r.Kind, clock.Millis(s.clock.Now())); err != nil {
			return fmt.Errorf("decision: reasons: %w", err)
		}
	}
	return nil
}

func (s *Reviews) reasons(ctx context.Context, tx *store.Tx, account string) ([]ReviewReason, error) {
	rows, err := tx.Query(ctx, selectReasons, account)
	if err != nil {
		return nil, fmt.Errorf("decision: reasons: %w", err)
	}
	defer rows.Close()
	var list []ReviewReason
	for rows.Next() {
		var r ReviewReason
		if err := rows.Scan(&r.Outcome, &r.Reason, &r.Kind); err != nil {
			return nil, fmt.Errorf("decision: reasons: %w", err)
		}
		list = append(list, r)
	}
	return list, rows.Err()
}

// allowed refuses an outcome or a reason that the account has not configured.
func (s *Reviews) allowed(ctx context.Context, tx *store.Tx, account, outcome string, reasons []string) error {
	list, err := s.reasons(ctx, tx, account)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(list, func(r ReviewReason) bool { return r.Outcome == outcome }) {
		return alloy.Invalid("outcome", "be an outcome of the account's review reasons")
	}
	if len(reasons) == 0 {
		return alloy.Invalid("reasons", "have at least one of the account's review reasons")
	}
	for _, given := range reasons {
		if !slices.ContainsFunc(list, func(r ReviewReason) bool { return r.Outcome == outcome && r.Reason == given }) {
			return alloy.Invalid("reasons", "be review reasons of the account for this outcome")
		}
	}
	return nil
}

// emailOK reports whether a text is an e-mail address and nothing else.
func emailOK(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s
}
