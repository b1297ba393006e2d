// Package specimen prints identity documents for a sandbox: passports, identity cards,
// driving licences and residence permits of every country that has them, as
// photographs, good or with a fault. People who integrate Identity Verification need
// documents that the readers really read; nothing here tells a reader what to say.
//
// It is pure: no HTTP, no storage, no clock. The machine-readable parts are written by
// package machine, and read by package reader, which has none of its code.
//
// # Whose documents they are
//
// A specimen is of a real country, so that a template's rules about countries can be
// tested, and says that it is a specimen: to people in its heading, across the card and
// below, and to machines by document.SpecimenMark, in the optional data of a zone or the
// document discriminator of a licence, which the check digits and the error correction
// cover. Without document.Rules.Specimens, which only a sandbox has, Judge fails it. The
// design is our own and that of no country.
//
// It is made out to whom the caller names: the sandbox's Leslie Knope, or the person of
// an Identity Verification. Where a fault wants somebody else it is "Another Person". The
// number, the days of issue and expiry, the signature and the face follow from the name
// and the birthday, so that a document and a selfie of one person have one face.
//
// # Faces
//
// A Face is drawn, and looks like nobody: a choice for each of a few features. The
// detector of package selfie finds it as it finds others. Film is a selfie of it, in
// which it follows the moves that it is asked for.
//
// Compare tells drawn faces apart by looking at the pictures, and knows no other face.
// It stands in a sandbox where elsewhere a comparison of living faces would: that the
// film is that of the person on the document is found out, not presumed.
package specimen
