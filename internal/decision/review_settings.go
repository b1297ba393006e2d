package decision

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/glencheck-dev/glencheck/internal/decision/alloy"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// settingsBody are the settings of reviews: what PUT takes and what GET answers.
type settingsBody struct {
	LeaseSeconds int64           `json:"claim_lease_seconds" min:"10" max:"86400"`
	SLASeconds   int64           `json:"sla_seconds" min:"60" max:"31536000"`
	FourEyes     bool            `json:"four_eyes"`
	Agents       []agentSetting  `json:"agents" required:"true" max:"500"`
	Reasons      []reasonSetting `json:"reasons" required:"true" max:"500"`
}

type agentSetting struct {
	Email string `json:"email" required:"true" min:"3" max:"255"`
	Name  string `json:"name" max:"255"`
}

type reasonSetting struct {
	Outcome string `json:"outcome" required:"true" min:"1" max:"255"`
	Reason  string `json:"reason" required:"true" min:"1" max:"255"`
	Kind    string `json:"type" enum:"adverse_action"`
}

func (s *Reviews) showSettings(ctx context.Context, call alloy.Call) (b settingsBody, err error) {
	err = s.db.Read(ctx, func(tx *store.Tx) error {
		b, err = s.settingsNow(ctx, tx, call.Account)
		return err
	})
	return b, err
}

func (s *Reviews) settingsNow(ctx context.Context, tx *store.Tx, account string) (settingsBody, error) {
	b := settingsBody{Agents: []agentSetting{}, Reasons: []reasonSetting{}}
	set, err := s.settings(ctx, tx, account)
	if err != nil {
		return b, err
	}
	b.LeaseSeconds, b.SLASeconds, b.FourEyes = int64(set.Lease/time.Second), int64(set.SLA/time.Second), set.FourEyes
	agents, err := s.agents(ctx, tx, account)
	if err != nil {
		return b, err
	}
	for _, a := range agents {
		if a.Active {
			b.Agents = append(b.Agents, agentSetting{a.Email, a.Name})
		}
	}
	reasons, err := s.reasons(ctx, tx, account)
	for _, r := range reasons {
		b.Reasons = append(b.Reasons, reasonSetting(r))
	}
	return b, err
}

// setSettings puts settings in the place of those before. An agent who is not in the
// list any more cannot review, and keeps the name under what was reviewed.
func (s *Reviews) setSettings(ctx context.Context, call alloy.Call, in settingsBody) (b settingsBody, err error) {
	for _, a := range in.Agents {
		if !emailOK(a.Email) {
			return b, alloy.Invalid("agents", "be a list of agents with e-mail addresses")
		}
	}
	set := defaultSettings
	if in.LeaseSeconds > 0 {
		set.Lease = time.Duration(in.LeaseSeconds) * time.Second
	}
	if in.SLASeconds > 0 {
		set.SLA = time.Duration(in.SLASeconds) * time.Second
	}
	err = write(ctx, s.db, func(tx *store.Tx) error {
		before, err := s.settingsNow(ctx, tx, call.Account)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, upsertSettings, call.Account, set.Lease.Milliseconds(), set.SLA.Milliseconds(), in.FourEyes); err != nil {
			return fmt.Errorf("decision: settings: %w", err)
		}
		if err := s.setAgents(ctx, tx, call.Account, in.Agents); err != nil {
			return err
		}
		reasons := make([]ReviewReason, len(in.Reasons))
		for i, r := range in.Reasons {
			reasons[i] = ReviewReason(r)
		}
		if err := s.setReasons(ctx, tx, call.Account, reasons); err != nil {
			return err
		}
		if b, err = s.settingsNow(ctx, tx, call.Account); err != nil {
			return err
		}
		return s.audit.Add(ctx, tx, Entry{Account: call.Account, Actor: call.Key, Action: "settings.reviews", Object: "settings", Before: before, After: b})
	})
	return b, err
}

func (s *Reviews) setAgents(ctx context.Context, tx *store.Tx, account string, wanted []agentSetting) error {
	for _, w := range wanted {
		if err := s.addAgent(ctx, tx, account, Agent{Email: w.Email, Name: w.Name}); err != nil {
			return err
		}
	}
	agents, err := s.agents(ctx, tx, account)
	if err != nil {
		return err
	}
	for _, a := range agents {
		active := slices.ContainsFunc(wanted, func(w agentSetting) bool { return strings.EqualFold(w.Email, a.Email) })
		if _, err := tx.Exec(ctx, setAgentActive, account, a.Token, active); err != nil {
			return fmt.Errorf("decision: agent: %w", err)
		}
	}
	return nil
}
