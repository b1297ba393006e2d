package idv

import (
	"bytes"
	"context"
	"errors"
	"image/png"
	"io"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/idv/document"
	"github.com/glencheck-dev/glencheck/internal/idv/photo"
	"github.com/glencheck-dev/glencheck/internal/idv/raster"
	"github.com/glencheck-dev/glencheck/internal/idv/reader"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
	"github.com/glencheck-dev/glencheck/internal/vault"
)

// turnstile is a reader that counts how many are inside at once.
type turnstile struct{ inside, most, all atomic.Int64 }

func (r *turnstile) Read(ctx context.Context, _ *raster.Gray, _ time.Time) (reader.Reading, error) {
	n := r.inside.Add(1)
	defer r.inside.Add(-1)
	for most := r.most.Load(); n > most && !r.most.CompareAndSwap(most, n); most = r.most.Load() {
	}
	if r.all.Add(1) == 7 {
		panic("a file that no reader likes")
	}
	return reader.Reading{}, ctx.Err()
}

// TestFiftyUploadsAtOnce wait for each other rather than for memory: two are opened and
// read at a time. What a reader cannot bear is a damaged file, and nobody else's trouble.
func TestFiftyUploadsAtOnce(t *testing.T) {
	ctx := context.Background()
	v, err := vault.Open(ctx, storetest.SQLite(t), vault.SandboxKEK(), clock.Real())
	if err != nil {
		t.Fatal(err)
	}
	gate := &turnstile{}
	p := newPapers(Config{Vault: v, Clock: clock.Manual(time.Date(2026, time.January, 5, 9, 0, 0, 0, time.UTC)), Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Reader: gate})
	var file bytes.Buffer
	if err := png.Encode(&file, raster.New(300, 200, 90).Image()); err != nil {
		t.Fatal(err)
	}
	var damaged atomic.Int64
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			side, err := p.look(ctx, file.Bytes())
			var refusal *photo.Refusal
			switch {
			case errors.As(err, &refusal) && refusal.Code == photo.Damaged:
				damaged.Add(1)
			case err != nil || side.Media != "image/png" || !side.Look.Quality.Contrast.Failed:
				t.Errorf("%v %+v", err, side)
			}
		})
	}
	all.Wait()
	if gate.all.Load() != 50 || gate.most.Load() > mostReadings || damaged.Load() != 1 {
		t.Errorf("%d were read, %d at once, %d were damaged", gate.all.Load(), gate.most.Load(), damaged.Load())
	}
	for range mostReadings {
		p.places <- struct{}{}
	}
	gone, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := p.look(gone, file.Bytes()); !errors.Is(err, context.Canceled) {
		t.Errorf("whoever leaves the queue: %v", err)
	}
}

// TestDocumentRules are checked when a template is made.
func TestDocumentRules(t *testing.T) {
	template := Template{ID: "idvtmp_OfOurOwn001", Name: "Documents", Documents: &DocumentRules{Categories: []document.Category{document.Passport}, LeastAge: 18}}
	if err := template.Check(); err != nil {
		t.Error(err)
	}
	for _, r := range []DocumentRules{{Categories: []document.Category{"library_card"}}, {LeastAge: -1}, {LeastAge: 121}} {
		template.Documents = &r
		if template.Check() == nil {
			t.Errorf("%+v was accepted", r)
		}
	}
	template.KYC, template.Documents = usualKYC(), &DocumentRules{Fallback: true, Name: true}
	template.only(&retrySteps{Documents: true})
	if d := template.Documents; d.Fallback || !d.Name {
		t.Errorf("a retry that asks for documents has %+v", *d)
	}
}
