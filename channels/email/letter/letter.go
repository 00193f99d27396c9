package letter

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Bounds of what a letter may hold; what is beyond is not read, and Cut says so.
const (
	deepest   = 30
	mostParts = 1000
	// longestText is how many bytes of one text are held.
	longestText = 1 << 20
)

// A Letter is a mail as it was read.
type Letter struct {
	Head
	Text   string // as it was written, or made of the HTML where there is none
	HTML   string // as it was written
	Report *Report
	Cut    string // why not all of it was read; empty if it was
}

// A File is a part that goes along as a file.
type File struct {
	Name   string
	MIME   string
	CID    string // by which the HTML names it
	Inline bool   // it is shown within the text
}

// A Reader reads one mail.
type Reader struct {
	Head  Head
	lines *lines
	keep  func(File, io.Reader) error
	files int
	parts int
	out   Letter
}

// Open reads the head of a mail. What r fails with comes to light in Body.
func Open(r io.Reader) *Reader {
	l := newLines(r)
	return &Reader{Head: l.head(), lines: l}
}

// errKeep wraps what keep failed with.
type errKeep struct{ err error }

func (e errKeep) Error() string { return e.err.Error() }
func (e errKeep) Unwrap() error { return e.err }

// Body reads the rest. Each file is given to keep, which need not read it to its
// end; an error of keep ends the reading and is returned.
func (r *Reader) Body(keep func(File, io.Reader) error) (Letter, error) {
	r.keep = keep
	r.out = Letter{Head: r.Head}
	t, err := r.part(r.Head, 0, "")
	if k, ok := errors.AsType[errKeep](err); ok {
		return r.out, k.err
	}
	if err != nil {
		r.out.Cut = err.Error()
	}
	r.out.Text, r.out.HTML = t.string(), t.html
	return r.out, nil
}

// A text is what one part says, in one or both ways.
type text struct{ plain, html string }

// string is the text as plain text. A plain text that only says that there is
// HTML is none.
func (t text) string() string {
	if strings.TrimSpace(t.plain) != "" && !(t.html != "" && onlySaysHTML(t.plain)) {
		return t.plain
	}
	if t.html != "" {
		return Plain(t.html)
	}
	return t.plain
}

func onlySaysHTML(s string) bool {
	s = strings.ToLower(s)
	return len(s) < 300 && strings.Contains(s, "html") &&
		(strings.Contains(s, "view") || strings.Contains(s, "support") || strings.Contains(s, "поддерж") || strings.Contains(s, "просмотр"))
}

// part reads a part up to the next boundary.
func (r *Reader) part(h Head, depth int, within string) (text, error) {
	if r.parts++; r.parts > mostParts {
		return text{}, fmt.Errorf("more than %d parts", mostParts)
	}
	kind, of := params(h.Get("Content-Type"))
	if !strings.Contains(kind, "/") {
		kind = "text/plain"
	}
	disposition, _ := params(h.Get("Content-Disposition"))
	encoding := h.Get("Content-Transfer-Encoding")
	switch {
	case strings.HasPrefix(kind, "multipart/") && of["boundary"] != "" && depth < deepest:
		return r.multipart(kind, strings.TrimRight(of["boundary"], " \t"), depth)
	case within == "multipart/report" && r.reports(kind, encoding):
		return text{}, nil
	case kind == "application/pkcs7-signature" || kind == "application/x-pkcs7-signature" || kind == "application/pgp-signature":
		return text{}, nil // of a signed mail; nobody reads it
	case (kind == "text/plain" || kind == "text/html") && disposition != "attachment" && named(h) == "":
		return r.text(kind, of, encoding)
	}
	return text{}, r.file(h, kind, disposition, encoding)
}

// named is the name that a part has as a file; empty if none.
func named(h Head) string {
	_, d := params(h.Get("Content-Disposition"))
	_, t := params(h.Get("Content-Type"))
	return param(d, "filename") + param(t, "name")
}

