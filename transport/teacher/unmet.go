package teacher

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
)

// An Unmet is what customers ask often and no article answers.
type Unmet struct {
	Texts []string `json:"texts"` // as some of them put it, the most telling first
	Count int      `json:"count"` // of conversations
}

// A said is what a customer said in a conversation.
type said struct{ conversation, text string }

// Bounds on groups.
const (
	mostGroups  = 20
	leastGroup  = 3   // conversations
	mostTexts   = 5   // shown of a group
	longestText = 300 // characters
	alike       = 0.5 // of the weight of their words
)

// A group is of messages with about the same words.
type group struct {
	words   map[string]bool // of its first message
	texts   []string
	talks   map[string]bool
	ordinal int
}

// unmet brings messages together that say about the same, and returns the
// largest groups. The same messages in the same order give the same.
func unmet(all []said) (out []Unmet) {
	words := make([][]string, len(all))
	frequent := map[string]int{}
	for i, s := range all {
		words[i] = stems(s.text)
		for _, w := range words[i] {
			frequent[w]++
		}
	}
	most := max(10, len(all)/8)
	var groups []*group
	with := map[string][]*group{} // by a word of theirs
	for i, s := range all {
		own := slices.DeleteFunc(words[i], func(w string) bool { return frequent[w] > most })
		if len(own) == 0 {
			continue
		}
		g := nearest(own, with)
		if g == nil {
			g = &group{words: map[string]bool{}, talks: map[string]bool{}, ordinal: len(groups)}
			for _, w := range own {
				g.words[w] = true
				with[w] = append(with[w], g)
			}
			groups = append(groups, g)
		}
		g.talks[s.conversation] = true
		if t := shortened(s.text); len(g.texts) < mostTexts && !slices.Contains(g.texts, t) {
			g.texts = append(g.texts, t)
		}
	}
	groups = slices.DeleteFunc(groups, func(g *group) bool { return len(g.talks) < leastGroup })
	slices.SortFunc(groups, func(a, b *group) int {
		return cmp.Or(len(b.talks)-len(a.talks), a.ordinal-b.ordinal)
	})
	for _, g := range groups[:min(len(groups), mostGroups)] {
		out = append(out, Unmet{g.texts, len(g.talks)})
	}
	return out
}

// nearest returns the group that shares most with a message's words, if that is
// enough.
func nearest(words []string, with map[string][]*group) *group {
	shared := map[*group]int{}
	for _, w := range words {
		for _, g := range with[w] {
			shared[g]++
		}
	}
	var best *group
	var most float64
	for g, n := range shared {
		like := float64(n) / float64(len(words)+len(g.words)-n)
		if like > most || like == most && best != nil && g.ordinal < best.ordinal {
			best, most = g, like
		}
	}
	if most < alike {
		return nil
	}
	return best
}

// stems are the beginnings of a text's words of three letters or more, each once.
func stems(text string) []string {
	const beginning = 5
	var out []string
	for _, w := range strings.FieldsFunc(fold(text), func(r rune) bool { return !unicode.IsLetter(r) }) {
		r := []rune(w)
		if len(r) < 3 {
			continue
		}
		if w = string(r[:min(len(r), beginning)]); !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

// fold makes one of what readers take for the same: letters' case, ё and е.
func fold(text string) string { return strings.ReplaceAll(strings.ToLower(text), "ё", "е") }

// plain is a text as it is compared: its words, folded, and nothing else.
func plain(text string) string {
	return strings.Join(strings.FieldsFunc(fold(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r)
	}), " ")
}

func shortened(text string) string {
	r := []rune(strings.Join(strings.Fields(text), " "))
	if len(r) > longestText {
		return string(r[:longestText-1]) + "…"
	}
	return string(r)
}
