package survey

import (
	"cmp"
	"strings"
	"unicode/utf8"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
)

// What a slot may be at most.
const (
	longestName    = 200
	longestCaption = 200
	mostEntries    = 100
	mostAttempts   = 10
)

// usualAttempts is how many inputs a slot listens to that does not say.
const usualAttempts = 3

// Class returns the class of a slot: slots of one class share what is known.
func Class(s *event.Slot) string { return cmp.Or(s.GetClass(), s.GetIdentifier()) }

// Attempts returns how many inputs the slot listens to.
func Attempts(s *event.Slot) int32 { return cmp.Or(s.GetAttempts(), usualAttempts) }

// Check refuses a slot that can't be asked or read. Its identifier and its texts
// are the knowledge base's to judge. The field of a refusal is that of the slot.
func Check(s *event.Slot) error {
	if _, ok := event.SlotKind_name[int32(s.GetKind())]; !ok {
		return refusal.Of("kind", "a slot is asked or inferred")
	}
	if s.GetAttempts() < 0 || s.GetAttempts() > mostAttempts {
		return refusal.Of("attempts", "a slot listens to at most %d inputs", mostAttempts)
	}
	switch s.GetType() {
	case event.SlotType_TEXT:
		return nil
	case event.SlotType_DICTIONARY:
		return checkEntries(s.GetEntries())
	case event.SlotType_INTEGER:
		if s.Least != nil && s.Most != nil && s.GetLeast() > s.GetMost() {
			return refusal.Of("most", "the greatest number is below the least")
		}
		return nil
	case event.SlotType_PHONE:
		return checkMask(s.GetPattern())
	case event.SlotType_CAPTURE, event.SlotType_MATCH:
		_, err := compile(s.GetPattern())
		return err
	}
	return refusal.Of("type", "there is no such type of slot")
}

// checkEntries refuses entries that a customer could not tell apart.
func checkEntries(entries []*event.DictionaryEntry) error {
	switch {
	case len(entries) == 0:
		return refusal.Of("entries", "a dictionary has at least one value")
	case len(entries) > mostEntries:
		return refusal.Of("entries", "a dictionary has at most %d values", mostEntries)
	}
	ids, captions := map[string]bool{}, map[string]bool{}
	for _, e := range entries {
		id, caption := strings.ToLower(e.GetId()), fold(e.GetCaption())
		switch {
		case id == "" || strings.TrimSpace(id) != id || utf8.RuneCountInString(id) > longestName:
			return refusal.Of("entries", "a value needs an identifier of at most %d characters", longestName)
		case strings.TrimSpace(e.GetCaption()) == "" || utf8.RuneCountInString(e.GetCaption()) > longestCaption:
			return refusal.Of("entries", "the value %s needs a caption of at most %d characters", e.GetId(), longestCaption)
		case ids[id]:
			return refusal.Of("entries", "the identifier %s is there twice", e.GetId())
		case caption != "" && captions[caption]:
			return refusal.Of("entries", "the caption %s is there twice", e.GetCaption())
		}
		ids[id], captions[caption] = true, true
	}
	return nil
}
