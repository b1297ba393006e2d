package film

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image/jpeg"
	"math"
	"time"
)

// The limits of a film. What a browser makes stays far below them.
const (
	MaxBytes  = 6 << 20
	MaxFrames = 80
	MaxFrame  = 256 << 10 // bytes of a picture
	MaxSide   = 960       // pixels of a picture's longer side
	MinSide   = 160       // pixels of its shorter one
	Longest   = 60 * time.Second
)

// header is what comes before each picture.
const header = 8

// Frame is a picture of a film.
type Frame struct {
	At   time.Duration // since the film began
	JPEG []byte
}

// Refusal is why a file is not taken as a film.
type Refusal struct {
	Code    string // a word for programs, one of the constants below
	Message string // a sentence for people, without anything of the file in it
}

// Error is the sentence.
func (r *Refusal) Error() string { return "film: " + r.Message }

// The codes of refusals.
const (
	Empty         = "empty"
	TooLarge      = "too_large"       // in bytes, or one of its pictures
	TooManyFrames = "too_many_frames" //
	TooLong       = "too_long"        // in time
	OutOfOrder    = "out_of_order"    // a picture is not later than that before it
	TooManyPixels = "too_many_pixels"
	TooSmall      = "too_small"   // in pixels
	Changing      = "other_sizes" // the pictures are not all of one size
	Damaged       = "damaged"     // it ends within a frame, or a picture is no JPEG
)

func refuse(code, format string, args ...any) error {
	return &Refusal{Code: code, Message: fmt.Sprintf(format, args...)}
}

// Is reports whether a file says of itself that it is a film, rather than a picture or
// something else.
func Is(data []byte) bool {
	return len(data) >= header && time.Duration(binary.BigEndian.Uint32(data))*time.Millisecond <= Longest
}

// Encode puts frames together. Those that Decode would refuse for their order or
// number are put together too.
func Encode(frames []Frame) []byte {
	var out []byte
	for _, f := range frames {
		out = binary.BigEndian.AppendUint32(out, uint32(min(f.At.Milliseconds(), math.MaxUint32)))
		out = binary.BigEndian.AppendUint32(out, uint32(len(f.JPEG)))
		out = append(out, f.JPEG...)
	}
	return out
}

// Decode takes a film apart. The pictures share the memory of data; of each the head
// alone has been read. The error is a *Refusal.
func Decode(data []byte) ([]Frame, error) {
	switch {
	case len(data) == 0:
		return nil, refuse(Empty, "The film is empty.")
	case len(data) > MaxBytes:
		return nil, refuse(TooLarge, "The film is larger than %d megabytes.", MaxBytes>>20)
	case !Is(data):
		return nil, refuse(Damaged, "The file is no film.")
	}
	var frames []Frame
	width, height := 0, 0
	for len(data) > 0 {
		if len(frames) == MaxFrames {
			return nil, refuse(TooManyFrames, "The film has more than %d pictures.", MaxFrames)
		}
		f, rest, err := cut(data)
		if err != nil {
			return nil, err
		}
		if n := len(frames); n > 0 && f.At <= frames[n-1].At {
			return nil, refuse(OutOfOrder, "A picture of the film is not later than the one before it.")
		}
		w, h, err := size(f.JPEG)
		if err != nil {
			return nil, err
		}
		if len(frames) > 0 && (w != width || h != height) {
			return nil, refuse(Changing, "The pictures of the film are not all of one size.")
		}
		width, height, frames, data = w, h, append(frames, f), rest
	}
	return frames, nil
}

// cut takes the first frame off.
func cut(data []byte) (f Frame, rest []byte, err error) {
	if len(data) < header {
		return f, nil, refuse(Damaged, "The film ends within a picture.")
	}
	f.At = time.Duration(binary.BigEndian.Uint32(data)) * time.Millisecond
	length := binary.BigEndian.Uint32(data[4:])
	switch {
	case f.At > Longest:
		return f, nil, refuse(TooLong, "The film is longer than %d seconds.", int(Longest.Seconds()))
	case length > MaxFrame:
		return f, nil, refuse(TooLarge, "A picture of the film is larger than %d kilobytes.", MaxFrame>>10)
	case int(length) > len(data)-header:
		return f, nil, refuse(Damaged, "The film ends within a picture.")
	}
	end := header + int(length)
	f.JPEG = data[header:end:end]
	return f, data[end:], nil
}

// size is how many pixels a picture has, wide and high.
func size(picture []byte) (w, h int, err error) {
	c, err := jpeg.DecodeConfig(bytes.NewReader(picture))
	switch longer, shorter := max(c.Width, c.Height), min(c.Width, c.Height); {
	case err != nil:
		return 0, 0, refuse(Damaged, "A picture of the film is damaged or no JPEG.")
	case longer > MaxSide:
		return 0, 0, refuse(TooManyPixels, "A picture of the film has more than %d pixels on a side.", MaxSide)
	case shorter < MinSide:
		return 0, 0, refuse(TooSmall, "A picture of the film has fewer than %d pixels on a side.", MinSide)
	}
	return c.Width, c.Height, nil
}
