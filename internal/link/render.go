package link

import (
	"encoding/json"
	"fmt"
	"html/template"
	"strconv"
	"strings"
	"sync"

	"github.com/glencheck-dev/glencheck/web"
)

// Pane draws one view: Show says what is on it, as data, and a template gives
// the part between header and footer its form. The template is parsed when the
// pane is drawn for the first time: a server has dozens of panes, and parsing them
// all would be a tenth of its start.
type Pane struct {
	Show func(*Visit) Screen
	tmpl func() (*template.Template, error)
}

// NewPane returns a pane whose body is drawn by a template. It has the Screen as
// its data and the templates of parts at hand: "top", "field", "choices", "rows",
// "mark" and the icons.
func NewPane(body string, show func(*Visit) Screen) *Pane {
	return &Pane{Show: show, tmpl: sync.OnceValues(func() (*template.Template, error) {
		p, err := parts()
		if err != nil {
			return nil, err
		}
		t, err := p.Clone()
		if err != nil {
			return nil, err
		}
		return t.New("body").Parse(body)
	})}
}

// redefined is a pane of which source defines a template anew.
func (p *Pane) redefined(source string) *Pane {
	return &Pane{Show: p.Show, tmpl: sync.OnceValues(func() (*template.Template, error) {
		t, err := p.tmpl()
		if err != nil {
			return nil, err
		}
		return t.Parse(source)
	})}
}

// Parse reports whether the pane's template can be read.
func (p *Pane) Parse() error {
	_, err := p.tmpl()
	return err
}

// With is a pane of the same form that shows something else.
func (p *Pane) With(change func(*Visit, *Screen)) *Pane {
	return &Pane{tmpl: p.tmpl, Show: func(v *Visit) Screen {
		s := p.Show(v)
		change(v, &s)
		return s
	}}
}

// html draws a screen; name is "pane" or one of its parts.
func (s Screen) html(name string) (string, error) {
	t, err := s.pane.tmpl()
	if err != nil {
		return "", fmt.Errorf("link: form of %s: %w", s.View, err)
	}
	var b strings.Builder
	if err := t.ExecuteTemplate(&b, name, s); err != nil {
		return "", fmt.Errorf("link: draw %s: %w", s.View, err)
	}
	return b.String(), nil
}

// fragmentHTML draws the part of a screen that a fragment replaces.
func (s Screen) fragmentHTML(f Fragment) (string, error) {
	s.Choices = f.Choices
	return s.html("rows")
}

// FillJSON is the value of data-fill: the values of a hint by input id.
func (s Screen) FillJSON() (string, error) {
	byID := map[string]string{}
	for _, f := range s.Fields {
		value, ok := s.Hint.Fill[f.Name]
		if !ok {
			continue
		}
		if len(f.Options) == 0 || f.Kind == FieldSelect {
			byID[f.ID] = value
		}
		for i, o := range f.Options {
			if o.Value == value && f.Kind != FieldSelect {
				byID[f.OptionID(i)] = "on"
			}
		}
	}
	b, err := json.Marshal(byID)
	return string(b), err
}

// Sentence is a sentence cut at its one [marked] link.
type Sentence struct{ Before, Link, After string }

// LegalParts cuts the sentence above the buttons at its link.
func (s Screen) LegalParts() Sentence {
	before, link, after := web.Around(s.Legal)
	return Sentence{before, link, after}
}

// OptionID is the id of the i-th input of a group.
func (f Field) OptionID(i int) string { return f.ID + "-" + strconv.Itoa(i) }

// ErrorID is the id of the sentence that refuses the field.
func (f Field) ErrorID() string { return f.ID + "-error" }

// Cells is the class that gives a code input its cells.
func (f Field) Cells() string { return "code-" + strconv.Itoa(f.Length) }

// DescribedBy lists the ids of what describes the input.
func (f Field) DescribedBy() string {
	switch {
	case f.Error != "":
		return f.ErrorID()
	case f.Help != "":
		return f.ID + "-help"
	}
	return ""
}

// Class is the look of an institution's mark; size is "", "s" or "l".
func (i Institution) Class(size string) string {
	class := "mark"
	if size != "" {
		class += " mark-" + size
	}
	return class + " mk-" + strconv.Itoa(i.Ground) + " wv-" + i.Weave
}

// parts are the templates that panes share. The markup is the one of the
// prototypes (ui/link); its ids are published (ui/README.md section 3).
var parts = sync.OnceValues(func() (*template.Template, error) { return template.New("parts").Parse(partsSource) })
