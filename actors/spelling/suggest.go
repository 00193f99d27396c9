package spelling

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// What other slips cost than those of letters.
const (
	otherKeys = 1  // the other layout: a word comes out of it by no accident
	glyphs    = 0  // letters that look alike
	dashed    = 45 // a hyphen that is missing
	joined    = 62 // a space that is missing behind a small word
	together  = 90 // or elsewhere

	worst = 2 * full // of a word that has nothing nearer
)

// suggest returns what a word may have been to be.
func (c check) suggest(word []rune) []string {
	s := styleOf(word)
	all := append(c.other(word), c.divided(word)...)
	typed := lower(word)
	limit := full + begins
	edits := c.near(typed, limit)
	if len(edits) == 0 && len(all) == 0 {
		edits = append(c.parts(word), c.near(typed, worst)...)
	}
	all = append(all, edits...)
	slices.SortStableFunc(all, compare)
	var out []string
	seen := map[string]bool{}
	for _, f := range all {
		if folded := Fold(f.word); !seen[folded] && len(out) < Most {
			seen[folded] = true
			out = append(out, s.like(f.word))
		}
	}
	return out
}

// near returns the words that are a few slips away.
func (c check) near(word []rune, limit int) []found {
	var out []found
	switch {
	case isCyrillic(word):
		out = c.russian.near(word, limit, 2*Most)
	case isLatin(word):
		out = c.english.near(word, limit, 2*Most)
	}
	for _, w := range c.own {
		out = append(out, w.graph.near(word, limit, Most)...)
	}
	return out
}

// other returns the word of the other layout, or of one script alone.
func (c check) other(word []rune) (out []found) {
	if other, ok := otherLayout(word); ok && letters(other) > 1 && c.isWord(other) {
		out = append(out, found{string(other), otherKeys})
	}
	if other, ok := oneScript(word); ok && !slices.Equal(other, word) && c.isWord(other) {
		out = append(out, found{string(other), glyphs})
	}
	return out
}

// parts mends what hyphens divide, if one part is wrong.
func (c check) parts(word []rune) (out []found) {
	parts := strings.Split(string(word), "-")
	for i, p := range parts {
		part := []rune(p)
		if len(parts) == 1 || !isLooked(part) || c.known(part) {
			continue
		}
		for _, f := range c.near(lower(part), full+begins) {
			mended := slices.Clone(parts)
			mended[i] = styleOf(part).like(f.word)
			if whole := []rune(strings.Join(mended, "-")); c.known(whole) {
				out = append(out, found{string(whole), f.cost})
			}
		}
	}
	return out
}

// Small words that are written together with the next one most, and those of
// one letter with which that happens seldom but by accident often.
var (
	before = strings.Fields("без бы в во да для до же за из или к как ко ли на над не ни но об от по под при про с со то что " +
		"an as at by for in is it no not of on or so the to up we")
	seldom = strings.Fields("а и о у я a i")
)

// divided returns words that were written as one: with a hyphen between them,
// or with a space.
func (c check) divided(word []rune) (out []found) {
	for i := 1; i < len(word) && len(word) >= 4; i++ {
		first, second := word[:i], word[i:]
		if hyphenates(strings.ToLower(string(first)), strings.ToLower(string(second))) && c.isWord(first) && c.isWord(second) {
			out = append(out, found{string(first) + "-" + string(second), dashed})
		}
		if cost := gap(first, second); cost < never && c.isWord(first) && c.isWord(second) {
			out = append(out, found{string(first) + " " + string(second), cost})
		}
	}
	slices.SortStableFunc(out, func(a, b found) int {
		if a.cost != b.cost {
			return a.cost - b.cost
		}
		return balance(a.word) - balance(b.word)
	})
	return out[:min(len(out), 2)]
}

// gap is what it costs to leave out the space between two words, which the
// second of them must be long enough for.
func gap(first, second []rune) int {
	small := strings.ToLower(string(first))
	switch {
	case len(second) < 3 && !(len(first) > 3 && slices.Contains(before, strings.ToLower(string(second)))):
		return never
	case slices.Contains(before, small):
		return joined
	case len(first) >= 3, slices.Contains(seldom, small):
		return together
	}
	return never
}

// hyphenates reports whether Russian puts a hyphen between two words.
func hyphenates(first, second string) bool {
	adverb := strings.HasSuffix(second, "ски") || strings.HasSuffix(second, "ому") || strings.HasSuffix(second, "ему")
	switch {
	case slices.Contains([]string{"то", "либо", "нибудь", "таки"}, second),
		first == "из" && (second == "за" || second == "под"),
		first == "кое":
		return true
	}
	return first == "по" && adverb
}

// balance is how uneven two words are: those of a kind are likelier.
func balance(two string) int {
	i := strings.IndexAny(two, " -")
	d := utf8.RuneCountInString(two[:i]) - utf8.RuneCountInString(two[i+1:])
	return max(d, -d)
}
