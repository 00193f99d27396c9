package intent

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
)

// The first bytes of a model, and the version of what follows. Another version
// is not read: a model is made anew from its examples.
const (
	magic   = "ctintent"
	version = 2
)

// ErrVersion is returned for a model that another version has written.
var ErrVersion = errors.New("the model was written by another version")

// errShort is returned for bytes that end too early or make no sense.
var errShort = errors.New("the model is damaged")

// Encode returns the model as bytes. The same model gives the same.
func (m *Model) Encode() []byte {
	w := writer{b: []byte(magic)}
	w.number(version)
	w.text(m.language)
	w.number(len(m.articles))
	for _, a := range m.articles {
		w.text(a)
	}
	w.number(m.classes)
	w.vocabulary(m.voc)
	w.number(len(m.members))
	for i, one := range m.members {
		w.number(int(m.lineup[i]))
		w.member(one)
	}
	w.floats(m.mix.heats)
	w.floats(m.mix.shares)
	w.floats([]float32{m.mix.edge, m.sureAt, m.margin})
	w.floats(m.scope.weights[:])
	for _, s := range []stair{m.shown, m.others} {
		w.floats(s.at)
		w.floats(s.value)
	}
	w.number(len(m.proofs))
	for _, p := range m.proofs {
		w.floats([]float32{p.from, p.right})
	}
	w.number(len(m.samples))
	for _, s := range m.samples {
		w.text(s.text)
		w.number(s.class)
	}
	return w.b
}

// A writer appends to bytes.
type writer struct{ b []byte }

func (w *writer) number(n int) { w.b = binary.AppendUvarint(w.b, uint64(n)) }

func (w *writer) text(s string) {
	w.number(len(s))
	w.b = append(w.b, s...)
}

func (w *writer) floats(x []float32) {
	w.number(len(x))
	for _, v := range x {
		w.b = binary.LittleEndian.AppendUint32(w.b, math.Float32bits(v))
	}
}

func (w *writer) vocabulary(v *vocabulary) {
	w.number(len(v.hashes))
	for i, h := range v.hashes {
		w.b = binary.LittleEndian.AppendUint64(w.b, h)
		w.b = append(w.b, v.kind[i])
	}
	w.floats(v.idf)
	words := make([]string, 0, len(v.words.count))
	for word := range v.words.count {
		words = append(words, word)
	}
	slices.Sort(words)
	w.number(len(words))
	for _, word := range words {
		w.text(word)
		w.number(int(v.words.count[word]))
	}
}

func (w *writer) packed(p packed) {
	w.number(p.width)
	w.floats(p.steps)
	for _, c := range p.cells {
		w.b = append(w.b, byte(c))
	}
}

func (w *writer) member(m member) {
	switch m := m.(type) {
	case linear:
		w.packed(m.rows)
	case *net:
		w.packed(m.rows)
		for _, x := range m.parts() {
			w.floats(*x)
		}
	}
}

// parts are the numbers of a net besides its rows.
func (n *net) parts() []*[]float32 {
	return []*[]float32{&n.gain, &n.shift, &n.in, &n.inBias, &n.out, &n.outBias, &n.classes}
}

// Decode returns the model that was encoded.
func Decode(b []byte) (*Model, error) {
	r := reader{b: b}
	if string(r.take(len(magic))) != magic {
		return nil, errShort
	}
	if v := r.number(); v != version {
		return nil, fmt.Errorf("%w: %d", ErrVersion, v)
	}
	m := &Model{language: r.text()}
	for range r.count(1) {
		m.articles = append(m.articles, r.text())
	}
	m.classes = r.number()
	m.voc = r.vocabulary()
	for range r.count(1) {
		m.lineup = append(m.lineup, kind(r.below(int(lastKind))))
		m.members = append(m.members, r.member(m.lineup[len(m.lineup)-1], m.voc.size(), m.classes))
	}
	m.mix.heats, m.mix.shares = r.floats(len(m.members)), r.floats(len(m.members))
	for i, x := range r.floats(3) {
		*[]*float32{&m.mix.edge, &m.sureAt, &m.margin}[i] = x
	}
	copy(m.scope.weights[:], r.floats(int(clues)))
	for _, s := range []*stair{&m.shown, &m.others} {
		s.at = r.floats(-1)
		s.value = r.floats(len(s.at))
	}
	for range r.count(8) {
		if p := r.floats(2); len(p) == 2 {
			m.proofs = append(m.proofs, proof{p[0], p[1]})
		}
	}
	for range r.count(2) {
		m.samples = append(m.samples, known{r.text(), r.below(m.classes)})
	}
	if r.bad || len(r.b) > 0 || len(m.members) == 0 || m.lineup[0] != machines || m.classes < len(m.articles) || m.classes > len(m.articles)+1 {
		return nil, errShort
	}
	m.remember()
	return m, nil
}

