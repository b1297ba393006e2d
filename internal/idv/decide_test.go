package idv_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/idv"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
	"github.com/glencheck-dev/glencheck/internal/team"
)

// begun makes an attempt with the steps that magic inputs ask for, and lets it come to
// its end.
func (h *house) begun(who string) string {
	h.Helper()
	id := h.ok("/identity_verification/create", creation(who, kycOnly, "user", leslie()))["id"].(string)
	h.after(time.Second)
	return id
}

func (h *house) decide(id string, v idv.Verb, step idv.Step, seen idv.StepStatus, why string) (*idv.Attempt, error) {
	return h.Decide(context.Background(), team.SandboxClientID, id, idv.Decision{By: team.SandboxClientID, Verb: v, Step: step, Why: why}, seen)
}

func ids(p idv.Page) string {
	var list []string
	for _, a := range p.Attempts {
		list = append(list, a.ClientUserID)
	}
	return strings.Join(list, " ")
}

// TestLook lists those that wait from the oldest on, then the others from the newest,
// a page at a time, whatever is asked for.
func TestLook(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, ctx := newHouse(t, db), context.Background()
		for i, end := range []string{"", "~kyc_check=pending_review", "~kyc_check=failed", "~kyc_check=pending_review", "", "~kyc_check=pending_review"} {
			h.begun(fmt.Sprintf("u%d%s", i, end))
		}
		short := func(s string) string {
			return strings.NewReplacer("~kyc_check=pending_review", "", "~kyc_check=failed", "").Replace(s)
		}
		walk := func(l idv.Look) string {
			l.ClientID = team.SandboxClientID
			var pages []string
			for range 10 {
				p, err := h.Look(ctx, l, 2)
				if err != nil {
					t.Fatal(err)
				}
				pages = append(pages, short(ids(p)))
				if l.After = p.Next; p.Next == "" {
					return strings.Join(pages, "|")
				}
			}
			t.Fatal("the pages have no end")
			return ""
		}
		for _, c := range []struct {
			look idv.Look
			want string
		}{
			{idv.Look{}, "u1 u3|u5 u4|u2 u0"},
			{idv.Look{Status: idv.PendingReview}, "u1 u3|u5"},
			{idv.Look{Status: idv.Success}, "u4 u0"},
			{idv.Look{Status: idv.Expired}, ""},
			{idv.Look{Search: "u0"}, "u0"},
			{idv.Look{Search: "u0", Status: idv.Failed}, ""},
			{idv.Look{Search: "nobody"}, ""},
		} {
			if got := walk(c.look); got != c.want {
				t.Errorf("%+v: %q, want %q", c.look, got, c.want)
			}
		}
		p, err := h.Look(ctx, idv.Look{ClientID: team.SandboxClientID, Search: "u4"}, 5)
		if err != nil || len(p.Attempts) != 1 {
			t.Fatal(p, err)
		}
		if p, err = h.Look(ctx, idv.Look{ClientID: team.SandboxClientID, Search: p.Attempts[0].ID}, 5); err != nil || ids(p) != "u4" {
			t.Error("by its id:", ids(p), err)
		}
		if p, err = h.Look(ctx, idv.Look{ClientID: "another"}, 5); err != nil || len(p.Attempts) != 0 {
			t.Error("another client sees", ids(p), err)
		}
		for _, after := range []string{"x", "w", "wr1.a", "1.a", "w1", "r9999999999999999999.a", "r1.\x00", "r1." + strings.Repeat("a", 61)} {
			if _, err := h.Look(ctx, idv.Look{ClientID: team.SandboxClientID, After: after}, 5); !errors.As(err, new(*plaid.Error)) {
				t.Errorf("after %q: %v", after, err)
			}
		}
		if n, err := h.Waiting(ctx, team.SandboxClientID); n != 3 || err != nil {
			t.Error("waiting:", n, err)
		}
	})
}

