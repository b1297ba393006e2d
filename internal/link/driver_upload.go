package link

import (
	"context"
	"encoding/base64"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// A file in JSON is a third larger than it is; a little more is for the rest of the
// body. A script brings several files.
const (
	maxEncoded    = MaxFile/3*4 + 64<<10
	maxScriptBody = 3 * maxEncoded
)

// ScriptFile is a file in JSON.
type ScriptFile struct {
	FileName string `json:"file_name" max:"300"`
	Content  string `json:"content" required:"true"` // in base64
}

// file reads the bytes of a file.
func (f *ScriptFile) file() (*File, error) {
	if f == nil {
		return nil, nil
	}
	data, err := base64.StdEncoding.DecodeString(f.Content)
	if err != nil {
		return nil, plaid.InvalidField("content must be the bytes of a file in base64")
	}
	return &File{Name: f.FileName, Data: data}, nil
}

// DriverUpload is the request of /sandbox/link/session/upload. Without Seq the file
// is uploaded on whatever pane the session is at.
type DriverUpload struct {
	Session string `json:"session" required:"true" max:"200"`
	Seq     *int64 `json:"seq"`
	ScriptFile
	Seen *int64 `json:"seen" min:"0"` // as in DriverStep
}

// Upload uploads a file.
func (d *Driver) Upload(ctx context.Context, call api.Call, in DriverUpload) (DriverAnswer, error) {
	file, err := in.file()
	if err != nil {
		return DriverAnswer{}, err
	}
	req := StepRequest{Handle: in.Session, ClientID: call.Caller.ClientID, AnySeq: in.Seq == nil, Input: Input{Action: ActionUpload, File: file}}
	if in.Seq != nil {
		req.Seq = *in.Seq
	}
	turn, err := d.sessions.Step(ctx, call.RequestID, req)
	return d.answer(ctx, turn, in.Seen, err)
}

// actionSpecimen hands in what a sandbox has prepared for the person, with the fault
// that its value names.
const actionSpecimen = "specimen"

// selfieCheck is the view of the panes at which a person is filmed.
const selfieCheck View = "SELFIE_CHECK"

// upload hands over the next of the script's documents. When there are no more it goes
// on, or leaves where that is not possible.
func (f *filler) upload() (ScriptStep, error) {
	if f.uploaded < len(f.in.Documents) {
		f.uploaded++
		return ScriptStep{Action: ActionUpload, File: &f.in.Documents[f.uploaded-1]}, nil
	}
	switch {
	case f.view() == selfieCheck && f.offers(actionSpecimen):
		return ScriptStep{Action: actionSpecimen, Value: f.in.SelfieFault}, nil
	case len(f.in.Documents) == 0 && f.offers(actionSpecimen):
		return ScriptStep{Action: actionSpecimen, Value: f.in.DocumentFault}, nil
	case len(f.in.Documents) == 0:
		return ScriptStep{}, f.missing("documents")
	case !f.offers(ActionSubmit): // another picture is asked for than the person has
		f.leaving = true
		return leave, nil
	}
	return ScriptStep{Action: ActionSubmit}, nil
}
