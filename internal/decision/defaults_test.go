package decision

import (
	"os"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/decision/workflow"
)

// TestDefaults: the default workflows compile and pass their own tests.
func TestDefaults(t *testing.T) {
	for _, d := range defaultWorkflows {
		raw, err := Default(d.token)
		if err != nil || len(d.token) != 32 {
			t.Fatalf("%s: %v", d.token, err)
		}
		document, err := workflow.Parse(raw)
		if err != nil {
			t.Fatalf("%s: %v", d.file, err)
		}
		if document.Name != d.name {
			t.Errorf("%s is called %s", d.file, document.Name)
		}
		v, err := workflow.Compile(document)
		if err != nil {
			t.Fatalf("%s: %v", d.file, err)
		}
		for _, f := range v.Test() {
			t.Errorf("%s: %s: %s", d.file, f.Test, f.Message)
		}
	}
}

// TestDocumentedExample: the document on the page about decisions can be published.
func TestDocumentedExample(t *testing.T) {
	page, err := os.ReadFile("../../docs/decisions.md")
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(page), "```json\n")
	example, _, _ := strings.Cut(after, "```")
	if _, err := checked([]byte(example)); err != nil {
		t.Error(err)
	}
}
