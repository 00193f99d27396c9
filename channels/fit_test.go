package channels

import (
	"strings"
	"testing"

	"crafttalkd/actors/event"
)

// fitted shows parts as lines: text, then what comes with it.
func fitted(parts []*event.Content) (out []string) {
	for _, p := range parts {
		s := p.Text
		for _, a := range p.Attachments {
			s += "[" + a.Name + "]"
		}
		for _, b := range p.Buttons {
			s += "(" + b.Caption + ")"
		}
		if p.Ask != 0 {
			s += "?" + p.Ask.String()
		}
		if p.Location != nil {
			s += "@"
		}
		out = append(out, s)
	}
	return out
}

func file(name string, size int64) *event.Attachment {
	return &event.Attachment{Name: name, Size: size, Source: "https://x/" + name}
}

func buttons(captions ...string) (out []*event.Button) {
	for _, c := range captions {
		out = append(out, &event.Button{Caption: c})
	}
	return out
}

// proves CH-01, CH-02, CH-03: what a channel can't carry at once goes in parts,
// and nothing of it is lost.
func TestCH03_Fit(t *testing.T) {
	chat := Abilities{Text: 20, Caption: 10, Files: 1, Largest: 100, Buttons: 2, Label: 5, Asks: []event.Ask{event.Ask_ASK_PHONE}, Place: true}
	bare := Abilities{Text: 40}
	for _, c := range []struct {
		name string
		a    Abilities
		c    *event.Content
		want string
	}{
		{"text", chat, &event.Content{Text: "hello"}, "hello"},
		{"a long text, at a word", chat, &event.Content{Text: "twelve words and more of it"}, "twelve words and|more of it"},
		{"a long text, at a paragraph", chat, &event.Content{Text: "one two three\n\nfour five six"}, "one two three|four five six"},
		{"a word without an end", chat, &event.Content{Text: strings.Repeat("ж", 45)}, strings.Repeat("ж", 20) + "|" + strings.Repeat("ж", 20) + "|" + strings.Repeat("ж", 5)},
		{"pairs of units are not parted", chat, &event.Content{Text: "a" + strings.Repeat("😀", 12)}, "a" + strings.Repeat("😀", 9) + "|" + strings.Repeat("😀", 3)},
		{"a caption", chat, &event.Content{Text: "look", Attachments: []*event.Attachment{file("a.png", 5)}}, "look[a.png]"},
		{"too long for a caption", chat, &event.Content{Text: "look at this one", Attachments: []*event.Attachment{file("a.png", 5), file("b.png", 5)}}, "look at this one|[a.png]|[b.png]"},
		{"too large a file", chat, &event.Content{Attachments: []*event.Attachment{file("a", 101)}}, "a https://x/a"},
		{"buttons", chat, &event.Content{Text: "yes?", Buttons: buttons("да", "нет")}, "yes?(да)(нет)"},
		{"buttons under the last part", chat, &event.Content{Text: "twelve words and more?", Attachments: []*event.Attachment{file("a", 5)}, Buttons: buttons("да")}, "[a]|twelve words and|more?(да)"},
		{"too many buttons", chat, &event.Content{Text: "q", Buttons: buttons("a", "b", "c")}, "q\n1. a\n2. b\n3. c"},
		{"too long a caption", chat, &event.Content{Text: "q", Buttons: buttons("abcdef")}, "q\n1. abcdef"},
		{"buttons without a text", chat, &event.Content{Buttons: buttons("a")}, "…(a)"},
		{"no buttons at all", bare, &event.Content{Text: "q", Buttons: buttons("a")}, "q\n1. a"},
		{"a wish", chat, &event.Content{Text: "number?", Ask: event.Ask_ASK_PHONE}, "number??ASK_PHONE"},
		{"a wish that can't be shown", chat, &event.Content{Text: "where?", Ask: event.Ask_ASK_LOCATION}, "where?"},
		{"a place", chat, &event.Content{Location: &event.Location{Latitude: 1}}, "@"},
		{"a place as an address", Abilities{}, &event.Content{Location: &event.Location{Latitude: 55.75, Longitude: 37.61}}, "https://yandex.ru/maps/?pt=37.610000,55.750000&z=16"},
		{"a contact", bare, &event.Content{Contact: &event.Contact{Name: "Анна", Phone: "+79990001122"}}, "Анна +79990001122"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := strings.Join(fitted(c.a.Fit(c.c)), "|"); got != c.want {
				t.Errorf("Fit = %q, want %q", got, c.want)
			}
		})
	}
}

// proves CH-01: parts put together are the text, and each fits.
func FuzzFit(f *testing.F) {
	f.Add("Привет, мир. Как дела?", 7)
	f.Add("\n\n a  b\n", 1)
	f.Add("😀😀😀", 2)
	f.Fuzz(func(t *testing.T, text string, most int) {
		if most < 2 || most > 1000 {
			return
		}
		var whole strings.Builder
		for _, p := range (Abilities{Text: most}).Fit(&event.Content{Text: text}) {
			if n := units(p.Text); n > most {
				t.Errorf("a part has %d units, more than %d", n, most)
			}
			whole.WriteString(p.Text)
		}
		if squeezed(whole.String()) != squeezed(text) {
			t.Errorf("%q became %q", text, whole.String())
		}
	})
}

func squeezed(s string) string { return strings.NewReplacer(" ", "", "\n", "").Replace(s) }
