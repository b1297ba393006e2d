package list

import (
	"regexp"
	"strings"
)

// ukRow is one row of the consolidated list: a name of an entry, with everything
// else that is known of it. Rows of one group are one entry.
type ukRow struct {
	e      Entry
	line   int
	vessel bool
}

// ukField reads a field of a row by any of the names it has had.
type ukField func(names ...string) string

// row adds a row to the entry of its group.
func (g *ukRow) row(get ukField) {
	name := joined(" ", get("name1", "name 1"), get("name2", "name 2"), get("name3", "name 3"), get("name4", "name 4"), get("name5", "name 5"), get("name6", "name 6"))
	alias := strings.ToLower(get("aliastypename", "aliastype", "alias type"))
	primary := strings.HasPrefix(alias, "primary") && !strings.Contains(alias, "variation")
	g.e.name(name, primary, strings.HasPrefix(strings.ToLower(get("aliasquality", "alias quality")), "low"))
	g.e.name(get("namenonlatinscript", "name non-latin script"), false, false)
	switch strings.ToLower(get("grouptypedescription", "group type")) {
	case "individual":
		g.e.Kind = Individual
	case "ship":
		g.vessel = true
	}
	add(&g.e.Programs, get("regimename", "regime"))
	g.e.born(Dates(get("individual_dateofbirth", "dateofbirth", "dob")))
	for _, number := range ukSeveral(get("individual_passportnumber", "passportnumber", "passport number")) {
		g.e.document("passport", number)
	}
	for _, number := range ukSeveral(get("individual_ninumber", "ninumber", "national identification number")) {
		g.e.document("national identification", number)
	}
	for _, country := range ukSeveral(get("individual_nationality", "nationality")) {
		g.e.place(country)
	}
	g.e.place(get("individual_countryofbirth", "countryofbirth", "country of birth"), get("individual_townofbirth", "townofbirth", "town of birth"))
	g.e.place(get("country"), get("address1", "address 1"), get("address2", "address 2"), get("address3", "address 3"),
		get("address4", "address 4"), get("address5", "address 5"), get("address6", "address 6"), get("postcode", "post/zip code"))
}

var ukCount = regexp.MustCompile(`\(\d+\) `)

// ukSeveral are the values of a field that counts them: "(1) Iran. (2) United States".
func ukSeveral(s string) []string {
	if !ukCount.MatchString(s) {
		return []string{s}
	}
	var all []string
	for _, part := range ukCount.Split(s, -1) {
		if part = strings.TrimRight(strings.TrimSpace(part), "."); part != "" {
			all = append(all, part)
		}
	}
	return all
}

// ukTargets reads the elements of ConList.xml.
func (c *collector) ukTargets(d *document) error {
	var all groups[ukRow]
	err := d.each([]string{"financialsanctionstarget"}, func(n *node, line int) error {
		return c.ukAdd(&all, line, func(names ...string) string {
			for _, name := range names {
				if v := n.get(name); v != "" {
					return v
				}
			}
			return ""
		})
	})
	if err != nil {
		return err
	}
	return c.ukTake(&all)
}

// ukAdd adds a row to its group.
func (c *collector) ukAdd(all *groups[ukRow], line int, get ukField) error {
	id := get("groupid", "group id")
	if id == "" {
		return &Error{Line: line, What: "a row has no group ID"}
	}
	if len(all.order) >= MaxEntries {
		return &Error{Line: line, Entry: id, What: "the file has more entries than what is read of one"}
	}
	g := all.get(id)
	if g.line == 0 {
		g.line, g.e = line, Entry{UID: id, Kind: Entity}
	}
	g.row(get)
	return nil
}

func (c *collector) ukTake(all *groups[ukRow]) error {
	for _, id := range all.order {
		g := all.byID[id]
		if g.vessel {
			c.report.Skipped++
			continue
		}
		if err := c.take(g.e, g.line); err != nil {
			return err
		}
	}
	return nil
}

// ukDesignation reads an entry of the UK Sanctions List.
func ukDesignation(n *node) (Entry, bool) {
	e := Entry{UID: n.get("uniqueid"), Kind: Entity}
	switch strings.ToLower(n.get("individualentityship")) {
	case "individual":
		e.Kind = Individual
	case "ship":
		return e, false
	}
	for _, name := range n.all("names", "name") {
		kind := strings.ToLower(name.get("nametype"))
		weak := strings.HasPrefix(strings.ToLower(name.get("aliasstrength")), "low")
		e.name(joined(" ", name.get("name1"), name.get("name2"), name.get("name3"), name.get("name4"), name.get("name5"), name.get("name6")),
			kind == "primary name", weak)
	}
	for _, name := range n.all("nonlatinnames", "nonlatinname") {
		e.name(name.get("namenonlatinscript"), false, false)
	}
	add(&e.Programs, n.get("regimename"))
	for _, a := range n.all("addresses", "address") {
		e.place(a.get("addresscountry"), a.get("addressline1"), a.get("addressline2"), a.get("addressline3"),
			a.get("addressline4"), a.get("addressline5"), a.get("addressline6"), a.get("addresspostalcode"))
	}
	for _, v := range n.all("phonenumbers", "phonenumber") {
		add(&e.Phones, v.text)
	}
	for _, v := range n.all("emailaddresses", "emailaddress") {
		add(&e.Emails, v.text)
	}
	for _, v := range n.all("websites", "website") {
		add(&e.URLs, v.text)
	}
	for _, person := range n.all("individualdetails", "individual") {
		for _, b := range person.all("dobs", "dob") {
			e.born(Dates(b.text))
		}
		for _, v := range person.all("nationalities", "nationality") {
			e.place(v.text)
		}
		for _, p := range person.all("passportdetails", "passport") {
			e.document("passport", p.get("passportnumber"))
		}
		for _, p := range person.all("nationalidentifierdetails", "nationalidentifier") {
			e.document("national identification", p.get("nationalidentifiernumber"))
		}
		for _, l := range person.all("birthdetails", "location") {
			e.place(l.get("countryofbirth"), l.get("townofbirth"))
		}
	}
	return e, true
}
