package specimen

import "slices"

// Fault is what is wrong with a specimen.
type Fault string

// The faults.
const (
	None          Fault = ""
	Blurred       Fault = "blurred"           // out of focus
	Cropped       Fault = "cropped"           // runs out of the picture
	Glare         Fault = "glare"             // a lamp is mirrored in what machines read
	Dark          Fault = "dark"              // hardly any light
	Expired       Fault = "expired"           // last year
	WrongDigit    Fault = "wrong_check_digit" // a digit of the birthday in the zone was changed
	OtherName     Fault = "other_name"        // made out to somebody else, of the same birthday
	OtherBirthday Fault = "other_birthday"    // a year earlier
	Edited        Fault = "edited"            // the file names a program that edits pictures
	Screen        Fault = "screen"            // photographed from a screen
	OtherBack     Fault = "other_back"        // the back is that of somebody else's document
)

// Faults are all of them.
var Faults = []Fault{Blurred, Cropped, Glare, Dark, Expired, WrongDigit, OtherName, OtherBirthday, Edited, Screen, OtherBack}

// Known reports whether there is such a fault.
func (f Fault) Known() bool { return f == None || slices.Contains(Faults, f) }
