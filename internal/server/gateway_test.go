package server

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/idv"
)

// TestGateways calls a service of the operator's own: a data source, and a sender of
// text messages.
func TestGateways(t *testing.T) {
	var asked []string
	answer, status := `{"people":[{"names":[{"given_name":"Ada","family_name":"Planted"}],"date_of_birth":"1975-01-18"}]}`, http.StatusOK
	there := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in map[string]any
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil || r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%v, %s", err, r.Header.Get("Content-Type"))
		}
		for _, member := range []string{"date_of_birth", "to", "text"} {
			if v, ok := in[member].(string); ok {
				asked = append(asked, member+"="+v)
			}
		}
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(status)
		w.Write([]byte(answer))
	}))
	defer there.Close()
	born := "1975-01-18"
	ask := func() ([]idv.Record, error) {
		return source{newGateway(there.URL)}.People(t.Context(), idv.User{DateOfBirth: &born})
	}
	people, err := ask()
	if err != nil || len(people) != 1 || people[0].Names[0].FamilyName != "Planted" {
		t.Errorf("%v, %v", people, err)
	}
	if err := (texts{newGateway(there.URL)}).Send(t.Context(), "+12345678909", "the code"); err != nil {
		t.Error(err)
	}
	if got := strings.Join(asked, " "); got != "date_of_birth=1975-01-18 to=+12345678909 text=the code" {
		t.Errorf("asked %s", got)
	}
	for _, c := range []struct {
		status int
		answer string
	}{{500, answer}, {302, answer}, {200, "not JSON"}, {200, `{"people":7}`}} {
		status, answer = c.status, c.answer
		if people, err := ask(); err == nil || strings.Contains(err.Error(), "Planted") {
			t.Errorf("%d %s: %v, %v", c.status, c.answer, people, err)
		}
	}
	there.Close()
	if _, err := ask(); err == nil {
		t.Error("nobody is there, and that is no error")
	}
}
