package pdf

import (
	"bytes"
	"compress/zlib"
	"encoding/ascii85"
	"io"
)

// Decode undoes the filters of a stream, within the budget.
func (f *File) Decode(s *Stream) ([]byte, error) {
	data, last, err := f.decode(s)
	if err == nil && last != "" {
		return nil, errFilter
	}
	return data, err
}

// mostFilters bounds a chain of filters.
const mostFilters = 6

// decode undoes the filters up to one that is not known, which it names.
func (f *File) decode(s *Stream) (data []byte, stopped Name, err error) {
	filters, params, err := f.filters(s.Dict)
	if err != nil {
		return nil, "", err
	}
	if err := f.budget.work(len(s.raw)); err != nil {
		return nil, "", err
	}
	data = s.raw
	for i, name := range filters {
		switch name {
		case "FlateDecode", "Fl":
			if data, err = f.inflate(data); err == nil {
				data, err = f.unpredict(data, params[i])
			}
		case "ASCIIHexDecode", "AHx":
			data = []byte((&lexer{src: data}).hex())
		case "ASCII85Decode", "A85":
			data, err = f.ascii85(data)
		case "RunLengthDecode", "RL":
			data, err = f.runLength(data)
		default:
			return data, name, nil
		}
		if err != nil {
			return nil, "", err
		}
	}
	return data, "", nil
}

func (f *File) filters(d Dict) ([]Name, []Dict, error) {
	one, err := f.Resolve(first(d, "Filter", "F"))
	if err != nil {
		return nil, nil, err
	}
	with, err := f.Resolve(first(d, "DecodeParms", "DP"))
	if err != nil {
		return nil, nil, err
	}
	list, ok := one.(Array)
	if !ok && one != nil {
		list = Array{one}
	}
	if len(list) > mostFilters {
		return nil, nil, ErrTooMuch
	}
	more, ok := with.(Array)
	if !ok {
		more = Array{with}
	}
	names, params := make([]Name, len(list)), make([]Dict, len(list))
	for i, o := range list {
		names[i] = f.name(o)
		if i < len(more) {
			if params[i], err = f.dict(more[i]); err != nil {
				return nil, nil, err
			}
		}
	}
	return names, params, nil
}

func first(d Dict, names ...Name) any {
	for _, n := range names {
		if o, ok := d[n]; ok {
			return o
		}
	}
	return nil
}

// take reads what a filter gives, within the budget. What ends too early or badly
// counts as far as it goes.
func (f *File) take(r io.Reader) ([]byte, error) {
	var out bytes.Buffer
	n, _ := io.Copy(&out, io.LimitReader(r, f.budget.Inflated+1))
	if f.budget.Inflated -= n; f.budget.Inflated < 0 {
		f.budget.Inflated = 0
		return nil, ErrTooMuch
	}
	return out.Bytes(), nil
}

func (f *File) inflate(data []byte) ([]byte, error) {
	r, err := zlib.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, nil // no such stream: nothing comes out of it
	}
	defer r.Close()
	return f.take(r)
}

func (f *File) ascii85(data []byte) ([]byte, error) {
	data = bytes.TrimSpace(data)
	data = bytes.TrimPrefix(data, []byte("<~"))
	if i := bytes.Index(data, []byte("~")); i >= 0 {
		data = data[:i]
	}
	return f.take(ascii85.NewDecoder(bytes.NewReader(data)))
}

func (f *File) runLength(data []byte) ([]byte, error) {
	var out []byte
	for i := 0; i < len(data) && data[i] != 128; {
		n := int(data[i])
		i++
		if n < 128 {
			to := min(i+n+1, len(data))
			out = append(out, data[i:to]...)
			i = to
		} else if i < len(data) {
			out = append(out, bytes.Repeat(data[i:i+1], 257-n)...)
			i++
		}
		if int64(len(out)) > f.budget.Inflated {
			return nil, ErrTooMuch
		}
	}
	f.budget.Inflated -= int64(len(out))
	return out, nil
}

// unpredict undoes the predictors of PNG and TIFF, in place.
func (f *File) unpredict(data []byte, d Dict) ([]byte, error) {
	predictor := int(f.number(d["Predictor"]))
	if predictor < 2 {
		return data, nil
	}
	columns, colors, bits := 1, 1, 8
	for key, to := range map[Name]*int{"Columns": &columns, "Colors": &colors, "BitsPerComponent": &bits} {
		if n := f.number(d[key]); n >= 1 && n <= 100_000 {
			*to = int(n)
		}
	}
	if colors > 32 || bits > 16 {
		return nil, ErrMalformed
	}
	row, pixel := (columns*colors*bits+7)/8, max(1, colors*bits/8)
	if predictor == 2 {
		if bits != 8 {
			return nil, errFilter
		}
		for at := 0; at+row <= len(data); at += row {
			for i := pixel; i < row; i++ {
				data[at+i] += data[at+i-pixel]
			}
		}
		return data, nil
	}
	out := data[:0]
	before := make([]byte, row)
	for len(data) >= row+1 {
		kind, line := data[0], data[1:row+1]
		pngRow(kind, line, before, pixel)
		copy(before, line)
		data = data[row+1:]
		out = append(out, before...)
	}
	return out, nil
}

// pngRow undoes the filter of one row.
func pngRow(kind byte, line, up []byte, pixel int) {
	for i := range line {
		var left, corner byte
		if i >= pixel {
			left, corner = line[i-pixel], up[i-pixel]
		}
		switch kind {
		case 1:
			line[i] += left
		case 2:
			line[i] += up[i]
		case 3:
			line[i] += byte((int(left) + int(up[i])) / 2)
		case 4:
			line[i] += paeth(left, up[i], corner)
		}
	}
}

func paeth(a, b, c byte) byte {
	p := int(a) + int(b) - int(c)
	da, db, dc := abs(p-int(a)), abs(p-int(b)), abs(p-int(c))
	switch {
	case da <= db && da <= dc:
		return a
	case db <= dc:
		return b
	}
	return c
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}
