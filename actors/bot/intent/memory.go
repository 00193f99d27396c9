package intent

import (
	"math"
	"slices"
)

// A memory finds the samples that are most like a text. It looks at what is
// rare only: what many share says little and takes long.
type memory struct {
	voc    *vocabulary
	starts []uint32  // where each feature's samples begin in lists
	lists  []uint32  // samples
	length []float32 // of each sample's rare features
	rare   float32   // the idf from which a feature is rare
}

// signs are what a text shows besides the scores: how like the nearest sample
// it is, and how much of its words' weight is known.
type signs struct{ nearest, known float32 }

func newMemory(voc *vocabulary, lessons []lesson) *memory {
	n := len(lessons)
	most := max(20, n/25)
	m := &memory{voc: voc, length: make([]float32, n), rare: float32(math.Log(float64(1+n)/float64(1+most)) + 1)}
	counts := make([]uint32, voc.size()+1)
	for _, l := range lessons {
		for _, t := range l.x {
			if m.tells(t) {
				counts[t.id+1]++
			}
		}
	}
	for i := 1; i < len(counts); i++ {
		counts[i] += counts[i-1]
	}
	m.starts = slices.Clone(counts)
	m.lists = make([]uint32, counts[len(counts)-1])
	for i, l := range lessons {
		for _, t := range l.x {
			if w := voc.idf[t.id]; m.tells(t) {
				m.lists[counts[t.id]] = uint32(i)
				counts[t.id]++
				m.length[i] += w * w
			}
		}
		m.length[i] = float32(math.Sqrt(float64(m.length[i])))
	}
	return m
}

// tells reports whether the memory looks at a feature. Pairs say again what
// their words say.
func (m *memory) tells(t term) bool {
	return m.voc.idf[t.id] >= m.rare && m.voc.kind[t.id] != ofPairs
}

// alike gives each sample its likeness to a text's features, from 0 to 1.
func (m *memory) alike(x []term) []float32 {
	sims := make([]float32, len(m.length))
	var own float32
	for _, t := range x {
		if !m.tells(t) {
			continue
		}
		w := m.voc.idf[t.id]
		own += w * w
		for _, s := range m.lists[m.starts[t.id]:m.starts[t.id+1]] {
			sims[s] += w * w
		}
	}
	if own == 0 {
		return sims
	}
	own = float32(math.Sqrt(float64(own)))
	for i, s := range sims {
		if s > 0 {
			sims[i] = s / own / m.length[i]
		}
	}
	return sims
}

// signs looks at a text, repaired, and its features.
func (m *memory) signs(tokens []string, x []term) signs {
	var s signs
	for _, sim := range m.alike(x) {
		s.nearest = max(s.nearest, sim)
	}
	known := 0
	for _, w := range tokens {
		if m.voc.words.count[w] > 0 {
			known++
		}
	}
	s.known = float32(known) / float32(max(len(tokens), 1))
	return s
}
