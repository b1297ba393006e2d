package person

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// vectors are published samples and numbers made by other implementations
// (identity-verification.md section 5.4): what the public rules of a type say.
var vectors = []struct {
	kind    string
	sound   string // space-separated
	problem map[string]Problem
}{
	{"ar_dni", "20123456 92483956 0920123456", map[string]Problem{"2012345": Malformed, "20.123.456": Malformed}},
	{"au_drivers_license", "12345678 25230984 A12345", map[string]Problem{"12345": Malformed, "a12345": Malformed, "123456789012": Malformed}},
	{"au_passport", "N1234567 PA0940443 M0993353", map[string]Problem{"12345678": Impossible, "N123456": Impossible, "N12345": Malformed}},
	{"br_cpf", "52998224725 11144477735 15872146876", map[string]Problem{"52998224726": Mistyped, "52998224735": Mistyped, "11111111111": Mistyped, "529.982.247-25": Malformed}},
	{"ca_sin", "130692544", map[string]Problem{"130692545": Mistyped, "432199847": Mistyped, "046454286": Impossible, "13069254": Malformed}},
	{"cl_run", "123456785 12937893K 12937893k 70128365", map[string]Problem{"12345678K": Mistyped, "1234567": Malformed, "12345678L": Malformed}},
	{"cn_resident_card", "11010519491231002X 440524188001010014 110105491231002", map[string]Problem{
		"110105194912310021": Mistyped, "123456789098765436": Impossible, "11010519491231002x": Malformed,
		"1101054912310021": Malformed, "110105491331002": Impossible, "990105491231002": Impossible,
	}},
	{"co_nit", "8001972684 2131234321", map[string]Problem{"8001972685": Mistyped, "1234567": Malformed}},
	{"dk_cpr", "2110625629 1304711813", map[string]Problem{"0707610000": Mistyped, "3113800000": Impossible, "211062562": Impossible, "21106256299": Impossible, "21106256": Malformed}},
	{"eg_national_id", "29001011234567 24801060100831 30001018800000", map[string]Problem{"19001011234567": Impossible, "29013011234567": Impossible, "29001013634567": Impossible}},
	{"es_dni", "12345678Z 12768106R", map[string]Problem{"12345678A": Mistyped, "1234567Z": Malformed}},
	{"es_nie", "X1234567L Y7654321G Z1234567R", map[string]Problem{"X1234567M": Mistyped, "A1234567D": Impossible}},
	{"hk_hkid", "A1234563 G123456A AB9876543", map[string]Problem{"A1234564": Mistyped, "A1063528": Mistyped, "12345678": Impossible, "A123456B": Impossible, "ABC123456": Impossible}},
	{"in_epic", "WKH1186253 ABC0000000", map[string]Problem{"WKH1186254": Mistyped, "WK11862534": Malformed}},
	{"in_pan", "AAAPL1234C ABCPE1234F BAJPC4350M", map[string]Problem{"AAAXL1234C": Impossible, "AAACL1234C": Impossible, "AAAPL12345": Malformed}},
	{"it_cf", "RSSMRA80A01H501U RSSMRA85T10A562S", map[string]Problem{"RSSMRA80A01H501X": Mistyped, "MWTMWT91D09F205Z": Mistyped, "RSSMRA80F01H501U": Impossible, "RSSMRA80A35H501U": Impossible, "RSSMRA8LA01H501U": Malformed}},
	{"jo_civil_id", "9592861351", map[string]Problem{"12345": Malformed}},
	{"jp_my_number", "123456789018", map[string]Problem{"123456789019": Mistyped, "377991361023": Mistyped}},
	{"ke_huduma_namba", "0123456789", map[string]Problem{"123456789": Malformed}},
	{"kw_civil_id", "288010100131", map[string]Problem{"288010100132": Mistyped, "488010100131": Impossible, "273032401586": Mistyped, "288013200131": Impossible}},
	{"mx_curp", "BOXW310820HNERXN09 HEGG560427MVZRRL04", map[string]Problem{
		"BOXW310820HNERXN08": Mistyped, "ZAZD801124MBSYQN13": Mistyped, "BOXW311320HNERXN09": Impossible, "BOXW310820ANERXN09": Impossible, "BOXW310820HZZRXN09": Impossible,
	}},
	{"mx_rfc", "GODE561231GR8", map[string]Problem{"GODE561231GR9": Mistyped, "HEGJ820506M10": Mistyped, "GODE561331GR8": Impossible, "GOD561231GR8": Malformed, "ÑODE561231GR8": Malformed}},
	{"my_nric", "770305021234", map[string]Problem{"770305001234": Impossible, "771305021234": Impossible, "342178945137": Impossible}},
	{"ng_nin", "12345678901", map[string]Problem{"1234567890": Malformed}},
	{"nz_drivers_license", "AB123456", map[string]Problem{"A1234567": Malformed}},
	{"om_civil_id", "15358308 153583081", map[string]Problem{"1234567": Malformed}},
	{"ph_psn", "123456789123", map[string]Problem{"12345678912": Malformed}},
	{"pl_pesel", "44051401359 02070803628 81010200141", map[string]Problem{"44051401358": Mistyped, "44131401359": Impossible, "02222903628": Impossible}},
	{"ro_cnp", "1800101221144 1630615123457 2730512054698", map[string]Problem{"1800101221145": Mistyped, "1801301221144": Impossible, "0800101221144": Impossible, "1800101991144": Impossible}},
	{"sa_national_id", "1058529940 2000000006 2553451234", map[string]Problem{"1058529941": Mistyped, "3058529940": Impossible, "A058529940": Impossible}},
	{"se_pin", "8112189876 198112189876 7810105333", map[string]Problem{"8112189875": Mistyped, "811218987": Impossible, "19811218987": Impossible, "8113189876": Impossible}},
	{"sg_nric", "S1234567D T0123456G F1234567N G1234567X S7755666D", map[string]Problem{"S1234567A": Mistyped, "M1234567A": Mistyped, "A1234567D": Impossible}},
	{"tr_tc_kimlik", "10000000146 12345678950 65533318510", map[string]Problem{"10000000147": Mistyped, "10000000156": Mistyped, "01234567890": Mistyped}},
	{"us_ssn", "123456789 123456788", map[string]Problem{"666123456": Malformed, "000123456": Malformed, "123006789": Malformed, "123450000": Malformed, "12345678": Malformed}},
	{"us_ssn_last_4", "6789 6788", map[string]Problem{"0000": Malformed, "678": Malformed}},
	{"za_smart_id", "8001015009087 7503305044089", map[string]Problem{"8001015009088": Mistyped, "8013015009087": Impossible, "8001015009287": Impossible}},
}

