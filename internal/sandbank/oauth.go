package sandbank

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// clientID is the one program that the bank knows. It is a public client: the
// proof key, which is never optional, takes the place of a secret (RFC 7636).
const clientID = "glencheck"

// codeLife is how long an authorization code may be exchanged.
const codeLife = 10 * time.Minute

// returnsTo reports whether the bank may send people to an address: only to
// pages of the very server it is part of.
func (p pages) returnsTo(address string) bool {
	u, err := url.Parse(address)
	return err == nil && p.origin != "" && origin(u) == p.origin && u.User == nil && u.Opaque == "" && !strings.Contains(address, "#")
}

// authorizeURL is the page where a person decides about a request.
func (p pages) authorizeURL(institutionID string, r request) string {
	return p.base + "/bank/" + institutionID + "/authorize?" + url.Values{
		"response_type":         {"code"},
		"client_id":             {r.Client},
		"redirect_uri":          {r.Redirect},
		"state":                 {r.State},
		"code_challenge":        {r.Challenge},
		"code_challenge_method": {"S256"},
	}.Encode()
}

// request is what a program asks of the bank: an authorization request of
// RFC 6749 section 4.1.1 with the proof key of RFC 7636.
type request struct {
	Client    string `json:"client"`
	Redirect  string `json:"redirect"`
	State     string `json:"state"`
	Challenge string `json:"challenge"`
}

// back is the address that takes a person back to the program, with these names
// and values and the state in its query.
func (r request) back(pairs ...string) string {
	u, err := url.Parse(r.Redirect)
	if err != nil {
		return r.Redirect // no request with such an address comes this far
	}
	q := u.Query()
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	if r.State != "" {
		q.Set("state", r.State)
	}
	u.RawQuery = q.Encode()
	return u.String()
}

// refusedRequest is a request that the program is told of at its own address
// (RFC 6749 section 4.1.2.1).
type refusedRequest struct{ code, detail string }

// maxState bounds what a program may have carried there and back.
const maxState = 1024

var challengeShape = regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`)

// readRequest reads the query of the authorize page. ok is false where nobody
// may be sent back: the program is unknown or the address not its own.
func (b *Bank) readRequest(q url.Values) (r request, refused *refusedRequest, ok bool) {
	r = request{Client: q.Get("client_id"), Redirect: q.Get("redirect_uri"), State: q.Get("state"), Challenge: q.Get("code_challenge")}
	if r.Client != clientID || len(q["client_id"]) > 1 || len(q["redirect_uri"]) > 1 || !b.pages.returnsTo(r.Redirect) {
		return r, nil, false
	}
	invalid := func(detail string) *refusedRequest { return &refusedRequest{"invalid_request", detail} }
	for name, values := range q {
		if len(values) > 1 && name != "resource" { // RFC 8707 alone repeats one
			return r, invalid("a parameter is given twice"), true
		}
	}
	switch {
	case len(r.State) > maxState:
		r.State = ""
		return r, invalid("state is too long"), true
	case q.Get("response_type") == "":
		return r, invalid("response_type is needed"), true
	case q.Get("response_type") != "code":
		return r, &refusedRequest{"unsupported_response_type", "response_type must be code"}, true
	case r.State == "":
		return r, invalid("state is needed"), true
	case q.Get("code_challenge_method") != "S256":
		return r, invalid("code_challenge_method must be S256"), true
	case !challengeShape.MatchString(r.Challenge):
		return r, invalid("code_challenge must be the SHA-256 of the verifier in base64url"), true
	}
	return r, nil, true
}

// challengeOf is the S256 challenge of a verifier.
func challengeOf(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// same compares secrets in a time that does not tell where they differ.
func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
