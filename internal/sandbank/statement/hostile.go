package statement

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"crypto/md5"
	"crypto/rc4"
	"encoding/binary"
	"fmt"
)

// pack writes through zlib.
func pack(to *bytes.Buffer, fill func(write func([]byte) error) error) error {
	z := zlib.NewWriter(to)
	err := fill(func(b []byte) error { _, err := z.Write(b); return err })
	if err != nil {
		return err
	}
	return z.Close()
}

// polyglot is a file that an unpacker takes for an archive.
func polyglot(s Statement) ([]byte, error) {
	out := bytes.NewBuffer(s.PDF())
	z := zip.NewWriter(out)
	z.SetOffset(int64(out.Len()))
	w, err := z.Create("statement.txt")
	if err != nil {
		return nil, err
	}
	if _, err := w.Write([]byte("another file")); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// padding of passwords (ISO 32000-1, 7.6.3.3).
var padding = []byte("\x28\xBF\x4E\x5E\x4E\x75\x8A\x41\x64\x00\x4E\x56\xFF\xFA\x01\x08\x2E\x2E\x00\xB6\xD0\x68\x3E\x80\x2F\x0C\xA9\xFE\x64\x53\x69\x7A")

// password opens the encrypted specimen.
const password = "platypus"

// encrypted writes the statement behind a password, with the oldest of the standard
// ways (revision 2): what matters here is that it cannot be read without.
func encrypted(s Statement) ([]byte, error) {
	pad := append([]byte(password), padding...)[:32]
	owner := md5.Sum(pad)
	o := rc4Bytes(owner[:5], pad)
	permissions := int32(-44)
	id := md5.Sum([]byte(s.Number + s.Bank))
	h := md5.New()
	h.Write(pad)
	h.Write(o)
	_ = binary.Write(h, binary.LittleEndian, permissions)
	h.Write(id[:])
	key := h.Sum(nil)[:5]
	u := rc4Bytes(key, padding)

	d := s.draft()
	f := d.file()
	of := md5.Sum(append(append([]byte{}, key...), objContents, 0, 0, 0, 0))
	body := rc4Bytes(of[:10], []byte(operators(d.pieces)))
	f.object(objContents, fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(body), body))
	f.object(objInfo, "<< >>")
	f.close(-1, fmt.Sprintf(" /ID [<%x> <%x>] /Encrypt << /Filter /Standard /V 1 /R 2 /O <%x> /U <%x> /P %d >>", id, id, o, u, permissions))
	return f.Bytes(), nil
}

func rc4Bytes(key, src []byte) []byte {
	c, err := rc4.NewCipher(key)
	if err != nil {
		panic("statement: " + err.Error()) // the keys are of five and ten bytes
	}
	out := make([]byte, len(src))
	c.XORKeyStream(out, src)
	return out
}
