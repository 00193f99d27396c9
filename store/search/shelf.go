package search

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// A shelf holds entries in buckets by how their words begin.
type shelf struct {
	buckets map[string][]uint32
	heads   []string // of the buckets, in order
}

// head is how many characters of a word choose its bucket.
const head = 3

func headOf(word string) string { return firstRunes(word, head) }

// headsOf are the buckets of an entry's words, on each shelf.
func headsOf(words string) (out [tiers]map[string]bool) {
	for i := range out {
		out[i] = map[string]bool{}
	}
	title := true
	for section := range strings.SplitSeq(words, "\n") {
		for i, w := range strings.Split(section, "\x00") {
			if i == 0 {
				continue // before the first
			}
			h := headOf(w)
			out[byAny][h] = true
			if title {
				out[byTitle][h] = true
			}
			if title && i == 1 {
				out[byLeading][h] = true
			}
		}
		title = false
	}
	return out
}

// move takes an entry from buckets to others.
func (s *shelf) move(n uint32, from, to map[string]bool) {
	for h := range from {
		if to[h] {
			continue
		}
		b := s.buckets[h]
		i := slices.Index(b, n)
		b[i] = b[len(b)-1]
		s.buckets[h] = b[:len(b)-1]
	}
	for h := range to {
		if from[h] {
			continue
		}
		if _, ok := s.buckets[h]; !ok {
			h = strings.Clone(h)
			i, _ := slices.BinarySearch(s.heads, h)
			s.heads = slices.Insert(s.heads, i, h)
		}
		s.buckets[h] = append(s.buckets[h], n)
	}
}

// candidates are the buckets of words that begin so.
func (s *shelf) candidates(word string) []string {
	h := headOf(word)
	if utf8.RuneCountInString(word) >= head {
		return []string{h}
	}
	from, _ := slices.BinarySearch(s.heads, h)
	to := from
	for to < len(s.heads) && strings.HasPrefix(s.heads[to], h) {
		to++
	}
	return s.heads[from:to]
}

// weight is how many entries a word leads to, at most.
func (s *shelf) weight(word string) (n int) {
	for _, bucket := range s.candidates(word) {
		n += len(s.buckets[bucket])
	}
	return n
}
