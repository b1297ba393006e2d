package idv

import (
	"context"
	"strconv"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/idv/selfie/film"
)

// Shot is a picture of an attempt for a person who reviews it, by a name such as
// documents/1/front, documents/1/front-cropped, documents/1/face, selfie/1/best, or
// selfie/1/3, the third of the pictures that stand for a film. Nothing that was not
// handed in has a name.
func (s *Service) Shot(ctx context.Context, clientID, id, name string) (Picture, error) {
	a, err := s.Get(ctx, clientID, id)
	if err != nil {
		return Picture{}, err
	}
	picture, view := a.shot(name)
	if picture == "" {
		return Picture{}, errNoPicture
	}
	p, err := s.Picture(ctx, a.ID, picture)
	if err != nil || view == "" {
		return p, err
	}
	kind, how, _ := strings.Cut(view, ":")
	if kind == viewStrip {
		return strip(p, how)
	}
	return views[kind](ctx, s, p, how)
}

// shot is the picture that a name stands for, and the view of it; "" for none.
func (a *Attempt) shot(name string) (picture, view string) {
	parts := strings.Split(name, "/")
	if len(parts) != 3 {
		return "", ""
	}
	n, err := strconv.Atoi(parts[1])
	switch {
	case err != nil || n < 1:
	case parts[0] == "documents" && n <= len(a.Papers):
		return a.Papers[n-1].shot(parts[2])
	case parts[0] == "selfie" && n <= len(a.Selfies):
		return a.Selfies[n-1].shot(parts[2])
	}
	return "", ""
}

func (t *SelfieTry) shot(name string) (picture, view string) {
	switch k, err := strconv.Atoi(name); {
	case t.Picture == "":
	case name == "best" && t.Still:
		return t.Picture, ""
	case name == "best":
		return t.Picture, viewFrame + ":" + strconv.Itoa(t.Frame)
	case err == nil && k >= 1 && k <= stripLength && !t.Still:
		return t.Picture, viewStrip + ":" + name
	}
	return "", ""
}

// A film is shown by a few of its pictures, from the first to the last.
const (
	viewStrip   = "strip"
	stripLength = 6
)

// strip is one of the pictures that stand for a film.
func strip(p Picture, how string) (Picture, error) {
	k, err := strconv.Atoi(how)
	if err != nil || p.Media != filmMedia {
		return Picture{}, errNoPicture
	}
	frames, err := film.Decode(p.Data)
	if err != nil {
		return Picture{}, err
	}
	return Picture{ID: p.ID, Media: "image/jpeg", Data: frames[(k-1)*(len(frames)-1)/(stripLength-1)].JPEG}, nil
}

// SelfieShots are the names of the pictures of a selfie, the n-th of the attempt: the one
// that shows the face best, then those that stand for the film. None once it is redacted.
func (a *Attempt) SelfieShots(n int) (list []string) {
	folder := "selfie/" + strconv.Itoa(n) + "/"
	for k := range stripLength + 1 {
		name := strconv.Itoa(k)
		if k == 0 {
			name = "best"
		}
		if at, _ := a.Selfies[n-1].shot(name); at != "" {
			list = append(list, folder+name)
		}
	}
	return list
}

// Live reports whether a selfie shows somebody who followed what was asked of them.
func (t *SelfieTry) Live() bool { return t.live() }

func (s *Submission) shot(name string) (picture, view string) {
	if name == viewFace {
		for _, side := range s.sides() {
			if side.Portrait != nil && side.Picture != "" {
				return side.Picture, faceView(*side.Portrait)
			}
		}
		return "", ""
	}
	name, cropped := strings.CutSuffix(name, "-cropped")
	side := map[string]*Side{string(front): s.Front, string(back): s.Back}[name]
	switch {
	case side == nil || side.Picture == "" || cropped && side.Outline == nil:
		return "", ""
	case cropped:
		return side.Picture, cropView(*side.Outline)
	}
	return side.Picture, ""
}

// Shots are the names of the pictures of a submission, the n-th of the attempt: of the
// document where it was found in them, otherwise of all that was handed in.
func (a *Attempt) Shots(n int) (list []string) {
	for _, name := range []string{"front", "back"} {
		for _, which := range []string{name + "-cropped", name} {
			if at, _ := a.Papers[n-1].shot(which); at != "" {
				list = append(list, "documents/"+strconv.Itoa(n)+"/"+which)
				break
			}
		}
	}
	return list
}

// HasFace reports whether a face was found on a document, which has the name
// documents/n/face then.
func (s *Submission) HasFace() bool {
	at, _ := s.shot(viewFace)
	return at != ""
}
