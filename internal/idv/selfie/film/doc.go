// Package film is the form in which a selfie is uploaded: some dozens of small JPEG
// pictures, each with the time at which it was taken. It decodes no pixels.
//
// A film is its frames one after another, and nothing else. A frame is two numbers of
// four bytes, the most significant first, and a picture:
//
//	milliseconds since the film began · length of the picture · the picture, a JPEG
//
// A form of our own, because what browsers record (WebM, MP4, each with codecs of its
// own) cannot be decoded here without a program in another language, and because a
// picture of the camera is all that is judged. It is easily made: for a test, by
// Encode. A film never begins like a PNG or JPEG picture: as a time, those bytes are
// weeks.
package film
