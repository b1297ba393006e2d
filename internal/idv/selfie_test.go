package idv_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"math"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/api/apitest"
	"github.com/glencheck-dev/glencheck/internal/idv"
	"github.com/glencheck-dev/glencheck/internal/idv/raster"
	"github.com/glencheck-dev/glencheck/internal/idv/reader/specimentest"
	"github.com/glencheck-dev/glencheck/internal/idv/selfie"
	"github.com/glencheck-dev/glencheck/internal/idv/selfie/film"
	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

// studio is a house in which selfies can be taken.
type studio struct {
	*house
	session any    // the handle of the session that is open
	answer  object // to what was done last
	events  []string
	remarks []string
}

// noTokens are no link tokens: sessions are opened by shareable URLs.
type noTokens struct{}

func (noTokens) ByToken(context.Context, string) (link.Token, error) {
	return link.Token{}, plaid.InvalidLinkToken
}

func newStudio(t testing.TB, db *store.DB, change ...func(*idv.Config)) *studio {
	t.Helper()
	var cfg idv.Config
	h := newHouse(t, db, append(change, func(c *idv.Config) { cfg = *c })...)
	sessions, err := link.NewSessions(link.Config{
		DB: db, Vault: cfg.Vault, Clock: h.clock, IDs: cfg.IDs, Log: cfg.Log, Env: "sandbox", Tokens: noTokens{}, Shared: h.Shared,
		Flows: []link.Flow{h.Flow()}, Hints: true, PublicURL: "http://localhost:8484",
	})
	if err != nil {
		t.Fatal(err)
	}
	h.api = apitest.Keep(api.New(api.Config{Env: "sandbox", IDs: cfg.IDs, Log: cfg.Log, Authenticate: cfg.Teams.Authenticate}, append(h.Endpoints(), link.NewDriver(sessions).Endpoints()...)))
	return &studio{house: h}
}

const selfieTemplate = "idvtmp_SelfieAlone01"

// begin makes an attempt whose template has a selfie by these rules and nothing else.
func (s *studio) begin(who string, rules object) (id any) {
	s.Helper()
	s.ok("/sandbox/identity_verification/template/set", object{"template_id": selfieTemplate, "name": "Selfie", "selfie_check": rules})
	a := s.ok("/identity_verification/create", creation(who, selfieTemplate, "is_shareable", true))
	if at(a, "steps", "selfie_check") != "active" {
		s.Fatalf("selfie_check is %v", at(a, "steps", "selfie_check"))
	}
	s.open(a)
	return a["id"]
}

func (s *studio) open(attempt object) {
	s.Helper()
	s.events = nil
	s.say(s.ok("/sandbox/link/session/open", object{"shareable_url": attempt["shareable_url"]}))
	s.session = s.answer["session"]
}

func (s *studio) say(answer object) {
	s.answer, s.remarks = answer, nil
	told, _ := answer["events"].(list)
	for _, e := range told {
		name := strings.TrimPrefix(at(e, "event_name").(string), "IDENTITY_VERIFICATION_")
		if view, ok := at(e, "metadata", "view_name").(string); ok {
			name += " " + view
		}
		s.events = append(s.events, name)
	}
	remarks, _ := answer["remarks"].(list)
	for _, r := range remarks {
		s.remarks = append(s.remarks, at(r, "text").(string))
	}
}

// step does something on the pane.
func (s *studio) step(action string) {
	s.Helper()
	s.say(s.ok("/sandbox/link/session/step", object{"session": s.session, "action": action}))
}

// upload hands in a file.
func (s *studio) upload(data []byte) {
	s.Helper()
	s.say(s.ok("/sandbox/link/session/upload", object{"session": s.session, "file_name": "selfie", "content": base64.StdEncoding.EncodeToString(data)}))
}

// moves are those that the pane asks for.
func (s *studio) moves() []selfie.Move {
	s.Helper()
	field := at(s.answer["fields"].(list)[0], "options")
	var moves []selfie.Move
	for _, o := range field.(list) {
		moves = append(moves, selfie.Move(at(o, "value").(string)))
	}
	if len(moves) != 4 {
		s.Fatalf("%d moves", len(moves))
	}
	return moves
}

// take is a whole try: start the camera, follow the moves as f says, hand in the film.
func (s *studio) take(f func([]selfie.Move) []selfie.Move) {
	s.Helper()
	s.step("submit")
	s.upload(filmOf(s, f(s.moves())))
}

func follow(moves []selfie.Move) []selfie.Move { return moves }

// astray goes elsewhere than it is asked to.
func astray(moves []selfie.Move) []selfie.Move {
	return []selfie.Move{selfie.Middle, moves[2], moves[1], selfie.Middle}
}

// films are those that were rendered already, by their moves.
var films sync.Map

