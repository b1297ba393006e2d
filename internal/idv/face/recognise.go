package face

import (
	"math"
	"sync"
)

// Descriptor are 128 numbers for a face: those of one person lie close together.
type Descriptor [128]float32

// Distance is how far apart two descriptors are. The network was trained to bring
// the faces of one person into a ball of the radius 0.6, and no two persons into one.
func (d *Descriptor) Distance(other *Descriptor) float64 {
	sum := 0.0
	for i, v := range d {
		diff := float64(v) - float64(other[i])
		sum += diff * diff
	}
	return math.Sqrt(sum)
}

// length is how far a descriptor is from none. It is small where the network has seen
// little that is one person's own.
func (d *Descriptor) length() float64 { return d.Distance(new(Descriptor)) }

var recogniser = sync.OnceValue(func() network { return mustRead(recogniserManifest, recogniserWeights) })

// faceSide is the side of a face as the recogniser sees it.
const faceSide = 150

// recognise computes the descriptor of a square of faceSide pixels around a face.
func recognise(in *volume) *Descriptor {
	n := recogniser()
	v := n.scaled("conv32_down", in, 2, valid, 0)
	v = largest(v, 3, 2, valid)
	for _, name := range []string{"conv32_1", "conv32_2", "conv32_3"} {
		v = n.residual(name, v)
	}
	v = n.down("conv64_down", v)
	for _, name := range []string{"conv64_1", "conv64_2", "conv64_3"} {
		v = n.residual(name, v)
	}
	v = n.down("conv128_down", v)
	for _, name := range []string{"conv128_1", "conv128_2"} {
		v = n.residual(name, v)
	}
	v = n.down("conv256_down", v)
	for _, name := range []string{"conv256_1", "conv256_2"} {
		v = n.residual(name, v)
	}
	v = n.down("conv256_down_out", v)
	v = mean(v, v.h, 1)
	return (*Descriptor)(connected(v.data, n.get("fc", 256, 128)))
}

// scaled is a convolution whose sums are stretched and moved.
func (n network) scaled(name string, in *volume, stride int, pad padding, leak float32) *volume {
	filters := n[name+"/conv/filters"]
	outs := filters.Shape[3]
	scale, shift := n.get(name+"/scale/weights", outs).all(), n.get(name+"/scale/biases", outs).all()
	for i, b := range n.get(name+"/conv/bias", outs).all() {
		shift[i] += b * scale[i]
	}
	return convolve(in, filters, stride, pad, after{scale, shift, leak})
}

// residual adds to a volume what two convolutions make of it.
func (n network) residual(name string, in *volume) *volume {
	v := n.scaled(name+"/conv1", in, 1, same, 0)
	return n.scaled(name+"/conv2", v, 1, same, 1).add(in).rectify()
}

// down is a residual that halves the sides. What is smaller, the volume or what the
// convolutions made of it, ends with zeros: in channels the one, in places the other.
func (n network) down(name string, in *volume) *volume {
	v := n.scaled(name+"/conv1", in, 2, valid, 0)
	v = n.scaled(name+"/conv2", v, 1, same, 1)
	half := mean(in, 2, 2)
	return newVolume(half.h, half.w, v.c).add(half, v).rectify()
}
