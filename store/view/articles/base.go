package articles

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/actors/identifier"
	"crafttalkd/store/journal"
)

// A Base is the knowledge base at one moment. What it returns is shared, and
// nobody changes it.
type Base struct {
	Version  uint64 // of the stream
	articles map[string]*Article
	slots    map[string]*Slot
	types    map[string]*Type
	// names lead from the keys of identifiers to ids.
	articleNames, slotNames, typeNames map[string]string
	versions                           map[string][]Version // of articles, removed ones too
	gone                               map[string]Gone      // what is removed now, by kind and id

	sorting sync.Mutex // guards orders
	orders  map[Order][]*Article
}

// A Mark is the last change of an entry.
type Mark struct {
	Revision uint64
	By       string
	At       time.Time
	Origin   string // import, or restore:REVISION; empty for an edit
}

// An Article is an article and the story of its last change.
type Article struct {
	*event.Article
	Mark
	Added time.Time
	find  string // what it is found by while somebody types
	title string // what it is sorted by
}

// A Slot is a slot and the story of its last change. Its revision is the
// version of the knowledge base then.
type Slot struct {
	*event.Slot
	Mark
}

// A Type is a type of articles and the story of its last change.
type Type struct {
	*event.ArticleType
	Mark
}

// A Version is one change of an article.
type Version struct {
	Mark
	Removed bool
	place   uint64 // in the stream
}

// A Gone is an entry that was removed, as it was last of all.
type Gone struct {
	Kind                          Kind
	ID, Identifier, Title, TypeID string
	Last                          uint64      // the revision at which it can be brought back
	Entry                         event.Event // of slots and types; an article is read from the journal
	Mark                          Mark        // of the removal
}

// A Kind is what the entries of one kind are together.
type Kind string

const (
	Articles Kind = "articles"
	Slots    Kind = "slots"
	Types    Kind = "article-types"
)

func (k Kind) of(id string) string { return string(k) + " " + id }

func newBase() *Base {
	return &Base{articles: map[string]*Article{}, slots: map[string]*Slot{}, types: map[string]*Type{},
		articleNames: map[string]string{}, slotNames: map[string]string{}, typeNames: map[string]string{}, versions: map[string][]Version{}, gone: map[string]Gone{}}
}

// Of returns the base that the facts of the knowledge base lead to.
func Of(entries ...journal.Entry) *Base {
	b := newBase()
	for _, e := range entries {
		b.apply(e)
	}
	return b
}

// clone returns a base that can be changed.
func (b *Base) clone() *Base {
	return &Base{Version: b.Version, articles: maps.Clone(b.articles), slots: maps.Clone(b.slots), types: maps.Clone(b.types),
		articleNames: maps.Clone(b.articleNames), slotNames: maps.Clone(b.slotNames), typeNames: maps.Clone(b.typeNames), versions: maps.Clone(b.versions),
		gone: maps.Clone(b.gone)}
}

// apply makes b what it is after an event.
func (b *Base) apply(e journal.Entry) {
	b.Version = e.Version
	m := Mark{Revision: e.Version, At: event.At(e.Event)}
	switch f := e.Event.(type) {
	case *event.ArticlePut:
		m.Revision, m.By, m.Origin = f.Revision, f.By, f.Origin
		delete(b.gone, Articles.of(f.Article.ArticleId))
		b.putArticle(f.Article, m)
		b.note(f.Article.ArticleId, Version{Mark: m, place: e.Version})
	case *event.ArticleRemoved:
		m.Revision, m.By = f.Revision, f.By
		if a := b.articles[f.ArticleId]; a != nil {
			b.gone[Articles.of(f.ArticleId)] = Gone{Articles, a.ArticleId, a.Identifier, a.Title, a.TypeId, a.Revision, nil, m}
		}
		b.removeArticle(f.ArticleId)
		b.note(f.ArticleId, Version{Mark: m, Removed: true, place: e.Version})
	case *event.SlotPut:
		m.By, m.Origin = f.By, f.Origin
		delete(b.gone, Slots.of(f.Slot.SlotId))
		b.removeSlot(f.Slot.SlotId)
		b.slots[f.Slot.SlotId] = &Slot{f.Slot, m}
		b.slotNames[identifier.Key(f.Slot.Identifier)] = f.Slot.SlotId
	case *event.SlotRemoved:
		m.By = f.By
		if x := b.slots[f.SlotId]; x != nil {
			b.gone[Slots.of(f.SlotId)] = Gone{Slots, x.SlotId, x.Identifier, x.Name, "", x.Revision, x.Slot, m}
		}
		b.removeSlot(f.SlotId)
	case *event.ArticleTypePut:
		m.By, m.Origin = f.By, f.Origin
		delete(b.gone, Types.of(f.Type.TypeId))
		b.removeType(f.Type.TypeId)
		b.types[f.Type.TypeId] = &Type{f.Type, m}
		b.typeNames[identifier.Key(f.Type.Identifier)] = f.Type.TypeId
	case *event.ArticleTypeRemoved:
		m.By = f.By
		if x := b.types[f.TypeId]; x != nil {
			b.gone[Types.of(f.TypeId)] = Gone{Types, x.TypeId, x.Identifier, x.Name, "", x.Revision, x.ArticleType, m}
		}
		b.removeType(f.TypeId)
	}
}

