package server_test

import (
	"sync"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/decision"
	"github.com/glencheck-dev/glencheck/internal/server/servertest"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

// TestNodesStartAtOnce starts several servers on an empty PostgreSQL database at the
// same moment, as a deployment does: all of them come up, and what a sandbox begins
// with is there once.
func TestNodesStartAtOnce(t *testing.T) {
	db := storetest.PostgresURL(t)
	nodes := make([]*servertest.Server, 4)
	var starting sync.WaitGroup
	for n := range nodes {
		starting.Go(func() {
			s, err := servertest.Open(servertest.DB(db), servertest.RealClock())
			if err != nil {
				t.Errorf("node %d does not start: %v", n, err)
				return
			}
			nodes[n] = s
		})
	}
	starting.Wait()
	for _, s := range nodes {
		if s == nil {
			continue
		}
		t.Cleanup(func() {
			if err := s.Stop(); err != nil {
				t.Errorf("a node did not stop calmly: %v", err)
			}
		})
		for path, want := range map[string][2]any{
			"/v1/workflows":        {"workflows", 3},
			"/v1/journeys":         {"journeys", 1},
			"/v1/settings/reviews": {"agents", 2},
		} {
			status, a := ask(t, "GET", s.URL+"/partners/alloy"+path, published, "")
			if list, ok := a[want[0].(string)].([]any); status != 200 || !ok || len(list) != want[1] {
				t.Errorf("%s: status %d, %d of %s, want %v", path, status, len(list), want[0], want[1])
			}
		}
		for _, token := range []string{decision.OwnershipWorkflow, decision.IdentityWorkflow, decision.UnderwritingWorkflow} {
			if status, a := ask(t, "GET", s.URL+"/partners/alloy/v1/parameters", token+":"+decision.SandboxSecret, ""); status != 200 {
				t.Errorf("%s: %d %v", token, status, a)
			}
		}
	}
}
