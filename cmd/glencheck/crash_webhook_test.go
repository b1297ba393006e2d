package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

// mailbox receives webhooks and counts them by the path of their address. It keeps
// the first copy of one of each Item without an answer until the sender is gone.
type mailbox struct {
	server *httptest.Server
	mu     sync.Mutex
	got    map[string]int
	news   chan struct{} // closed and replaced at each webhook
	gone   chan struct{} // closed when the sender was killed
}

func newMailbox(t *testing.T) *mailbox {
	m := &mailbox{got: map[string]int{}, news: make(chan struct{}), gone: make(chan struct{})}
	m.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			return
		}
		m.mu.Lock()
		m.got[r.URL.Path]++
		keep := strings.HasSuffix(r.URL.Path, "/3") && m.got[r.URL.Path] == 1
		close(m.news)
		m.news = make(chan struct{})
		m.mu.Unlock()
		if keep {
			<-m.gone
		}
	}))
	t.Cleanup(m.server.Close)
	return m
}

// has waits until every address of a list has got its webhook, and counts the
// copies beyond the first.
func (m *mailbox) has(t *testing.T, want map[string]bool) (copies int) {
	t.Helper()
	for {
		m.mu.Lock()
		missing, news := 0, m.news
		copies = 0
		for path := range want {
			if m.got[path] == 0 {
				missing++
			}
		}
		for _, n := range m.got {
			copies += n - 1
		}
		m.mu.Unlock()
		if missing == 0 {
			return copies
		}
		select {
		case <-news:
		case <-time.After(30 * time.Second):
			t.Fatalf("%d of %d acknowledged webhooks never came", missing, len(want))
		}
	}
}

// TestKillLosesNoWebhook kills a server while webhooks are on their way: on SQLite
// and on PostgreSQL the next one delivers what this one had in hand, and of two
// nodes the other one does.
func TestKillLosesNoWebhook(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program and kills it")
	}
	t.Run("sqlite", func(t *testing.T) { killInDelivery(t, filepath.Join(t.TempDir(), "state.db"), false) })
	t.Run("postgres", func(t *testing.T) { killInDelivery(t, storetest.PostgresURL(t), false) })
	t.Run("two nodes", func(t *testing.T) { killInDelivery(t, storetest.PostgresURL(t), true) })
}

func killInDelivery(t *testing.T, db string, two bool) {
	box := newMailbox(t)
	victim := startProcess(t, db)
	other := victim
	if two {
		other = startProcess(t, db)
	}
	acknowledged := askForWebhooks(t, box, victim, other, 150)
	victim.kill()
	close(box.gone)
	if !two {
		other = startProcess(t, db)
	}
	copies := box.has(t, acknowledged)
	if err := other.stop(); err != nil {
		t.Errorf("the server did not stop calmly: %v\n%s", err, other.logged())
	}
	lost := unknownOutcomes(t, db)
	if copies == 0 || copies > lost {
		t.Errorf("%d copies, %d tries whose outcome is not known", copies, lost)
	}
	t.Logf("%d webhooks acknowledged and delivered, %d of them twice, %d tries of unknown outcome", len(acknowledged), copies, lost)
}

// askForWebhooks lets workers change the addresses of Items until enough changes
// were acknowledged, each of which is told to its new address, and kills the victim
// while they go on. Its answer is the paths of those that were acknowledged.
func askForWebhooks(t *testing.T, box *mailbox, victim, other *process, enough int) map[string]bool {
	var mu sync.Mutex
	acknowledged := map[string]bool{}
	var workers sync.WaitGroup
	for w := range 12 {
		p := victim
		if w%2 == 1 {
			p = other
		}
		workers.Go(func() {
			made, ok := p.post("/sandbox/public_token/create", map[string]any{"institution_id": "ins_109508", "initial_products": []string{"auth"}})
			if !ok {
				return
			}
			item, ok := p.post("/item/public_token/exchange", map[string]any{"public_token": made["public_token"]})
			for n := 0; ok; n++ {
				path := fmt.Sprintf("/%d/%d", w, n)
				_, ok = p.post("/item/webhook/update", map[string]any{"access_token": item["access_token"], "webhook": box.server.URL + path})
				mu.Lock()
				if ok {
					acknowledged[path] = true
				}
				if len(acknowledged) >= enough {
					if !victim.killed() {
						victim.cmd.Process.Kill()
					}
					ok = ok && p != victim && n < 2*enough && len(acknowledged) < enough+50
				}
				mu.Unlock()
			}
		})
	}
	workers.Wait()
	if len(acknowledged) < enough {
		t.Fatalf("%d webhooks were acknowledged:\n%s", len(acknowledged), victim.logged())
	}
	return acknowledged
}

// killed reports whether the process has ended.
func (p *process) killed() bool {
	select {
	case err := <-p.done:
		p.done <- err
		return true
	default:
		return false
	}
}

// unknownOutcomes counts the tries of which nobody knows how they ended.
func unknownOutcomes(t *testing.T, url string) (n int) {
	t.Helper()
	db, err := store.Open(context.Background(), url, store.Options{NoMigrate: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	err = db.QueryRow(context.Background(), "SELECT COUNT(*) FROM webhook_attempt WHERE error LIKE '%may have arrived%'").Scan(&n)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