func TestThePublicRules(t *testing.T) {
	if len(vectors) != 36 {
		t.Fatalf("%d types have vectors", len(vectors))
	}
	for _, v := range vectors {
		it, _ := IDTypeOf(v.kind)
		for _, n := range strings.Fields(v.sound) {
			if e := it.Examine(n); e.Problem != Fine || !it.Fits(n, Policy{}) {
				t.Errorf("%s %s: %+v", v.kind, n, e)
			}
		}
		for n, want := range v.problem {
			e := it.Examine(n)
			if e.Problem != want {
				t.Errorf("%s %s: %q, want %q", v.kind, n, e.Problem, want)
			}
			doubtful := want == Mistyped && (it.Level == Warning || it.Name == "dk_cpr")
			if e.Hint != doubtful {
				t.Errorf("%s %s: hint is %v", v.kind, n, e.Hint)
			}
			if c := it.Contradiction(n, ""); (c == Fine) != doubtful {
				t.Errorf("%s %s: contradiction %q", v.kind, n, c)
			}
		}
	}
}

// TestTenOfPlaidsExamplesAreNotReal: why the API must not check more than the
// pattern.
func TestTenOfPlaidsExamplesAreNotReal(t *testing.T) {
	var failing []string
	for _, it := range IDTypes() {
		if it.Examine(it.Example).Problem != Fine {
			failing = append(failing, it.Name)
		}
	}
	want := "ca_sin cn_resident_card es_nie hk_hkid it_cf jp_my_number kw_civil_id mx_curp mx_rfc my_nric"
	if got := strings.Join(failing, " "); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}

