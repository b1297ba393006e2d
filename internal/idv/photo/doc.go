// Package photo takes in the pictures that people upload of their documents and
// says what can be said of a picture as such: is it one, is it sharp, whole and lit,
// has it been edited or photographed from a screen. It reads no document. It is
// pure: no HTTP, no storage, no clock.
//
// # Taking in
//
// Desk.Open accepts PNG and JPEG and nothing else, told by their content. Size, number
// of pixels and the memory that decoding will need are known before a pixel is
// decoded, and a Desk has few places, so that fifty uploads at once wait for each
// other rather than for memory. Animations, a second file behind the picture or
// inside its comments, and everything damaged are refused, each with its own code.
// The orientation that a camera noted is applied. What is kept is a grey picture
// of at most 3,200 pixels; colours prove nothing here.
//
// Telephones append things to a JPEG: more pictures (MPF), a film, a trailer of their
// own. What begins as one of these is dropped, all else behind the end is refused.
//
// # What is measured
//
// Quality and Forensics return Findings: a number, the threshold it is held against,
// and a sentence for the person who reviews. The thresholds were set on rendered
// specimens with faults of known strength; they are hints of where to look. No
// finding of this package proves that a document is genuine, and none alone proves
// that it is not: a passport's fine lines can look like a screen's grid, and every
// messenger recompresses.
package photo