// filmOf renders a face that goes from circle to circle.
func filmOf(t testing.TB, moves []selfie.Move) []byte {
	key := fmt.Sprint(moves)
	if made, ok := films.Load(key); ok {
		return made.([]byte)
	}
	var frames []film.Frame
	before := selfie.Middle.Circle()
	for _, m := range moves {
		c := m.Circle()
		for step := 1; step <= 3; step++ {
			p := float64(step) / 3
			i := len(frames)
			g := faceAt(before.X+(c.X-before.X)*p, before.Size+(c.Size-before.Size)*p, 0.5+0.5*math.Sin(float64(i)))
			frames = append(frames, film.Frame{At: time.Duration(i) * 300 * time.Millisecond, JPEG: jpegOf(t, specimentest.Noisy(g, 4, uint64(i)))})
		}
		before = c
	}
	made := film.Encode(frames)
	films.Store(key, made)
	return made
}

const wide, high = 160, 180

func faceAt(x, size, mouth float64) *raster.Gray {
	g := raster.New(wide, high, 110)
	size *= wide / 1.36 // the detector's circle is larger than the head is wide
	specimentest.Face(g, x*wide, 0.5*high-0.04*size, size, mouth)
	return g
}

func jpegOf(t testing.TB, g *raster.Gray) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, g.Image(), &jpeg.Options{Quality: 90}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// facing is a comparison of faces that comes to the same each time.
type facing struct {
	idv.FaceMatch
	err   error
	asked *int
}

func (f facing) Compare(_ context.Context, portrait, face image.Image) (idv.FaceMatch, error) {
	*f.asked++
	for _, m := range []image.Image{portrait, face} {
		if found := selfie.Faces(raster.From(m)); len(found) != 1 || math.Abs(found[0].X-0.5) > 0.1 || math.Abs(found[0].Size-0.5) > 0.15 {
			return idv.FaceMatch{}, fmt.Errorf("the face is not in the middle: %+v", found)
		}
	}
	return f.FaceMatch, f.err
}

// shown is the picture at an address.
func (s *studio) shown(address any) (idv.Picture, error) {
	s.Helper()
	u, err := url.Parse(address.(string))
	if err != nil {
		s.Fatal(err)
	}
	return s.Served(context.Background(), strings.TrimPrefix(u.Path, idv.PicturePath), u.Query())
}

func (s *studio) why(id any) any {
	s.Helper()
	for _, step := range s.ok("/sandbox/identity_verification/explain", object{"identity_verification_id": id})["steps"].(list) {
		if at(step, "step") == "selfie_check" {
			return at(step, "why")
		}
	}
	return nil
}

// TestSelfie: a person who does what is asked for passes, after one who did not.
func TestSelfie(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newStudio(t, db)
		id := s.begin("user-1", object{"liveness_alone": true})
		if got := at(s.get(id), "selfie_check"); got != nil {
			t.Errorf("before anything: %v", got)
		}
		s.take(astray)
		if s.answer["title"] != "Take another selfie" || s.answer["lead"] != "You have 2 tries left." || s.answer["view"] != "SELFIE_CHECK" {
			t.Errorf("after a wrong film: %v", s.answer)
		}
		if want := "selfie 1 of 3: liveness failed: moves_not_followed"; len(s.remarks) != 1 || !strings.HasPrefix(s.remarks[0], want) {
			t.Errorf("%q", s.remarks)
		}
		s.take(follow)
		want := "OPEN, OPEN_UI, CREATE_SESSION, START_STEP SELFIE_CHECK, PASS_STEP SELFIE_CHECK, PASS_SESSION"
		if got := strings.Join(s.events, ", "); got != want || s.answer["title"] != "Thank you" {
			t.Errorf("%v: %s", s.answer["title"], got)
		}
		a := s.get(id)
		if a["status"] != "success" || at(a, "selfie_check", "status") != "success" {
			t.Errorf("%v", a)
		}
		tries := at(a, "selfie_check", "selfies").(list)
		for i, want := range []string{"failed", "success"} {
			if got := tries[i]; at(got, "status") != want || at(got, "attempt") != float64(i+1) || at(got, "analysis", "liveness_check") != want ||
				at(got, "analysis", "document_comparison") != "no_input" || at(got, "capture", "video_url") != nil {
				t.Errorf("selfie %d: %v", i+1, got)
			}
		}
		p, err := s.shown(at(tries[1], "capture", "image_url"))
		if m, _, decoded := image.Decode(bytes.NewReader(p.Data)); err != nil || decoded != nil || p.Media != "image/jpeg" || m.Bounds().Dx() != wide {
			t.Errorf("%v %v %s", err, decoded, p.Media)
		}
		if got := s.why(id); !strings.HasPrefix(fmt.Sprint(got), "selfie 1: liveness failed: moves_not_followed; 2 of 4 moves followed. selfie 2: liveness passed; there is no document") &&
			!strings.HasPrefix(fmt.Sprint(got), "selfie 1: liveness failed: moves_not_followed; 1 of 4 moves followed. selfie 2: liveness passed; there is no document") {
			t.Errorf("%q", got)
		}
		redacted := s.ok("/sandbox/identity_verification/redact", object{"identity_verification_id": id})
		last := at(redacted, "selfie_check", "selfies").(list)[1]
		if at(last, "capture", "image_url") != nil || at(last, "analysis", "liveness_check") != "success" {
			t.Errorf("redacted: %v", last)
		}
		if _, err := s.shown(at(tries[1], "capture", "image_url")); err == nil {
			t.Error("the picture is still served after its redaction")
		}
	})
}

