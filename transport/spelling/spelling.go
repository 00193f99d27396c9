// Package spelling looks words up for whoever writes to customers: in the
// dictionaries of package actors/spelling, in the words that the centers have
// put into their own, and in those of the knowledge base.
//
// The words of a center are read off the directory as it is, and made a graph
// of when somebody asks after they have changed. Those of the knowledge base,
// everybody's as well, are read by [Desk.Follow]: at the start, and after edits.
package spelling

import (
	"reflect"
	"sync"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/spelling"
)

// A Desk answers whether words are right.
type Desk struct {
	speller *spelling.Speller

	mu     sync.Mutex // guards what follows
	from   words      // what the centers' words were made of
	own    map[string]*spelling.Words
	taught *spelling.Words
}

// words are those of the directory. They are never changed: others are another map.
type words = map[string]directory.Entry[*event.DictionaryWord]

// New returns a desk that knows the languages.
func New() *Desk { return &Desk{speller: spelling.New()} }

// SetWords gives the words that the knowledge base writes, in place of those
// before. It may be called at any time, and takes a moment for many words.
func (d *Desk) SetWords(words []string) {
	taught := spelling.NewWords(words)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.taught = taught
}

// A Reader looks words up for one asker.
type Reader struct {
	speller *spelling.Speller
	own     []*spelling.Words
}

// Reader returns who reads with the words that are everybody's, and with those
// of the centers for which sees is true.
func (d *Desk) Reader(s directory.State, sees func(center string) bool) Reader {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !same(d.from, s.Words) {
		d.from, d.own = s.Words, byCenter(s.Words)
	}
	r := Reader{speller: d.speller}
	if d.taught != nil {
		r.own = append(r.own, d.taught)
	}
	for center, own := range d.own {
		if center == "" || sees(center) {
			r.own = append(r.own, own)
		}
	}
	return r
}

// Check looks one word up, which is part of a text in a language.
func (r Reader) Check(word, language string) spelling.Verdict {
	return r.speller.Check(word, language, r.own...)
}

// same reports whether two maps are one.
func same(a, b words) bool {
	return reflect.ValueOf(a).Pointer() == reflect.ValueOf(b).Pointer()
}

func byCenter(all words) map[string]*spelling.Words {
	texts := map[string][]string{}
	for _, e := range all {
		texts[e.Value.CenterId] = append(texts[e.Value.CenterId], e.Value.Word)
	}
	out := map[string]*spelling.Words{}
	for center, t := range texts {
		out[center] = spelling.NewWords(t)
	}
	return out
}
