package letter

import (
	"io"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzLetter reads whatever comes: without breaking, to valid text, and never
// more than there is.
func FuzzLetter(f *testing.F) {
	for _, s := range corpus() {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		total := 0
		r := Open(strings.NewReader(string(raw)))
		r.Head.Kind()
		r.Head.Addresses("From")
		r.Head.IDs("References")
		l, err := r.Body(func(f File, b io.Reader) error {
			n, err := io.Copy(io.Discard, b)
			total += int(n)
			if f.Name == "" || len(f.Name) > longestName || !utf8.ValidString(f.Name) || strings.ContainsAny(f.Name, "/\\\x00\n") {
				t.Errorf("a file is called %q", f.Name)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if total > len(raw)+16 {
			t.Errorf("%d bytes of files in a letter of %d", total, len(raw))
		}
		visible, _ := l.Visible()
		for _, s := range []string{l.Text, l.Head.Text("Subject"), visible, Base(l.Head.Text("Subject")), Safe(l.HTML)} {
			if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
				t.Errorf("%q is not a text", s)
			}
		}
	})
}

// FuzzWords reads encoded words and parameters.
func FuzzWords(f *testing.F) {
	for _, s := range []string{"=?utf-8?B?0J/R?= =?utf-8?Q?=80?=", "a; filename*0*=koi8-r''%F3; filename*1=x", `x; name="a\"b;c"`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if w := words(s); !utf8.ValidString(w) {
			t.Errorf("words(%q) = %q", s, w)
		}
		_, of := params(s)
		for k := range of {
			if p := param(of, strings.TrimSuffix(k, "*")); !utf8.ValidString(p) {
				t.Errorf("param(%q) = %q", s, p)
			}
		}
		addresses(s)
	})
}
