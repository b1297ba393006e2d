package idv

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/jpeg"

	"github.com/glencheck-dev/glencheck/internal/idv/photo"
	"github.com/glencheck-dev/glencheck/internal/idv/raster"
	"github.com/glencheck-dev/glencheck/internal/idv/selfie"
	"github.com/glencheck-dev/glencheck/internal/idv/selfie/film"
)

// filmMedia is the media type of a film.
const filmMedia = "application/vnd.glencheck.film"

// filmPlaces is how many films are looked at at once: each costs the grey of its
// pictures and about a second of a processor.
const filmPlaces = 2

// lookSide is how many pixels a frame keeps on its longer side to be looked at, as
// many as faces are looked for in.
const lookSide = 480

// handed is a selfie that was taken in.
type handed struct {
	SelfieTry
	face image.Image // what is compared; nil where there is nothing worth it
}

// look looks at what a person has handed in: a film, or a still picture where there is
// no camera. It takes its time and must be outside of a transaction. The error is a
// *film.Refusal or a *photo.Refusal where the file is not even looked at.
func (s *Service) look(ctx context.Context, data []byte, moves []selfie.Move) (handed, error) {
	if !film.Is(data) {
		return s.lookAtStill(ctx, data)
	}
	frames, err := film.Decode(data)
	if err != nil {
		return handed{}, err
	}
	select {
	case s.filming <- struct{}{}:
		defer func() { <-s.filming }()
	case <-ctx.Done():
		return handed{}, ctx.Err()
	}
	pictures := make([]selfie.Frame, len(frames))
	for i, f := range frames {
		if err := ctx.Err(); err != nil {
			return handed{}, err
		}
		m, err := jpeg.Decode(bytes.NewReader(f.JPEG))
		if err != nil {
			return handed{}, &film.Refusal{Code: film.Damaged, Message: "A picture of the film is damaged or cut short."}
		}
		pictures[i] = selfie.Frame{At: f.At - frames[0].At, Gray: raster.From(m).Shrunk(lookSide)}
	}
	seen := selfie.Watch(pictures, moves)
	h := handed{SelfieTry: SelfieTry{Problems: seen.Problems, Moves: moves, Done: seen.Done, Frame: max(seen.Best, 0), Media: filmMedia}}
	if !h.live() {
		return h, nil
	}
	if seen.Best < 0 { // whoever is held in no frame of the middle has not followed
		h.Problems = []selfie.Problem{selfie.NotDone}
		return h, nil
	}
	m, err := jpeg.Decode(bytes.NewReader(frames[seen.Best].JPEG))
	if err != nil {
		return handed{}, err
	}
	if found := selfie.Faces(pictures[seen.Best].Gray); len(found) > 0 {
		h.face = selfie.Cut(m, found[0])
	}
	return h, nil
}

// lookAtStill takes a single picture with one face on it.
func (s *Service) lookAtStill(ctx context.Context, data []byte) (handed, error) {
	p, err := s.papers.desk.Open(ctx, data)
	if err != nil {
		return handed{}, err
	}
	h := handed{SelfieTry: SelfieTry{Still: true, Media: "image/" + p.Format}}
	found := selfie.Faces(p.Gray)
	switch {
	case len(found) == 0:
		return handed{}, &film.Refusal{Code: string(selfie.NoFace), Message: "There is no face in the picture."}
	case len(found) > 1:
		return handed{}, &film.Refusal{Code: string(selfie.ManyFaces), Message: "There is more than one face in the picture."}
	}
	m, err := s.papers.desk.Colour(ctx, data)
	if err != nil {
		return handed{}, err
	}
	h.face = selfie.Cut(m, found[0])
	return h, nil
}

// compareFaces compares a selfie with what the person has shown before: a document, and
// a selfie that was passed.
func (s *Service) compareFaces(ctx context.Context, a *Attempt, h *handed) error {
	if h.face == nil {
		return nil
	}
	document, err := s.documentOf(ctx, a)
	if err != nil {
		return err
	}
	earlier, err := s.earlierSelfie(ctx, a)
	if err != nil {
		return err
	}
	h.Document, h.Earlier = s.compareFace(ctx, a, document, h), s.compareFace(ctx, a, earlier, h)
	return nil
}

// reference is what a selfie is compared with: a picture, and the face on it.
type reference struct {
	there bool
	face  image.Image // nil where there is none on it
}

