package spelling

import "unicode"

// The keys of the two layouts, row by row: what is at the same place is on the
// same key.
var (
	latinRows    = [...]string{"`qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,."}
	cyrillicRows = [...]string{"ёйцукенгшщзхъ", "фывапролджэ", "ячсмитьбю"}
	latinShifted = [...]string{"~QWERTYUIOP{}", `ASDFGHJKL:"`, "ZXCVBNM<>"}
)

// shift is how far the rows are from the left, in quarters of a key.
var shift = [...]int{0, 5, 7}

// A place of a key, in quarters of a key from the left, and in rows.
type place struct{ x, row int }

var places = placesOf(latinRows, cyrillicRows)

func placesOf(layouts ...[3]string) map[rune]place {
	out := map[rune]place{}
	for _, rows := range layouts {
		for row, keys := range rows {
			for i, r := range []rune(keys) {
				out[r] = place{4*i + shift[row], row}
			}
		}
	}
	return out
}

// beside reports whether the keys of two small letters touch.
func beside(a, b rune) bool {
	p, ok := places[a]
	q, there := places[b]
	if !ok || !there || a == b {
		return false
	}
	rows, x := p.row-q.row, p.x-q.x
	return rows == 0 && max(x, -x) == 4 || rows*rows == 1 && max(x, -x) <= 3
}

var toCyrillic, toLatin = layouts()

func layouts() (toCyrillic, toLatin map[rune]rune) {
	toCyrillic, toLatin = map[rune]rune{}, map[rune]rune{}
	for row := range latinRows {
		cyrillic := []rune(cyrillicRows[row])
		for i, r := range []rune(latinRows[row]) {
			toCyrillic[r], toLatin[cyrillic[i]] = cyrillic[i], r
		}
		for i, r := range []rune(latinShifted[row]) {
			toCyrillic[r], toLatin[unicode.ToUpper(cyrillic[i])] = unicode.ToUpper(cyrillic[i]), r
		}
	}
	return toCyrillic, toLatin
}

// otherLayout returns what the same keys write in the other layout.
func otherLayout(word []rune) ([]rune, bool) {
	to := toCyrillic
	if isCyrillic(word) {
		to = toLatin
	}
	out := make([]rune, len(word))
	for i, r := range word {
		other, ok := to[r]
		if !ok {
			return nil, false
		}
		out[i] = other
	}
	return out, true
}

// lookalikes are letters of the two scripts that look the same.
var lookalikes = pairs("aаeеoоpрcсyуxхkкAАBВEЕKКMМHНOОPРCСTТXХ")

// pairs makes a map of letters that follow each other, there and back.
func pairs(s string) map[rune]rune {
	out := map[rune]rune{}
	letters := []rune(s)
	for i := 0; i < len(letters); i += 2 {
		out[letters[i]], out[letters[i+1]] = letters[i+1], letters[i]
	}
	return out
}

// oneScript returns a word of which some letters are of the other script, but
// look as if they were of its own.
func oneScript(word []rune) ([]rune, bool) {
	latin := 0
	for _, r := range word {
		if unicode.Is(unicode.Latin, r) {
			latin++
		}
	}
	script := unicode.Cyrillic
	if 2*latin > len(word) {
		script = unicode.Latin
	}
	out := make([]rune, len(word))
	for i, r := range word {
		out[i] = r
		if other, ok := lookalikes[r]; unicode.IsLetter(r) && !unicode.Is(script, r) {
			if !ok {
				return nil, false
			}
			out[i] = other
		}
	}
	return out, true
}

func isCyrillic(word []rune) bool { return all(word, unicode.Cyrillic) }
func isLatin(word []rune) bool    { return all(word, unicode.Latin) }

// all reports whether all letters of a word are of a script.
func all(word []rune, script *unicode.RangeTable) bool {
	for _, r := range word {
		if unicode.IsLetter(r) && !unicode.Is(script, r) {
			return false
		}
	}
	return true
}
