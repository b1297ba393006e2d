package main

import (
	"slices"
	"strings"
	"testing"
)

// TestOnlyUnchangedPagesOfTheFileAreLetGo: writable pages, pages that the loader has
// written and what belongs to other files stay.
func TestOnlyUnchangedPagesOfTheFileAreLetGo(t *testing.T) {
	const smaps = `00400000-01688000 r-xp 00000000 fe:00 1027                           /usr/bin/glencheck
Size:              18976 kB
Rss:               15792 kB
Private_Dirty:         0 kB
Anonymous:             0 kB
VmFlags: rd ex mr mw me
01688000-02e6d000 r--p 01288000 fe:00 1027                           /usr/bin/glencheck
Anonymous:            96 kB
02e6d000-02e6e000 r--p 02a6d000 fe:00 1027                           /usr/bin/glencheck
Anonymous:             0 kB
02e6e000-030c0000 rw-p 02a6d000 fe:00 1027                           /usr/bin/glencheck
Anonymous:             0 kB
030c0000-05112000 rw-p 00000000 00:00 0
Anonymous:          1000 kB
7f0000000000-7f0000001000 r--p 00000000 fe:00 88                         /usr/lib/old/usr/bin/glencheck
Anonymous:             0 kB
7f0000002000-7f0000003000 r-xp 00000000 00:00 0                          [vdso]
Anonymous:             0 kB
`
	want := []mapping{{0x400000, 0x1688000}, {0x2e6d000, 0x2e6e000}}
	if got := unchanged(strings.NewReader(smaps), "/usr/bin/glencheck"); !slices.Equal(got, want) {
		t.Errorf("%x, want %x", got, want)
	}
	if got := unchanged(strings.NewReader("no such form\n"), "/usr/bin/glencheck"); got != nil {
		t.Errorf("%x", got)
	}
	letGoOfStart() // the test goes on
}
