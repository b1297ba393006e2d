package clock

import (
	crand "crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"
	"sync"
)

// idAlphabet holds the 59 letters of the API's item and account ids: digits
// and letters without 0, O and Y (plaid-server-api.md section 4).
const idAlphabet = "123456789ABCDEFGHIJKLMNPQRSTUVWXZabcdefghijklmnopqrstuvwxyz"

const requestAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// IDs makes identifiers. Unseeded, they come from the operating system's
// randomness; seeded, from a ChaCha8 stream, so that a story reads the same
// on each run.
type IDs struct {
	seeded bool

	mu     sync.Mutex
	seed   uint64        // of a maker that is no fork
	key    [32]byte      // of the stream
	stream *rand.ChaCha8 // nil when unseeded
	forks  map[string]*IDs
}

// NewIDs returns a maker of identifiers. Seed 0 means real randomness.
// Otherwise the pair of seed and epoch fixes the sequence; the epoch is the
// number of times the database has been opened, so that a restart on the same
// file does not hand out the same identifiers again.
func NewIDs(seed, epoch uint64) *IDs {
	g := &IDs{seeded: seed != 0, seed: seed}
	g.Restart(epoch)
	return g
}

// Restart begins the sequence of another epoch, also of what was forked. It changes
// nothing without a seed.
func (g *IDs) Restart(epoch uint64) {
	if !g.seeded {
		return
	}
	var key [32]byte
	copy(key[:], "glencheck")
	binary.LittleEndian.PutUint64(key[16:], g.seed)
	binary.LittleEndian.PutUint64(key[24:], epoch)
	g.begin(key)
}

func (g *IDs) begin(key [32]byte) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.key, g.stream = key, rand.NewChaCha8(key)
	for name, fork := range g.forks {
		fork.begin(forkKey(key, name))
	}
}

func forkKey(key [32]byte, name string) [32]byte { return sha256.Sum256(append(key[:], name...)) }

// Fork returns a maker whose sequence follows from this one's seed and a name, and
// not from what either has handed out: for what is made in the background, which
// would otherwise change the ids that a seeded run gives out next. Two forks of one
// name are the same maker.
func (g *IDs) Fork(name string) *IDs {
	if !g.seeded {
		return &IDs{}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if fork := g.forks[name]; fork != nil {
		return fork
	}
	fork := &IDs{seeded: true}
	fork.begin(forkKey(g.key, name))
	if g.forks == nil {
		g.forks = map[string]*IDs{}
	}
	g.forks[name] = fork
	return fork
}

// Mark is where a sequence and those of its forks stood at a moment.
type Mark struct {
	stream []byte
	forks  map[string]Mark
}

// Mark is where the sequence stands now; the zero Mark without a seed.
func (g *IDs) Mark() Mark {
	if !g.seeded {
		return Mark{}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	stream, err := g.stream.MarshalBinary()
	if err != nil {
		panic("clock: " + err.Error()) // it has nothing that could fail
	}
	m := Mark{stream, map[string]Mark{}}
	for name, fork := range g.forks {
		m.forks[name] = fork.Mark()
	}
	return m
}

// Return goes on where the sequence stood at a Mark, and so gives out the same
// identifiers again: for a database from which those were removed. What was forked
// since begins anew.
func (g *IDs) Return(m Mark) {
	if !g.seeded {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if err := g.stream.UnmarshalBinary(m.stream); err != nil {
		panic("clock: a mark of another maker: " + err.Error())
	}
	for name, fork := range g.forks {
		if at, ok := m.forks[name]; ok {
			fork.Return(at)
		} else {
			fork.begin(forkKey(g.key, name))
		}
	}
}

// Bytes returns n random bytes.
func (g *IDs) Bytes(n int) []byte {
	b := make([]byte, n)
	g.fill(b)
	return b
}

func (g *IDs) fill(b []byte) {
	if !g.seeded {
		crand.Read(b) // never fails: it ends the program when the system has no randomness
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.stream.Read(b) // never fails
}

// UUID returns a version 4 UUID in its usual lower-case form.
func (g *IDs) UUID() string {
	var b [16]byte
	g.fill(b[:])
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	var out [36]byte
	hex.Encode(out[0:8], b[0:4])
	hex.Encode(out[9:13], b[4:6])
	hex.Encode(out[14:18], b[6:8])
	hex.Encode(out[19:23], b[8:10])
	hex.Encode(out[24:36], b[10:16])
	out[8], out[13], out[18], out[23] = '-', '-', '-', '-'
	return string(out[:])
}

// ID returns a 37-character identifier, the shape of item and account ids.
func (g *IDs) ID() string { return g.letters(37, idAlphabet) }

// RequestID returns the 15-character identifier of one API call.
func (g *IDs) RequestID() string { return g.letters(15, requestAlphabet) }

// Hex returns n lower-case hexadecimal characters.
func (g *IDs) Hex(n int) string {
	return hex.EncodeToString(g.Bytes((n + 1) / 2))[:n]
}

// Letters draws n letters of an alphabet of at most 256.
func (g *IDs) Letters(n int, alphabet string) string { return g.letters(n, alphabet) }

// letters draws n letters without bias: bytes beyond the last whole multiple
// of the alphabet's length are thrown away.
func (g *IDs) letters(n int, alphabet string) string {
	limit := byte(256 - 256%len(alphabet))
	out := make([]byte, 0, n)
	var buf [64]byte
	for len(out) < n {
		g.fill(buf[:])
		for _, b := range buf {
			if limit != 0 && b >= limit {
				continue
			}
			out = append(out, alphabet[int(b)%len(alphabet)])
			if len(out) == n {
				break
			}
		}
	}
	return string(out)
}
