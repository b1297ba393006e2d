package pdf

import "errors"

// Limits are what reading one file may cost.
type Limits struct {
	Pages     int   // in the file
	Objects   int   // that are looked at
	Inflated  int64 // bytes that come out of streams, all together
	Work      int64 // bytes that are looked at, again and again
	Operators int   // of the pages' contents, all together
	Glyphs    int   // of text, all together
	Depth     int   // of what nests
	Sections  int   // of cross references: a revision has one
}

// DefaultLimits are generous to a statement of a bank and to nothing else.
func DefaultLimits() Limits {
	return Limits{Pages: 60, Objects: 120_000, Inflated: 48 << 20, Work: 160 << 20, Operators: 1_500_000, Glyphs: 400_000, Depth: 40, Sections: 40}
}

// Why a file is not read.
var (
	ErrNotPDF    = errors.New("pdf: no PDF file")
	ErrMalformed = errors.New("pdf: damaged")
	ErrEncrypted = errors.New("pdf: encrypted")
	ErrTooMuch   = errors.New("pdf: more in it than is read")
	ErrPages     = errors.New("pdf: too many pages")
	errFilter    = errors.New("pdf: a filter that is not known")
)

// budget is what is left of Limits.
type budget struct{ Limits }

func (b *budget) object() error {
	if b.Objects--; b.Objects < 0 {
		return ErrTooMuch
	}
	return nil
}

// work counts bytes that were gone through.
func (b *budget) work(n int) error {
	if b.Work -= int64(n); b.Work < 0 {
		return ErrTooMuch
	}
	return nil
}

func (b *budget) operator() error {
	if b.Operators--; b.Operators < 0 {
		return ErrTooMuch
	}
	return nil
}

func (b *budget) glyphs(n int) error {
	if b.Glyphs -= n; b.Glyphs < 0 {
		return ErrTooMuch
	}
	return nil
}
