package plaid

import (
	"errors"
	"math"
	"strconv"
	"strings"
)

// Decimal is an exact amount of money in currency units, not cents: the API
// answers 23631.9805 as such. It holds up to 18 digits; the zero Decimal is 0.
type Decimal struct {
	unscaled int64
	scale    uint8 // digits behind the point
}

var errDecimal = errors.New("not a decimal number of at most 18 digits")

// ParseDecimal reads a number such as "-12", "0.5" or "23631.9805". It refuses
// exponents, more than 18 digits, and anything that is not a JSON number.
func ParseDecimal(s string) (Decimal, error) {
	digits, negative := strings.CutPrefix(s, "-")
	whole, frac, hasPoint := strings.Cut(digits, ".")
	if whole == "" || hasPoint && frac == "" || len(whole) > 1 && whole[0] == '0' || len(whole)+len(frac) > 18 {
		return Decimal{}, errDecimal
	}
	for _, c := range []byte(whole + frac) {
		if c < '0' || c > '9' {
			return Decimal{}, errDecimal
		}
	}
	n, err := strconv.ParseInt(whole+frac, 10, 64)
	if err != nil {
		return Decimal{}, errDecimal
	}
	if negative {
		n = -n
	}
	return Decimal{n, uint8(len(frac))}.trim(), nil
}

// MustDecimal is ParseDecimal for constants; it panics on a malformed one.
func MustDecimal(s string) Decimal {
	d, err := ParseDecimal(s)
	if err != nil {
		panic("plaid: " + strconv.Quote(s) + " is " + err.Error())
	}
	return d
}

// Cents is an amount given in hundredths.
func Cents(n int64) Decimal { return Decimal{n, 2}.trim() }

// trim drops zeros behind the point, so that equal amounts are equal values.
func (d Decimal) trim() Decimal {
	for d.scale > 0 && d.unscaled%10 == 0 {
		d.unscaled /= 10
		d.scale--
	}
	return d
}

// String prints the amount without zeros at its end: 100, 320.76.
func (d Decimal) String() string { return string(d.append(nil)) }

// Fixed prints the amount for a person: with exactly two decimals, rounded half
// away from zero, without a currency sign or separators.
func (d Decimal) Fixed() string {
	n := d.unscaled
	for s := d.scale; s < 2; s++ {
		n *= 10
	}
	if d.scale > 2 {
		p := int64(math.Pow10(int(d.scale) - 2))
		half := p / 2
		if n < 0 {
			half = -half
		}
		n = (n + half) / p
	}
	sign := ""
	if n < 0 {
		sign, n = "-", -n
	}
	s := strconv.FormatInt(n, 10)
	for len(s) < 3 {
		s = "0" + s
	}
	return sign + s[:len(s)-2] + "." + s[len(s)-2:]
}

func (d Decimal) append(b []byte) []byte {
	n := d.unscaled
	if n < 0 {
		b, n = append(b, '-'), -n
	}
	s := strconv.FormatInt(n, 10)
	for len(s) <= int(d.scale) {
		s = "0" + s
	}
	point := len(s) - int(d.scale)
	b = append(b, s[:point]...)
	if d.scale > 0 {
		b = append(b, '.')
		b = append(b, s[point:]...)
	}
	return b
}

// MarshalJSON prints the amount as a JSON number.
func (d Decimal) MarshalJSON() ([]byte, error) { return d.append(nil), nil }

// UnmarshalJSON reads a JSON number.
func (d *Decimal) UnmarshalJSON(b []byte) error {
	v, err := ParseDecimal(string(b))
	if err != nil {
		return err
	}
	*d = v
	return nil
}

// Sub returns d - e. It is exact for amounts whose digits fit in 18 places.
func (d Decimal) Sub(e Decimal) Decimal {
	for d.scale < e.scale {
		d.unscaled, d.scale = d.unscaled*10, d.scale+1
	}
	for e.scale < d.scale {
		e.unscaled, e.scale = e.unscaled*10, e.scale+1
	}
	return Decimal{d.unscaled - e.unscaled, d.scale}.trim()
}
