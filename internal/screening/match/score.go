package match

// The points that a score loses as a whole.
const (
	minusOrder     = 3
	minusSuffix    = 5
	minusNoSuffix  = 1
	minusForm      = 3
	minusNoForm    = 1
	minusDegrees   = 1
	minusBirth     = 15
	slackOfInitial = worthInitial * (initial + full) // what the pair of an initial may be worth
)

// pair is a word of each side, or two neighbours of one side, that go together.
type pair struct {
	i, j   int
	wideI  bool // i and the next one
	wideJ  bool
	worth  int
	weight int // of the words on both sides
}

// likeness says what two words are worth; Search remembers it.
type likeness func(i int, w *word) int

// score compares two names. alike compares word i of a with a word of b.
func score(a, b *name, alike likeness) int {
	if len(a.words) == 0 || len(b.words) == 0 {
		return 0
	}
	var room [64]pair
	pairs := room[:0]
	for i, x := range a.words {
		for j, y := range b.words {
			if worth := alike(i, y); worth > 0 {
				pairs = append(pairs, pair{i: i, j: j, worth: worth, weight: x.weight + y.weight})
			}
		}
	}
	pairs = joints(pairs, a, b)
	sum, ordered, anchored := choose(pairs, a, b)
	if !anchored {
		return 0
	}
	total := sum / (a.weight + b.weight)
	if !ordered {
		total -= minusOrder
	}
	return max(total-apart(a, b), 0)
}

// joints adds the pairs of one word and two.
func joints(pairs []pair, a, b *name) []pair {
	for i, key := range a.joints {
		for j, y := range b.words {
			if key == y.soundKey && len(y.text) > 2 {
				pairs = append(pairs, pair{i: i, j: j, wideI: true, worth: worthJoint, weight: a.words[i].weight + a.words[i+1].weight + y.weight})
			}
		}
	}
	for j, key := range b.joints {
		for i, x := range a.words {
			if key == x.soundKey && len(x.text) > 2 {
				pairs = append(pairs, pair{i: i, j: j, wideJ: true, worth: worthJoint, weight: x.weight + b.words[j].weight + b.words[j+1].weight})
			}
		}
	}
	return pairs
}

// choose takes the pairs that are worth most, each word once, and reports what they
// are worth, whether they stand in the same order, and whether one of them is of whole
// words that mean something.
func choose(pairs []pair, a, b *name) (sum int, ordered, anchored bool) {
	var usedA, usedB uint16
	var of [16]int8 // the word of b that goes with one of a, from 1
	for {
		best, at := 0, -1
		for k := range pairs {
			p := &pairs[k]
			if usedA&p.maskA() != 0 || usedB&p.maskB() != 0 {
				continue
			}
			if v := p.value(); v > best {
				best, at = v, k
			}
		}
		if at < 0 {
			break
		}
		p := pairs[at]
		usedA |= p.maskA()
		usedB |= p.maskB()
		of[p.i] = int8(p.j) + 1
		sum += p.worth * p.weight
		x, y := a.words[p.i], b.words[p.j]
		anchored = anchored || p.wideI || p.wideJ || x.weight == full && y.weight == full
	}
	ordered, last := true, int8(0)
	for i := range a.words {
		if of[i] == 0 {
			continue
		}
		ordered = ordered && of[i] > last
		last = of[i]
	}
	return sum, ordered, anchored
}

func (p *pair) maskA() uint16 { return mask(p.i, p.wideI) }
func (p *pair) maskB() uint16 { return mask(p.j, p.wideJ) }

func mask(i int, wide bool) uint16 {
	if wide {
		return 3 << i
	}
	return 1 << i
}

// value is what pairs are chosen by: of equal ones those that stand at the same place.
func (p *pair) value() int {
	d := p.i - p.j
	if d < 0 {
		d = -d
	}
	return p.worth*p.weight*16 + 15 - min(d, 15)
}

// apart are the points for what is no word.
func apart(a, b *name) int {
	points := differ(a.suffix, b.suffix, minusSuffix, minusNoSuffix) + differ(a.forms, b.forms, minusForm, minusNoForm)
	if a.degrees != b.degrees {
		points += minusDegrees
	}
	return points
}

func differ(x, y string, other, missing int) int {
	switch {
	case x == y:
		return 0
	case x == "" || y == "":
		return missing
	}
	return other
}
