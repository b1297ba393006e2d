package match

// Rule names what a step found. The names are stable: a client may count them.
type Rule string

// The rules of names.
const (
	Equivalent     Rule = "equivalent"
	Umlaut         Rule = "umlaut"
	Transliterated Rule = "transliterated"
	Consonants     Rule = "consonants"
	Particle       Rule = "particle"
	Spacing        Rule = "spacing"
	Variant        Rule = "variant"
	Nickname       Rule = "nickname"
	Misspelt       Rule = "misspelling"
	Initial        Rule = "initial"
	NameOrder      Rule = "name_order"
	MiddleMissing  Rule = "middle_name_missing"
	MiddleDiffers  Rule = "middle_name_differs"
	DoubleSurname  Rule = "double_surname_part"
	ByMiddle       Rule = "known_by_middle_name"
	SuffixMissing  Rule = "suffix_missing"
	SuffixDiffers  Rule = "suffix_differs"
	OneOfHolders   Rule = "one_of_several_holders"
	OneNameAgrees  Rule = "first_or_last_only"
	OneNameNearly  Rule = "first_or_last_nearly"
	NamesDiffer    Rule = "names_differ"
	Similarity     Rule = "similar_letters"
	Several        Rule = "several_differences"
	FormMissing    Rule = "legal_form_missing"
	FormDiffers    Rule = "legal_form_differs"
	WordMissing    Rule = "word_missing"
	GenericMissing Rule = "generic_word_missing"
	Abbreviated    Rule = "abbreviation"
	CompanyDiffers Rule = "company_differs"
	Acronym        Rule = "acronym"
	Alias          Rule = "trading_name"
)

// The rules of telephone numbers and e-mail addresses.
const (
	CountryAssumed  Rule = "country_code_without_plus"
	CountryMissing  Rule = "country_code_missing"
	CountryDiffers  Rule = "country_differs"
	MobilePrefix    Rule = "mobile_prefix"
	ExtensionOnce   Rule = "extension_missing"
	ExtensionOther  Rule = "extension_differs"
	AreaMissing     Rule = "area_code_missing"
	OneDigit        Rule = "one_digit"
	TwoDigits       Rule = "two_digits"
	NumbersDiffer   Rule = "numbers_differ"
	Tag             Rule = "plus_tag"
	Dots            Rule = "dots"
	DomainAlias     Rule = "domain_alias"
	MailboxMisspelt Rule = "mailbox_misspelling"
	DomainMisspelt  Rule = "domain_misspelling"
	DomainDiffers   Rule = "domain_differs"
	MailboxDiffers  Rule = "mailbox_differs"
	MailsDiffer     Rule = "emails_differ"
)

// The rules of postal addresses.
const (
	StreetMissing    Rule = "street_missing"
	StreetMisspelt   Rule = "street_misspelling"
	StreetDiffers    Rule = "street_differs"
	NumberMissing    Rule = "house_number_missing"
	NumberDiffers    Rule = "house_number_differs"
	TypeMissing      Rule = "street_type_missing"
	TypeDiffers      Rule = "street_type_differs"
	DirectionMissing Rule = "direction_missing"
	DirectionDiffers Rule = "direction_differs"
	UnitMissing      Rule = "unit_missing"
	UnitDiffers      Rule = "unit_differs"
	BoxAndStreet     Rule = "po_box_and_street"
	BoxDiffers       Rule = "po_box_differs"
	CityMissing      Rule = "city_missing"
	CityMisspelt     Rule = "city_misspelling"
	CityDiffers      Rule = "city_differs"
	RegionMissing    Rule = "region_missing"
	RegionDiffers    Rule = "region_differs"
	PostalMissing    Rule = "postal_code_missing"
	PostalDiffers    Rule = "postal_code_differs"
	PostalDelivery   Rule = "zip_plus_four_differs"
	CountryUnlike    Rule = "country_unlike"
	Nothing          Rule = "nothing_in_common"
)

// says are the rules in words.
var says = map[Rule]string{
	Equivalent:     "the same once title, punctuation, order after a comma and abbreviations are normalised",
	Umlaut:         "an umlaut written with two letters",
	Transliterated: "the same name in another script",
	Consonants:     "another script, of which the consonants agree",
	Particle:       "a particle of the surname is missing",
	Spacing:        "one word is written as two",
	Variant:        "two spellings of one name",
	Nickname:       "a nickname",
	Misspelt:       "letters differ",
	Initial:        "an initial",
	NameOrder:      "the names stand in another order",
	MiddleMissing:  "a middle name is missing",
	MiddleDiffers:  "the middle names differ",
	DoubleSurname:  "a part of a double surname is missing",
	ByMiddle:       "known by the middle name",
	SuffixMissing:  "a suffix is missing",
	SuffixDiffers:  "the suffixes differ",
	OneOfHolders:   "one of several holders",
	OneNameAgrees:  "only one of first and last name agrees",
	OneNameNearly:  "only one of first and last name nearly agrees",
	NamesDiffer:    "neither first nor last name agrees",
	Similarity:     "the other letters are similar",
	Several:        "several differences",
	FormMissing:    "a legal form is missing",
	FormDiffers:    "the legal forms differ",
	WordMissing:    "a word of the company's name is missing",
	GenericMissing: "a common word of companies is missing",
	Abbreviated:    "an abbreviation",
	CompanyDiffers: "another company",
	Acronym:        "the initials of the company's words",
	Alias:          "the name under which somebody trades",

	CountryAssumed:  "the country code has no plus",
	CountryMissing:  "the country code is missing",
	CountryDiffers:  "the country codes differ",
	MobilePrefix:    "a digit that marks mobile numbers is missing",
	ExtensionOnce:   "an extension is missing",
	ExtensionOther:  "the extensions differ",
	AreaMissing:     "the area code is missing",
	OneDigit:        "one digit differs",
	TwoDigits:       "two digits differ",
	NumbersDiffer:   "another number",
	Tag:             "what follows a plus differs",
	Dots:            "dots that this host ignores",
	DomainAlias:     "two names of one host",
	MailboxMisspelt: "one letter of the mailbox differs",
	DomainMisspelt:  "one letter of the domain differs",
	DomainDiffers:   "the same mailbox at another host",
	MailboxDiffers:  "another mailbox at the same host",
	MailsDiffer:     "another e-mail address",

	StreetMissing:    "the street is missing",
	StreetMisspelt:   "letters of the street differ",
	StreetDiffers:    "another street",
	NumberMissing:    "the house number is missing",
	NumberDiffers:    "another house number",
	TypeMissing:      "the type of street is missing",
	TypeDiffers:      "another type of street",
	DirectionMissing: "a direction is missing",
	DirectionDiffers: "another direction",
	UnitMissing:      "the unit is missing",
	UnitDiffers:      "another unit",
	BoxAndStreet:     "a post office box and a street",
	BoxDiffers:       "another post office box",
	CityMissing:      "the city is missing",
	CityMisspelt:     "letters of the city differ",
	CityDiffers:      "another city",
	RegionMissing:    "the region is missing",
	RegionDiffers:    "another region",
	PostalMissing:    "the postal code is missing",
	PostalDiffers:    "another postal code",
	PostalDelivery:   "the last four digits of the ZIP differ",
	CountryUnlike:    "another country",
	Nothing:          "nothing in common",
}

// Says tells a rule in words.
func (r Rule) Says() string { return says[r] }
