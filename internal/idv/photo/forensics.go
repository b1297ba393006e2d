package photo

import (
	"bytes"
	"image/jpeg"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/idv/raster"
)

// Forensics are traces of what was done to a picture after it was taken.
type Forensics struct {
	Editor        Finding // a program that edits or makes pictures signed the file
	Recompression Finding // the picture had been saved before at a lower quality
	Screen        Finding // a fine regular grid, as of a screen that was photographed
}

// Findings are all traces in a fixed order.
func (f *Forensics) Findings() []Finding {
	return []Finding{f.Editor, f.Recompression, f.Screen}
}

// The thresholds, from rendered documents that went through each treatment.
const (
	mostGhost = 1.25 // see ghost
	mostGrid  = 2.6  // see grid
)

// Forensics looks for traces. It is the expensive part of looking at a picture.
func (p *Photo) Forensics() Forensics {
	name := p.editor()
	signed := 0.0
	if name != "" {
		signed = 1
	}
	f := Forensics{
		Editor: above("editor", signed, 0.5, "The file was written by "+name+".", "No program that edits pictures signed the file."),
	}
	f.Recompression = above("recompression", p.ghost(), mostGhost, "The picture had been saved before at a lower quality.", "There is no trace of an earlier, stronger compression.")
	grid := 0.0
	if p.patch != nil {
		grid = regularity(p.patch)
	}
	f.Screen = above("screen", grid, mostGrid, "A fine regular grid lies over the picture, as when a screen is photographed.", "There is no regular grid as of a screen.")
	return f
}

// editors are words that programs leave, and what the programs are called.
var editors = [][2]string{
	{"photoshop", "Adobe Photoshop"}, {"lightroom", "Adobe Lightroom"}, {"illustrator", "Adobe Illustrator"}, {"adobe express", "Adobe Express"}, {"firefly", "Adobe Firefly"},
	{"gimp", "GIMP"}, {"affinity", "Affinity Photo"}, {"pixelmator", "Pixelmator"}, {"paint.net", "Paint.NET"}, {"paintshop", "PaintShop Pro"}, {"photopea", "Photopea"},
	{"canva", "Canva"}, {"picsart", "Picsart"}, {"snapseed", "Snapseed"}, {"facetune", "Facetune"}, {"faceapp", "FaceApp"}, {"krita", "Krita"}, {"inkscape", "Inkscape"},
	{"imagemagick", "ImageMagick"}, {"figma", "Figma"}, {"sketch.app", "Sketch"}, {"midjourney", "a generator of pictures"}, {"dall-e", "a generator of pictures"},
	{"stable diffusion", "a generator of pictures"}, {"trainedalgorithmicmedia", "a generator of pictures"}, {"screenshot", "a program that takes screenshots"},
}

// editor names the program that signed the file, from our own list: nothing that
// the file says is repeated.
func (p *Photo) editor() string {
	all := append([]string{p.Software}, p.parts.texts...)
	for _, t := range all {
		t = strings.ToLower(t)
		for _, e := range editors {
			if strings.Contains(t, e[0]) {
				return e[1]
			}
		}
	}
	return ""
}

// ghost saves a part of the picture again at falling qualities. A picture that was
// saved once differs the more, the lower the quality; one that had been saved at a
// lower quality differs least at that one (Farid's "JPEG ghosts"). The value is how
// many times more it differs at the next higher quality: below 1 without a ghost.
func (p *Photo) ghost() float64 {
	if p.Format != "jpeg" || p.patch == nil {
		return 0
	}
	worst, above := 0.0, 0.0
	for q := min(p.Compression()-4, 92); q >= 40; q -= 4 {
		d := difference(p.patch, q)
		if d > 0.05 && above > 0 { // a plain surface differs at no quality
			worst = max(worst, above/d)
		}
		above = d
	}
	return worst
}

// difference is the mean of the squares of what saving at a quality changes.
func difference(g *raster.Gray, quality int) float64 {
	var b bytes.Buffer
	if jpeg.Encode(&b, g.Image(), &jpeg.Options{Quality: quality}) != nil {
		return 0
	}
	m, err := jpeg.Decode(&b)
	if err != nil {
		return 0
	}
	again := raster.From(m)
	sum := 0
	for i, v := range g.Pix {
		d := int(v) - int(again.Pix[i])
		sum += d * d
	}
	return float64(sum) / float64(len(g.Pix))
}

// standard is the table for luminance in Annex K of ISO/IEC 10918-1, in the order of
// a file.
var standard = [64]int{
	16, 11, 12, 14, 12, 10, 16, 14, 13, 14, 18, 17, 16, 19, 24, 40, 26, 24, 22, 22, 24, 49, 35, 37, 29, 40, 58, 51, 61, 60, 57, 51,
	56, 55, 64, 72, 92, 78, 64, 68, 87, 69, 55, 56, 80, 109, 81, 87, 95, 98, 103, 104, 103, 62, 77, 113, 121, 112, 100, 120, 92, 101, 103, 99,
}

// Compression is the quality, 1 to 100, at which the usual encoder makes tables like
// those of the picture; 100 for a PNG.
func (p *Photo) Compression() int {
	if len(p.parts.tables) == 0 {
		return 100
	}
	scale, n := 0, 0
	for i, q := range p.parts.tables[0] {
		if q > 1 && q < 255 {
			scale, n = scale+q*100/standard[i], n+1
		}
	}
	if n == 0 {
		return 100
	}
	if scale /= n; scale <= 100 {
		return min(100-scale/2, 100)
	}
	return max(5000/scale, 1)
}