func (s *Service) compareFace(ctx context.Context, a *Attempt, with reference, h *handed) Comparison {
	switch {
	case !with.there:
		return Comparison{}
	case with.face == nil:
		return Comparison{Code: CodeNoInput, Why: whyNoFace}
	case s.cfg.Faces == nil:
		return Comparison{Code: CodeNoInput, Why: whyNobody}
	}
	m, err := s.cfg.Faces.Compare(ctx, with.face, h.face)
	if err != nil {
		s.cfg.Log.Error("faces could not be compared", "identity_verification_id", a.ID, "error", err.Error())
		return Comparison{Code: CodeNoInput, Why: whyUnasked}
	}
	if m.Outcome != CodeMatch && m.Outcome != CodeNoMatch {
		return Comparison{Code: CodeNoInput, Why: whyUnclear}
	}
	return Comparison{Code: m.Outcome, Likeness: min(max(m.Likeness, 0), 100)}
}

// mostBefore is how many attempts are looked through for what a person has shown.
const mostBefore = 20

// earlier goes back through the attempts that this one retries, the latest first, until
// found says so.
func (s *Service) earlier(ctx context.Context, a *Attempt, found func(*Attempt) bool) (*Attempt, error) {
	for range mostBefore {
		if a.PreviousID == "" {
			return nil, nil
		}
		before, err := s.Get(ctx, a.ClientID, a.PreviousID)
		if err != nil {
			if errors.Is(err, errUnknown) {
				return nil, nil
			}
			return nil, err
		}
		if found(before) {
			return before, nil
		}
		a = before
	}
	return nil, nil
}

// earlierSelfie is the face of the selfie that the person has passed last.
func (s *Service) earlierSelfie(ctx context.Context, a *Attempt) (reference, error) {
	before, err := s.earlier(ctx, a, func(a *Attempt) bool { return a.passedSelfie() != nil })
	if err != nil || before == nil {
		return reference{}, err
	}
	t := before.passedSelfie()
	m, err := s.frame(ctx, before.ID, t)
	if gone(err) {
		return reference{}, nil
	}
	if err != nil {
		return reference{}, err
	}
	return portrait(m), nil
}

// passedSelfie is the selfie with which the attempt has passed, nil for none.
func (a *Attempt) passedSelfie() *SelfieTry {
	status := a.Steps[Selfie]
	if n := len(a.Selfies); n > 0 && (status == StepSuccess || status == StepApproved) && a.Selfies[n-1].Picture != "" {
		return &a.Selfies[n-1]
	}
	return nil
}

// frame is the picture of a selfie that shows the face best.
func (s *Service) frame(ctx context.Context, attemptID string, t *SelfieTry) (image.Image, error) {
	p, err := s.Picture(ctx, attemptID, t.Picture)
	if err != nil {
		return nil, err
	}
	if t.Still {
		return s.papers.desk.Colour(ctx, p.Data)
	}
	data, err := stillOf(p.Data, t.Frame)
	if err != nil {
		return nil, err
	}
	return jpeg.Decode(bytes.NewReader(data))
}

// stillOf is one picture of a film.
func stillOf(data []byte, n int) ([]byte, error) {
	frames, err := film.Decode(data)
	if err != nil {
		return nil, err
	}
	return frames[min(max(n, 0), len(frames)-1)].JPEG, nil
}

func portrait(m image.Image) reference {
	found, ok := selfie.Portrait(m)
	if !ok {
		return reference{there: true}
	}
	return reference{true, selfie.Cut(m, found)}
}

// gone reports whether a picture was redacted meanwhile, or cannot be opened any more.
func gone(err error) bool {
	var refused *photo.Refusal
	return errors.Is(err, errNoPicture) || errors.As(err, &refused)
}

// documentOf is the face on the document of the person: of this attempt or, in a retry
// that does not ask for one, of the latest that had one.
func (s *Service) documentOf(ctx context.Context, a *Attempt) (reference, error) {
	if a.accepted() == nil {
		var err error
		if a, err = s.earlier(ctx, a, func(a *Attempt) bool { return a.accepted() != nil }); err != nil || a == nil {
			return reference{}, err
		}
	}
	for _, side := range a.accepted().sides() {
		if side.Portrait == nil {
			continue
		}
		p, err := s.Picture(ctx, a.ID, side.Picture)
		if err == nil {
			var m image.Image
			if m, err = s.papers.desk.Colour(ctx, p.Data); err == nil {
				return reference{true, selfie.Cut(m, *side.Portrait)}, nil
			}
		}
		if !gone(err) {
			return reference{}, err
		}
	}
	return reference{there: true}, nil
}

// accepted is the document with which the attempt went on, though a person may have to
// look at it; nil for none, or for one that was redacted.
func (a *Attempt) accepted() *Submission {
	status, n := a.Steps[Documents], len(a.Papers)
	if n == 0 || status != StepSuccess && status != StepApproved && status != StepPendingReview {
		return nil
	}
	if sub := a.Papers[n-1]; len(sub.sides()) > 0 && sub.RedactedAt.IsZero() {
		return sub
	}
	return nil
}
