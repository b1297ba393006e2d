package idv

import (
	"context"
	"errors"
	"slices"

	"github.com/glencheck-dev/glencheck/internal/idv/document"
	"github.com/glencheck-dev/glencheck/internal/idv/photo"
	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// The actions of the panes of documents.
const (
	actionElsewhere = "elsewhere" // another country
	actionSpecimen  = "specimen"  // a test document
)

// fieldPicture is the name of the field that takes a picture.
const fieldPicture = "document"

// maxPictures is how many pictures a session may try, those that were refused too.
const maxPictures = 40

// kindPane asks which document the person has.
var kindPane = link.NewPane(formBody, showKind)

func showKind(v *link.Visit) link.Screen {
	st := stateOf(v)
	country := st.country(v)
	s := screen(v, "idv.document", []string{"country", countryName(v, country)})
	kinds := link.Field{Name: "document_kind", ID: "idv-document-kind", Label: v.T("idv.document.title"), Kind: link.FieldChoice, Missing: v.T("idv.document.missing")}
	chosen := v.Input.Field("document_kind")
	if chosen == "" && country == st.PaperCountry {
		chosen = string(st.Paper)
	}
	for _, k := range st.kinds(country) {
		kinds.Options = append(kinds.Options, link.Option{
			Value: string(k.Category), Label: v.T("idv.document.kind." + string(k.Category)), Chosen: string(k.Category) == chosen,
			TestID: "document-kind-" + string(k.Category),
		})
	}
	if len(kinds.Options) == 1 {
		kinds.Options[0].Chosen = true
	}
	s.Fields = []link.Field{kinds}
	if len(st.issuers()) > 1 {
		s.Secondary = &link.Button{Label: v.T("idv.document.elsewhere"), Action: actionElsewhere}
	}
	return s
}

// country is where the document is from: where the person said, or else where they
// live, if documents of there are accepted.
func (st *state) country(v *link.Visit) string {
	list := st.issuers()
	for _, c := range []string{st.Issuer, st.PaperCountry, home(v)} {
		if slices.Contains(list, c) {
			return c
		}
	}
	if len(list) == 1 {
		return list[0]
	}
	return ""
}

// issuers are the countries whose documents the template accepts: with a rule about the
// issuing country that of the person, if it has such.
func (st *state) issuers() []string {
	list := document.Countries(st.Accepted)
	if st.OwnCountry && slices.Contains(list, st.Country) {
		return []string{st.Country}
	}
	return list
}

// kinds are the documents of a country that the template accepts.
func (st *state) kinds(country string) []document.Kind {
	rules := DocumentRules{Categories: st.Accepted}
	return slices.DeleteFunc(document.KindsOf(country), func(k document.Kind) bool { return !rules.takes(k.Category) })
}

// hasElsewhere reports whether a document may be of another country.
func hasElsewhere(v *link.Visit, action string) bool {
	return action != actionElsewhere || len(stateOf(v).issuers()) > 1
}

// kind begins a submission, or leads to the countries.
func (f flow) kind(ctx context.Context, v *link.Visit) (link.Outcome, error) {
	if v.Input.Action == actionElsewhere {
		return link.Outcome(viewIssuer), nil
	}
	st := stateOf(v)
	country, category := st.country(v), document.Category(v.Input.Field("document_kind"))
	if category == "" {
		v.Problem("document_kind", v.T("idv.document.missing"))
		return link.Outcome(v.View), nil
	}
	if !slices.ContainsFunc(st.kinds(country), func(k document.Kind) bool { return k.Category == category }) {
		return "", plaid.InvalidField("document_kind must be one of the pane's options")
	}
	st.Again, st.Refused = "", ""
	return f.handing(ctx, v, func(a *Attempt) error {
		a.choose(country, category)
		return nil
	})
}

// issuerPane asks for the country that has issued the document.
var issuerPane = link.NewPane(formBody, func(v *link.Visit) link.Screen {
	st := stateOf(v)
	s := screen(v, "idv.document.country", nil)
	chosen := v.Input.Field("issuing_country")
	if chosen == "" {
		chosen = st.country(v)
	}
	list := st.issuers()
	s.Fields = []link.Field{{
		Name: "issuing_country", ID: "idv-issuing-country", Label: v.T("idv.field.country"), Kind: link.FieldSelect, Autocomplete: "off",
		Options: slices.DeleteFunc(countryOptions(v, chosen), func(o link.Option) bool { return !slices.Contains(list, o.Value) }),
	}}
	return s
})

func (f flow) issuer(_ context.Context, v *link.Visit) (link.Outcome, error) {
	st := stateOf(v)
	country := v.Input.Field("issuing_country")
	if !slices.Contains(st.issuers(), country) {
		v.Problem("issuing_country", v.T("idv.problem.unsupported"))
		return link.Outcome(v.View), nil
	}
	st.Issuer = country
	return link.Outcome(viewDocument), nil
}

// sidePane takes the picture of a side, with a camera (captureParts) or as a file.
var sidePane = link.NewPane(captureParts+`{{template "top" .}}
{{template "viewport" .Extra.Viewport}}
{{range .Fields}}{{template "error" .}}<div class="drop" data-drop>
<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M3.500 8h4l1.500-2.500h6L16.500 8h4v11h-17z"/><circle cx="12" cy="13.250" r="3.500"/></svg>
<input class="sr" type="file" id="{{.ID}}" data-upload="{{$.Extra.Max}}" accept=".png,.jpg,.jpeg,image/png,image/jpeg"{{if .Error}} aria-invalid="true"{{end}} aria-describedby="{{if .Error}}{{.ErrorID}} {{end}}{{.ID}}-help">
<label class="btn" for="{{.ID}}">{{.Label}}</label>
<p class="help" id="{{.ID}}-help">{{.Help}}</p>
</div>{{end}}
{{template "phone" .}}
<ul class="files" aria-label="{{.T "documents.uploading"}}" hidden></ul>
<template data-uploading><li class="file"><span></span><span class="row-text"><b></b><span data-part></span></span><button class="icon-btn icon-btn-s" type="button" aria-label="{{.T "documents.stop"}}" data-stop>{{template "icon-clear"}}</button><progress max="1" value="0" aria-label="{{.T "documents.uploading"}}"></progress></li></template>`, showSide)

// sideExtra is what the template of sidePane has besides the screen.
type sideExtra struct {
	Viewport viewport
	Max      int
}

func showSide(v *link.Visit) link.Screen {
	st := stateOf(v)
	side := sideOf(v.View)
	words, shape := "idv.document."+string(side), shapeCard
	if k, _ := document.KindOf(st.PaperCountry, st.Paper); k.Sides == 1 {
		words, shape = "idv.document.page", shapePage
	}
	s := screen(v, words, nil)
	s.Primary = ""
	if st.Again != "" {
		s.Notice = v.T("idv.document.again." + st.Again)
	}
	s.Fields = []link.Field{{
		Name: fieldPicture, ID: "idv-document", Kind: link.FieldFile, Label: v.T("idv.document.button"),
		Help: v.T("idv.document.types"),
	}}
	if st.Refused != "" {
		s.Fields[0].Error = v.T(refusals[st.Refused])
	}
	s.Extra = sideExtra{documentViewport(v.T, string(side), shape), link.MaxFile}
	if v.Sandbox {
		s.Secondary = &link.Button{Label: v.T("idv.document.specimen"), Action: actionSpecimen}
	}
	if st.Again == "" && st.Refused == "" {
		s.Hint = &link.Hint{Text: v.T("sandbox.document")}
	}
	return s
}

func sideOf(view link.View) docSide {
	if view == viewBackSide {
		return back
	}
	return front
}

// side takes the picture of a side, reads it, and has it handed in.
func (f flow) side(ctx context.Context, v *link.Visit) (link.Outcome, error) {
	st, side := stateOf(v), sideOf(v.View)
	st.Again, st.Refused = "", ""
	if st.Tried++; st.Tried > maxPictures {
		return refusePicture(v, tooOften, "the session has tried as many pictures as it may"), nil
	}
	file, err := f.picture(ctx, v, side)
	if err != nil {
		return "", err
	}
	p, err := f.papers.look(ctx, file)
	var refusal *photo.Refusal
	if errors.As(err, &refusal) {
		return refusePicture(v, refusal.Code, refusal.Message), nil
	}
	if err != nil {
		return "", err
	}
	again, same := "", false
	outcome, err := f.handing(ctx, v, func(a *Attempt) error {
		s := a.open()
		if s == nil {
			return nil
		}
		if side == back && s.Front != nil && s.Front.Hash == p.Hash {
			same = true
			return errRefused
		}
		taken := *p
		if taken.Picture, err = f.keep(a, p.Media, file); err != nil {
			return err
		}
		again = a.hand(side, &taken, f.judging(a))
		return nil
	})
	if same {
		return refusePicture(v, samePicture, "it is the picture of the front"), nil
	}
	if st.Again = again; again != "" {
		v.Explain("the picture has to be taken again: %s", again)
	}
	return outcome, err
}

// The refusals that are the flow's own.
const (
	samePicture = "same" // for both sides
	tooOften    = "too_often"
)

// refusals are the words that say why a file is not taken.
var refusals = map[string]string{
	photo.Empty: "documents.error.empty", photo.TooLarge: "documents.error.too_large", photo.TooManyPixels: "documents.error.pixels",
	photo.TooSmall: "documents.error.too_small", photo.Animated: "documents.error.animated", tooOften: "documents.error.too_often",
	photo.OtherFormat: "idv.document.error.unsupported_format", photo.SecondFile: "idv.document.error.polyglot",
	photo.Damaged: "idv.document.error.damaged", samePicture: "idv.document.error.same",
}

// refusePicture leaves the person on the pane, which says why. Nothing is kept of the file.
func refusePicture(v *link.Visit, code, why string) link.Outcome {
	stateOf(v).Refused = code
	v.Explain("the file was refused: %s (%s)", code, why)
	return stays
}

// picture is the file that was uploaded or, in a sandbox, a specimen.
func (f flow) picture(ctx context.Context, v *link.Visit, side docSide) ([]byte, error) {
	if v.Input.Action == actionSpecimen {
		a, err := f.Get(ctx, v.ClientID, stateOf(v).ID)
		if err != nil {
			return nil, err
		}
		st := stateOf(v)
		return f.specimen(a.User, st.PaperCountry, st.Paper, side, v.Input.Value)
	}
	if v.Input.File == nil {
		return nil, plaid.InvalidField("a file must come with action upload; /sandbox/link/session/upload takes one")
	}
	return v.Input.File.Data, nil
}

// handing changes the documents of an attempt, if nobody has since the pane was drawn:
// of two tabs the second sees what the first has done.
func (f flow) handing(ctx context.Context, v *link.Visit, apply func(*Attempt) error) (link.Outcome, error) {
	seen := stateOf(v).Handed
	return f.on(Documents, func(_ *link.Visit, a *Attempt) error {
		if a.Handed != seen {
			return nil
		}
		return apply(a)
	})(ctx, v)
}

// hasSpecimen reports whether a pane offers a test document.
func hasSpecimen(v *link.Visit, action string) bool {
	return action != actionSpecimen || v.Sandbox
}

// showPapers takes over what the panes of documents say of the attempt.
func (st *state) showPapers(a *Attempt) {
	st.Handed, st.Paper, st.PaperCountry = a.Handed, "", ""
	if r := a.Plan.Documents; r != nil {
		st.Accepted, st.OwnCountry = r.Categories, r.IssuingCountry
	}
	if s := a.open(); s != nil {
		st.Paper, st.PaperCountry = s.Category, s.Country
	}
}
