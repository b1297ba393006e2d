package storetest

import (
	"database/sql"
	"fmt"
)

// reused is a database of this run's own server that one test after another gets.
// To empty its tables takes some milliseconds, to copy the template ten times as
// long.
type reused struct {
	name string
	db   *sql.DB // one connection, to empty it with
	uses int
}

// maxUses bounds what rows that are no longer there leave behind in the files.
const maxUses = 100

// seeds are the rows that migrations make: kept beside the tables in the template.
const seeds = `CREATE SCHEMA seeds; DO $$ DECLARE r record; filled boolean; BEGIN
	FOR r IN SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace LOOP
		EXECUTE format('SELECT EXISTS (SELECT 1 FROM public.%I)', r.relname) INTO filled;
		IF filled THEN EXECUTE format('CREATE TABLE seeds.%I AS TABLE public.%I', r.relname, r.relname); END IF;
	END LOOP; END $$`

// hangUp ends every other connection to the database and waits until it is gone.
const hangUp = `SELECT COALESCE(bool_and(pg_terminate_backend(pid, 5000)), TRUE) FROM pg_stat_activity
	WHERE datname = current_database() AND pid <> pg_backend_pid()`

// refill leaves the rows of the template, and no other. Triggers and foreign keys
// rest meanwhile.
const refill = `DO $$ DECLARE r record; filled boolean; BEGIN
	SET LOCAL session_replication_role = replica;
	FOR r IN SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace LOOP
		EXECUTE format('SELECT EXISTS (SELECT 1 FROM public.%I)', r.relname) INTO filled;
		IF filled THEN EXECUTE format('DELETE FROM public.%I', r.relname); END IF;
	END LOOP;
	FOR r IN SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'seeds'::regnamespace LOOP
		EXECUTE format('INSERT INTO public.%I OVERRIDING SYSTEM VALUE SELECT * FROM seeds.%I', r.relname, r.relname);
	END LOOP; END $$`

// shape tells apart databases of which a test has changed more than rows.
const shape = `SELECT md5(string_agg(line, E'\n' ORDER BY line)) FROM (
	SELECT concat_ws(' ', c.relname, c.relkind, a.attname, a.atttypid, a.attnotnull) AS line
		FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 WHERE c.relnamespace = 'public'::regnamespace
	UNION ALL SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
	UNION ALL SELECT pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE c.relnamespace = 'public'::regnamespace
	UNION ALL SELECT pg_get_indexdef(indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid WHERE c.relnamespace = 'public'::regnamespace
) AS lines`

// take hands out a database with the rows of the template.
func (s *server) take() (*reused, error) {
	s.mu.Lock()
	if n := len(s.free); n > 0 {
		r := s.free[n-1]
		s.free = s.free[:n-1]
		s.mu.Unlock()
		return r, nil
	}
	s.mu.Unlock()
	name := fmt.Sprintf("%s_%d", s.prefix, s.count.Add(1))
	if _, err := s.admin.Exec("CREATE DATABASE " + name + " TEMPLATE " + s.tmpl); err != nil {
		return nil, err
	}
	db, err := sql.Open("pgx", s.url(name))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	return &reused{name: name, db: db}, nil
}

// give takes a database back: for the next test, or to drop it where it cannot be
// made as it was.
func (s *server) give(r *reused) error {
	r.uses++
	if s.own && r.uses < maxUses && s.empty(r) {
		s.mu.Lock()
		s.free = append(s.free, r)
		s.mu.Unlock()
		return nil
	}
	if err := r.db.Close(); err != nil {
		return err
	}
	_, err := s.admin.Exec("DROP DATABASE " + r.name + " WITH (FORCE)")
	return err
}

// empty reports whether the database is as the template again.
func (s *server) empty(r *reused) bool {
	var alone bool
	if err := r.db.QueryRow(hangUp).Scan(&alone); err != nil || !alone {
		return false
	}
	var now string
	if err := r.db.QueryRow(shape).Scan(&now); err != nil || now != s.shape {
		return false
	}
	_, err := r.db.Exec(refill)
	return err == nil
}
