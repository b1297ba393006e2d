package server_test

import (
	"database/sql"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/server/servertest"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

// wire is a network connection to a database that can be cut and mended.
type wire struct {
	t      *testing.T
	target string
	addr   string

	mu       sync.Mutex
	listener net.Listener
	conns    map[net.Conn]bool
}

// wireTo puts a wire in front of the database at rawURL and returns the address
// that goes through it.
func wireTo(t *testing.T, rawURL string) (*wire, string) {
	t.Helper()
	u, err := url.Parse(rawURL)
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{t: t, target: u.Host, addr: "127.0.0.1:0", conns: map[net.Conn]bool{}}
	w.mend()
	t.Cleanup(w.cut)
	u.Host = w.addr
	return w, u.String()
}

func (w *wire) mend() {
	l, err := net.Listen("tcp", w.addr)
	if err != nil {
		w.t.Fatal(err)
	}
	w.mu.Lock()
	w.listener, w.addr = l, l.Addr().String()
	w.mu.Unlock()
	go func() {
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("tcp", w.target)
			if err != nil {
				near.Close()
				continue
			}
			w.mu.Lock()
			w.conns[near], w.conns[far] = true, true
			w.mu.Unlock()
			go pump(near, far)
			go pump(far, near)
		}
	}()
}

func pump(to, from net.Conn) {
	io.Copy(to, from)
	to.Close()
	from.Close()
}

func (w *wire) cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.listener.Close()
	for c := range w.conns {
		c.Close()
		delete(w.conns, c)
	}
}

// TestLostDatabase takes PostgreSQL away from a running server and gives it
// back: clean errors in between, no restart afterwards, nothing lost.
func TestLostDatabase(t *testing.T) {
	w, db := wireTo(t, storetest.PostgresURL(t))
	s := servertest.Start(t, servertest.DB(db), servertest.RealClock())
	create := map[string]any{"institution_id": "ins_109508", "initial_products": []string{"auth"}}
	public := s.Call(t, "/sandbox/public_token/create", create).Text("public_token")
	access := s.Call(t, "/item/public_token/exchange", map[string]any{"public_token": public}).Text("access_token")
	kept := s.Call(t, "/sandbox/public_token/create", create).Text("public_token")

	w.cut()
	for range 3 {
		for path, in := range map[string]map[string]any{
			"/sandbox/public_token/create": create,
			"/item/get":                    {"access_token": access},
			"/item/public_token/exchange":  {"public_token": kept},
		} {
			if a := s.Refused(t, path, in, "INTERNAL_SERVER_ERROR"); a.Status != http.StatusInternalServerError || a.Text("request_id") == "" {
				t.Errorf("%s without a database: %d %v", path, a.Status, a.Body)
			}
		}
	}
	if status, _ := get(t, s.URL+"/readyz"); status != http.StatusServiceUnavailable {
		t.Errorf("/readyz without a database: %d", status)
	}
	if status, _ := get(t, s.URL+"/healthz"); status != http.StatusOK {
		t.Errorf("/healthz without a database: %d", status)
	}

	w.mend()
	for end := time.Now().Add(10 * time.Second); ; {
		status, _ := get(t, s.URL+"/readyz")
		if status == http.StatusOK {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("/readyz with the database back: %d", status)
		}
	}
	s.Call(t, "/item/get", map[string]any{"access_token": access})
	s.Call(t, "/item/public_token/exchange", map[string]any{"public_token": kept})
	s.Call(t, "/sandbox/public_token/create", create)
}

// TestEndedConnections lets PostgreSQL end every connection of a running server,
// as it does when it is restarted: at worst one clean error a call, then all is
// as before.
func TestEndedConnections(t *testing.T) {
	url := storetest.PostgresURL(t)
	s := servertest.Start(t, servertest.DB(url), servertest.RealClock())
	admin, err := sql.Open("pgx", url)
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close()
	create := map[string]any{"institution_id": "ins_109508", "initial_products": []string{"auth"}}
	for range 3 {
		public := s.Call(t, "/sandbox/public_token/create", create).Text("public_token")
		if _, err := admin.Exec("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"); err != nil {
			t.Fatal(err)
		}
		var last servertest.Answer
		for range 10 {
			if last, err = s.Post(t.Context(), "/item/public_token/exchange", map[string]any{"public_token": public}); err != nil {
				t.Fatal(err)
			}
			if last.Status == http.StatusOK {
				break
			}
			if last.Text("error_code") != "INTERNAL_SERVER_ERROR" {
				t.Errorf("a connection that ended was answered with %v", last.Body)
			}
		}
		if last.Status != http.StatusOK {
			t.Errorf("the server did not find back to its database: %v", last.Body)
		}
	}
}
