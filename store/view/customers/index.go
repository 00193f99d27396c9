package customers

import (
	"container/heap"
	"slices"
	"strings"
	"unicode/utf8"
)

// head is how many characters of a word choose its bucket.
const head = 3

// An index holds the words of all customers in memory. A bucket holds, by
// number, the customers who have a word that begins in the same way; whether it
// is the one that is looked for is seen at the customer.
type index struct {
	numbers map[string]uint32 // by customer id
	entries []entry
	buckets map[string][]uint32
	heads   []string // of the buckets, in order
	places  []place  // each once; entries name them by number
	placed  map[string]uint32
}

// An entry is a customer in memory.
type entry struct {
	id       string
	words    string // one after the other, each after a zero byte
	places   []uint32
	keepers  []string // of open conversations
	absorbed []string
	last     int64 // Unix seconds
	changed  int64 // the stamp
	part     bool  // of another customer
}

func newIndex() *index {
	return &index{numbers: map[string]uint32{}, buckets: map[string][]uint32{}, placed: map[string]uint32{}}
}

// put takes over what a row says.
func (x *index) put(id string, c *row) {
	n, known := x.numbers[id]
	if !known {
		n = uint32(len(x.entries))
		x.numbers[id] = n
		x.entries = append(x.entries, entry{id: id})
	}
	old := &x.entries[n]
	e := entry{id: old.id, absorbed: slices.Clone(c.Absorbed), part: c.Into != "", last: c.Last.Unix(), changed: c.Changed}
	for _, l := range c.Live {
		e.places = add(e.places, x.place(l.Place))
		if l.Keeper != "" {
			e.keepers = append(e.keepers, l.Keeper)
		}
	}
	for _, p := range c.Past {
		e.places = add(e.places, x.place(p))
	}
	if !e.part {
		e.words = join(c.words())
	}
	if e.words == old.words {
		e.words = old.words
	} else {
		x.rehang(n, headsOf(old.words), headsOf(e.words))
	}
	*old = e
}

// join puts words in one string, so that they take one allocation.
func join(words []string) string {
	if len(words) == 0 {
		return ""
	}
	return "\x00" + strings.Join(words, "\x00")
}

// headsOf are the buckets of words.
func headsOf(words string) []string {
	var out []string
	for w := range strings.SplitSeq(words, "\x00") {
		if h := headOf(w); h != "" && !slices.Contains(out, h) {
			out = append(out, h)
		}
	}
	return out
}

func headOf(word string) string {
	at := 0
	for range head {
		_, size := utf8.DecodeRuneInString(word[at:])
		at += size
	}
	return word[:at]
}

func add(list []uint32, n uint32) []uint32 {
	if slices.Contains(list, n) {
		return list
	}
	return append(list, n)
}

// rehang moves a customer from buckets to others.
func (x *index) rehang(n uint32, from, to []string) {
	for _, h := range from {
		if slices.Contains(to, h) {
			continue
		}
		b := x.buckets[h]
		i := slices.Index(b, n)
		b[i] = b[len(b)-1]
		x.buckets[h] = b[:len(b)-1]
	}
	for _, h := range to {
		if slices.Contains(from, h) {
			continue
		}
		h = strings.Clone(h)
		if _, ok := x.buckets[h]; !ok {
			i, _ := slices.BinarySearch(x.heads, h)
			x.heads = slices.Insert(x.heads, i, h)
		}
		x.buckets[h] = append(x.buckets[h], n)
	}
}

// place returns the number of a place.
func (x *index) place(p place) uint32 {
	key := strings.Join(append([]string{p.Center, p.Line, p.Language}, p.Skills...), "\x00")
	n, ok := x.placed[key]
	if !ok {
		n = uint32(len(x.places))
		x.places, x.placed[key] = append(x.places, p), n
	}
	return n
}

// eyes are what an asker sees by.
type eyes struct {
	Question
	all  bool
	seen map[uint32]bool // places that were asked about
}

func (e *eyes) sees(x *index, place uint32) bool {
	yes, known := e.seen[place]
	if !known {
		p := x.places[place]
		yes = e.Sees(p.Center, p.routing())
		e.seen[place] = yes
	}
	return yes
}

// visible reports whether the asker sees one of the conversations of the
// customer, or of those who are part of it.
func (x *index) visible(c *entry, e *eyes) bool {
	if e.all || e.User != "" && slices.Contains(c.keepers, e.User) ||
		slices.ContainsFunc(c.places, func(p uint32) bool { return e.sees(x, p) }) {
		return true
	}
	return slices.ContainsFunc(c.absorbed, func(id string) bool {
		n, ok := x.numbers[id]
		return ok && x.entries[n].part && x.visible(&x.entries[n], e)
	})
}

// find returns the ids of those who have all the words and are visible, the
// latest first.
func (x *index) find(words []string, e *eyes, limit int) []string {
	longest := slices.MaxFunc(words, func(a, b string) int { return len(a) - len(b) })
	best := &latest{entries: x.entries}
	met := map[uint32]bool{}
	several := utf8.RuneCountInString(longest) < head // then a customer may be in more than one bucket
	for _, bucket := range x.candidates(longest) {
		for _, n := range x.buckets[bucket] {
			c := &x.entries[n]
			if best.full(limit) && !best.before(n, best.numbers[0]) || !has(c.words, words) || several && met[n] || !x.visible(c, e) {
				continue
			}
			if several {
				met[n] = true
			}
			heap.Push(best, n)
			if len(best.numbers) > limit {
				heap.Pop(best)
			}
		}
	}
	slices.SortFunc(best.numbers, func(a, b uint32) int {
		if best.before(a, b) {
			return -1
		}
		return 1
	})
	var out []string
	for _, n := range best.numbers {
		out = append(out, x.entries[n].id)
	}
	return out
}

// candidates are the buckets of words that begin so.
func (x *index) candidates(word string) []string {
	h := headOf(word)
	if utf8.RuneCountInString(word) >= head {
		return []string{h}
	}
	from, _ := slices.BinarySearch(x.heads, h)
	to := from
	for to < len(x.heads) && strings.HasPrefix(x.heads[to], h) {
		to++
	}
	return x.heads[from:to]
}

// has reports whether each of the words begins one of a customer's.
func has(words string, asked []string) bool {
	for _, w := range asked {
		if !strings.Contains(words, "\x00"+w) {
			return false
		}
	}
	return true
}

// latest is a heap of customers with the one to be dropped next at its top.
type latest struct {
	entries []entry
	numbers []uint32
}

func (l *latest) full(limit int) bool { return len(l.numbers) >= limit }

// before reports whether a is shown before b.
func (l *latest) before(a, b uint32) bool {
	x, y := &l.entries[a], &l.entries[b]
	if x.last != y.last {
		return x.last > y.last
	}
	return x.id < y.id
}

func (l *latest) Len() int           { return len(l.numbers) }
func (l *latest) Less(i, j int) bool { return l.before(l.numbers[j], l.numbers[i]) }
func (l *latest) Swap(i, j int)      { l.numbers[i], l.numbers[j] = l.numbers[j], l.numbers[i] }
func (l *latest) Push(n any)         { l.numbers = append(l.numbers, n.(uint32)) }
func (l *latest) Pop() any {
	n := l.numbers[len(l.numbers)-1]
	l.numbers = l.numbers[:len(l.numbers)-1]
	return n
}