// TestSelfieTries: three films that do not follow fail the step; the moves are new each
// time, as far as they can be.
func TestSelfieTries(t *testing.T) {
	s := newStudio(t, storetest.SQLite(t))
	id := s.begin("user-1", object{"liveness_alone": true})
	for range 3 {
		s.take(astray)
	}
	a := s.get(id)
	if a["status"] != "failed" || len(at(a, "selfie_check", "selfies").(list)) != 3 || s.answer["title"] != "We couldn’t confirm who you are" {
		t.Errorf("%v %v", a["status"], s.answer["title"])
	}
	if got, want := strings.Join(s.events[3:], ", "), "START_STEP SELFIE_CHECK, FAIL_STEP SELFIE_CHECK, FAIL_SESSION"; got != want {
		t.Errorf("%s", got)
	}
}

// TestSelfieUncounted: what is not looked at costs no try: other files, a film that
// comes too late or for the moves of another window.
func TestSelfieUncounted(t *testing.T) {
	s := newStudio(t, storetest.SQLite(t))
	id := s.begin("user-1", object{"liveness_alone": true})
	s.step("submit")
	moves := s.moves()
	good := filmOf(t, moves)
	for name, data := range map[string][]byte{
		"nothing": {}, "cut short": good[:len(good)-7], "a web page": []byte("<html>"), "no film": {0, 0, 0, 0, 0, 0, 0, 1, 7},
		"nobody": jpegOf(t, raster.New(300, 300, 120)), "damaged": slices.Concat(good[:len(good)-4000], make([]byte, 4000)),
	} {
		s.upload(data)
		if at(s.answer["fields"].(list)[0], "error") == nil || len(s.remarks) != 1 || !strings.Contains(s.remarks[0], "counts for nothing") {
			t.Errorf("%s: %v %q", name, s.answer["fields"], s.remarks)
		}
	}
	s.clock.Advance(3 * time.Minute)
	s.upload(good)
	if s.answer["title"] != "Take another selfie" || s.answer["lead"] != "You have 3 tries left." {
		t.Errorf("too late: %v", s.answer)
	}
	s.step("submit")
	here := s.session
	s.open(s.get(id))
	s.step("submit") // in another window
	there := s.session
	s.session = here
	s.upload(good)
	if s.answer["lead"] != "You have 3 tries left." {
		t.Errorf("moves of another window: %v", s.answer)
	}
	s.session = there
	s.refused("/sandbox/link/session/step", object{"session": there, "action": "submit"}, 400, "INVALID_FIELD", "")
	s.say(s.ok("/sandbox/link/session/step", object{"session": there, "action": "back"}))
	s.take(follow)
	if a := s.get(id); a["status"] != "success" || len(at(a, "selfie_check", "selfies").(list)) != 1 {
		t.Errorf("%v", a)
	}
}

// TestSelfieTooOften: files that cost no try cost the session something.
func TestSelfieTooOften(t *testing.T) {
	s := newStudio(t, storetest.SQLite(t))
	id := s.begin("user-1", object{"liveness_alone": true})
	s.step("submit")
	good := filmOf(s, s.moves())
	for range 40 {
		s.upload([]byte("no film"))
	}
	s.upload(good)
	if want := "the session has tried as many pictures as it may"; len(s.remarks) != 1 || !strings.Contains(s.remarks[0], want) || at(s.get(id), "steps", "selfie_check") != "active" {
		t.Errorf("%q", s.remarks)
	}
	s.open(s.get(id)) // a new session may
	s.take(follow)
	if got := s.get(id)["status"]; got != "success" {
		t.Errorf("%v", got)
	}
}

