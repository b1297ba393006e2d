package workflow

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
)

// Engine is the version of the language that documents are written in: of the
// functions, the facts of each source and the way they are put together. A change
// that could decide an old case differently gets a new number, and the old one
// stays.
const Engine = 1

// Document is a workflow as it is written: what it asks for, where it gets data,
// its rules and its outcomes. Once published it never changes.
type Document struct {
	Name        string              `json:"name"`
	Description string              `json:"description,omitempty"`
	Engine      int                 `json:"engine"`
	Inputs      []Input             `json:"inputs"`
	OneOf       [][]string          `json:"one_of,omitempty"` // of each set of keys at least one is needed
	Sources     []Source            `json:"sources,omitempty"`
	Lists       map[string][]string `json:"lists,omitempty"` // for in_list
	Rules       []Rule              `json:"rules"`
	Outcomes    []Outcome           `json:"outcomes"` // the first that matches wins
	Default     Outcome             `json:"default"`  // when none matches
	Fallback    string              `json:"fallback"` // the outcome, of kind review, when data are missing
	Tests       []Test              `json:"tests,omitempty"`
}

// Input is a key that a case may bring along.
type Input struct {
	Key         string `json:"key"`
	Type        string `json:"type"` // string, date, integer, boolean or object
	Description string `json:"description,omitempty"`
	Regex       string `json:"regex,omitempty"` // the whole of a string matches it
	MaxLength   int    `json:"max_length,omitempty"`
	Format      string `json:"format,omitempty"` // how a string is put into form: name, email, phone, upper
	Required    bool   `json:"required,omitempty"`
	Secret      bool   `json:"secret,omitempty"` // masked wherever people read
}

// Source is a source of data that the rules may read, and how it is asked.
type Source struct {
	Name         string `json:"name"`
	TimeoutMS    int    `json:"timeout_ms,omitempty"`
	Retries      int    `json:"retries,omitempty"`
	CacheSeconds int    `json:"cache_seconds,omitempty"`
	Price        int    `json:"price,omitempty"` // in units of the operator's choice
}

// Missing says what a rule counts as when what it reads is missing.
type Missing string

// The policies for missing data.
const (
	MissingBlocks Missing = "block" // nothing can be said: no automatic decision may rest on the rule
	MissingHits   Missing = "hit"
	MissingPasses Missing = "pass" // the rule does not apply
)

// Rule is a condition and what follows if it holds.
type Rule struct {
	ID        string   `json:"id"` // stays over versions, so that hit rates compare
	Name      string   `json:"name"`
	When      string   `json:"when"` // CEL
	OnMissing Missing  `json:"on_missing,omitempty"`
	Tags      []string `json:"tags,omitempty"`
	Score     int64    `json:"score,omitempty"` // added to the score
	Reason    *Reason  `json:"reason,omitempty"`
}

// Reason is why a rule speaks against somebody.
type Reason struct {
	Code   string `json:"code"`   // of AdverseActionReasons
	Weight int    `json:"weight"` // the heaviest four are told
}

// Kind is what an outcome means, whatever it is called.
type Kind string

// The kinds of outcomes.
const (
	Approve Kind = "approve"
	Review  Kind = "review"
	Deny    Kind = "deny"
)

// Outcome is a result with the condition for it, over tags and score.
type Outcome struct {
	Name string `json:"name"`
	Kind Kind   `json:"kind"`
	When string `json:"when,omitempty"` // CEL
}

// Test is a case with the result that its version must give.
type Test struct {
	Name      string              `json:"name"`
	Today     string              `json:"today"`
	Input     map[string]any      `json:"input"`
	Responses map[string]Response `json:"responses,omitempty"`
	Expect    Expect              `json:"expect"`
}

// Expect is what a Test checks; what is left out is not checked.
type Expect struct {
	Status  Status   `json:"status,omitempty"`
	Outcome string   `json:"outcome,omitempty"`
	Tags    []string `json:"tags,omitempty"`
	Score   *int64   `json:"score,omitempty"`
	Needs   []string `json:"needs,omitempty"`
}

// Parse reads a document. A key that it does not know is an error: a mistyped
// on_missing must not go unseen.
func Parse(raw []byte) (*Document, error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	dec.UseNumber()
	var d Document
	if err := dec.Decode(&d); err != nil {
		return nil, fmt.Errorf("workflow: %w", err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, fmt.Errorf("workflow: more than one document")
	}
	return &d, nil
}

// Canonical is the one text of a document: keys sorted, no white space, nothing
// escaped that need not be.
func (d *Document) Canonical() ([]byte, error) {
	raw, err := encode(d)
	if err != nil {
		return nil, err
	}
	return canonical(raw)
}

// Hash is the SHA-256 of the canonical text, in hexadecimal.
func (d *Document) Hash() (string, error) {
	raw, err := d.Canonical()
	if err != nil {
		return "", err
	}
	return Digest(raw), nil
}

// Digest is the SHA-256 of bytes, in hexadecimal: the address of a response, the
// hash of a version.
func Digest(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}

// canonical writes JSON anew with sorted keys. Numbers keep their digits.
func canonical(raw []byte) ([]byte, error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, err
	}
	return encode(v)
}

// encode is JSON without white space and without the escapes for HTML. Maps come
// out with sorted keys.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("workflow: %w", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
