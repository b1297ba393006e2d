package decision

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/glencheck-dev/glencheck/internal/decision/workflow"
)

// Plaid says where the public API is and whose keys the partner calls it with.
type Plaid struct {
	URL              string // without a path
	ClientID, Secret string
	// Team are the keys of the customer himself, with which his identity verifications
	// are read; no partner can.
	TeamID, TeamSecret string

	Sandbox bool         // whether the API is a sandbox's: requests in sandbox mode ask no other
	Client  *http.Client // one of our own unless given
}

// plaidSource is an endpoint of the public API that answers one question.
type plaidSource struct {
	to               *Plaid
	path             string
	clientID, secret string
	key              string // the input that names what is asked for
	member           string // the member of the request that it becomes
	lacks            string // the code where the input lacks it
}

// newPlaidSources are the sources behind the public API. Those behind processor tokens
// are asked as any partner would: over HTTP, with the partner's own keys.
func newPlaidSources(p Plaid) map[string]source {
	if p.Client == nil {
		p.Client = &http.Client{
			Transport:     &http.Transport{MaxIdleConnsPerHost: 64, IdleConnTimeout: time.Minute, DialContext: (&net.Dialer{Timeout: 5 * time.Second}).DialContext},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		}
	}
	of := func(path string) source {
		return plaidSource{&p, path, p.ClientID, p.Secret, tokenKey, "processor_token", codeNoToken}
	}
	return map[string]source{
		workflow.PlaidAccount:       of("/processor/account/get"),
		workflow.PlaidAuth:          of("/processor/auth/get"),
		workflow.PlaidIdentity:      of("/processor/identity/get"),
		workflow.PlaidIdentityMatch: of("/processor/identity/match"),
		workflow.PlaidBalance:       of("/processor/balance/get"),
		workflow.PlaidIDV: plaidSource{
			&p, "/identity_verification/get", p.TeamID, p.TeamSecret, "plaid_identity_verification_id", "identity_verification_id", codeNoVerification,
		},
	}
}

// tokenKey is the input that carries the processor token.
const tokenKey = "plaid_processor_token"

func (s plaidSource) request(q *query) ([]byte, string) {
	named := q.text(s.key)
	switch {
	case q.sandbox != s.to.Sandbox:
		return nil, codeOtherMode
	case s.clientID == "":
		return nil, codeNoKeys
	case named == "":
		return nil, s.lacks
	}
	members := map[string]any{s.member: named}
	if strings.HasSuffix(s.path, "/match") {
		members["user"] = json.RawMessage(canonicalRequest(map[string]any{
			"legal_name": q.name(), "phone_number": q.text("phone_number"), "email_address": q.text("email_address"), "address": q.address(),
		}))
	}
	return canonicalRequest(members), ""
}

// address is the address of an input in the form of the API; nil without one. The
// API needs a street, and of the rest what is known.
func (q *query) address() any {
	street := strings.TrimSpace(q.text("address_line_1") + " " + q.text("address_line_2"))
	if street == "" {
		return nil
	}
	country := q.text("address_country_code")
	if country == "" {
		country = "US"
	}
	return json.RawMessage(canonicalRequest(map[string]any{
		"street": street, "city": q.text("address_city"), "region": q.text("address_state"),
		"postal_code": q.text("address_postal_code"), "country": country,
	}))
}

// maxAnswer bounds an answer of the API, in bytes.
const maxAnswer = 1 << 20

func (s plaidSource) ask(ctx context.Context, _ *query, request []byte) workflow.Response {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.to.URL+s.path, bytes.NewReader(request))
	if err != nil {
		return failed(codeUnreachable)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("PLAID-CLIENT-ID", s.clientID)
	r.Header.Set("PLAID-SECRET", s.secret)
	answer, err := s.to.Client.Do(r)
	if err != nil {
		return unreached(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer+1))
	switch {
	case err != nil:
		return unreached(err)
	case len(body) > maxAnswer, !json.Valid(body):
		return failed(codeUnreadable)
	case answer.StatusCode != http.StatusOK:
		return refusedBy(body)
	}
	return workflow.Response{Status: workflow.Executed, Body: body}
}

// refusedBy is an answer that says no: its error_code is why.
func refusedBy(body []byte) workflow.Response {
	var e struct {
		Code string `json:"error_code"`
	}
	if json.Unmarshal(body, &e) != nil || e.Code == "" || len(e.Code) > 100 {
		return failed(codeUnreadable)
	}
	return failed(e.Code)
}

func failed(code string) workflow.Response {
	return workflow.Response{Status: workflow.Failed, ErrorCode: code}
}

func unreached(err error) workflow.Response {
	var timeout net.Error
	if errors.Is(err, context.DeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout() {
		return failed(codeTimeout)
	}
	return failed(codeUnreachable)
}
