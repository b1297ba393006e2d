package institution

import (
	"slices"
	"strings"
	"testing"
)

// documented are the institutions of plaid-server-api.md section 11.1.
var documented = map[string]struct{ name, country string }{
	"ins_109508": {"First Platypus Bank", "US"},
	"ins_130016": {"First Platypus Balance Bank", "US"},
	"ins_109509": {"First Gingham Credit Union", "US"},
	"ins_109510": {"Tattersall Federal Credit Union", "US"},
	"ins_109511": {"Tartan Bank", "US"},
	"ins_109512": {"Houndstooth Bank", "US"},
	"ins_135858": {"Windowpane Bank", "US"},
	"ins_43":     {"Tartan-Dominion Bank of Canada", "CA"},
	"ins_116834": {"Flexible Platypus Open Banking", "GB"},
	"ins_117650": {"Royal Bank of Plaid", "GB"},
	"ins_127287": {"Platypus OAuth Bank", "US"},
	"ins_132241": {"First Platypus OAuth App2App Bank", "US"},
	"ins_117181": {"Flexible Platypus Open Banking", "GB"},
	"ins_132363": {"Unhealthy Platypus Bank - Degraded", "US"},
	"ins_132361": {"Unhealthy Platypus Bank - Down", "US"},
	"ins_133402": {"Unsupported Platypus Bank - Institution Not Supported", "US"},
	"ins_133502": {"Platypus Bank RUX Auth", "US"},
	"ins_133503": {"Platypus Bank RUX Match", "US"},
	"ins_138395": {"First Platypus Limited Purpose", "US"},
	"ins_129644": {"First Platypus Bank - OAuth", "US"},
	"ins_56":     {"Chase", "US"},
	"ins_13":     {"PNC", "US"},
	"ins_127990": {"US Bank", "US"},
	"ins_1":      {"Bank of America", "US"},
	"ins_128026": {"Capital One", "US"},
	"ins_127989": {"Bank of America", "US"},
	"ins_12":     {"Fidelity", "US"},
}

func TestDocumentedInstitutions(t *testing.T) {
	c := New()
	for id, want := range documented {
		in, ok := c.Get(id)
		if !ok || in.Name != want.name || in.Country() != want.country {
			t.Errorf("%s: %q in %v", id, in.Name, in.CountryCodes)
		}
	}
	oauth := true
	for _, least := range []struct {
		filter Filter
		n      int
	}{
		{Filter{Countries: []string{"US"}}, 12},
		{Filter{Countries: []string{"GB"}, OAuth: &oauth}, 5},
		{Filter{Countries: []string{"CA"}}, 2},
		{Filter{Countries: []string{"IE"}}, 2},
		{Filter{RoutingNumbers: []string{"021200339", "052001633"}}, 1},
	} {
		if got := len(c.List(least.filter)); got < least.n {
			t.Errorf("%+v: %d institutions, want at least %d", least.filter, got, least.n)
		}
	}
}

// TestOwnIDs keeps our inventions out of the range of Plaid's ids.
func TestOwnIDs(t *testing.T) {
	for _, in := range New().List(Filter{}) {
		if _, ok := documented[in.ID]; !ok && !strings.HasPrefix(in.ID, "ins_9") {
			t.Errorf("%s is neither documented nor one of ours", in.ID)
		}
	}
}

func TestStatesAndFlags(t *testing.T) {
	c := New()
	for id, want := range map[string]Health{"ins_109508": Healthy, "ins_132363": Degraded, "ins_132361": Down, "ins_133402": Unsupported} {
		if in, _ := c.Get(id); in.Health != want {
			t.Errorf("%s is %s", id, in.Health)
		}
	}
	var tokenized, persistent []string
	for _, in := range c.List(Filter{}) {
		if in.Tokenized {
			tokenized = append(tokenized, in.ID)
		}
		if in.PersistentIDs {
			persistent = append(persistent, in.ID)
		}
	}
	slices.Sort(tokenized)
	slices.Sort(persistent)
	if want := []string{"ins_127287", "ins_127990", "ins_13", "ins_56"}; !slices.Equal(tokenized, want) {
		t.Errorf("tokenized: %v", tokenized)
	}
	if want := []string{"ins_127287", "ins_127990", "ins_128026", "ins_13", "ins_56"}; !slices.Equal(persistent, want) {
		t.Errorf("persistent ids: %v", persistent)
	}
	for _, lack := range []struct{ id, products string }{
		{"ins_109510", "auth assets identity"}, {"ins_135858", "auth assets identity"}, {"ins_116834", "identity"},
	} {
		in, _ := c.Get(lack.id)
		if got := in.Missing(strings.Fields(lack.products)); len(got) != len(strings.Fields(lack.products)) {
			t.Errorf("%s lists some of %s", lack.id, lack.products)
		}
	}
}

