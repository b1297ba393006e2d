package server_test

import (
	"flag"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/server/servertest"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

var update = flag.Bool("update", false, "rewrite the stories and generated pages with what the server does now")

// TestStories tells every story on both databases. The texts are the same, so
// the answers are.
func TestStories(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		servertest.Stories(t, "testdata", *update, func(t *testing.T) *servertest.Server {
			return servertest.Start(t, servertest.DB(storetest.SQLiteFile(t)))
		})
	})
	t.Run("postgres", func(t *testing.T) {
		servertest.Stories(t, "testdata", false, func(t *testing.T) *servertest.Server {
			return servertest.Start(t, servertest.DB(storetest.PostgresURL(t)))
		})
	})
}