// TestDecide approves and rejects: the attempt goes on or ends, webhooks follow, and
// the record has who, what and why.
func TestDecide(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, ctx := newHouse(t, db), context.Background()
		approved := h.begun("a~kyc_check=pending_review")
		h.told()
		a, err := h.decide(approved, idv.Approve, idv.KYCCheck, idv.StepPendingReview, "It is her former address.")
		if err != nil || a.Status != idv.Success || a.Steps[idv.KYCCheck] != idv.StepApproved || h.told() != "STEP_UPDATED STATUS_UPDATED" {
			t.Errorf("approved: %+v %v", a, err)
		}
		if why := a.Why(idv.KYCCheck); why != "a person has approved it in the dashboard" {
			t.Errorf("why %q", why)
		}
		kept, err := h.Decisions(ctx, a)
		want := idv.Decision{By: team.SandboxClientID, Verb: idv.Approve, Step: idv.KYCCheck, Why: "It is her former address.", At: h.clock.Now()}
		if err != nil || len(kept) != 1 || !kept[0].At.Equal(want.At) || kept[0].Why != want.Why || kept[0].Verb != want.Verb || kept[0].Step != want.Step || kept[0].By != want.By {
			t.Errorf("record %+v %v", kept, err)
		}
		var plain string
		if err := db.QueryRow(ctx, `SELECT why FROM idv_decision`).Scan(&plain); err != nil || strings.Contains(plain, "former") {
			t.Errorf("the reason lies open: %q %v", plain, err)
		}

		rejected := h.begun("r~kyc_check=failed")
		h.told()
		a, err = h.decide(rejected, idv.Reject, idv.KYCCheck, idv.StepFailed, "No.")
		if err != nil || a.Status != idv.Failed || a.Steps[idv.KYCCheck] != idv.StepRejected || h.told() != "STEP_UPDATED" {
			t.Errorf("rejected: %+v %v", a, err)
		}
		if a, err = h.decide(rejected, idv.Approve, idv.KYCCheck, idv.StepRejected, "On second thoughts."); err != nil || a.Status != idv.Success {
			t.Errorf("approved after all: %+v %v", a, err)
		}

		for name, c := range map[string]struct {
			id   string
			verb idv.Verb
			step idv.Step
			seen idv.StepStatus
			want error
		}{
			"decided before":      {approved, idv.Reject, idv.KYCCheck, idv.StepPendingReview, idv.ErrDecided},
			"approved already":    {approved, idv.Reject, idv.KYCCheck, idv.StepApproved, idv.ErrUndecidable},
			"passed by itself":    {h.begun("plain"), idv.Reject, idv.KYCCheck, idv.StepSuccess, idv.ErrUndecidable},
			"expired":             {h.begun("e~kyc_check=expired"), idv.Approve, idv.KYCCheck, idv.StepExpired, idv.ErrUndecidable},
			"no step":             {approved, idv.Approve, "nonsense", "", idv.ErrUndecidable},
			"no verb":             {h.begun("v~kyc_check=failed"), "nonsense", idv.KYCCheck, idv.StepFailed, idv.ErrUndecidable},
			"another's":           {"idv_nobody", idv.Approve, idv.KYCCheck, idv.StepFailed, idv.ErrUnknown},
			"cancel is not a way": {h.begun("c~kyc_check=failed"), idv.Cancel, idv.KYCCheck, idv.StepFailed, idv.ErrUndecidable},
		} {
			if _, err := h.decide(c.id, c.verb, c.step, c.seen, "why"); !errors.Is(err, c.want) {
				t.Errorf("%s: %v, want %v", name, err, c.want)
			}
		}
		if _, err := h.Decide(ctx, "another", rejected, idv.Decision{Verb: idv.Approve, Step: idv.KYCCheck}, idv.StepApproved); !errors.Is(err, idv.ErrUnknown) {
			t.Error("another client decides:", err)
		}
	})
}

// TestTwoReviewers decide at once: one is first, all others are told so.
func TestTwoReviewers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		id := h.begun("two~kyc_check=pending_review")
		errs := make([]error, 6)
		var all sync.WaitGroup
		for i := range errs {
			all.Go(func() {
				verb := []idv.Verb{idv.Approve, idv.Reject}[i%2]
				_, errs[i] = h.decide(id, verb, idv.KYCCheck, idv.StepPendingReview, string(verb))
			})
		}
		all.Wait()
		won := slices.IndexFunc(errs, func(err error) bool { return err == nil })
		if won < 0 {
			t.Fatal(errs)
		}
		for i, err := range errs {
			if i != won && !errors.Is(err, idv.ErrDecided) {
				t.Errorf("%d: %v", i, err)
			}
		}
		a, err := h.Get(context.Background(), team.SandboxClientID, id)
		if err != nil {
			t.Fatal(err)
		}
		if kept, err := h.Decisions(context.Background(), a); err != nil || len(kept) != 1 || kept[0].Why != []string{"approve", "reject"}[won%2] {
			t.Errorf("record %+v %v", kept, err)
		}
	})
}

