package main

import (
	"bufio"
	"io"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// letGoOfStart gives back the pages of the program's own file that only its start
// has used, two thirds of what a server that does nothing would keep resident: the
// system maps sixteen pages around each one that is read, and the start reads here
// and there in nearly the whole file. What is needed again is read again from the
// file, mostly without a wait as it is still in the system's cache.
//
// It is a courtesy: where /proc tells nothing, nothing happens.
func letGoOfStart() {
	exe, err := os.Readlink("/proc/self/exe")
	if err != nil {
		return
	}
	maps, err := os.Open("/proc/self/smaps")
	if err != nil {
		return
	}
	defer maps.Close()
	for _, m := range unchanged(maps, exe) {
		_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, m.from, m.to-m.from, syscall.MADV_DONTNEED) // refused: they stay
	}
}

// mapping is a part of the address space.
type mapping struct{ from, to uintptr }

// unchanged lists the mappings of a file that nobody may write and that hold no page
// of their own, which would be lost: the loader writes into some before it protects
// them.
func unchanged(smaps io.Reader, file string) (list []mapping) {
	var m mapping
	var ours, own bool
	end := func() {
		if ours && !own {
			list = append(list, m)
		}
	}
	for s := bufio.NewScanner(smaps); s.Scan(); {
		head, rest, _ := strings.Cut(s.Text(), " ")
		if strings.HasSuffix(head, ":") { // "Anonymous:             0 kB"
			own = own || head == "Anonymous:" && strings.TrimSpace(rest) != "0 kB"
			continue
		}
		end()
		// "00400000-01688000 r-xp 00000000 fe:00 10274050   /usr/bin/glencheck"
		fields := strings.Fields(rest)
		from, to, _ := strings.Cut(head, "-")
		a, errA := strconv.ParseUint(from, 16, strconv.IntSize)
		b, errB := strconv.ParseUint(to, 16, strconv.IntSize)
		m, own = mapping{uintptr(a), uintptr(b)}, false
		ours = errA == nil && errB == nil && len(fields) > 4 && !strings.Contains(fields[0], "w") && strings.HasSuffix(rest, " "+file)
	}
	end()
	return list
}
