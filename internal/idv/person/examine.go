package person

import "strings"

// examiners are the public rules per type, for numbers that fit their pattern
// (identity-verification.md section 5.4). Types without one have no rule.
var examiners = map[string]func(string) Examination{
	"au_passport":      func(v string) Examination { return impossibleUnless(lettersThenDigits(v, 7)) },
	"br_cpf":           func(v string) Examination { return mistypedUnless(cpf(v)) },
	"ca_sin":           canadianSIN,
	"cl_run":           func(v string) Examination { return mistypedUnless(rutDigit(v[:len(v)-1]) == upper(v[len(v)-1])) },
	"cn_resident_card": chineseCard,
	"co_nit":           func(v string) Examination { return hint(mistypedUnless(nitDigit(v[:len(v)-1]) == v[len(v)-1])) },
	"dk_cpr":           danishCPR,
	"eg_national_id":   egyptianID,
	"es_dni":           func(v string) Examination { return mistypedUnless(dniLetter(v[:8]) == v[8]) },
	"es_nie":           spanishNIE,
	"hk_hkid":          hongKongID,
	"in_epic":          func(v string) Examination { return hint(mistypedUnless(luhn(v[3:]))) },
	"in_pan":           func(v string) Examination { return impossibleUnless(v[3] == 'P') }, // P is a person, the other letters are bodies
	"it_cf":            codiceFiscale,
	"jp_my_number":     func(v string) Examination { return mistypedUnless(myNumberDigit(v[:11]) == v[11]) },
	"kw_civil_id":      kuwaitiID,
	"mx_curp":          mexicanCURP,
	"mx_rfc":           mexicanRFC,
	"my_nric":          malaysianNRIC,
	"pl_pesel":         pesel,
	"ro_cnp":           romanianCNP,
	"sa_national_id":   saudiID,
	"se_pin":           swedishPIN,
	"sg_nric":          singaporeanNRIC,
	"tr_tc_kimlik":     func(v string) Examination { return mistypedUnless(kimlik(v)) },
	"za_smart_id":      southAfricanID,
}

func impossibleUnless(ok bool) Examination {
	if ok {
		return Examination{}
	}
	return Examination{Problem: Impossible}
}

func mistypedUnless(ok bool) Examination {
	if ok {
		return Examination{}
	}
	return Examination{Problem: Mistyped}
}

// hint marks a failed rule as one that real numbers fail too.
func hint(e Examination) Examination {
	e.Hint = e.Problem != Fine
	return e
}

// dated is the examination of a number that carries a birthday: its structure
// first, then its check digit.
func dated(b Birthday, structure, check bool) Examination {
	switch {
	case !structure || !b.exists():
		return Examination{Problem: Impossible}
	case !check:
		return Examination{Problem: Mistyped, Born: b}
	}
	return Examination{Born: b}
}

func canadianSIN(v string) Examination {
	if !luhn(v) {
		return Examination{Problem: Mistyped}
	}
	return impossibleUnless(v[0] != '0' && v[0] != '8') // not issued to people
}

var chineseProvinces = " 11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83 "