// TestEnd cancels, redacts for good and retries once.
func TestEnd(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var forgotten []string
		h := newHouse(t, db, func(c *idv.Config) {
			c.Forget = func(_ context.Context, _ *store.Tx, _, id string) error {
				forgotten = append(forgotten, id)
				return nil
			}
		})
		ctx, client := context.Background(), team.SandboxClientID
		end := func(id string, v idv.Verb) (*idv.Attempt, error) {
			return h.End(ctx, client, id, idv.Decision{By: client, Verb: v, Why: "They asked for it."})
		}
		open := h.begun("open~kyc_check=active")
		if a, err := end(open, idv.Cancel); err != nil || a.Status != idv.Canceled {
			t.Errorf("cancel: %+v %v", a, err)
		}
		if _, err := end(open, idv.Cancel); !errors.Is(err, idv.ErrDecided) {
			t.Error("twice:", err)
		}
		if _, err := end(open, idv.Approve); !errors.Is(err, idv.ErrUndecidable) {
			t.Error("approve is no end:", err)
		}

		id := h.begun("gone~kyc_check=pending_review")
		if _, err := h.decide(id, idv.Approve, idv.KYCCheck, idv.StepPendingReview, "Her sister knows her."); err != nil {
			t.Fatal(err)
		}
		a, err := end(id, idv.Redact)
		if err != nil || a.User.Name != nil || a.Status != idv.Success || a.Found != nil {
			t.Errorf("redact: %+v %v", a, err)
		}
		kept, err := h.Decisions(ctx, a)
		if err != nil || len(kept) != 2 || kept[0].Why != "" || kept[0].Verb != idv.Approve || kept[1].Why != "They asked for it." {
			t.Errorf("record %+v %v", kept, err)
		}
		if _, err := end(id, idv.Redact); !errors.Is(err, idv.ErrDecided) || !slices.Equal(forgotten, []string{id}) {
			t.Error("twice:", err, forgotten)
		}
		waits := h.begun("waits~kyc_check=pending_review")
		if a, err = end(waits, idv.Redact); err != nil || a.Status != idv.Canceled || a.Decidable(idv.Approve, idv.KYCCheck) {
			t.Errorf("one that waits: %+v %v", a, err)
		}

		failed := h.begun("again~kyc_check=failed/active")
		by := idv.Decision{By: client, Verb: idv.Retry, Why: "A typing error."}
		next, err := h.Again(ctx, client, failed, by, idv.Incomplete, nil, true)
		if err != nil || next.Number != 2 || next.PreviousID != failed || !strings.Contains(h.ShareableURL(next), "/verify/"+next.ID) {
			t.Fatalf("retry: %+v %v", next, err)
		}
		if kept, err := h.Decisions(ctx, next); err != nil || len(kept) != 1 || kept[0].Verb != idv.Retry || kept[0].Why != by.Why {
			t.Errorf("record %+v %v", kept, err)
		}
		if _, err := h.Again(ctx, client, failed, by, idv.Incomplete, nil, true); !errors.Is(err, idv.ErrDecided) {
			t.Error("twice:", err)
		}
		if latest, err := h.Latest(ctx, next); !latest || err != nil {
			t.Error(latest, err)
		}
		if _, err := h.Again(ctx, client, next.ID, by, idv.Custom, nil, true); !errors.Is(err, idv.ErrUndecidable) {
			t.Error("custom without steps:", err)
		}
		if a, err := h.Again(ctx, client, next.ID, by, idv.Custom, &idv.StepsAgain{KYC: true}, false); err != nil || a.Number != 3 || h.ShareableURL(a) != "" {
			t.Error("custom:", a, err)
		}

		made, err := h.Ask(ctx, client, "fresh", kycOnly, false, true)
		if err != nil || made.Status != idv.Active || h.ShareableURL(made) == "" {
			t.Errorf("new: %+v %v", made, err)
		}
		for _, bad := range [][2]string{{"fresh", kycOnly}, {"", kycOnly}, {"other", "idvtmp_nobody"}, {"someone@example.com", kycOnly}} {
			if _, err := h.Ask(ctx, client, bad[0], bad[1], false, true); !errors.As(err, new(*plaid.Error)) {
				t.Errorf("%v: %v", bad, err)
			}
		}
	})
}
