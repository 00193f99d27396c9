package journal

import (
	"slices"
	"sync"
)

// Whoever is far behind reads the shards' logs by the page. There are many of
// them at once, as in a directory that has no readings yet, and to read a page
// costs more than what most make of it. So a page is read once for all who come
// by while it is held, and who has the choice takes a page that is there: those
// who are in different shards meet, and those who are nearly at the same place
// go on together. Nobody waits for anybody but for who reads the very page that
// is wanted. Who is slower than the reading falls behind the pages that are
// held, and reads alone until the others come to another shard.
const (
	pageFacts  = 256      // every page has so many
	mostPages  = 16 << 20 // bytes are held, about
	factWeight = 400      // bytes that a fact weighs beside its own
)

// A page is facts of a shard that follow each other, the first of them at a
// multiple of pageFacts plus one.
type page struct {
	shard  int
	number uint64 // how many pages of the shard are before it
	era    uint64 // of the keys, when the reading began

	read    chan struct{} // closed when what follows is known
	entries []Entry       // nil if they could not be read
	weight  int
}

// known reports whether the page has been read.
func (p *page) known() bool {
	select {
	case <-p.read:
		return true
	default:
		return false
	}
}

// numberOf returns which page holds the fact after a position.
func numberOf(position uint64) uint64 { return position / pageFacts }

// pages holds the pages that were read last, while anybody is far behind.
type pages struct {
	mu      sync.Mutex // guards what follows, and what is in the pages
	held    []*page    // in the order in which they were begun
	weight  int        // of those that are known
	readers int        // who are far behind
	most    int        // weight
	begun   int        // counts the pages that were begun
	fault   fault
}

// A fault is a deliberate mistake that a test must be able to see.
type fault int

const (
	none     fault = iota
	whole          // a page is given from its beginning
	keeps          // what a destroyed key had sealed stays in a page
	hoards         // no page is let go
	spoils         // a fact that can't be read takes its whole page away
	lonesome       // everybody reads alone
)

func (s *pages) enter() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.readers++
}

// leave lets the pages go with the last who wants any.
func (s *pages) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.readers--; s.readers == 0 && s.fault != hoards {
		s.held, s.weight = nil, 0
	}
}

// choose returns the page for who is at a place, and nil if there is no whole
// one after it: one that is known, or else being read, or else a new one, which
// is mine to read.
func (s *pages) choose(at, end Places, era uint64) (p *page, mine bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, h := range s.held {
		if h.number != numberOf(at[h.shard]) || h.era != era && s.fault != keeps || s.fault == lonesome {
			continue
		}
		if h.known() {
			return h, false
		}
		if p == nil {
			p = h
		}
	}
	for shard := 0; p == nil && shard < len(at); shard++ {
		if number := numberOf(at[shard]); (number+1)*pageFacts <= end[shard] {
			p, mine = &page{shard: shard, number: number, era: era, read: make(chan struct{})}, true
			s.held = append(s.held, p)
			s.begun++
		}
	}
	return p, mine
}

// keep takes what was read of a page and lets the oldest go. A page that could
// not be read is let go at once.
func (s *pages) keep(p *page, entries []Entry, weight int, era uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p.entries, p.weight = entries, weight
	s.weight += weight
	close(p.read)
	s.held = slices.DeleteFunc(s.held, func(h *page) bool {
		if !h.known() || s.fault == hoards || h.entries != nil && h.era == era && s.weight <= s.most {
			return false
		}
		s.weight -= h.weight
		return true
	})
}

// next returns the page for who is at a place, and nil if there is no whole one
// after it. It has no entries if they could not be read.
func (j *Journal) next(at Places) *page {
	for {
		era := j.keys.Era()
		p, mine := j.pages.choose(at, j.Now(), era)
		if p == nil {
			return nil
		}
		if mine {
			entries, weight := j.readPage(p)
			j.pages.keep(p, entries, weight, j.keys.Era())
			return p
		}
		<-p.read
		if p.entries == nil || p.era == j.keys.Era() || j.pages.fault == keeps {
			return p
		}
	}
}

// readPage returns the facts of a page and what they weigh; nil if one of them
// can't be read.
func (j *Journal) readPage(p *page) (entries []Entry, weight int) {
	entries = make([]Entry, 0, pageFacts)
	for r, err := range j.engine.Tail(p.shard, p.number*pageFacts) {
		e, err := j.entry(p.shard, r, err)
		if err != nil {
			return nil, 0
		}
		entries = append(entries, e)
		if weight += factWeight + 2*len(r.Body); len(entries) == pageFacts {
			return entries, weight
		}
	}
	return nil, 0
}