func chineseCard(v string) Examination {
	province := strings.Contains(chineseProvinces, " "+v[:2]+" ")
	if len(v) == 15 { // issued until 1999, without a check digit
		return dated(yymmdd(v[6:12]).in(1900), province, true)
	}
	sum := weighted(v[:17], 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
	return dated(yymmdd(v[8:14]).in(100*number(v[6:8])), province, "10X98765432"[sum%11] == v[17])
}

// danishCPR: the modulus is a hint, numbers have been issued without it since 2007.
func danishCPR(v string) Examination {
	if len(v) != 10 {
		return Examination{Problem: Impossible}
	}
	b := Birthday{Day: number(v[:2]), Month: number(v[2:4]), Year: number(v[4:6])}
	switch seventh := v[6]; {
	case seventh <= '3', (seventh == '4' || seventh == '9') && b.Year >= 37:
		b.Year += 1900
	case seventh == '4' || seventh == '9' || b.Year < 58:
		b.Year += 2000
	default:
		b.Year += 1800
	}
	e := dated(b, true, weighted(v, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)%11 == 0)
	e.Hint = e.Problem == Mistyped
	return e
}

func egyptianID(v string) Examination {
	governorate := number(v[7:9])
	known := 1 <= governorate && governorate <= 35 || governorate == 88
	return dated(yymmdd(v[1:7]).in(1700+100*number(v[:1])), known && (v[0] == '2' || v[0] == '3'), true)
}

func spanishNIE(v string) Examination {
	first := strings.IndexByte("XYZ", v[0])
	if first < 0 {
		return Examination{Problem: Impossible}
	}
	return mistypedUnless(dniLetter(string(rune('0'+first))+v[1:8]) == v[8])
}

func hongKongID(v string) Examination {
	body, check := v[:len(v)-1], v[len(v)-1]
	if !lettersThenDigits(body, 6) || check > '9' && check != 'A' {
		return Examination{Problem: Impossible}
	}
	sum := 36 * 9 // a missing first letter
	if len(body) == 8 {
		sum = 9 * int(body[0]-'A'+10)
		body = body[1:]
	}
	sum += 8*int(body[0]-'A'+10) + weighted(body[1:], 7, 6, 5, 4, 3, 2)
	return mistypedUnless("0123456789A"[(11-sum%11)%11] == check)
}

// cfOdd are the values of 0 to 9 (and A to J) and of the other letters at the odd
// places of a codice fiscale.
var cfOdd = [26]int{1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23}

func codiceFiscale(v string) Examination {
	sum := 0
	for i := range 15 {
		n := int(v[i] - '0')
		if v[i] >= 'A' {
			n = int(v[i] - 'A')
		}
		if i%2 == 0 {
			n = cfOdd[n]
		}
		sum += n
	}
	b := Birthday{Year: number(v[6:8]), Month: strings.IndexByte("ABCDEHLMPRST", v[8]) + 1, Day: number(v[9:11]), CenturyOpen: true}
	if b.Day > 40 { // a woman's
		b.Day -= 40
	}
	return dated(b, true, byte('A'+sum%26) == v[15])
}

func kuwaitiID(v string) Examination {
	check := 11 - weighted(v[:11], 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)%11
	return dated(yymmdd(v[1:7]).in(1700+100*number(v[:1])), '1' <= v[0] && v[0] <= '3', check == int(v[11]-'0'))
}

const (
	curpAlphabet = "0123456789ABCDEFGHIJKLMN?OPQRSTUVWXYZ" // "?" is the place of Ñ
	curpStates   = " AS BC BS CC CL CM CS CH DF DG GT GR HG JC MC MN MS NT NL OC PL QT QR SP SL SR TC TS TL VZ YN ZS NE "
	rfcAlphabet  = "0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ ?"
)

func mexicanCURP(v string) Examination {
	sum := 0
	for i := range 17 {
		sum += (18 - i) * strings.IndexByte(curpAlphabet, v[i])
	}
	b := yymmdd(v[4:10]).in(1900)
	if v[16] >= 'A' {
		b = b.in(2000)
	}
	known := strings.IndexByte("HMX", v[10]) >= 0 && strings.Contains(curpStates, " "+v[11:13]+" ") && !strings.ContainsAny(v[13:16], "AEIOU")
	return dated(b, known, byte('0'+(10-sum%10)%10) == v[17])
}

func mexicanRFC(v string) Examination {
	sum := 0
	for i := range 12 {
		sum += (13 - i) * strings.IndexByte(rfcAlphabet, v[i])
	}
	e := dated(yymmdd(v[4:10]), true, "0A987654321"[sum%11] == v[12])
	e.Hint = e.Problem == Mistyped
	return e
}

func malaysianNRIC(v string) Examination {
	place := number(v[6:8])
	unused := place == 0 || 17 <= place && place <= 20 || place == 69 || place == 70 || place == 73 || place == 80 || place == 81 || 94 <= place && place <= 97
	return dated(yymmdd(v[:6]), !unused, true)
}

func pesel(v string) Examination {
	b := yymmdd(v[:6])
	century := []int{1900, 2000, 2100, 2200, 1800}[b.Month/20]
	b.Month %= 20
	return dated(b.in(century), true, (weighted(v[:10], 1, 3, 7, 9, 1, 3, 7, 9, 1, 3)+int(v[10]-'0'))%10 == 0)
}

func romanianCNP(v string) Examination {
	b := yymmdd(v[1:7])
	switch v[0] {
	case '1', '2':
		b = b.in(1900)
	case '3', '4':
		b = b.in(1800)
	case '5', '6':
		b = b.in(2000)
	} // 7, 8 and 9 are residents and foreigners of any century
	county := number(v[7:9])
	known := v[0] != '0' && (1 <= county && county <= 48 || county == 51 || county == 52 || county == 70 || 80 <= county && county <= 83)
	check := weighted(v[:12], 2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9) % 11
	if check == 10 {
		check = 1
	}
	return dated(b, known, check == int(v[12]-'0'))
}

func saudiID(v string) Examination {
	if !digitsOnly(v) || v[0] != '1' && v[0] != '2' { // citizens and residents
		return Examination{Problem: Impossible}
	}
	return mistypedUnless(luhn(v))
}

func swedishPIN(v string) Examination {
	if len(v) != 10 && len(v) != 12 {
		return Examination{Problem: Impossible}
	}
	last := v[len(v)-10:]
	b := yymmdd(last[:6])
	if len(v) == 12 {
		b = b.in(100 * number(v[:2]))
	}
	if b.Day > 60 { // a coordination number
		b.Day -= 60
	}
	return dated(b, true, luhn(last))
}

func singaporeanNRIC(v string) Examination {
	sum := weighted(v[1:8], 2, 7, 6, 5, 4, 3, 2)
	var check byte
	switch v[0] {
	case 'S':
		check = "JZIHGFEDCBA"[sum%11]
	case 'T':
		check = "JZIHGFEDCBA"[(sum+4)%11]
	case 'F':
		check = "XWUTRQPNMLK"[sum%11]
	case 'G':
		check = "XWUTRQPNMLK"[(sum+4)%11]
	case 'M':
		check = "KLJNPQRTUWX"[10-(sum+3)%11]
	default:
		return Examination{Problem: Impossible}
	}
	return mistypedUnless(check == v[8])
}

func southAfricanID(v string) Examination {
	return dated(yymmdd(v[:6]), v[10] == '0' || v[10] == '1', luhn(v))
}
