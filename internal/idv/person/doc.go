// Package person holds what is true of a person's typed data in Identity
// Verification: which parts of a name, an address and a birthday there are, which
// of 209 countries takes which, what 36 kinds of ID number look like, and which
// of their check digits can be trusted. It is pure: no HTTP, no storage, no clock.
//
// # Three degrees of strictness
//
//   - Input.Check is what the API enforces at /identity_verification/create, retry
//     and /link/token/create: presence, form and length (seed 003,
//     identity-verification.md section 2.1 and 5.1-5.3). An error names the field by
//     its dotted path and never repeats the value.
//   - Typed cleans and checks what a person types into Link's form, one field at a
//     time; a Problem is a key that a pane has words for. A mistyped check digit
//     and a postal code of an odd shape are hints there, not refusals.
//   - IDType.Examine applies the public rules of the issuing country: structure,
//     dates, check digits (section 5.4). The API never does: ten of Plaid's own 36
//     sample numbers fail them. kyc_check does in strict mode (Contradiction), where
//     it also compares the birthday that eleven kinds of number carry.
//
// # The tables
//
// data/countries.tsv: code, English name, then R, O or N (required, optional, not
// accepted) for postal code, region and ID number as in Plaid's table, then the
// shapes of postal codes ("#" a digit, "@" a letter, "*" either, "|" or), where the
// country has codes with a shape. data/regions.tsv: ISO 3166-2 codes without their
// country, for the 30 countries that take a region; "old" marks codes that are
// accepted and not offered, such as India's OR, which became OD in 2023, and the
// larger units above Spain's provinces. data/idtypes.tsv: type, country, category,
// pattern, the pattern in words, Plaid's example, level of checking, display mask,
// name. Names of countries and regions come from Unicode CLDR 48 (licence
// Unicode-3.0); the rest are facts.
//
// # Decisions where nothing is documented
//
// Plaid demands an ID number in Czechia and Finland and has no type for them: none
// is taken there. Egypt, Jordan, Kuwait, Oman, Romania and Saudi Arabia have types
// and are "Not Accepted": the zero Policy refuses them as Plaid does, and
// Policy.EveryIDType takes them.
//
// An ID number beside an address of another country than its own is refused: each
// country's row lists the types it takes. Hong Kong's areas are HK, KLN and NT. The
// code of a US territory is a region of the United States. Spaces and hyphens
// inside a postal code are let through and not counted (SW1A 1AA), but US codes
// have five digits and nothing else. A string is blank when nothing in it can be
// seen, so zero width spaces do not make a name.
//
// A member that a country does not accept must be absent; a null in its place is
// refused too (section 5.1), and with the country alone as well.
package person
