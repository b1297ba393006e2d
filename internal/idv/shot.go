package idv

import (
	"context"
	"strconv"
	"strings"
)

// Shot is a picture of an attempt for a person who reviews it, by a name such as
// documents/1/front, documents/1/front-cropped, or documents/1/face. Nothing that was
// not handed in has a name.
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
	return views[kind](ctx, s, p, how)
}

// shot is the picture that a name stands for, and the view of it; "" for none.
func (a *Attempt) shot(name string) (picture, view string) {
	parts := strings.Split(name, "/")
	if len(parts) != 3 {
		return "", ""
	}
	n, err := strconv.Atoi(parts[1])
	if err != nil || n < 1 || parts[0] != "documents" || n > len(a.Papers) {
		return "", ""
	}
	return a.Papers[n-1].shot(parts[2])
}

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
