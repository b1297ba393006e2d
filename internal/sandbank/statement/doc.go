// Package statement prints the statements of the simulated bank as PDF files, and
// forges them: each Specimen is made by really doing to a statement what a forger, a
// scanner or a hostile program does. It knows no bank, no HTTP and no database.
//
// The files are made here, byte by byte, in the fonts that every reader has, so that
// each of them is different and none is a canned one; the same statement at the same
// time is the same file.
package statement
