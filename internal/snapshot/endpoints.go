package snapshot

import (
	"context"
	"errors"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/vault"
)

// Endpoints are the levers. Plaid has nothing like them.
func (s *Snapshots) Endpoints() []api.Endpoint {
	return []api.Endpoint{
		api.Post("/sandbox/state/save", s.save, api.Sandbox(), api.Summary("Save the sandbox's whole state, in the answer or under a name")),
		api.Post("/sandbox/state/load", s.load, api.Sandbox(), api.MaxBody(maxFile/3*4+4096), api.Summary("Bring a saved state back")),
		api.Post("/sandbox/state/reset", s.reset, api.Sandbox(), api.Summary("Take the sandbox back to its start")),
		api.Post("/sandbox/state/list", s.list, api.Sandbox(), api.Summary("List the states that are kept under a name")),
		api.Post("/sandbox/state/remove", s.remove, api.Sandbox(), api.Summary("Forget a state that is kept")),
	}
}

// SaveRequest is the request of /sandbox/state/save.
type SaveRequest struct {
	// Name keeps the state in the server's database; without one it is answered.
	Name string `json:"name" max:"100"`
}

// SaveAnswer is the answer of /sandbox/state/save.
type SaveAnswer struct {
	Name  string `json:"name,omitempty"`
	State string `json:"state,omitempty"` // a file, base64
	Items int    `json:"items"`           // that the state has
	Now   string `json:"now"`             // by the sandbox's clock
}

// LoadRequest is the request of /sandbox/state/load: one of the two.
type LoadRequest struct {
	Name  string `json:"name" max:"100"`
	State string `json:"state"`
}

// LoadAnswer is the answer of /sandbox/state/load and reset.
type LoadAnswer struct {
	Items int    `json:"items"`
	Now   string `json:"now"`
}

// ListAnswer is the answer of /sandbox/state/list.
type ListAnswer struct {
	States []KeptAnswer `json:"states"` // by name
}

// KeptAnswer is a state that is kept.
type KeptAnswer struct {
	Name    string `json:"name"`
	Items   int    `json:"items"`
	SavedAt string `json:"saved_at"`
}

// NameRequest is the request of /sandbox/state/remove.
type NameRequest struct {
	Name string `json:"name" required:"true" min:"1" max:"100"`
}

const layout = "2006-01-02T15:04:05.000Z07:00"

func (s *Snapshots) now() string { return s.Clock.Now().Format(layout) }

func (s *Snapshots) save(ctx context.Context, _ api.Call, in SaveRequest) (SaveAnswer, error) {
	file, state, err := s.Save(ctx)
	if err != nil {
		return SaveAnswer{}, asPlaid(err)
	}
	out := SaveAnswer{Name: in.Name, Items: state.items(), Now: s.now()}
	if in.Name != "" {
		return out, asPlaid(s.keep(ctx, in.Name, file, out.Items))
	}
	out.State = text(file)
	return out, nil
}

// items counts the Items of a state.
func (s *State) items() int {
	if t := s.Content.Table("item"); t != nil {
		return len(t.Rows)
	}
	return 0
}

func (s *Snapshots) load(ctx context.Context, _ api.Call, in LoadRequest) (LoadAnswer, error) {
	if (in.Name == "") == (in.State == "") {
		return LoadAnswer{}, plaid.InvalidField("name or state must be given, and one of them only")
	}
	from := in.State
	if in.Name != "" {
		err := s.DB.QueryRow(ctx, selectKept, in.Name).Scan(&from)
		if errors.Is(err, store.ErrNoRows) {
			return LoadAnswer{}, errNoName
		}
		if err != nil {
			return LoadAnswer{}, err
		}
	}
	file, err := untext(from)
	if err != nil {
		return LoadAnswer{}, asPlaid(err)
	}
	state, err := s.Load(ctx, file)
	if err != nil {
		return LoadAnswer{}, asPlaid(err)
	}
	return LoadAnswer{state.items(), s.now()}, nil
}

func (s *Snapshots) reset(ctx context.Context, _ api.Call, _ struct{}) (LoadAnswer, error) {
	state, err := s.Reset(ctx)
	if err != nil {
		return LoadAnswer{}, asPlaid(err)
	}
	return LoadAnswer{state.items(), s.now()}, nil
}

func (s *Snapshots) list(ctx context.Context, _ api.Call, _ struct{}) (ListAnswer, error) {
	out := ListAnswer{[]KeptAnswer{}}
	rows, err := s.DB.Query(ctx, listKept)
	if err != nil {
		return out, err
	}
	defer rows.Close()
	for rows.Next() {
		var k KeptAnswer
		var at int64
		if err := rows.Scan(&k.Name, &k.Items, &at); err != nil {
			return out, err
		}
		k.SavedAt = clock.FromMillis(at).Format(layout)
		out.States = append(out.States, k)
	}
	return out, rows.Err()
}

var errNoName = plaid.InvalidField("name must be one that /sandbox/state/save has kept")

func (s *Snapshots) remove(ctx context.Context, _ api.Call, in NameRequest) (struct{}, error) {
	err := s.DB.Write(ctx, func(tx *store.Tx) error { return tx.ExecOne(ctx, deleteKept, in.Name) })
	if errors.Is(err, store.ErrNoRows) {
		err = errNoName
	}
	return struct{}{}, err
}

// asPlaid words what was wrong with a state.
func asPlaid(err error) error {
	var newer *store.NewerError
	var wrong *store.ContentError
	switch {
	case errors.Is(err, errNoState):
		return plaid.InvalidField("state must be a state that /sandbox/state/save has answered")
	case errors.Is(err, ErrTooLarge), errors.Is(err, errFull):
		return plaid.InvalidField(strings.TrimPrefix(err.Error(), "snapshot: "))
	case errors.As(err, &newer):
		return plaid.InvalidField("state must be of this version of Glencheck or an older one: a newer one has saved it")
	case errors.As(err, &wrong):
		return plaid.InvalidField("state must be whole: " + strings.TrimPrefix(wrong.Error(), "store: "))
	case store.IsUnique(err):
		return plaid.InvalidField("state must be whole: it has a row twice")
	case errors.Is(err, vault.ErrKEK):
		return plaid.InvalidField("state must be of a server with the same key-encryption key (--kek)")
	}
	return err
}
