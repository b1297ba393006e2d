package fault

import (
	"context"
	"strconv"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// Endpoints are the levers. Plaid has nothing like them.
func (f *Faults) Endpoints() []api.Endpoint {
	return []api.Endpoint{
		api.Post("/sandbox/fault/set", f.setOne, api.Sandbox(), api.Summary("Break something: a path, a bank, the rate limits")),
		api.Post("/sandbox/fault/list", f.list, api.Sandbox(), api.Summary("List what was set to break, and how often it has")),
		api.Post("/sandbox/fault/clear", f.clear, api.Sandbox(), api.Summary("Mend one fault or all")),
	}
}

// Answer is a fault as the API shows it.
type Answer struct {
	FaultID string `json:"fault_id"`
	// Origin is api, or profile for what the program was started with.
	Origin string `json:"origin"`
	Spec
	Seen   int64 `json:"seen"`   // calls that it was asked about
	Struck int64 `json:"struck"` // calls that it broke
	// Over is whether it has nothing more to do.
	Over   bool   `json:"over"`
	SetAt  string `json:"set_at"`
	EndsAt string `json:"ends_at,omitempty"`
}

// SetAnswer is the answer of /sandbox/fault/set.
type SetAnswer struct {
	Fault Answer `json:"fault"`
}

// ListAnswer is the answer of /sandbox/fault/list.
type ListAnswer struct {
	Faults []Answer `json:"faults"` // in the order in which they were set
}

// ClearRequest is the request of /sandbox/fault/clear; without an id it mends all.
type ClearRequest struct {
	FaultID string `json:"fault_id" max:"64"`
}

// ClearAnswer is the answer of /sandbox/fault/clear.
type ClearAnswer struct {
	Cleared int64 `json:"cleared"`
}

// most bounds how many faults there are, as each call asks them one by one.
const most = 200

func (f *Faults) setOne(ctx context.Context, _ api.Call, in Spec) (SetAnswer, error) {
	if err := in.check("", f.Institution); err != nil {
		return SetAnswer{}, err
	}
	var made *Fault
	err := f.db.Write(ctx, func(tx *store.Tx) (err error) {
		var have int64
		if err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM fault").Scan(&have); err != nil {
			return err
		}
		if have >= most {
			return plaid.InvalidField("/sandbox/fault/clear must be called first: there are " + strconv.Itoa(most) + " faults")
		}
		made, err = f.add(ctx, tx, fromAPI, in)
		return err
	})
	if err != nil {
		return SetAnswer{}, err
	}
	return SetAnswer{f.answer(made)}, f.Reload(ctx)
}

func (f *Faults) list(ctx context.Context, _ api.Call, _ struct{}) (ListAnswer, error) {
	all, err := f.all(ctx)
	out := ListAnswer{make([]Answer, len(all))}
	for i, a := range all {
		out.Faults[i] = f.answer(a)
	}
	return out, err
}

func (f *Faults) clear(ctx context.Context, _ api.Call, in ClearRequest) (out ClearAnswer, err error) {
	query, args := deleteAll, []any{}
	if in.FaultID != "" {
		text, ok := strings.CutPrefix(in.FaultID, "fault-")
		n, err := strconv.ParseInt(text, 10, 64)
		if !ok || err != nil {
			return out, plaid.InvalidField("fault_id must be one that /sandbox/fault/set has answered")
		}
		query, args = deleteFault, []any{n}
	}
	err = f.db.Write(ctx, func(tx *store.Tx) error {
		res, err := tx.Exec(ctx, query, args...)
		if err != nil {
			return err
		}
		out.Cleared, err = res.RowsAffected()
		return err
	})
	if err != nil {
		return out, err
	}
	if in.FaultID == "" {
		f.forget()
	}
	return out, f.Reload(ctx)
}

const layout = "2006-01-02T15:04:05.000Z07:00"

func (f *Faults) answer(a *Fault) Answer {
	out := Answer{
		FaultID: a.ID(), Origin: a.Origin, Spec: a.Spec, Seen: a.Seen, Struck: a.Struck,
		Over: a.ended(f.clock.Now()), SetAt: a.setAt.Format(layout),
	}
	if !a.endsAt.IsZero() {
		out.EndsAt = a.endsAt.Format(layout)
	}
	return out
}

// Profile is a file of faults.
type Profile struct {
	Faults []Spec `json:"faults" required:"true" max:"200"`
}

// ReadProfile reads the file of --faults; what is wrong with it is said in the
// words of the API.
func ReadProfile(raw []byte) ([]Spec, error) {
	p, err := api.Read[Profile](raw)
	return p.Faults, err
}

// Check says what is wrong with the faults of a profile.
func Check(specs []Spec, institution func(id string) bool) error {
	for i, s := range specs {
		if err := s.check("faults["+strconv.Itoa(i)+"].", institution); err != nil {
			return err
		}
	}
	return nil
}
