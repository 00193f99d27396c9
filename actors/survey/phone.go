package survey

import (
	"regexp"
	"strings"

	"github.com/nyaruka/phonenumbers"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
)

// home is the country of a number that names none.
const home = "RU"

// shortestMask is how many digits a mask must ask for.
const shortestMask = 3

// checkMask refuses a mask that no number fits. An empty one lets any number
// pass that exists.
func checkMask(mask string) error {
	asked := 0
	for _, r := range mask {
		switch {
		case r == 'X' || r == 'x':
			asked++
		case strings.ContainsRune("+() -.0123456789", r):
		default:
			return refusal.Of("pattern", "a mask is made of X for any digit, digits, + ( ) - . and blanks")
		}
	}
	if mask != "" && (asked < shortestMask || len(mask) > longestName) {
		return refusal.Of("pattern", "a mask asks for at least %d digits by an X each", shortestMask)
	}
	return nil
}

// phone returns the number in a text as it is kept: in E.164 if it names its
// country, or the mask does.
func phone(s *event.Slot, text string) (string, bool) {
	text = strings.TrimSpace(text)
	if len(digits(text)) < shortestMask || strings.Trim(text, "+() -.\u00a0\u2011\u20130123456789") != "" {
		return "", false
	}
	if mask := s.GetPattern(); mask != "" {
		return masked(mask, text)
	}
	n, err := phonenumbers.Parse(text, home)
	if err != nil || !phonenumbers.IsValidNumber(n) {
		return "", false
	}
	return phonenumbers.Format(n, phonenumbers.E164), true
}

// masked returns the digits of a number that fits the mask. Who is asked for a
// Russian number may begin it with 8, and any number may leave out the digits
// that the mask begins with.
func masked(mask, text string) (string, bool) {
	given, want := digits(text), strings.ToLower(strings.Map(func(r rune) rune {
		if r == 'X' || r == 'x' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, mask))
	prefix := want[:strings.IndexByte(want, 'x')]
	switch {
	case len(given) == len(want) && prefix == "7" && given[0] == '8' && !strings.HasPrefix(text, "+"):
		given = "7" + given[1:]
	case len(given) == len(want)-len(prefix) && !strings.HasPrefix(text, "+"):
		given = prefix + given
	}
	if len(given) != len(want) {
		return "", false
	}
	for i := range want {
		if want[i] != 'x' && want[i] != given[i] {
			return "", false
		}
	}
	if strings.HasPrefix(strings.TrimSpace(mask), "+") {
		given = "+" + given
	}
	return given, true
}

// fill returns a number as the mask writes it.
func fill(mask, number string) string {
	var out strings.Builder
	given := digits(number)
	for _, r := range mask {
		switch {
		case given != "" && (r == 'X' || r == 'x' || r >= '0' && r <= '9'):
			out.WriteByte(given[0])
			given = given[1:]
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}

// spoken returns a number as people read it.
func spoken(s *event.Slot, number string) string {
	if mask := s.GetPattern(); mask != "" {
		return fill(mask, number)
	}
	n, err := phonenumbers.Parse(number, home)
	if err != nil {
		return number
	}
	return phonenumbers.Format(n, phonenumbers.INTERNATIONAL)
}

// numbers finds what may be telephone numbers in a text.
var numbers = regexp.MustCompile(`\+?\d[\d ().\x{a0}-]{1,24}\d`)

// phoneIn returns the first number in a text that fits the slot.
func phoneIn(s *event.Slot, text string) (string, bool) {
	for _, candidate := range numbers.FindAllString(text, 20) {
		if v, ok := phone(s, candidate); ok {
			return v, true
		}
	}
	return "", false
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}
