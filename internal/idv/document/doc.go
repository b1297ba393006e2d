// Package document turns what was read of an identity document into what Identity
// Verification answers about it: extracted data, how they compare with what the
// person typed, and a verdict with reasons. It is pure: no HTTP, no storage, no
// clock.
//
// # What a verdict means
//
// Nobody here can say that a document is genuine. A machine-readable zone or a
// barcode whose check digits fit can be printed by anybody who knows the standard;
// it says that the picture was read right and that nobody changed a digit
// carelessly. So authenticity is never "match": it is "partial_match" where a
// machine-readable part is sound and nothing contradicts it, "no_match" where the
// document contradicts itself, and "no_data" where nothing could be read. Judge
// passes a document on its own only in the first case; what could not be read, or
// was read with a guess, waits for a person (Review). A template may send more to a
// person, never less.
//
// # Decisions where nothing is documented
//
// A zone with a wrong check digit fails a document when its characters fit their
// glyphs well; when they do not, the reading is in doubt and a person looks. Traces
// of editing send a document to a person and fail nothing. Names are compared in the
// letters of the zone too (Müller is MUELLER there), a first given name is enough
// where the document has more, and a name that the document cut off matches as far
// as it goes. Specimens of Utopia (UTO) have no country; the sandbox takes their
// country for that of the person. Those that we print ourselves (package specimen) have
// one, and SpecimenMark where machines read it.
//
// kinds.tsv lists what people of a country have: passports everywhere, with one
// side and a zone on it; cards where there are national ones; driving licences and
// residence permits. Machine says what part a machine can read, and on which side:
// elsewhere the verdict will be a person's.
package document
