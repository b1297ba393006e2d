package idv

import (
	"context"
	"image"
)

// Faces compares faces. Where there is nobody who does, a person has to.
type Faces interface {
	// Compare says whether two pictures show the same person: the portrait of a
	// document, or an earlier selfie, and a frame of the selfie. Both are upright and
	// cut out around one face, which is in the middle and about half as wide as its
	// picture. An error says that nobody could be asked; that a picture is not good
	// enough to tell is an outcome.
	Compare(ctx context.Context, portrait, face image.Image) (FaceMatch, error)
}

// FaceMatch is what a comparison of faces has come to.
type FaceMatch struct {
	Outcome Code // match, no_match, or no_input where it could not be told
	// Likeness is how alike the faces are, from 0 to 100, by the measure of whoever has
	// compared them.
	Likeness int
}
