package match_test

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/screening/list"
	"github.com/glencheck-dev/glencheck/internal/screening/match"
)

// synthetic makes lists like published ones, of names put together from syllables:
// they are nobody's. The same seed makes the same.
type synthetic struct{ *rand.Rand }

func newSynthetic(seed uint64) synthetic { return synthetic{rand.New(rand.NewPCG(seed, 7))} }

// style is how the names of a region are built.
type style struct {
	given      []string
	start, mid []string
	end        []string
	particles  []string
	middle     float64 // how many have a middle name
}

var styles = []style{
	{
		given: strings.Fields("mohammed ahmed hassan hussein ali khaled omar yusuf ibrahim mahmoud mustafa hamid rashid karim nasser salim tariq walid zayd bilal faisal jamal"),
		start: strings.Fields("ba bar dha fa gha ha ja ka kha ma mu na qa ra sa sha su ta tha za"), mid: strings.Fields("bi di fi hi li mi ri si ti wi ya za ra ma"),
		end: strings.Fields("dani fawi hani jari kari labi mani nasi rabi sani tari wadi yani zimi"), particles: strings.Fields("al al al abu bin el"), middle: 0.7,
	},
	{
		given: strings.Fields("alexander dmitry sergei ivan mikhail andrei vladimir nikolai pavel viktor oleg igor yuri boris konstantin maxim roman anatoly"),
		start: strings.Fields("ba be bo dra go gri ka ko kra la lu ma mo ne pe po ra se shcha sta tro vo za zhu"), mid: strings.Fields("ba chi da go ka li lo mi ne ri ro se ti va"),
		end: strings.Fields("nov lov rov chenko tsky shin kin rin sky dov gin yev"), middle: 0.5,
	},
	{
		given: strings.Fields("jose juan carlos luis miguel jorge pedro manuel ricardo fernando alberto rafael diego martin hector raul"),
		start: strings.Fields("al bar ca cor de es fe gar her lo mar men mo na or pa que ra sal so to va ve zu"), mid: strings.Fields("ba ce da go la lo ma ne ra re ri ta"),
		end: strings.Fields("dez gado llo mero nez quez rro tega vedo zar"), particles: strings.Fields("de del"), middle: 0.6,
	},
	{
		given: strings.Fields("john william robert james thomas richard charles daniel matthew edward peter george joseph samuel anthony benjamin"),
		start: strings.Fields("ash bar black brad car clay dun ed fair gar hal har hol ken lang lin mar mil nor pem rad sel stan thorn wal wes"), mid: strings.Fields("a en er ing le ow"),
		end: strings.Fields("bert bury by croft dale field ford ham ley man mere mont son stead ton well wick worth"), middle: 0.4,
	},
	{
		given: strings.Fields("jian wei ming hao jun lei qiang yong feng bo tao hui kim jong chol sung hyon"),
		start: strings.Fields("chen chang guo han huang jiang lin liu ma pan shen song sun tan wang wu xu yang zhang zhao zhou zhu"), middle: 0,
	},
}

func pick(r *rand.Rand, list []string) string {
	// Few are common, most are rare, as with names.
	i := int(float64(len(list)) * r.Float64() * r.Float64())
	return list[i]
}

// person is a name in its parts.
type person struct {
	style                 *style
	given, middle, family string
	particle              string
	born                  string
}

func (p person) full() string {
	return strings.Join(strings.Fields(p.given+" "+p.middle+" "+strings.TrimSpace(p.particle+" "+p.family)), " ")
}

func (s synthetic) person() person {
	st := &styles[min(s.IntN(13)/3, len(styles)-1)]
	p := person{style: st, given: pick(s.Rand, st.given)}
	p.family = pick(s.Rand, st.start)
	if len(st.end) > 0 {
		for range 1 + s.IntN(2) {
			p.family += st.mid[s.IntN(len(st.mid))]
		}
		p.family += st.end[s.IntN(len(st.end))]
	}
	if s.Float64() < st.middle {
		p.middle = pick(s.Rand, st.given)
	}
	if len(st.particles) > 0 && s.Float64() < 0.4 {
		p.particle = pick(s.Rand, st.particles)
	}
	p.born = fmt.Sprintf("%d-%02d-%02d", 1940+s.IntN(60), 1+s.IntN(12), 1+s.IntN(28))
	return p
}

// list makes entries, each with up to five aliases.
func (s synthetic) list(n int) ([]match.Entry, []person) {
	var entries []match.Entry
	var people []person
	for i := range n {
		p := s.person()
		e := match.Entry{Code: []string{"US_SDN", "EU_CON", "IZ_UNC", "UK_HMC"}[s.IntN(4)]}
		e.UID, e.Kind = fmt.Sprint(i), list.Individual
		e.Names = []list.Name{{Full: strings.ToUpper(p.full()), Primary: true}}
		for range s.IntN(4) {
			e.Names = append(e.Names, list.Name{Full: s.variant(p), Weak: s.IntN(6) == 0})
		}
		if s.IntN(4) > 0 {
			year := p.born[:4]
			e.Births = []list.Range{{From: p.born, To: p.born}}
			if s.IntN(3) == 0 {
				e.Births[0] = list.Range{From: year + "-01-01", To: year + "-12-31"}
			}
		}
		if s.IntN(4) == 0 {
			e.Documents = []list.Document{{Type: "passport", Number: fmt.Sprintf("SP%07d", i)}}
		}
		entries, people = append(entries, e), append(people, p)
	}
	return entries, people
}

