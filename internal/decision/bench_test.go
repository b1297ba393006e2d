package decision

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/decision/workflow"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/vault"
)

// BenchmarkReplay decides 100,000 stored evaluations again. The goal is 10 s.
//
//	go test ./internal/decision -run '^$' -bench Replay -benchtime 1x -timeout 30m
func BenchmarkReplay(b *testing.B) {
	const stored = 100_000
	ctx := context.Background()
	db, err := store.Open(ctx, filepath.Join(b.TempDir(), "bench.db"), store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	clk, ids := clock.Manual(time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)), clock.NewIDs(1, 1)
	v, err := vault.Open(ctx, db, vault.SandboxKEK(), clk)
	if err != nil {
		b.Fatal(err)
	}
	w := &Workflows{db: db, vault: v, clock: clk, ids: ids, audit: NewAudit(db, v, clk)}
	if err := w.ensureDefaults(ctx, "account"); err != nil {
		b.Fatal(err)
	}
	s := newEvaluations(db, v, clk, ids, w, Plaid{})
	version, _, err := w.Version(ctx, OwnershipWorkflow, 1)
	if err != nil {
		b.Fatal(err)
	}
	for n := 0; n < stored; n += 1000 {
		err := db.Write(ctx, func(tx *store.Tx) error {
			for i := range 1000 {
				e := past(ids, version, n+i, clk.Now().Add(time.Duration(n+i)*time.Second))
				if err := s.write(ctx, tx, e); err != nil {
					return err
				}
				if err := s.writeSources(ctx, tx, e); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	b.Run("same", func(b *testing.B) {
		for b.Loop() {
			r, err := s.Replay(ctx, OwnershipWorkflow, time.Time{}, stored)
			if err != nil || r.Same != stored {
				b.Fatalf("%+v %v", r, err)
			}
		}
	})
	b.Run("backtest", func(b *testing.B) {
		for b.Loop() {
			m, err := s.Backtest(ctx, OwnershipWorkflow, version, time.Time{}, stored)
			if err != nil || m.Cases != stored {
				b.Fatalf("%+v %v", m, err)
			}
		}
	})
}

// past is an evaluation as it was stored, with two answers of its own.
func past(ids *clock.IDs, v *workflow.Version, n int, at time.Time) *Evaluation {
	answer := func(rest string) workflow.Response {
		return workflow.Response{Status: workflow.Executed, Body: json.RawMessage(fmt.Sprintf(`{"account":{"account_id":"%s","balances":{"available":100,"current":110,"limit":null,"iso_currency_code":"USD","unofficial_currency_code":null},"mask":"0000","name":"Plaid Checking","official_name":"Plaid Gold Standard 0%% Interest Checking","subtype":"checking","type":"depository","holder_category":"personal"%s},"request_id":"%s"}`, ids.ID(), rest, ids.RequestID()))}
	}
	e := &Evaluation{
		Token: "S-" + ids.Letters(20, tokenLetters), Account: "account", Workflow: OwnershipWorkflow, Version: 1, Hash: v.Hash, CreatedAt: at, UpdatedAt: at,
		Case: workflow.Case{Now: at, Input: map[string]any{"name_first": "Alberta", "name_last": "Charleson", "email_address": "accountholder0@example.com", "plaid_processor_token": "processor-sandbox-" + ids.UUID()}},
		asked: map[string]*asked{
			workflow.PlaidAccount:       {Response: answer("")},
			workflow.PlaidIdentityMatch: {Response: answer(fmt.Sprintf(`,"legal_name":{"score":%d,"is_first_name_or_last_name_match":true,"is_nickname_match":false,"is_business_name_detected":false},"phone_number":null,"email_address":{"score":100},"address":null`, n%101))},
		},
	}
	e.Case.Responses = map[string]workflow.Response{}
	for name, a := range e.asked {
		e.Case.Responses[name] = a.Response
	}
	e.Result = v.Decide(e.Case)
	e.Raw, _ = e.Result.Bytes()
	return e
}
