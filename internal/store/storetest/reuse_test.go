package storetest

import (
	"context"
	"database/sql"
	"testing"
)

// What a test leaves in a database, the next one does not find.
func TestADatabaseIsAsNewAgain(t *testing.T) {
	url := func(what string) (address string) {
		t.Run(what, func(t *testing.T) { address = PostgresURL(t) }) // given back at its end
		return address
	}
	address := url("first")
	if address == "" {
		t.Skip("no PostgreSQL here")
	}
	s, err := sharedServer()
	if err != nil || !s.own {
		t.Skip("databases of another server are dropped")
	}
	again := func() *reused {
		r, err := s.take()
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	rows := func(r *reused) (counters, tokens int) {
		t.Helper()
		if err := r.db.QueryRow(`SELECT (SELECT COUNT(*) FROM rail_counter), (SELECT COUNT(*) FROM link_token_spent)`).Scan(&counters, &tokens); err != nil {
			t.Fatal(err)
		}
		return counters, tokens
	}

	r := again()
	if s.url(r.name) != address {
		t.Fatal("the database of the first test was not kept")
	}
	seeded, _ := rows(r)
	other, err := sql.Open("pgx", address)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	left, err := other.BeginTx(context.Background(), nil) // a connection that a test has forgotten
	if err != nil {
		t.Fatal(err)
	}
	defer left.Rollback()
	if _, err := r.db.Exec(`DELETE FROM rail_counter; INSERT INTO link_token_spent (token_id, session_id) VALUES ('a', 'b')`); err != nil {
		t.Fatal(err)
	}
	if err := s.give(r); err != nil {
		t.Fatal(err)
	}
	if _, err := left.Exec("SELECT 1"); err == nil {
		t.Error("the forgotten connection still works")
	}
	r = again()
	if s.url(r.name) != address {
		t.Error("it was dropped")
	}
	if counters, tokens := rows(r); counters != seeded || tokens != 0 || seeded == 0 {
		t.Errorf("%d rows of migrations, want %d; %d rows of the test", counters, seeded, tokens)
	}

	if _, err := r.db.Exec("CREATE INDEX of_a_test ON link_token_spent (session_id)"); err != nil {
		t.Fatal(err)
	}
	if err := s.give(r); err != nil {
		t.Fatal(err)
	}
	if r = again(); s.url(r.name) == address {
		t.Error("a database with another shape was kept")
	}
	if err := s.give(r); err != nil {
		t.Error(err)
	}
}
