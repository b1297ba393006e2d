package snapshot

import (
	"bytes"
	"compress/gzip"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/schedule"
	"github.com/glencheck-dev/glencheck/internal/store"
)

func zipped(t testing.TB, text string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestAFileIsReadBack(t *testing.T) {
	s := &State{schedule.Place{Manual: true, Now: 1 << 45, Ahead: -3}, &store.Content{
		Migrations: []int64{1, 2},
		Tables: []store.Table{
			{Name: "a", Columns: []string{"t", "n", "b"}, Rows: [][]any{{"<ü&>\n\"", int64(9007199254740993), true}, {nil, int64(-1), false}}},
			{Name: "empty", Columns: []string{"x"}, Rows: [][]any{}},
		},
	}}
	file, err := s.encode()
	if err != nil {
		t.Fatal(err)
	}
	got, err := decode(file)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, s) {
		t.Errorf("got %+v, want %+v", got.Content, s.Content)
	}
	for end := range len(file) {
		if _, err := decode(file[:end]); err == nil {
			t.Fatalf("the first %d of %d bytes are taken for a file", end, len(file))
		}
	}
}

const first = `{"format":"glencheck state 1","clock":{},"migrations":[1]}` + "\n"

func TestFilesThatAreNone(t *testing.T) {
	for name, file := range map[string][]byte{
		"nothing":         nil,
		"text":            []byte("state"),
		"no header":       zipped(t, ""),
		"another format":  zipped(t, `{"format":"glencheck state 2","migrations":[1]}`),
		"no migrations":   zipped(t, `{"format":"glencheck state 1"}`),
		"no table":        zipped(t, first+`[]`),
		"half a number":   zipped(t, first+`{"table":"a","columns":["n"],"rows":[[1.5]]}`),
		"a long number":   zipped(t, first+`{"table":"a","columns":["n"],"rows":[[9223372036854775808]]}`),
		"no rows in rows": zipped(t, first+`{"table":"a","columns":["n"],"rows":[1]}`),
	} {
		if _, err := decode(file); !errors.Is(err, errNoState) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestAFileThatUnpacksForEver is given up at the bound.
func TestAFileThatUnpacksForEver(t *testing.T) {
	spaces := strings.Repeat(" ", 1<<20)
	if _, err := decodeWithin(zipped(t, first+spaces), 1<<20); !errors.Is(err, ErrTooLarge) {
		t.Errorf("%v", err)
	}
	if _, err := decodeWithin(zipped(t, first+spaces), 2<<20); err != nil {
		t.Errorf("%v", err)
	}
}

// FuzzDecode: whatever is sent as a state is refused or read, and what was read has
// values of the three types only.
func FuzzDecode(f *testing.F) {
	f.Add(first)
	f.Add(first + `{"table":"a","columns":["n"],"rows":[[1,"x",true,null]]}`)
	f.Add(first + `{"table":"a","columns":["n"],"rows":[[{"a":1}]]}`)
	f.Fuzz(func(t *testing.T, text string) {
		s, err := decode(zipped(t, text))
		if err != nil {
			return
		}
		if _, err := s.encode(); err != nil {
			t.Error(err)
		}
	})
}
