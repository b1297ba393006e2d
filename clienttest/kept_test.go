package clienttest

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/api/apitest"
)

// TestKeptExchanges judges what the tests of the main module asked and were
// answered. make test keeps their exchanges and then runs this.
func TestKeptExchanges(t *testing.T) {
	dir := os.Getenv(apitest.Dir)
	if dir == "" {
		t.Skip(apitest.Dir + " names no directory with exchanges; make test does")
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.jsonl"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no exchanges were kept in %s: %v", dir, err)
	}
	contract, judged, found := official(t), 0, map[string]int{}
	for _, name := range files {
		for _, e := range readKept(t, name) {
			if !contract.Knows(e.Path) {
				continue
			}
			judged++
			if len(contract.Check(e)) == 0 {
				continue // as it is, with a null where the document wants one
			}
			e.Request = withoutNulls(e.Request)
			for _, p := range contract.Check(e) {
				if strings.Contains(p, " account_filters.") || strings.Contains(p, "metadata.account_filters.") {
					continue // the client's own object: it may hold anything and is echoed as it was sent
				}
				found[filepath.Base(name)+": "+e.Path+": "+p]++
			}
		}
	}
	problems := make([]string, 0, len(found))
	for p := range found {
		problems = append(problems, p)
	}
	slices.Sort(problems)
	for _, p := range problems {
		t.Errorf("%s (%d times)", p, found[p])
	}
	t.Logf("%d exchanges of %d test programs judged", judged, len(files))
	if judged == 0 {
		t.Error("none of the exchanges is of the official API")
	}
}

// withoutNulls takes the members that are null out of a request: Glencheck reads
// null as absent everywhere, which the document allows in places only.
func withoutNulls(body []byte) []byte {
	var v any
	if json.Unmarshal(body, &v) != nil {
		return body
	}
	out, err := json.Marshal(dropNulls(v))
	if err != nil {
		return body
	}
	return out
}

func dropNulls(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			if member == nil {
				delete(v, name)
				continue
			}
			v[name] = dropNulls(member)
		}
	case []any:
		for i := range v {
			v[i] = dropNulls(v[i])
		}
	}
	return v
}

func readKept(t *testing.T, name string) []Exchange {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all []Exchange
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var e apitest.Exchange
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			t.Fatal(err)
		}
		all = append(all, Exchange(e))
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}
