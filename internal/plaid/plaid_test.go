package plaid

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestDecimalPrintsWhatItRead(t *testing.T) {
	for in, want := range map[string]string{
		"0": "0", "100": "100", "110.00": "110", "320.76": "320.76", "23631.9805": "23631.9805",
		"-0.50": "-0.5", "0.05": "0.05", "-12": "-12",
	} {
		d, err := ParseDecimal(in)
		if err != nil || d.String() != want {
			t.Errorf("%s: got %s, %v", in, d, err)
		}
	}
	for _, in := range []string{"", "-", ".5", "5.", "01", "1e3", "1,0", "NaN", "+1", "1234567890123456789", `"1"`, "null"} {
		if d, err := ParseDecimal(in); err == nil {
			t.Errorf("%q was read as %s", in, d)
		}
	}
}

func TestDecimalFixed(t *testing.T) {
	for in, want := range map[string]string{"100": "100.00", "0.5": "0.50", "23631.9805": "23631.98", "1.005": "1.01", "-1.005": "-1.01", "0.01": "0.01", "-0.05": "-0.05"} {
		if got := MustDecimal(in).Fixed(); got != want {
			t.Errorf("%s: got %s, want %s", in, got, want)
		}
	}
}

func TestDecimalRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := Decimal{rapid.Int64Range(-1e17, 1e17).Draw(t, "unscaled"), uint8(rapid.IntRange(0, 9).Draw(t, "scale"))}.trim()
		b, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		var back Decimal
		if err := json.Unmarshal(b, &back); err != nil || back != d {
			t.Fatalf("%s read back as %v, %v", b, back, err)
		}
		if zero := d.Sub(d); zero != (Decimal{}) {
			t.Fatalf("%s minus itself is %s", d, zero)
		}
	})
}

func TestEveryErrorHasAMessageAndAnAddress(t *testing.T) {
	silent := map[string]bool{ // Plaid documents these with an empty or null message
		"INCORRECT_DEPOSIT_VERIFICATION": true, "TOO_MANY_VERIFICATION_ATTEMPTS": true, "OAUTH_STATE_ID_ALREADY_PROCESSED": true,
	}
	for code, e := range table {
		if e.Message == "" && !silent[code] {
			t.Errorf("%s has no message", code)
		}
		if !strings.HasPrefix(e.DocumentationURL(), "https://plaid.com/docs/errors/") {
			t.Errorf("%s: %s", code, e.DocumentationURL())
		}
	}
	if got := ItemLoginRequired.DocumentationURL(); got != "https://plaid.com/docs/errors/item/#item_login_required" {
		t.Error(got)
	}
	if got := InvalidAPIKeys.DocumentationURL(); got != "https://plaid.com/docs/errors/invalid-input/#invalid_api_keys" {
		t.Error(got)
	}
}

// TestAnErrorRepeatsOnlyNames sends as products what no product is called.
func TestAnErrorRepeatsOnlyNames(t *testing.T) {
	const prefix = "the following products are not supported by this institution: "
	for want, words := range map[string][]string{
		`["ABCDEFG1234567"]`:                             {"ABCDEFG1234567"},
		`["auth","(not a name)"]`:                        {"auth", `078-05-1120 "Jo" <b>`},
		`["(not a name)"]`:                               {"078051120"},
		`["(not a name)","(not a name)","(not a name)"]`: {"", strings.Repeat("a", 65), "jo@example.com"},
		`[]`: nil,
	} {
		if got := ProductsNotSupported(words...).Message; got != prefix+want {
			t.Errorf("%q: %s", words, got)
		}
	}
	if got := ProductsNotSupported(strings.Split(strings.Repeat("x ", 5000), " ")...).Message; len(got) > 1000 {
		t.Errorf("%d characters", len(got))
	}
}

func TestErrorsAreTheSameByCode(t *testing.T) {
	if !errors.Is(InvalidAccessTokenFormat, InvalidAccessToken) || errors.Is(InvalidAccessToken, InvalidPublicToken) {
		t.Error("errors.Is must compare type and code")
	}
}

func TestTokenShapes(t *testing.T) {
	token := NewToken(KindAccess, "sandbox", "de3ce8ef-33f8-452c-a685-8671031fc0f6")
	if !TokenOK(KindAccess, "sandbox", token) {
		t.Error("a good token is refused")
	}
	for _, bad := range []string{"", token + "0", token[:len(token)-1], strings.ToUpper(token), strings.Replace(token, "sandbox", "production", 1), "access-sandbox-de3ce8ef033f8-452c-a685-8671031fc0f6"} {
		if TokenOK(KindAccess, "sandbox", bad) {
			t.Errorf("%q is accepted", bad)
		}
	}
}

func TestWebhookAddresses(t *testing.T) {
	for s, ok := range map[string]bool{
		"https://example.com/hook?x=1": true, "http://127.0.0.1:9/": true,
		"": false, "example.com": false, "ftp://example.com": false, "https://": false, "https://:80/": false,
		"https://example.com/a b": false, "https://example.com/" + strings.Repeat("x", 2048): false,
	} {
		if WebhookOK(s) != ok {
			t.Errorf("%.60q: want %v", s, ok)
		}
	}
}
