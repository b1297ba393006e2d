package link

import (
	"strings"

	"github.com/glencheck-dev/glencheck/web"
)

// Screen is what a pane shows, as data. The HTML of the frame and the JSON of
// the headless driver are both made from it, so neither can know more.
type Screen struct {
	View        View
	Title, Lead string
	Institution *Institution // shown in the header
	App         bool         // the header shows the client's app instead
	Progress    *Progress    // how far the person has come, where there are steps
	Back        bool         // the header has a way back
	Fields      []Field
	Choices     []Choice // answered by action pick
	Notice      string   // a warning above the fields
	Legal       string   // a sentence above the buttons with one [marked] link
	LegalURL    string
	Data        *DataTypes // what is shared, for the part "data"
	Hint        *Hint
	Primary     string // label of the one main button, "" for none
	// Opens makes the main button a link to a page of the bank, in a Window of its
	// own or in place of everything.
	Opens  string
	Window bool
	// Departs says that the main button leads to such a page.
	Departs   bool
	Secondary *Button
	By        bool // says whose window this is
	Reference string
	// Extra is for the pane's own template.
	Extra any

	words  web.Texter
	pane   *Pane
	seq    int64
	status string
}

// Progress is a bar for each step of a session that has several.
type Progress struct {
	Label string   // says the same to whoever does not see it
	Bars  []string // done, now or todo
}

// T returns the words of a key, for the templates.
func (s Screen) T(key string, args ...string) string { return s.words(key, args...) }

// Field is one input of a form. With Options it is a group of which one, or with
// Multiple any number, is chosen.
type Field struct {
	Name  string
	ID    string // of the input; the options of a group count on from it
	Label string
	Kind  FieldKind
	// Length is the number of cells of a code, or the most characters of another
	// field that is short; 0 for any.
	Length       int
	Autocomplete string
	Value        string
	// Placeholder finds the field for suites that look for it; nobody sees it,
	// as the label above says the same (link-web.md section 3.4).
	Placeholder string
	Help        string
	News        bool   // Help tells what has just happened: it is said aloud
	Missing     string // said when the field is left empty
	Error       string // why the last input was refused
	Options     []Option
	Multiple    bool
}

// FieldKind is what a field takes.
type FieldKind string

// The kinds of fields.
const (
	FieldText     FieldKind = "text"
	FieldPassword FieldKind = "password"
	FieldCode     FieldKind = "code"
	FieldLetters  FieldKind = "letters" // a code of letters
	FieldDigits   FieldKind = "digits"  // a long number
	FieldChoice   FieldKind = "choice"
	FieldSelect   FieldKind = "select" // one of many options, which a list unfolds
	FieldDate     FieldKind = "date"   // YYYY-MM-DD
	FieldPhone    FieldKind = "tel"
	FieldFile     FieldKind = "file" // for action upload
)

// Option is one of a group.
type Option struct {
	Value   string
	Label   string
	Detail  string
	Amount  string // at the end of the row, with what it counts below
	Counts  string
	Mask    string // of an account
	Subtype string // of an account
	Chosen  bool
	TestID  string
}

// Choice is one row of a list that leads on when it is picked.
type Choice struct {
	Value  string
	Label  string
	Detail string
	Warn   bool // Detail is a warning
	Mark   Institution
	// From and To are the bytes of Label that match what was searched for.
	From, To int
}

// ElementID is the id of a choice that is named rather than listed: published ids
// such as flow-type-manual have dashes.
func (c Choice) ElementID() string { return strings.ReplaceAll(c.Value, "_", "-") }

// Before, Match and After cut the label at the match.
func (c Choice) Before() string { return c.Label[:c.From] }

// Match is the part of the label that was searched for.
func (c Choice) Match() string { return c.Label[c.From:c.To] }

// After is the rest of the label.
func (c Choice) After() string { return c.Label[c.To:] }

// Button is a second way on. With URL it opens a page in a new window, otherwise
// it is an action, submit if none is named, with a value.
type Button struct {
	Label  string
	Action string
	Value  string
	URL    string
}

// Does is the action of the button.
func (b Button) Does() string {
	if b.Action == "" {
		return ActionSubmit
	}
	return b.Action
}

// Hint is the sandbox strip: words, and values by field name that fill the form.
type Hint struct {
	Text string
	Fill map[string]string
}

// Fragment is a part of a pane that an aside replaces.
type Fragment struct {
	Target  string // id of the element, "" when nothing on the pane changes
	Status  string // for the live region
	Choices []Choice
}

// screen is the pane that the person sees now.
func (v *Visit) screen() Screen {
	pane := v.flow.Steps[v.View].Pane
	if v.View == Loading {
		pane = loadingPane
	}
	s := pane.Show(v)
	v.reword(&s)
	s.View, s.Institution, s.Back = v.flow.told(v.View), v.Memory.Institution, v.canGoBack()
	if s.App && s.Institution == nil {
		mark := appMark(v.App())
		mark.Name = v.App()
		s.Institution = &mark
	}
	s.words, s.pane, s.seq, s.status = v.words, pane, v.Seq, v.status()
	if !v.Sandbox {
		s.Hint = nil
	}
	for i := range s.Fields {
		if e := v.ProblemOf(s.Fields[i].Name); e != "" {
			s.Fields[i].Error = e
		}
	}
	return s
}
