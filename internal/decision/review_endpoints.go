package decision

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/decision/alloy"
	"github.com/glencheck-dev/glencheck/internal/store"
)

func (s *Reviews) routes() []alloy.Route {
	return []alloy.Route{
		alloy.Post("/v1/entities/{token}/reviews", s.reviewEntity, alloy.Created(), alloy.Summary("Decides the manual review of an entity")),
		alloy.Get("/v1/reviews", s.queue, alloy.Summary("The queue of reviews; ours, in Alloy a page")),
		alloy.Get("/v1/reviews/{review}", s.show, alloy.Summary("A review")),
		alloy.Post("/v1/reviews/{review}/claim", s.claimIt, alloy.Summary("Takes a review in hand for the time of a lease; ours")),
		alloy.Post("/v1/reviews/{review}/release", s.release, alloy.Summary("Lets go of a review; ours")),
		alloy.Post("/v1/reviews/{review}/assign", s.assign, alloy.Summary("Says whom a review is for; ours")),
		alloy.Post("/v1/reviews/{review}/decide", s.decideIt, alloy.Summary("Decides a review; ours")),
		alloy.Patch("/v1/reviews/{review}", s.change, alloy.Summary("Changes who a review is for, while it is not decided; ours")),
		alloy.Post("/v1/reviews/{review}/notes", s.note, alloy.Created(), alloy.Summary("Adds a note to a review; ours")),
		alloy.Get("/v1/settings/reviews", s.showSettings, alloy.Summary("Agents, reasons and rules of reviews; ours, in Alloy a page")),
		alloy.Put("/v1/settings/reviews", s.setSettings, alloy.Summary("Sets agents, reasons and rules of reviews; ours")),
	}
}

// ReviewAnswer is a review as the API shows it (partner-decisions.md section 2). The
// members after agent are ours.
type ReviewAnswer struct {
	Token       string       `json:"review_token"`
	Entity      *string      `json:"entity_token"`
	Group       *string      `json:"group_token"`
	Application *string      `json:"application_token"`
	Name        *string      `json:"application_name"`
	Outcome     *string      `json:"outcome"`
	Reasons     []string     `json:"reasons"`
	Timestamp   int64        `json:"timestamp"`
	Started     *int64       `json:"started"`
	Completed   *int64       `json:"completed"`
	Agent       *agentAnswer `json:"agent"`

	State       string  `json:"state"`
	Evaluation  *string `json:"evaluation_token"`
	Journey     *string `json:"journey_token"`
	JourneyApp  *string `json:"journey_application_token"`
	Assignee    *string `json:"assignee"`
	ClaimedBy   *string `json:"claimed_by"`
	ClaimedTill *int64  `json:"claimed_until"`
	FourEyes    bool    `json:"four_eyes"`
	ProposedBy  *string `json:"proposed_by"`
	Proposed    *string `json:"proposed_outcome"`
	DueAt       int64   `json:"due_at"`
	AgeMS       int64   `json:"age_ms"`
	Overdue     bool    `json:"overdue"`
	Sandbox     bool    `json:"sandbox"`
}

type agentAnswer struct {
	Token string `json:"agent_token"`
	Email string `json:"email"`
	Name  string `json:"name"`
}

// reviewDetail is a review with its notes.
type reviewDetail struct {
	ReviewAnswer
	Notes []noteAnswer `json:"notes"`
}

func orNullTime(t time.Time) *int64 {
	if t.IsZero() {
		return nil
	}
	ms := clock.Millis(t)
	return &ms
}

// answer is a review as the API shows it now.
func (s *Reviews) answer(ctx context.Context, tx *store.Tx, r *Review) (ReviewAnswer, error) {
	agents, err := s.agents(ctx, tx, r.Account)
	if err != nil {
		return ReviewAnswer{}, err
	}
	email := func(token string) *string {
		for _, a := range agents {
			if a.Token == token {
				return &a.Email
			}
		}
		return nil
	}
	now := s.clock.Now()
	a := ReviewAnswer{
		Token: r.Token, Entity: orNull(r.Entity), Application: orNull(r.Workflow), Name: orNull(r.WorkflowName), Outcome: orNull(r.Outcome),
		Reasons: []string{}, Timestamp: clock.Millis(r.OpenedAt), Started: orNullTime(r.StartedAt), Completed: orNullTime(r.DecidedAt),
		State: r.State, Evaluation: orNull(r.Evaluation), Journey: orNull(r.Journey), JourneyApp: orNull(r.Application), Assignee: email(r.Assignee),
		FourEyes: r.FourEyes, ProposedBy: email(r.ProposedBy), Proposed: orNull(r.ProposedOutcome), DueAt: clock.Millis(r.DueAt), Sandbox: r.Sandbox,
	}
	end := now
	if !r.DecidedAt.IsZero() {
		end = r.DecidedAt
	}
	a.AgeMS, a.Overdue = end.Sub(r.OpenedAt).Milliseconds(), end.After(r.DueAt)
	if r.State == ReviewDecided {
		a.Reasons = orEmpty(r.Reasons)
	}
	if r.ClaimedBy != "" && r.ClaimedUntil.After(now) {
		a.ClaimedBy, a.ClaimedTill = email(r.ClaimedBy), orNullTime(r.ClaimedUntil)
	}
	for _, by := range agents {
		if by.Token == r.DecidedBy {
			a.Agent = &agentAnswer{by.Token, by.Email, by.Name}
		}
	}
	return a, nil
}

