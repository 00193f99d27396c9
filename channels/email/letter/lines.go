package letter

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
)

// lines is a mail as lines, and where the multiparts in it have their
// boundaries.
type lines struct {
	r          *bufio.Reader
	boundaries []string // of the multiparts that are open, the innermost last
	hit        int      // the multipart whose boundary was met; none, or end
	closing    bool     // that boundary was its last
	midway     bool     // the next piece does not begin a line
}

const (
	none = -1
	end  = -2 // the mail is over
)

// longestLine is the longest piece of a line that is looked at at once.
const longestLine = 16 << 10

func newLines(r io.Reader) *lines {
	return &lines{r: bufio.NewReaderSize(r, longestLine), hit: none}
}

// next returns the next line with its end, or a piece of a very long one; nil
// if a boundary or the end of the mail was met. It is good until the next call.
func (l *lines) next() []byte {
	if l.hit != none {
		return nil
	}
	b, err := l.r.ReadSlice('\n')
	if len(b) == 0 {
		l.hit = end
		return nil
	}
	begins := !l.midway
	l.midway = errors.Is(err, bufio.ErrBufferFull)
	if begins && l.met(b) {
		return nil
	}
	return b
}

// met tells whether b is a boundary. That of an outer multipart ends the inner
// ones, whose own was lost.
func (l *lines) met(b []byte) bool {
	if len(l.boundaries) == 0 || !bytes.HasPrefix(b, []byte("--")) {
		return false
	}
	s := strings.TrimRight(string(b[2:]), " \t\r\n")
	for i := len(l.boundaries) - 1; i >= 0; i-- {
		switch l.boundaries[i] {
		case s:
			l.hit, l.closing = i, false
			return true
		case strings.TrimSuffix(s, "--"):
			l.hit, l.closing = i, true
			return true
		}
	}
	return false
}

// head reads the fields up to the empty line. Empty lines before them and the
// separator of an mbox are skipped: some servers hand them out.
func (l *lines) head() Head {
	var h Head
	for read, begun := 0, false; ; {
		b := l.next()
		if b == nil {
			return h
		}
		s := string(bytes.TrimRight(b, "\r\n"))
		switch {
		case strings.TrimSpace(s) == "" && begun:
			return h
		case strings.TrimSpace(s) == "":
			// A part may have no fields at all: then its body begins here.
			if len(l.boundaries) > 0 {
				return h
			}
		case !begun && (strings.HasPrefix(s, "From ") || strings.HasPrefix(s, ">From ")):
		default:
			begun = true
			if read += len(s); read <= longestHead {
				h.add(s)
			}
		}
	}
}

// skip passes over what is left until the next boundary.
func (l *lines) skip() {
	for l.next() != nil {
		continue
	}
}

// A body is the bytes of one part. The line's end before a boundary belongs to
// the boundary.
type body struct {
	l    *lines
	left []byte // of the line that was read last
	held []byte // an end of line, of which it is not known whether it belongs to the part
}

func (b *body) Read(p []byte) (int, error) {
	for len(b.left) == 0 {
		s := b.l.next()
		if s == nil {
			if b.l.hit == end && len(b.held) > 0 {
				b.left, b.held = b.held, nil
				break
			}
			return 0, io.EOF
		}
		text := bytes.TrimSuffix(s, []byte("\n"))
		text = bytes.TrimSuffix(text, []byte("\r"))
		b.left = append(append(b.left[:0:0], b.held...), text...)
		b.held = append(b.held[:0], s[len(text):]...)
	}
	n := copy(p, b.left)
	b.left = b.left[n:]
	return n, nil
}