// variant is another way of writing the name.
func (s synthetic) variant(p person) string {
	ways := variations
	for {
		if v := ways[s.IntN(len(ways))].make(s, p); v != "" {
			return v
		}
	}
}

// variations are the ways in which names of one person differ. A way that does not
// fit a name makes nothing of it.
var variations = []struct {
	name string
	make func(s synthetic, p person) string
}{
	{"the same", func(_ synthetic, p person) string { return p.full() }},
	{"case and accents", func(_ synthetic, p person) string {
		return strings.NewReplacer("a", "á", "o", "ö", "n", "ñ").Replace(strings.ToUpper(p.given)) + " " + strings.TrimPrefix(p.full(), p.given+" ")
	}},
	{"family name first", func(_ synthetic, p person) string {
		return strings.TrimSpace(p.particle+" "+p.family) + ", " + strings.TrimSpace(p.given+" "+p.middle)
	}},
	{"order", func(_ synthetic, p person) string {
		return strings.TrimSpace(p.family + " " + p.given + " " + p.middle)
	}},
	{"title", func(_ synthetic, p person) string { return "Dr. " + p.full() }},
	{"spelling of a sound", func(s synthetic, p person) string {
		q := p
		q.family = respell.Replace(p.family)
		q.given = respell.Replace(p.given)
		return changed(p, q)
	}},
	{"a letter wrong", func(s synthetic, p person) string {
		q := p
		q.family = s.mistake(p.family)
		return changed(p, q)
	}},
	{"two letters wrong", func(s synthetic, p person) string {
		q := p
		q.family, q.given = s.mistake(p.family), s.mistake(p.given)
		return changed(p, q)
	}},
	{"no middle name", func(_ synthetic, p person) string {
		q := p
		q.middle = ""
		return changed(p, q)
	}},
	{"initial of the middle name", func(_ synthetic, p person) string {
		q := p
		if q.middle != "" {
			q.middle = p.middle[:1] + "."
		}
		return changed(p, q)
	}},
	{"initial of the first name", func(_ synthetic, p person) string {
		q := p
		q.given = p.given[:1] + "."
		return changed(p, q)
	}},
	{"no particle", func(_ synthetic, p person) string {
		q := p
		q.particle = ""
		return changed(p, q)
	}},
	{"names written together", func(_ synthetic, p person) string {
		if p.middle == "" {
			return ""
		}
		q := p
		q.given, q.middle = p.given+p.middle, ""
		return changed(p, q)
	}},
	{"short form of the first name", func(_ synthetic, p person) string {
		q := p
		q.given = shortForms[p.given]
		if q.given == "" {
			return ""
		}
		return changed(p, q)
	}},
	{"Cyrillic", func(_ synthetic, p person) string {
		if p.style != &styles[1] {
			return ""
		}
		return cyrillic.Replace(p.full())
	}},
}

func changed(p, q person) string {
	if q.full() == p.full() {
		return ""
	}
	return q.full()
}

var (
	respell    = strings.NewReplacer("sh", "sch", "kh", "h", "ee", "i", "i", "ee", "ou", "u", "u", "ou", "q", "k", "ov", "off", "y", "i", "v", "w", "zh", "j", "dh", "d", "th", "t")
	shortForms = map[string]string{
		"william": "Bill", "robert": "Bob", "james": "Jim", "thomas": "Tom", "richard": "Dick", "charles": "Chuck", "daniel": "Dan", "matthew": "Matt",
		"edward": "Ted", "peter": "Pete", "joseph": "Joe", "samuel": "Sam", "anthony": "Tony", "benjamin": "Ben", "alexander": "Sasha", "jose": "Pepe",
	}
	cyrillic = strings.NewReplacer("shch", "щ", "zh", "ж", "ch", "ч", "sh", "ш", "kh", "х", "ts", "ц", "ya", "я", "yu", "ю", "ye", "е", "x", "кс",
		"a", "а", "b", "б", "v", "в", "g", "г", "d", "д", "e", "е", "z", "з", "i", "и", "y", "ы", "k", "к", "l", "л", "m", "м", "n", "н", "o", "о",
		"p", "п", "r", "р", "s", "с", "t", "т", "u", "у", "f", "ф", "h", "х", "j", "дж", "w", "в", "q", "к", "c", "ц")
)

// mistake changes a letter: one too many, too few, wrong, or in the other's place.
func (s synthetic) mistake(w string) string {
	if len(w) < 4 {
		return w
	}
	i := 1 + s.IntN(len(w)-2)
	letter := string(rune('a' + s.IntN(26)))
	switch s.IntN(4) {
	case 0:
		return w[:i] + letter + w[i:]
	case 1:
		return w[:i] + w[i+1:]
	case 2:
		return w[:i] + letter + w[i+1:]
	}
	return w[:i] + string(w[i+1]) + string(w[i]) + w[i+2:]
}
