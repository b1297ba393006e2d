package face

import (
	_ "embed" // the networks
	"encoding/json"
	"fmt"
	"math"
)

// The networks: their weights, and manifests that say where each is. A string stays
// where the program has it, in a file that the system reads when it is wanted:
// nothing is unpacked before a layer is computed, and then that layer alone.
var (
	//go:embed model/detector.bin
	detectorWeights string
	//go:embed model/detector.json
	detectorManifest []byte
	//go:embed model/landmarks.bin
	landmarksWeights string
	//go:embed model/landmarks.json
	landmarksManifest []byte
	//go:embed model/recogniser.bin
	recogniserWeights string
	//go:embed model/recogniser.json
	recogniserManifest []byte
)

// tensor is an entry of a manifest. What is quantised is a byte a number, which
// stands for scale times itself plus min; the rest is four bytes, little endian.
type tensor struct {
	Name         string        `json:"name"`
	Shape        []int         `json:"shape"`
	Type         string        `json:"dtype"`
	Quantization *quantization `json:"quantization"`

	data string
}

type quantization struct {
	Type  string  `json:"dtype"`
	Scale float64 `json:"scale"`
	Min   float64 `json:"min"`
}

func (t *tensor) size() int {
	n := 1
	for _, d := range t.Shape {
		n *= d
	}
	return n
}

// floats writes the numbers into dst, which has room for them: those from on, as
// many as dst takes.
func (t *tensor) floats(dst []float32, from int) {
	if q := t.Quantization; q != nil {
		scale, low := q.Scale, q.Min
		for i := range dst {
			dst[i] = float32(float64(t.data[from+i])*scale + low)
		}
		return
	}
	for i := range dst {
		b := t.data[4*(from+i):][:4]
		dst[i] = math.Float32frombits(uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24)
	}
}

// all are the numbers of a small tensor.
func (t *tensor) all() []float32 {
	out := make([]float32, t.size())
	t.floats(out, 0)
	return out
}

// network is the weights of a network by their names.
type network map[string]*tensor

// read takes a manifest and the weights apart.
func read(manifest []byte, weights string) (network, error) {
	var groups []struct {
		Weights []*tensor `json:"weights"`
	}
	if err := json.Unmarshal(manifest, &groups); err != nil {
		return nil, fmt.Errorf("the manifest: %w", err)
	}
	n := network{}
	for _, g := range groups {
		for _, t := range g.Weights {
			width := 1
			switch {
			case t.Type != "float32" || t.Quantization != nil && t.Quantization.Type != "uint8":
				return nil, fmt.Errorf("%s is of a type that cannot be read", t.Name)
			case t.Quantization == nil:
				width = 4
			}
			size := width * t.size()
			if size < 1 || size > len(weights) {
				return nil, fmt.Errorf("%s needs %d bytes of the %d that are left", t.Name, size, len(weights))
			}
			t.data, weights = weights[:size], weights[size:]
			n[t.Name] = t
		}
	}
	if len(weights) > 0 {
		return nil, fmt.Errorf("%d bytes belong to no weight", len(weights))
	}
	return n, nil
}

// mustRead reads a network of the program, which its tests have read too.
func mustRead(manifest []byte, weights string) network {
	n, err := read(manifest, weights)
	if err != nil {
		panic(fmt.Sprintf("face: a network cannot be read: %v", err))
	}
	return n
}

// get is a tensor that the network must have, of this shape.
func (n network) get(name string, shape ...int) *tensor {
	t := n[name]
	if t == nil || fmt.Sprint(t.Shape) != fmt.Sprint(shape) {
		panic(fmt.Sprintf("face: the network has no %s of the shape %v", name, shape))
	}
	return t
}