func TestTheBirthdayInANumber(t *testing.T) {
	for _, c := range []struct {
		kind, number, birthday, another string
	}{
		{"cn_resident_card", "11010519491231002X", "1949-12-31", "1949-12-30"},
		{"cn_resident_card", "110105491231002", "1949-12-31", "2049-12-31"},
		{"dk_cpr", "1304711813", "1971-04-13", "2071-04-13"},
		{"dk_cpr", "2110625629", "1862-10-21", "1962-10-21"}, // a 5 and year 62: the nineteenth century
		{"eg_national_id", "29001011234567", "1990-01-01", "2090-01-01"},
		{"it_cf", "RSSMRA80A01H501U", "1980-01-01", "1980-02-01"},
		{"kw_civil_id", "288010100131", "1988-01-01", "1988-01-02"},
		{"mx_curp", "HEGG560427MVZRRL04", "1956-04-27", "2056-04-27"},
		{"mx_rfc", "GODE561231GR8", "1956-12-31", "1956-12-30"},
		{"my_nric", "770305021234", "1977-03-05", "1977-05-03"},
		{"pl_pesel", "44051401359", "1944-05-14", "2044-05-14"},
		{"ro_cnp", "1800101221144", "1980-01-01", "1880-01-01"},
		{"se_pin", "8112189876", "1981-12-18", "1981-12-19"},
		{"se_pin", "198112189876", "1981-12-18", "1881-12-18"},
		{"za_smart_id", "8001015009087", "1980-01-01", "1981-01-01"},
	} {
		it, _ := IDTypeOf(c.kind)
		if p := it.Contradiction(c.number, c.birthday); p != Fine {
			t.Errorf("%s %s: %q for its own birthday", c.kind, c.number, p)
		}
		if p := it.Contradiction(c.number, c.another); p != OtherBirth {
			t.Errorf("%s %s: %q for another birthday", c.kind, c.number, p)
		}
		if p := it.Contradiction(c.number, ""); p != Fine {
			t.Errorf("%s %s: %q for none", c.kind, c.number, p)
		}
	}
}

func TestTaxpayersWithoutSSN(t *testing.T) {
	it, _ := IDTypeOf("us_ssn")
	for number, itin := range map[string]bool{"900701234": true, "999881234": true, "912501234": true, "912651234": true, "900931234": false, "900661234": false, "900891234": false, "900490000": false, "900700000": false} {
		if it.Fits(number, Policy{}) || it.Fits(number, Policy{TakeITIN: true}) != itin {
			t.Errorf("%s", number)
		}
	}
}

// TestOneWrongDigitIsSeen: the check digits of these types catch every single
// wrong digit, by their construction; those of the rest nearly every one.
func TestOneWrongDigitIsSeen(t *testing.T) {
	const all = "ca_sin cn_resident_card es_dni es_nie hk_hkid pl_pesel sa_national_id se_pin sg_nric za_smart_id kw_civil_id"
	for _, v := range vectors {
		if !strings.Contains(" "+all+" ", " "+v.kind+" ") {
			continue
		}
		it, _ := IDTypeOf(v.kind)
		for _, n := range strings.Fields(v.sound) {
			if len(n) == 15 {
				continue // a Chinese number without a check digit
			}
			start := 0
			if v.kind == "se_pin" {
				start = len(n) - 10
			}
			for i := start; i < len(n); i++ {
				for d := byte('0'); d <= '9'; d++ {
					if n[i] == d || n[i] > '9' {
						continue
					}
					if wrong := n[:i] + string(d) + n[i+1:]; it.Examine(wrong).Problem == Fine {
						t.Errorf("%s: %s passes for %s", v.kind, wrong, n)
					}
				}
			}
		}
	}
}

// TestOneCheckCharacterPerBody: whatever the body, at most one last character
// fits it.
func TestOneCheckCharacterPerBody(t *testing.T) {
	for _, v := range vectors {
		it, _ := IDTypeOf(v.kind)
		if it.Level != CheckDigit || it.Name == "us_ssn" {
			continue
		}
		sample := strings.Fields(v.sound)[0]
		rapid.Check(t, func(t *rapid.T) {
			body := []byte(sample[:len(sample)-1])
			for range rapid.IntRange(0, 3).Draw(t, "changes") {
				if i := rapid.IntRange(0, len(body)-1).Draw(t, "place"); body[i] <= '9' {
					body[i] = byte('0' + rapid.IntRange(0, 9).Draw(t, "digit"))
				}
			}
			passing := 0
			for _, last := range "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ" {
				if it.Examine(string(body)+string(last)).Problem == Fine {
					passing++
				}
			}
			if passing > 1 {
				t.Fatalf("%s: %d last characters pass after %s", it.Name, passing, body)
			}
		})
	}
}

func ExampleIDType_Contradiction() {
	pesel, _ := IDTypeOf("pl_pesel")
	fmt.Printf("%q %q %q\n", pesel.Contradiction("44051401359", "1944-05-14"), pesel.Contradiction("44051401358", "1944-05-14"), pesel.Contradiction("44051401359", "1944-05-15"))
	// Output: "" "check_digit" "birthday"
}
