package pdf417

// field is the prime of the Galois field, and generator of its nonzero elements.
const (
	field     = 929
	generator = 3
)

// powers and logs of the generator.
var powers, logs = func() (p [2 * field]int, l [field]int) {
	x := 1
	for i := range field - 1 {
		p[i], p[i+field-1], l[x] = x, x, i
		x = x * generator % field
	}
	return p, l
}()

func inverse(a int) int { return powers[field-1-logs[a]] }

// correct mends the codewords of a symbol, the last k of which are for correction.
// Erased lists the places of which nothing is known. It returns how many codewords
// it changed, and false if there were too many errors to tell.
func correct(words []int, k int, erased []int) (changed int, ok bool) {
	s, clean := syndromes(words, k)
	if clean {
		return 0, true
	}
	if len(erased) > k-2 && len(erased) > 3*k/4 { // some of the words must be left to tell
		return 0, false
	}
	n := len(words)
	locator := []int{1}
	for _, at := range erased {
		locator = times(locator, []int{1, (field - powers[(n-1-at)%(field-1)]) % field})
	}
	evaluator, sigma, ok := euclid(cut(times(s, locator), k), k, len(erased))
	if !ok {
		return 0, false
	}
	return mend(words, k, times(sigma, locator), evaluator)
}

// syndromes are the values of the received polynomial at the roots of the
// generator polynomial: all zero for a symbol without errors.
func syndromes(words []int, k int) (s []int, clean bool) {
	s, clean = make([]int, k), true
	for j := range s {
		x, sum := powers[(j+1)%(field-1)], 0
		for _, w := range words {
			sum = (sum*x + w) % field
		}
		s[j] = sum
		clean = clean && sum == 0
	}
	return s, clean
}

// euclid finds the polynomial of the unknown errors' places and the evaluator.
func euclid(s []int, k, erasures int) (evaluator, sigma []int, ok bool) {
	a, b := make([]int, k+1), trim(s)
	a[k] = 1
	u, v := []int{}, []int{1}
	for len(b) > 0 && 2*(len(b)-1) >= k+erasures {
		q, r := divide(a, b)
		a, b = b, r
		u, v = v, minus(u, times(q, v))
	}
	if len(v) == 0 || v[0] == 0 {
		return nil, nil, false
	}
	scale := inverse(v[0])
	return scaled(b, scale), scaled(v, scale), true
}

// mend computes and subtracts the errors at the roots of the locator. A locator
// without as many roots as its degree is the sign of too many errors.
func mend(words []int, k int, locator, evaluator []int) (changed int, ok bool) {
	locator = trim(locator)
	n, roots := len(words), 0
	for at := range words {
		x := powers[(field-1-(n-1-at)%(field-1))%(field-1)] // the inverse of the place
		if valueAt(locator, x) != 0 {
			continue
		}
		roots++
		slope := 0
		for i := 1; i < len(locator); i++ {
			slope = (slope + i*locator[i]%field*powers[logs[x]*(i-1)%(field-1)]) % field
		}
		if slope == 0 {
			return 0, false
		}
		e := (field - valueAt(evaluator, x)) % field * inverse(slope) % field
		if e != 0 {
			words[at], changed = (words[at]-e+field)%field, changed+1
		}
	}
	if roots != len(locator)-1 {
		return 0, false
	}
	_, clean := syndromes(words, k)
	return changed, clean
}

// Polynomials are coefficients from the constant upwards.

func valueAt(p []int, x int) int {
	v := 0
	for i := len(p) - 1; i >= 0; i-- {
		v = (v*x + p[i]) % field
	}
	return v
}

func times(a, b []int) []int {
	if len(a) == 0 || len(b) == 0 {
		return nil
	}
	out := make([]int, len(a)+len(b)-1)
	for i, x := range a {
		for j, y := range b {
			out[i+j] = (out[i+j] + x*y) % field
		}
	}
	return out
}

func minus(a, b []int) []int {
	out := make([]int, max(len(a), len(b)))
	copy(out, a)
	for i, y := range b {
		out[i] = (out[i] - y + field) % field
	}
	return trim(out)
}

func scaled(p []int, by int) []int { return times(p, []int{by}) }

func cut(p []int, n int) []int { return trim(p[:min(n, len(p))]) }

func trim(p []int) []int {
	for len(p) > 0 && p[len(p)-1] == 0 {
		p = p[:len(p)-1]
	}
	return p
}

// divide is a/b with its rest; b is not zero.
func divide(a, b []int) (quotient, rest []int) {
	rest = append([]int{}, a...)
	quotient = make([]int, max(len(a)-len(b)+1, 0))
	lead := inverse(b[len(b)-1])
	for i := len(a) - len(b); i >= 0; i-- {
		q := rest[i+len(b)-1] * lead % field
		quotient[i] = q
		for j, y := range b {
			rest[i+j] = (rest[i+j] + (field-q)*y) % field
		}
	}
	return quotient, trim(rest)
}
