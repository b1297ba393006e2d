package graph

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	graphql "github.com/graph-gophers/graphql-go"
)

// HeaderOnce lets a client send a mutation again that may have been carried out.
const HeaderOnce = "Idempotency-Key"

// headerReplayed is on an answer that was given before.
const headerReplayed = "Idempotency-Replayed"

// maxOnce bounds an Idempotency-Key, in bytes.
const maxOnce = 255

// Kept is an answer that is given again.
type Kept struct {
	Status int             `json:"status"`
	Body   json.RawMessage `json:"body"`
}

// Once remembers mutations by their Idempotency-Key.
type Once interface {
	// Begin finds the answer that a caller's request with this key was given; nil if
	// the request is new: it runs with the context then. An *Error says that the key is
	// another request's, or that its answer is not known yet.
	Begin(ctx context.Context, by Caller, key string, request []byte) (context.Context, *Kept, error)
	// End keeps the answer of what ran with the context, if it has changed anything.
	End(ctx context.Context, answer Kept) error
}

// reply is what a request is answered with: errors of a response, or of nothing where
// an earlier answer is given again.
type reply struct {
	status   int
	body     any
	code     string // of the first error
	replayed bool
}

func replyOf(status int, r *graphql.Response) reply {
	out := reply{status: status, body: r}
	if len(r.Errors) > 0 {
		out.code, _ = r.Errors[0].Extensions["code"].(string)
	}
	return out
}

// onceKey is the Idempotency-Key of a request; "" without one.
func onceKey(r *http.Request) (string, error) {
	key := r.Header.Get(HeaderOnce)
	if len(key) > maxOnce || len(r.Header.Values(HeaderOnce)) > 1 || strings.ContainsFunc(key, func(c rune) bool { return c < ' ' || c > '~' }) {
		return "", badRequest(http.StatusBadRequest, "the "+HeaderOnce+" header must be one text of up to 255 letters, digits and signs")
	}
	return key, nil
}

// once runs a mutation that was not carried out before, and answers as then what was.
func (s *Server) once(ctx context.Context, key string, in request, run func(context.Context) reply) (reply, error) {
	asked, err := json.Marshal([]any{in.Query, in.Operation, in.Variables})
	if err != nil {
		return reply{}, err
	}
	ctx, kept, err := s.cfg.Once.Begin(ctx, CallerOf(ctx), key, asked)
	if err != nil {
		var ours *Error
		if errors.As(err, &ours) {
			ours = &Error{Code: ours.Code, Message: ours.Message, Extra: ours.Extra, status: http.StatusConflict}
			return reply{}, ours
		}
		return reply{}, err
	}
	if kept != nil {
		return reply{status: kept.Status, body: kept.Body, replayed: true}, nil
	}
	out := run(ctx)
	raw, err := json.Marshal(out.body)
	if err == nil {
		err = s.cfg.Once.End(context.WithoutCancel(ctx), Kept{Status: out.status, Body: raw})
	}
	if err != nil { // what was carried out is answered nevertheless
		s.report(RequestID(ctx), err)
	}
	return out, nil
}
