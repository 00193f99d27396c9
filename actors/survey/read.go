package survey

import (
	"regexp"
	"strconv"
	"strings"

	"crafttalkd/actors/event"
)

// What a button of a question sends when it is pressed: the slot, and the entry
// of its dictionary.
const pressPrefix = "slot:"

// Press returns what the button of a dictionary's entry sends.
func Press(slot, entry string) string { return pressPrefix + slot + ":" + entry }

// Pressed returns the slot and the entry that a button of a question stands for.
func Pressed(value string) (slot, entry string, ok bool) {
	rest, ok := strings.CutPrefix(value, pressPrefix)
	if !ok {
		return "", "", false
	}
	slot, entry, ok = strings.Cut(rest, ":")
	return slot, entry, ok
}

// The values of a slot that tells whether a pattern matches.
const (
	True  = "true"
	False = "false"
)

// Read returns the value that a customer's answer gives the slot, or false if
// it does not fit. Pressed is what the button sent, if the customer pressed one.
func Read(s *event.Slot, text, pressed string) (value string, ok bool) {
	text = shortened(strings.TrimSpace(text))
	switch s.GetType() {
	case event.SlotType_TEXT:
		return text, text != ""
	case event.SlotType_DICTIONARY:
		return entry(s, text, pressed)
	case event.SlotType_INTEGER:
		return integer(s, text)
	case event.SlotType_PHONE:
		return phone(s, text)
	case event.SlotType_CAPTURE:
		return captured(s.GetPattern(), text)
	case event.SlotType_MATCH:
		if text == "" {
			return "", false
		}
		return strconv.FormatBool(matches(s.GetPattern(), text)), true
	}
	return "", false
}

// Extract returns the value for the slot that is somewhere in a text. What a
// pattern does not match is nowhere in it: that a slot is false is known only
// once everything was looked at.
func Extract(s *event.Slot, text string) (value string, ok bool) {
	text = shortened(strings.TrimSpace(text))
	switch s.GetType() {
	case event.SlotType_TEXT:
		return text, text != ""
	case event.SlotType_DICTIONARY:
		return mentioned(s, text)
	case event.SlotType_INTEGER:
		for _, word := range integers.FindAllString(text, 20) {
			if v, ok := integer(s, word); ok {
				return v, true
			}
		}
	case event.SlotType_PHONE:
		return phoneIn(s, text)
	case event.SlotType_CAPTURE:
		return captured(s.GetPattern(), text)
	case event.SlotType_MATCH:
		return True, matches(s.GetPattern(), text)
	}
	return "", false
}

// Fits tells whether a value that is known from another slot of the class can
// be one of this slot.
func Fits(s *event.Slot, value string) bool {
	switch s.GetType() {
	case event.SlotType_DICTIONARY:
		_, ok := captionOf(s, value)
		return ok
	case event.SlotType_MATCH:
		return value == True || value == False
	case event.SlotType_INTEGER, event.SlotType_PHONE:
		_, ok := Read(s, value, "")
		return ok
	}
	return value != ""
}

// Caption returns what people read for a value of the slot.
func Caption(s *event.Slot, value string, w Words) string {
	switch s.GetType() {
	case event.SlotType_DICTIONARY:
		if caption, ok := captionOf(s, value); ok {
			return caption
		}
	case event.SlotType_PHONE:
		return spoken(s, value)
	case event.SlotType_MATCH:
		if value == True {
			return w.Yes
		}
		return w.No
	}
	return value
}

// entry returns the entry that was pressed or written, by its caption or its
// identifier. A button of another slot's counts as its caption.
func entry(s *event.Slot, text, pressed string) (string, bool) {
	if slot, id, ok := Pressed(pressed); ok && slot == s.GetSlotId() {
		_, known := captionOf(s, id)
		return id, known
	}
	written := fold(text)
	for _, e := range s.GetEntries() {
		if strings.EqualFold(text, e.Caption) || strings.EqualFold(text, e.Id) || written != "" && written == fold(e.Caption) {
			return e.Id, true
		}
	}
	return "", false
}

func captionOf(s *event.Slot, id string) (string, bool) {
	for _, e := range s.GetEntries() {
		if e.Id == id {
			return e.Caption, true
		}
	}
	return "", false
}

// mentioned returns the entry whose caption is in the text, the longest one if
// there are several: «Samsung Galaxy» says more than «Samsung».
func mentioned(s *event.Slot, text string) (id string, ok bool) {
	longest := 0
	for _, e := range s.GetEntries() {
		if n := len(fold(e.Caption)); n > longest && Mentions(text, e.Caption) {
			id, longest = e.Id, n
		}
	}
	return id, longest > 0
}

// integers finds whole numbers in a text.
var integers = regexp.MustCompile(`[+-]?\d+`)

// integer reads a whole number, which may be written in groups.
func integer(s *event.Slot, text string) (string, bool) {
	text = strings.Map(func(r rune) rune {
		switch r {
		case ' ', '\u00a0', '\u202f':
			return -1
		case '\u2212', '\u2013':
			return '-'
		}
		return r
	}, text)
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || s.Least != nil && n < s.GetLeast() || s.Most != nil && n > s.GetMost() {
		return "", false
	}
	return strconv.FormatInt(n, 10), true
}
