package selfie

// Move is a place to which the person is asked to bring the face.
type Move string

// The moves.
const (
	Middle Move = "middle"
	Closer Move = "closer"
	Left   Move = "left" // of the picture, as the camera sees it
	Right  Move = "right"
)

// Circle is where the screen shows a move, in the parts that a Face has.
type Circle struct{ X, Y, Size float64 }

// Circle of the move.
func (m Move) Circle() Circle {
	switch m {
	case Closer:
		return Circle{0.5, 0.5, 0.75}
	case Left:
		return Circle{0.33, 0.5, 0.5}
	case Right:
		return Circle{0.67, 0.5, 0.5}
	}
	return Circle{0.5, 0.5, 0.5}
}

// holds reports whether a face is in the circle, as well as people manage.
func (c Circle) holds(f Face) bool {
	dx, dy, size := f.X-c.X, f.Y-c.Y, f.Size/c.Size
	return dx > -0.1 && dx < 0.1 && dy > -0.18 && dy < 0.18 && size > 0.75 && size < 1.3
}

// NewChallenge is the middle, two of the other moves, and the middle. Pick gives a
// random number from 0 to below n.
func NewChallenge(pick func(n int) int) []Move {
	others := []Move{Closer, Left, Right}
	i := pick(len(others))
	others[0], others[i] = others[i], others[0]
	j := 1 + pick(2)
	others[1], others[j] = others[j], others[1]
	return []Move{Middle, others[0], others[1], Middle}
}
