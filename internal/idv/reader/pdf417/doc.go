// Package pdf417 finds and decodes PDF417 symbols (ISO/IEC 15438) in grey
// pictures: the barcode on North American licences. It is pure.
//
// A symbol is found by its start and stop patterns in either direction, along the
// rows or across; its quadrangle is straightened, each line of pixels is cut into
// codewords by their edges, and the lines of one row vote. What votes cannot
// settle is an erasure; Reed-Solomon over GF(929) corrects the rest. A wrong
// answer would need more errors than the symbol's level allows, so there is an
// answer or an error, and no guess.
//
// codewords.txt is the table of the standard: 929 lines with the bars of the three
// clusters as seventeen bits. Compact and macro symbols are not read: licences use
// neither. Interpretations (ECI) are skipped; the text is UTF-8 where its bytes are,
// and Latin-1 elsewhere.
package pdf417
