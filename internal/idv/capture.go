package idv

import (
	"encoding/json"
	"strings"

	"github.com/glencheck-dev/glencheck/web"
)

// A pane that takes a picture is an upload; beside it stands a viewport, out of sight,
// which the script it names turns into a camera where there is one (web/link,
// camera.ts). So no camera, no permission and no script leave the upload.

// Shapes of documents: how wide they are for their height (ISO/IEC 7810, ICAO 9303).
const (
	shapeCard = "1.586" // ID-1
	shapePage = "1.42"  // the page of a passport, ID-3
)

// viewport is what the part "viewport" draws.
type viewport struct {
	Camera string // what the camera is for: document or selfie
	Script string // the address of what runs it
	Side   string // of the document
	Shape  string
	Words  string // JSON: what the script says, by the end of the key
	T      web.Texter
}

// said are the words that a script says, by the end of their keys.
var said = map[string][]string{
	"document": {
		"starting", "sending", "still", "still.lead", "cue.find", "cue.closer", "cue.back", "cue.dark", "cue.glare", "cue.blur", "cue.good",
		"no.unsupported", "no.denied", "no.missing", "no.busy", "no.ended", "no.coarse",
	},
}

// documentViewport is the viewport of a side of a document.
func documentViewport(t web.Texter, side, shape string) viewport {
	return viewport{Camera: "document", Script: web.Path("capture.js"), Side: side, Shape: shape, Words: captureWords(t, "document"), T: t}
}

func captureWords(t web.Texter, camera string) string {
	words := map[string]string{}
	for _, key := range said[camera] {
		words[key] = t("idv.capture." + key)
	}
	var b strings.Builder
	if err := json.NewEncoder(&b).Encode(words); err != nil {
		panic(err) // strings
	}
	return b.String()
}

// iconSwitch is on the button that leads to the next camera.
const iconSwitch = `<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M5 8.500h3.500l1.500-2.500h4l1.500 2.500H19v10H5z"/><path d="M9.500 14.500a2.750 2.750 0 005.250-.75M14.500 12a2.750 2.750 0 00-5.250.75M14.750 10.750V12.500h-1.750M9.250 15.750V14h1.750"/></svg>`

// captureParts draws the viewport. Its ids and classes are those of the prototype
// (ui/link/idv-document.html).
const captureParts = `{{define "phone"}}<button class="btn btn-quiet btn-big by-phone" type="button" data-action="phone">{{.T "idv.handover.offer"}}</button>{{end}}
{{define "viewport"}}<div class="viewport" role="group" aria-label="{{call .T "idv.capture.view"}}" data-camera="{{.Camera}}" data-side="{{.Side}}" data-shape="{{.Shape}}" data-script="{{.Script}}" data-words="{{.Words}}" hidden>
<video playsinline muted aria-hidden="true"></video>
<canvas role="img" aria-label="{{call .T "idv.capture.still.view"}}"></canvas>
<span class="guide" aria-hidden="true"><i></i><i></i><i></i><i></i></span>
<button class="icon-btn" type="button" aria-label="{{call .T "idv.capture.switch"}}" data-press="switch" hidden>` + iconSwitch + `</button>
<div class="tips" id="capture-tips" role="region" aria-label="{{call .T "idv.capture.help"}}" tabindex="0" hidden><ul>
<li>{{call .T "idv.capture.tip.ground"}}</li>
<li>{{call .T "idv.capture.tip.light"}}</li>
<li>{{call .T "idv.capture.tip.hold"}}</li>
</ul></div>
<p class="cue" role="status"><svg class="icon icon-s" viewBox="0 0 24 24" aria-hidden="true"><path class="tick" d="M5 12.500l4.500 4.500L19 7.500"/></svg><span></span></p>
<template data-bar><div class="cam-bar">
<div class="cam-live"><button class="btn btn-quiet" type="button" data-press="upload">{{call .T "idv.capture.upload"}}</button><button class="shutter" type="button" data-press="shutter" aria-label="{{call .T "idv.capture.shutter"}}" data-testid="capture-shutter"></button><button class="btn btn-quiet" type="button" data-press="help" aria-expanded="false" aria-controls="capture-tips">{{call .T "idv.capture.help"}}</button></div>
<div class="cam-still"><button class="btn btn-big" type="button" data-press="again" data-testid="capture-again">{{call .T "idv.capture.again"}}</button><button class="btn btn-primary btn-big" type="button" data-press="use" data-testid="capture-use">{{call .T "idv.capture.use"}}</button></div>
<progress max="1" value="0" aria-label="{{call .T "idv.capture.sending"}}"></progress>
</div></template>
<template data-note><p class="note" role="status" data-no-camera>{{template "icon-info"}}<span></span><button class="btn" type="button">{{call .T "idv.capture.retry"}}</button></p></template>
</div>{{end}}`
