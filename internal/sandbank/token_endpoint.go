package sandbank

import (
	"encoding/json"
	"errors"
	"mime"
	"net/http"

	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// maxTokenRequest bounds a request for a token.
const maxTokenRequest = 16 << 10

// tokenError is an error answer of RFC 6749 section 5.2.
type tokenError struct {
	Code   string `json:"error"`
	Detail string `json:"error_description,omitempty"`
	status int
}

// tokenAnswer is the successful answer of RFC 6749 section 5.1. The token is the
// grant; it lives until it is revoked.
type tokenAnswer struct {
	AccessToken string `json:"access_token"`
	TokenType   string `json:"token_type"`
}

// tokenEndpoint is RFC 6749 section 3.2 for a program outside this process.
func (b *Bank) tokenEndpoint(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Type", "application/json; charset=utf-8")
	var answer any
	status := http.StatusOK
	grant, refused := b.token(w, r)
	if refused != nil {
		answer, status = refused, refused.status
	} else {
		answer = tokenAnswer{string(grant), "Bearer"}
	}
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(answer)
}

func (b *Bank) token(w http.ResponseWriter, r *http.Request) (institution.Grant, *tokenError) {
	x, refused := readExchange(w, r)
	if refused != nil {
		return "", refused
	}
	made, _, err := b.redeem(r.Context(), x)
	if err == nil {
		err = b.db.Write(r.Context(), func(tx *store.Tx) error { return made.store(r.Context(), tx) })
	}
	switch {
	case errors.Is(err, errInvalidGrant), errors.Is(err, store.ErrNoRows):
		return "", &tokenError{"invalid_grant", "the code is unknown, used, too old, or was not given for this redirect_uri and code_verifier", http.StatusBadRequest}
	case err != nil:
		if r.Context().Err() == nil {
			b.pages.log.Error("token endpoint of the simulated bank failed", "error", err.Error())
		}
		return "", &tokenError{serverError, "", http.StatusInternalServerError}
	}
	return made.grant, nil
}

// readExchange reads and checks the form of a request for a token.
func readExchange(w http.ResponseWriter, r *http.Request) (exchange, *tokenError) {
	invalid := func(detail string) (exchange, *tokenError) {
		return exchange{}, &tokenError{"invalid_request", detail, http.StatusBadRequest}
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/x-www-form-urlencoded" {
		return invalid("the body must be application/x-www-form-urlencoded")
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxTokenRequest)
	if err := r.ParseForm(); err != nil {
		return invalid("the body cannot be read")
	}
	for _, name := range []string{"grant_type", "client_id", "code", "redirect_uri", "code_verifier"} {
		if len(r.PostForm[name]) != 1 || r.PostForm.Get(name) == "" {
			return invalid(name + " must be given once")
		}
	}
	switch {
	case r.PostForm.Get("grant_type") != "authorization_code":
		return exchange{}, &tokenError{"unsupported_grant_type", "grant_type must be authorization_code", http.StatusBadRequest}
	case r.PostForm.Get("client_id") != clientID:
		return exchange{}, &tokenError{"invalid_client", "", http.StatusUnauthorized}
	}
	f := r.PostForm
	return exchange{code: f.Get("code"), client: f.Get("client_id"), redirect: f.Get("redirect_uri"), verifier: f.Get("code_verifier")}, nil
}
