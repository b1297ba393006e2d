package workflow

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Record is all that is kept of a decision. It is enough to come to the decision
// again, without the program's database and without the sources.
type Record struct {
	Document json.RawMessage `json:"document"`     // as it was when it was published
	Version  string          `json:"version_hash"` // of the document
	Case     Case            `json:"case"`
	Result   json.RawMessage `json:"result"` // its canonical bytes
}

// Difference is why a replay did not come to the same result.
type Difference struct {
	Want, Got []byte
}

// Error implements error.
func (d *Difference) Error() string {
	at := 0
	for at < len(d.Want) && at < len(d.Got) && d.Want[at] == d.Got[at] {
		at++
	}
	return fmt.Sprintf("workflow: the replay differs from the record from byte %d on", at)
}

// Replay decides a recorded case again and compares the bytes. The error is a
// *Difference where they are others.
func Replay(v *Version, c Case, recorded []byte) (*Result, error) {
	r := v.Decide(c)
	got, err := r.Bytes()
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(got, recorded) {
		return r, &Difference{Want: recorded, Got: got}
	}
	return r, nil
}

// Verify replays a record by itself: it compiles the document that the record
// carries, checks its hash, decides and compares.
func (r *Record) Verify() (*Result, error) {
	d, err := Parse(r.Document)
	if err != nil {
		return nil, err
	}
	v, err := Compile(d)
	if err != nil {
		return nil, err
	}
	if v.Hash != r.Version {
		return nil, fmt.Errorf("workflow: the document's hash is %s, and the record names %s", v.Hash, r.Version)
	}
	result := v.Decide(r.Case)
	got, err := result.Bytes()
	if err != nil {
		return nil, err
	}
	// A record may have been printed with white space and other escapes on its way.
	want, err := canonical(r.Result)
	if err != nil {
		return nil, fmt.Errorf("workflow: %w", err)
	}
	if got, err = canonical(got); err != nil {
		return nil, err
	}
	if !bytes.Equal(got, want) {
		return result, &Difference{Want: want, Got: got}
	}
	return result, nil
}

// ParseRecord reads an exported record.
func ParseRecord(raw []byte) (*Record, error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var r Record
	if err := dec.Decode(&r); err != nil {
		return nil, fmt.Errorf("workflow: %w", err)
	}
	return &r, nil
}
