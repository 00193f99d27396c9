package channels

import "strings"

// E164 is a telephone number as it is kept: + and digits. Eleven digits that
// begin with 8 are a Russian number as people write it; whatever has no digits
// is no number.
func E164(s string) string {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
	plus := strings.HasPrefix(strings.TrimSpace(s), "+")
	switch {
	case digits == "":
		return ""
	case len(digits) == 11 && digits[0] == '8' && !plus:
		return "+7" + digits[1:]
	case len(digits) == 10 && digits[0] == '9' && !plus:
		return "+7" + digits
	}
	return "+" + digits
}
