package teacher

import (
	"slices"
	"sync"

	"crafttalkd/store/view/articles"
)

// An index finds articles by the questions that they say they answer, and by
// their titles, word for word. It follows the knowledge base when it is asked.
type index struct {
	mu    sync.Mutex // guards all below
	base  *articles.Base
	seen  map[string]*articles.Article
	names map[string][]string // article ids by question, in order
}

func newIndex() *index {
	return &index{seen: map[string]*articles.Article{}, names: map[string][]string{}}
}

// find returns the articles that have the text as a question.
func (x *index) find(base *articles.Base, text string) []string {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.follow(base)
	return slices.Clone(x.names[plain(text)])
}

// follow brings the index to a newer base. One that is there already, or
// further, stays.
func (x *index) follow(base *articles.Base) {
	if x.base != nil && x.base.Version >= base.Version {
		return
	}
	x.base = base
	for id, a := range x.seen {
		if now := base.Article(id); now != a {
			x.remove(a)
		}
	}
	for _, a := range base.Articles() {
		if x.seen[a.ArticleId] != a {
			x.add(a)
		}
	}
}

func (x *index) add(a *articles.Article) {
	x.seen[a.ArticleId] = a
	for _, q := range asked(a) {
		key := plain(q)
		if key == "" {
			continue
		}
		if at, there := slices.BinarySearch(x.names[key], a.ArticleId); !there {
			x.names[key] = slices.Insert(x.names[key], at, a.ArticleId)
		}
	}
}

func (x *index) remove(a *articles.Article) {
	delete(x.seen, a.ArticleId)
	for _, q := range asked(a) {
		key := plain(q)
		at, there := slices.BinarySearch(x.names[key], a.ArticleId)
		if !there {
			continue
		}
		if x.names[key] = slices.Delete(x.names[key], at, at+1); len(x.names[key]) == 0 {
			delete(x.names, key)
		}
	}
}

// asked is what an article is asked by: its questions and its title.
func asked(a *articles.Article) []string { return append([]string{a.Title}, a.Questions...) }
