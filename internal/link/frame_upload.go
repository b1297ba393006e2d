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
	"github.com/glencheck-dev/glencheck/internal/store"
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
		took := clock.Stopwatch()
		o := api.Observation{Method: http.MethodPost, Path: uploadPath, RequestID: f.cfg.IDs.RequestID(), Status: http.StatusOK}
		in, err := f.uploadOf(r)
		var body []byte
		if err == nil {
			select {
			case places <- struct{}{}:
				defer func() { <-places }()
				body, err = f.upload(r, in, o.RequestID)
			case <-r.Context().Done():
				return
			}
		}
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

// uploading is what the headers of an upload say.
type uploading struct {
	handle, name string
	seq          int64
	seen         *int64
}

// uploadOf reads the headers. Whoever has no session gets no place.
func (f *Frame) uploadOf(r *http.Request) (uploading, error) {
	in := uploading{handle: r.Header.Get(headerSession)}
	var err error
	in.seq, err = strconv.ParseInt(r.Header.Get(headerSeq), 10, 64)
	switch {
	case err != nil || in.handle == "" || len(in.handle) > 200:
		return in, errUploadHeaders
	case r.Header.Get("Content-Type") != "application/octet-stream": // no form of another page sends it
		return in, errUploadType
	}
	if n, err := strconv.ParseInt(r.Header.Get(headerSeen), 10, 64); err == nil && n >= 0 {
		in.seen = &n
	}
	if in.name, err = url.PathUnescape(r.Header.Get(headerFile)); err != nil {
		in.name = ""
	}
	in.name = in.name[:min(len(in.name), maxFileName)]
	_, err = f.cfg.Sessions.byHandle(r.Context(), in.handle)
	if errors.Is(err, store.ErrNoRows) {
		err = plaid.InvalidLinkToken
	}
	return in, err
}

// upload reads one file and does the step with it. A file that is too large is cut
// one byte behind the most: that it is too large is for the pane to say.
func (f *Frame) upload(r *http.Request, in uploading, requestID string) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r.Body, MaxFile+1))
	if err != nil {
		return nil, errUploadBody
	}
	input := Input{Action: ActionUpload, File: &File{Name: in.name, Data: data}}
	turn, err := f.cfg.Sessions.Step(r.Context(), requestID, StepRequest{Handle: in.handle, Seq: in.seq, Input: input})
	out, err := f.answer(r.Context(), turn, in.seen, err)
	if err != nil {
		return nil, err
	}
	return json.Marshal(struct {
		reply
		RequestID string `json:"request_id"`
	}{out, requestID})
}
