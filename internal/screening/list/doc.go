// Package list reads watchlists as their publishers publish them:
//
//	ofac_xml   sdn.xml and consolidated.xml of the Office of Foreign Assets Control (sdnList)
//	ofac_csv   sdn.csv of the same; alt.csv and add.csv add names and addresses to it
//	un_xml     consolidated list of the United Nations Security Council (CONSOLIDATED_LIST)
//	eu_xml     consolidated financial sanctions list of the European Union, version 1.1 (export)
//	uk_csv     consolidated list of the Office of Financial Sanctions Implementation (ConList.csv)
//	uk_xml     the same as XML (ArrayOfFinancialSanctionsTarget), and the UK Sanctions List
//	           that took its place (Designations)
//
// It knows no database, no HTTP and no clock. What it returns are Entries, one for
// each person or organisation; ships and aircraft are left out and counted.
//
// # What may be relied on
//
// A file is read once from its beginning to its end. The memory for one entry is
// bounded (maxEntry), as are the entries of a file (MaxEntries) and its length
// (MaxBytes). A document type declaration is refused, so that there are no entities
// to expand and none to fetch; a file that is not well-formed, or that ends early, is
// an Error with its line, and nothing of it is to be used. A list without a single
// entry is an error too: whoever loads it would clear everybody.
//
// # Decisions where nothing is documented
//
// A date of birth is a range of days: "1970" is the whole year, "circa 1970" the year
// before and after too. A name without a marked quality is a good one. A country is
// the code of its English name; a name that is not known leaves the place without a
// country, never the entry out. Nationalities and places of birth are locations.
package list
