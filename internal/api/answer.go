package api

import (
	"bytes"
	"net/http"
	"strconv"
	"sync"

	"github.com/go-json-experiment/json"

	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// errorBody is schema PlaidError as the API answers it, its keys in the
// alphabetical order of the recordings.
type errorBody struct {
	DisplayMessage   *string `json:"display_message"`
	DocumentationURL string  `json:"documentation_url"`
	ErrorCode        string  `json:"error_code"`
	ErrorCodeReason  string  `json:"error_code_reason,omitempty"`
	ErrorMessage     string  `json:"error_message"`
	ErrorType        string  `json:"error_type"`
	RequestID        string  `json:"request_id,omitempty"`
	Status           int     `json:"status,omitzero"`
	SuggestedAction  *string `json:"suggested_action"`
}

// ErrorJSON renders an error as the API answers it; requestID may be empty, as
// in an Item's stored error.
func ErrorJSON(e *plaid.Error, requestID string) []byte {
	return errorJSON(e, errorBody{RequestID: requestID})
}

// WebhookErrorJSON renders an error as webhooks carry it: with the status that a
// request would be answered with, and without a request (plaid-server-api.md
// section 2.4).
func WebhookErrorJSON(e *plaid.Error) Raw {
	return errorJSON(e, errorBody{Status: e.HTTPStatus()})
}

func errorJSON(e *plaid.Error, b errorBody) []byte {
	b = errorBody{
		DocumentationURL: e.DocumentationURL(), ErrorCode: e.Code, ErrorCodeReason: e.Reason,
		ErrorMessage: e.Message, ErrorType: e.Type, RequestID: b.RequestID, Status: b.Status,
	}
	if e.Display != "" {
		b.DisplayMessage = &e.Display
	}
	if e.Suggested != "" {
		b.SuggestedAction = &e.Suggested
	}
	out, err := json.Marshal(b)
	if err != nil {
		panic("api: an error cannot be rendered: " + err.Error()) // strings only: cannot happen
	}
	return out
}

func writeError(w http.ResponseWriter, e *plaid.Error, requestID string) {
	out := ErrorJSON(e, requestID)
	headers(w, len(out))
	w.WriteHeader(e.HTTPStatus())
	w.Write(out)
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// write answers a success: the fields of out and request_id.
func (s *Server) write(w http.ResponseWriter, e *Endpoint, out any, requestID string) {
	buf := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(buf)
	buf.Reset()
	if kept, ok := out.(encoded); ok {
		buf.Write(kept.bytes())
	} else if err := json.MarshalWrite(buf, out, json.Deterministic(true)); err != nil {
		writeError(w, s.public(err, e.Path, requestID), requestID)
		return
	}
	buf.Truncate(buf.Len() - 1) // the closing brace
	if buf.Len() > 1 {
		buf.WriteByte(',')
	}
	buf.WriteString(`"request_id":"`)
	buf.WriteString(requestID)
	buf.WriteString(`"}`)
	body := buf.Bytes()
	if g := s.cfg.Gate; g != nil && g.Watching() {
		body = g.Answered(e.Path, body)
	}
	headers(w, len(body))
	w.Write(body)
}

func headers(w http.ResponseWriter, length int) {
	h := w.Header()
	h["Content-Type"] = []string{"application/json; charset=utf-8"}
	h["Content-Length"] = []string{strconv.Itoa(length)}
	h["Plaid-Version"] = []string{version}
	h["X-Content-Type-Options"] = []string{"nosniff"}
	h["Cache-Control"] = []string{"no-store"}
}
