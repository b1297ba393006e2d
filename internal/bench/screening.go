package bench

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/screening/list"
	"github.com/glencheck-dev/glencheck/internal/screening/match"
)

// The parts of the names on a made-up watchlist: nobody's, and as like each other as
// those of people are.
var (
	givens   = strings.Fields("mohammed ahmed hassan ali omar yusuf ibrahim karim alexander dmitry sergei ivan mikhail andrei jose juan carlos luis miguel john william robert james thomas jian wei ming hao jun")
	onsets   = strings.Fields("ba bar dha fa gha ha ja kha ma mu na ra sa sha ta za dra gri ko kra lu mo pe po vo al cor de fe gar men na or que ro ash black clay dun hal mil nor stan wes")
	middles  = strings.Fields("bi di fi hi li mi ri si ti wi za ra ma chi da go ka lo ne ro se va er ing le")
	endings  = strings.Fields("dani hari jari labi mani rabi tari zimi nov lov chenko tsky kin rin dov dez gado mero quez tega bert dale field ham ley stead ton well")
	mistypes = "aeioulnrst"
)

// listed is how many entries the list has, and searches how many names are looked for.
const (
	listed   = 20_000
	searches = 1000
	scanned  = 50 // of them, also by a scan of everything
)

// screeningRows looks for names on a list at the coarsest sensitivity there is: half of
// them are on it with a letter changed, half are strangers.
func screeningRows(_ context.Context, t *table) error {
	r := dice{clock.NewIDs(1, 7)}
	name := func() string {
		pick := func(of []string) string { return of[r.below(len(of))] }
		n := pick(givens) + " " + pick(onsets) + pick(middles) + pick(endings)
		if r.below(2) == 0 {
			n = pick(givens) + " " + n
		}
		return n
	}
	entries := make([]match.Entry, listed)
	for i := range entries {
		e := list.Entry{UID: fmt.Sprint(i), Kind: list.Individual, Names: []list.Name{{Full: name(), Primary: true}}}
		for range r.below(4) {
			e.Names = append(e.Names, list.Name{Full: name()})
		}
		entries[i] = match.Entry{Code: "US_SDN", Entry: e}
	}
	queries := make([]match.Query, searches)
	for i := range queries {
		q := name()
		if i%2 == 0 {
			of := []byte(entries[r.below(listed)].Names[0].Full)
			of[len(of)-2-r.below(3)] = mistypes[r.below(len(mistypes))]
			q = string(of)
		}
		queries[i] = match.Query{Name: q}
	}
	x := match.New(list.Individual, entries)
	const coarse = 70
	all := func(string) bool { return true }
	var took []time.Duration
	hits, found, missed := 0, 0, 0
	for i, q := range queries {
		watch := clock.Stopwatch()
		got := x.Search(q, coarse, all)
		took = append(took, watch())
		hits += len(got)
		if i < scanned {
			want := x.Exhaustive(q, coarse, all)
			found += len(want)
			for _, h := range want {
				if !slices.Contains(got, h) {
					missed++
				}
			}
		}
	}
	if hits == 0 || found == 0 {
		return errors.New("bench: nobody was found on the watchlist")
	}
	p50 := mid(took)
	t.row(fmt.Sprintf("a name among %d entries, p50", listed), short(p50), "", "", "<= 2.0 ms", p50 <= 2*time.Millisecond)
	t.row(fmt.Sprintf("what a scan of all finds, found (%d hits)", found), percent(float64(found-missed)/float64(found)), "", "", "100 %", missed == 0)
	return nil
}

// dice are the same throws in each run.
type dice struct{ *clock.IDs }

func (d dice) below(n int) int { return int(binary.BigEndian.Uint32(d.Bytes(4)) % uint32(n)) }
