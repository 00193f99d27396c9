package letter

import (
	"strings"

	"github.com/k3a/html2text"
	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/html"
)

// longestHTML is how many bytes of HTML are looked at: what is deeper nested
// than a browser would show is written to hurt.
const longestHTML = 1 << 20

// Plain is HTML as text. Links keep where they lead.
func Plain(s string) string {
	s = html2text.HTML2TextWithOptions(clip(s, longestHTML), html2text.WithUnixLineBreaks(), html2text.WithLinksInnerText())
	var out []string
	blank := true
	for l := range strings.SplitSeq(s, "\n") {
		l = strings.TrimRight(strings.ReplaceAll(l, "\u00a0", " "), " \t\r")
		if l == "" && blank {
			continue
		}
		blank = l == ""
		out = append(out, l)
	}
	return clean(strings.TrimSpace(strings.Join(out, "\n")))
}

// Safe is HTML of which nothing runs, is loaded or pretends: text, tables and
// links remain. Pictures do not: to load one tells the sender who reads.
func Safe(s string) string {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "div", "span", "b", "strong", "i", "em", "u", "s", "small", "sub", "sup", "blockquote", "pre", "code",
		"hr", "h1", "h2", "h3", "h4", "h5", "h6")
	p.AllowLists()
	p.AllowTables()
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("http", "https", "mailto", "tel")
	p.RequireParseableURLs(true)
	p.RequireNoFollowOnLinks(true)
	p.RequireNoReferrerOnLinks(true)
	p.AddTargetBlankToFullyQualifiedLinks(true)
	return "<!DOCTYPE html>\n<meta charset=\"utf-8\">\n" + clean(p.Sanitize(clip(s, longestHTML)))
}

// Rich tells whether HTML shows what its text can't: tables and pictures.
func Rich(s string) bool {
	z := html.NewTokenizer(strings.NewReader(clip(s, longestHTML)))
	rows := 0
	for {
		switch z.Next() {
		case html.ErrorToken:
			return rows > 1
		case html.StartTagToken, html.SelfClosingTagToken:
			switch name, more := z.TagName(); string(name) {
			case "tr":
				rows++
			case "img":
				if more && !tiny(z) {
					return true
				}
			}
		}
	}
}

// tiny tells whether a picture is one that only counts readers.
func tiny(z *html.Tokenizer) bool {
	for {
		key, value, more := z.TagAttr()
		if k := string(key); (k == "width" || k == "height") && (string(value) == "1" || string(value) == "0") {
			return true
		}
		if !more {
			return false
		}
	}
}

// quotes are elements that mail programs put what they answer into.
var quotes = []string{"gmail_quote", "yahoo_quoted", "moz-cite-prefix", "divRplyFwdMsg", "appendonsend", "mail-quote", "protonmail_quote"}

// begins is where HTML quotes what it answers; its length if nowhere. A forwarded
// mail is no quote.
func quoteInHTML(s string) int {
	z := html.NewTokenizer(strings.NewReader(clip(s, longestHTML)))
	at := 0
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return len(s)
		}
		size := len(z.Raw())
		if kind == html.StartTagToken && quoting(z) {
			return at
		}
		at += size
	}
}

func quoting(z *html.Tokenizer) bool {
	name, more := z.TagName()
	tag := string(name)
	for more {
		var key, value []byte
		key, value, more = z.TagAttr()
		switch string(key) {
		case "class", "id":
			for _, q := range quotes {
				if strings.Contains(string(value), q) {
					return true
				}
			}
		case "type":
			if tag == "blockquote" && string(value) == "cite" {
				return true
			}
		}
	}
	return false
}
