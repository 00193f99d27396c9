package letter

import (
	"bytes"
	"io"
	"regexp"
	"strings"
)

// A Report is what a mail server says of a mail that was sent, RFC 3464.
type Report struct {
	Recipients []Recipient
	IDs        []string // of the mail that it is about, without angle brackets
	Receipt    bool     // it is a receipt of a reader, RFC 8098, and no server's
}

// A Recipient is one to whom the mail was sent.
type Recipient struct {
	Address    string
	Action     string // failed, delayed, delivered, relayed, expanded
	Status     string // 5.1.1
	Diagnostic string // what the other server said
}

// longestReport is how many bytes of a part of a report are read.
const longestReport = 64 << 10

// reports reads a part of a report; false for a part that is none.
func (r *Reader) reports(kind, encoding string) bool {
	if r.out.Report == nil {
		r.out.Report = &Report{}
	}
	switch kind {
	case "message/delivery-status", "message/global-delivery-status":
		r.out.Report.recipients(r.read(encoding))
	case "message/disposition-notification", "message/global-disposition-notification":
		r.out.Report.Receipt = true
		h := newLines(bytes.NewReader(r.read(encoding))).head()
		r.out.Report.IDs = append(r.out.Report.IDs, h.IDs("Original-Message-ID")...)
	case "message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers":
		h := newLines(bytes.NewReader(r.read(encoding))).head()
		r.out.Report.IDs = append(r.out.Report.IDs, h.IDs("Message-ID")...)
	default:
		return false
	}
	return true
}

// read reads the beginning of a part.
func (r *Reader) read(encoding string) []byte {
	b, err := io.ReadAll(io.LimitReader(transferred(&body{l: r.lines}, encoding), longestReport))
	if err != nil {
		return nil
	}
	return b
}

// typed is the type before a value: rfc822; a@b, or smtp; 550 no such user.
var typed = regexp.MustCompile(`^[A-Za-z0-9-]+\s*;\s*`)

// recipients reads the blocks of a delivery status: one of the mail, then one
// for each recipient.
func (r *Report) recipients(b []byte) {
	l := newLines(bytes.NewReader(b))
	for l.hit != end {
		h := l.head()
		of := Recipient{
			Address:    untyped(h.Get("Final-Recipient")),
			Action:     strings.ToLower(strings.TrimSpace(h.Get("Action"))),
			Status:     line(clean(h.Get("Status"))),
			Diagnostic: untyped(h.Get("Diagnostic-Code")),
		}
		if of.Action, _, _ = strings.Cut(of.Action, " "); of.Action == "" {
			continue
		}
		if a := untyped(h.Get("Original-Recipient")); a != "" {
			of.Address = a
		}
		r.Recipients = append(r.Recipients, of)
	}
}

func untyped(s string) string {
	return line(words(typed.ReplaceAllString(strings.TrimSpace(s), "")))
}
