package decision

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/vault"
)

// Audit keeps who did what, each line bound to the one before it. Its methods are
// safe for concurrent use.
type Audit struct {
	db    *store.DB
	vault *vault.Vault
	clock *clock.Clock
}

// NewAudit returns the audit trail of a database.
func NewAudit(db *store.DB, v *vault.Vault, c *clock.Clock) *Audit { return &Audit{db, v, c} }

// Entry is something that was done. Before and After may hold personal data: they
// are sealed.
type Entry struct {
	Account string
	Actor   string // a name of credentials, "agent:" and a token, or "system"
	Action  string // such as entity.update
	Object  string // the token of what it was done to
	Before  any    // nil for nothing
	After   any
}

// Line is an Entry as the trail holds it.
type Line struct {
	Account string          `json:"account"`
	Number  int64           `json:"number"` // from 1, without a gap
	At      int64           `json:"timestamp"`
	Actor   string          `json:"actor"`
	Action  string          `json:"action"`
	Object  string          `json:"object"`
	Before  json.RawMessage `json:"before,omitempty"`
	After   json.RawMessage `json:"after,omitempty"`
	Purged  bool            `json:"purged"` // before and after are gone
	Digest  string          `json:"digest"` // of before and after
	Hash    string          `json:"hash"`   // of this line and of the hash before it

	sealed string
}

// change is what a line seals.
type change struct {
	Before json.RawMessage `json:"before"`
	After  json.RawMessage `json:"after"`
}

// Add writes a line in the transaction of what was done. The lines of an account
// are written one after the other.
func (a *Audit) Add(ctx context.Context, tx *store.Tx, e Entry) error {
	before, err := json.Marshal(e.Before)
	if err != nil {
		return fmt.Errorf("decision: audit: %w", err)
	}
	after, err := json.Marshal(e.After)
	if err != nil {
		return fmt.Errorf("decision: audit: %w", err)
	}
	plain, err := json.Marshal(change{before, after})
	if err != nil {
		return fmt.Errorf("decision: audit: %w", err)
	}
	l := Line{Account: e.Account, At: clock.Millis(a.clock.Now()), Actor: e.Actor, Action: e.Action, Object: e.Object, Digest: a.digest(plain)}
	last := ""
	if err := tx.QueryRow(ctx, advanceAudit, e.Account).Scan(&l.Number, &last); err != nil {
		return fmt.Errorf("decision: audit: %w", err)
	}
	l.Hash = l.hash(last)
	if l.sealed, err = a.vault.Seal(plain, l.row()); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, insertAudit, l.Account, l.Number, l.At, l.Actor, l.Action, l.Object, l.sealed, l.Digest, l.Hash); err != nil {
		return fmt.Errorf("decision: audit: %w", err)
	}
	if err := tx.ExecOne(ctx, setAuditHash, l.Account, l.Hash); err != nil {
		return fmt.Errorf("decision: audit: %w", err)
	}
	return nil
}

// digest is a fingerprint of what a line seals that tells nothing of it.
func (a *Audit) digest(plain []byte) string { return a.vault.Index("decision.audit", string(plain)) }

// row binds what a line seals to its place.
func (l *Line) row() string { return "audit:" + l.Account + ":" + strconv.FormatInt(l.Number, 10) }

