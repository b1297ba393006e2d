package server_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/server/servertest"
)

const coveragePage = "../../docs/coverage.md"

// TestCoveragePage keeps docs/coverage.md true: it is made from the endpoints
// that the server answers and the paths that Plaid documents.
func TestCoveragePage(t *testing.T) {
	s := servertest.Start(t)
	want := coverage(s.Endpoints(), s.Unsupported())
	if *update {
		if err := os.WriteFile(coveragePage, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(coveragePage)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("docs/coverage.md is not what the server answers; run: go test ./internal/server -run Coverage -update")
	}
}

// TestEveryEndpointIsDocumented finds paths of our own making that look like
// Plaid's: only the levers of the sandbox may be ours.
func TestEveryEndpointIsDocumented(t *testing.T) {
	for _, e := range servertest.Start(t).Endpoints() {
		if !plaid.IsPath(e.Path) && !(e.SandboxOnly && strings.HasPrefix(e.Path, "/sandbox/")) {
			t.Errorf("%s is neither documented by Plaid nor a lever of the sandbox", e.Path)
		}
		if e.Summary == "" {
			t.Errorf("%s has no summary", e.Path)
		}
		if strings.HasPrefix(e.Path, "/sandbox/") && !e.SandboxOnly {
			t.Errorf("%s answers outside the sandbox", e.Path)
		}
	}
}

func coverage(endpoints []api.Endpoint, unsupported []string) string {
	served, own := map[string]string{}, []string{}
	for _, e := range endpoints {
		served[e.Path] = e.Summary
		if !plaid.IsPath(e.Path) {
			own = append(own, fmt.Sprintf("| `%s` | %s |\n", e.Path, e.Summary))
		}
	}
	groups, missing := map[string][]string{}, map[string][]string{}
	total, have := 0, 0
	for _, p := range plaid.Paths() {
		total++
		group := strings.Split(p.Path, "/")[1]
		if summary, ok := served[p.Path]; ok {
			have++
			groups[group] = append(groups[group], fmt.Sprintf("| `%s` | %s |\n", p.Path, summary))
			continue
		}
		missing[group] = append(missing[group], "`"+p.Path+"`")
	}
	var b strings.Builder
	fmt.Fprintf(&b, `# Coverage

Made by a test from the endpoints in the code; do not edit it.

Glencheck answers %d of the %d operations of the official OpenAPI document. The
others answer 501 with the error code `+"`NOT_SUPPORTED`"+`.

## Served

| path | |
|---|---|
`, have, total)
	for _, group := range sorted(groups) {
		b.WriteString(strings.Join(groups[group], ""))
	}
	b.WriteString("\n## Our own, in the sandbox only\n\n| path | |\n|---|---|\n")
	slices.Sort(own)
	b.WriteString(strings.Join(own, ""))
	b.WriteString("\n## Served in part\n\nThese members of a request answer 501 with `NOT_SUPPORTED` too:\n\n")
	for _, u := range unsupported {
		fmt.Fprintf(&b, "- %s\n", u)
	}
	b.WriteString("\n## Not served\n\n")
	for _, group := range sorted(missing) {
		fmt.Fprintf(&b, "- %s: %s\n", group, strings.Join(missing[group], ", "))
	}
	return b.String()
}

func sorted(m map[string][]string) []string {
	var names []string
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
