package spelling

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// words returns every word of a graph that is suggested.
func (g *graph) words() (out []string) {
	var walk func(state uint32, begun []rune)
	walk = func(state uint32, begun []rune) {
		for i := state; ; i++ {
			a := g.arc(i)
			word := append(begun, g.letters[a.letter()])
			if a.is(endsWord) && !a.is(hiddenEnd) {
				out = append(out, string(word))
			}
			if a.target() != 0 {
				walk(a.target(), word)
			}
			if a.is(lastArc) {
				return
			}
		}
	}
	walk(g.root(), nil)
	return out
}

// A typist makes one slip a word, as people at a keyboard do: a third of them
// is the key beside, a quarter a letter left out, the rest are letters that
// change places, that come twice, that sound alike, and keys that are brushed.
type typist struct {
	*rand.Rand
	alphabet []rune
}

func newTypist(g *graph) typist {
	t := typist{Rand: rand.New(rand.NewPCG(7, 7))}
	for _, r := range g.letters {
		if _, ok := places[r]; ok {
			t.alphabet = append(t.alphabet, r)
		}
	}
	return t
}

func (t typist) slip(word string) string {
	w := []rune(word)
	i := t.IntN(len(w))
	switch n := t.IntN(100); {
	case n < 33:
		w[i] = t.one(func(r rune) bool { return beside(r, w[i]) }, w[i])
	case n < 58:
		w = slices.Delete(w, i, i+1)
	case n < 73 && i > 0:
		w[i-1], w[i] = w[i], w[i-1]
	case n < 81:
		w = slices.Insert(w, i, w[i])
	case n < 92:
		w[i] = t.one(func(r rune) bool { return sound(r, w[i]) && r != w[i] }, w[i])
	default:
		w = slices.Insert(w, i, t.one(func(r rune) bool { return beside(r, w[i]) }, w[i]))
	}
	return string(w)
}

// one returns a letter of which something is true, or else the one given.
func (t typist) one(is func(rune) bool, or rune) rune {
	var fit []rune
	for _, r := range t.alphabet {
		if is(r) {
			fit = append(fit, r)
		}
	}
	if len(fit) == 0 {
		return or
	}
	return fit[t.IntN(len(fit))]
}

// A slip is a word and what was typed for it.
type slip struct{ word, typed string }

// slips makes slips that are no words themselves.
func slips(s *Speller, g *graph, n int) (out []slip) {
	t, words := newTypist(g), g.words()
	for len(out) < n {
		word := words[t.IntN(len(words))]
		if letters := []rune(word); len(letters) < 4 || styleOf(letters) != small {
			continue
		}
		if typed := t.slip(word); !s.Check(typed, "").Known {
			out = append(out, slip{word, typed})
		}
	}
	return out
}

// hits counts how often of a thousand times the word is the first that is
// suggested, among the first three, and among all.
func hits(s *Speller, all []slip) (one, three, five int) {
	for _, x := range all {
		at := slices.IndexFunc(s.Check(x.typed, "").Suggestions, func(f string) bool { return Fold(f) == Fold(x.word) })
		if at == 0 {
			one++
		}
		if at >= 0 && at < 3 {
			three++
		}
		if at >= 0 {
			five++
		}
	}
	return one * 1000 / len(all), three * 1000 / len(all), five * 1000 / len(all)
}

// proves OP-15: what was meant is among what is suggested.
func TestOP15_SlipsAreMended(t *testing.T) {
	s := New()
	for _, tt := range []struct {
		name             string
		g                *graph
		one, three, five int
	}{
		{"Russian", s.russian, 900, 985, 995},
		{"English", s.english, 900, 975, 990},
	} {
		one, three, five := hits(s, slips(s, tt.g, 2000))
		t.Logf("%s: of 1000 %d are the first, %d among the first three, %d among the five", tt.name, one, three, five)
		if one < tt.one || three < tt.three || five < tt.five {
			t.Errorf("%s: %d %d %d of 1000, want at least %d %d %d", tt.name, one, three, five, tt.one, tt.three, tt.five)
		}
	}
}

// BenchmarkSuggest is one word that is wrong.
func BenchmarkSuggest(b *testing.B) {
	s := New()
	for name, g := range map[string]*graph{"russian": s.russian, "english": s.english} {
		b.Run(name, func(b *testing.B) {
			all := slips(s, g, 2000)
			b.ReportAllocs()
			b.ResetTimer()
			for i := range b.N {
				s.Check(all[i%len(all)].typed, "")
			}
		})
	}
}

// BenchmarkKnown is one word that is right.
func BenchmarkKnown(b *testing.B) {
	s := New()
	words := s.russian.words()
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		s.Check(words[i*977%len(words)], "ru")
	}
}
