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

// The kinds of features. Each kind is brought to length one by itself.
const (
	ofWords = iota
	ofLetters
	kinds
)

// A gram is a feature as it stands in a text, before anyone knows it.
type gram struct {
	hash uint64
	kind uint8
}

// The lengths of the pieces of words, in letters with the word's two edges.
const (
	shortest = 2
	longest  = 5
)

// grams calls take with every word, every two words that follow one another,
// and every piece of a word. With what says what it is, for people to read.
func grams(tokens []string, take func(g gram, what string)) {
	for i, w := range tokens {
		take(gram{hash(1, w), ofWords}, w)
		if i > 0 {
			two := tokens[i-1] + " " + w
			take(gram{hash(2, two), ofWords}, two)
		}
		if w[0] == '<' || w == "?" {
			continue
		}
		edged := "<" + w + ">"
		starts := runeStarts(edged)
		for n := shortest; n <= longest; n++ {
			for j := 0; j+n < len(starts); j++ {
				piece := edged[starts[j]:starts[j+n]]
				take(gram{hash(3, piece), ofLetters}, piece)
			}
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
}

// learnVocabulary reads texts. Features that fewer than least have are not known.
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
		if c.n >= int32(least) {
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
	}
	v.words.index()
}

func (v *vocabulary) size() int { return len(v.hashes) }

// read returns the features of a text in the order of their ids: sublinear
// counts times rarity, each kind of length one.
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
		terms[i].value = t.value / float32(math.Sqrt(square[v.kind[t.id]]))
	}
	return terms
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

// cosine is how alike two texts are, from 0 to 1.
func cosine(a, b []term) float32 {
	var dot float32
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch cmp.Compare(a[i].id, b[j].id) {
		case -1:
			i++
		case 1:
			j++
		default:
			dot += a[i].value * b[j].value
			i++
			j++
		}
	}
	if n := norm2(a) * norm2(b); n > 0 {
		return dot / float32(math.Sqrt(float64(n)))
	}
	return 0
}
