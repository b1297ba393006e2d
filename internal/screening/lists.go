package screening

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/screening/list"
	"github.com/glencheck-dev/glencheck/internal/screening/match"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// sandbox.json has the entries that a sandbox always has: those that Plaid documents
// for tests (identity-verification.md section 6.6), whose numbers and dates are public,
// and some that are made up.
//
//go:embed sandbox.json
var sandboxJSON []byte

// kept is an entry as it is stored: with the time at which the list first had it.
type kept struct {
	Since int64 `json:"since"`
	list.Entry
}

// indexes are those of all lists, made when they are first needed and again when a list
// has changed.
type indexes struct {
	mu      sync.Mutex
	digests string
	of      map[list.Kind]*searchable
}

// searchable is an index with what it does not know of its entries.
type searchable struct {
	*match.Index
	since []int64
	have  map[string]bool // code and uid
}

// Loaded is a list as it was loaded last.
type Loaded struct {
	Code     string
	Version  int64
	Digest   string
	Source   string
	Entries  int64
	LoadedAt time.Time
}

const (
	selectLists = `SELECT code, version, digest, source, entries, loaded_at FROM screening_list ORDER BY code`
	selectParts = `SELECT body FROM screening_list_part WHERE code = $1 ORDER BY part`
	// holdList keeps other nodes from loading the same list until the transaction ends.
	holdList = `INSERT INTO screening_list (code, version, digest, source, entries, loaded_at) VALUES ($1, 0, '', '', 0, 0)
 ON CONFLICT (code) DO UPDATE SET version = screening_list.version`
	updateList  = `UPDATE screening_list SET version = version + 1, digest = $2, source = $3, entries = $4, loaded_at = $5 WHERE code = $1`
	deleteParts = `DELETE FROM screening_list_part WHERE code = $1`
	insertPart  = `INSERT INTO screening_list_part (code, part, body) VALUES ($1, $2, $3)`
)

// Lists are the lists that were loaded.
func (s *Service) Lists(ctx context.Context) ([]Loaded, error) { return lists(ctx, s.db) }

func lists(ctx context.Context, from reader) ([]Loaded, error) {
	return collect(ctx, from, func(scan func(...any) error) (Loaded, error) {
		var l Loaded
		var at int64
		err := scan(&l.Code, &l.Version, &l.Digest, &l.Source, &l.Entries, &at)
		l.LoadedAt = clock.FromMillis(at)
		return l, err
	}, selectLists)
}

// indexOf is the index of the entries of a kind, of the lists as they are now.
func (s *Service) indexOf(ctx context.Context, kind list.Kind) (*searchable, error) {
	loaded, err := s.Lists(ctx)
	if err != nil {
		return nil, fmt.Errorf("screening: lists: %w", err)
	}
	s.index.mu.Lock()
	defer s.index.mu.Unlock()
	if s.index.of != nil && s.index.digests == digests(loaded) {
		return s.index.of[kind], nil
	}
	return s.makeIndexes(ctx, kind)
}

// digests tells one state of all lists from another.
func digests(loaded []Loaded) string {
	var b strings.Builder
	for _, l := range loaded {
		fmt.Fprintf(&b, "%s:%s:%d;", l.Code, l.Digest, clock.Millis(l.LoadedAt))
	}
	return b.String()
}

