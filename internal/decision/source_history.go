package decision

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/decision/workflow"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// historySource counts earlier evaluations of an account by blind indexes.
type historySource struct{ evaluations *Evaluations }

// The fields that evaluations are counted by.
const (
	byEmail   = "email"
	byPhone   = "phone"
	byAccount = "account"
	byPerson  = "person"
)

// trait is what an evaluation is counted by: the blind index of a value.
type trait struct{ field, index string }

// traits are those of an input; what it lacks is left out.
func (s *Evaluations) traits(q *query) []trait {
	values := map[string]string{
		byEmail: strings.ToLower(q.text("email_address")), byPhone: workflow.Digits(q.text("phone_number")), byAccount: q.text(tokenKey),
	}
	if name, birth := workflow.NormalizeName(q.name()), q.text("birth_date"); name != "" && birth != "" {
		values[byPerson] = name + "." + birth
	}
	var list []trait
	for _, field := range []string{byEmail, byPhone, byAccount, byPerson} {
		if v := values[field]; v != "" {
			list = append(list, trait{field, s.vault.Index("decision.velocity."+field, q.account+"."+strconv.FormatBool(q.sandbox)+"."+v)})
		}
	}
	return list
}

func (h historySource) request(q *query) ([]byte, string) {
	return []byte(q.evaluation), "" // counts are of now: never the same question twice
}

// ask counts. What the input lacks is not counted and has no number.
func (h historySource) ask(ctx context.Context, q *query, _ []byte) workflow.Response {
	counts := map[string]int64{}
	count := func(name, query, index string, since time.Time) error {
		var n int64
		err := h.evaluations.db.QueryRow(ctx, query, index, clock.Millis(since), q.evaluation).Scan(&n)
		counts[name] = n
		return err
	}
	day, month := q.now.Add(-24*time.Hour), q.now.AddDate(0, 0, -30)
	for _, t := range h.evaluations.traits(q) {
		var err error
		if t.field == byPerson {
			err = count("denied_same_person_month", countDenied, t.index, month)
		} else if err = count("same_"+t.field+"_day", countVelocity, t.index, day); err == nil {
			err = count("same_"+t.field+"_month", countVelocity, t.index, month)
		}
		if err != nil {
			return failed("INTERNAL_SERVER_ERROR")
		}
	}
	body, err := json.Marshal(counts)
	if err != nil {
		return failed("INTERNAL_SERVER_ERROR")
	}
	return workflow.Response{Status: workflow.Executed, Body: body}
}

// remember writes down what an evaluation is counted by.
func (s *Evaluations) remember(ctx context.Context, tx *store.Tx, e *Evaluation, q *query) error {
	if _, err := tx.Exec(ctx, deleteVelocity, e.Token); err != nil {
		return err
	}
	for _, t := range s.traits(q) {
		if _, err := tx.Exec(ctx, insertVelocity, e.Token, t.field, t.index, e.Result.Kind == workflow.Deny, clock.Millis(e.CreatedAt)); err != nil {
			return err
		}
	}
	return nil
}
