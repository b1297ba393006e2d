package item_test

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

var primaryButton = regexp.MustCompile(`id="aut-button"[^>]*>([^<]+)<`)

// TestErrorPasswords logs in with every password error_<CODE>, closes Link on the
// pane that follows, and compares what the app is told with testdata/errors.txt:
// the error's type and code, the pane with its ways on, and the exit_status
// (link-web.md sections 1.6 and 4.11).
func TestErrorPasswords(t *testing.T) {
	const file = "testdata/errors.txt"
	d := newDesk(t, simulated(t, storetest.SQLite(t)))
	var b strings.Builder
	for _, code := range institution.ForcibleCodes() {
		g := d.guest(t).submit().pick("ins_109508")
		before := len(g.events)
		g.submit("username=user_good", "password=error_"+code)
		var told string
		for _, e := range g.events[before:] {
			if e.Name == "ERROR" {
				told += " " + *e.Metadata.ErrorType + "/" + *e.Metadata.ErrorCode
			}
		}
		var ways []string
		if m := primaryButton.FindStringSubmatch(g.html); m != nil {
			ways = append(ways, m[1])
		}
		for _, c := range g.Choices {
			ways = append(ways, c.Label)
		}
		view, title := g.View, g.Title
		g.close(true)
		fmt.Fprintf(&b, "%s:%s\n  %s %q [%s]\n  onExit %s\n", code, told, view, title, strings.Join(ways, ", "), g.result())
	}
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("%s (-want +got); -update rewrites it:\n%s", file, diff)
	}
}
