package decision

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/decision/alloy"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// OwnershipJourney is the token of the journey that a sandbox begins with: the
// workflow of account ownership, documents and a person where rules do not suffice.
const OwnershipJourney = "J-glencheckOwnership01"

// defaultJourney is the document of OwnershipJourney.
func defaultJourney(workflow string) JourneyDocument {
	return JourneyDocument{
		Name:     "Bank account ownership",
		Branches: []Branch{{"persons", Person, "ownership"}, {"businesses", Business, "ownership"}},
		Nodes: []Node{
			{
				ID: "ownership", Name: "Account ownership", Type: NodeWorkflow, Workflow: workflow, Retries: 2, RetryIn: 300,
				Edges: map[string]string{"Approved": "approved", "Denied": "denied"}, Default: "documents",
			},
			{ID: "documents", Name: "Bank statement", Type: NodeDocuments, Documents: []string{"bank_statement"}, Timeout: 7 * 24 * 3600, Default: "review", Expired: "review"},
			{ID: "review", Name: "Manual review", Type: NodeReview, Edges: map[string]string{"Approved": "approved"}, Default: "denied"},
			{ID: "approved", Type: NodeOutcome, Outcome: "Approved"},
			{ID: "denied", Type: NodeOutcome, Outcome: "Denied"},
		},
		Outcomes: []string{"Denied", "Approved"}, ExpiresSeconds: 30 * 24 * 3600,
	}
}

const (
	insertJourney = `INSERT INTO decision_journey (token, account, name, live, created_at) VALUES ($1, $2, $3, $4, $5)`
	selectJourney = `SELECT j.name, j.live, j.created_at, v.hash, v.document, v.published_by, v.published_at
FROM decision_journey j JOIN decision_journey_version v ON v.journey = j.token AND v.n = j.live WHERE j.account = $1 AND j.token = $2`
	selectJourneyVersion = `SELECT document FROM decision_journey_version WHERE journey = $1 AND n = $2`
	selectJourneys       = `SELECT token FROM decision_journey WHERE account = $1 ORDER BY created_at, token`
	insertJourneyVersion = `INSERT INTO decision_journey_version (journey, n, hash, document, published_by, published_at) VALUES ($1, $2, $3, $4, $5, $6)`
	advanceJourney       = `UPDATE decision_journey SET name = $3, live = live + 1 WHERE account = $1 AND token = $2 RETURNING live`
)

// journeyAnswer is a journey as the API shows it; ours.
type journeyAnswer struct {
	Token       string          `json:"journey_token"`
	Name        string          `json:"journey_name"`
	Type        string          `json:"journey_type"`
	Version     int64           `json:"journey_version_num"`
	Hash        string          `json:"version_hash"`
	PublishedAt int64           `json:"published_at"`
	PublishedBy string          `json:"published_by"`
	Document    JourneyDocument `json:"document"`
	Links       selfLink        `json:"_links"`
}

type journeyList struct {
	Journeys []journeyAnswer `json:"journeys"`
}

func (s *Journeys) showJourney(ctx context.Context, call alloy.Call) (a journeyAnswer, err error) {
	err = s.db.Read(ctx, func(tx *store.Tx) error {
		a, err = s.journey(ctx, tx, call.Account, call.Path("journey"))
		return err
	})
	return a, err
}

// journey reads a journey with its live version.
func (s *Journeys) journey(ctx context.Context, tx *store.Tx, account, token string) (journeyAnswer, error) {
	a, document, created := journeyAnswer{Token: token, Type: "application", Links: linkTo("/v1/journeys/" + token)}, "", int64(0)
	err := tx.QueryRow(ctx, selectJourney, account, token).Scan(&a.Name, &a.Version, &created, &a.Hash, &document, &a.PublishedBy, &a.PublishedAt)
	if errors.Is(err, store.ErrNoRows) {
		return a, alloy.ErrNotFound
	}
	if err != nil {
		return a, fmt.Errorf("decision: journey: %w", err)
	}
	return a, json.Unmarshal([]byte(document), &a.Document)
}

func (s *Journeys) listJourneys(ctx context.Context, call alloy.Call) (list journeyList, err error) {
	list.Journeys = []journeyAnswer{}
	err = s.db.Read(ctx, func(tx *store.Tx) error {
		tokens, err := texts(ctx, tx, selectJourneys, call.Account)
		for _, token := range tokens {
			a, err := s.journey(ctx, tx, call.Account, token)
			if err != nil {
				return err
			}
			list.Journeys = append(list.Journeys, a)
		}
		return err
	})
	return list, err
}

