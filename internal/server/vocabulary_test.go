package server_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/link"
)

// spoken finds words that apps are told in golden files: as JSON in the stories of
// this room, as name=value and indented events in those of item.
var spoken = []struct {
	what  string
	find  *regexp.Regexp
	known []string
	least int // how many different ones must be found: that the search works
}{
	{"event_name", regexp.MustCompile(`"event_name": "([^"]*)"|(?m:^    ([A-Z][A-Z_]+)(?: [a-z_]+=|$))`), link.EventNames, 10},
	{"view_name", regexp.MustCompile(`"view_name": "([^"]*)"|\bview_name=(\S+)`), link.Views, 9},
	{"mfa_type", regexp.MustCompile(`"mfa_type": "([^"]*)"|\bmfa_type=(\S+)`), link.MFATypes, 4},
	{"exit_status", regexp.MustCompile(`"exit_status": "([^"]*)"|\bexit_status=(\S+)`), link.ExitStatuses, 7},
	{"match_reason", regexp.MustCompile(`"match_reason": "([^"]*)"|\bmatch_reason=(\S+)`), link.MatchReasons, 1},
}

// TestOnlyDocumentedWordsAreTold looks at every golden story for events, views
// and statuses that no documentation knows (link-web.md sections 1.6 and 2).
func TestOnlyDocumentedWordsAreTold(t *testing.T) {
	files, err := filepath.Glob("../*/testdata/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range spoken {
		seen := map[string]bool{}
		for _, name := range files {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, found := range s.find.FindAllStringSubmatch(string(text), -1) {
				word := found[1] + found[2]
				if seen[word] = true; !slices.Contains(s.known, word) {
					t.Errorf("%s: %s %q is not documented", name, s.what, word)
				}
			}
		}
		if len(seen) < s.least {
			t.Errorf("only %d different words of %s were found: %v", len(seen), s.what, seen)
		}
	}
}
