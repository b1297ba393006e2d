package face

import (
	"context"
	"image"
	"math"
)

// Outcome is what a comparison has come to.
type Outcome int

// The outcomes.
const (
	Untold    Outcome = iota // it could not be told
	Same                     // the same person
	Different                // not the same person
)

// Result is what a comparison has found.
type Result struct {
	Outcome Outcome
	// Likeness is how alike the faces are, from 0 to 100; 0 where one has none.
	Likeness int
	Distance float64 // of the descriptors; 0 where a picture has none
}

// The distances up to which faces are of one person, and from which they are not.
// Between them it cannot be told. doc.go says what they were chosen by.
const (
	sameBelow     = 0.5
	differentFrom = 0.7
	leastLength   = 1.36 // of both descriptors, for them to be of one person
)

// Local compares faces on this machine, one pair after the other: a comparison uses
// the processors that there are, and its memory is that of one.
type Local struct{ place chan struct{} }

// NewLocal returns one. It needs nothing before it is first asked.
func NewLocal() *Local { return &Local{make(chan struct{}, 1)} }

// Compare compares the faces in the middle of two pictures. The error is that of ctx.
func (l *Local) Compare(ctx context.Context, one, other image.Image) (Result, error) {
	select {
	case l.place <- struct{}{}:
		defer func() { <-l.place }()
	case <-ctx.Done():
		return Result{}, ctx.Err()
	}
	var described [2]*Descriptor
	for i, m := range []image.Image{one, other} {
		if err := ctx.Err(); err != nil {
			return Result{}, err
		}
		d, ok := describe(m)
		if !ok {
			return Result{}, nil
		}
		described[i] = d
	}
	a, b := described[0], described[1]
	return judge(a.Distance(b), min(a.length(), b.length())), nil
}

// judge says what a distance means, for descriptors of at least this length.
func judge(distance, length float64) Result {
	r := Result{Distance: distance, Likeness: likeness(distance)}
	switch {
	case distance < sameBelow && length >= leastLength:
		r.Outcome = Same
	case distance >= differentFrom:
		r.Outcome = Different
	}
	return r
}

// likeness is 100 at the distance 0 and 0 from 1.2 on: 50 is the 0.6 that the network
// was trained for.
func likeness(distance float64) int {
	return int(math.Round(100 * max(1-distance/1.2, 0)))
}
