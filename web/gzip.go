package web

import (
	"bytes"
	"compress/gzip"
	"sync"
)

var zipped sync.Map // name of a file of the bundle -> its bytes after gzip

// Gzip answers the file after gzip, nil where it would not be smaller. Files of the
// bundle are compressed once.
func (f File) Gzip() []byte {
	if body, ok := zipped.Load(f.Name + f.Hash); ok {
		return body.([]byte)
	}
	body := Gzip(f.Body)
	if bundled, ok := files()[f.Name]; ok && bundled.Hash == f.Hash {
		zipped.Store(f.Name+f.Hash, body)
	}
	return body
}

// Gzip compresses what a browser will load, nil where that gains nothing.
func Gzip(body []byte) []byte {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		panic(err) // the level is a constant of the package
	}
	w.Write(body) // to memory: no error
	w.Close()
	if b.Len() >= len(body) {
		return nil
	}
	return b.Bytes()
}
