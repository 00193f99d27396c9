package articles

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// An Order is what articles are sorted by.
type Order int

// The orders there are. Equal ones follow in order of their identifiers.
const (
	ByID Order = iota
	ByIdentifier
	ByTitle
	ByType
	ByChange
)

// Sorted returns all articles in an order. It is worked out once for each base.
func (b *Base) Sorted(by Order) []*Article {
	b.sorting.Lock()
	defer b.sorting.Unlock()
	if out, ok := b.orders[by]; ok {
		return out
	}
	out := slices.SortedFunc(maps.Values(b.articles), func(a, z *Article) int { return b.compare(by, a, z) })
	if b.orders == nil {
		b.orders = map[Order][]*Article{}
	}
	b.orders[by] = out
	return out
}

func (b *Base) compare(by Order, a, z *Article) int {
	first := 0
	switch by {
	case ByID:
		return cmp.Compare(a.ArticleId, z.ArticleId)
	case ByTitle:
		first = cmp.Compare(a.title, z.title)
	case ByType:
		first = cmp.Compare(b.typeWords(a), b.typeWords(z))
	case ByChange:
		first = a.At.Compare(z.At)
	}
	return cmp.Or(first, cmp.Compare(a.find, z.find))
}

func (b *Base) typeWords(a *Article) string {
	if t := b.types[a.TypeId]; t != nil {
		return Fold(t.Name)
	}
	return ""
}

// A Query is which articles are listed. Manual: the search filters while one
// types, by title, identifier or type.
type Query struct {
	Text string // each of its words is in the title, the identifier or the type
	Type string // the type's id; empty for every one
	By   Order
	Desc bool
}

// List returns the articles of a query, in its order.
func (b *Base) List(q Query) []*Article {
	words := strings.Fields(Fold(q.Text))
	ofTypes := b.typesWith(words)
	out := []*Article{}
	for _, a := range b.Sorted(q.By) {
		if (q.Type == "" || a.TypeId == q.Type) && has(a, words, ofTypes[a.TypeId]) {
			out = append(out, a)
		}
	}
	if q.Desc {
		slices.Reverse(out)
	}
	return out
}

// typesWith says of each type which of the words it has.
func (b *Base) typesWith(words []string) map[string][]bool {
	out := map[string][]bool{}
	for id, t := range b.types {
		text, has := Fold(t.Identifier+"\n"+t.Name), make([]bool, len(words))
		for i, w := range words {
			has[i] = strings.Contains(text, w)
		}
		out[id] = has
	}
	return out
}

func has(a *Article, words []string, byType []bool) bool {
	for i, w := range words {
		if !strings.Contains(a.find, w) && (i >= len(byType) || !byType[i]) {
			return false
		}
	}
	return true
}
