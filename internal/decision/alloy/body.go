package alloy

import (
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"strconv"

	"github.com/glencheck-dev/glencheck/internal/api"
)

// readJSON reads a body that has to be JSON. None at all is an empty object: the
// standard's way to ask for a token has one.
func readJSON(r *http.Request, max int64) ([]byte, error) {
	if r.ContentLength == 0 {
		return []byte("{}"), nil
	}
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "application/json" {
		return nil, ErrHeader.Saying("The Content-Type header must be application/json")
	}
	return readBytes(r, max)
}

func readBytes(r *http.Request, max int64) ([]byte, error) {
	if r.ContentLength > max {
		return nil, tooLarge(max)
	}
	raw, err := io.ReadAll(io.LimitReader(r.Body, max+1))
	if err != nil {
		return nil, ErrBody.Saying("The request body could not be read") // the client went away or lied about the length
	}
	if int64(len(raw)) > max {
		return nil, tooLarge(max)
	}
	return raw, nil
}

func tooLarge(max int64) error {
	return ErrBody.Saying("Your request body must not be larger than " + strconv.FormatInt(max, 10) + " bytes")
}

func readUpload(r *http.Request, max int64) (Upload, error) {
	raw, err := readBytes(r, max)
	if err == nil && len(raw) == 0 {
		err = ErrBody.Saying("The request body must be the file")
	}
	return Upload{ContentType: r.Header.Get("Content-Type"), Bytes: raw}, err
}

// The bounds of an object whose members are not known beforehand. What is nested
// deeper or has more members than any documented request is refused before
// anything is made of it.
const (
	maxDepth   = 16
	maxMembers = 2000
)

// readObject reads one JSON object: without a name twice, without U+0000, which
// PostgreSQL cannot store, and within the bounds.
func readObject(r *http.Request, max int64) (api.Raw, error) {
	raw, err := readJSON(r, max)
	if err != nil {
		return nil, err
	}
	return CheckObject(raw)
}

// CheckObject is the check of an object whose members are not known beforehand.
func CheckObject(raw []byte) (api.Raw, error) {
	object := api.Raw(bytes.TrimSpace(raw))
	if len(object) == 0 || object[0] != '{' || !object.IsValid() {
		return nil, ErrBody.Saying("Your request body must be one JSON object, with no name twice")
	}
	depth, members := 0, 0
	for dec := json.NewDecoder(bytes.NewReader(object)); ; {
		token, err := dec.Token()
		if err == io.EOF {
			return object, nil
		}
		if err != nil {
			return nil, ErrBody.Saying("Your request body must be one JSON object")
		}
		switch t := token.(type) {
		case json.Delim:
			if t == '{' || t == '[' {
				depth++
			} else {
				depth--
			}
		case string:
			if bytes.IndexByte([]byte(t), 0) >= 0 {
				return nil, ErrBody.Saying("Your request body must not contain the character U+0000")
			}
		}
		if members++; depth > maxDepth || members > 2*maxMembers {
			return nil, ErrBody.Saying("Your request body must not be nested deeper than " + strconv.Itoa(maxDepth) + " levels or have more than " + strconv.Itoa(maxMembers) + " members")
		}
	}
}
