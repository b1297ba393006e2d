package idv

import (
	"context"
	"strconv"
	"strings"
)

// selfieOut is schema SelfieCheck.
type selfieOut struct {
	Status  StepStatus     `json:"status"`
	Selfies []selfieTryOut `json:"selfies"`
}

// selfieTryOut is schema SelfieCheckSelfie.
type selfieTryOut struct {
	Status   StepStatus        `json:"status"` // success or failed
	Attempt  int               `json:"attempt"`
	Capture  captureOut        `json:"capture"`
	Analysis selfieAnalysisOut `json:"analysis"`
}

// captureOut is schema SelfieCapture. What is kept of a film has no form that a player
// would know, so that its best picture stands for it.
type captureOut struct {
	ImageURL *string `json:"image_url"`
	VideoURL *string `json:"video_url"`
}

// selfieAnalysisOut is schema SelfieAnalysis. The optional facial_analysis, which judges
// parts of the face, is left out: nothing here does.
type selfieAnalysisOut struct {
	Document Code       `json:"document_comparison"`
	Liveness StepStatus `json:"liveness_check"`
}

// selfieOut tells of selfie_check once it has come to success or failed.
func (s *Service) selfieOut(a *Attempt) *selfieOut {
	status := a.Steps[Selfie]
	if !decided(status) {
		return nil
	}
	out := &selfieOut{status, []selfieTryOut{}}
	for i := range a.Selfies {
		t := &a.Selfies[i]
		one := selfieTryOut{Status: t.Outcome, Attempt: i + 1, Analysis: selfieAnalysisOut{CodeNoInput, StepFailed}}
		if !decided(t.Outcome) { // somebody has decided what the check had left open
			one.Status = status
		}
		if t.live() {
			one.Analysis.Liveness = StepSuccess
		}
		if t.Document.Code != "" {
			one.Analysis.Document = t.Document.Code
		}
		if t.Picture != "" {
			one.Capture.ImageURL = orNull(s.selfieURL(a, i))
		}
		out.Selfies = append(out.Selfies, one)
	}
	return out
}

// viewFrame shows one picture of a film, whose number follows.
const viewFrame = "frame"

// selfieURL is an address of the picture of a selfie, good for a minute.
func (s *Service) selfieURL(a *Attempt, i int) string {
	t, name := &a.Selfies[i], "selfie/"+strconv.Itoa(i+1)
	if t.Still {
		return s.Address(a.ID, t.Picture, "", name+"."+strings.TrimPrefix(t.Media, "image/"))
	}
	return s.Address(a.ID, t.Picture, viewFrame+":"+strconv.Itoa(t.Frame), name+".jpeg")
}

// frameOf is a picture of a film.
func frameOf(_ context.Context, _ *Service, p Picture, how string) (Picture, error) {
	n, err := strconv.Atoi(how)
	if err != nil || p.Media != filmMedia {
		return Picture{}, errAddress
	}
	data, err := stillOf(p.Data, n)
	return Picture{ID: p.ID, Media: "image/jpeg", Data: data}, err
}
