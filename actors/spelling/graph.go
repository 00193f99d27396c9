package spelling

import (
	"encoding/binary"
	"errors"
	"slices"
	"strings"
)

/*
A graph is a set of words as a minimal acyclic automaton: words with the same
beginning share it, and so do words with the same ending. It is read where it
lies, in the bytes it was written as:

	"CTW1"  letters  arcs  letter…  arc…

all numbers in four bytes, the small end first. An arc is

	bits 0–6 letter | 7 last of its state | 8 ends a word | 9 a word that is not suggested | 10–31 target

where the target is the number of the first arc of the next state, and none
if it is 0. The first arc of the first state is number 1.
*/
type graph struct {
	letters []rune        // by their numbers
	number  map[rune]int8 // of a letter
	arcs    string        // four bytes each; what number 0 holds is where the words begin
	costs   [][]uint8     // of one letter for another
	omitted []int16       // what each costs that is not typed
}

// An arc is one letter of the words that lead through it.
type arc uint32

const (
	magic      = "CTW1"
	mostLetter = 127
	mostArcs   = 1 << 22

	lastArc   arc = 1 << 7
	endsWord  arc = 1 << 8
	hiddenEnd arc = 1 << 9
)

func (a arc) letter() int    { return int(a & 0x7f) }
func (a arc) is(b arc) bool  { return a&b != 0 }
func (a arc) target() uint32 { return uint32(a) >> 10 }

var errNoGraph = errors.New("these are not the bytes of a graph of words")

// read returns the graph that was written as s.
func read(s string) (*graph, error) {
	head, ok := strings.CutPrefix(s, magic)
	if !ok || len(head) < 8 {
		return nil, errNoGraph
	}
	letters, arcs := int(number(head, 0)), int(number(head, 1))
	if letters > mostLetter || arcs < 1 || arcs > mostArcs || len(head) != 8+4*letters+4*arcs {
		return nil, errNoGraph
	}
	g := &graph{number: map[rune]int8{}, arcs: head[8+4*letters:]}
	for i := range letters {
		r := rune(number(head, 2+i))
		g.letters, g.number[r] = append(g.letters, r), int8(i)
	}
	g.costs, g.omitted = costs(g.letters), omissions(g.letters)
	return g, nil
}

func number(s string, i int) uint32 {
	s = s[4*i : 4*i+4]
	return uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24
}

func (g *graph) arc(i uint32) arc { return arc(number(g.arcs, int(i))) }

func (g *graph) root() uint32 { return g.arc(0).target() }

// has reports whether a word is there letter for letter, but that an ё may be
// written as an е, and whether it may be suggested.
func (g *graph) has(word []rune) (there, hidden bool) {
	return g.hasFrom(g.root(), word)
}

func (g *graph) hasFrom(state uint32, word []rune) (there, hidden bool) {
	if state == 0 || len(word) == 0 {
		return false, false
	}
	for i := state; ; i++ {
		a := g.arc(i)
		if stands(word[0], g.letters[a.letter()]) {
			if len(word) == 1 && a.is(endsWord) {
				return true, a.is(hiddenEnd)
			}
			if there, hidden := g.hasFrom(a.target(), word[1:]); there {
				return there, hidden
			}
		}
		if a.is(lastArc) {
			return false, false
		}
	}
}

// stands reports whether a typed letter is good for the one of a word.
func stands(typed, letter rune) bool {
	return typed == letter || typed == 'е' && letter == 'ё' || typed == 'Е' && letter == 'Ё'
}

// An Entry is a word of a graph.
type Entry struct {
	Word   string
	Hidden bool // it is a word, but it is not suggested
}

// Build returns the bytes of the graph of some words, which are the same for
// the same words in any order. Words with a letter too many are left out: a
// graph has at most 127 different ones.
func Build(entries []Entry) []byte {
	b := builder{number: map[rune]uint32{}, known: map[string]uint32{}, open: make([][]arc, 1), arcs: make([]arc, 1)}
	b.spell(entries)
	words := make([]labelled, 0, len(entries))
	for _, e := range entries {
		if w, ok := b.label(e); ok {
			words = append(words, w)
		}
	}
	slices.SortFunc(words, func(x, y labelled) int { return strings.Compare(x.text, y.text) })
	for i, w := range words {
		if i == 0 || w.text != words[i-1].text {
			b.add(w)
		}
	}
	b.close(0)
	b.arcs[0] = arc(b.freeze(b.open[0]) << 10)
	return b.bytes()
}

// A labelled word has the numbers of its letters for letters.
type labelled struct {
	text   string
	hidden bool
}

// A builder makes the automaton of words that come in order. What the last
// word leads through is open; the rest is as it will stay.
type builder struct {
	letters []rune
	number  map[rune]uint32
	known   map[string]uint32 // states by what they hold
	open    [][]arc
	last    string
	arcs    []arc
}

// spell numbers the letters, the most frequent first, and in their order where
// they are as frequent.
func (b *builder) spell(entries []Entry) {
	count := map[rune]int{}
	for _, e := range entries {
		for _, r := range e.Word {
			count[r]++
		}
	}
	for r := range count {
		b.letters = append(b.letters, r)
	}
	slices.SortFunc(b.letters, func(x, y rune) int {
		if d := count[y] - count[x]; d != 0 {
			return d
		}
		return int(x - y)
	})
	b.letters = b.letters[:min(len(b.letters), mostLetter)]
	for i, r := range b.letters {
		b.number[r] = uint32(i)
	}
}

func (b *builder) label(e Entry) (labelled, bool) {
	var text []byte
	for _, r := range e.Word {
		n, ok := b.number[r]
		if !ok {
			return labelled{}, false
		}
		text = append(text, byte(n))
	}
	return labelled{string(text), e.Hidden}, len(text) > 0
}

func (b *builder) add(w labelled) {
	shared := 0
	for shared < min(len(w.text), len(b.last)) && w.text[shared] == b.last[shared] {
		shared++
	}
	b.close(shared)
	for i := shared; i < len(w.text); i++ {
		a := arc(w.text[i])
		if i == len(w.text)-1 {
			a |= endsWord
			if w.hidden {
				a |= hiddenEnd
			}
		}
		b.open[i] = append(b.open[i], a)
		b.open = append(b.open, nil)
	}
	b.last = w.text
}

// close gives the states behind a depth their places.
func (b *builder) close(depth int) {
	for i := len(b.open) - 1; i > depth; i-- {
		above := b.open[i-1]
		above[len(above)-1] |= arc(b.freeze(b.open[i]) << 10)
	}
	b.open = b.open[:depth+1]
}

// freeze returns the place of a state, which it shares with its like.
func (b *builder) freeze(state []arc) uint32 {
	if len(state) == 0 {
		return 0
	}
	state[len(state)-1] |= lastArc
	var key []byte
	for _, a := range state {
		key = binary.LittleEndian.AppendUint32(key, uint32(a))
	}
	at, ok := b.known[string(key)]
	if !ok {
		at = uint32(len(b.arcs))
		b.known[string(key)] = at
		b.arcs = append(b.arcs, state...)
	}
	return at
}

func (b *builder) bytes() []byte {
	out := binary.LittleEndian.AppendUint32([]byte(magic), uint32(len(b.letters)))
	out = binary.LittleEndian.AppendUint32(out, uint32(len(b.arcs)))
	for _, r := range b.letters {
		out = binary.LittleEndian.AppendUint32(out, uint32(r))
	}
	for _, a := range b.arcs {
		out = binary.LittleEndian.AppendUint32(out, uint32(a))
	}
	return out
}
