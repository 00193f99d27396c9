package letter

import (
	"bytes"
	"io"
	"strings"
)

// transferred is the bytes that a part stands for, by its
// Content-Transfer-Encoding.
func transferred(r io.Reader, encoding string) io.Reader {
	encoding, _, _ = strings.Cut(encoding, ";")
	switch strings.ToLower(strings.Trim(encoding, "\"' \t")) {
	case "base64":
		return &unbasing{r: r}
	case "quoted-printable":
		return &unquoting{r: r}
	}
	return r
}

// unbasing reads base64 leniently, see [unbase64].
type unbasing struct {
	r    io.Reader
	bits uint32
	n    int
	left []byte
	err  error
	buf  [8 << 10]byte
	out  []byte
}

func (u *unbasing) Read(p []byte) (int, error) {
	for len(u.left) == 0 {
		if u.err != nil {
			return 0, u.err
		}
		n, err := u.r.Read(u.buf[:])
		u.out = u.out[:0]
		for _, c := range u.buf[:n] {
			u.take(c)
		}
		if err != nil {
			u.err = err
			u.out = rest(u.out, u.bits, u.n)
			u.n = 0
		}
		u.left = u.out
	}
	n := copy(p, u.left)
	u.left = u.left[n:]
	return n, nil
}

func (u *unbasing) take(c byte) {
	v := sextet(c)
	switch {
	case v >= 0:
		u.bits, u.n = u.bits<<6|uint32(v), u.n+1
		if u.n == 4 {
			u.out = append(u.out, byte(u.bits>>16), byte(u.bits>>8), byte(u.bits))
			u.bits, u.n = 0, 0
		}
	case c == '=':
		u.out = rest(u.out, u.bits, u.n)
		u.bits, u.n = 0, 0
	}
}

// unquoting reads quoted-printable leniently, line by line, see [unquote].
type unquoting struct {
	r    io.Reader
	line []byte // read, and without its end yet
	left []byte
	err  error
	buf  [8 << 10]byte
}

func (u *unquoting) Read(p []byte) (int, error) {
	for len(u.left) == 0 {
		if u.err != nil {
			return 0, u.err
		}
		n, err := u.r.Read(u.buf[:])
		u.line = append(u.line, u.buf[:n]...)
		cut := bytes.LastIndexByte(u.line, '\n') + 1
		if err != nil {
			u.err, cut = err, len(u.line)
		} else if cut == 0 && len(u.line) > longestLine {
			cut = max(bytes.LastIndexByte(u.line, '='), 1)
		}
		u.left = unquote(u.line[:cut])
		u.line = append(u.line[:0:0], u.line[cut:]...)
	}
	n := copy(p, u.left)
	u.left = u.left[n:]
	return n, nil
}