func TestMarks(t *testing.T) {
	c := New()
	for id, want := range map[string]Mark{
		"ins_109508": {"FP", 1, "a"}, "ins_127287": {"PO", 3, "b"}, "ins_109512": {"HB", 7, "d"},
		"ins_135858": {"WB", 2, "a"}, "ins_109509": {"FG", 4, "c"}, "ins_109510": {"TF", 6, "b"},
		"ins_130016": {"FB", 5, "c"}, "ins_132361": {"UP", 6, "c"},
	} {
		in, _ := c.Get(id)
		letters, ground, weave := in.Mark()
		if got := (Mark{letters, ground, weave}); got != want {
			t.Errorf("%s: %v, want %v", id, got, want)
		}
	}
	used := map[int]bool{}
	for _, in := range c.List(Filter{}) {
		_, ground, _ := in.Mark()
		used[ground] = true
	}
	if len(used) < 6 {
		t.Errorf("only %d of 8 grounds are used", len(used))
	}
}

func TestFeatured(t *testing.T) {
	c := New()
	got := names(c.Featured([]string{"US"}, []string{"auth"}))
	want := []string{"First Platypus Bank", "Platypus OAuth Bank", "Houndstooth Bank", "Windowpane Bank", "First Gingham Credit Union", "Tartan Bank"}
	if !slices.Equal(got, want) {
		t.Errorf("featured: %q", got)
	}
	for _, country := range []string{"CA", "GB", "IE"} {
		list := c.Featured([]string{country}, []string{"auth"})
		if len(list) == 0 || !slices.ContainsFunc(list, func(i Institution) bool { return !i.OAuth }) {
			t.Errorf("%s: nothing featured that takes a password", country)
		}
	}
	if got := c.Featured([]string{"US", "GB", "CA", "IE"}, nil); len(got) > 8 {
		t.Errorf("%d featured", len(got))
	}
}

func names(list []Institution) []string {
	out := []string{}
	for _, i := range list {
		out = append(out, i.Name)
	}
	return out
}

func TestLoadRefuses(t *testing.T) {
	good := `{"product_sets":{"us":["auth"]},"institutions":[{"id":"ins_5","name":"A Bank","countries":["US"],"host":"a.example","products":"us"}]}`
	if _, err := Load([]byte(good)); err != nil {
		t.Fatal(err)
	}
	for _, change := range [][2]string{
		{`"ins_5"`, `"5"`},
		{`["US"]`, `["XX"]`},
		{`["US"]`, `[]`},
		{`["auth"]`, `["nonsense"]`},
		{`["auth"]`, `["identity","auth"]`},
		{`"products":"us"`, `"products":"gb"`},
		{`"products":"us"`, `"products":"us","payments":"gb"`},
		{`"products":"us"`, `"products":"us","methods":["instant"]`},
		{`"products":"us"`, `"products":"us","health":"ill"`},
		{`"products":"us"`, `"products":"us","color":"red"`},
		{`"products":"us"`, `"products":"us","url":"http://a.example"`},
		{`"products":"us"`, `"products":"us","routing_numbers":["021000022"]`},
		{`"products":"us"`, `"products":"us","mark":{"ground":9}`},
		{`"products":"us"`, `"products":"us","mark":{"letters":"é!"}`},
		{`"products":"us"`, `"products":"us","colour":"#000000"`},
		{`"products":"us"}`, `"products":"us"},{"id":"ins_5","name":"B","countries":["US"],"host":"b.example","products":"us"}`},
		{`{"product_sets"`, `{{"product_sets"`},
	} {
		if _, err := Load([]byte(strings.Replace(good, change[0], change[1], 1))); err == nil {
			t.Errorf("%s accepted", change[1])
		}
	}
}

func TestRoutingNumbers(t *testing.T) {
	for _, good := range []string{"021000021", "011401533", "110000000", "333333334", "322271627", "122105155"} {
		if !IsRoutingNumber(good) {
			t.Errorf("%s refused", good)
		}
	}
	for _, bad := range []string{"", "021000022", "02100002", "0210000210", "02100002a", "000000000"} {
		if IsRoutingNumber(bad) {
			t.Errorf("%s accepted", bad)
		}
	}
}

// TestInstantRails: the documented routing number of Instant Micro-deposits is reached
// by RTP, and no file may name what is no routing number or no rail.
func TestInstantRails(t *testing.T) {
	c := New()
	for routing, want := range map[string]InstantRail{"333333334": RTP, "444444442": FedNow, "110000000": "", "": ""} {
		if got := c.InstantRail(routing); got != want {
			t.Errorf("%q is reached by %q, want %q", routing, got, want)
		}
	}
	for _, bad := range []string{
		`{"instant_rails": {"rtp": ["333333333"]}}`,
		`{"instant_rails": {"swift": ["333333334"]}}`,
	} {
		if _, err := Load([]byte(bad)); err == nil {
			t.Errorf("loaded %s", bad)
		}
	}
	both, err := Load([]byte(`{"instant_rails": {"fednow": ["333333334"], "rtp": ["333333334"]}}`))
	if err != nil || both.InstantRail("333333334") != RTP {
		t.Errorf("both rails: %q, %v", both.InstantRail("333333334"), err)
	}
}
