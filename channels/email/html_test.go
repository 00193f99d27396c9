package email

import (
	"strings"
	"testing"

	"github.com/jhillyerd/enmime/v2"
)

// proves CH-12: an answer is text and the same in HTML, in which nothing that
// was written is markup and links can be pressed.
func TestAnswerInHTML(t *testing.T) {
	o, d := newOffice(t, true), newDesk()
	s := o.settings()
	s.Signature = "Лавка <чая>\nhttps://tea.example"
	c := made(t, d, s)
	text := "1 < 2 & <script>alert(1)</script>\nсм. https://tea.example/?a=1&b=2."
	if _, err := c.Deliver(t.Context(), said("ivan@x.example", text, "a.txt")); err != nil {
		t.Fatal(err)
	}
	raw := next(t, o.sent).raw
	read, err := enmime.ReadEnvelope(strings.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(strings.ReplaceAll(read.Text, "\r\n", "\n"), text+"\n\n-- \n") {
		t.Errorf("the text is %q", read.Text)
	}
	for _, want := range []string{"1 &lt; 2 &amp; &lt;script&gt;alert(1)&lt;/script&gt;<br>", "Лавка &lt;чая&gt;<br>",
		`<a href="https://tea.example/?a=1&amp;b=2">https://tea.example/?a=1&amp;b=2</a>.</div>`, `<a href="https://tea.example">`} {
		if !strings.Contains(read.HTML, want) {
			t.Errorf("%q is not in %q", want, read.HTML)
		}
	}
	both := read.Root.DepthMatchFirst(func(p *enmime.Part) bool { return p.ContentType == "multipart/alternative" })
	if both == nil || both.FirstChild.ContentType != "text/plain" || both.FirstChild.NextSibling.ContentType != "text/html" {
		t.Errorf("the text and the HTML are not two ways of one: %q", raw)
	}
	if len(read.Attachments) != 1 || read.Root.ContentType != "multipart/mixed" {
		t.Errorf("%d files in %s", len(read.Attachments), read.Root.ContentType)
	}
}
