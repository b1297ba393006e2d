// Package specimentest makes specimens of documents for tests: grey pictures of
// pages and cards with machine-readable parts, clean or with the faults that cameras
// add. The people on them are the standards' own or invented for the sandbox. What is
// written on them is made by package machine; the specimens that people print in a
// sandbox are in package specimen.
package specimentest

import "github.com/glencheck-dev/glencheck/internal/idv/specimen/machine"

// Person is whoever a specimen is made out to.
type Person = machine.Holder

// Symbol is how a PDF417 symbol is to be drawn.
type Symbol = machine.Symbol

// LicenceSymbol is as on the back of a licence.
var LicenceSymbol = machine.LicenceSymbol

// Utopian is the holder of ICAO's specimen passport (9303 part 4, appendix A).
var Utopian = Person{
	Surname: "ERIKSSON", GivenNames: "ANNA MARIA", Number: "L898902C3", Issuer: "UTO", Nationality: "UTO",
	Birth: "740812", Expiry: "120415", Sex: "F", Optional: "ZE184226B",
}

// Hoosier are the data elements of a licence of Indiana, version 10, for the
// sandbox's own person: three letters and a value each.
var Hoosier = []string{
	"DAQ1234-56-7890", "DCSKNOPE", "DDEN", "DACLESLIE", "DDFN", "DADBARBARA", "DDGN",
	"DCANONE", "DCBNONE", "DCDNONE", "DBD01182022", "DBB01181975", "DBA01182030", "DBC2",
	"DAU062 in", "DAYBLU", "DAG123 MAIN ST", "DAIPAWNEE", "DAJIN", "DAK460010000  ", "DCF04500001180122", "DCGUSA",
}

// AAMVA is the text of a barcode.
func AAMVA(iin string, version int, kind string, elements []string) string {
	return machine.AAMVA(iin, version, kind, elements)
}

// With replaces or adds elements.
func With(elements []string, change ...string) []string { return machine.With(elements, change...) }
