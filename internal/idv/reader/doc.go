// Package reader reads the machine-readable parts of identity documents: the zone
// of passports, cards and visas (ICAO 9303) and the barcode of North American
// licences (AAMVA DL/ID Card Design Standard). It is pure: no HTTP, no storage, no
// clock; "now" is an argument. It says what a document says, with its own check
// digits; whether the document is genuine is not its question.
//
// Builtin needs no other program: pdf417 decodes the barcode, ocrb the zone, and
// the layout of the zone says which class of characters each place holds. What is
// there and cannot be read is in Reading.Unread. A TextReader, such as Tesseract,
// may be asked about zones that Builtin cannot read.
//
// # Repair
//
// Optical recognition takes an O for a 0. A place of a zone that can hold digits
// alone, or letters alone, is mended without doubt. Where a field may have both,
// one O and 0, or I and 1, is swapped if exactly one swap makes the check digit
// fit; such a field is in MRZ.Guessed, and nobody should rest a verdict on it. More
// is not mended: with ten possible check digits a few swaps would turn a forged
// number into a sound one.
//
// # Decisions where nothing is documented
//
// The issuing state UTO of the specimens is read like any other; callers decide
// where it is welcome. Two-digit years of birth are of the last century in which
// the day is not to come, those of expiry are within fifty years of now. Two long
// lines of which no check digit fits are no zone. A licence is read whatever its
// offsets say, since issuers get them wrong; mandatory elements that are not there
// are in Licence.Lacking.
package reader
