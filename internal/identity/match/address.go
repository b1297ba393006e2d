package match

import "strings"

// Address is a postal address. "" is a part that is not known.
type Address struct{ Street, City, Region, PostalCode, Country string }

func (a Address) blank() bool {
	return blank(a.Street) && blank(a.City) && blank(a.Region) && blank(a.PostalCode) && blank(a.Country)
}

// AddressResult is the score of two addresses.
type AddressResult struct {
	Score int
	// PostalCode: both have a postal code, and it is the same.
	PostalCode bool
	Trace      Trace
}

// The points of addresses.
const (
	pointsNoStreet      = 35
	pointsStreetTypo    = 6
	pointsStreetPart    = 15
	pointsOtherStreet   = 60
	pointsNoNumber      = 15
	pointsOtherNumber   = 40
	pointsNoType        = 3
	pointsOtherType     = 12
	pointsNoDirection   = 5
	pointsOtherWay      = 15
	pointsNoUnit        = 6
	pointsOtherUnit     = 15
	pointsBox           = 60
	pointsBoxOnly       = 8
	pointsNoCity        = 2
	pointsCityTypo      = 4
	pointsCityNear      = 6 // the same postal code has several names of cities
	pointsOtherCity     = 25
	pointsNoRegion      = 1
	pointsRegionNear    = 5
	pointsOtherRegion   = 25
	pointsNoPostal      = 3
	pointsOneOfPostal   = 8
	pointsOtherPostal   = 15
	pointsOtherDelivery = 2
	pointsOtherCountry  = 50
)

// located is an address taken apart.
type located struct {
	plain                            [5]string
	street                           street
	city, region, country, zip, zip4 string
}

// Addresses compares two addresses.
func Addresses(a, b Address) AddressResult {
	x, y := locate(a), locate(b)
	r := AddressResult{PostalCode: x.zip != "" && x.zip == y.zip, Trace: Trace{}}
	if x.plain == y.plain {
		r.Score = 100
		return r
	}
	c := &comparison{near: r.PostalCode}
	c.streets(x.street, y.street)
	c.cities(x.city, y.city)
	c.regions(x.region, y.region)
	c.postal(&x, &y)
	if x.country != y.country && x.country != "" && y.country != "" {
		c.add(CountryUnlike, x.country, y.country, pointsOtherCountry)
	}
	if len(c.trace) == 0 {
		c.add(Equivalent, "", "", pointsNormalised)
	}
	r.Trace = c.trace.raise(0, Nothing)
	r.Score = r.Trace.score()
	return r
}

// locate takes an address apart.
func locate(a Address) located {
	l := located{
		street: parseStreet(a.Street), city: compact(a.City), region: compact(a.Region), country: compact(a.Country),
		zip: compact(a.PostalCode),
	}
	for i, part := range []string{a.Street, a.City, a.Region, a.PostalCode, a.Country} {
		l.plain[i] = plain(fold(part).text)
	}
	if code, ok := regionCodes[l.region]; ok {
		l.region = code
	}
	if code, ok := countryCodes[l.country]; ok {
		l.country = code
	}
	if american := l.country == "us" || l.country == ""; american && countDigits(l.zip) == len(l.zip) {
		switch len(l.zip) {
		case 9:
			l.zip, l.zip4 = l.zip[:5], l.zip[5:]
		case 4:
			if l.country == "us" { // a spreadsheet has eaten the zero
				l.zip = "0" + l.zip
			}
		}
	}
	l.city = strings.TrimPrefix(l.city, "cityof")
	for _, long := range []string{"saint", "sainte"} {
		if rest, ok := strings.CutPrefix(l.city, long); ok && rest != "" && strings.ContainsAny(a.City, " -") {
			l.city = "st" + strings.TrimPrefix(rest, "e")
		}
	}
	return l
}

// comparison collects the steps of two addresses.
type comparison struct {
	trace Trace
	near  bool // the postal code is the same
}

func (c *comparison) add(rule Rule, a, b string, points int) {
	c.trace = append(c.trace, Step{Rule: rule, A: a, B: b, Points: -points})
}

