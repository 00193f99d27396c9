package teacher

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"time"

	"crafttalkd/actors/bot/intent"
	"crafttalkd/store/view/lessons"
)

// A brain is a model in use.
type brain struct {
	book  *Book
	base  *intent.Model // as it was trained
	model *intent.Model // with what is fresh
	since time.Time     // in use
	by    string        // who chose it; empty for the training
	// mute is set while somebody is in the model who was erased: it goes on
	// ranking until there is another one, and quotes nobody.
	mute bool
}

// with returns the brain with another model in it.
func (b *brain) with(m *intent.Model) *brain {
	after := *b
	after.model = m
	return &after
}

// A fresh is what has become known since the models were made: what is said of
// conversations, and the questions of articles that were edited.
type fresh struct {
	lessons  map[string][]lessons.Lesson // by conversation
	articles map[string][]intent.Example // by article
}

func newFresh() fresh {
	return fresh{lessons: map[string][]lessons.Lesson{}, articles: map[string][]intent.Example{}}
}

// mostFresh is how many fresh examples are known beside a model. With more, it
// is time for a new one.
const mostFresh = 2000

func (f fresh) size() (n int) {
	for _, l := range f.lessons {
		n += len(l)
	}
	for _, e := range f.articles {
		n += len(e)
	}
	return n
}

// examples are those of a language that came after a moment, the oldest first.
func (f fresh) examples(language string, after time.Time) (out []intent.Example) {
	take := func(e intent.Example, at time.Time) {
		if at.After(after) && e.Article != "" && languageOf(e.Text) == language {
			e.At = at
			out = append(out, e)
		}
	}
	for _, list := range f.lessons {
		for _, l := range list {
			if l.Kind != lessons.Rejected {
				take(example(l), l.At)
			}
		}
	}
	for _, list := range f.articles {
		for _, e := range list {
			take(e, e.At)
		}
	}
	slices.SortFunc(out, func(a, b intent.Example) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Text, b.Text), cmp.Compare(a.Article, b.Article))
	})
	return out[max(0, len(out)-mostFresh):]
}

// settle lets go of what all the models have learnt.
func (f fresh) settle(oldest time.Time) {
	for id, list := range f.lessons {
		if list = slices.DeleteFunc(list, func(l lessons.Lesson) bool { return !l.At.After(oldest) }); len(list) == 0 {
			delete(f.lessons, id)
		} else {
			f.lessons[id] = list
		}
	}
	for id, list := range f.articles {
		if len(list) == 0 || !list[0].At.After(oldest) {
			delete(f.articles, id)
		}
	}
}

// learn returns the brain with everything that came after it was trained.
func (f fresh) learn(b *brain) *brain {
	m := b.base
	for _, e := range f.examples(b.book.Language, b.book.Until) {
		m = m.Learn(e)
	}
	return b.with(m)
}

// doubts are what operators said does not answer, by the words that it does not.
type doubts struct {
	mu    sync.Mutex         // guards all below
	of    map[string][]doubt // by conversation
	count map[doubt]int
}

type doubt struct{ words, article string }

func newDoubts() *doubts { return &doubts{of: map[string][]doubt{}, count: map[doubt]int{}} }

// set takes over what is said in one conversation.
func (d *doubts) set(conversation string, list []lessons.Lesson) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.drop(conversation)
	for _, l := range list {
		if l.Kind != lessons.Rejected {
			continue
		}
		x := doubt{plain(l.Text), l.Article}
		d.of[conversation] = append(d.of[conversation], x)
		d.count[x]++
	}
}

func (d *doubts) drop(conversation string) {
	for _, x := range d.of[conversation] {
		if d.count[x]--; d.count[x] == 0 {
			delete(d.count, x)
		}
	}
	delete(d.of, conversation)
}

// forget drops what these customers' words were about.
func (d *doubts) forget(gone map[uint64]bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for conversation := range d.of {
		if customer, _, _ := strings.Cut(conversation, "."); gone[hashed(customer)] {
			d.drop(conversation)
		}
	}
}

// about is how often an article was said not to answer these words.
func (d *doubts) about(words, article string) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.count[doubt{words, article}]
}
