package list

import "strings"

// unEntry reads an INDIVIDUAL or an ENTITY.
func unEntry(n *node) (Entry, bool) {
	e := Entry{UID: n.get("reference_number"), Kind: Individual}
	prefix := "individual_"
	if n.name == "entity" {
		e.Kind, prefix = Entity, "entity_"
	}
	if id := n.get("dataid"); id != "" {
		e.UID = id // the reference number may be given anew
	}
	e.name(joined(" ", n.get("first_name"), n.get("second_name"), n.get("third_name"), n.get("fourth_name")), true, false)
	e.name(n.get("name_original_script"), false, false)
	for _, a := range n.kids(prefix + "alias") {
		weak := strings.EqualFold(a.get("quality"), "low")
		for name := range strings.SplitSeq(a.get("alias_name"), ";") {
			e.name(name, false, weak)
		}
	}
	add(&e.Programs, n.get("un_list_type"))
	for _, b := range n.kids("individual_date_of_birth") {
		e.unBirth(b)
	}
	for _, v := range n.all("nationality", "value") {
		e.place(v.text)
	}
	for _, d := range n.kids("individual_document") {
		e.document(joined(" ", d.get("type_of_document"), d.get("type_of_document2")), d.get("number"))
	}
	for _, a := range append(n.kids(prefix+"address"), n.kids("individual_place_of_birth")...) {
		e.place(a.get("country"), a.get("street"), a.get("city"), a.get("state_province"), a.get("zip_code"))
	}
	return e, true
}

// unBirth reads an INDIVIDUAL_DATE_OF_BIRTH, which is exact, approximate or between
// two years.
func (e *Entry) unBirth(b *node) {
	circa := func(r Range, ok bool) (Range, bool) {
		if ok && strings.HasPrefix(strings.ToLower(b.get("type_of_date")), "approx") {
			r = around(r)
		}
		return r, ok
	}
	switch {
	case b.get("date") != "":
		e.born(circa(Dates(b.get("date"))))
	case b.get("from_year") != "" && b.get("to_year") != "":
		e.born(Dates(b.get("from_year") + " to " + b.get("to_year")))
	case b.get("year") != "":
		e.born(circa(Dates(b.get("year"))))
	}
}
