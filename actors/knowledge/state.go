package knowledge

import (
	"crypto/sha256"
	"encoding/base64"
	"maps"
	"slices"
	"time"

	"google.golang.org/protobuf/proto"

	"crafttalkd/actors/event"
	"crafttalkd/actors/identifier"
)

// Version numbers the form of State in snapshots.
const Version = 1

// A State is the knowledge base at one moment, less what articles say.
type State struct {
	Version  uint64 // how many events have been applied
	Articles map[string]Article
	Slots    map[string]Slot
	Types    map[string]Type
	// Names lead from the keys of identifiers to ids; see [identifier.Key].
	ArticleNames, SlotNames, TypeNames map[string]string
}

// A Mark is what is remembered of the last change of an entry.
type Mark struct {
	Name     string // the key of its identifier
	Revision uint64
	Print    string // the fingerprint of its value
	By       string
	At       time.Time
}

// An Article is one article. One that is gone keeps its revision alone, so that
// it can come back under the next.
type Article struct {
	Mark
	Gone  bool     `json:",omitempty"`
	Type  string   `json:",omitempty"`
	Slots []string `json:",omitempty"` // that it asks for, or has conditions about
	Leads []string `json:",omitempty"` // the articles that its buttons lead to
}

// A Slot is one slot.
type Slot struct {
	Mark
	Type    event.SlotType
	Entries []string `json:",omitempty"` // ids of a dictionary
}

// A Type is one type of articles.
type Type struct{ Mark }

// Apply returns the state after e. It cannot fail, and reuses the maps of s.
func Apply(s State, e event.Event) State {
	s.Version++
	if s.Articles == nil {
		s.Articles, s.Slots, s.Types = map[string]Article{}, map[string]Slot{}, map[string]Type{}
		s.ArticleNames, s.SlotNames, s.TypeNames = map[string]string{}, map[string]string{}, map[string]string{}
	}
	switch e := e.(type) {
	case *event.ArticlePut:
		a, id := articleOf(e), e.Article.ArticleId
		rename(s.ArticleNames, s.Articles[id].Name, a.Name, id)
		s.Articles[id] = a
	case *event.ArticleRemoved:
		rename(s.ArticleNames, s.Articles[e.ArticleId].Name, "", e.ArticleId)
		s.Articles[e.ArticleId] = Article{Gone: true, Mark: Mark{Revision: e.Revision, By: e.By, At: event.At(e)}}
	case *event.SlotPut:
		id := e.Slot.SlotId
		m := Mark{Name: identifier.Key(e.Slot.Identifier), Revision: s.Version, Print: fingerprint(e.Slot), By: e.By, At: event.At(e)}
		rename(s.SlotNames, s.Slots[id].Name, m.Name, id)
		s.Slots[id] = Slot{Mark: m, Type: e.Slot.Type, Entries: entryIDs(e.Slot)}
	case *event.SlotRemoved:
		rename(s.SlotNames, s.Slots[e.SlotId].Name, "", e.SlotId)
		delete(s.Slots, e.SlotId)
	case *event.ArticleTypePut:
		id := e.Type.TypeId
		m := Mark{Name: identifier.Key(e.Type.Identifier), Revision: s.Version, Print: fingerprint(e.Type), By: e.By, At: event.At(e)}
		rename(s.TypeNames, s.Types[id].Name, m.Name, id)
		s.Types[id] = Type{m}
	case *event.ArticleTypeRemoved:
		rename(s.TypeNames, s.Types[e.TypeId].Name, "", e.TypeId)
		delete(s.Types, e.TypeId)
	}
	return s
}

// Deadline returns the zero time: a knowledge base is never woken.
func Deadline(State) time.Time { return time.Time{} }

// Copy returns a state that stays as it is, whatever becomes of s.
func Copy(s State) State {
	s.Articles, s.Slots, s.Types = maps.Clone(s.Articles), maps.Clone(s.Slots), maps.Clone(s.Types)
	s.ArticleNames, s.SlotNames, s.TypeNames = maps.Clone(s.ArticleNames), maps.Clone(s.SlotNames), maps.Clone(s.TypeNames)
	return s
}

// rename frees the name that an entry had, unless another has it since, and
// gives it the one it has now.
func rename(names map[string]string, before, now, id string) {
	if names[before] == id {
		delete(names, before)
	}
	if now != "" {
		names[now] = id
	}
}

func articleOf(e *event.ArticlePut) Article {
	v := e.Article
	a := Article{Type: v.TypeId, Slots: slotsOf(v),
		Mark: Mark{Name: identifier.Key(v.Identifier), Revision: e.Revision, Print: fingerprint(v), By: e.By, At: event.At(e)}}
	for _, x := range v.Answers {
		for _, b := range x.Buttons {
			a.Leads = append(a.Leads, b.ArticleId)
		}
	}
	slices.Sort(a.Leads)
	a.Leads = slices.Compact(a.Leads)
	return a
}

// slotsOf are the slots that an article can't do without, in order of id.
func slotsOf(a *event.Article) []string {
	out := slices.Clone(a.SlotIds)
	for _, x := range a.Answers {
		for _, set := range x.Conditions {
			for _, c := range set.All {
				out = append(out, c.SlotId)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func entryIDs(s *event.Slot) (ids []string) {
	for _, e := range s.Entries {
		ids = append(ids, e.Id)
	}
	return ids
}

// fingerprint is the same for the same value alone. It is made of the encoding,
// which one build always makes in one way; another build may take an unchanged
// value for a change, which costs a version and nothing else.
func fingerprint(v event.Event) string {
	b, err := proto.MarshalOptions{Deterministic: true}.Marshal(v)
	if err != nil {
		panic(err) // text that is not UTF-8, which was refused
	}
	sum := sha256.Sum256(b)
	return base64.RawStdEncoding.EncodeToString(sum[:15])
}
