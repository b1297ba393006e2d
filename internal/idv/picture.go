package idv

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// Picture is a file that a person has handed in, as it was uploaded: a picture of a
// document, or the film of a selfie.
type Picture struct {
	ID    string // pic_…, by which the attempt's record knows it
	Media string // its media type, which has been found out and not been claimed
	Data  []byte

	sealed string
}

// keep has a picture stored with the change of its attempt, in one transaction, and
// answers its id. It is gone again if the change is not stored. It is sealed at once,
// so that the transaction is short.
func (s *Service) keep(a *Attempt, media string, data []byte) (id string, err error) {
	p := Picture{ID: "pic_" + s.ids.Letters(20, idAlphabet), Media: media}
	if p.sealed, err = s.vault.Seal(data, sealedPicture+p.ID); err != nil {
		return "", err
	}
	a.kept = append(a.kept, p)
	return p.ID, nil
}

// drop has a picture deleted with the change of its attempt.
func (a *Attempt) drop(id string) { a.dropped = append(a.dropped, id) }

// sealedPicture binds the sealed column to its row; the picture's id follows.
const sealedPicture = "idv_picture:"

const (
	insertPicture  = `INSERT INTO idv_picture (id, attempt_id, media, sealed, created_at) VALUES ($1, $2, $3, $4, $5)`
	selectPicture  = `SELECT media, sealed FROM idv_picture WHERE id = $1 AND attempt_id = $2`
	deletePicture  = `DELETE FROM idv_picture WHERE id = $1 AND attempt_id = $2`
	deletePictures = `DELETE FROM idv_picture WHERE attempt_id = $1`
)

// storePictures does with the pictures of an attempt what its change asks for.
// Redaction leaves none.
func (s *Service) storePictures(ctx context.Context, tx *store.Tx, a *Attempt) error {
	if !a.RedactedAt.IsZero() {
		_, err := tx.Exec(ctx, deletePictures, a.ID)
		return err
	}
	for _, id := range a.dropped {
		if _, err := tx.Exec(ctx, deletePicture, id, a.ID); err != nil {
			return err
		}
	}
	for _, p := range a.kept {
		if err := tx.ExecOne(ctx, insertPicture, p.ID, a.ID, p.Media, p.sealed, clock.Millis(s.clock.Now())); err != nil {
			return err
		}
	}
	return nil
}

// errNoPicture answers an address whose picture was redacted since it was made.
var errNoPicture = plaid.NotFound.WithMessage("the picture is no longer kept")

// Picture reads a picture of an attempt.
func (s *Service) Picture(ctx context.Context, attemptID, id string) (Picture, error) {
	p := Picture{ID: id}
	var sealed string
	err := s.db.QueryRow(ctx, selectPicture, id, attemptID).Scan(&p.Media, &sealed)
	if errors.Is(err, store.ErrNoRows) {
		return p, errNoPicture
	}
	if err == nil {
		p.Data, err = s.vault.Open(sealed, sealedPicture+id)
	}
	if err != nil {
		return p, fmt.Errorf("idv: picture: %w", err)
	}
	return p, nil
}

// PicturePath is where pictures are served, below the public URL.
const PicturePath = "/verifications/"

// pictureTime is how long an address is good (schema PhysicalDocumentImages).
const pictureTime = 60 * time.Second

// Address is a link to a picture of an attempt that is good for 60 seconds from now
// and for whoever has it. name is what people see of it, such as
// documents/1/original_front.jpeg; view says what of the picture is shown: "" for all
// of it as it was uploaded, or what a function of views makes of it.
func (s *Service) Address(attemptID, pictureID, view, name string) string {
	path := attemptID + "/" + name
	until := strconv.FormatInt(clock.Millis(s.clock.Now().Add(pictureTime)), 10)
	q := url.Values{"picture": {pictureID}, "until": {until}, "key": {s.pictureKey(path, pictureID, view, until)}}
	if view != "" {
		q.Set("view", view)
	}
	return strings.TrimRight(s.cfg.PublicURL, "/") + PicturePath + path + "?" + q.Encode()
}

// pictureKey signs all that an address says.
func (s *Service) pictureKey(path, pictureID, view, until string) string {
	return s.vault.Index("idv_picture_address", strings.Join([]string{path, pictureID, view, until}, "\n"))
}

// The refusals of an address.
var (
	errAddress = plaid.InvalidField("the address of the picture is not one that this server has made")
	errLate    = plaid.InvalidField("the address of the picture was good for 60 seconds; /identity_verification/get makes another")
)

// Served is the picture of an address: its path below PicturePath, and its query.
func (s *Service) Served(ctx context.Context, path string, q url.Values) (Picture, error) {
	id, view, until := q.Get("picture"), q.Get("view"), q.Get("until")
	attemptID, _, _ := strings.Cut(path, "/")
	if subtle.ConstantTimeCompare([]byte(q.Get("key")), []byte(s.pictureKey(path, id, view, until))) != 1 {
		return Picture{}, errAddress
	}
	ms, err := strconv.ParseInt(until, 10, 64)
	if err != nil {
		return Picture{}, errAddress
	}
	if !s.clock.Now().Before(clock.FromMillis(ms)) {
		return Picture{}, errLate
	}
	p, err := s.Picture(ctx, attemptID, id)
	if err != nil || view == "" {
		return p, err
	}
	name, how, _ := strings.Cut(view, ":")
	draw, ok := views[name]
	if !ok {
		return Picture{}, errAddress
	}
	return draw(ctx, s, p, how)
}

// views make something else of a picture when it is asked for, by the word before the
// colon of an address's view; what follows the colon is for the function.
var views = map[string]func(ctx context.Context, s *Service, p Picture, how string) (Picture, error){
	viewCrop: crop, viewFace: face, viewFrame: frameOf,
}
