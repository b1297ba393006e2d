package link

import (
	"strings"
	"testing"
)

func TestReceivedRedirectURI(t *testing.T) {
	const id = "9d5feadd-a873-43eb-97ba-422f35ce849b"
	for _, c := range []struct{ received, redirect, why string }{
		{"https://app.example/oauth.html?oauth_state_id=" + id, "https://app.example/oauth.html", ""},
		{"https://app.example/?oauth_state_id=" + id, "https://app.example", ""}, // as a location has it
		{"https://app.example/?oauth_state_id=" + id, "https://App.Example:443", ""},
		{"http://localhost:3000/a%20b?oauth_state_id=" + id, "http://localhost:3000/a%20b", ""},
		{"https://app.example/oauth.html?oauth_state_id=" + id, "", "the link token has no redirect_uri"},
		{"https://app.example/oauth.html", "https://app.example/oauth.html", "has no oauth_state_id"},
		{"https://app.example/oauth.html?oauth_state=" + id, "https://app.example/oauth.html", "has no oauth_state_id"},
		{"https%3A%2F%2Fapp.example%2Foauth.html%3Foauth_state_id%3D" + id, "https://app.example/oauth.html", "is URL-encoded"},
		{"https://app.example/oauth.html?oauth_state_id=" + id + "&x=1", "https://app.example/oauth.html", "has more in its query"},
		{"https://app.example/oauth.html?x=1&oauth_state_id=" + id, "https://app.example/oauth.html", "has more in its query"},
		{"https://app.example/oauth.html?oauth_state_id=" + id + "&oauth_state_id=" + id, "https://app.example/oauth.html", "has more in its query"},
		{"https://app.example/oauth.html?oauth_state_id=" + id + ";x", "https://app.example/oauth.html", "has more in its query"},
		{"https://app.example/oauth.html?oauth_state_id=" + id + "#", "https://app.example/oauth.html", "has a fragment"},
		{"https://app.example/oauth.html?oauth_state_id=" + id + "#top", "https://app.example/oauth.html", "has a fragment"},
		{"https://app.example/oauth.html?oauth_state_id=1", "https://app.example/oauth.html", "is no UUID"},
		{"https://app.example/oauth.html?oauth_state_id=", "https://app.example/oauth.html", "is no UUID"},
		{"https://app.example/other.html?oauth_state_id=" + id, "https://app.example/oauth.html", "is not the redirect_uri"},
		{"http://app.example/oauth.html?oauth_state_id=" + id, "https://app.example/oauth.html", "is not the redirect_uri"},
		{"https://app.example:444/oauth.html?oauth_state_id=" + id, "https://app.example/oauth.html", "is not the redirect_uri"},
		{"https://u@app.example/oauth.html?oauth_state_id=" + id, "https://app.example/oauth.html", "is not the redirect_uri"},
		{"?oauth_state_id=" + id, "https://app.example/oauth.html", "is not the redirect_uri"},
		{"https://app.example/%zz?oauth_state_id=" + id, "https://app.example/oauth.html", "is no address"},
	} {
		got, why := stateID(c.received, c.redirect)
		if c.why == "" && (got != id || why != "") || c.why != "" && (got != "" || !strings.Contains(why, c.why)) {
			t.Errorf("%s for %s: %q, %q; want %q", c.received, c.redirect, got, why, c.why)
		}
	}
}

func FuzzReceivedRedirectURI(f *testing.F) {
	f.Add("https://app.example/oauth.html?oauth_state_id=9d5feadd-a873-43eb-97ba-422f35ce849b", "https://app.example/oauth.html")
	f.Fuzz(func(t *testing.T, received, redirect string) {
		if id, why := stateID(received, redirect); (id == "") == (why == "") || id != "" && !uuidShape.MatchString(id) {
			t.Errorf("%q for %q: %q, %q", received, redirect, id, why)
		}
	})
}
