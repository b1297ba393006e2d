package dashboard

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/idv"
)

// selfieCard is a selfie that the person has handed in, beside the face on the document.
type selfieCard struct {
	Number   int
	At       string
	Badge    badge
	Portrait string   // where the face on the document is, "" for none
	Best     string   // where the picture that shows the face best is, "" once it is removed
	Strip    []string // where those that stand for the film are; none of a still picture
	Found    []sentence
}

// problemTitles are why a film does not show a person who follows.
var problemTitles = map[string]string{
	"too_few_frames": "the film is too short", "too_long": "the film is too long", "no_face": "a face is missing in much of it", "several_faces": "more than one face is in it",
	"moves_not_followed": "the moves were not followed", "frames_do_not_belong_together": "its pictures do not belong together", "still_image": "a picture was filmed, nobody moved",
}

// selfiesOf are the selfies of an attempt, the last one first.
func (d *dashboard) selfiesOf(ctx context.Context, a *idv.Attempt, path string) (list []selfieCard, err error) {
	if len(a.Selfies) == 0 {
		return nil, nil
	}
	portrait, err := d.portrait(ctx, a)
	if err != nil {
		return nil, err
	}
	for i := len(a.Selfies); i > 0; i-- {
		t := &a.Selfies[i-1]
		c := selfieCard{Number: i, At: stampOf(t.At), Badge: stepLooks[t.Outcome].badge, Portrait: portrait}
		for k, name := range a.SelfieShots(i) {
			if k == 0 {
				c.Best = path + "/picture/" + name
			} else {
				c.Strip = append(c.Strip, path+"/picture/"+name)
			}
		}
		c.found(t)
		list = append(list, c)
	}
	return list, nil
}

// found says what was found out of a selfie.
func (c *selfieCard) found(t *idv.SelfieTry) {
	switch {
	case t.Still:
		c.Found = append(c.Found, sentence{badge{"badge-warn", "Not told"}, "Liveness: a still picture shows nobody alive."})
	case t.Live():
		c.Found = append(c.Found, sentence{badge{"badge-ok", "Passes"}, "Liveness: a face followed all " + strconv.Itoa(len(t.Moves)) + " moves that were asked for."})
	default:
		var all []string
		for _, p := range t.Problems {
			title := problemTitles[string(p)]
			if title == "" {
				title = words(string(p))
			}
			all = append(all, title)
		}
		c.Found = append(c.Found, sentence{badge{"badge-bad", "Fails"}, "Liveness: " + strings.Join(all, ", ") + ". " + strconv.Itoa(t.Done) + " of " + strconv.Itoa(len(t.Moves)) + " moves were followed."})
	}
	for _, with := range []struct {
		what string
		idv.Comparison
	}{{"the document", t.Document}, {"the earlier selfie", t.Earlier}} {
		switch with.Code {
		case "":
		case idv.CodeNoInput:
			c.Found = append(c.Found, sentence{badge{"badge-warn", "Not told"}, "Compared with " + with.what + ": " + with.Why + "."})
		default:
			c.Found = append(c.Found, sentence{codeBadges[with.Code], "Compared with " + with.what + ": likeness " + strconv.Itoa(with.Likeness) + " of 100."})
		}
	}
}

// mostBefore is how many earlier attempts are looked through for a document.
const mostBefore = 5

// portrait is where the face on the person's document is: of the attempt or, in a retry
// that asks for none, of an earlier one.
func (d *dashboard) portrait(ctx context.Context, a *idv.Attempt) (string, error) {
	for range mostBefore {
		for n := len(a.Papers); n > 0; n-- {
			if a.Papers[n-1].HasFace() {
				return identityRoot + "/" + a.ID + "/picture/documents/" + strconv.Itoa(n) + "/face", nil
			}
		}
		if a.PreviousID == "" {
			return "", nil
		}
		before, err := d.IDV.Get(ctx, a.ClientID, a.PreviousID)
		if errors.Is(err, idv.ErrUnknown) {
			return "", nil
		}
		if err != nil {
			return "", err
		}
		a = before
	}
	return "", nil
}
