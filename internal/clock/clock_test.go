package clock

import (
	"context"
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestManualClockStandsUntilMoved(t *testing.T) {
	start := time.Date(2026, 11, 22, 8, 0, 0, 123456789, time.UTC)
	c := Manual(start)
	if got := c.Now(); !got.Equal(start.Truncate(time.Millisecond)) {
		t.Fatalf("Now = %v", got)
	}
	done := make(chan error, 1)
	go func() { done <- c.Wait(context.Background(), start.Add(7*24*time.Hour)) }()
	c.Advance(6 * 24 * time.Hour)
	select {
	case <-done:
		t.Fatal("woke a day early")
	default:
	}
	c.Advance(25 * time.Hour)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

func TestWaitEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, c := range []*Clock{Real(), Manual(time.Unix(0, 0))} {
		if err := c.Wait(ctx, c.Now().Add(time.Hour)); err != context.Canceled {
			t.Errorf("Wait = %v", err)
		}
	}
}

func TestShapes(t *testing.T) {
	for _, seed := range []uint64{0, 7} {
		g := NewIDs(seed, 1)
		for range 200 {
			if id := g.UUID(); !regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`).MatchString(id) {
				t.Fatalf("UUID %q", id)
			}
			if id := g.ID(); len(id) != 37 || strings.ContainsAny(id, "0OY") {
				t.Fatalf("ID %q", id)
			}
			if id := g.RequestID(); len(id) != 15 {
				t.Fatalf("RequestID %q", id)
			}
			if h := g.Hex(7); len(h) != 7 {
				t.Fatalf("Hex %q", h)
			}
		}
	}
}

func TestSeedAndEpochFixTheSequence(t *testing.T) {
	a, b, next := NewIDs(42, 1), NewIDs(42, 1), NewIDs(42, 2)
	for range 10 {
		x, y, z := a.UUID(), b.UUID(), next.UUID()
		if x != y {
			t.Fatalf("same seed, %s and %s", x, y)
		}
		if x == z {
			t.Fatal("another epoch repeats an identifier")
		}
	}
}

func TestForksAreStreamsOfTheirOwn(t *testing.T) {
	a, b := NewIDs(42, 1), NewIDs(42, 1)
	b.UUID() // what the parent has drawn does not matter
	x, y, other := a.Fork("jobs").UUID(), b.Fork("jobs").UUID(), a.Fork("mail").UUID()
	if x != y || x == other || x == a.UUID() {
		t.Errorf("%s, %s and %s", x, y, other)
	}
	u, v := NewIDs(0, 1).Fork("jobs"), NewIDs(0, 1).Fork("jobs")
	if u.UUID() == v.UUID() {
		t.Error("without a seed a fork repeats itself")
	}
}

// TestIDsGoBack: a sequence and its forks go on where they stood at a mark, and
// begin anew with another epoch.
func TestIDsGoBack(t *testing.T) {
	g := NewIDs(5, 1)
	jobs := g.Fork("jobs")
	g.RequestID()
	jobs.Hex(7)
	mark := g.Mark()
	a, b := g.UUID(), jobs.UUID()
	late := g.Fork("late").UUID()
	g.Return(mark)
	if g.UUID() != a || jobs.UUID() != b || g.Fork("late").UUID() != late {
		t.Error("a sequence does not go back to its mark")
	}
	g.Restart(2)
	if other := NewIDs(5, 2); g.UUID() != other.UUID() || jobs.UUID() != other.Fork("jobs").UUID() {
		t.Error("a sequence does not begin the other epoch")
	}
	none := NewIDs(0, 1)
	none.Return(none.Mark())
	none.Restart(3)
	if none.Fork("a").UUID() == none.UUID() {
		t.Error("unseeded identifiers repeat themselves")
	}
}
