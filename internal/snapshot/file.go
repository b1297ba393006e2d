package snapshot

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/glencheck-dev/glencheck/internal/schedule"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// format is what a state file says it is. A form that this program could not read
// would have another number.
const format = "glencheck state 1"

// State is a saved state.
type State struct {
	Clock   schedule.Place
	Content *store.Content
}

// header is the first line of a file, before a line for each table.
type header struct {
	Format     string         `json:"format"`
	Clock      schedule.Place `json:"clock"`
	Migrations []int64        `json:"migrations"`
}

// The bounds of a file: as it is sent, and unpacked.
const (
	maxFile     = 24 << 20
	maxUnpacked = 256 << 20
)

// ErrTooLarge refuses a state that no request could bring back.
var ErrTooLarge = errors.New("snapshot: the state is larger than " + strconv.Itoa(maxFile>>20) + " MB")

// encode writes a state as a file: gzip around a line of JSON for each table.
func (s *State) encode() ([]byte, error) {
	var out bytes.Buffer
	zip, err := gzip.NewWriterLevel(&out, gzip.BestSpeed)
	if err != nil {
		return nil, fmt.Errorf("snapshot: %w", err)
	}
	enc := json.NewEncoder(zip)
	enc.SetEscapeHTML(false)
	err = enc.Encode(header{format, s.Clock, s.Content.Migrations})
	for i := range s.Content.Tables {
		if err == nil {
			err = enc.Encode(&s.Content.Tables[i])
		}
		if err == nil && out.Len() > maxFile {
			err = ErrTooLarge
		}
	}
	if err = errors.Join(err, zip.Close()); err != nil {
		return nil, err
	}
	if out.Len() > maxFile {
		return nil, ErrTooLarge
	}
	return out.Bytes(), nil
}

// errNoState refuses what is not a state file.
var errNoState = errors.New("snapshot: this is not a state that Glencheck has saved")

// decode reads a file. Whether its rows fit the tables is not looked at yet.
func decode(file []byte) (*State, error) { return decodeWithin(file, maxUnpacked) }

func decodeWithin(file []byte, most int64) (*State, error) {
	zip, err := gzip.NewReader(bytes.NewReader(file))
	if err != nil {
		return nil, errNoState
	}
	limited := &io.LimitedReader{R: zip, N: most}
	dec := json.NewDecoder(bufio.NewReader(limited))
	dec.UseNumber()
	var h header
	if dec.Decode(&h) != nil || h.Format != format || len(h.Migrations) == 0 {
		return nil, errNoState
	}
	s := &State{h.Clock, &store.Content{Migrations: h.Migrations}}
	for {
		var t store.Table
		switch err := dec.Decode(&t); {
		case errors.Is(err, io.EOF) && limited.N > 0:
			return s, nil
		case limited.N <= 0:
			return nil, ErrTooLarge
		case err != nil || !integers(t.Rows):
			return nil, errNoState
		}
		s.Content.Tables = append(s.Content.Tables, t)
	}
}

// integers makes the numbers of rows what the tables hold.
func integers(rows [][]any) bool {
	for _, row := range rows {
		for i, v := range row {
			if n, ok := v.(json.Number); ok {
				whole, err := n.Int64()
				if err != nil {
					return false
				}
				row[i] = whole
			}
		}
	}
	return true
}
