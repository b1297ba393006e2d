package alloy

import (
	"bytes"
	"encoding/json"
	"mime"
	"net/http"
	"strconv"
	"strings"
)

type errorObject struct {
	Code    int    `json:"minor_code"`
	Type    string `json:"type"`
	Message string `json:"message"`
	Details any    `json:"details"`
	Token   string `json:"error_token"`
}

type errorBody struct {
	Status      int         `json:"status_code"`
	Error       errorObject `json:"error"`
	Timestamp   int64       `json:"timestamp"`
	Evaluation  *string     `json:"evaluation_token"`
	Entity      *string     `json:"entity_token"`
	Application *string     `json:"application_token"`
	Version     *string     `json:"application_version_id"`
}

// fail answers with an error.
func (s *Server) fail(w http.ResponseWriter, e *Error, call Call) {
	b := errorBody{Status: e.Status, Timestamp: s.now(), Error: errorObject{e.Code, e.Type, e.Message, e.Details, call.RequestID}}
	if b.Error.Details == nil {
		b.Error.Details = struct{}{}
	}
	if call.Account != "" && call.Workflow != "" && call.Header(HeaderWorkflow) == "" {
		b.Application = &call.Workflow // that of the credentials: what a client typed is not repeated
	}
	raw, err := render(b)
	if err != nil {
		raw = []byte(`{"error":{"minor_code":5000}}`) // details that are no JSON: a programmer's error
	}
	headers(w, "application/json; charset=utf-8", len(raw), call)
	if e.Status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Basic realm="decisions"`)
	}
	w.WriteHeader(e.Status)
	w.Write(raw)
}

// write answers with a success and returns its status.
func (s *Server) write(w http.ResponseWriter, route *Route, out any, call Call) (int, error) {
	status := http.StatusOK
	if route.created {
		status = http.StatusCreated
	}
	if f, ok := out.(File); ok {
		headers(w, f.ContentType, len(f.Bytes), call)
		w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": f.Name}))
		w.Write(f.Bytes)
		return status, nil
	}
	if o, ok := out.(Status); ok {
		status = o.StatusCode()
	}
	raw, err := render(out)
	if err != nil {
		return 0, err
	}
	if hidden := call.Query.Get("hideFields"); hidden != "" {
		if raw, err = hide(raw, strings.Split(hidden, ",")); err != nil {
			return 0, err
		}
	}
	headers(w, "application/json; charset=utf-8", len(raw), call)
	w.WriteHeader(status)
	w.Write(raw)
	return status, nil
}

// render writes a value as it is answered.
func render(v any) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), err
}

// mask is what stands in the place of a hidden text, as documented.
const mask = "*********"

// hide masks the members of the given names wherever they stand.
func hide(raw []byte, names []string) ([]byte, error) {
	hidden := map[string]bool{}
	for _, n := range names {
		hidden[strings.TrimSpace(n)] = true
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, err
	}
	return render(masked(v, hidden, false))
}

func masked(v any, hidden map[string]bool, under bool) any {
	switch v := v.(type) {
	case map[string]any:
		for k, member := range v {
			v[k] = masked(member, hidden, under || hidden[k])
		}
	case []any:
		for i, member := range v {
			v[i] = masked(member, hidden, under)
		}
	case nil:
		return nil
	default:
		if under {
			return mask
		}
	}
	return v
}

func headers(w http.ResponseWriter, contentType string, length int, call Call) {
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Content-Length", strconv.Itoa(length))
	h.Set("X-Request-Id", call.RequestID)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
}
