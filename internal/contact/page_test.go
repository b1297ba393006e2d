package contact_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/contact"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

// TestPages walks through contacts while others are made and removed: nobody is
// missed, nobody comes twice.
func TestPages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := newOffice(t, db)
		var ids []string
		for i := range 7 {
			ids = append(ids, o.create(m{"name": "c" + strconv.Itoa(i)}))
		}
		walk := func(size, edge, from, to, more string, disturb func()) (all []string) {
			in := m{size: 2}
			for {
				names, a := o.names(in)
				all = append(all, names...)
				if a.at("contacts", "pageInfo", more) != true {
					return all
				}
				in[edge] = a.text("contacts", "pageInfo", to)
				disturb()
			}
		}
		extra := 0
		disturb := func() {
			extra++
			o.create(m{"name": "new" + strconv.Itoa(extra)})
			if extra == 2 { // the one that the cursor points at
				o.ask(`mutation ($input: DeleteContactInput!) { deleteContact(input: $input) { success } }`, m{"input": m{"orgId": contact.SandboxOrg, "id": ids[3]}}).ok()
			}
		}
		if got := strings.Join(walk("first", "after", "startCursor", "endCursor", "hasNextPage", disturb), " "); got != "c6 c5 c4 c3 c2 c1 c0" {
			t.Errorf("forwards: %s", got)
		}
		if got := strings.Join(walk("last", "before", "endCursor", "startCursor", "hasPreviousPage", func() {}), " "); got != "c1 c0 c4 c2 c6 c5 new2 new1 new3" {
			t.Errorf("backwards: %s", got)
		}
		_, a := o.names(m{"first": 3})
		if a.at("contacts", "pageInfo", "hasPreviousPage") != false || a.at("contacts", "edges", "2", "cursor") != a.at("contacts", "pageInfo", "endCursor") {
			t.Errorf("%s", a.Raw)
		}
		// Backwards others are made behind the cursor's back, too: they come at the end,
		// once each, and shift nothing before.
		before := strings.Fields("c1 c0 c4 c2 c6 c5 new2 new1")
		walked := walk("last", "before", "endCursor", "startCursor", "hasPreviousPage", func() {
			if extra++; extra <= 6 {
				o.create(m{"name": "new" + strconv.Itoa(extra)})
			}
		})
		if len(walked) < len(before) || !slices.Equal(walked[:len(before)], before) {
			t.Errorf("backwards, while others are made: %v", walked)
		}
		seen := map[string]int{}
		for _, n := range walked {
			seen[n]++
		}
		for _, n := range strings.Fields("new3 new4 new5 new6") {
			if seen[n] != 1 {
				t.Errorf("%s comes %d times: %v", n, seen[n], walked)
			}
		}
	})
}

// TestPagesBesideWriters walks in both directions while four others make contacts at
// the same time: whoever was there before comes once, and nobody comes twice.
func TestPagesBesideWriters(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := newOffice(t, db)
		const there = 8
		for i := range there {
			o.create(m{"name": "c" + strconv.Itoa(i)})
		}
		for _, way := range [][4]string{{"first", "after", "endCursor", "hasNextPage"}, {"last", "before", "startCursor", "hasPreviousPage"}} {
			begun, stop := make(chan struct{}, 4), make(chan struct{})
			var wg sync.WaitGroup
			for w := range 4 {
				wg.Go(func() {
					for n := 0; n < 25; n++ {
						o.create(m{"name": fmt.Sprint(way[0], " ", w, " ", n)})
						if n == 0 {
							begun <- struct{}{}
						}
						select {
						case <-stop:
							return
						default:
						}
					}
				})
			}
			<-begun
			seen, in := map[string]int{}, m{way[0]: 2}
			for pages := 0; ; pages++ {
				names, a := o.names(in)
				for _, n := range names {
					seen[n]++
				}
				if a.at("contacts", "pageInfo", way[3]) != true {
					break
				}
				in[way[1]] = a.text("contacts", "pageInfo", way[2])
			}
			close(stop)
			wg.Wait()
			for n, times := range seen {
				if times != 1 {
					t.Errorf("%s: %s comes %d times", way[0], n, times)
				}
			}
			for i := range there {
				if n := "c" + strconv.Itoa(i); seen[n] != 1 {
					t.Errorf("%s: %s comes %d times", way[0], n, seen[n])
				}
			}
		}
	})
}