type agentRequest struct {
	Email string `json:"email" required:"true" min:"3" max:"255"`
}

type verdictRequest struct {
	Agent   agentRequest `json:"agent" required:"true"`
	Outcome string       `json:"outcome" required:"true" min:"1" max:"255"`
	Reasons []string     `json:"reasons" required:"true" max:"20"`
}

// reviewEntity decides the case of an entity.
func (s *Reviews) reviewEntity(ctx context.Context, call alloy.Call, in verdictRequest) (a ReviewAnswer, err error) {
	err = write(ctx, s.db, func(tx *store.Tx) error {
		e, err := s.entities.Lookup(ctx, tx, call.Account, call.Path("token"))
		if err != nil {
			return err
		}
		r, err := s.forEntity(ctx, tx, call, e)
		if err != nil {
			return err
		}
		a, err = s.verdict(ctx, tx, call, r, in)
		return err
	})
	return a, err
}

func (s *Reviews) verdict(ctx context.Context, tx *store.Tx, call alloy.Call, r *Review, in verdictRequest) (ReviewAnswer, error) {
	agent, err := s.agent(ctx, tx, call.Account, in.Agent.Email)
	if err != nil {
		return ReviewAnswer{}, err
	}
	if err := s.decide(ctx, tx, call, r, Verdict{agent, in.Outcome, in.Reasons}); err != nil {
		return ReviewAnswer{}, err
	}
	return s.answer(ctx, tx, r)
}

// change runs fn on the review of a path and answers it as it is then.
func (s *Reviews) with(ctx context.Context, call alloy.Call, fn func(tx *store.Tx, r *Review) error) (a ReviewAnswer, err error) {
	err = write(ctx, s.db, func(tx *store.Tx) error {
		r, err := s.byToken(ctx, tx, call.Account, call.Path("review"))
		if err != nil {
			return err
		}
		if err := fn(tx, r); err != nil {
			return err
		}
		if r, err = s.byToken(ctx, tx, call.Account, r.Token); err != nil {
			return err
		}
		a, err = s.answer(ctx, tx, r)
		return err
	})
	return a, err
}

func (s *Reviews) decideIt(ctx context.Context, call alloy.Call, in verdictRequest) (ReviewAnswer, error) {
	return s.with(ctx, call, func(tx *store.Tx, r *Review) error {
		_, err := s.verdict(ctx, tx, call, r, in)
		return err
	})
}

type agentOnly struct {
	Agent agentRequest `json:"agent" required:"true"`
}

func (s *Reviews) claimIt(ctx context.Context, call alloy.Call, in agentOnly) (ReviewAnswer, error) {
	return s.with(ctx, call, func(tx *store.Tx, r *Review) error {
		agent, err := s.agent(ctx, tx, call.Account, in.Agent.Email)
		if err != nil {
			return err
		}
		return s.claim(ctx, tx, r, agent)
	})
}

func (s *Reviews) release(ctx context.Context, call alloy.Call, in agentOnly) (ReviewAnswer, error) {
	return s.with(ctx, call, func(tx *store.Tx, r *Review) error {
		agent, err := s.agent(ctx, tx, call.Account, in.Agent.Email)
		if err != nil {
			return err
		}
		if err := tx.ExecOne(ctx, releaseReview, r.Token, agent.Token); err != nil {
			if errors.Is(err, store.ErrNoRows) {
				return alloy.ErrConflict.Saying("The agent does not have the review in hand")
			}
			return err
		}
		return s.audit.Add(ctx, tx, Entry{Account: r.Account, Actor: actor("", agent.Token), Action: "review.release", Object: r.Token})
	})
}

type assignRequest struct {
	Agent *agentRequest `json:"agent"` // null for anybody
}

