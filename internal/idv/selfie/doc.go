// Package selfie looks at the frames of a selfie: is there one face, did the person
// do what the screen asked for, in an order that nobody could know before, and do
// the frames belong together. It also finds the portrait on a document. It is pure:
// no HTTP, no storage, no clock.
//
// # What this is and is not
//
// A Challenge asks the person to bring the face into circles on the screen: the
// middle, then two others in a random order, then the middle. Watch tells a film that
// follows from one that does not, from a still picture that was fed in, and from
// frames of different films. A person who holds a good photograph of another before
// the camera and moves it along will pass: nothing here measures depth, skin or
// blood, and no rate of errors is claimed. Whose face it is is not asked here: package
// face compares it with the one that Portrait finds.
//
// # The detector
//
// Faces are found by Pigo (github.com/esimov/pigo v1.4.6, MIT licence, in
// facefinder.LICENSE) with its cascade facefinder, a copy of the file in that module:
// faces that look at the camera, turned and tilted by some twenty degrees at most.
package selfie
