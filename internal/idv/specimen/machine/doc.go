// Package machine writes the machine-readable parts of identity documents, as
// package reader reads them: zones of ICAO 9303, the text of AAMVA barcodes, the
// PDF417 symbol that holds it, and lines of OCR-B. It is pure, and knows nothing of
// the readers, so that their tests can write with it.
//
// Check digits, symbols and correction are computed here a second time and in
// another way than they are read: a mistake of one is not a mistake of the other.
package machine
