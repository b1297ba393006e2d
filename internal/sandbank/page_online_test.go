package sandbank

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// visitOnline is a browser in online banking.
type visitOnline struct {
	t    *testing.T
	base string
}

func (v visitOnline) get(path string) (int, string, string) {
	v.t.Helper()
	r, err := http.Get(v.base + path)
	if err != nil {
		v.t.Fatal(err)
	}
	return v.read(r)
}

func (v visitOnline) post(path string, form url.Values) (int, string, string) {
	v.t.Helper()
	r, err := http.PostForm(v.base+path, form)
	if err != nil {
		v.t.Fatal(err)
	}
	return v.read(r)
}

func (v visitOnline) read(r *http.Response) (status int, path, body string) {
	v.t.Helper()
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return r.StatusCode, r.Request.URL.Path, string(b)
}

func TestOnlineBankingShowsTheCode(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		server := httptest.NewServer(w.bank.Pages())
		defer server.Close()
		v := visitOnline{t, server.URL}
		if status, _, body := v.get("/bank/online"); status != 200 || !strings.Contains(body, `id="username"`) {
			t.Fatal(status, body)
		}
		w.deliver(t, "f", achFile(t, w.clock.Now(), number))
		status, path, body := v.post("/bank/online", url.Values{"by": {"person"}, "username": {"user_good"}, "password": {"pass_good"}})
		if status != 200 || !strings.Contains(body, "#<mark>ABC</mark> WONDERWALLE ACCTVERIFY") || !strings.Contains(body, "Pending until") || !strings.Contains(body, "$110.00") {
			t.Fatal(status, body)
		}
		if status, _, body := v.get(path + "/1"); status != 200 || !strings.Contains(body, "Nothing has arrived") {
			t.Error(status, body)
		}
		for _, lost := range []string{"/99", "/-1", "/x"} {
			if status, _, _ := v.get(path + lost); status != http.StatusNotFound {
				t.Errorf("%s: %d", lost, status)
			}
		}
		w.clock.Advance(9 * 60 * 60 * 1e9)
		if status, _, _ := v.get(path); status != http.StatusGone {
			t.Errorf("nine hours later the person is still signed in: %d", status)
		}
	})
}

func TestAStatementByAccountNumber(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		server := httptest.NewServer(w.bank.Pages())
		defer server.Close()
		v := visitOnline{t, server.URL}
		w.deliver(t, "f", achFile(t, w.clock.Now(), "987654321"))
		status, path, body := v.post("/bank/online", url.Values{"by": {"account"}, "account": {"987654321"}})
		if status != 200 || !strings.Contains(body, "<mark>ABC</mark>") || !strings.Contains(body, "ending 4321") {
			t.Fatal(status, body)
		}
		if status, _, _ := v.post(path+"/sign-out", nil); status != 200 {
			t.Error(status)
		}
		if status, _, _ := v.get(path); status != http.StatusGone {
			t.Errorf("after signing out: %d", status)
		}
		for _, bad := range []string{"", "123", "123456789012345678", "12a4"} {
			if status, _, body := v.post("/bank/online", url.Values{"by": {"account"}, "account": {bad}}); status != http.StatusUnprocessableEntity || !strings.Contains(body, "4 to 17 digits") {
				t.Errorf("%q: %d", bad, status)
			}
		}
	})
}
