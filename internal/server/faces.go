package server

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"

	"github.com/glencheck-dev/glencheck/internal/idv"
	"github.com/glencheck-dev/glencheck/internal/idv/face"
	"github.com/glencheck-dev/glencheck/internal/idv/specimen"
)

// What --idv-faces takes besides an address.
const (
	facesLocal = "local"
	facesOff   = "off"
)

// localFaces compares faces on this machine.
type localFaces struct{ *face.Local }

// Compare compares the faces in the middle of two pictures.
func (f localFaces) Compare(ctx context.Context, portrait, shown image.Image) (idv.FaceMatch, error) {
	r, err := f.Local.Compare(ctx, portrait, shown)
	if err != nil {
		return idv.FaceMatch{}, err
	}
	m := idv.FaceMatch{Outcome: idv.CodeNoInput, Likeness: r.Likeness}
	switch r.Outcome {
	case face.Same:
		m.Outcome = idv.CodeMatch
	case face.Different:
		m.Outcome = idv.CodeNoMatch
	}
	return m, nil
}

// drawnFaces knows the faces of a sandbox's specimens, which were drawn for it, and has
// others compared by next: the networks were trained with photographs.
type drawnFaces struct{ next idv.Faces }

// Compare compares the faces in the middle of two pictures.
func (f drawnFaces) Compare(ctx context.Context, portrait, shown image.Image) (idv.FaceMatch, error) {
	l := specimen.Compare(portrait, shown)
	switch {
	case !l.Known:
		return f.next.Compare(ctx, portrait, shown)
	case l.Same:
		return idv.FaceMatch{Outcome: idv.CodeMatch, Likeness: l.Score}, nil
	}
	return idv.FaceMatch{Outcome: idv.CodeNoMatch, Likeness: l.Score}, nil
}

// remoteFaces has faces compared at an address: it is sent the two pictures as JPEG and
// answers with an outcome. Whatever else it answers is an error, never a match.
type remoteFaces struct{ gateway }

// faceQuestion is what it is sent; the pictures are base64.
type faceQuestion struct {
	Portrait []byte `json:"portrait"`
	Face     []byte `json:"face"`
}

type faceAnswer struct {
	Outcome  idv.Code `json:"outcome"`
	Likeness int      `json:"likeness"`
}

// Compare asks the address.
func (f remoteFaces) Compare(ctx context.Context, portrait, shown image.Image) (idv.FaceMatch, error) {
	var pictures [2][]byte
	for i, m := range []image.Image{portrait, shown} {
		var out bytes.Buffer
		if err := jpeg.Encode(&out, m, &jpeg.Options{Quality: 95}); err != nil {
			return idv.FaceMatch{}, fmt.Errorf("faces: %w", err)
		}
		pictures[i] = out.Bytes()
	}
	var a faceAnswer
	if err := f.call(ctx, faceQuestion{pictures[0], pictures[1]}, &a); err != nil {
		return idv.FaceMatch{}, err
	}
	switch a.Outcome {
	case idv.CodeMatch, idv.CodeNoMatch, idv.CodeNoInput:
	default:
		return idv.FaceMatch{}, fmt.Errorf("faces: the answer's outcome is none of match, no_match and no_input")
	}
	if a.Likeness < 0 || a.Likeness > 100 {
		return idv.FaceMatch{}, fmt.Errorf("faces: the answer's likeness is not from 0 to 100")
	}
	return idv.FaceMatch(a), nil
}

// faces is who compares faces: nobody in production unless somebody is named.
func (c IDVConfig) faces(env string) idv.Faces {
	switch {
	case c.Faces == facesOff, c.Faces == "" && env != Sandbox:
		return nil
	case c.Faces != facesLocal && c.Faces != "":
		return remoteFaces{newGateway(c.Faces)}
	case env == Sandbox:
		return drawnFaces{localFaces{face.NewLocal()}}
	}
	return localFaces{face.NewLocal()}
}
