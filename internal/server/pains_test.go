package server_test

import (
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestEveryPainHasItsProof reads docs/pains.md: fifteen rows, each with a cure and
// a test that exists, or the word that there is none yet.
func TestEveryPainHasItsProof(t *testing.T) {
	raw, err := os.ReadFile("../../docs/pains.md")
	if err != nil {
		t.Fatal(err)
	}
	row := regexp.MustCompile(`(?m)^\| (\d+) \| (.+?) \| (.+?) \| (.*)\|$`)
	proof := regexp.MustCompile("^`([^`]+)` `([^`]+)` $")
	rows := row.FindAllStringSubmatch(string(raw), -1)
	for i, r := range rows {
		if r[1] != strconv.Itoa(i+1) {
			t.Errorf("row %s stands where %d should be", r[1], i+1)
		}
		if r[4] == "" && strings.HasPrefix(r[3], "not yet: ") {
			continue
		}
		named := proof.FindStringSubmatch(r[4])
		if named == nil {
			t.Errorf("%s: %q names no test", r[2], r[4])
			continue
		}
		if !isTest(t, named[1], named[2]) {
			t.Errorf("%s: %s has no test %q", r[2], named[1], named[2])
		}
	}
	if len(rows) != 15 {
		t.Errorf("%d pains, want 15", len(rows))
	}
	if isTest(t, "glenchecktest/pains_test.go", "TestPain") || isTest(t, "e2e/tests/run.test.mjs", "a page") {
		t.Error("half a name passes for a test")
	}
}

// isTest reports whether a file has a test of this name.
func isTest(t *testing.T, file, name string) bool {
	t.Helper()
	text, err := os.ReadFile("../../" + file)
	if err != nil {
		t.Error(err)
		return false
	}
	if strings.HasSuffix(file, ".go") {
		return strings.Contains(string(text), "\nfunc "+name+"(t *testing.T) {\n")
	}
	return strings.Contains(string(text), "\ntest(\""+name+"\", ")
}
