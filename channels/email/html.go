package email

import (
	"html"
	"regexp"
	"strings"

	"crafttalkd/actors/event"
)

// address is where a link in a text begins and ends; what closes the sentence is
// not of it.
var address = regexp.MustCompile(`https?://[^\s<>"]*[^\s<>"'.,;:!?()\[\]«»]`)

// html is the same letter for programs that show HTML: the text as it was
// written, with links to press and the signature apart. Nothing in it is markup
// of somebody's.
func (c *Channel) html(m *event.Content) string {
	var b strings.Builder
	b.WriteString(`<!DOCTYPE html><html><head><meta charset="utf-8"></head><body><div>` + linked(m.GetText()) + "</div>")
	if c.settings.Signature != "" {
		b.WriteString(`<div style="color:#666"><br>-- <br>` + linked(c.settings.Signature) + "</div>")
	}
	b.WriteString("</body></html>\n")
	return b.String()
}

// linked is a text as HTML.
func linked(text string) string {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\x00", ""), "\r\n", "\n")
	var b strings.Builder
	last := 0
	for _, at := range address.FindAllStringIndex(text, -1) {
		link := html.EscapeString(text[at[0]:at[1]])
		b.WriteString(html.EscapeString(text[last:at[0]]) + `<a href="` + link + `">` + link + "</a>")
		last = at[1]
	}
	b.WriteString(html.EscapeString(text[last:]))
	return strings.ReplaceAll(b.String(), "\n", "<br>\r\n")
}
