package specimen

import (
	"fmt"
	"image"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/idv/raster"
	"github.com/glencheck-dev/glencheck/internal/idv/selfie"
)

// TestFacesAreFound: the detector sees every drawn face, as one, and different people
// have different ones.
func TestFacesAreFound(t *testing.T) {
	if testing.Short() {
		t.Skip("many pictures of pure functions")
	}
	seen := map[Face]bool{}
	for i := range 40 {
		p := Leslie
		p.GivenName = fmt.Sprintf("Leslie %c%c", 'A'+i/26, 'A'+i%26)
		f := FaceOf(p)
		seen[f] = true
		m := image.NewRGBA(image.Rect(0, 0, 150, 180))
		f.paint(m, m.Bounds(), 75, 79, 72, 0, 2, func(int, int) tint { return wall })
		if found := selfie.Faces(raster.From(m)); len(found) != 1 {
			t.Errorf("%d faces of %v", len(found), f)
		}
	}
	if len(seen) < 39 {
		t.Errorf("%d faces of 40 people", len(seen))
	}
	if FaceOf(Leslie) != FaceOf(Person{GivenName: "leslie", FamilyName: "KNOPE", DateOfBirth: "1975-01-18"}) {
		t.Error("a face is not that of its person")
	}
}
