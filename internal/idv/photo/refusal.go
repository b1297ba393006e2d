package photo

import "fmt"

// Refusal is why a file is not taken as a picture.
type Refusal struct {
	Code    string // a word for programs, one of the constants below
	Message string // a sentence for people, without anything of the file in it
}

// Error is the sentence.
func (r *Refusal) Error() string { return "photo: " + r.Message }

// The codes of refusals.
const (
	Empty         = "empty"
	TooLarge      = "too_large"       // in bytes
	TooManyPixels = "too_many_pixels" // or too much memory to decode
	TooSmall      = "too_small"       // in pixels
	OtherFormat   = "unsupported_format"
	Animated      = "animated"
	SecondFile    = "polyglot" // something else is hidden in the file
	Damaged       = "damaged"
)

func refuse(code, format string, args ...any) *Refusal {
	return &Refusal{Code: code, Message: fmt.Sprintf(format, args...)}
}
