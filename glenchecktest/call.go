package glenchecktest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
)

// Error is an error of the API.
type Error struct {
	Status         int    `json:"-"` // of HTTP
	Type           string `json:"error_type"`
	Code           string `json:"error_code"`
	Message        string `json:"error_message"`
	DisplayMessage string `json:"display_message"`
	RequestID      string `json:"request_id"`
}

// Error says what the API said.
func (e *Error) Error() string { return fmt.Sprintf("%d %s: %s", e.Status, e.Code, e.Message) }

// Call makes a call with the server's keys: to a lever of the sandbox, or to any
// path of the API. in is written as JSON, nil as an empty object; the answer is read
// into out, unless that is nil. An answer that tells of an error is an *Error.
func (s *Server) Call(path string, in, out any) error {
	return s.callAs(s.ClientID, s.Secret, path, in, out)
}

func (s *Server) callAs(clientID, secret, path string, in, out any) error {
	if in == nil {
		in = struct{}{}
	}
	body, err := json.Marshal(in)
	if err != nil {
		return fmt.Errorf("glencheck: %s: %w", path, err)
	}
	req, err := http.NewRequestWithContext(s.ctx, http.MethodPost, s.URL+path, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("glencheck: %s: %w", path, err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("PLAID-CLIENT-ID", clientID)
	req.Header.Set("PLAID-SECRET", secret)
	resp, err := s.client.Do(req)
	if err != nil {
		return fmt.Errorf("glencheck: %s: %w", path, err)
	}
	defer resp.Body.Close()
	answer := json.NewDecoder(resp.Body)
	if resp.StatusCode != http.StatusOK {
		e := &Error{Status: resp.StatusCode}
		if err := answer.Decode(e); err != nil {
			return fmt.Errorf("glencheck: %s: %s, and no error of the API: %w", path, resp.Status, err)
		}
		return fmt.Errorf("glencheck: %s: %w", path, e)
	}
	if out == nil {
		return nil
	}
	if err := answer.Decode(out); err != nil {
		return fmt.Errorf("glencheck: %s: %w", path, err)
	}
	return nil
}
