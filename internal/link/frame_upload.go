package link

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// uploadPath takes a file as the body of a request, as it is: in JSON it would be a
// third larger and be held several times. Which session it is for is in headers, as
// the handle is a secret and addresses are logged.
const uploadPath = "/link/session/upload"

// The headers of an upload.
const (
	headerSession = "Glencheck-Session"
	headerSeq     = "Glencheck-Seq"
	headerSeen    = "Glencheck-Seen"
	headerFile    = "Glencheck-File" // the name, escaped as in an address
)

// mostUploads is how many files are taken in at a time; the others wait. It bounds
// what uploads take of memory.
const mostUploads = 6

// maxFileName bounds what is kept of a file's name.
const maxFileName = 200

// uploads answers uploadPath.
func (f *Frame) uploads() http.Handler {
	places := make(chan struct{}, mostUploads)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case places <- struct{}{}:
			defer func() { <-places }()
		case <-r.Context().Done():
			return
		}
		took := clock.Stopwatch()
		o := api.Observation{Method: http.MethodPost, Path: uploadPath, RequestID: f.cfg.IDs.RequestID(), Status: http.StatusOK}
		body, err := f.upload(r, o.RequestID)
		if err != nil {
			var told *plaid.Error
			if !errors.As(err, &told) {
				f.cfg.Log.Error("upload failed", "request_id", o.RequestID, "error", err.Error())
				told = plaid.InternalServerError
			}
			o.Status, o.ErrorCode = told.HTTPStatus(), told.Code
			body = api.ErrorJSON(told, o.RequestID)
		}
		h := w.Header()
		h.Set("Content-Type", "application/json; charset=utf-8")
		h.Set("Cache-Control", "no-store")
		w.WriteHeader(o.Status)
		w.Write(body)
		if f.cfg.Observe != nil {
			o.Took = took()
			f.cfg.Observe(o)
		}
	})
}

var (
	errUploadHeaders = plaid.InvalidHeaders.WithMessage("an upload needs the headers " + headerSession + " and " + headerSeq)
	errUploadType    = plaid.InvalidHeaders.WithMessage("the Content-Type of an upload must be application/octet-stream")
	errUploadBody    = plaid.InvalidBody.WithMessage("the file did not arrive whole")
)

// upload reads one file and does the step with it. A file that is too large is cut
// one byte behind the most: that it is too large is for the pane to say.
func (f *Frame) upload(r *http.Request, requestID string) ([]byte, error) {
	seq, err := strconv.ParseInt(r.Header.Get(headerSeq), 10, 64)
	handle := r.Header.Get(headerSession)
	switch {
	case err != nil || handle == "" || len(handle) > 200:
		return nil, errUploadHeaders
	case r.Header.Get("Content-Type") != "application/octet-stream": // no form of another page sends it
		return nil, errUploadType
	}
	var seen *int64
	if n, err := strconv.ParseInt(r.Header.Get(headerSeen), 10, 64); err == nil && n >= 0 {
		seen = &n
	}
	name, err := url.PathUnescape(r.Header.Get(headerFile))
	if err != nil {
		name = ""
	}
	data, err := io.ReadAll(io.LimitReader(r.Body, MaxFile+1))
	if err != nil {
		return nil, errUploadBody
	}
	file := &File{Name: name[:min(len(name), maxFileName)], Data: data}
	turn, err := f.cfg.Sessions.Step(r.Context(), requestID, StepRequest{Handle: handle, Seq: seq, Input: Input{Action: ActionUpload, File: file}})
	out, err := f.answer(r.Context(), turn, seen, err)
	if err != nil {
		return nil, err
	}
	return json.Marshal(struct {
		reply
		RequestID string `json:"request_id"`
	}{out, requestID})
}
