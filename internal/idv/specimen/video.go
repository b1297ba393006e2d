package specimen

import (
	"bytes"
	"image"
	"image/draw"
	"math"
)

// A video has so many pictures of this size, in units, before it begins anew.
const (
	videoFrames    = 15
	videoW, videoH = 640, 360
)

// Video is one side of a document held before a camera by a hand that is not quite
// still, as Motion JPEG of 1920 by 1080 pixels: what Chromium takes for
// --use-file-for-fake-video-capture, and plays again from its beginning when it ends.
// Black is 16 and white 235 in it, which Chromium makes 0 and 255. Faults of the picture
// are not in it, as they are the camera's own.
func Video(o Order) ([]byte, error) {
	p, _, err := o.paper()
	if err != nil {
		return nil, err
	}
	doc, table := p.side(o.Side), tableTop(p.unit, videoW, videoH)
	w, h := doc.size()
	var out bytes.Buffer
	frame := sheet{image.NewRGBA(table.Bounds()), p.unit}
	for i := range videoFrames {
		turn := 2 * math.Pi * float64(i) / videoFrames
		draw.Draw(frame.RGBA, frame.Bounds(), table.RGBA, image.Point{}, draw.Src)
		frame.lay(doc, (videoW-w)/2+0.7*math.Sin(turn), (videoH-h)/2+0.5*math.Cos(2*turn))
		frame.grain(1.2, p.holder.seed()+uint64(i))
		frame.each(func(_, _ int, v float64) float64 { return 16 + v*219/255 })
		data, err := frame.encoded(78)
		if err != nil {
			return nil, err
		}
		out.Write(data)
	}
	return out.Bytes(), nil
}
