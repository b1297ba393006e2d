package dashboard

import (
	"cmp"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"github.com/glencheck-dev/glencheck/internal/idv/document"
	"github.com/glencheck-dev/glencheck/internal/idv/person"
	"github.com/glencheck-dev/glencheck/internal/idv/selfie"
	"github.com/glencheck-dev/glencheck/internal/idv/specimen"
)

const specimensRoot = Root + "/test-documents"

// specimenPages are the page that prints test documents, and the files. A sandbox has
// them alone.
func (d *dashboard) specimenPages(mux *http.ServeMux) {
	mux.HandleFunc("GET "+specimensRoot, d.page(d.specimens))
	mux.HandleFunc("GET "+specimensRoot+"/{file}", d.page(d.specimenFile))
}

// specimensPage is the form, and what it has been filled in for.
type specimensPage struct {
	GivenName, FamilyName, DateOfBirth string
	Countries, Categories, Faults      []option
	Orders, SelfieFaults               []option
	Wrong                              string
	Title                              string // of the document
	Pictures                           []specimenPicture
	Request                            string // that prints the same, of the API
}

// specimenPicture is one side of a document.
type specimenPicture struct{ Title, Path, Name, Video, VideoName string }

// What the documents and faults are called here, in the order of the lists.
var (
	specimenKinds = []option{
		{Value: string(document.Passport), Title: "Passport"}, {Value: string(document.DriversLicense), Title: "Driver’s license"},
		{Value: string(document.IDCard), Title: "Identity card"}, {Value: string(document.ResidencePermit), Title: "Residence permit"},
	}
	specimenFaults = []option{
		{Value: "", Title: "None"}, {Value: string(specimen.Blurred), Title: "Out of focus"}, {Value: string(specimen.Cropped), Title: "Cut off"},
		{Value: string(specimen.Glare), Title: "A lamp mirrored in it"}, {Value: string(specimen.Dark), Title: "Too dark"},
		{Value: string(specimen.Expired), Title: "Expired"}, {Value: string(specimen.WrongDigit), Title: "A wrong check digit"},
		{Value: string(specimen.OtherName), Title: "Another name"}, {Value: string(specimen.OtherBirthday), Title: "Another birthday"},
		{Value: string(specimen.Edited), Title: "Written by a program that edits pictures"}, {Value: string(specimen.Screen), Title: "Photographed from a screen"},
		{Value: string(specimen.OtherBack), Title: "The back is somebody else’s"},
	}
	selfieFaults = []option{
		{Value: "", Title: "None"}, {Value: string(specimen.Still), Title: "A picture held before the camera"},
		{Value: string(specimen.WrongOrder), Title: "Moves in another order"}, {Value: string(specimen.TwoFaces), Title: "Somebody else in the picture"},
		{Value: string(specimen.Nobody), Title: "Nobody"}, {Value: string(specimen.OtherPerson), Title: "Another person"},
	}
	// selfieOrders are the moves that a person may be asked for between the two in the
	// middle.
	selfieOrders = []option{
		{Value: "left right", Title: "Left, right"}, {Value: "left closer", Title: "Left, closer"}, {Value: "right left", Title: "Right, left"},
		{Value: "right closer", Title: "Right, closer"}, {Value: "closer left", Title: "Closer, left"}, {Value: "closer right", Title: "Closer, right"},
	}
)

// specimens shows test documents for the person, the document and the fault that the
// address names: Leslie Knope's passport without a fault where it names none.
func (d *dashboard) specimens(w http.ResponseWriter, r *http.Request, v visitor) {
	q := r.URL.Query()
	o := d.specimenOrder(q)
	p := specimensPage{
		GivenName: o.Person.GivenName, FamilyName: o.Person.FamilyName, DateOfBirth: o.Person.DateOfBirth, Countries: countries(o.Person.Country),
		Categories: chosen(specimenKinds, string(o.Category)), Faults: chosen(specimenFaults, string(o.Fault)),
		Orders: chosen(selfieOrders, q.Get("moves")), SelfieFaults: chosen(selfieFaults, q.Get("selfie_fault")), Title: titleOf(specimenKinds, string(o.Category)),
	}
	status := http.StatusOK
	if sentence, bad := specimen.Refused(o.Check()); bad {
		status, p.Wrong = http.StatusUnprocessableEntity, sentence
	} else {
		query := orderQuery(o)
		for _, side := range o.Sides() {
			name := string(o.Category) + "-" + side
			title := map[string]string{specimen.Front: "Front", specimen.Back: "Back"}[side]
			p.Pictures = append(p.Pictures, specimenPicture{
				title, specimensRoot + "/" + side + ".jpg?" + query, name + ".jpg", specimensRoot + "/" + side + ".mjpeg?" + query, name + ".mjpeg",
			})
		}
		p.Request = specimenRequest(o)
	}
	d.render(w, r, status, "test-documents", v, "Test documents", "Documents that the readers really read, and selfies, for Identity Verification in this sandbox.", p)
}