func (s *Reviews) assign(ctx context.Context, call alloy.Call, in assignRequest) (ReviewAnswer, error) {
	return s.with(ctx, call, func(tx *store.Tx, r *Review) error {
		var agent Agent
		if in.Agent != nil {
			var err error
			if agent, err = s.agent(ctx, tx, call.Account, in.Agent.Email); err != nil {
				return err
			}
		}
		if err := tx.ExecOne(ctx, assignReview, r.Token, agent.Token); err != nil {
			if errors.Is(err, store.ErrNoRows) {
				return s.refusal(ctx, tx, r.Token, agent)
			}
			return err
		}
		return s.audit.Add(ctx, tx, Entry{Account: r.Account, Actor: call.Key, Action: "review.assign", Object: r.Token, Before: map[string]string{"assignee": r.Assignee}, After: map[string]string{"assignee": agent.Token}})
	})
}

// change is PATCH: it assigns. A review that is decided stays as it is.
func (s *Reviews) change(ctx context.Context, call alloy.Call, in assignRequest) (ReviewAnswer, error) {
	return s.assign(ctx, call, in)
}

func (s *Reviews) note(ctx context.Context, call alloy.Call, in noteRequest) (made noteMade, err error) {
	err = write(ctx, s.db, func(tx *store.Tx) error {
		r, err := s.byToken(ctx, tx, call.Account, call.Path("review"))
		if err != nil {
			return err
		}
		made, err = s.entities.addNote(ctx, tx, call, r.Token, r.Entity, in)
		return err
	})
	return made, err
}

func (s *Reviews) show(ctx context.Context, call alloy.Call) (a reviewDetail, err error) {
	err = s.db.Read(ctx, func(tx *store.Tx) error {
		r, err := s.byToken(ctx, tx, call.Account, call.Path("review"))
		if err != nil {
			return err
		}
		if a.ReviewAnswer, err = s.answer(ctx, tx, r); err != nil {
			return err
		}
		a.Notes, err = s.entities.notesAbout(ctx, tx, r.Token)
		return err
	})
	return a, err
}

// listOf lists the reviews of entities, for their overview.
func (s *Reviews) listOf(ctx context.Context, account string, entities []string) (answers []ReviewAnswer, err error) {
	err = s.db.Read(ctx, func(tx *store.Tx) error {
		list, err := s.of(ctx, tx, account, entities)
		if err != nil {
			return err
		}
		answers, err = s.answers(ctx, tx, list)
		return err
	})
	return answers, err
}

func (s *Reviews) answers(ctx context.Context, tx *store.Tx, list []*Review) ([]ReviewAnswer, error) {
	answers := []ReviewAnswer{}
	for _, r := range list {
		a, err := s.answer(ctx, tx, r)
		if err != nil {
			return nil, err
		}
		answers = append(answers, a)
	}
	return answers, nil
}

type queueAnswer struct {
	Reviews []ReviewAnswer `json:"reviews"`
	// After is for the next page; null on the last one.
	After *string `json:"after"`
}

// queue lists reviews in the order in which they were opened: those that wait unless
// state says otherwise.
func (s *Reviews) queue(ctx context.Context, call alloy.Call) (a queueAnswer, err error) {
	q := call.Query
	limit, openedAfter, overdue := 50, int64(0), int64(0)
	bad := func(what string) error { return alloy.ErrQuery.Saying(what) }
	if v := q.Get("limit"); v != "" {
		if limit, err = strconv.Atoi(v); err != nil || limit < 1 || limit > 200 {
			return a, bad("limit must be an integer between 1 and 200")
		}
	}
	state := q.Get("state")
	if state != "" && !slices.Contains([]string{ReviewOpen, ReviewSecond, ReviewDecided, ReviewWithdrawn}, state) {
		return a, bad("state must be one of: open, second, decided, withdrawn")
	}
	at, token, _ := strings.Cut(q.Get("after"), ".")
	if at != "" {
		if openedAfter, err = strconv.ParseInt(at, 10, 64); err != nil {
			return a, bad("after must be what an earlier page has under after")
		}
	}
	if q.Get("overdue") == "true" {
		overdue = clock.Millis(s.clock.Now())
	}
	err = s.db.Read(ctx, func(tx *store.Tx) error {
		assignee := ""
		if email := q.Get("assignee"); email != "" {
			agent, err := s.agent(ctx, tx, call.Account, email)
			if err != nil {
				return bad("assignee must be the address of an active agent")
			}
			assignee = agent.Token
		}
		rows, err := tx.Query(ctx, selectQueue, call.Account, state, assignee, call.Workflow, q.Get("entity_token"), overdue, openedAfter, token, limit)
		if err != nil {
			return err
		}
		list, err := scanReviews(rows)
		if err != nil {
			return err
		}
		if len(list) == limit {
			last := list[limit-1]
			next := strconv.FormatInt(clock.Millis(last.OpenedAt), 10) + "." + last.Token
			a.After = &next
		}
		a.Reviews, err = s.answers(ctx, tx, list)
		return err
	})
	return a, err
}
