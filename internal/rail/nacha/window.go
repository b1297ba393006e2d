package nacha

import (
	"time"
	_ "time/tzdata" // settlement follows Eastern Time, also where no zones are installed

	"github.com/moov-io/base"
)

// Eastern is the time of the Federal Reserve's windows.
var Eastern = mustLoad("America/New_York")

func mustLoad(zone string) *time.Location {
	loc, err := time.LoadLocation(zone)
	if err != nil {
		panic(err) // the zones are compiled in
	}
	return loc
}

// Window is one of the times at which Same Day ACH settles.
type Window struct {
	Settles time.Time // Eastern Time
}

// The three windows of a banking day: files that reach the Federal Reserve by
// the first time settle at the second (FedACH processing schedule).
var windows = []struct{ deadline, settles time.Duration }{
	{10*time.Hour + 30*time.Minute, 13 * time.Hour},
	{14*time.Hour + 45*time.Minute, 17 * time.Hour},
	{16*time.Hour + 45*time.Minute, 18 * time.Hour},
}

// NextWindow is the first window whose deadline comes after now.
func NextWindow(now time.Time) Window {
	local := now.In(Eastern)
	for day := local; ; day = day.AddDate(0, 0, 1) {
		if !base.NewTime(day).IsBankingDay() {
			continue
		}
		for _, w := range windows {
			if at(day, w.deadline).After(local) {
				return Window{Settles: at(day, w.settles)}
			}
		}
	}
}

// at is a time of day. It counts on the wall clock, as the windows do on the two
// days a year that have 23 or 25 hours.
func at(day time.Time, d time.Duration) time.Time {
	y, m, n := day.Date()
	return time.Date(y, m, n, int(d.Hours()), int(d.Minutes())%60, 0, 0, Eastern)
}

// date is the effective entry date.
func (w Window) date() string { return w.Settles.Format("060102") }

// sameDay is the company descriptive date that asks for a window: SDHHMM.
func (w Window) sameDay() string { return "SD" + w.Settles.Format("1504") }

// Available is when a customer sees a deposit of the window at the latest: 08:30
// Eastern Time on the next banking day.
func (w Window) Available() time.Time {
	next := base.NewTime(w.Settles).AddBankingDay(1)
	return at(next.In(Eastern), 8*time.Hour+30*time.Minute)
}
