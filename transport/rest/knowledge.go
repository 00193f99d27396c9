package rest

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/knowledge"
	"crafttalkd/actors/refusal"
	"crafttalkd/store/view/articles"
)

// knowledgeRoutes are the knowledge base, for those who write it. Manual: База
// знаний.
func knowledgeRoutes() []*route {
	const one = "/api/v1/articles/:id"
	return slices.Concat(
		exchangeRoutes(),
		kbRoutes(),
		articleShelf.routes(remembers((*call).listArticles), articleQuery...),
		slotShelf.routes(remembers((*call).listSlots)),
		typeShelf.routes(remembers((*call).listTypes)),
		[]*route{slotShelf.wayBack(), typeShelf.wayBack()},
		[]*route{
			{method: "GET", path: one + "/versions", summary: "The versions of an article, the latest first; also of one that was taken out", may: readKB, verb: answers((*call).versions)},
			{method: "GET", path: one + "/versions/:revision", summary: "An article as it was at a revision", may: readKB, verb: answers((*call).version)},
			{method: "POST", path: one + "/restore", summary: "Bring an article back as it was at a revision, also one that was taken out", may: writeKB,
				verb: takes((*call).restore), params: ifMatch},
			{method: "GET", path: "/api/v1/knowledge/removed", summary: "What was taken out and not brought back, the last first", may: readKB,
				verb: answers((*call).listRemoved), params: rowsOfTable.params()},
			{method: "POST", path: "/api/v1/knowledge/try-slot", summary: "What a slot that is being written makes of a text", may: writeKB, verb: takes((*call).trySlot)},
		},
	)
}

var (
	readKB  = may(directory.ViewKB, directory.ModifyKnowledgebase)
	writeKB = may(directory.ModifyKnowledgebase)
)

var articleQuery = append([]param{
	{name: "query", doc: "words, each of them in the title, the identifier or the type"},
	{name: "type", doc: "id of a type"},
	{name: "sort", doc: "identifier, title, type or changed; identifier if left out"},
	{name: "order", doc: "asc or desc; asc if left out"},
}, rowsOfTable.params()...)

// A shelf is one kind of entries of the knowledge base: In as it is put, Out as
// it is shown.
type shelf[In put, Out any] struct {
	name, kind string // slots, Slot
	// build makes the entry of what was put.
	build func(c *call, id string, in In) (event.Event, error)
	// find returns an entry as it is shown, and its revision; 0 if there is none.
	find func(b *articles.Base, id string) (Out, uint64)
}

func (k shelf[In, Out]) routes(list verb, query ...param) []*route {
	path, one := "/api/v1/"+k.name, k.called()
	return []*route{
		{method: "GET", path: path, summary: "All " + k.name, may: readKB, verb: list, params: append(slices.Clone(query), ifNoneMatch...)},
		{method: "GET", path: path + "/:id", summary: "One " + one, may: readKB, verb: answers(k.get)},
		{method: "PUT", path: path + "/:id", summary: "Make or replace one " + one, may: writeKB, verb: takes(k.put), params: ifMatch},
		{method: "DELETE", path: path + "/:id", summary: "Take out one " + one + ", unless it is in use", may: writeKB, verb: does(k.delete), params: ifMatch},
	}
}

func (k shelf[In, Out]) called() string {
	return map[string]string{"Article": "article", "Slot": "slot", "ArticleType": "article type"}[k.kind]
}

func (k shelf[In, Out]) get(c *call) (out Out, err error) {
	out, revision := k.find(c.knowledge(), c.id())
	if revision == 0 {
		return out, refusal.New(refusal.NotFound, "there is no %s %q", k.called(), c.id())
	}
	c.w.Header().Set("ETag", strconv.Quote(strconv.FormatUint(revision, 10)))
	return out, nil
}

// put makes a new entry, or replaces the one that the asker has seen. Who names
// no revision replaces nothing.
func (k shelf[In, Out]) put(c *call, in In) (out Out, err error) {
	revision, err := c.revision(in.revision())
	if err != nil {
		return out, err
	}
	entry, err := k.build(c, c.id(), in)
	if err != nil {
		return out, err
	}
	err = c.edit(knowledge.Put{By: c.by(), Entry: entry, Revision: revision})
	if _, now := k.find(c.knowledge(), c.id()); refusal.KindOf(err) == refusal.Conflict && now != 0 && revision == 0 {
		err = as(http.StatusPreconditionRequired, "there is a %s %q already; name the revision you have seen to replace it", k.called(), c.id())
	}
	if err != nil {
		return out, err
	}
	return k.get(c)
}