// differs takes points where both sides have a part, and less where one has.
func (c *comparison) differs(a, b string, missing Rule, less int, other Rule, more int) {
	switch {
	case a == b:
	case a == "" || b == "":
		c.add(missing, a, b, less)
	default:
		c.add(other, a, b, more)
	}
}

func (c *comparison) streets(a, b street) {
	switch {
	case a.box != "" && b.box != "":
		if a.box != b.box {
			c.add(BoxDiffers, a.box, b.box, pointsBox)
			return
		}
		if a.empty() != b.empty() {
			c.add(BoxAndStreet, a.name, b.name, pointsBoxOnly)
		}
		if a.empty() || b.empty() {
			return
		}
	case a.empty() && b.empty() && a.box == b.box, a.empty() && a.box == "", b.empty() && b.box == "":
		c.add(StreetMissing, a.name, b.name, pointsNoStreet)
		return
	case a.empty() || b.empty():
		c.add(BoxAndStreet, a.box+a.name, b.box+b.name, pointsBox)
		return
	case a.box != b.box:
		c.add(BoxAndStreet, a.box, b.box, pointsBoxOnly)
	}
	c.differs(a.number, b.number, NumberMissing, pointsNoNumber, NumberDiffers, pointsOtherNumber)
	c.streetNames(a, b)
	c.differs(a.direction, b.direction, DirectionMissing, pointsNoDirection, DirectionDiffers, pointsOtherWay)
	c.differs(a.unit, b.unit, UnitMissing, pointsNoUnit, UnitDiffers, pointsOtherUnit)
}

// streetNames compares names and types together: with another name, a type says
// nothing more.
func (c *comparison) streetNames(a, b street) {
	x, y := strings.ReplaceAll(a.name, " ", ""), strings.ReplaceAll(b.name, " ", "")
	x, y = digraphs(x), digraphs(y)
	switch n := misspelt(x, y); {
	case x == y:
	case x+a.kind == y+b.kind: // "Haupt Strasse" and "Hauptstrasse"
		return
	case n > 0 && !strings.ContainsAny(x+y, "0123456789"):
		c.add(StreetMisspelt, a.name, b.name, n*pointsStreetTypo)
	case within(a.name, b.name) || within(b.name, a.name):
		c.add(StreetMisspelt, a.name, b.name, pointsStreetPart)
	default:
		c.add(StreetDiffers, a.name, b.name, pointsOtherStreet)
		return
	}
	c.differs(a.kind, b.kind, TypeMissing, pointsNoType, TypeDiffers, pointsOtherType)
}

// within reports whether all words of a are words of b, in their order.
func within(a, b string) bool {
	return len(a) > 3 && strings.Contains(" "+b+" ", " "+a+" ")
}

func (c *comparison) cities(a, b string) {
	more := pointsOtherCity
	if c.near {
		more = pointsCityNear
	}
	if n := misspelt(digraphs(a), digraphs(b)); n > 0 || a != b && a != "" && digraphs(a) == digraphs(b) {
		c.add(CityMisspelt, a, b, max(1, n*pointsCityTypo))
		return
	}
	c.differs(a, b, CityMissing, pointsNoCity, CityDiffers, more)
}

func (c *comparison) regions(a, b string) {
	more := pointsOtherRegion
	if c.near {
		more = pointsRegionNear
	}
	c.differs(a, b, RegionMissing, pointsNoRegion, RegionDiffers, more)
}

func (c *comparison) postal(a, b *located) {
	switch {
	case a.zip == b.zip:
		if a.zip4 != b.zip4 && a.zip4 != "" && b.zip4 != "" {
			c.add(PostalDelivery, a.zip4, b.zip4, pointsOtherDelivery)
		}
	case a.zip == "" || b.zip == "":
		c.add(PostalMissing, a.zip, b.zip, pointsNoPostal)
	case len(a.zip) > 3 && close1(a.zip, b.zip):
		c.add(PostalDiffers, a.zip, b.zip, pointsOneOfPostal)
	default:
		c.add(PostalDiffers, a.zip, b.zip, pointsOtherPostal)
	}
}