// specimenFile answers a picture, a video for a camera, or a film.
func (d *dashboard) specimenFile(w http.ResponseWriter, r *http.Request, _ visitor) {
	o, file := d.specimenOrder(r.URL.Query()), r.PathValue("file")
	side, kind, _ := strings.Cut(file, ".")
	o.Side = side
	var (
		data  []byte
		media string
		err   error
	)
	switch kind {
	case "jpg":
		var files []specimen.File
		if files, err = specimen.Print(o); err == nil {
			data, media = files[0].JPEG, "image/jpeg"
		}
	case "mjpeg":
		data, err = specimen.Video(o)
		media = "video/x-motion-jpeg"
	case "film":
		data, err = specimen.Film(o.Person, movesOf(r.URL.Query().Get("moves")), specimen.SelfieFault(r.URL.Query().Get("selfie_fault")))
		media = "application/octet-stream"
		w.Header().Set("Content-Disposition", `attachment; filename="selfie.film"`)
	}
	if _, bad := specimen.Refused(err); bad || data == nil && err == nil {
		d.message(w, r, http.StatusNotFound, nowhere)
		return
	}
	if err != nil {
		d.trouble(w, r, err)
		return
	}
	w.Header().Set("Content-Type", media)
	_, _ = w.Write(data)
}

// specimenOrder is what an address asks for.
func (d *dashboard) specimenOrder(q url.Values) specimen.Order {
	p := specimen.Leslie
	said := func(name, usual string) string { return cmp.Or(line(q.Get(name), 100), usual) }
	given, family := said("given_name", p.GivenName), said("family_name", p.FamilyName)
	if given != p.GivenName || family != p.FamilyName {
		p = specimen.Person{GivenName: given, FamilyName: family, DateOfBirth: p.DateOfBirth, Country: p.Country}
	}
	p.DateOfBirth = said("date_of_birth", p.DateOfBirth)
	if c := said("country", p.Country); c != p.Country {
		p.Country, p.Street, p.City, p.Region, p.PostalCode = c, "", "", "", ""
	}
	return specimen.Order{Person: p, Category: document.Category(said("category", string(document.Passport))), Fault: specimen.Fault(q.Get("fault")), Now: d.Clock.Now()}
}

// orderQuery is the order as the query of an address.
func orderQuery(o specimen.Order) string {
	return url.Values{
		"given_name": {o.Person.GivenName}, "family_name": {o.Person.FamilyName}, "date_of_birth": {o.Person.DateOfBirth}, "country": {o.Person.Country},
		"category": {string(o.Category)}, "fault": {string(o.Fault)},
	}.Encode()
}

// movesOf are the moves of a film: what an address names, between two in the middle.
func movesOf(order string) []selfie.Move {
	if !slices.ContainsFunc(selfieOrders, func(o option) bool { return o.Value == order }) {
		order = selfieOrders[0].Value
	}
	moves := []selfie.Move{selfie.Middle}
	for _, m := range strings.Fields(order) {
		moves = append(moves, selfie.Move(m))
	}
	return append(moves, selfie.Middle)
}

// specimenRequest is the body that orders the same of the API, where Leslie Knope is
// whom nobody names.
func specimenRequest(o specimen.Order) string {
	type name struct {
		GivenName  string `json:"given_name"`
		FamilyName string `json:"family_name"`
	}
	type user struct {
		Name        name   `json:"name"`
		DateOfBirth string `json:"date_of_birth"`
	}
	body := struct {
		Category string `json:"category"`
		Country  string `json:"issuing_country,omitempty"`
		Fault    string `json:"fault,omitempty"`
		User     *user  `json:"user,omitempty"`
	}{Category: string(o.Category), Fault: string(o.Fault)}
	if p := o.Person; p.GivenName != specimen.Leslie.GivenName || p.FamilyName != specimen.Leslie.FamilyName || p.DateOfBirth != specimen.Leslie.DateOfBirth {
		body.User = &user{name{p.GivenName, p.FamilyName}, p.DateOfBirth}
	}
	if o.Person.Country != specimen.Leslie.Country {
		body.Country = o.Person.Country
	}
	text, err := json.Marshal(body)
	if err != nil {
		panic("dashboard: " + err.Error()) // strings: cannot happen
	}
	return string(text)
}

// chosen is a list in which one is chosen, the first if it has no such.
func chosen(list []option, value string) []option {
	list = slices.Clone(list)
	at := slices.IndexFunc(list, func(o option) bool { return o.Value == value })
	list[max(at, 0)].Chosen = true
	return list
}

func titleOf(list []option, value string) string {
	for _, o := range list {
		if o.Value == value {
			return o.Title
		}
	}
	return ""
}

// countries are those whose documents are known, by their names.
func countries(one string) []option {
	var list []option
	for _, c := range person.Countries() {
		if r, err := language.ParseRegion(c.Code); err == nil && len(document.KindsOf(c.Code)) > 0 {
			list = append(list, option{c.Code, display.English.Regions().Name(r), c.Code == one})
		}
	}
	slices.SortFunc(list, func(a, b option) int { return strings.Compare(a.Title, b.Title) })
	return list
}