// TestSelfieRules: what comes of a selfie that shows liveness, by who compares it with
// the one that the person has passed before, and by the rules.
func TestSelfieRules(t *testing.T) {
	if testing.Short() {
		t.Skip("films")
	}
	match, other := idv.FaceMatch{Outcome: "match", Likeness: 91}, idv.FaceMatch{Outcome: "no_match", Likeness: 12}
	for name, c := range map[string]struct {
		match  idv.FaceMatch
		err    error
		rules  object
		first  string // of the first selfie, that has nothing to be compared with
		again  string // of the second
		tries  int
		reason string
	}{
		"the same person":     {match, nil, object{"liveness_alone": true}, "success", "success", 1, "comparison with the earlier selfie: match, likeness 91"},
		"somebody else":       {other, nil, object{"liveness_alone": true}, "success", "failed", 3, "comparison with the earlier selfie: no_match, likeness 12"},
		"who can tell":        {idv.FaceMatch{Outcome: "no_input"}, nil, object{"liveness_alone": true}, "success", "success", 1, "the pictures are not good enough to tell"},
		"nobody answers":      {match, errors.New("gone"), object{}, "pending_review", "pending_review", 1, "whoever compares faces did not answer; so a person has to decide"},
		"a person decides":    {match, nil, object{}, "pending_review", "success", 1, "comparison with the earlier selfie: match"},
		"it must be compared": {match, nil, object{"document_comparison": "match"}, "pending_review", "pending_review", 1, "so a person has to decide"},
	} {
		t.Run(name, func(t *testing.T) {
			asked := 0
			s := newStudio(t, storetest.SQLite(t), func(cfg *idv.Config) { cfg.Faces = facing{c.match, c.err, &asked} })
			id := s.begin("user-1", c.rules)
			s.take(follow)
			if got := at(s.get(id), "steps", "selfie_check"); got != c.first || asked != 0 {
				t.Fatalf("the first: %v, asked %d", got, asked)
			}
			if c.first == "pending_review" {
				s.ok("/sandbox/identity_verification/approve", object{"identity_verification_id": id})
			}
			again := s.ok("/identity_verification/retry", object{"client_user_id": "user-1", "template_id": selfieTemplate, "strategy": "custom",
				"steps": object{"verify_sms": false, "kyc_check": false, "documentary_verification": false, "selfie_check": true}})
			if at(again, "steps", "selfie_check") != "active" || again["previous_attempt_id"] != id {
				t.Fatalf("%v", again["steps"])
			}
			s.open(again)
			for range c.tries {
				s.take(follow)
			}
			if got := at(s.get(again["id"]), "steps", "selfie_check"); got != c.again || asked != c.tries {
				t.Errorf("again: %v, asked %d", got, asked)
			}
			if why := fmt.Sprint(s.why(again["id"])); !strings.Contains(why, c.reason) {
				t.Errorf("%q", why)
			}
		})
	}
}

// TestSelfieStill: who has no camera hands in a picture, which a person looks at.
func TestSelfieStill(t *testing.T) {
	s := newStudio(t, storetest.SQLite(t))
	id := s.begin("user-1", object{"liveness_alone": true})
	s.step("submit")
	picture := raster.New(240, 320, 110)
	specimentest.Face(picture, 120, 150, 90, 0)
	s.upload(jpegOf(t, specimentest.Noisy(picture, 4, 1)))
	if got := at(s.get(id), "steps", "selfie_check"); got != "pending_review" || s.why(id) != "a still picture shows nobody alive; there is no document to compare with; so a person has to decide" {
		t.Fatalf("%v %v", got, s.why(id))
	}
	a := s.ok("/sandbox/identity_verification/pass", object{"identity_verification_id": id, "step": "selfie_check"})
	one := at(a, "selfie_check", "selfies").(list)[0]
	if at(one, "status") != "success" || at(one, "analysis", "liveness_check") != "failed" {
		t.Errorf("%v", one)
	}
	if p, err := s.shown(at(one, "capture", "image_url")); err != nil || p.Media != "image/jpeg" {
		t.Errorf("%v %s", err, p.Media)
	}
}

// TestSelfieSpecimen: in a sandbox the person of the attempt is held before the camera.
func TestSelfieSpecimen(t *testing.T) {
	s := newStudio(t, storetest.SQLite(t))
	id := s.begin("user-1", object{"liveness_alone": true})
	s.step("submit")
	if actions := s.answer["actions"].(list); !slices.Contains(actions, any("specimen")) || !slices.Contains(actions, any("upload")) {
		t.Errorf("%v", actions)
	}
	s.step("specimen")
	if got := s.get(id)["status"]; got != "success" {
		t.Errorf("%v: %v", got, s.why(id))
	}
}

// TestSelfieTemplates: rules that contradict each other make no template.
func TestSelfieTemplates(t *testing.T) {
	s := newStudio(t, storetest.SQLite(t))
	for _, rules := range []object{{"document_comparison": "partial_match"}, {"document_comparison": "match", "liveness_alone": true}} {
		s.refused("/sandbox/identity_verification/template/set", object{"template_id": selfieTemplate, "name": "Selfie", "selfie_check": rules}, 400, "INVALID_FIELD", "")
	}
}
