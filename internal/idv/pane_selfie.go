package idv

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/glencheck-dev/glencheck/internal/idv/photo"
	"github.com/glencheck-dev/glencheck/internal/idv/selfie"
	"github.com/glencheck-dev/glencheck/internal/idv/selfie/film"
	"github.com/glencheck-dev/glencheck/internal/idv/specimen"
	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/web"
)

// The panes of selfie_check: what will be done and what for, and the camera.
const (
	viewSelfie link.View = "SELFIE_CHECK"
	viewFilm   link.View = "selfie-film"
)

// filmField is the name of the field that takes the film. Its options are the moves, in
// their order, for whoever makes a film without a camera.
const filmField = "film"

// selfiePane says what will be done and what for, before the camera is asked for.
var selfiePane = link.NewPane(captureParts+`{{template "top" .}}
<ol class="agenda">
{{range .Extra}}<li><span aria-hidden="true">{{.N}}</span><strong>{{.Title}}</strong><p>{{.Text}}</p></li>
{{end}}</ol>
{{template "phone" .}}`, showSelfie)

func showSelfie(v *link.Visit) link.Screen {
	st := stateOf(v)
	s := screen(v, "idv.selfie", []string{"app", v.App()})
	s.Primary = v.T("idv.selfie.start")
	if st.Trouble != "" {
		s.Title, s.Primary = v.T("idv.selfie.again.title"), v.T("idv.selfie.again")
		s.Lead = v.T("idv.selfie.left", "count", strconv.FormatInt(st.Selfies, 10))
		s.Notice = v.T("idv.selfie.trouble." + st.Trouble)
	}
	var tips []agendaItem
	for i, tip := range []string{"light", "oval", "alone"} {
		words := "idv.selfie.tip." + tip
		tips = append(tips, agendaItem{strconv.Itoa(i + 1), v.T(words), v.T(words + ".text")})
	}
	s.Extra = tips
	s.Legal = v.T("idv.selfie.legal", "app", v.App())
	if v.PrivacyURL != "" {
		s.Legal, s.LegalURL = v.T("idv.selfie.legal_linked", "app", v.App()), v.PrivacyURL
	}
	return s
}

