// Package ocrb reads lines of OCR-B, the typeface of machine-readable zones, in
// grey pictures. It knows 37 characters of one width and nothing else, which is
// what makes it small: it finds rows of marks that stand at equal distances, lays
// each row flat on a grid of cells, and compares every cell with the 37 glyphs. It
// is pure.
//
// What is read says how sure it is: Line.Text is the best glyph of each cell,
// Letters and Digits the best of their class, and Scores how well the best one fits
// (the correlation, 1 for the glyph itself). Which class belongs where is the
// business of package reader.
//
// glyphs.png holds the glyphs in cells of 48 by 72 pixels, baseline at 60, drawn
// from the font OCR-B of Norbert Schwarz and Matthew Skala ("You may freely use,
// modify and/or distribute this file, without limitation").
package ocrb
