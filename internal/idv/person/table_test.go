package person

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// plaidTable is the table of identity-verification.md section 5.2, as needs of
// postal code, region and ID number.
var plaidTable = map[string]string{
	"RRR": "AR AU BR CL CN CO IN MY MX NG ZA",
	"RRO": "CA IT JP NZ PH ES US",
	"RRN": "EG GT ID IE PE PT RO RU KR TH",
	"RNR": "CZ DK FI KE SG SE TR",
	"RNO": "PL",
	"NRR": "HK",
	"NRN": "PA AE",
	"NNN": "AO AI AG AW BS BZ BJ BO BF TD CW DJ FJ GH JM MW ML QA SL SS TG TO TT TV UG VU YE ZW",
	"RNN": `AF AL DZ AD AM AT AZ BH BD BB BY BE BM BT BA BW VG BN BG BI KH CM CV BQ KY CF KM CG CK CR HR CY CI DM DO EC
		SV ER EE SZ ET FO FR PF GA GM GE DE GI GR GL GD GG GN GW GY HT HN HU IS IQ IM IL JE JO KZ KI XK KW KG LA LV LB
		LS LR LI LT LU MO MG MV MT MR MU MD MC MN ME MS MA MZ MM NA NR NP NL NI NE NU MK NO OM PK PS PG PY RW WS SM SA
		SN RS SC SK SI SB SO LK KN LC MF VC SD SR CH ST TW TJ TZ TL TN TM TC UA GB UY UZ VA VE VN EH ZM`,
}

func TestTheTableIsPlaids(t *testing.T) {
	seen := 0
	for needs, codes := range plaidTable {
		for _, code := range strings.Fields(codes) {
			c, ok := CountryOf(code)
			if !ok {
				t.Errorf("%s is missing", code)
				continue
			}
			seen++
			want := needs
			if code == "CZ" || code == "FI" {
				want = "RNN" // they demand a number of which no type exists
			}
			if got := string([]byte{byte(c.PostalCode), byte(c.Region), byte(c.IDNumber)}); got != want {
				t.Errorf("%s: %s, want %s", code, got, want)
			}
		}
	}
	if n := len(Countries()); seen != 209 || n != 209 {
		t.Errorf("%d countries of the table seen, %d there", seen, n)
	}
}

func TestTheTableIsComplete(t *testing.T) {
	shape := regexp.MustCompile(`^[A-Z0-9#@* -]+$`)
	for _, c := range Countries() {
		if c.Name == "" || !countryCode.MatchString(c.Code) {
			t.Errorf("country %q has the name %q", c.Code, c.Name)
		}
		if (c.Region == Required) != (len(c.Regions) > 0) {
			t.Errorf("%s: region is %c and there are %d", c.Code, c.Region, len(c.Regions))
		}
		if len(c.regions) != len(c.Regions) {
			t.Errorf("%s has a region twice", c.Code)
		}
		for _, r := range c.Regions {
			if r.Name == "" || !regexp.MustCompile(`^[A-Z0-9]{1,3}$`).MatchString(r.Code) {
				t.Errorf("%s has a region %q named %q", c.Code, r.Code, r.Name)
			}
		}
		if c.PostalCode == NotAccepted && len(c.PostalShapes) > 0 {
			t.Errorf("%s has no postal code but shapes of it", c.Code)
		}
		for _, s := range c.PostalShapes {
			bare := strings.NewReplacer("#", "1", "@", "A", "*", "A").Replace(s)
			if got, ok := c.PostalShape(strings.NewReplacer(" ", "", "-", "").Replace(bare)); !shape.MatchString(s) || !ok || !postalCode(got) {
				t.Errorf("%s: shape %q of %q", c.Code, s, got)
			}
		}
		if c.IDNumber != NotAccepted && len(c.IDTypes) == 0 {
			t.Errorf("%s takes an ID number of no type", c.Code)
		}
	}
	for country, n := range map[string]int{"US": 56, "CA": 13, "AU": 8, "JP": 47, "MX": 33, "HK": 3, "AE": 7, "ZA": 9} {
		if c, _ := CountryOf(country); len(c.Regions) != n {
			t.Errorf("%s has %d regions, want %d", country, len(c.Regions), n)
		}
	}
	for country, codes := range map[string]string{"IT": "RM MI AO BZ", "US": "IN DC PR", "CN": "BJ NM", "ES": "M CE PV", "IN": "OD OR DH"} {
		for _, r := range strings.Fields(codes) {
			if c, _ := CountryOf(country); !c.HasRegion(r) || c.HasRegion(strings.ToLower(r)) || c.HasRegion(country+"-"+r) {
				t.Errorf("%s-%s", country, r)
			}
		}
	}
}

func TestTheTypesAreThirtySix(t *testing.T) {
	var names []string
	for _, it := range IDTypes() {
		names = append(names, it.Name)
		if c, ok := CountryOf(it.Country); !ok || !slices.Contains(c.IDTypes, it) || !strings.HasPrefix(it.Name, strings.ToLower(it.Country)+"_") {
			t.Errorf("%s is of %s", it.Name, it.Country)
		}
		if it.Title == "" || it.Words == "" || it.Category == "" || !strings.Contains("FSCW", string(it.Level)) {
			t.Errorf("%+v", it)
		}
		if !it.Fits(it.Example, Policy{}) {
			t.Errorf("%s: Plaid's own example does not fit", it.Name)
		}
		if it.Numeric() != digitsOnly(it.Example) && it.Name != "cl_run" && it.Name != "cn_resident_card" && it.Category != "drivers_license" && it.Name != "sa_national_id" {
			t.Errorf("%s: numeric is %v", it.Name, it.Numeric())
		}
		if (it.Level == CheckDigit || it.Level == Warning || it.Level == Structure) != (examiners[it.Name] != nil) && it.Name != "us_ssn" {
			t.Errorf("%s is of level %c", it.Name, it.Level)
		}
	}
	if len(names) != 36 || !slices.IsSorted(names) || len(examiners) != 26 {
		t.Errorf("%d types, %d examiners: %v", len(names), len(examiners), names)
	}
}
