package plaid

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The words of the official document of 2026-06, and the three that newer ones add.
const documented = `dwolla galileo modern_treasury ocrolus vesta drivewealth vopay achq check checkbook circle sila_money rize
	svb_api unit wyre lithic alpaca astra moov treasury_prime marqeta checkout solid highnote gemini apex_clearing gusto adyen
	atomic i2c wepay riskified utb adp_roll fortress_trust bond bakkt teal zero_hash taba_pay knot sardine alloy finix nuvei
	layer boom paynote stake wedbush esusu ansa scribeup straddle loanpro bloom_credit sfox brale parafin cardless open_ledger
	valon gainbridge cardlytics pinwheel thread_bank array fiant oatfi curinos frame interchecks interchange atomicfi
	pay natural kanmon`

func TestPartnersAreThoseOfTheDocument(t *testing.T) {
	var got []string
	for _, p := range Partners() {
		if IsProcessor(p.Name) {
			got = append(got, p.Name)
		}
	}
	if want := strings.Fields(documented); !slices.Equal(got, want) || len(want) != 78 {
		t.Errorf("%d processors, %v", len(got), got)
	}
	if last := Partners()[len(Partners())-1]; last.Name != Stripe || IsProcessor(Stripe) || len(Partners()) != 79 {
		t.Errorf("Stripe is no processor and comes last: %+v", last)
	}
}

func TestPartnersAreWhole(t *testing.T) {
	word, used := regexp.MustCompile(`^[a-z][a-z0-9_]*$`), map[string]bool{}
	for _, p := range Partners() {
		if !word.MatchString(p.Name) || p.Title == "" || p.Title != strings.TrimSpace(p.Title) || used[p.Name] || used[p.Title] {
			t.Errorf("%+v", p)
		}
		if !slices.Contains(Kinds, p.Kind) {
			t.Errorf("%s: kind %q", p.Name, p.Kind)
		}
		for _, c := range p.Countries {
			if !IsCountryCode(c) {
				t.Errorf("%s: country %q", p.Name, c)
			}
		}
		used[p.Name], used[p.Title], used[p.Kind] = true, true, true
	}
	for _, k := range Kinds {
		if !used[k] {
			t.Errorf("no partner is of kind %s", k)
		}
	}
}

func TestPartnerByName(t *testing.T) {
	p, ok := PartnerByName("alloy")
	if !ok || p.Title != "Alloy" || !p.Takes("US") || p.Takes("CA") {
		t.Errorf("%+v, %t", p, ok)
	}
	if p, ok := PartnerByName("treasury_prime"); !ok || p.Title != "Treasury Prime" || !p.Takes("CA") {
		t.Errorf("%+v, %t: no document limits it", p, ok)
	}
	if _, ok := PartnerByName("Alloy"); ok {
		t.Error("words of the API are lower case")
	}
	want := "The provided API keys are not enabled for the Straddle integration. Please see https://dashboard.plaid.com/developers/integrations to enable your keys for this integration."
	if p, _ := PartnerByName("straddle"); IntegrationOff(p.Title).Message != want || !IntegrationOff(p.Title).Is(InvalidProduct("")) {
		t.Error(IntegrationOff(p.Title))
	}
}
