package document

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Type is a type of risk signal, as the API names it (schema
// IdentityDocumentUploadRiskSignal).
type Type string

// The types that are looked for.
const (
	SoftwareList  Type = "SOFTWARE_BLACKLIST"
	QPDF          Type = "QPDF"
	OutsideWindow Type = "METADATA_DATES_OUTSIDE_WINDOW"
	InsideWindow  Type = "METADATA_DATES_INSIDE_WINDOW"
	DatesMatch    Type = "METADATA_DATES_MATCH"
	DatesMissing  Type = "METADATA_DATES_MISSING"
	MalformedDate Type = "MALFORMED_DATE"
	Edited        Type = "EDITED_TEXT"
	TouchUp       Type = "TOUCHUP_TEXT"
	Overlaid      Type = "OVERLAID_TEXT"
	Masking       Type = "MASKING"
	FontAnomaly   Type = "FONT_ANOMALY"
	AdobeFonts    Type = "ADOBE_FONTS"
	Alignment     Type = "PDF_ALIGNMENT"
	TextLayer     Type = "TEXT_LAYER_TEXT"
	Flattened     Type = "FLATTENED_PDF"
	Annotations   Type = "ANNOTATIONS"
	StampDates    Type = "ANNOTATION_DATES"
	ExifModified  Type = "EXIF_DATA_MODIFIED"
	DateAnomaly   Type = "DATE_FORMAT_ANOMALY"
	AddressForm   Type = "ADDRESS_FORMAT_ANOMALY"
	NameForm      Type = "NAME_FORMAT_ANOMALY"
)

// weights are what each sign adds to the score, in hundredths. A sign without one
// is told and adds nothing.
var weights = map[Type]float64{
	Edited: 80, TouchUp: 80, Masking: 80, Overlaid: 70, FontAnomaly: 50, SoftwareList: 60, OutsideWindow: 60, ExifModified: 60,
	AdobeFonts: 50, StampDates: 40, Annotations: 40, DateAnomaly: 40, NameForm: 40, Alignment: 30, TextLayer: 30, QPDF: 30,
	AddressForm: 20, MalformedDate: 20, Flattened: 20, DatesMissing: 10,
}

// unchecked are the documented types that nothing here looks for, and why.
var unchecked = map[Type]string{
	"FONT":                 "what it means beside FONT_ANOMALY is not documented",
	"TEXT_COMPRESSION":     "pictures are not examined",
	"BRUSH_DETECTION":      "pictures are not examined",
	"EDITED_WHILE_SCANNED": "pictures are not examined",
	"HIGH_USER_ACCESS":     "what it means is not documented",
	"BLACKLISTS":           "there is no list of known forgeries",
	"COPYCAT_IMAGE":        "documents of different people are not compared",
	"COPYCAT_TEXT":         "documents of different people are not compared",
	"REJECTED_CUSTOMER":    "nobody is kept as rejected",
	"TEMPLATES":            "there is no collection of genuine statements",
}

// Signal is one sign.
type Signal struct {
	Type   Type   `json:"type"`
	Risk   bool   `json:"risk"`
	Detail string `json:"detail"`
	Page   int    `json:"page"` // 0 for the file as a whole
}

// Check says of a documented type whether it was looked for.
type Check struct {
	Type    Type   `json:"type"`
	Checked bool   `json:"checked"`
	Why     string `json:"why,omitempty"` // not
}

// window is how far the making of a file and its last change may be apart.
const window = 5 * time.Minute

// Signals are the signs that a document may not be what it says, and those that it
// is. now is when it was uploaded.
func (r *Reading) Signals(f Findings, now time.Time) []Signal {
	var out []Signal
	add := func(t Type, page int, detail string) {
		out = append(out, Signal{t, weights[t] > 0, detail, page})
	}
	if r.Kind == PDF {
		r.metadata(now, add)
		for _, m := range r.traces.marks {
			add(m.kind, m.page, m.detail)
		}
		if r.traces.layer {
			add(TextLayer, 0, "the file has text that no eye sees, over its pictures")
		}
	} else {
		r.picture(add)
	}
	if r.Text != Unread {
		f.oddities(r, now, add)
	}
	return out
}

// editors are programs with which people change documents. Banks make theirs with
// others.
var editors = []string{
	"acrobat", "photoshop", "illustrator", "indesign", "gimp", "inkscape", "canva", "figma", "affinity", "coreldraw", "microsoft word", "microsoft® word",
	"microsoft excel", "microsoft® excel", "powerpoint", "libreoffice", "openoffice", "google docs", "pages", "sejda", "ilovepdf", "smallpdf", "pdfescape", "foxit",
	"nitro", "pdfelement", "wondershare", "xodo", "pdffiller", "pdf-xchange", "pdfill", "soda pdf", "pdf24", "dochub", "lightpdf", "easepdf", "pdf candy", "preview",
	"master pdf editor", "pixelmator", "paint", "picsart", "snapseed", "lightroom",
}

func editor(s string) (string, bool) {
	low := strings.ToLower(s)
	for _, e := range editors {
		i := strings.Index(low, e)
		if i < 0 {
			continue
		}
		before, after := i == 0 || !isLetter(low[i-1]), i+len(e) == len(low) || !isLetter(low[i+len(e)])
		if before && after && !strings.Contains(low, "distiller") {
			return e, true
		}
	}
	return "", false
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' }

// metadata looks at what a PDF file says of its making.
func (r *Reading) metadata(now time.Time, add func(Type, int, string)) {
	info := r.traces.info
	for _, s := range []string{info.Producer, info.Creator} {
		if strings.Contains(strings.ToLower(s), "qpdf") {
			add(QPDF, 0, "the file was put together again with QPDF")
		}
		if e, ok := editor(s); ok {
			add(SoftwareList, 0, "the file was made or changed with a program for editing: "+e)
			break
		}
	}
	made, err1 := pdfTime(info.Created)
	changed, err2 := pdfTime(info.Modified)
	switch {
	case info.Created == "" && info.Modified == "":
		add(DatesMissing, 0, "the file does not say when it was made")
	case err1 != nil && info.Created != "" || err2 != nil && info.Modified != "":
		add(MalformedDate, 0, "the file says when it was made in a way that no program writes")
	case info.Created == "":
		add(DatesMissing, 0, "the file says when it was changed and not when it was made")
	case made.After(now.Add(24 * time.Hour)):
		add(OutsideWindow, 0, "the file says that it was made in the future")
	case info.Modified == "" || made.Equal(changed):
		add(DatesMatch, 0, "the file was not changed after it was made, as far as it says")
	case changed.Sub(made).Abs() <= window:
		add(InsideWindow, 0, "the file was changed within minutes of its making")
	default:
		add(OutsideWindow, 0, "the dates of making and of the last change are "+span(changed.Sub(made).Abs())+" apart")
	}
	for _, s := range r.traces.stamps {
		if t, err := pdfTime(s.modified); err == nil && err1 == nil && t.Sub(made) > window {
			add(StampDates, s.page, "an annotation is "+span(t.Sub(made))+" younger than the file")
		}
	}
}

func span(d time.Duration) string {
	switch {
	case d >= 48*time.Hour:
		return strconv.Itoa(int(d.Hours()/24)) + " days"
	case d >= 2*time.Hour:
		return strconv.Itoa(int(d.Hours())) + " hours"
	}
	return strconv.Itoa(int(d.Minutes())) + " minutes"
}

var pdfDate = regexp.MustCompile(`^(?:D:)?(\d{4})(\d{2})?(\d{2})?(\d{2})?(\d{2})?(\d{2})?(?:(Z)(?:00'?00'?)?|([+-])(\d{2})'?(\d{2})?'?)?$`)

type dateError struct{}

func (dateError) Error() string { return "no date of a PDF file" }

// pdfTime reads a date of the metadata.
func pdfTime(s string) (time.Time, error) {
	m := pdfDate.FindStringSubmatch(s)
	if m == nil {
		return time.Time{}, dateError{}
	}
	n := func(i, otherwise int) int {
		if v, err := strconv.Atoi(m[i]); err == nil {
			return v
		}
		return otherwise
	}
	t := time.Date(n(1, 0), time.Month(n(2, 1)), n(3, 1), n(4, 0), n(5, 0), n(6, 0), 0, time.UTC)
	if int(t.Month()) != n(2, 1) || t.Day() != n(3, 1) || n(4, 0) > 23 || n(5, 0) > 59 || n(6, 0) > 59 {
		return time.Time{}, dateError{}
	}
	east := time.Duration(n(9, 0))*time.Hour + time.Duration(n(10, 0))*time.Minute
	if m[8] == "-" {
		east = -east
	}
	return t.Add(-east), nil
}

// picture looks at what a camera or a program has written into a picture.
func (r *Reading) picture(add func(Type, int, string)) {
	e := r.traces.exif
	software := e.software + r.traces.png.software
	if name, ok := editor(software); ok {
		add(ExifModified, 0, "the picture was written by a program for editing: "+name)
		return
	}
	if e.photoshop {
		add(ExifModified, 0, "the picture has a block that Photoshop writes")
		return
	}
	if e.original != "" && e.changed != "" && e.original != e.changed {
		add(ExifModified, 0, "the picture was written at another time than it was taken")
	}
}

// oddities looks at what the document says.
func (f *Findings) oddities(r *Reading, now time.Time, add func(Type, int, string)) {
	day := func(d Date) bool { return d != (Date{}) && d.Valid }
	for _, d := range f.Dates {
		if !d.Valid {
			add(DateAnomaly, d.Page, "a date is none of the calendar")
			break
		}
	}
	made, err := pdfTime(r.traces.info.Created)
	switch {
	case !day(f.From) || !day(f.Until):
	case f.Until.Time().Before(f.From.Time()):
		add(DateAnomaly, f.From.Page, "the period ends before it begins")
	case f.From.Time().After(now.Add(24 * time.Hour)):
		add(DateAnomaly, f.From.Page, "the period lies in the future")
	case r.Kind == PDF && err == nil && made.Add(24*time.Hour).Before(f.Until.Time()):
		add(DateAnomaly, f.Until.Page, "the file was made before the period that it is about had ended")
	case f.From.Format != f.Until.Format:
		add(DateAnomaly, f.From.Page, "the two days of the period are written in different ways")
	}
	if day(f.Issued) && f.Issued.Time().After(now.Add(24*time.Hour)) {
		add(DateAnomaly, f.Issued.Page, "the document was issued in the future")
	}
	for _, a := range f.Addresses {
		if !zipFits(a.Region, a.PostalCode) {
			add(AddressForm, 0, "the ZIP code is none of the state")
		}
	}
	for _, o := range f.Owners {
		if oddlyWritten(o) {
			add(NameForm, 0, "a name has capitals inside its words")
			break
		}
	}
}

// zones are the states of each first digit of ZIP codes.
var zones = [10]string{
	"CT MA ME NH NJ PR RI VT VI NY", "DE NY PA", "DC MD NC SC VA WV", "AL FL GA MS TN", "IN KY MI OH",
	"IA MN MT ND SD WI", "IL KS MO NE", "AR LA OK TX", "AZ CO ID NM NV UT WY TX", "AK CA HI OR WA GU",
}

func zipFits(state, zip string) bool {
	if zip == "" || zip[0] < '0' || zip[0] > '9' {
		return true
	}
	return slices.Contains(strings.Fields(zones[zip[0]-'0']), state)
}

var capitalInside = regexp.MustCompile(`\p{Ll}\p{Lu}\p{Lu}|\p{Lu}\p{Lu}+\p{Ll}+\p{Lu}`)

func oddlyWritten(name string) bool { return capitalInside.MatchString(name) }

// Score is how likely the signs make it that the document is no bank's, from 0 to
// 100; nil where nothing was looked at that could tell. A kind of sign counts once.
func (r *Reading) Score(signals []Signal) *int {
	counted := map[Type]bool{}
	fine := 1.0
	for _, s := range signals {
		if s.Risk && !counted[s.Type] {
			counted[s.Type] = true
			fine *= 1 - weights[s.Type]/100
		}
	}
	if len(counted) == 0 && (r.Kind != PDF || r.Text == Unread) {
		return nil
	}
	score := int(math.Round(100 * (1 - fine)))
	return &score
}

// Checks says of every documented type whether it was looked for in the document.
func (r *Reading) Checks() []Check {
	var out []Check
	for t := range weights {
		out = append(out, Check{t, r.looksFor(t), r.whyNot(t)})
	}
	for _, t := range []Type{InsideWindow, DatesMatch} {
		out = append(out, Check{t, r.looksFor(t), r.whyNot(t)})
	}
	for t, why := range unchecked {
		out = append(out, Check{t, false, why})
	}
	slices.SortFunc(out, func(a, b Check) int { return strings.Compare(string(a.Type), string(b.Type)) })
	return out
}

// textual are the types that need the text of the document.
var textual = []Type{DateAnomaly, AddressForm, NameForm}

func (r *Reading) looksFor(t Type) bool { return r.whyNot(t) == "" }

func (r *Reading) whyNot(t Type) string {
	switch {
	case t == ExifModified:
		if r.Kind == PDF {
			return "pictures inside PDF files are not examined"
		}
	case slices.Contains(textual, t):
		if r.Text == Unread {
			return "the document could not be read"
		}
	case r.Kind != PDF:
		return "it is a picture"
	}
	return ""
}
