package letter

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"mime"
	"mime/quotedprintable"
	"strings"
	"testing"

	"github.com/jhillyerd/enmime/v2"
	"golang.org/x/text/encoding/charmap"
)

// corpus is letters of our own making: every way to write a text with every
// structure around it.
func corpus() (out []string) {
	const text = "Здравствуйте, ёжик №5!\r\nВторая строка = конец\r\n"
	enc := map[string]func(string) string{
		"utf-8":        func(s string) string { return s },
		"koi8-r":       func(s string) string { return encoded(charmap.KOI8R, s) },
		"windows-1251": func(s string) string { return encoded(charmap.Windows1251, s) },
	}
	for _, charset := range []string{"utf-8", "koi8-r", "windows-1251"} {
		body := text
		if charset == "koi8-r" {
			body = strings.ReplaceAll(text, "№", "N")
		}
		b := enc[charset](body)
		subject := mime.BEncoding.Encode("utf-8", "Заказ "+charset)
		head := "From: =?utf-8?Q?=D0=98=D0=B2=D0=B0=D0=BD?= <ivan@client.example>\r\nTo: support@shop.example\r\nSubject: " + subject +
			"\r\nDate: Mon, 03 Mar 2025 10:11:12 +0300\r\nMessage-ID: <1@client.example>\r\nMIME-Version: 1.0\r\n"
		for _, transfer := range []string{"8bit", "base64", "quoted-printable"} {
			plain := "Content-Type: text/plain; charset=" + charset + "\r\nContent-Transfer-Encoding: " + transfer + "\r\n\r\n" + carried(transfer, b)
			html := "Content-Type: text/html; charset=" + charset + "\r\nContent-Transfer-Encoding: " + transfer + "\r\n\r\n" + carried(transfer, "<p>"+b+"</p>")
			file := "Content-Type: application/pdf; name=\"" + mime.BEncoding.Encode("utf-8", "Счёт.pdf") + "\"\r\nContent-Transfer-Encoding: base64\r\n" +
				"Content-Disposition: attachment; filename*=UTF-8''%D0%A1%D1%87%D1%91%D1%82.pdf\r\n\r\n" + carried("base64", "%PDF-1.4\x00\x01\xff")
			picture := "Content-Type: image/png; name=p.png\r\nContent-ID: <p1>\r\nContent-Disposition: inline; filename=p.png\r\nContent-Transfer-Encoding: base64\r\n\r\n" + carried("base64", "\x89PNG\r\n\x1a\n")
			out = append(out, head+plain, head+html,
				head+multi("mixed", "a", plain, file),
				head+multi("alternative", "b", plain, html),
				head+multi("mixed", "a", multi("alternative", "b", plain, html), file, file),
				head+multi("related", "r", html, picture),
				head+multi("mixed", "a", multi("related", "r", multi("alternative", "b", plain, html), picture), file))
		}
	}
	return out
}

func encoded(m *charmap.Charmap, s string) string {
	b, err := m.NewEncoder().String(s)
	if err != nil {
		panic(fmt.Sprintf("%q: %v", s, err)) // the texts above are chosen for their charsets
	}
	return b
}

func carried(transfer, s string) string {
	switch transfer {
	case "base64":
		return strings.Join(chunks(base64.StdEncoding.EncodeToString([]byte(s)), 76), "\r\n") + "\r\n"
	case "quoted-printable":
		var b bytes.Buffer
		w := quotedprintable.NewWriter(&b)
		w.Write([]byte(s))
		w.Close()
		return b.String()
	}
	return s
}

func chunks(s string, n int) (out []string) {
	for len(s) > n {
		out, s = append(out, s[:n]), s[n:]
	}
	return append(out, s)
}

func multi(kind, boundary string, parts ...string) string {
	s := "Content-Type: multipart/" + kind + "; boundary=\"" + boundary + "\"\r\n\r\nfor old programs\r\n"
	for _, p := range parts {
		s += "--" + boundary + "\r\n" + p + "\r\n"
	}
	return s + "--" + boundary + "--\r\nepilogue\r\n"
}

// proves CH-12: another reader of mail, written by others, reads the same
func TestOracle(t *testing.T) {
	for i, raw := range corpus() {
		want, err := enmime.ReadEnvelope(strings.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		l, files := open(t, raw)
		if got := l.Head.Text("Subject"); got != want.GetHeader("Subject") {
			t.Errorf("letter %d: subject %q, enmime %q", i, got, want.GetHeader("Subject"))
		}
		if from := l.Head.Addresses("From"); len(from) != 1 || from[0].String() != `=?utf-8?q?=D0=98=D0=B2=D0=B0=D0=BD?= <ivan@client.example>` {
			t.Errorf("letter %d: from %v", i, from)
		}
		// A text that is made of HTML alone is made in each reader's own way.
		if strings.Contains(raw, "text/plain") && even(l.Text) != even(want.Text) {
			t.Errorf("letter %d: text %q, enmime %q", i, even(l.Text), even(want.Text))
		}
		if got := even(l.HTML); got != even(want.HTML) {
			t.Errorf("letter %d: HTML %q, enmime %q", i, got, even(want.HTML))
		}
		var theirs []*enmime.Part
		theirs = append(append(append(theirs, want.Inlines...), want.Attachments...), want.OtherParts...)
		if len(files) != len(theirs) {
			t.Errorf("letter %d: %d files, enmime %d", i, len(files), len(theirs))
			continue
		}
		for j, p := range theirs {
			if files[j].Name != p.FileName || files[j].body != string(p.Content) {
				t.Errorf("letter %d: file %q %q, enmime %q %q", i, files[j].Name, files[j].body, p.FileName, p.Content)
			}
		}
	}
}

// even is a text without what readers treat differently: ends of lines.
func even(s string) string {
	return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n"))
}
