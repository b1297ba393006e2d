package list

import (
	"regexp"
	"strings"
)

// person puts a name together. OFAC writes surnames in capitals, and in a field of
// their own.
func person(first, last string) string { return joined(" ", first, last) }

// ofacEntry reads an sdnEntry.
func ofacEntry(n *node) (Entry, bool) {
	e := Entry{UID: n.get("uid"), Kind: Entity}
	switch strings.ToLower(n.get("sdntype")) {
	case "individual":
		e.Kind = Individual
	case "vessel", "aircraft":
		return e, false
	}
	e.name(person(n.get("firstname"), n.get("lastname")), true, false)
	for _, aka := range n.all("akalist", "aka") {
		e.name(person(aka.get("firstname"), aka.get("lastname")), false, strings.EqualFold(aka.get("category"), "weak"))
	}
	for _, p := range n.all("programlist", "program") {
		add(&e.Programs, p.text)
	}
	for _, d := range n.all("dateofbirthlist", "dateofbirthitem") {
		e.born(Dates(d.get("dateofbirth")))
	}
	for _, id := range n.all("idlist", "id") {
		e.ofacID(id.get("idtype"), id.get("idnumber"))
	}
	for _, a := range n.all("addresslist", "address") {
		e.place(a.get("country"), a.get("address1"), a.get("address2"), a.get("address3"), a.get("city"), a.get("stateorprovince"), a.get("postalcode"))
	}
	for _, list := range []string{"nationality", "citizenship"} {
		for _, c := range n.all(list+"list", list) {
			e.place(c.get("country"))
		}
	}
	for _, p := range n.all("placeofbirthlist", "placeofbirthitem") {
		e.ofacBirthplace(p.get("placeofbirth"))
	}
	return e, true
}

// ofacBirthplace reads "Odek, Omoro, Uganda": the last part is the country.
func (e *Entry) ofacBirthplace(s string) {
	if i := strings.LastIndexByte(s, ','); i >= 0 {
		e.place(s[i+1:], s[:i])
		return
	}
	e.place(s)
}

// ofacID reads one of the facts that OFAC lists as identifications, not all of which
// are.
func (e *Entry) ofacID(kind, number string) {
	lower := strings.ToLower(kind)
	switch {
	case strings.Contains(lower, "email"):
		add(&e.Emails, number)
	case strings.HasPrefix(lower, "website"):
		add(&e.URLs, number)
	case strings.HasPrefix(lower, "phone"):
		add(&e.Phones, number)
	case strings.Contains(lower, "gender"), strings.Contains(lower, "sanctions"), strings.Contains(lower, "executive order"), strings.Contains(lower, "risk"),
		strings.Contains(lower, "determination"), strings.Contains(lower, "target type"), strings.Contains(lower, "date"), strings.Contains(lower, "effective"):
	default:
		e.document(kind, number)
	}
}

// The lines of sdn.csv have no head. "-0-" stands for nothing.
const (
	sdnFields = 12 // ent_num, name, type, program, title, call sign, type, tonnage, GRT, flag, owner, remarks
	altFields = 5  // ent_num, alt_num, type, name, remarks
	addFields = 6  // ent_num, add_num, address, city and postal code, country, remarks
)

func ofacValue(s string) string {
	if s = text(s); s == "-0-" {
		return ""
	}
	return s
}

// ofacLine reads a line of sdn.csv.
func ofacLine(f []string) (Entry, bool) {
	e := Entry{UID: ofacValue(f[0]), Kind: Entity}
	switch strings.ToLower(ofacValue(f[2])) {
	case "individual":
		e.Kind = Individual
	case "vessel", "aircraft":
		return e, false
	}
	e.name(ofacName(ofacValue(f[1]), e.Kind), true, false)
	for _, p := range strings.FieldsFunc(ofacValue(f[3]), func(r rune) bool { return r == '[' || r == ']' || r == ';' }) {
		add(&e.Programs, p)
	}
	e.remarks(ofacValue(f[11]))
	return e, true
}

// ofacName turns "SURNAME, First" round. A company's commas stay.
func ofacName(s string, kind Kind) string {
	if last, first, ok := strings.Cut(s, ","); ok && kind == Individual {
		return person(first, last)
	}
	return s
}

var (
	ofacDocument = regexp.MustCompile(`(?i)^(.*?(?:passport|national id|ssn|identification|tax id|id card|license|licence|cedula|no\.|number|permit|registration|visa)[^0-9]*?) ([A-Z0-9][A-Z0-9./-]{2,31})(?: \(|$|;)`)
	ofacAKA      = regexp.MustCompile(`^(?i:alt\. )?(?i:a\.k\.a\.|f\.k\.a\.) ['"]?(.+?)['"]?$`)
)

// remarks reads what OFAC writes in one field, separated by semicolons.
func (e *Entry) remarks(s string) {
	for part := range strings.SplitSeq(strings.TrimSuffix(s, "."), ";") {
		part = text(part)
		plain := strings.TrimPrefix(part, "alt. ")
		switch word, rest, _ := strings.Cut(plain, " "); word {
		case "DOB":
			e.born(Dates(rest))
		case "POB":
			e.ofacBirthplace(rest)
		case "nationality", "citizen":
			e.place(rest)
		case "Email", "email":
			add(&e.Emails, strings.TrimPrefix(rest, "Address "))
		case "Website":
			add(&e.URLs, rest)
		default:
			if m := ofacAKA.FindStringSubmatch(part); m != nil {
				e.name(ofacName(m[1], e.Kind), false, true) // in the remarks stand those that OFAC calls weak
			} else if m := ofacDocument.FindStringSubmatch(plain); m != nil {
				e.document(m[1], m[2])
			}
		}
	}
}
