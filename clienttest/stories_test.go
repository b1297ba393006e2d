package clienttest

import (
	"testing"

	"github.com/glencheck-dev/glencheck/internal/server/servertest"
)

// TestStoriesKeepTheContract tells every story once more and checks each
// request and answer of it against the official document.
func TestStoriesKeepTheContract(t *testing.T) {
	contract := official(t)
	servertest.Stories(t, "../internal/server/testdata", false, func(t *testing.T) *servertest.Server {
		s := servertest.Start(t)
		check := &Transport{Contract: contract, Base: s.Client.Transport}
		s.Client.Transport = check
		t.Cleanup(func() {
			for _, p := range check.Problems() {
				t.Error(p)
			}
			if check.Checked() == 0 {
				t.Error("the story made no call that could be checked")
			}
		})
		return s
	})
}
