package spelling

import (
	"strings"
	"unicode"
)

// What a slip costs, in hundredths of one that has no excuse. A word may cost
// this much, or twice as much if nothing is found for less.
const (
	full = 100

	otherCase = 5  // москва for Москва
	dots      = 1  // е for ё: both are right
	needless  = 20 // ё for е
	sounds    = 60 // what is heard the same
	touches   = 70 // the key beside it
	swapped   = 60 // two letters in the other order
	left      = 75 // a letter that is not typed
	leftTwin  = 45 // one of two that are the same
	leftSign  = 55 // a soft sign, a hyphen, an apostrophe
	twin      = 45 // a letter typed twice
	brushed   = 65 // one more, by a key that was touched too
	added     = 95 // one more
	begins    = 20 // more for the first letter, which people see

	cheapest = min(leftTwin, twin) // of what makes a word longer or shorter
	never    = 1 << 12             // more than any word may cost
)

// alike are letters that are mistaken for each other by ear.
var alike = [...]string{"оа", "еи", "ея", "иы", "еэ", "зс", "бп", "вф", "дт", "гк", "жш", "шщ", "ьъ", "цс", "ёо", "юу",
	"ae", "ei", "iy", "ou", "ck", "cs", "sz", "ao", "ai"}

// costs is what each letter costs for each other, typed first.
func costs(letters []rune) [][]uint8 {
	out := make([][]uint8, len(letters))
	for i, typed := range letters {
		out[i] = costsOf(typed, letters)
	}
	return out
}

// costsOf is what a letter costs that is typed for each of some.
func costsOf(typed rune, letters []rune) []uint8 {
	out := make([]uint8, len(letters))
	for i, letter := range letters {
		out[i] = uint8(mistaken(typed, letter))
	}
	return out
}

// mistaken is what it costs to type one letter for another.
func mistaken(typed, letter rune) int {
	small := unicode.ToLower(letter)
	switch {
	case typed == letter:
		return 0
	case stands(typed, letter):
		return dots
	case typed == small:
		return otherCase
	case typed == 'ё' && small == 'е':
		return needless
	case sound(typed, small):
		return sounds
	case beside(typed, small):
		return touches
	}
	return full
}

func sound(a, b rune) bool {
	for _, pair := range alike {
		if strings.ContainsRune(pair, a) && strings.ContainsRune(pair, b) {
			return true
		}
	}
	return false
}

// omissions is what each letter costs that is not typed. One that repeats the
// letter before it costs [leftTwin].
func omissions(letters []rune) []int16 {
	out := make([]int16, len(letters))
	for i, letter := range letters {
		out[i] = left
		if strings.ContainsRune("ьъ-'", letter) {
			out[i] = leftSign
		}
	}
	return out
}

// extra is what the letter at i costs as one too many.
func extra(word []rune, i int) int {
	switch {
	case i > 0 && word[i] == word[i-1]:
		return twin
	case i > 0 && beside(word[i], word[i-1]), i+1 < len(word) && beside(word[i], word[i+1]):
		return brushed
	}
	return added
}
