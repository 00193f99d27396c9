package customer

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
)

const (
	maxFields = 64   // in a profile
	maxClaim  = 200  // characters of what a channel tells
	maxValue  = 2000 // characters of what a user writes
)

// Avatar is the field that names the customer's picture: the hash of a file
// that lies with the customer's. Where a channel says that a picture is, is
// never a field, and nobody but [Introduce] writes this one.
const Avatar = "avatar"

var fieldName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// claims returns what the channel tells that nobody has said yet. What a user
// has cleared stays clear, and what makes no sense is left out: a message is
// never refused for it.
func claims(s State, told map[string]string) map[string]string {
	if len(told) == 0 {
		return nil
	}
	out := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(told)) {
		value := strings.TrimSpace(strings.ToValidUTF8(told[name], ""))
		if _, said := s.Fields[name]; said || value == "" || !tellable(name) {
			continue
		}
		if len(s.Fields)+len(out) >= maxFields {
			break
		}
		out[name] = cut(value, maxClaim)
	}
	return out
}

// proven returns what is known for certain and stands otherwise in the profile,
// or not at all. It takes the place of what was told or proven before, and
// never of what a user has written.
func proven(s State, known map[string]string) map[string]string {
	if len(known) == 0 {
		return nil
	}
	out := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(known)) {
		value := cut(strings.TrimSpace(strings.ToValidUTF8(known[name], "")), maxClaim)
		old, said := s.Fields[name]
		if value == "" || !tellable(name) || said && !old.Claim && !old.Signed || old.Signed && old.Value == value {
			continue
		}
		if !said && len(s.Fields)+len(out) >= maxFields {
			break
		}
		out[name] = value
	}
	return out
}

// tellable reports whether a message may tell a field of that name.
func tellable(name string) bool { return fieldName.MatchString(name) && name != Avatar }

// cut returns the first n characters of text.
func cut(text string, n int) string {
	for i := range text {
		if n--; n < 0 {
			return text[:i]
		}
	}
	return text
}

// changeProfile changes the fields that differ. Two users may change different
// fields at the same time, the same one not.
func changeProfile(s State, c ChangeProfile, at *timestamppb.Timestamp) ([]event.Event, error) {
	changed := map[string]string{}
	var stale []string
	for _, name := range slices.Sorted(maps.Keys(c.Fields)) {
		value, old := c.Fields[name], s.Fields[name]
		if err := checkField(name, value); err != nil {
			return nil, err
		}
		if value == old.Value {
			continue
		}
		changed[name] = value
		if c.Revision != 0 && old.Revision > c.Revision {
			stale = append(stale, name)
		}
	}
	switch {
	case len(stale) > 0:
		return nil, refusal.New(refusal.Conflict, "changed by somebody else meanwhile: %s", strings.Join(stale, ", "))
	case len(changed) == 0:
		return nil, nil
	case len(s.withFields(changed, Field{}).Fields) > maxFields:
		return nil, refusal.New(refusal.Invalid, "a profile has at most %d fields", maxFields)
	}
	return []event.Event{&event.ProfileChanged{At: at, By: c.By, Fields: changed, Revision: s.Revision + 1}}, nil
}

func checkField(name, value string) error {
	switch {
	case !fieldName.MatchString(name):
		return refusal.Of(cut(name, 40), "a field is named in small letters, digits and _")
	case name == Avatar && value != "":
		return refusal.Of(name, "a picture can be taken away, and not be named")
	case !utf8.ValidString(value) || utf8.RuneCountInString(value) > maxValue:
		return refusal.Of(name, "a field is at most %d characters of text", maxValue)
	}
	return nil
}

func setTest(s State, c SetTest, at *timestamppb.Timestamp) []event.Event {
	if s.Test == c.Test {
		return nil
	}
	return []event.Event{&event.CustomerTyped{At: at, Test: c.Test, By: c.By}}
}

// beginErasure refuses while somebody talks with the customer: what is said next
// would be sealed with a new key, and stay.
func beginErasure(s State, c BeginErasure, at *timestamppb.Timestamp) ([]event.Event, error) {
	if s.Open != "" {
		return nil, refusal.New(refusal.Conflict, "conversation %s of the customer is open; close it first", s.Open)
	}
	return []event.Event{&event.ErasureBegun{At: at, CustomerId: s.ID, By: c.By, Found: c.Found}}, nil
}
