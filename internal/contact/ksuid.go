package contact

import (
	"encoding/binary"
	"math/big"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
)

// ksuidEpoch is the second from which KSUIDs count (contacts-graphql.md section 2).
const ksuidEpoch = 1_400_000_000

// ksuidLength is the number of digits of a KSUID.
const ksuidLength = 27

const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// ksuid is a name that sorts by its time: four bytes of seconds and sixteen others,
// as 27 digits of base 62.
func ksuid(at time.Time, rest []byte) string {
	var raw [20]byte
	binary.BigEndian.PutUint32(raw[:], uint32(max(at.Unix()-ksuidEpoch, 0)))
	copy(raw[4:], rest)
	n, digit, base := new(big.Int).SetBytes(raw[:]), new(big.Int), big.NewInt(int64(len(base62)))
	var out [ksuidLength]byte
	for i := range out {
		n.DivMod(n, base, digit)
		out[ksuidLength-1-i] = base62[digit.Int64()]
	}
	return string(out[:])
}

func newID(clk *clock.Clock, ids *clock.IDs) string { return ksuid(clk.Now(), ids.Bytes(16)) }