// note adds to the versions of an article. A base that shares the list sees no
// more of it than it did.
func (b *Base) note(id string, v Version) {
	b.versions[id] = append(b.versions[id], v)
}

func (b *Base) putArticle(a *event.Article, m Mark) {
	x := &Article{Article: a, Mark: m, Added: m.At, title: Fold(cmp.Or(a.Title, a.Identifier)), find: Fold(a.Identifier + "\n" + a.Title)}
	if old := b.articles[a.ArticleId]; old != nil {
		x.Added = old.Added
	}
	b.removeArticle(a.ArticleId)
	b.articles[a.ArticleId] = x
	b.articleNames[identifier.Key(a.Identifier)] = a.ArticleId
}

// removeArticle frees the identifier too, unless another article has it since.
func (b *Base) removeArticle(id string) {
	if old := b.articles[id]; old != nil {
		free(b.articleNames, old.Identifier, id)
		delete(b.articles, id)
	}
}

func (b *Base) removeSlot(id string) {
	if old := b.slots[id]; old != nil {
		free(b.slotNames, old.Identifier, id)
		delete(b.slots, id)
	}
}

func (b *Base) removeType(id string) {
	if old := b.types[id]; old != nil {
		free(b.typeNames, old.Identifier, id)
		delete(b.types, id)
	}
}

func free(names map[string]string, name, id string) {
	if key := identifier.Key(name); names[key] == id {
		delete(names, key)
	}
}

// Fold is a text as people look for it: without case, and ё as е.
func Fold(s string) string {
	return strings.ReplaceAll(strings.ToLower(s), "ё", "е")
}

// Article returns an article, or nil.
func (b *Base) Article(id string) *Article { return b.articles[id] }

// Slot returns a slot, or nil.
func (b *Base) Slot(id string) *Slot { return b.slots[id] }

// Type returns a type of articles, or nil.
func (b *Base) Type(id string) *Type { return b.types[id] }

// ArticleNamed returns the article with the identifier, or nil.
func (b *Base) ArticleNamed(name string) *Article {
	return b.articles[b.articleNames[identifier.Key(name)]]
}

// SlotNamed returns the slot with the identifier, or nil.
func (b *Base) SlotNamed(name string) *Slot { return b.slots[b.slotNames[identifier.Key(name)]] }

// TypeNamed returns the type with the identifier, or nil.
func (b *Base) TypeNamed(name string) *Type { return b.types[b.typeNames[identifier.Key(name)]] }

// Versions returns the changes of an article, the first first; it may be
// removed now.
func (b *Base) Versions(id string) []Version { return b.versions[id] }

// Gone returns what is removed now, the last removed first.
func (b *Base) Gone() []Gone {
	return slices.SortedFunc(maps.Values(b.gone), func(x, y Gone) int {
		return cmp.Or(y.Mark.At.Compare(x.Mark.At), cmp.Compare(x.Kind.of(x.ID), y.Kind.of(y.ID)))
	})
}

// Lost returns an entry that is removed now.
func (b *Base) Lost(kind Kind, id string) (g Gone, ok bool) {
	g, ok = b.gone[kind.of(id)]
	return g, ok
}

// Len returns how many articles there are.
func (b *Base) Len() int { return len(b.articles) }

// Articles returns all articles, in order of their ids.
func (b *Base) Articles() []*Article { return b.Sorted(ByID) }

// Slots returns all slots, in order of their identifiers.
func (b *Base) Slots() []*Slot {
	return slices.SortedFunc(maps.Values(b.slots), func(a, z *Slot) int {
		return cmp.Compare(Fold(a.Identifier), Fold(z.Identifier))
	})
}

// Types returns all types, in order of their identifiers.
func (b *Base) Types() []*Type {
	return slices.SortedFunc(maps.Values(b.types), func(a, z *Type) int {
		return cmp.Compare(Fold(a.Identifier), Fold(z.Identifier))
	})
}
