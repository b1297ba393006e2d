package server

import (
	"context"
	"log/slog"
	"testing"
)

// TestEveryPaneCanBeDrawn parses the templates of all panes of Link, which a server
// leaves until each is drawn for the first time.
func TestEveryPaneCanBeDrawn(t *testing.T) {
	t.Parallel()
	s, err := New(context.Background(), Config{Addr: "127.0.0.1:0", DB: ":memory:", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.rooms.sessions.ParsePanes(); err != nil {
		t.Error(err)
	}
}
