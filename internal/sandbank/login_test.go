package sandbank

import (
	"errors"
	"fmt"
	"maps"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

func (v visitor) begin(institutionID string) institution.Challenge {
	v.t.Helper()
	ch, err := v.bank.Begin(v.t.Context(), institution.BeginRequest{InstitutionID: institutionID})
	if err != nil {
		v.t.Fatal(err)
	}
	return ch
}

func (v visitor) answer(ch institution.Challenge, answers map[string]string) institution.Challenge {
	v.t.Helper()
	next, err := v.bank.Answer(v.t.Context(), ch.LoginID, answers)
	if err != nil {
		v.t.Fatalf("%s %v: %v", ch.Kind, answers, err)
	}
	return next
}

// refused answers wrongly and returns the failure with the challenge put again.
func (v visitor) refused(ch institution.Challenge, answers map[string]string) (institution.Challenge, *institution.Failure) {
	v.t.Helper()
	again, err := v.bank.Answer(v.t.Context(), ch.LoginID, answers)
	var f *institution.Failure
	if !errors.As(err, &f) {
		v.t.Fatalf("%s %v: %v, want a Failure", ch.Kind, answers, err)
	}
	return again, f
}

func credentials(user, password string) map[string]string {
	return map[string]string{"username": user, "password": password}
}

// TestScripts are the second factors of plaid-server-api.md section 11.2, with
// the answers that the official tests give.
func TestScripts(t *testing.T) {
	v := newVisitor(t)
	type answers = map[string]string
	for _, tt := range []struct {
		institution, user, password string
		steps                       []institution.ChallengeKind
		given                       []answers
	}{
		{"ins_109508", "user_good", "pass_good", nil, nil},
		{
			"ins_109508", "user_good", "mfa_device",
			[]institution.ChallengeKind{institution.Device, institution.Code},
			[]answers{{"device": "email_0"}, {"code": " 1234 "}},
		},
		{
			"ins_109508", "user_good", "mfa_questions_1_1",
			[]institution.ChallengeKind{institution.Questions},
			[]answers{{"answer_0": "answer_0_0"}},
		},
		{
			"ins_109508", "user_good", "mfa_questions_2_2",
			[]institution.ChallengeKind{institution.Questions, institution.Questions},
			[]answers{{"answer_0": "answer_0_0", "answer_1": "answer_0_1"}, {"answer_0": "answer_1_0", "answer_1": "answer_1_1"}},
		},
		{"ins_109508", "user_good", "mfa_questions_0_0", nil, nil},
		{
			"ins_109508", "user_good", "mfa_selections",
			[]institution.ChallengeKind{institution.Selections},
			[]answers{{"answer_0": "tomato", "answer_1": "ketchup"}},
		},
		{
			"ins_109508", "user_good", "mfa_selections",
			[]institution.ChallengeKind{institution.Selections},
			[]answers{{"answer_0": "Yes", "answer_1": "Yes"}},
		},
		{
			"ins_109508", "user_good", "mfa_selections_2_1_9",
			[]institution.ChallengeKind{institution.Selections, institution.Selections},
			[]answers{{"answer_0": "answer_0_0_0"}, {"answer_0": "answer_1_0_0"}},
		},
		{
			"ins_109508", "user_custom", `{"mfa":{"type":"selections"}}`,
			[]institution.ChallengeKind{institution.Selections},
			[]answers{{"answer_0": "answer_0_0_0", "answer_1": "answer_0_1_0"}},
		},
		{
			"ins_109508", "user_custom", `{"mfa":{"type":"questions","question_rounds":1,"questions_per_round":3.0}}`,
			[]institution.ChallengeKind{institution.Questions},
			[]answers{{"answer_0": "answer_0_0", "answer_1": "answer_0_1", "answer_2": "answer_0_2"}},
		},
		{
			"ins_1", "user_good", "pass_good", // always asks
			[]institution.ChallengeKind{institution.Code},
			[]answers{{"code": "1234"}},
		},
		{
			"ins_1", "user_good", "mfa_device", // asks once
			[]institution.ChallengeKind{institution.Device, institution.Code},
			[]answers{{"device": "phone_0"}, {"code": "1234"}},
		},
	} {
		name := tt.user + " " + tt.password + " at " + tt.institution
		ch := v.answer(v.begin(tt.institution), credentials(tt.user, tt.password))
		for i, kind := range tt.steps {
			if ch.Kind != kind {
				t.Fatalf("%s: step %d is %s, want %s", name, i, ch.Kind, kind)
			}
			if ch.Rounds > 0 && ch.Round != i+1 {
				t.Errorf("%s: round %d of %d at step %d", name, ch.Round, ch.Rounds, i)
			}
			ch = v.answer(ch, tt.given[i])
		}
		if ch.Kind != institution.Done || ch.Grant == "" {
			t.Errorf("%s: ends with %+v", name, ch)
		}
	}
}

func TestChallengesSayWhatTheyNeed(t *testing.T) {
	v := newVisitor(t)
	ch := v.begin("ins_109508")
	if len(ch.Fields) != 2 || ch.Fields[1].Kind != institution.FieldPassword || ch.AttemptsLeft != attempts || !ch.ExpiresAt.Equal(start.Add(loginLife)) {
		t.Errorf("%+v", ch)
	}
	ch = v.answer(ch, credentials("user_good", "mfa_device"))
	if got := fmt.Sprint(ch.Devices); got != "[{phone_0 phone ••• 3333} {phone_1 phone ••• 4444} {email_0 email a•••@example.com}]" {
		t.Errorf("devices: %s", got)
	}
	ch = v.answer(ch, map[string]string{institution.DeviceAnswer: "phone_1"})
	if len(ch.Devices) != 1 || ch.Devices[0].ID != "phone_1" || ch.Prompt != "A code was sent to ••• 4444." {
		t.Errorf("%+v", ch)
	}
	again := v.answer(ch, map[string]string{institution.ResendAnswer: "yes"})
	if again.Kind != institution.Code || again.AttemptsLeft != attempts {
		t.Errorf("after asking for a new code: %+v", again)
	}
	ch = v.answer(v.begin("ins_109508"), credentials("user_good", "mfa_selections_1_2_3"))
	if len(ch.Questions) != 2 || len(ch.Questions[1].Options) != 3 || ch.Questions[1].Options[2] != "answer_0_1_2" {
		t.Errorf("%+v", ch.Questions)
	}
	if want := map[string]string{"answer_0": "answer_0_0_0", "answer_1": "answer_0_1_0"}; !maps.Equal(ch.Hints, want) {
		t.Errorf("hints %v", ch.Hints)
	}
}

func TestWrongAnswers(t *testing.T) {
	v := newVisitor(t)
	ch := v.begin("ins_109508")
	for left := attempts - 1; left > 0; left-- {
		again, f := v.refused(ch, credentials("user_good", "wrong"))
		if f.Reason != institution.InvalidCredentials || f.Final || again.AttemptsLeft != left {
			t.Fatalf("%v with %d left, want %d", f, again.AttemptsLeft, left)
		}
	}
	if _, f := v.refused(ch, credentials("user_good", "wrong")); f.Reason != institution.Locked || !f.Final {
		t.Fatalf("%v, want a locked login", f)
	}
	v.answer(v.begin("ins_109508"), credentials("user_good", "pass_good")) // a new login is open to the same person

	ch = v.answer(v.begin("ins_109508"), credentials("user_good", "mfa_device"))
	if _, f := v.refused(ch, map[string]string{"device": "pigeon"}); f.Reason != institution.InvalidSendMethod {
		t.Errorf("%v", f)
	}
	ch = v.answer(ch, map[string]string{"device": "phone_0"})
	if again, f := v.refused(ch, map[string]string{"code": "12345"}); f.Reason != institution.InvalidMFA || again.AttemptsLeft != attempts-1 {
		t.Errorf("%v, %+v", f, again)
	}
	ch = v.answer(v.begin("ins_109508"), credentials("user_good", "mfa_questions_1_2"))
	if _, f := v.refused(ch, map[string]string{"answer_0": "answer_0_0"}); f.Reason != institution.InvalidMFA {
		t.Errorf("half an answer: %v", f)
	}
}

// TestForcedErrorsAreNotCounted: a test may ask for INVALID_CREDENTIALS as often
// as it likes.
func TestForcedErrorsAreNotCounted(t *testing.T) {
	v := newVisitor(t)
	ch := v.begin("ins_109508")
	for range attempts + 1 {
		again, f := v.refused(ch, credentials("user_good", "error_INVALID_CREDENTIALS"))
		if f.Reason != institution.InvalidCredentials || f.Final || again.AttemptsLeft != attempts {
			t.Fatalf("%v, %d attempts left", f, again.AttemptsLeft)
		}
	}
	if _, f := v.refused(ch, credentials("user_good", "error_ITEM_LOCKED")); f.Reason != institution.Locked || !f.Final {
		t.Fatalf("%v", f)
	}
	if _, f := v.refused(ch, credentials("user_good", "pass_good")); f.Reason != institution.InputTimeout {
		t.Fatalf("a locked login answers %v", f)
	}
}

func TestBeginRefuses(t *testing.T) {
	v := newVisitor(t)
	for id, want := range map[string]institution.Reason{
		"ins_127287": institution.OAuthNotAvailable, "ins_132361": institution.BankDown,
		"ins_133402": institution.NoLongerSupported, "": institution.UnknownInstitution,
	} {
		_, err := v.bank.Begin(t.Context(), institution.BeginRequest{InstitutionID: id})
		if !errors.Is(err, &institution.Failure{Reason: want}) {
			t.Errorf("%q: %v", id, err)
		}
	}
	v.begin("ins_132363") // degraded
}

// TestAbandonedLoginsAreSwept: the table does not grow with people who leave.
func TestAbandonedLoginsAreSwept(t *testing.T) {
	db := storetest.SQLite(t)
	bank, clk := newBank(t, db)
	v := visitor{t, bank}
	count := func() (n int) {
		t.Helper()
		if err := db.QueryRow(t.Context(), "SELECT count(*) FROM sandbank_login").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	for range 2 * sweep {
		v.begin("ins_109508")
	}
	clk.Advance(loginLife - time.Second)
	open := v.begin("ins_109508")
	if n := count(); n != 2*sweep+1 {
		t.Fatalf("%d logins", n)
	}
	clk.Advance(time.Second)
	v.begin("ins_109508")
	v.begin("ins_109508")
	if n := count(); n != 3 {
		t.Errorf("%d logins left", n)
	}
	v.answer(open, credentials("user_good", "pass_good"))
	if n := count(); n != 2 {
		t.Errorf("%d logins after one was finished", n)
	}
}