// remember makes the memory of the samples.
func (m *Model) remember() {
	lessons := make([]lesson, len(m.samples))
	for i, s := range m.samples {
		lessons[i] = lesson{x: m.voc.read(tokens(s.text)), class: s.class, weight: 1}
	}
	m.memory = newMemory(m.voc, lessons)
	for i, k := range m.lineup {
		if k == nearest {
			m.members[i] = newNearest(m.memory, lessons)
		}
	}
}

// A reader takes from bytes. What is not there is bad, and then all is empty.
type reader struct {
	b   []byte
	bad bool
}

func (r *reader) take(n int) []byte {
	if r.bad || n < 0 || n > len(r.b) {
		r.bad = true
		return nil
	}
	out := r.b[:n]
	r.b = r.b[n:]
	return out
}

func (r *reader) number() int {
	n, size := binary.Uvarint(r.b)
	if size <= 0 || n > math.MaxInt32 {
		r.bad = true
		return 0
	}
	r.b = r.b[size:]
	return int(n)
}

// count is how many things follow that take at least so many bytes each.
func (r *reader) count(each int) int {
	n := r.number()
	if n > len(r.b)/each {
		r.bad = true
		return 0
	}
	return n
}

func (r *reader) below(n int) int {
	x := r.number()
	if x >= n {
		r.bad = true
		return 0
	}
	return x
}

func (r *reader) text() string { return string(r.take(r.number())) }

// floats returns as many as must be there; -1 is any number.
func (r *reader) floats(must int) []float32 {
	n := r.count(4)
	if must >= 0 && n != must {
		r.bad = true
	}
	b := r.take(4 * n)
	out := make([]float32, len(b)/4)
	for i := range out {
		out[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
	}
	return out
}

func (r *reader) vocabulary() *vocabulary {
	v := &vocabulary{words: lexicon{count: map[string]uint32{}}}
	n := r.count(9)
	for range n {
		b := r.take(9)
		if r.bad || b[8] >= kinds || len(v.hashes) > 0 && binary.LittleEndian.Uint64(b) <= v.hashes[len(v.hashes)-1] {
			r.bad = true
			break
		}
		v.hashes = append(v.hashes, binary.LittleEndian.Uint64(b))
		v.kind = append(v.kind, b[8])
	}
	v.idf = r.floats(n)
	for range r.count(2) {
		word := r.text()
		v.words.count[word] = uint32(r.number())
	}
	if r.bad {
		return &vocabulary{}
	}
	v.index()
	return v
}

func (r *reader) packed(rows, width int) packed {
	p := packed{width: r.number(), steps: r.floats(rows)}
	if p.width != width {
		r.bad = true
	}
	b := r.take(rows * width)
	p.cells = make([]int8, len(b))
	for i, c := range b {
		p.cells[i] = int8(c)
	}
	return p
}

func (r *reader) member(k kind, features, classes int) member {
	switch k {
	case machines, regression, centres:
		return linear{r.packed(features+1, classes)}
	case nearest:
		return nil // it is made of the memory
	case network:
		n := &net{rows: r.packed(features, netWidth)}
		sizes := []int{netWidth, netWidth, netWidth * netHidden, netHidden, netHidden * netWidth, netWidth, netWidth * classes}
		for i, x := range n.parts() {
			*x = r.floats(sizes[i])
		}
		return n
	}
	r.bad = true
	return nil
}
