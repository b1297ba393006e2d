package match

import (
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

// band is the documented band of a score of names or addresses.
func band(score int, edges ...int) int {
	for i, edge := range edges {
		if score >= edge {
			return i
		}
	}
	return len(edges)
}

var (
	someWords = rapid.SampledFrom(strings.Fields(`Andrew Andy Drew Smith Simth Smyth Betty Elizabeth Charles Ray José Jose García López Müller Mueller
		van de la Jr Sr. III Dr. Mr LLC Inc. Acme Services Intl & and O'Brien Smith-Jones A. B J Nguyễn Łukasz Øyvind Straße Иван Дмитрий Γιώργος
		Abd al Rashid Mary Ann Maryann Kim 김민수 محمد دار 王小明 さくら , ,Jr Ph.D. JTWROS dba`))
	someLetters = rapid.StringMatching(`[A-Za-zäöüéñ]{1,9}`)
	someName    = rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.OneOf(someWords, someWords, someLetters), 1, 5).Draw(t, "words"), " ")
	})
	someStreet = rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom(strings.Fields(`12 12b 100 North N Main Cameron Rd Road St Street Ave Apt 4B # 5 PO Box Unit Floor 2nd rue de Hauptstraße É Saint , -`)), 1, 6).Draw(t, "street"), " ")
	})
	someAddress = rapid.Custom(func(t *rapid.T) Address {
		one := func(label, list string) string {
			return rapid.SampledFrom(append(strings.Split(list, "|"), "")).Draw(t, label)
		}
		return Address{
			Street: someStreet.Draw(t, "street"), City: one("city", "Malakoff|São Paulo|New York|Malakof"), Region: one("region", "NY|New York|CA|Québec"),
			PostalCode: one("zip", "14236|14236-1111|142361111|93405|SW1A 2AA"), Country: one("country", "US|USA|United States|DE|México"),
		}
	})
	somePhone = rapid.Custom(func(t *rapid.T) string {
		return rapid.SampledFrom([]string{"+1", "1", "", "+44", "0044", "+52 1", "(0)", "0"}).Draw(t, "prefix") +
			rapid.StringMatching(`[-. (]?5558675[0-9]{2,4}( ?x[0-9]{1,4})?`).Draw(t, "number")
	})
	someMail = rapid.Custom(func(t *rapid.T) string {
		return rapid.StringMatching(`[a-d.]{1,6}([+-][ab]{1,2})?@(gmail|googlemail|yahoo|a|b)\.com`).Draw(t, "mail")
	})
)

// respelt is a text with other case, spacing and accents.
func respelt(t *rapid.T, s string) string {
	switch rapid.IntRange(0, 3).Draw(t, "case") {
	case 0:
		s = strings.ToUpper(s)
	case 1:
		s = strings.ToLower(s)
	case 2:
		s = strings.Map(func(r rune) rune {
			if rapid.Bool().Draw(t, "upper") {
				return unicode.ToUpper(r)
			}
			return r
		}, s)
	}
	if rapid.Bool().Draw(t, "spacing") {
		s = " \t" + strings.Join(strings.Fields(s), rapid.SampledFrom([]string{"  ", "\u00a0", "\t", "\u2003 "}).Draw(t, "space")) + " "
	}
	switch rapid.IntRange(0, 2).Draw(t, "accents") {
	case 0:
		s = withoutAccents(s)
	case 1:
		s = withAccents(t, s)
	}
	return s
}

func withoutAccents(s string) string {
	return norm.NFC.String(strings.Map(func(r rune) rune {
		if r >= 0x300 && r <= 0x36f {
			return -1
		}
		return r
	}, norm.NFD.String(s)))
}

func withAccents(t *rapid.T, s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(s) {
		b.WriteRune(r)
		if unicode.Is(unicode.Latin, r) && rapid.IntRange(0, 3).Draw(t, "accent") == 0 {
			b.WriteRune(rapid.SampledFrom([]rune{0x300, 0x301, 0x302, 0x303, 0x308, 0x30c}).Draw(t, "mark"))
		}
	}
	if rapid.Bool().Draw(t, "composed") {
		return norm.NFC.String(b.String())
	}
	return b.String()
}

// sums fails unless a trace is the reason for its score.
func sums(t *rapid.T, score int, trace Trace) {
	if score < 0 || score > 100 || trace.score() != score {
		t.Fatalf("score %d of a trace that sums to %d:\n%s", score, trace.score(), trace)
	}
	for _, s := range trace {
		if says[s.Rule] == "" || s.Points == 0 {
			t.Fatalf("step %+v says nothing", s)
		}
	}
}

func TestNameProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := someName.Draw(t, "a"), someName.Draw(t, "b")
		one, other := Names(a, b), Names(b, a)
		sums(t, one.Score, one.Trace)
		if one.Score != other.Score || one.FirstOrLast != other.FirstOrLast || one.Nickname != other.Nickname || one.Business != other.Business {
			t.Fatalf("%q and %q: %+v one way, %+v the other", a, b, one, other)
		}
		if same := Names(a, a); same.Score != 100 {
			t.Fatalf("%q is itself with %d", a, same.Score)
		}
		c := respelt(t, b)
		if again := Names(a, c); band(again.Score, 100, 85, 70, 50) > band(one.Score, 100, 85, 70, 50) {
			t.Fatalf("%q and %q: %d, but %d with %q\n%s\n%s", a, b, one.Score, again.Score, c, one.Trace, again.Trace)
		}
	})
}

func TestAddressProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := someAddress.Draw(t, "a"), someAddress.Draw(t, "b")
		one, other := Addresses(a, b), Addresses(b, a)
		sums(t, one.Score, one.Trace)
		if one.Score != other.Score || one.PostalCode != other.PostalCode {
			t.Fatalf("%v and %v: %+v one way, %+v the other", a, b, one, other)
		}
		c := Address{respelt(t, b.Street), respelt(t, b.City), respelt(t, b.Region), respelt(t, b.PostalCode), respelt(t, b.Country)}
		if again := Addresses(a, c); band(again.Score, 100, 90, 70) > band(one.Score, 100, 90, 70) {
			t.Fatalf("%v and %v: %d, but %d with %v\n%s\n%s", a, b, one.Score, again.Score, c, one.Trace, again.Trace)
		}
	})
}

func TestPhoneAndMailProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for kind, c := range map[string]struct {
			gen     *rapid.Generator[string]
			compare func(a, b string) Score
		}{"phone": {somePhone, Phones}, "mail": {someMail, Emails}} {
			a, b := c.gen.Draw(t, kind+" a"), c.gen.Draw(t, kind+" b")
			one, other := c.compare(a, b), c.compare(b, a)
			sums(t, one.Score, one.Trace)
			if one.Score != other.Score {
				t.Fatalf("%q and %q: %d one way, %d the other", a, b, one.Score, other.Score)
			}
			if again := c.compare(a, " "+strings.ToUpper(b)+"\t"); again.Score != one.Score {
				t.Fatalf("%q and %q: %d, but %d in capitals", a, b, one.Score, again.Score)
			}
			if again := c.compare(a, a); again.Score != 100 && a != "" {
				t.Fatalf("%q is itself with %d", a, again.Score)
			}
		}
	})
}

// check is what every comparison of anything holds.
func check(t *testing.T, one, other int, trace Trace) {
	t.Helper()
	if one != other || one < 0 || one > 100 || trace.score() != one {
		t.Fatalf("%d one way, %d the other:\n%s", one, other, trace)
	}
}

func FuzzNames(f *testing.F) {
	f.Add("Andrew Smith", "Andy Simth")
	f.Add("ANDREW & BETTY SMITH JTWROS", "Acme, Inc. dba \xff")
	f.Add("محمد", "김민수 さくら")
	f.Fuzz(func(t *testing.T, a, b string) {
		one := Names(a, b)
		check(t, one.Score, Names(b, a).Score, one.Trace)
	})
}

func FuzzAddresses(f *testing.F) {
	f.Add("12 Main St Apt #4B", "München", "New York", "14236-1111", "US", "4/12 N North St")
	f.Fuzz(func(t *testing.T, street, city, region, postal, country, other string) {
		a, b := Address{street, city, region, postal, country}, Address{other, city, country, postal, region}
		one := Addresses(a, b)
		check(t, one.Score, Addresses(b, a).Score, one.Trace)
	})
}

func FuzzContacts(f *testing.F) {
	f.Add("+1 (555) 867-5309 x12", "001 555 867 5309")
	f.Add("a.b+c@gmail.com", "ab@googlemail.com")
	f.Fuzz(func(t *testing.T, a, b string) {
		one := Phones(a, b)
		check(t, one.Score, Phones(b, a).Score, one.Trace)
		one = Emails(a, b)
		check(t, one.Score, Emails(b, a).Score, one.Trace)
	})
}
