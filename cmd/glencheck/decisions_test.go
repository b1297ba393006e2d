package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/decision"
	"github.com/glencheck-dev/glencheck/internal/decision/workflow"
)

// TestDecisions verifies a record and a document on files, and finds what was changed.
func TestDecisions(t *testing.T) {
	raw, err := decision.Default(decision.OwnershipWorkflow)
	if err != nil {
		t.Fatal(err)
	}
	d, err := workflow.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	v, err := workflow.Compile(d)
	if err != nil {
		t.Fatal(err)
	}
	c := workflow.Case{Input: map[string]any{"name_last": "Charleson"}, Now: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)}
	result, err := v.Decide(c).Bytes()
	if err != nil {
		t.Fatal(err)
	}
	record, err := json.Marshal(workflow.Record{Document: raw, Version: v.Hash, Case: c, Result: result})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, try := range []struct {
		command, file string
		code          int
		says          string
	}{
		{"verify", write("record.json", string(record)), 0, "Manual Review, the same again"},
		{"verify", write("changed.json", strings.Replace(string(record), `"input":{"name_last":"Charleson"}`, `"input":{}`, 1)), 1, "differs from the record"},
		{"test", write("document.json", string(raw)), 0, "7 rules, 12 tests passed"},
		{"test", write("fails.json", strings.Replace(string(raw), "name_score < 50", "name_score < 60", 1)), 1, "the name agrees in part"},
		{"test", write("broken.json", strings.Replace(string(raw), "name_score < 50", "nam_score < 50", 1)), 1, "rules[2].when:1:21: undefined field 'nam_score'"},
	} {
		var out, errs bytes.Buffer
		code := run(&environment{t.Context(), &out, func() float64 { return 0 }}, []string{"decisions", try.command, try.file}, &errs)
		if said := out.String() + errs.String(); code != try.code || !strings.Contains(said, try.says) {
			t.Errorf("%s %s: %d: %s", try.command, filepath.Base(try.file), code, said)
		}
	}
}
