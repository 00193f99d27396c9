package intent

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// What stands in for things that differ in every message and mean the same.
const (
	maskAddress = "<url>"
	maskMail    = "<mail>"
	maskPhone   = "<phone>"
	maskNumber  = "<number>"
)

// Bounds on what a message may cost. Nobody asks one question in more.
const (
	mostRunes  = 2000
	mostTokens = 200
	mostLetter = 40 // of one word
)

// tokens returns the words of a text as the model reads them: composed, in
// lower case, ё as е, with addresses, phones and long numbers masked. A
// question mark is a word; other punctuation parts words and is gone.
func tokens(text string) []string {
	text = norm.NFC.String(cut(text))
	var out []string
	for _, field := range strings.FieldsFunc(text, unicode.IsSpace) {
		if mask := maskOf(field); mask != "" {
			out = append(out, mask)
			continue
		}
		out = append(out, words(field)...)
	}
	out = joinNumbers(out)
	return out[:min(len(out), mostTokens)]
}

// cut returns the beginning of a text, in valid UTF-8.
func cut(text string) string {
	n := 0
	for i := range text {
		if n++; n > mostRunes {
			text = text[:i]
			break
		}
	}
	return strings.ToValidUTF8(text, " ")
}

// maskOf returns what stands in for a field that is an address as a whole.
func maskOf(field string) string {
	if strings.Contains(field, "://") || strings.HasPrefix(strings.ToLower(field), "www.") {
		return maskAddress
	}
	if at := strings.IndexByte(field, '@'); at > 0 && strings.IndexByte(field[at:], '.') > 1 {
		return maskMail
	}
	return ""
}

// words parts a field into words. Signs inside a number stay for joinNumbers.
func words(field string) (out []string) {
	var b strings.Builder
	end := func() {
		if b.Len() > 0 {
			out = append(out, b.String())
			b.Reset()
		}
	}
	letters := 0
	for _, r := range field {
		r = unicode.ToLower(r)
		switch {
		case r == 'ё':
			r = 'е'
		case r == '?':
			end()
			if len(out) == 0 || out[len(out)-1] != "?" {
				out = append(out, "?")
			}
			continue
		case r == '\'' || r == '’' || r == '\u00ad' || stress(r):
			continue // inside a word, and often left out
		}
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) {
			end()
			letters = 0
			continue
		}
		if letters++; letters <= mostLetter {
			b.WriteRune(r)
		}
	}
	end()
	return out
}

// stress reports whether r is an accent that some put over a vowel. Marks of
// other scripts are letters to those who write in them.
func stress(r rune) bool { return r >= 0x300 && r <= 0x36f }

// joinNumbers masks runs of digits: a phone may be written in groups.
func joinNumbers(in []string) []string {
	out := in[:0]
	for i := 0; i < len(in); {
		n, j := 0, i
		for j < len(in) && digits(in[j]) {
			n += utf8.RuneCountInString(in[j])
			j++
		}
		switch {
		case j == i:
			out = append(out, in[i])
			j++
		case n >= 10 && n <= 12:
			out = append(out, maskPhone)
		case n >= 5:
			out = append(out, maskNumber)
		default:
			out = append(out, in[i:j]...)
		}
		i = j
	}
	return out
}

func digits(word string) bool {
	for _, r := range word {
		if !unicode.IsDigit(r) {
			return false
		}
	}
	return word != ""
}

// Script is the alphabet in which most of a text is written: "Cyrl", "Latn"
// or another of the few that the product's languages need; empty for none.
func Script(text string) string {
	var counts [len(scripts)]int
	for _, r := range cut(text) {
		for i, s := range scripts {
			if unicode.Is(s.table, r) {
				counts[i]++
			}
		}
	}
	best := 0
	for i, n := range counts {
		if n > counts[best] {
			best = i
		}
	}
	if counts[best] == 0 {
		return ""
	}
	return scripts[best].name
}

var scripts = [...]struct {
	name  string
	table *unicode.RangeTable
}{
	{"Cyrl", unicode.Cyrillic}, {"Latn", unicode.Latin}, {"Grek", unicode.Greek}, {"Arab", unicode.Arabic},
	{"Hebr", unicode.Hebrew}, {"Geor", unicode.Georgian}, {"Armn", unicode.Armenian}, {"Hani", unicode.Han},
}