// text reads a part of text.
func (r *Reader) text(kind string, of map[string]string, encoding string) (text, error) {
	b, err := io.ReadAll(io.LimitReader(transferred(&body{l: r.lines}, encoding), longestText+1))
	if err != nil {
		return text{}, err
	}
	if len(b) > longestText {
		b = b[:longestText]
		r.out.Cut = fmt.Sprintf("a text of more than %d bytes", longestText)
	}
	s := strings.ReplaceAll(decode(b, of["charset"]), "\r\n", "\n")
	if kind == "text/html" {
		return text{html: s}, nil
	}
	if strings.EqualFold(of["format"], "flowed") {
		s = unflow(s, strings.EqualFold(of["delsp"], "yes"))
	}
	return text{plain: s}, nil
}

// unflow joins the lines of RFC 3676 that end in a blank.
func unflow(s string, delete bool) string {
	var out strings.Builder
	depth := 0
	joining := false
	for l := range strings.SplitAfterSeq(s, "\n") {
		quotes := len(l) - len(strings.TrimLeft(l, ">"))
		line := strings.TrimSuffix(l, "\n")
		if joining && quotes == depth {
			line = strings.TrimPrefix(line[quotes:], " ")
		} else if joining {
			out.WriteByte('\n')
		}
		depth = quotes
		joining = strings.HasSuffix(line, " ") && strings.TrimSpace(strings.TrimLeft(line, ">")) != "--" && strings.HasSuffix(l, "\n")
		if joining && delete {
			line = strings.TrimSuffix(line, " ")
		}
		out.WriteString(line)
		if !joining && strings.HasSuffix(l, "\n") {
			out.WriteByte('\n')
		}
	}
	return out.String()
}

// file gives a part to keep.
func (r *Reader) file(h Head, kind, disposition, encoding string) error {
	r.files++
	b := transferred(&body{l: r.lines}, encoding)
	f := File{Name: fileName(h, kind, r.files), MIME: kind,
		CID: strings.Trim(h.Get("Content-ID"), "<> \t")}
	f.Inline = disposition != "attachment" && f.CID != "" && strings.HasPrefix(kind, "image/")
	switch {
	case kind == "text/calendar" && named(h) == "":
		f.Name = "invite.ics"
	case kind == "message/rfc822" && named(h) == "":
		f.Name, b = enclosed(b)
	}
	if r.keep == nil {
		return nil
	}
	if err := r.keep(f, b); err != nil {
		return errKeep{err}
	}
	return nil
}

// enclosed names a mail within the mail after its subject.
func enclosed(b io.Reader) (name string, whole io.Reader) {
	start := make([]byte, 8<<10)
	n, _ := io.ReadFull(b, start)
	start = start[:n]
	h := newLines(bytes.NewReader(start)).head()
	if name = safeName(h.Text("Subject")); name == "" {
		name = "message"
	}
	return clip(name, longestName-4) + ".eml", io.MultiReader(bytes.NewReader(start), b)
}

// multipart reads the parts of a multipart up to its own last boundary. Where
// that is missing, what is there is kept.
func (r *Reader) multipart(kind, boundary string, depth int) (out text, err error) {
	l := r.lines
	level := len(l.boundaries)
	l.boundaries = append(l.boundaries, boundary)
	l.skip() // the preamble
	var texts []text
	for l.hit == level && !l.closing {
		l.hit = none
		h := l.head()
		t, err := r.part(h, depth+1, kind)
		if err != nil {
			return together(kind, texts), err
		}
		texts = append(texts, t)
		l.skip()
	}
	l.boundaries = l.boundaries[:level]
	if l.hit == level {
		l.hit = none
		l.skip() // the epilogue
	}
	return together(kind, texts), nil
}

// together is what the parts of a multipart say.
func together(kind string, texts []text) (out text) {
	if kind == "multipart/alternative" {
		for _, t := range texts {
			if strings.TrimSpace(t.plain) != "" {
				out.plain = t.plain
			}
			if t.html != "" {
				out.html = t.html
			}
		}
		return out
	}
	var plain, html []string
	for _, t := range texts {
		if s := t.string(); strings.TrimSpace(s) != "" {
			plain = append(plain, strings.TrimRight(s, "\n"))
		}
		if t.html != "" {
			html = append(html, t.html)
		}
	}
	return text{strings.Join(plain, "\n\n"), strings.Join(html, "\n")}
}
