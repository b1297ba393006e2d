package list

import "strings"

// euEntry reads a sanctionEntity, whose values are attributes.
func euEntry(n *node) (Entry, bool) {
	e := Entry{UID: n.attr("logicalid"), Kind: Entity}
	if ref := n.attr("eureferencenumber"); ref != "" {
		e.UID = ref
	}
	for _, t := range n.kids("subjecttype") {
		if t.attr("code") == "person" || t.attr("classificationcode") == "P" {
			e.Kind = Individual
		}
	}
	for i, a := range n.kids("namealias") {
		full := a.attr("wholename")
		if full == "" {
			full = joined(" ", a.attr("firstname"), a.attr("middlename"), a.attr("lastname"))
		}
		e.name(full, i == 0, strings.EqualFold(a.attr("strong"), "false"))
	}
	for _, r := range n.kids("regulation") {
		add(&e.Programs, r.attr("programme"))
	}
	for _, b := range n.kids("birthdate") {
		e.euBirth(b)
		e.place(euCountry(b), b.attr("city"), b.attr("region"), b.attr("place"))
	}
	for _, c := range n.kids("citizenship") {
		e.place(euCountry(c))
	}
	for _, id := range n.kids("identification") {
		kind := joined(" ", id.attr("identificationtypedescription"), id.attr("identificationtypecode"))
		number := id.attr("number")
		if number == "" {
			number = id.attr("latinnumber")
		}
		e.document(kind, number)
	}
	for _, a := range n.kids("address") {
		e.place(euCountry(a), a.attr("street"), a.attr("pobox"), a.attr("city"), a.attr("zipcode"), a.attr("region"))
		for _, info := range a.kids("contactinfo") {
			switch key, value := strings.ToLower(info.attr("key")), info.attr("value"); {
			case strings.Contains(key, "mail"):
				add(&e.Emails, value)
			case strings.Contains(key, "web"):
				add(&e.URLs, value)
			case strings.Contains(key, "phone"):
				add(&e.Phones, value)
			}
		}
	}
	return e, true
}

// euCountry is the country of an element; code 00 stands for an unknown one.
func euCountry(n *node) string {
	if code := n.attr("countryiso2code"); code != "" && code != "00" {
		return code
	}
	if d := n.attr("countrydescription"); !strings.EqualFold(d, "unknown") {
		return d
	}
	return ""
}

// euBirth reads a birthdate: a day, parts of one, or a range of years. Dates of
// another calendar than the Gregorian are left out.
func (e *Entry) euBirth(b *node) {
	if c := b.attr("calendartype"); c != "" && !strings.EqualFold(c, "gregorian") {
		return
	}
	circa := strings.EqualFold(b.attr("circa"), "true")
	r, ok := Dates(b.attr("birthdate"))
	if !ok {
		r, ok = span(number(b.attr("year")), number(b.attr("monthofyear")), number(b.attr("dayofmonth")))
	}
	if !ok {
		r, ok = Dates(b.attr("yearrangefrom") + " to " + b.attr("yearrangeto"))
	}
	if ok && circa {
		r = around(r)
	}
	e.born(r, ok)
}
