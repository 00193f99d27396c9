package intent

import (
	"cmp"
	"math"
	"slices"
)

// A term is one feature of one text: which, and how much of it there is.
type term struct {
	id    uint32
	value float32
}

// The kinds of features.
const (
	ofWords = iota
	ofLetters
	ofPairs
	kinds
)

// lengths are what each kind of a text's features is brought to by itself.
var lengths = [kinds]float32{1, 1, 0.6}

// A gram is a feature as it stands in a text, before anyone knows it.
type gram struct {
	hash  uint64
	kind  uint8
	words uint64 // of the text that it is made of: a bit for each, the first again after 64
}

// The lengths of the pieces of words, in letters with the word's two edges; how
// far apart two words may be to be a pair, and how many letters of each are.
const (
	shortest = 2
	longest  = 4
	farthest = 8
	stem     = 4
)

// grams calls take with every word, every two words that follow one another,
// the beginnings of every pair of others in whatever order, and every piece of a
// word; and with what it is, for people to read.
func grams(tokens []string, take func(g gram, what string)) {
	stems := make([]string, len(tokens))
	for i, w := range tokens {
		stems[i] = beginning(w)
		own := uint64(1) << (i % 64)
		take(gram{hash(1, w), ofWords, own}, w)
		if i > 0 {
			two := tokens[i-1] + " " + w
			take(gram{hash(2, two), ofWords, own | 1<<((i-1)%64)}, two)
		}
		for j := i - 2; j >= max(0, i-farthest); j-- {
			pair := min(stems[i], stems[j]) + " … " + max(stems[i], stems[j])
			take(gram{hash(4, pair), ofPairs, own | 1<<(j%64)}, pair)
		}
		if w[0] != '<' && w != "?" {
			pieces(w, own, take)
		}
	}
}

// beginning is what most forms of a word have in common.
func beginning(w string) string {
	n := 0
	for i := range w {
		if n++; n > stem {
			return w[:i]
		}
	}
	return w
}

// pieces calls take with every piece of a word.
func pieces(w string, own uint64, take func(g gram, what string)) {
	edged := "<" + w + ">"
	starts := runeStarts(edged)
	for n := shortest; n <= longest; n++ {
		for j := 0; j+n < len(starts); j++ {
			piece := edged[starts[j]:starts[j+n]]
			take(gram{hash(3, piece), ofLetters, own}, piece)
		}
	}
}

// runeStarts is where each letter of a word begins, and where the word ends.
func runeStarts(word string) []int {
	starts := make([]int, 0, len(word)+1)
	for i := range word {
		starts = append(starts, i)
	}
	return append(starts, len(word))
}

// hash is FNV-1a of a text, of its kind, well mixed.
func hash(kind uint64, text string) uint64 {
	h := 14695981039346656037 ^ kind*0x9e3779b97f4a7c15
	for i := 0; i < len(text); i++ {
		h = (h ^ uint64(text[i])) * 1099511628211
	}
	return stir(h)
}

// A vocabulary is what a model can read: its features with their weights, and
// its words with how often they were met.
type vocabulary struct {
	hashes []uint64 // sorted; a feature's id is its place
	idf    []float32
	kind   []uint8
	ids    map[uint64]uint32
	words  lexicon
	rarest float32 // the idf of what is met once
}

// learnVocabulary reads texts. Features that fewer than least have are not
// known, nor pairs that one alone has.
func learnVocabulary(texts [][]string, least int) *vocabulary {
	type count struct {
		n, last int32
		kind    uint8
	}
	counts := map[uint64]count{}
	v := &vocabulary{words: lexicon{count: map[string]uint32{}}}
	for i, tokens := range texts {
		for _, w := range tokens {
			v.words.count[w]++
		}
		grams(tokens, func(g gram, _ string) {
			c, ok := counts[g.hash]
			if !ok || c.last != int32(i) {
				counts[g.hash] = count{c.n + 1, int32(i), g.kind}
			}
		})
	}
	for h, c := range counts {
		if c.n >= int32(least) && (c.kind != ofPairs || c.n > 1) {
			v.hashes = append(v.hashes, h)
		}
	}
	slices.Sort(v.hashes)
	for _, h := range v.hashes {
		c := counts[h]
		v.kind = append(v.kind, c.kind)
		v.idf = append(v.idf, float32(math.Log(float64(1+len(texts))/float64(1+c.n))+1))
	}
	v.index()
	return v
}

// index makes what is derived from the rest.
func (v *vocabulary) index() {
	v.ids = make(map[uint64]uint32, len(v.hashes))
	for i, h := range v.hashes {
		v.ids[h] = uint32(i)
		v.rarest = max(v.rarest, v.idf[i])
	}
	v.words.index()
}

func (v *vocabulary) size() int { return len(v.hashes) }

// read returns the features of a text in the order of their ids: sublinear
// counts times rarity, each kind of its length.
func (v *vocabulary) read(tokens []string) []term {
	var ids []uint32
	grams(tokens, func(g gram, _ string) {
		if id, ok := v.ids[g.hash]; ok {
			ids = append(ids, id)
		}
	})
	slices.Sort(ids)
	terms := make([]term, 0, len(ids))
	var square [kinds]float64
	for i := 0; i < len(ids); {
		j := i
		for j < len(ids) && ids[j] == ids[i] {
			j++
		}
		x := (1 + float32(math.Log(float64(j-i)))) * v.idf[ids[i]]
		terms = append(terms, term{ids[i], x})
		square[v.kind[ids[i]]] += float64(x) * float64(x)
		i = j
	}
	for i, t := range terms {
		kind := v.kind[t.id]
		terms[i].value = t.value * lengths[kind] / float32(math.Sqrt(square[kind]))
	}
	return terms
}

// lesson reads a text to learn from: its features, and which words of the text
// each of them was first met in.
func (v *vocabulary) lesson(tokens []string) lesson {
	l := lesson{x: v.read(tokens)}
	l.words = make([]uint64, len(l.x))
	grams(tokens, func(g gram, _ string) {
		id, ok := v.ids[g.hash]
		if !ok {
			return
		}
		i, _ := slices.BinarySearchFunc(l.x, id, func(t term, id uint32) int { return cmp.Compare(t.id, id) })
		if l.words[i] == 0 {
			l.words[i] = g.words
		}
	})
	return l
}

// named returns what the features of a text are called, by id.
func (v *vocabulary) named(tokens []string) map[uint32]string {
	names := map[uint32]string{}
	grams(tokens, func(g gram, what string) {
		if id, ok := v.ids[g.hash]; ok {
			names[id] = what
		}
	})
	return names
}

// norm2 is the square of the length of a text's features.
func norm2(x []term) (sum float32) {
	for _, t := range x {
		sum += t.value * t.value
	}
	return sum
}
