package letter

import (
	"fmt"
	"io"
	"strings"
	"testing"
)

// A kept file, as a test sees it.
type kept struct {
	File
	body string
}

// open reads a whole mail, whose lines may end in \n alone.
func open(t testing.TB, raw string) (Letter, []kept) {
	t.Helper()
	var files []kept
	l, err := Open(strings.NewReader(raw)).Body(func(f File, r io.Reader) error {
		b, err := io.ReadAll(r)
		files = append(files, kept{f, string(b)})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return l, files
}

// koi and win are the bytes of Привет, мир in two charsets.
const (
	koi = "\xf0\xd2\xc9\xd7\xc5\xd4, \xcd\xc9\xd2"
	win = "\xcf\xf0\xe8\xe2\xe5\xf2, \xec\xe8\xf0"
)

// proves CH-12: charsets as Russian senders use them
func TestCharsets(t *testing.T) {
	for _, x := range []struct{ name, head, body, want string }{
		{"koi8-r", "Content-Type: text/plain; charset=koi8-r", koi, "Привет, мир"},
		{"koi8r, no such name", "Content-Type: text/plain; charset=\"KOI8R\"", koi, "Привет, мир"},
		{"windows-1251", "Content-Type: text/plain; charset=windows-1251", win, "Привет, мир"},
		{"cp1251", "Content-Type: text/plain; charset=cp1251", win, "Привет, мир"},
		{"win-1251", "Content-Type: text/plain; charset=Win-1251", win, "Привет, мир"},
		{"koi8-u in base64", "Content-Type: text/plain; charset=koi8-u\nContent-Transfer-Encoding: base64", "8NLJ18XULCDNydI", "Привет, мир"},
		{"no type, and windows-1251", "Subject: x", win, "Привет, мир"},
		{"no type, and koi8-r", "Subject: x", koi, "Привет, мир"},
		{"says UTF-8, and is windows-1251", "Content-Type: text/plain; charset=utf-8", win, "Привет, мир"},
		{"unknown charset", "Content-Type: text/plain; charset=klingon", "Привет, мир", "Привет, мир"},
		{"Latin", "Subject: x", "Un caf\xe9, s'il vous pla\xeet", "Un café, s'il vous plaît"},
		{"cp866", "Content-Type: text/plain; charset=cp866", "\x8f\xe0\xa8\xa2\xa5\xe2", "Привет"},
		{"quoted-printable with bare equals signs", "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable",
			"a=b =D0=\n=9F=zz =", "a=b П=zz ="},
		{"flowed", "Content-Type: text/plain; charset=utf-8; format=flowed", "one \ntwo\nthree\n-- \nme", "one two\nthree\n-- \nme"},
		{"NUL", "Subject: x", "a\x00b", "ab"},
	} {
		t.Run(x.name, func(t *testing.T) {
			l, _ := open(t, x.head+"\n\n"+x.body)
			if got := strings.TrimRight(l.Text, "\n"); got != x.want {
				t.Errorf("Text = %q, want %q", got, x.want)
			}
		})
	}
}

// proves CH-12: RFC 2047 as it is and as it is done
func TestWords(t *testing.T) {
	for in, want := range map[string]string{
		"plain":                        "plain",
		"=?utf-8?B?0J/RgNC40LLQtdGC?=": "Привет",
		"=?koi8-r?Q?=F0=D2=C9=D7=C5=D4?= =?koi8-r?Q?_=CD=C9=D2?=": "Привет мир",
		"=?utf-8?B?0J/R?= =?utf-8?B?gNC40LI=?=":                   "Прив", // a letter cut in two
		"=?utf-8?Q?=D0=9F?=\t=?windows-1251?Q?=F0?=":              "Пр",
		"Re: =?cp1251?q?=CF=F0?= ok":                              "Re: Пр ok",
		"=?utf-8?B?!!!?=":                                         "",
		"=?utf-8?X?abc?=":                                         "=?utf-8?X?abc?=",
		"=?utf-8*ru?Q?=D0=9F?=":                                   "П",
		win:                                                       "Привет, мир",
	} {
		if got := words(in); got != want {
			t.Errorf("words(%q) = %q, want %q", in, got, want)
		}
	}
}

// proves CH-12: names of files by RFC 2231 and otherwise
func TestFileNames(t *testing.T) {
	for _, x := range []struct{ head, want string }{
		{"Content-Disposition: attachment; filename*=UTF-8''%D0%A1%D1%87%D1%91%D1%82.pdf", "Счёт.pdf"},
		{"Content-Disposition: attachment;\n filename*0*=koi8-r''%F3%DE;\n filename*1*=%A3%D4;\n filename*2=.pdf", "Счёт.pdf"},
		{"Content-Disposition: attachment; filename=\"=?utf-8?B?0KHRh9GR0YIucGRm?=\"", "Счёт.pdf"},
		{"Content-Disposition: attachment; filename=\"\xd1\xf7\xb8\xf2.pdf\"", "Счёт.pdf"},
		{"Content-Type: application/pdf; name=a.pdf", "a.pdf"},
		{"Content-Type: application/pdf\nContent-Disposition: attachment", "attachment-1.pdf"},
		{"Content-Disposition: attachment; filename=\"../../etc/passwd\"", "passwd"},
		{`Content-Disposition: attachment; filename="C:\Users\me\a.doc"`, "a.doc"},
		{"Content-Disposition: attachment; filename=\"a\u202egpj.exe\"", "agpj.exe"},
		{"Content-Disposition: attachment; filename=\"..\"", "attachment-1.bin"},
		{"Content-Disposition: attachment; filename=\"" + strings.Repeat("ы", 200) + ".pdf\"", strings.Repeat("ы", 98) + ".pdf"},
	} {
		if !strings.Contains(x.head, "Content-Type") {
			x.head = "Content-Type: application/octet-stream\n" + x.head
		}
		_, files := open(t, x.head+"\n\nbody")
		if len(files) != 1 || files[0].Name != x.want {
			t.Errorf("the files of %q are %+v, want %q", x.head, files, x.want)
		}
	}
}

// proves CH-12: mail whose structure is broken is read as far as it goes
func TestStructure(t *testing.T) {
	for _, x := range []struct{ name, raw, text, files string }{
		{"an mbox line and empty lines before the head", "\n\nFrom me Sat\nSubject: x\n\nhello", "hello", ""},
		{"a boundary with = and ? and no quotes", "Content-Type: multipart/mixed; boundary=_=?x\n\n--_=?x\n\nhello\n--_=?x--\n", "hello", ""},
		{"no last boundary", "Content-Type: multipart/mixed; boundary=x\n\n--x\n\nhello\n--x\nContent-Type: image/png\n\nabc", "hello", "attachment-1.png=abc"},
		{"the inner boundary is lost", "Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: multipart/alternative; boundary=y\n\n--y\n\nhello\n--x\nContent-Type: image/png; name=a.png\n\nabc\n--x--", "hello", "a.png=abc"},
		{"lines that are no fields", "Subject: x\nnonsense\nContent-Type: text/plain\n\nhello", "hello", ""},
		{"plain before HTML", "Content-Type: multipart/alternative; boundary=x\n\n--x\nContent-Type: text/html\n\n<b>rich</b>\n--x\nContent-Type: text/plain\n\nplain\n--x--", "plain", ""},
		{"a plain text that is none", "Content-Type: multipart/alternative; boundary=x\n\n--x\n\nYour program does not support HTML.\n--x\nContent-Type: text/html\n\n<p>rich</p>\n--x--", "rich", ""},
		{"several texts", "Content-Type: multipart/mixed; boundary=x\n\n--x\n\none\n--x\n\ntwo\n--x--", "one\n\ntwo", ""},
		{"signed", "Content-Type: multipart/signed; boundary=x\n\n--x\n\none\n--x\nContent-Type: application/pkcs7-signature; name=smime.p7s\n\nxx\n--x--", "one", ""},
		{"an invitation", "Content-Type: multipart/mixed; boundary=x\n\n--x\n\none\n--x\nContent-Type: text/calendar; method=REQUEST\n\nBEGIN\n--x--", "one", "invite.ics=BEGIN"},
		{"a mail within", "Content-Type: multipart/mixed; boundary=x\n\n--x\n\none\n--x\nContent-Type: message/rfc822\n\nSubject: inner\n\nhi\n--x--", "one", "inner.eml=Subject: inner\n\nhi"},
		{"winmail.dat", "Content-Type: multipart/mixed; boundary=x\n\n--x\n\none\n--x\nContent-Type: application/ms-tnef; name=winmail.dat\n\nx\n--x--", "one", "winmail.dat=x"},
		{"a picture within", "Content-Type: multipart/related; boundary=x\n\n--x\nContent-Type: text/html\n\n<p>see <img src=cid:p1></p>\n--x\nContent-Type: image/png; name=p.png\nContent-ID: <p1>\n\nx\n--x--", "see", "p.png=x"},
		{"nothing at all", "", "", ""},
	} {
		t.Run(x.name, func(t *testing.T) {
			for _, end := range []string{"\n", "\r\n"} {
				l, files := open(t, strings.ReplaceAll(x.raw, "\n", end))
				var got []string
				for _, f := range files {
					got = append(got, f.Name+"="+strings.ReplaceAll(f.body, "\r\n", "\n"))
				}
				if text := strings.TrimSpace(l.Text); text != x.text || strings.Join(got, " ") != x.files {
					t.Errorf("text %q, files %q, want %q and %q", text, got, x.text, x.files)
				}
			}
		})
	}
}

// What is sent to make us use memory or time is cut, and said to be.
func TestBombs(t *testing.T) {
	deep := "Content-Type: multipart/mixed; boundary=b0\n\n"
	for i := range 200 {
		deep += fmt.Sprintf("--b%d\nContent-Type: multipart/mixed; boundary=b%d\n\n", i, i+1)
	}
	if l, files := open(t, deep); l.Cut != "" || len(files) != 1 {
		t.Errorf("200 levels: cut %q, %d files; the deepest level is a file", l.Cut, len(files))
	}
	many := "Content-Type: multipart/mixed; boundary=x\n\n" + strings.Repeat("--x\n\na\n", 5000)
	if l, _ := open(t, many); l.Cut == "" || len(l.Text) > 10*mostParts {
		t.Errorf("5000 parts: cut %q, %d bytes of text", l.Cut, len(l.Text))
	}
	if l, _ := open(t, "Subject: x\n\n"+strings.Repeat("a", 3*longestText)); l.Cut == "" || len(l.Text) != longestText {
		t.Errorf("a long text: cut %q, %d bytes", l.Cut, len(l.Text))
	}
	if h := Open(strings.NewReader(strings.Repeat("X: y\n", 100_000) + "\n")).Head; len(h.fields) != mostFields {
		t.Errorf("a long head has %d fields, want %d", len(h.fields), mostFields)
	}
	if h := Open(strings.NewReader("X: y" + strings.Repeat("\n a", 80_000) + "\n\n")).Head; len(h.Get("X")) > longestField+10 {
		t.Errorf("a field has %d bytes", len(h.Get("X")))
	}
	if s := Base(strings.Repeat("Re: ", 60_000)); len(s) > 1000 {
		t.Errorf("the base of a long subject has %d bytes", len(s))
	}
	if s := Plain(strings.Repeat("<div>", 200_000) + "deep"); len(s) > 100 {
		t.Errorf("deep HTML became %d bytes", len(s))
	}
	if s := Safe(strings.Repeat("<div>", 200_000)); len(s) > 4*longestHTML {
		t.Errorf("deep HTML became %d bytes", len(s))
	}
}

// proves CH-12: nothing of a hostile letter runs, is loaded or pretends
func TestSafeHTML(t *testing.T) {
	s := Safe(`<h1 onclick=x()>Hi</h1><script>alert(1)</script><style>*{}</style><iframe src=//e></iframe>
<img src="https://spy.example/1.png"><a href="javascript:alert(1)">bad</a><a href="https://shop.example/">good</a>
<form action=//e><input></form><svg onload=x()></svg><p style="position:fixed">text</p><base href=//e><meta http-equiv=refresh>`)
	for _, bad := range []string{"script", "alert", "onclick", "onload", "iframe", "spy.example", "style", "form", "input", "svg", "base", "refresh"} {
		if strings.Contains(s, bad) {
			t.Errorf("%q is left in %q", bad, s)
		}
	}
	for _, good := range []string{"<h1>Hi</h1>", `href="https://shop.example/"`, "<p>text</p>"} {
		if !strings.Contains(s, good) {
			t.Errorf("%q is gone from %q", good, s)
		}
	}
	if got := Plain(`<p>See <a href="https://x.example/a">this</a></p><ul><li>one</ul>`); !strings.Contains(got, "https://x.example/a") {
		t.Errorf("Plain = %q, want the link's address in it", got)
	}
	if !Rich(`<table><tr><td>1<tr><td>2</table>`) || !Rich(`<img src="x" width=300>`) || Rich(`<p>x<img width=1 height=1>`) || Rich("<table><tr><td>x</table>") {
		t.Error("Rich is wrong about tables and pictures")
	}
}

func TestAddresses(t *testing.T) {
	for in, want := range map[string]string{
		`"Иван Петров" <ivan@x.example>`:                   "Иван Петров|ivan@x.example",
		`=?koi8-r?B?6dfBzg==?= <a@x.example>, b@y.example`: "Иван|a@x.example |b@y.example",
		`"=?utf-8?B?0JjQstCw0L0=?=" <a@x.example>`:         "Иван|a@x.example",
		`"Last, First" <a@x.example>; "b" <b@x.example>`:   "Last, First|a@x.example b|b@x.example",
		`"a\"b" < a@x.example >`:                           `a"b|a@x.example`,
		`undisclosed-recipients:;`:                         "",
		`mailto a@x.example (the boss)`:                    "|a@x.example",
		"\xc8\xe2\xe0\xed <a@x.example>":                   "Иван|a@x.example",
	} {
		var got []string
		for _, a := range addresses(in) {
			got = append(got, a.Name+"|"+a.Address)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("addresses(%q) = %q, want %q", in, got, want)
		}
	}
}