// begin asks for moves: the person has read what the film is for and wants to go on.
func (f flow) begin(ctx context.Context, v *link.Visit) (link.Outcome, error) {
	st := stateOf(v)
	a, err := f.advance(ctx, &Attempt{ID: st.ID, ClientID: v.ClientID}, func(a *Attempt) error {
		if a.active() == Selfie {
			f.ask(a)
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	where := f.tell(v, a)
	if a.active() != Selfie {
		return where, nil
	}
	st.Challenge, st.Trouble, st.Refused = a.Challenge, "", ""
	return link.Outcome(viewFilm), nil
}

// film takes a selfie. What it looks at the film for takes its time, so that it is done
// before the attempt is changed.
func (f flow) film(ctx context.Context, v *link.Visit) (link.Outcome, error) {
	st := stateOf(v)
	a, err := f.Get(ctx, v.ClientID, st.ID)
	if err != nil {
		return "", err
	}
	if a.active() != Selfie {
		return f.tell(v, a), nil
	}
	if st.Challenge == nil || f.asked(a, st.Challenge.ID) == nil {
		return f.tooLate(v), nil
	}
	st.Refused = ""
	if st.Tried++; st.Tried > maxPictures {
		return refuseFilm(v, tooOften, "the session has tried as many pictures as it may"), nil
	}
	data, err := handedIn(v, a)
	if err != nil {
		return "", err
	}
	h, err := f.look(ctx, data, st.Challenge.Moves)
	if code, why := refusedFile(err); code != "" {
		return refuseFilm(v, code, why), nil
	}
	if err == nil {
		err = f.compareFaces(ctx, a, &h)
	}
	if err != nil {
		return "", err
	}
	return f.takeFilm(ctx, v, h.SelfieTry, data)
}

// handedIn is what the person has handed in, or would have.
func handedIn(v *link.Visit, a *Attempt) ([]byte, error) {
	switch {
	case v.Input.Action == actionSpecimen:
		made, err := specimen.Film(specimenOf(a.User), stateOf(v).Challenge.Moves, specimen.SelfieFault(v.Input.Value))
		if err != nil {
			return nil, badSpecimen(err)
		}
		return made, nil
	case v.Input.File == nil:
		return nil, plaid.InvalidField("a file must come with action upload; /sandbox/link/session/upload takes one")
	}
	return v.Input.File.Data, nil
}

// errUsed says that another session has used up the challenge meanwhile.
var errUsed = errors.New("idv: the challenge is used up")

// takeFilm stores a selfie that was looked at, and goes on to where that leads.
func (f flow) takeFilm(ctx context.Context, v *link.Visit, t SelfieTry, data []byte) (link.Outcome, error) {
	st := stateOf(v)
	a, err := f.advance(ctx, &Attempt{ID: st.ID, ClientID: v.ClientID}, func(a *Attempt) error {
		if f.asked(a, st.Challenge.ID) == nil {
			return errUsed
		}
		return f.took(a, t, data)
	})
	if errors.Is(err, errUsed) {
		return f.tooLate(v), nil
	}
	if err != nil {
		return "", err
	}
	st.Challenge = nil
	if last := &a.Selfies[len(a.Selfies)-1]; a.active() == Selfie {
		st.Trouble = last.trouble()
		v.Explain("selfie %d of %d: %s", len(a.Selfies), maxSelfies, last.why())
	}
	return f.tell(v, a), nil
}

// tooLate leads back to where the person is asked for other moves.
func (f flow) tooLate(v *link.Visit) link.Outcome {
	st := stateOf(v)
	st.Challenge, st.Trouble = nil, "late"
	v.Explain("the moves were asked for too long ago, or anew in another window: nothing was looked at")
	return link.Outcome(viewSelfie)
}

// trouble is what a person is told of a selfie that has failed.
func (t *SelfieTry) trouble() string {
	switch {
	case t.live() || t.Still:
		return "match"
	case slices.Contains(t.Problems, selfie.ManyFaces):
		return "several"
	case slices.Contains(t.Problems, selfie.NoFace):
		return "no_face"
	}
	return "moves"
}

// refusedFile is why a file was not looked at, "" where it was.
func refusedFile(err error) (code, why string) {
	var (
		f *film.Refusal
		p *photo.Refusal
	)
	switch {
	case errors.As(err, &f):
		return f.Code, f.Message
	case errors.As(err, &p):
		return p.Code, p.Message
	}
	return "", ""
}

// refuseFilm leaves the person on the pane, which says why. Nothing is kept of the file.
func refuseFilm(v *link.Visit, code, why string) link.Outcome {
	stateOf(v).Refused = code
	v.Explain("the selfie was not taken, and counts for nothing: %s (%s)", why, code)
	return stays
}

// fileTrouble are the words for a person whose file was not looked at.
func fileTrouble(code string) string {
	switch code {
	case string(selfie.NoFace):
		return "idv.selfie.trouble.no_face"
	case string(selfie.ManyFaces):
		return "idv.selfie.trouble.several"
	case tooOften:
		return "documents.error.too_often"
	}
	return "idv.selfie.file"
}

// filmPane is the camera. Without script, camera or permission it takes a picture from
// a file, which shows nobody alive and which a person looks at.
var filmPane = link.NewPane(`{{template "top" .}}
<div class="viewport" role="group" aria-label="{{.T "idv.capture.view"}}" data-camera="selfie" data-moves="{{.Extra.Moves}}" data-every="{{.Extra.Every}}" data-pictures="{{.Extra.Pictures}}" data-script="{{.Extra.Script}}" data-words="{{.Extra.Words}}" hidden>
<video playsinline muted aria-hidden="true"></video>
<div class="face" aria-hidden="true"><span class="oval"></span></div>
<button class="icon-btn" type="button" aria-label="{{.T "idv.capture.switch"}}" data-press="switch" hidden>`+iconSwitch+`</button>
<p class="cue" role="status"><span></span></p>
<template data-bar><div class="cam-bar" data-selfie>
<div class="cam-still"><button class="btn btn-big" type="button" data-press="upload">{{.T "idv.capture.upload"}}</button><button class="btn btn-primary btn-big" type="button" data-press="go" id="aut-button">{{.T "idv.selfie.go"}}</button></div>
<progress max="1" value="0" aria-label="{{.T "idv.selfie.sending"}}"></progress>
</div></template>
<template data-note><p class="note" role="status" data-no-camera>{{template "icon-info"}}<span></span><button class="btn" type="button">{{.T "idv.capture.retry"}}</button></p></template>
</div>
{{range .Fields}}<div class="drop" data-drop>
<input class="sr" type="file" id="{{.ID}}" data-upload="{{$.Extra.Max}}" accept="image/png,image/jpeg" capture="user"{{if .Error}} aria-invalid="true"{{end}} aria-describedby="{{if .Error}}{{.ErrorID}} {{end}}pane-lead">
<label class="btn" for="{{.ID}}">{{.Label}}</label>
</div>
{{template "error" .}}{{end}}
<ul class="files" aria-label="{{.T "documents.uploading"}}" hidden></ul>
<template data-uploading><li class="file"><span class="row-text"><b></b><span data-part></span></span><button class="icon-btn icon-btn-s" type="button" aria-label="{{.T "documents.stop"}}" data-stop>{{template "icon-clear"}}</button><progress max="1" value="0" aria-label="{{.T "documents.uploading"}}"></progress></li></template>`, showFilm)

// filmExtra is what the template of filmPane has besides the screen.
type filmExtra struct {
	Max      int
	Moves    string // JSON: for the script
	Every    int64  // milliseconds from one picture to the next
	Pictures int    // of each move
	Script   string
	Words    string
}

// A place is shown for some three seconds: for the face to come there, and to be seen
// there, without haste.
const (
	filmEvery    = 220 * time.Millisecond
	filmPictures = 15 // of each move; film.MaxFrames are those of all
)

// moveShown is a move as the script shows it: an oval, in parts of the picture, and
// words.
type moveShown struct {
	X    float64 `json:"x"`
	Y    float64 `json:"y"`
	Size float64 `json:"size"`
	Cue  string  `json:"cue"`
}

// filmWords are the words of the script, by what it knows them by.
func filmWords(v *link.Visit) map[string]string {
	words := map[string]string{}
	for _, key := range []string{"film.title", "film.lead", "sending"} {
		words[key] = v.T("idv.selfie." + key)
	}
	for _, key := range []string{"starting", "no.unsupported", "no.denied", "no.missing", "no.busy", "no.ended"} {
		words[key] = v.T("idv.capture." + key)
	}
	return words
}

// forScript is a value as the script reads it from an attribute.
func forScript(v any) string {
	out, err := json.Marshal(v)
	if err != nil {
		panic("idv: " + err.Error()) // numbers and words: cannot happen
	}
	return string(out)
}

func showFilm(v *link.Visit) link.Screen {
	s := screen(v, "idv.selfie", nil)
	s.Lead, s.Primary = v.T("idv.selfie.still.help"), ""
	field := link.Field{Name: filmField, ID: "selfie-input", Kind: link.FieldFile, Label: v.T("idv.selfie.still")}
	st := stateOf(v)
	if st.Refused != "" {
		field.Error = v.T(fileTrouble(st.Refused))
	}
	var shown []moveShown
	if c := st.Challenge; c != nil {
		for _, m := range c.Moves {
			at, cue := m.Circle(), v.T("idv.selfie.move."+string(m))
			shown = append(shown, moveShown{at.X, at.Y, at.Size, cue})
			field.Options = append(field.Options, link.Option{Value: string(m), Label: cue})
		}
	}
	s.Fields = []link.Field{field}
	if v.Sandbox {
		s.Secondary = &link.Button{Label: v.T("sandbox.selfie"), Action: actionSpecimen}
	}
	s.Extra = filmExtra{
		Max: link.MaxFile, Moves: forScript(shown), Every: filmEvery.Milliseconds(), Pictures: filmPictures, Script: web.Path("selfie.js"), Words: forScript(filmWords(v)),
	}
	return s
}
