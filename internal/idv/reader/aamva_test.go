package reader

import (
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/idv/reader/specimentest"
)

func TestALicence(t *testing.T) {
	l, err := ParseAAMVA(specimentest.AAMVA("636037", 10, "DL", specimentest.Hoosier))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range [][2]string{
		{l.Kind, "DL"}, {l.Country, "US"}, {l.Region, "IN"}, {l.Number, "1234-56-7890"}, {l.FamilyName, "KNOPE"}, {l.GivenName, "LESLIE"}, {l.MiddleName, "BARBARA"},
		{l.Birth.String(), "1975-01-18"}, {l.Issued.String(), "2022-01-18"}, {l.Expiry.String(), "2030-01-18"}, {l.Sex, "F"}, {l.EyeColor, "BLU"},
		{l.Street, "123 MAIN ST"}, {l.City, "PAWNEE"}, {l.State, "IN"}, {l.PostalCode, "46001"}, {strings.Join(l.Lacking, " "), ""}, {l.text("DCA"), ""},
	} {
		if c[0] != c[1] {
			t.Errorf("%q, want %q", c[0], c[1])
		}
	}
	if l.Version != 10 || l.NameCut || l.Expired(now) {
		t.Errorf("%+v", l)
	}
}

// TestEveryVersion: how names and dates were written changed with the versions of
// the standard and with the country.
func TestEveryVersion(t *testing.T) {
	for _, c := range []struct {
		iin      string
		version  int
		elements []string
		want     string // region family given middle birth expiry
	}{
		{"636014", 1, []string{"DAQA1", "DAAKNOPE,LESLIE,BARBARA", "DBB19750118", "DBA20300118"}, "CA KNOPE LESLIE BARBARA 1975-01-18 2030-01-18"},
		{"636014", 2, []string{"DAQA1", "DCSKNOPE", "DCTLESLIE BARBARA", "DBB01181975", "DBA01182030"}, "CA KNOPE LESLIE BARBARA 1975-01-18 2030-01-18"},
		{"636001", 3, []string{"DAQA1", "DCSKNOPE", "DCTLESLIE,BARBARA", "DBB01181975", "DBA01182030"}, "NY KNOPE LESLIE BARBARA 1975-01-18 2030-01-18"},
		{"636012", 4, []string{"DAQA1", "DCSKNOPE", "DACLESLIE", "DBB19750118", "DBA20300118"}, "ON KNOPE LESLIE  1975-01-18 2030-01-18"},
		{"636012", 8, []string{"DAQA1", "DCSKNOPE", "DACLESLIE", "DBB01181975", "DBA20300118"}, "ON KNOPE LESLIE  1975-01-18 2030-01-18"}, // the wrong order
		{"604428", 9, []string{"DAQA1", "DCSTREMBLAY", "DACZOÉ", "DBB20000229", "DBA20300118"}, "QC TREMBLAY ZOÉ  2000-02-29 2030-01-18"},
		{"636026", 8, []string{"DAQA1", "DCSKNOPE", "DACLESLIE", "DBB01/18/1975", "DBA01182030"}, "AZ KNOPE LESLIE  1975-01-18 2030-01-18"},
	} {
		l, err := ParseAAMVA(specimentest.AAMVA(c.iin, c.version, "DL", c.elements))
		if err != nil {
			t.Errorf("version %d: %v", c.version, err)
			continue
		}
		if got := strings.Join([]string{l.Region, l.FamilyName, l.GivenName, l.MiddleName, l.Birth.String(), l.Expiry.String()}, " "); got != c.want || len(l.Lacking) > 0 {
			t.Errorf("version %d: %q, want %q, lacking %v", c.version, got, c.want, l.Lacking)
		}
	}
}

func TestOddLicences(t *testing.T) {
	good := specimentest.AAMVA("636037", 10, "DL", specimentest.Hoosier)
	for name, text := range map[string]string{
		"wrong offset":      strings.Replace(good, "DL0031", "DL0999", 1),
		"nothing before":    good[4:],
		"AAMVA in the head": strings.Replace(specimentest.AAMVA("636037", 10, "DL", specimentest.Hoosier), "ANSI ", "AAMVA", 1),
		"a second part":     strings.Replace(good, "0001DL", "0001DL", 1) + "ZIZIAsomething\r",
	} {
		l, err := ParseAAMVA(text)
		if err != nil || l.FamilyName != "KNOPE" || len(l.Lacking) > 0 {
			t.Errorf("%s: %v %+v", name, err, l)
		}
	}
	l, err := ParseAAMVA(specimentest.AAMVA("636037", 10, "ID", specimentest.With(specimentest.Hoosier, "DBB13451975", "DBA99999999", "DDFT", "DCS")))
	if err != nil || l.Kind != "ID" || strings.Join(l.Lacking, " ") != "DCS DBB" || !l.NameCut || l.Expired(now) {
		t.Errorf("%v %+v", err, l)
	}
	for _, text := range []string{"", "ANSI ", "@\n\x1e\rANSI 63603710", "@\n\x1e\rANSI 63X037100001DL00310010", strings.Repeat("x", 5000), "hello ANSI 6360371000", good[:33], strings.Replace(good, "DL", "XX", 2)} {
		if l, err := ParseAAMVA(text); err == nil {
			t.Errorf("%q: %+v", text, l)
		}
	}
}

func TestTheIssuers(t *testing.T) {
	all := issuers()
	seen := map[string]bool{}
	for iin, i := range all {
		if len(iin) != 6 || !allDigits(iin) || seen[i.country+i.region] {
			t.Errorf("%s %+v", iin, i)
		}
		seen[i.country+i.region] = true
	}
	if len(all) != 72 || all["636014"] != (issuer{"US", "CA"}) || all["604432"] != (issuer{"CA", "AB"}) || all["636027"] != (issuer{"US", ""}) {
		t.Errorf("%d issuers", len(all))
	}
}

func FuzzParseAAMVA(f *testing.F) {
	f.Add(specimentest.AAMVA("636037", 10, "DL", specimentest.Hoosier))
	f.Add(specimentest.AAMVA("636014", 1, "DL", []string{"DAAKNOPE,LESLIE", "DBB19750118"}))
	f.Add("@\n\x1e\rANSI 636037100099DL-001-001DLDAQ1\r")
	f.Fuzz(func(t *testing.T, s string) {
		if l, err := ParseAAMVA(s); err == nil && (len(l.Elements) > 200 || l.Kind == "") {
			t.Fatalf("%+v", l)
		}
	})
}
