package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/decision"
	"github.com/glencheck-dev/glencheck/internal/decision/workflow"
)

// decisionRows measures the partner's service: an evaluation that asks two processor
// endpoints over loopback HTTP and is stored, one that needs no source, the rules by
// themselves, and deciding again what was stored.
func (b *bencher) decisionRows(ctx context.Context, t *table) error {
	c, err := dial(b.addr)
	if err != nil {
		return err
	}
	defer c.Close()
	token, err := b.newProcessorToken(c)
	if err != nil {
		return err
	}
	asks := evaluation(decision.OwnershipWorkflow, `{"name_first":"Alberta","name_last":"Charleson","email_address":"accountholder0@example.com","plaid_processor_token":"`+token+`"}`)
	denies := evaluation(decision.IdentityWorkflow, `{"name_first":"Alberta","name_last":"Charleson","birth_date":"2020-01-01","email_address":"accountholder0@example.com","plaid_processor_token":"`+token+`"}`)
	r, err := b.interleave(
		func() (result, error) {
			return load(b.addr, 1, b.opt.Turn, func(int, int) request { return asks })
		},
		func() (result, error) {
			return load(b.addr, 16, b.opt.Turn, func(int, int) request { return asks })
		},
		func() (result, error) {
			return load(b.addr, 1, b.opt.Turn, func(int, int) request { return denies })
		},
		b.rulesAlone(c, asks),
	)
	if err != nil {
		return err
	}
	most := func(d time.Duration) string { return "<= " + short(d) }
	t.row("evaluation, two sources over HTTP, p50", short(r[0].p50), "", "", most(8*time.Millisecond), r[0].p50 <= 8*time.Millisecond)
	t.row("evaluation, two sources over HTTP, 16 at once", perSecond(r[1]), "", "", "", true)
	t.row("evaluation that needs no source, p50", short(r[2].p50), "", "", "", true)
	t.row("rules alone, p50", short(r[3].p50), "", "", most(50*time.Microsecond), r[3].p50 <= 50*time.Microsecond)
	return b.replayRow(ctx, t)
}

// newProcessorToken makes an Item and a token of its first account for Alloy.
func (b *bencher) newProcessorToken(c *conn) (string, error) {
	access, err := b.newItem(c)
	if err != nil {
		return "", err
	}
	raw, err := c.do(b.post("/accounts/get", `{"access_token":"`+access+`"}`))
	if err != nil {
		return "", err
	}
	var got struct {
		Accounts []struct {
			ID string `json:"account_id"`
		} `json:"accounts"`
	}
	if err := json.Unmarshal(raw, &got); err != nil || len(got.Accounts) == 0 {
		return "", fmt.Errorf("bench: no accounts: %w", err)
	}
	return b.call(c, "/processor/token/create", `{"access_token":"`+access+`","account_id":"`+got.Accounts[0].ID+`","processor":"alloy"}`, "processor_token")
}

// evaluation is a request for one, as a client of the partner sends it.
func evaluation(workflow, body string) request {
	r, err := http.NewRequest(http.MethodPost, "http://localhost/partners/alloy/v1/evaluations", strings.NewReader(body))
	if err != nil {
		panic("bench: " + err.Error()) // the address is ours
	}
	r.SetBasicAuth(decision.SandboxToken, decision.SandboxSecret)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Alloy-Workflow-Token", workflow)
	var out strings.Builder
	if err := r.Write(&out); err != nil {
		panic("bench: " + err.Error()) // a builder takes everything
	}
	return request(out.String())
}

// rulesAlone decides the case of a stored evaluation over and over, without HTTP and
// without a database.
func (b *bencher) rulesAlone(c *conn, req request) turn {
	return func() (result, error) {
		raw, err := c.do(req)
		if err != nil {
			return result{}, err
		}
		var made struct {
			Token string `json:"evaluation_token"`
		}
		if err := json.Unmarshal(raw, &made); err != nil {
			return result{}, err
		}
		record, err := b.srv.Record(context.Background(), made.Token)
		if err != nil {
			return result{}, err
		}
		document, err := workflow.Parse(record.Document)
		if err != nil {
			return result{}, err
		}
		v, err := workflow.Compile(document)
		if err != nil {
			return result{}, err
		}
		return direct(1, b.opt.Turn, func() error {
			if v.Decide(record.Case).Status != workflow.Decided {
				return fmt.Errorf("bench: %s is not decided", made.Token)
			}
			return nil
		})
	}
}

// replayed is how many stored decisions the goal speaks of.
const replayed = 100_000

// replayRow decides again what the rows before have stored, and says how long that
// many would take.
func (b *bencher) replayRow(ctx context.Context, t *table) error {
	watch := clock.Stopwatch()
	r, err := b.srv.Replay(ctx, decision.OwnershipWorkflow)
	if err != nil {
		return err
	}
	if r.Evaluations == 0 || r.Same != r.Evaluations {
		return fmt.Errorf("bench: of %d evaluations %d are the same again", r.Evaluations, r.Same)
	}
	all := watch() * replayed / time.Duration(r.Evaluations)
	t.row(fmt.Sprintf("replay of %d stored decisions, for %d", r.Evaluations, replayed), short(all), "", "", "<= 10 s", all <= 10*time.Second)
	return nil
}
