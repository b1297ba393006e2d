package bench

import (
	"fmt"
	"io"
	"time"
)

// table prints rows as soon as they are known.
type table struct{ out io.Writer }

const columns = "| %-52s | %-26s | %-26s | %-8s | %-10s | %-4s |\n"

func (t *table) head() {
	fmt.Fprintf(t.out, columns, "work", "glencheck", "beside it", "ratio", "goal", "met")
	fmt.Fprintf(t.out, columns, "---", "---", "---", "---", "---", "---")
}

func (t *table) row(work, ours, beside, ratio, goal string, met bool) {
	verdict := "yes"
	switch {
	case goal == "":
		verdict = ""
	case !met:
		verdict = "no"
	}
	fmt.Fprintf(t.out, columns, work, ours, beside, ratio, goal, verdict)
}

// rates compares answers per second.
func (t *table) rates(work string, ours, beside result, goal float64) {
	ratio := ours.rate / beside.rate
	t.row(work, perSecond(ours), perSecond(beside), percent(ratio), goalAtLeast(goal), ratio >= goal)
}

func perSecond(r result) string { return fmt.Sprintf("%.0f/s, p50 %s", r.rate, short(r.p50)) }

func percent(x float64) string { return fmt.Sprintf("%.0f %%", x*100) }

func goalAtLeast(x float64) string {
	if x == 0 {
		return ""
	}
	return ">= " + percent(x)
}

func short(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return fmt.Sprintf("%d µs", d.Microseconds())
	case d < 10*time.Second:
		return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000)
	}
	return d.Round(time.Second).String()
}
