package idv

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
)

//go:embed templates.json
var sandboxTemplates []byte

// SandboxTemplates are the templates that a fresh sandbox has.
func SandboxTemplates() []Template {
	list, err := ParseTemplates(sandboxTemplates)
	if err != nil {
		panic("idv: " + err.Error()) // it is part of the program
	}
	return list
}

// ParseTemplates reads a file of templates: a JSON list of them.
func ParseTemplates(data []byte) ([]Template, error) {
	dec := json.NewDecoder(strings.NewReader(string(data)))
	dec.DisallowUnknownFields()
	var list []Template
	if err := dec.Decode(&list); err != nil {
		return nil, fmt.Errorf("templates: %w", err)
	}
	seen := map[string]bool{}
	for _, t := range list {
		if t.Version < 1 {
			return nil, fmt.Errorf("template %s: version must be a number from 1", t.ID)
		}
		if err := t.Check(); err != nil {
			return nil, fmt.Errorf("template %s: %w", t.ID, err)
		}
		if seen[t.ID] {
			return nil, fmt.Errorf("template %s is there twice", t.ID)
		}
		seen[t.ID] = true
	}
	return list, nil
}

// WithTemplates are templates with others added, which take the place of those of
// the same id.
func WithTemplates(templates, more []Template) []Template {
	list := slices.DeleteFunc(slices.Clone(templates), func(t Template) bool {
		return slices.ContainsFunc(more, func(m Template) bool { return m.ID == t.ID })
	})
	return append(list, more...)
}

// errTemplate answers a template that the client does not have.
var errTemplate = plaid.NotFound.WithMessage("could not find matching template")

// template finds the newest version of a template: the client's own, or that of the
// server.
func (s *Service) template(ctx context.Context, clientID, id string) (Template, error) {
	key := templateKey{clientID, id}
	t, ok, ticket := s.newest.Get(key)
	if ok {
		return t, nil
	}
	t, err := s.readTemplate(ctx, s.db, clientID, id)
	if err == nil {
		s.newest.Put(ticket, key, t)
	}
	return t, err
}

// templateKey names a template of a client.
type templateKey struct{ client, template string }

func (s *Service) readTemplate(ctx context.Context, from querier, clientID, id string) (Template, error) {
	var body string
	builtin, known := s.builtin(id)
	err := from.QueryRow(ctx, selectTemplate, clientID, id).Scan(&body)
	switch {
	case errors.Is(err, store.ErrNoRows) && known:
		return builtin, nil
	case errors.Is(err, store.ErrNoRows):
		return Template{}, errTemplate
	case err != nil:
		return Template{}, err
	}
	var own Template
	if err := json.Unmarshal([]byte(body), &own); err != nil {
		return Template{}, fmt.Errorf("idv: template: %w", err)
	}
	if known && builtin.Version > own.Version { // the server's file was published anew
		return builtin, nil
	}
	return own, nil
}

func (s *Service) builtin(id string) (Template, bool) {
	i := slices.IndexFunc(s.templates, func(t Template) bool { return t.ID == id })
	if i < 0 {
		return Template{}, false
	}
	return s.templates[i], true
}

// SetTemplate makes a new version of a template of a client and returns it. What
// says the same as the newest version makes none.
func (s *Service) SetTemplate(ctx context.Context, clientID string, t Template) (Template, error) {
	if err := t.Check(); err != nil {
		return Template{}, plaid.InvalidField(strings.ReplaceAll(err.Error(), "\n", "; "))
	}
	err := s.db.Write(ctx, func(tx *store.Tx) error {
		t.Version = 0
		now, err := s.readTemplate(ctx, tx, clientID, t.ID)
		if err != nil && !errors.Is(err, errTemplate) {
			return err
		}
		t.Version = now.Version
		if same, err := equal(t, now); same || err != nil {
			return err
		}
		t.Version++
		body, err := json.Marshal(t)
		if err != nil {
			return err
		}
		s.newest.Drop(tx, templateKey{clientID, t.ID})
		return tx.ExecOne(ctx, insertTemplate, clientID, t.ID, t.Version, string(body), clock.Millis(s.clock.Now()))
	})
	return t, err
}

func equal(a, b Template) (bool, error) {
	x, err := json.Marshal(a)
	if err != nil {
		return false, err
	}
	y, err := json.Marshal(b)
	return string(x) == string(y), err
}

// Templates lists the newest versions of all templates that a client has.
func (s *Service) Templates(ctx context.Context, clientID string) ([]Template, error) {
	rows, err := s.db.Query(ctx, listTemplates, clientID)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	list := slices.Clone(s.templates)
	for rows.Next() {
		var body string
		if err := rows.Scan(&body); err != nil {
			return nil, err
		}
		var t Template
		if err := json.Unmarshal([]byte(body), &t); err != nil {
			return nil, fmt.Errorf("idv: template: %w", err)
		}
		at := slices.IndexFunc(list, func(o Template) bool { return o.ID == t.ID })
		switch {
		case at < 0:
			list = append(list, t)
		case t.Version > list[at].Version:
			list[at] = t
		}
	}
	slices.SortFunc(list, func(a, b Template) int { return strings.Compare(a.ID, b.ID) })
	return list, rows.Err()
}
