package decision_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/decision"
	"github.com/glencheck-dev/glencheck/internal/decision/alloy"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

// FuzzAuthorization lets no header in but the right ones.
func FuzzAuthorization(f *testing.F) {
	db := storetest.SQLite(f)
	right := basicAuth(decision.SandboxToken, decision.SandboxSecret)
	for _, header := range []string{"", "Basic", "Basic Og==", "Basic %%", "Bearer ..", "Bearer eyJhbGciOiJub25lIn0.e30.", "bearer a.b.c.d", right + "=", right} {
		f.Add(header)
	}
	var o *office
	f.Fuzz(func(t *testing.T, header string) {
		if o == nil {
			o = newOffice(t, db)
		}
		caller, err := o.d.Authenticate(context.Background(), header)
		switch {
		case err == nil && caller.Account != account:
			t.Errorf("%q is let in as %q", header, caller.Account)
		case err != nil && !errors.Is(err, alloy.ErrUnauthorized) && !errors.As(err, new(*alloy.Error)):
			t.Errorf("%q: %v", header, err)
		}
	})
}

// FuzzDetails reads details out of any input, and finds in the flat form what it read.
func FuzzDetails(f *testing.F) {
	for _, input := range []string{`{}`, `{"name_first": 1, "addresses": {"a": 1}, "emails": [1]}`, `{"name_last": "Doe", "document_ssn": "123-45-6789", "address_line_1": "1 Main", "phone_number": "+1"}`, `{"addresses": [{"line_1": "a"}, null]}`} {
		f.Add(input)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		var input map[string]any
		if json.Unmarshal([]byte(raw), &input) != nil {
			return
		}
		d := decision.DetailsOf(input)
		flat := d.Input()
		if again := decision.DetailsOf(flat); again.NameLast != d.NameLast || again.SSN != d.SSN || again.BusinessName != d.BusinessName {
			t.Errorf("%s reads %+v, and then %+v", raw, d, again)
		}
	})
}
