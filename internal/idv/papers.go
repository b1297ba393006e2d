package idv

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"time"

	"github.com/glencheck-dev/glencheck/internal/idv/document"
	"github.com/glencheck-dev/glencheck/internal/idv/photo"
	"github.com/glencheck-dev/glencheck/internal/idv/reader"
	"github.com/glencheck-dev/glencheck/internal/idv/selfie"
)

// mostReadings is how many documents are read at a time; the others wait. It bounds what
// uploads, hostile ones too, take of memory.
const mostReadings = 2

// mostReading bounds the reading of one picture, the time of another program included.
const mostReading = 40 * time.Second

// papers reads the pictures of documents.
type papers struct {
	Config
	desk   *photo.Desk
	reader reader.Reader
	places chan struct{}
}

func newPapers(cfg Config) *papers {
	p := &papers{Config: cfg, desk: photo.NewDesk(photo.DefaultLimits), reader: cfg.Reader, places: make(chan struct{}, mostReadings)}
	if p.reader == nil {
		p.reader = reader.Builtin{}
	}
	return p
}

// look takes a file in, measures it and reads it. An error is a *photo.Refusal, that of
// the context, or a failure of the reader. It takes a second, and is no part of a
// transaction.
func (p *papers) look(ctx context.Context, file []byte) (s *Side, err error) {
	if len(file) > photo.DefaultLimits.Bytes || len(file) == 0 { // which needs no place
		_, err := p.desk.Open(ctx, file)
		return nil, err
	}
	select {
	case p.places <- struct{}{}:
		defer func() { <-p.places }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	ctx, cancel := context.WithTimeout(ctx, mostReading)
	defer cancel()
	defer func() {
		if bad := recover(); bad != nil { // no file is known that does this
			p.Log.Error("reading a document panicked", "bytes", len(file))
			s, err = nil, &photo.Refusal{Code: photo.Damaged, Message: "The picture is damaged or of a kind that cannot be decoded."}
		}
	}()
	picture, err := p.desk.Open(ctx, file)
	if err != nil {
		return nil, err
	}
	s = &Side{Media: "image/" + picture.Format, Hash: p.hash(file)}
	if s.Look.Reading, err = p.reader.Read(ctx, picture.Gray, p.Clock.Now()); err != nil {
		return nil, fmt.Errorf("idv: read a document: %w", err)
	}
	s.Look.Quality, s.Look.Forensics = picture.Quality(), picture.Forensics()
	if box, ok := picture.Outline(); ok {
		s.Outline = &box
	}
	if face, ok := selfie.Portrait(picture.Gray.Image()); ok {
		s.Portrait = &face
	}
	return s, nil
}

func (p *papers) hash(file []byte) string {
	sum := sha256.Sum256(file)
	return p.Vault.Index("idv_picture", hex.EncodeToString(sum[:]))
}

// judging is what the submissions of an attempt are judged by.
func (s *Service) judging(a *Attempt) judging {
	by := judging{specimens: s.cfg.Env == "sandbox", like: document.Likeness(s.cfg.Names), now: s.clock.Now()}
	if r := a.Plan.Documents; r != nil {
		by.rules = *r
	}
	return by
}

// The views of a picture of a document: the document without what it lies on, and the
// face on it.
const (
	viewCrop = "crop"
	viewFace = "face"
)

// cropView names the part of a picture that an Outline is.
func cropView(b photo.Box) string {
	return fmt.Sprintf("%s:%.4f,%.4f,%.4f,%.4f", viewCrop, b.Left, b.Top, b.Right, b.Bottom)
}

// faceView names the part of a picture that a face is.
func faceView(f selfie.Face) string {
	return fmt.Sprintf("%s:%.4f,%.4f,%.4f", viewFace, f.X, f.Y, f.Size)
}

// crop cuts the document out of a picture.
func crop(ctx context.Context, s *Service, p Picture, how string) (Picture, error) {
	var b photo.Box
	if _, err := fmt.Sscanf(how, "%f,%f,%f,%f", &b.Left, &b.Top, &b.Right, &b.Bottom); err != nil {
		return Picture{}, errAddress
	}
	return s.drawn(ctx, p, func(m image.Image) image.Image {
		r := m.Bounds()
		w, h := float64(r.Dx()), float64(r.Dy())
		part := image.Rect(int(b.Left*w), int(b.Top*h), int(b.Right*w+0.5), int(b.Bottom*h+0.5)).Add(r.Min).Intersect(r)
		if sub, ok := m.(interface {
			SubImage(image.Rectangle) image.Image
		}); ok && !part.Empty() {
			return sub.SubImage(part)
		}
		return m
	})
}

// face cuts the face out of a picture.
func face(ctx context.Context, s *Service, p Picture, how string) (Picture, error) {
	var f selfie.Face
	if _, err := fmt.Sscanf(how, "%f,%f,%f", &f.X, &f.Y, &f.Size); err != nil {
		return Picture{}, errAddress
	}
	return s.drawn(ctx, p, func(m image.Image) image.Image { return selfie.Cut(m, f) })
}

// drawn makes another picture of one that was kept.
func (s *Service) drawn(ctx context.Context, p Picture, change func(image.Image) image.Image) (Picture, error) {
	m, err := s.papers.desk.Colour(ctx, p.Data)
	if err != nil {
		var refusal *photo.Refusal
		if errors.As(err, &refusal) { // it was none when it was taken in
			err = fmt.Errorf("idv: a picture that was kept: %w", err)
		}
		return Picture{}, err
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, change(m), &jpeg.Options{Quality: 90}); err != nil {
		return Picture{}, fmt.Errorf("idv: draw a picture: %w", err)
	}
	return Picture{ID: p.ID, Media: "image/jpeg", Data: out.Bytes()}, nil
}
