package selfie

import (
	"cmp"
	_ "embed"
	"fmt"
	"slices"
	"sync"

	pigo "github.com/esimov/pigo/core"

	"github.com/glencheck-dev/glencheck/internal/idv/raster"
)

//go:embed facefinder
var cascade []byte

var finder = sync.OnceValue(func() *pigo.Pigo {
	p, err := pigo.NewPigo().Unpack(cascade)
	if err != nil {
		panic(fmt.Sprintf("selfie: the cascade cannot be read: %v", err))
	}
	return p
})

// Face is a face in a picture, looking at the camera.
type Face struct {
	X, Y  float64 // its middle, as parts of the picture's width and height
	Size  float64 // its diameter, as a part of the shorter side
	Score float64
}

const (
	searched  = 480 // pixels of the longer side at which faces are looked for
	leastFace = 0.1 // of the shorter side
	leastSure = 12  // the score from which a detection is a face
)

// Faces finds the faces of a picture, the surest first.
func Faces(g *raster.Gray) []Face {
	small := g.Shrunk(searched)
	shorter := float64(min(small.W, small.H))
	if shorter < 40 {
		return nil
	}
	found := finder().RunCascade(pigo.CascadeParams{
		MinSize: max(int(leastFace*shorter), 20), MaxSize: int(shorter), ShiftFactor: 0.1, ScaleFactor: 1.1,
		ImageParams: pigo.ImageParams{Pixels: small.Pix, Rows: small.H, Cols: small.W, Dim: small.W},
	}, 0)
	var faces []Face
	for _, d := range finder().ClusterDetections(found, 0.2) {
		if d.Q >= leastSure {
			faces = append(faces, Face{float64(d.Col) / float64(small.W), float64(d.Row) / float64(small.H), float64(d.Scale) / shorter, float64(d.Q)})
		}
	}
	slices.SortStableFunc(faces, func(a, b Face) int { return cmp.Compare(b.Score, a.Score) })
	return faces
}