func (k shelf[In, Out]) delete(c *call) error {
	revision, err := c.revision(0)
	if err != nil {
		return err
	}
	if k.kind == "Article" {
		if err := c.unusedByAgents(c.id()); err != nil {
			return err
		}
	}
	return c.edit(knowledge.Remove{By: c.by(), Kind: k.kind, ID: c.id(), Revision: revision})
}

// wayBack brings back what was taken out. Articles have versions, and a way of
// their own.
func (k shelf[In, Out]) wayBack() *route {
	return &route{method: "POST", path: "/api/v1/" + k.name + "/:id/restore", summary: "Bring back one " + k.called() + " that was taken out", may: writeKB,
		verb: takes(k.restore)}
}

// RestoreEntry names the revision that an entry was taken out at.
type RestoreEntry struct {
	Revision uint64 `json:"revision" need:"yes" doc:"as GET /api/v1/knowledge/removed says it"`
}

// restore brings back what was taken out; what is there already was brought back
// before.
func (k shelf[In, Out]) restore(c *call, in RestoreEntry) (out Out, err error) {
	if lost, ok := c.knowledge().Lost(articles.Kind(k.name), c.id()); ok {
		if in.Revision != lost.Last {
			return out, refusal.Of("revision", "%s %q was taken out at revision %d", k.called(), c.id(), lost.Last)
		}
		if err := c.edit(knowledge.Restore{By: c.by(), Entry: lost.Entry, From: lost.Last}); err != nil {
			return out, err
		}
	}
	return k.get(c)
}

// knowledge is the knowledge base at this moment.
func (c *call) knowledge() *articles.Base { return c.config.Articles.State() }

// edit asks the knowledge base for a change and waits until it can be read.
func (c *call) edit(cmd knowledge.Command) error { return c.editWithin(patience, cmd) }

func (c *call) editWithin(d time.Duration, cmd knowledge.Command) error {
	ctx, cancel := context.WithTimeout(c.r.Context(), d)
	defer cancel()
	a, err := c.config.System.Ask(ctx, event.KnowledgeStream, cmd)
	if err != nil {
		return err
	}
	return c.config.Articles.Wait(ctx, a.Version)
}

// KnowledgeMark is the last change of an entry of the knowledge base.
type KnowledgeMark struct {
	Mark
	Origin string `json:"origin,omitempty" doc:"import, or restore:REVISION; left out for an edit"`
}

func knowledgeMark(m articles.Mark) KnowledgeMark {
	return KnowledgeMark{Mark{m.Revision, m.By, m.At}, m.Origin}
}

// TypeFields are what may be said of a type of articles.
type TypeFields struct {
	Identifier string `json:"identifier" need:"yes"`
	Name       string `json:"name" need:"yes"`
}

// PutArticleType is a type of articles as it is put.
type PutArticleType struct {
	TypeFields
	Revised
}

// ArticleType is a type of articles as it is shown. Manual: Типы записей базы
// знаний.
type ArticleType struct {
	TypeID string `json:"type_id"`
	TypeFields
	KnowledgeMark
}

var typeShelf = shelf[PutArticleType, ArticleType]{
	name: "article-types", kind: "ArticleType",
	build: func(_ *call, id string, in PutArticleType) (event.Event, error) {
		return &event.ArticleType{TypeId: id, Identifier: in.Identifier, Name: in.Name}, nil
	},
	find: func(b *articles.Base, id string) (ArticleType, uint64) {
		t := b.Type(id)
		if t == nil {
			return ArticleType{}, 0
		}
		return typeOf(t), t.Revision
	},
}

func typeOf(t *articles.Type) ArticleType {
	return ArticleType{t.TypeId, TypeFields{t.Identifier, t.Name}, knowledgeMark(t.Mark)}
}

func (c *call) listTypes() (List[ArticleType], error) {
	out := List[ArticleType]{Items: []ArticleType{}}
	for _, t := range c.knowledge().Types() {
		out.Items = append(out.Items, typeOf(t))
	}
	return out, nil
}
