package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/server/servertest"
)

func TestDemo(t *testing.T) {
	code, out, errOut := command(t, "demo")
	if code != 0 || errOut != "" || !strings.Contains(out, "all of them true") || strings.Contains(out, "wrong") && strings.Contains(out, "not so:") {
		t.Errorf("exit code %d %s\n%s", code, errOut, out)
	}
	for _, path := range []string{"/link/token/create", "/sandbox/link/session/step", "/item/public_token/exchange", "/auth/get", "/identity/get", "/item/remove"} {
		if !strings.Contains(out, "POST "+path+" ") {
			t.Errorf("the journey does not pass %s", path)
		}
	}
}

// TestDemoNoticesWhatIsWrong changes one thing at a time between the journey
// and the server and wants the journey to fail: its checks are no decoration.
func TestDemoNoticesWhatIsWrong(t *testing.T) {
	for name, tc := range map[string]struct{ from, to string }{
		"another account number": {`"account":"1111222233330000"`, `"account":"1111222233330001"`},
		"another owner":          {"Alberta Bobbeth Charleson", "Somebody Else"},
		"an event left out":      {`"SEARCH_INSTITUTION"`, `"SEARCH"`},
		"a token of production":  {`"access_token":"access-sandbox-`, `"access_token":"access-production-`},
		"another error":          {"INVALID_PUBLIC_TOKEN", "INVALID_TOKEN"},
		"another mask":           {`"mask":"0000"`, `"mask":"0001"`},
	} {
		t.Run(name, func(t *testing.T) {
			s := servertest.Start(t, servertest.RealClock())
			target, err := url.Parse(s.URL)
			if err != nil {
				t.Fatal(err)
			}
			liar := httptest.NewServer(change(tc.from, tc.to, httputil.NewSingleHostReverseProxy(target)))
			defer liar.Close()
			var out bytes.Buffer
			j := &journey{ctx: t.Context(), base: liar.URL, id: "676c656e636865636b736278", secret: servertest.Secret, out: &out}
			if err := j.walk(); err == nil {
				t.Errorf("the journey found nothing wrong:\n%s", out.String())
			}
		})
	}
}

// change replaces a text in every answer of h.
func change(from, to string, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		w.WriteHeader(rec.Code)
		w.Write(bytes.ReplaceAll(rec.Body.Bytes(), []byte(from), []byte(to)))
	})
}