// hash binds a line to the one before it. Its parts are counted, so that no two
// lines read alike.
func (l *Line) hash(last string) string {
	h := sha256.New()
	for _, part := range []string{"glencheck-audit-1", last, l.Account, strconv.FormatInt(l.Number, 10), strconv.FormatInt(l.At, 10), l.Actor, l.Action, l.Object, l.Digest} {
		fmt.Fprintf(h, "%d:%s,", len(part), part)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// List reads lines of an account in their order, after a number.
func (a *Audit) List(ctx context.Context, account string, after int64, limit int) ([]Line, error) {
	lines, err := a.read(ctx, account, after, limit)
	if err != nil {
		return nil, err
	}
	for i := range lines {
		if err := a.open(&lines[i]); err != nil {
			return nil, err
		}
	}
	return lines, nil
}

// Accounts lists who has a trail.
func (a *Audit) Accounts(ctx context.Context) ([]string, error) {
	heads, err := a.heads(ctx)
	accounts := make([]string, len(heads))
	for i, h := range heads {
		accounts[i] = h.Account
	}
	return accounts, err
}

// open opens what a line seals.
func (a *Audit) open(l *Line) error {
	if l.Purged = l.sealed == ""; l.Purged {
		l.Before, l.After = json.RawMessage("null"), json.RawMessage("null")
		return nil
	}
	var c change
	if err := a.vault.OpenJSON(l.sealed, l.row(), &c); err != nil {
		return err
	}
	l.Before, l.After = c.Before, c.After
	return nil
}

// purge forgets what the lines about an object seal. The lines stay.
func (a *Audit) purge(ctx context.Context, tx *store.Tx, object string) error {
	_, err := tx.Exec(ctx, purgeAudit, object)
	return err
}

// Finding is a place at which a trail does not hold.
type Finding struct {
	Account string `json:"account"`
	Number  int64  `json:"number"` // of the line
	Problem string `json:"problem"`
}

// Verified is what became of a verification.
type Verified struct {
	Lines    int64             `json:"lines"`
	Heads    map[string]string `json:"heads"` // the last hash of each account, to keep elsewhere
	Findings []Finding         `json:"findings"`

	expect []string // hashes that were not found yet
}

// actionPurge is the action of lines that say that an object was purged.
const actionPurge = "entity.purge"

// verifyPage is how many lines are read at a time.
const verifyPage = 500

// Verify reads every trail and finds what was changed, removed or put in between.
// What was cut off at the end together with the head shows only beside a head that
// was kept elsewhere: Heads is there for that, and expect are such hashes, each of
// which must still be in a trail.
func (a *Audit) Verify(ctx context.Context, expect ...string) (Verified, error) {
	v := Verified{Heads: map[string]string{}, Findings: []Finding{}, expect: slices.Clone(expect)}
	heads, err := a.heads(ctx)
	if err != nil {
		return v, err
	}
	for _, h := range heads {
		if err := a.verify(ctx, h, &v); err != nil {
			return v, err
		}
		v.Heads[h.Account] = h.Hash
	}
	stray, err := a.headless(ctx)
	for _, account := range stray {
		v.Findings = append(v.Findings, Finding{account, 0, "the trail has no head"})
	}
	for range v.expect {
		v.Findings = append(v.Findings, Finding{"(any)", 0, "a hash that was expected is in no trail"})
	}
	return v, err
}

// verify reads the trail of one account. head has its last number and hash.
func (a *Audit) verify(ctx context.Context, head Line, v *Verified) error {
	found := func(n int64, problem string) { v.Findings = append(v.Findings, Finding{head.Account, n, problem}) }
	last, number := "", int64(0)
	gone := map[string]int64{} // objects whose lines seal nothing any more, and the first of them
	for {
		lines, err := a.read(ctx, head.Account, number, verifyPage)
		if err != nil {
			return err
		}
		for i := range lines {
			l := &lines[i]
			if l.Number != number+1 {
				found(number+1, "lines are missing")
			}
			if l.Hash != l.hash(last) {
				found(l.Number, "the line was changed, or the one before it")
			}
			if problem := a.contentProblem(l); problem != "" {
				found(l.Number, problem)
			}
			switch {
			case l.Action == actionPurge:
				delete(gone, l.Object)
			case l.sealed == "" && gone[l.Object] == 0:
				gone[l.Object] = l.Number
			}
			v.expect = slices.DeleteFunc(v.expect, func(h string) bool { return h == l.Hash })
			last, number = l.Hash, l.Number
			v.Lines++
		}
		if len(lines) < verifyPage {
			break
		}
	}
	if number != head.Number || last != head.Hash {
		found(number+1, "the end of the trail is missing, or its head was changed")
	}
	for _, n := range slices.Sorted(maps.Values(gone)) {
		found(n, "what the line sealed is gone, and no purge says so")
	}
	return nil
}

// contentProblem compares what a line seals with its digest.
func (a *Audit) contentProblem(l *Line) string {
	if l.sealed == "" {
		return "" // purged; that it was is a line of its own
	}
	plain, err := a.vault.Open(l.sealed, l.row())
	if err != nil {
		return "what the line seals does not open"
	}
	if a.digest(plain) != l.Digest {
		return "what the line seals was changed"
	}
	return ""
}

// actor is who does something by a call: an agent whom it names, or its credentials.
func actor(key, agent string) string {
	if agent != "" {
		return "agent:" + agent
	}
	if key == "" {
		return "system"
	}
	return key
}

// ErrAudit says that a trail does not hold.
var ErrAudit = errors.New("the audit trail does not hold")

// String is a report for people.
func (v Verified) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d lines in %d trails\n", v.Lines, len(v.Heads))
	for _, f := range v.Findings {
		fmt.Fprintf(&b, "  %s line %d: %s\n", f.Account, f.Number, f.Problem)
	}
	return b.String()
}
