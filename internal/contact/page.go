package contact

import (
	"encoding/base64"
	"math"
	"strconv"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/contact/graph"
)

// maxPage is the largest page that a list answers (contacts-graphql.md section 5).
const maxPage = 100

// paging are the arguments of every list.
type paging struct {
	First  *int32
	After  *string
	Last   *int32
	Before *string
}

// span is the part of a list that is wanted. Elements are numbered in the order in
// which they were made.
type span struct {
	bound   int64 // only elements beyond this number
	down    bool  // towards smaller numbers
	forward bool  // as the list is sorted
	size    int
	open    bool // there is something on the other side of bound
}

// cursors begin so; a cursor says nothing to clients.
const cursorMark = "n:"

func cursor(number int64) string {
	return base64.RawURLEncoding.EncodeToString([]byte(cursorMark + strconv.FormatInt(number, 10)))
}

func readCursor(field, s string) (int64, error) {
	raw, err := base64.RawURLEncoding.DecodeString(s)
	if digits, ok := strings.CutPrefix(string(raw), cursorMark); err == nil && ok {
		if n, err := strconv.ParseInt(digits, 10, 64); err == nil && n >= 0 {
			return n, nil
		}
	}
	return 0, graph.Input(field, "must be a cursor of this list")
}

// span reads the arguments: first and after, or last and before.
func (p paging) span(newestFirst bool) (span, error) {
	forwards, backwards := p.First != nil || p.After != nil, p.Last != nil || p.Before != nil
	if forwards && backwards {
		return span{}, graph.Input("first", "and after cannot be combined with last and before")
	}
	s := span{forward: !backwards, size: graph.DefaultPage}
	field, size, at, edge := "first", p.First, p.After, "after"
	if backwards {
		field, size, at, edge = "last", p.Last, p.Before, "before"
	}
	if size != nil {
		if *size < 1 || *size > maxPage {
			return span{}, graph.Input(field, "must be from 1 to "+strconv.Itoa(maxPage))
		}
		s.size = int(*size)
	}
	if s.down = s.forward == newestFirst; s.down {
		s.bound = math.MaxInt64
	}
	if at == nil || *at == "" {
		return s, nil
	}
	s.open = true
	var err error
	s.bound, err = readCursor(edge, *at)
	return s, err
}

// pageInfo is type PageInfo.
type pageInfo struct {
	HasNextPage, HasPreviousPage bool
	StartCursor, EndCursor       *string
}

type edge[N any] struct {
	Cursor string
	Node   N
}

// connection is a page of a list.
type connection[N any] struct {
	Edges    []edge[N]
	PageInfo pageInfo
}

// numbered is an element with its place.
type numbered[N any] struct {
	number int64
	node   N
}

// connect makes a page of what was read: one element more than wanted where there
// are more, in the order of reading.
func connect[N any](s span, list []numbered[N]) *connection[N] {
	more := len(list) > s.size
	if more {
		list = list[:s.size]
	}
	c := &connection[N]{Edges: make([]edge[N], len(list))}
	for i, e := range list {
		at := i
		if !s.forward {
			at = len(list) - 1 - i
		}
		c.Edges[at] = edge[N]{cursor(e.number), e.node}
	}
	c.PageInfo.HasNextPage, c.PageInfo.HasPreviousPage = more, s.open
	if !s.forward {
		c.PageInfo.HasNextPage, c.PageInfo.HasPreviousPage = s.open, more
	}
	if n := len(c.Edges); n > 0 {
		c.PageInfo.StartCursor, c.PageInfo.EndCursor = &c.Edges[0].Cursor, &c.Edges[n-1].Cursor
	}
	return c
}
