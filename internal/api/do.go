package api

import (
	"context"
	"fmt"

	"github.com/go-json-experiment/json"

	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// Do asks one of the server's endpoints in the name of a caller, as they could over
// HTTP: for a lever that does in one call what takes them several. in is written as
// JSON, and the answer is read into out. Gate is not passed: the caller's own call
// was.
func (s *Server) Do(ctx context.Context, call Call, path string, in, out any) error {
	e := s.routes[path]
	if e == nil {
		return fmt.Errorf("api: no endpoint answers %s", path)
	}
	raw, err := json.Marshal(in)
	if err != nil {
		return fmt.Errorf("api: %s: %w", path, err)
	}
	b, err := decode(raw, e.schema)
	switch {
	case err != nil:
		return err
	case len(b.missing.list) > 0:
		return plaid.MissingFields(b.missing.words()...)
	case len(b.unknown.list) > 0:
		return plaid.UnknownFields(b.unknown.words()...)
	case b.invalid != "":
		return plaid.InvalidField(b.invalid)
	}
	answer, err := e.serve(ctx, call, b.value)
	if err != nil {
		return err
	}
	if kept, ok := answer.(encoded); ok {
		raw = kept.bytes()
	} else if raw, err = json.Marshal(answer); err != nil {
		return fmt.Errorf("api: %s: %w", path, err)
	}
	if err := json.Unmarshal(raw, out); err != nil {
		return fmt.Errorf("api: %s: %w", path, err)
	}
	return nil
}
