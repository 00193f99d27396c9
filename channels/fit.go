package channels

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"crafttalkd/actors/event"
)

// Fit parts a message into those that the channel can carry, in the order in
// which they are sent. Nothing is lost: a long text is parted at a paragraph or
// a word, files that can't go become links, buttons that can't be shown become
// numbered lines, and a location an address on a map.
func (a Abilities) Fit(c *event.Content) []*event.Content {
	text := c.Text
	files, links := a.split(c.Attachments)
	for _, f := range links {
		text = join(text, strings.TrimSpace(f.Name+" "+f.Source))
	}
	if c.Location != nil && !a.Place {
		text = join(text, fmt.Sprintf("https://yandex.ru/maps/?pt=%[2]f,%[1]f&z=16", c.Location.Latitude, c.Location.Longitude))
	}
	if c.Contact != nil {
		text = join(text, strings.TrimSpace(c.Contact.Name+" "+c.Contact.Phone))
	}
	buttons := c.Buttons
	if len(buttons) > 0 && !a.shows(buttons) {
		text, buttons = join(text, numbered(buttons)), nil
	}
	return a.arrange(c, text, files, buttons)
}

// arrange puts files and texts in order. Buttons and what is asked for belong
// under the last text, so files come before it.
func (a Abilities) arrange(c *event.Content, text string, files []*event.Attachment, buttons []*event.Button) (out []*event.Content) {
	ask := event.Ask_ASK_NOTHING
	if slices.Contains(a.Asks, c.Ask) {
		ask = c.Ask
	}
	under := len(buttons) > 0 || ask != event.Ask_ASK_NOTHING
	texts := a.parts(text)
	captioned := len(files) > 0 && len(texts) == 1 && !under && units(text) <= a.Caption
	if !under && !captioned {
		out = say(out, texts)
	}
	for group := range slices.Chunk(files, max(a.Files, 1)) {
		m := &event.Content{Attachments: group}
		if captioned {
			m.Text, captioned = text, false
		}
		out = append(out, m)
	}
	if c.Location != nil && a.Place {
		out = append(out, &event.Content{Location: c.Location})
	}
	if under {
		out = say(out, texts)
		if len(texts) == 0 {
			out = append(out, &event.Content{Text: "…"})
		}
		last := out[len(out)-1]
		last.Buttons, last.Ask = buttons, ask
	}
	return out
}

func say(out []*event.Content, texts []string) []*event.Content {
	for _, t := range texts {
		out = append(out, &event.Content{Text: t})
	}
	return out
}

// split says which files go as files and which as links.
func (a Abilities) split(all []*event.Attachment) (files, links []*event.Attachment) {
	for _, f := range all {
		if a.Files == 0 || a.Largest > 0 && f.Size > a.Largest {
			links = append(links, f)
		} else {
			files = append(files, f)
		}
	}
	return files, links
}

// shows tells whether the channel can show the buttons as buttons.
func (a Abilities) shows(buttons []*event.Button) bool {
	return len(buttons) <= a.Buttons && !slices.ContainsFunc(buttons, func(b *event.Button) bool {
		return a.Label > 0 && utf8.RuneCountInString(b.Caption) > a.Label
	})
}

// numbered is the buttons as lines of text.
func numbered(buttons []*event.Button) string {
	lines := make([]string, len(buttons))
	for i, b := range buttons {
		lines[i] = fmt.Sprintf("%d. %s", i+1, b.Caption)
	}
	return strings.Join(lines, "\n")
}

func join(text, line string) string { return strings.TrimLeft(text+"\n"+line, "\n") }

// units is the length of s as providers count.
func units(s string) (n int) {
	for _, r := range s {
		n += max(utf16.RuneLen(r), 1)
	}
	return n
}

// parts cuts a text into pieces that each fit one message. Put together they
// are the text, without the blanks at the cuts.
func (a Abilities) parts(text string) (out []string) {
	for text != "" && a.Text > 0 && units(text) > a.Text {
		n := cut(text, a.Text)
		if piece := strings.TrimRight(text[:n], " \n"); piece != "" {
			out = append(out, piece)
		}
		text = strings.TrimLeft(text[n:], " \n")
	}
	if text != "" {
		out = append(out, text)
	}
	return out
}

// cut is where a text of too many units is cut: after a paragraph, a line or a
// word in its second half, else where there is no room for more.
func cut(text string, most int) int {
	end, n := 0, 0
	for i, r := range text {
		if n += max(utf16.RuneLen(r), 1); n > most {
			end = i
			break
		}
	}
	head := text[:end]
	for _, at := range []string{"\n\n", "\n", " "} {
		if i := strings.LastIndex(head, at); i >= end/2 {
			return i + len(at)
		}
	}
	return end
}

// Reference is what a button of ours sends when it is pressed: short enough for
// every channel, and made of nothing but letters, digits and a colon. Which
// value it stands for is known to the conversation, so a press that was never
// offered is worth nothing.
func Reference(message string, n int) string { return fmt.Sprintf("%s:%d", message, n) }

// Pressed is a press of a button of ours, as the provider tells it.
func Pressed(reference, caption string) *event.Button {
	return &event.Button{Caption: cmp.Or(caption, reference), Value: reference}
}