// makeIndexes reads every list, all as they are at one moment.
func (s *Service) makeIndexes(ctx context.Context, kind list.Kind) (*searchable, error) {
	entries, since := map[list.Kind][]match.Entry{}, map[list.Kind][]int64{}
	add := func(code string, all []kept) {
		for _, e := range all {
			entries[e.Kind] = append(entries[e.Kind], match.Entry{Code: code, Entry: e.Entry})
			since[e.Kind] = append(since[e.Kind], e.Since)
		}
	}
	if s.cfg.Sandbox {
		own, err := sandboxLists()
		if err != nil {
			return nil, err
		}
		for _, l := range own {
			add(l.Code, l.Entries)
		}
	}
	var state string
	err := s.db.Read(ctx, func(tx *store.Tx) error {
		loaded, err := lists(ctx, tx)
		if err != nil {
			return err
		}
		state = digests(loaded)
		for _, l := range loaded {
			all, err := entriesOf(ctx, tx, l.Code)
			if err != nil {
				return err
			}
			add(l.Code, all)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("screening: lists: %w", err)
	}
	of := map[list.Kind]*searchable{}
	for _, k := range []list.Kind{list.Individual, list.Entity} {
		x := &searchable{match.New(k, entries[k]), since[k], map[string]bool{}}
		for i := range entries[k] {
			x.have[entries[k][i].Code+" "+entries[k][i].UID] = true
		}
		of[k] = x
	}
	s.index.of, s.index.digests = of, state
	return of[kind], nil
}

// listed reports whether a list has an entry.
func (x *searchable) listed(code, uid string) bool { return x.have[code+" "+uid] }

// sandboxLists are the lists that a sandbox always has.
func sandboxLists() ([]sandboxList, error) {
	var all []sandboxList
	if err := json.Unmarshal(sandboxJSON, &all); err != nil {
		return nil, fmt.Errorf("screening: sandbox.json: %w", err)
	}
	since := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli()
	for _, l := range all {
		for i := range l.Entries {
			l.Entries[i].Since = since
		}
	}
	return all, nil
}

type sandboxList struct {
	Code    string `json:"list_code"`
	Entries []kept `json:"entries"`
}

// entriesOf reads the entries of a list.
func entriesOf(ctx context.Context, from reader, code string) ([]kept, error) {
	parts, err := collect(ctx, from, func(scan func(...any) error) (string, error) {
		var body string
		err := scan(&body)
		return body, err
	}, selectParts, code)
	if err != nil {
		return nil, err
	}
	var all []kept
	for _, body := range parts {
		part, err := unpack(body)
		if err != nil {
			return nil, fmt.Errorf("list %s: %w", code, err)
		}
		all = append(all, part...)
	}
	return all, nil
}

// perPart is how many entries are kept in a row.
const perPart = 1000

func pack(entries []kept) (string, error) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if err := errors.Join(json.NewEncoder(z).Encode(entries), z.Close()); err != nil {
		return "", err
	}
	return base64.StdEncoding.EncodeToString(b.Bytes()), nil
}

func unpack(body string) (entries []kept, err error) {
	z, err := gzip.NewReader(base64.NewDecoder(base64.StdEncoding, strings.NewReader(body)))
	if err != nil {
		return nil, err
	}
	raw, err := io.ReadAll(z)
	if err != nil {
		return nil, err
	}
	return entries, json.Unmarshal(raw, &entries)
}

// load replaces a list. It reports what the list is now, and whether it has changed;
// one with the same entries is left as it is. The screenings are searched for anew by
// a job.
func (s *Service) load(ctx context.Context, code, source string, entries []list.Entry) (Loaded, bool, error) {
	raw, err := json.Marshal(entries)
	if err != nil {
		return Loaded{}, false, err
	}
	sum := sha256.Sum256(raw)
	digest := hex.EncodeToString(sum[:])
	var now Loaded
	changed := false
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.Exec(ctx, holdList, code); err != nil {
			return err
		}
		loaded, err := lists(ctx, tx)
		if err != nil {
			return err
		}
		changed = true
		for _, l := range loaded {
			if l.Code == code && l.Digest == digest {
				now, changed = l, false
				return nil
			}
		}
		now, err = s.replace(ctx, tx, Loaded{Code: code, Digest: digest, Source: source, Entries: int64(len(entries))}, entries)
		return err
	})
	if err != nil {
		return Loaded{}, false, fmt.Errorf("screening: list %s: %w", code, err)
	}
	return now, changed, nil
}

func (s *Service) replace(ctx context.Context, tx *store.Tx, l Loaded, entries []list.Entry) (Loaded, error) {
	had, err := entriesOf(ctx, tx, l.Code)
	if err != nil {
		return l, err
	}
	since := make(map[string]int64, len(had))
	for _, e := range had {
		since[e.UID] = e.Since
	}
	now := clock.Millis(s.clock.Now())
	all := make([]kept, len(entries))
	for i, e := range entries {
		all[i] = kept{now, e}
		if t := since[e.UID]; t > 0 {
			all[i].Since = t
		}
	}
	if _, err := tx.Exec(ctx, deleteParts, l.Code); err != nil {
		return l, err
	}
	for part := 0; part*perPart < len(all); part++ {
		body, err := pack(all[part*perPart : min((part+1)*perPart, len(all))])
		if err != nil {
			return l, err
		}
		if _, err := tx.Exec(ctx, insertPart, l.Code, part, body); err != nil {
			return l, err
		}
	}
	if _, err := tx.Exec(ctx, updateList, l.Code, l.Digest, l.Source, l.Entries, now); err != nil {
		return l, err
	}
	if err := tx.QueryRow(ctx, `SELECT version FROM screening_list WHERE code = $1`, l.Code).Scan(&l.Version); err != nil {
		return l, err
	}
	l.LoadedAt = clock.FromMillis(now)
	return l, s.sweepSoon(ctx, tx)
}

func decodeProgram(body string, p *Program) error { return json.Unmarshal([]byte(body), p) }

func encodeProgram(p *Program) (string, error) {
	raw, err := json.Marshal(p)
	return string(raw), err
}