// texts reads a column of texts.
func texts(ctx context.Context, tx *store.Tx, query string, args ...any) (list []string, err error) {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, rows.Err()
}

// known refuses a journey through workflows that the account does not have.
func (s *Journeys) known(ctx context.Context, account string, d JourneyDocument) error {
	for _, n := range d.Nodes {
		if n.Type != NodeWorkflow {
			continue
		}
		has, err := s.has(ctx, account, n.Workflow)
		if err != nil {
			return err
		}
		if !has {
			return alloy.Invalid("nodes", "name workflows of the account: "+n.ID+" does not")
		}
	}
	return nil
}

// makeJourney publishes the first version of a new journey.
func (s *Journeys) makeJourney(ctx context.Context, call alloy.Call, d JourneyDocument) (a journeyAnswer, err error) {
	if err := s.known(ctx, call.Account, d); err != nil {
		return a, err
	}
	err = write(ctx, s.db, func(tx *store.Tx) error {
		a, err = s.create(ctx, tx, call, token(s.ids, "J-"), d)
		return err
	})
	return a, err
}

func (s *Journeys) create(ctx context.Context, tx *store.Tx, call alloy.Call, token string, d JourneyDocument) (journeyAnswer, error) {
	if _, err := tx.Exec(ctx, insertJourney, token, call.Account, d.Name, 0, clock.Millis(s.clock.Now())); err != nil {
		return journeyAnswer{}, fmt.Errorf("decision: journey: %w", err)
	}
	return s.publish(ctx, tx, call, token, d)
}

// publish makes a document the next version of a journey, and the live one.
// Applications under way stay with theirs.
func (s *Journeys) publish(ctx context.Context, tx *store.Tx, call alloy.Call, token string, d JourneyDocument) (journeyAnswer, error) {
	if err := d.check(); err != nil {
		return journeyAnswer{}, err
	}
	text, hash, err := d.canonical()
	if err != nil {
		return journeyAnswer{}, err
	}
	var number int64
	err = tx.QueryRow(ctx, advanceJourney, call.Account, token, d.Name).Scan(&number)
	if errors.Is(err, store.ErrNoRows) {
		return journeyAnswer{}, alloy.ErrNotFound
	}
	if err != nil {
		return journeyAnswer{}, fmt.Errorf("decision: journey: %w", err)
	}
	if _, err := tx.Exec(ctx, insertJourneyVersion, token, number, hash, text, call.Key, clock.Millis(s.clock.Now())); err != nil {
		return journeyAnswer{}, fmt.Errorf("decision: journey: %w", err)
	}
	err = s.audit.Add(ctx, tx, Entry{Account: call.Account, Actor: call.Key, Action: "journey.publish", Object: token, After: map[string]any{"version": number, "hash": hash}})
	if err != nil {
		return journeyAnswer{}, err
	}
	return s.journey(ctx, tx, call.Account, token)
}

func (s *Journeys) publishJourney(ctx context.Context, call alloy.Call, d JourneyDocument) (a journeyAnswer, err error) {
	if err := s.known(ctx, call.Account, d); err != nil {
		return a, err
	}
	err = write(ctx, s.db, func(tx *store.Tx) error {
		a, err = s.publish(ctx, tx, call, call.Path("journey"), d)
		return err
	})
	return a, err
}

// document reads a version, which never changes.
func (s *Journeys) document(ctx context.Context, tx *store.Tx, journey string, version int64) (*JourneyDocument, error) {
	text, d := "", &JourneyDocument{}
	if err := tx.QueryRow(ctx, selectJourneyVersion, journey, version).Scan(&text); err != nil {
		return nil, fmt.Errorf("decision: journey: %w", err)
	}
	return d, json.Unmarshal([]byte(text), d)
}

// ensure makes the journey that an account of a sandbox begins with. Where another
// account of the database has the published token, this one's is drawn.
func (s *Journeys) ensure(ctx context.Context, account, workflow string) error {
	return write(ctx, s.db, func(tx *store.Tx) error {
		have, err := texts(ctx, tx, selectJourneys, account)
		if err != nil || len(have) > 0 {
			return err
		}
		id, n := OwnershipJourney, 0
		if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM decision_journey WHERE token = $1 AND account <> $2`, id, account).Scan(&n); err != nil {
			return err
		}
		if n > 0 {
			id = token(s.ids, "J-")
		}
		_, err = s.create(ctx, tx, alloy.Inside(alloy.Caller{Account: account, Key: system}, true), id, defaultJourney(workflow))
		return err
	})
}
