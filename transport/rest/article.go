package rest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/knowledge"
	"crafttalkd/actors/refusal"
	"crafttalkd/actors/survey"
	"crafttalkd/store/blob"
	"crafttalkd/store/view/articles"
)

// ArticleFields are what may be said of an article.
type ArticleFields struct {
	Identifier string                   `json:"identifier" need:"yes" doc:"letters, digits, _, - and .; unique whatever the letters' case"`
	Title      string                   `json:"title"`
	TypeID     string                   `json:"type_id"`
	Questions  []string                 `json:"questions" doc:"«Когда пользователь спрашивает»"`
	Policy     answerPolicy             `json:"policy" doc:"ALL_ANSWERS if left out"`
	Routing    *Message[*event.Routing] `json:"routing,omitempty" doc:"what the conversation asks for from then on"`
	TopicID    string                   `json:"topic_id"`
	SlotIDs    []string                 `json:"slot_ids" doc:"asked in this order before it answers: a survey"`
	Answers    []Message[*event.Answer] `json:"answers"`
}

// An answerPolicy is called as the journal's vocabulary calls it.
type answerPolicy string

func (answerPolicy) describe(*schemas) schema {
	return schema{"type": "string", "enum": enumNames(event.AnswerPolicy(0).Descriptor())}
}

// PutArticle is an article as it is put.
type PutArticle struct {
	ArticleFields
	Revised
}

// Article is an article as it is shown. Manual: Статьи БЗ для справочников и
// ответов.
type Article struct {
	ArticleID string `json:"article_id"`
	ArticleFields
	KnowledgeMark
}

// ArticleRow is an article in a list.
type ArticleRow struct {
	ArticleID  string    `json:"article_id"`
	Identifier string    `json:"identifier"`
	Title      string    `json:"title"`
	TypeID     string    `json:"type_id"`
	TopicID    string    `json:"topic_id"`
	Questions  int       `json:"questions" doc:"how many there are"`
	Answers    int       `json:"answers"`
	Slots      int       `json:"slots"`
	Added      time.Time `json:"added"`
	KnowledgeMark
}

// ArticlePage is some of the articles that a query found.
type ArticlePage struct {
	Items []ArticleRow `json:"items"`
	Total int          `json:"total" doc:"that the query found"`
}

var articleShelf = shelf[PutArticle, Article]{
	name: "articles", kind: "Article",
	build: func(c *call, id string, in PutArticle) (event.Event, error) {
		a := buildArticle(id, in.ArticleFields)
		return a, c.checkArticle(a, c.keptSize)
	},
	find: func(b *articles.Base, id string) (Article, uint64) {
		a := b.Article(id)
		if a == nil {
			return Article{}, 0
		}
		return articleOf(a.Article, a.Mark), a.Revision
	},
}

func buildArticle(id string, in ArticleFields) *event.Article {
	return &event.Article{ArticleId: id, Identifier: in.Identifier, Title: in.Title, TypeId: in.TypeID, Questions: in.Questions,
		Policy: event.AnswerPolicy(event.AnswerPolicy_value[string(in.Policy)]), Routing: orNone(in.Routing), TopicId: in.TopicID,
		SlotIds: in.SlotIDs, Answers: opened(in.Answers)}
}

func articleOf(a *event.Article, m articles.Mark) Article {
	return Article{a.ArticleId, ArticleFields{Identifier: a.Identifier, Title: a.Title, TypeID: a.TypeId, Questions: list(a.Questions),
		Policy: answerPolicy(a.Policy.String()), Routing: wrap(a.Routing), TopicID: a.TopicId, SlotIDs: list(a.SlotIds),
		Answers: wrapped(a.Answers)}, knowledgeMark(m)}
}

// opened takes messages out of their JSON, and wrapped puts them in.
func opened[M proto.Message](in []Message[M]) (out []M) {
	for _, m := range in {
		out = append(out, m.Of)
	}
	return out
}

func wrapped[M proto.Message](in []M) []Message[M] {
	out := []Message[M]{}
	for _, m := range in {
		out = append(out, Message[M]{m})
	}
	return out
}

var articleOrders = map[string]articles.Order{"": articles.ByIdentifier, "identifier": articles.ByIdentifier,
	"title": articles.ByTitle, "type": articles.ByType, "changed": articles.ByChange}

// longestTerm is how many characters a query has at most.
const longestTerm = 200

func (c *call) listArticles() (out ArticlePage, err error) {
	q := c.r.URL.Query()
	by, ok := articleOrders[q.Get("sort")]
	switch order := q.Get("order"); {
	case !ok:
		return out, refusal.Of("sort", "articles are sorted by identifier, title, type or changed")
	case order != "" && order != "asc" && order != "desc":
		return out, refusal.Of("order", "the order is asc or desc")
	case len([]rune(q.Get("query"))) > longestTerm:
		return out, refusal.Of("query", "at most %d characters are looked for", longestTerm)
	}
	limit, offset, err := c.window(rowsOfTable)
	if err != nil {
		return out, err
	}
	found := c.knowledge().List(articles.Query{Text: q.Get("query"), Type: q.Get("type"), By: by, Desc: q.Get("order") == "desc"})
	out = ArticlePage{Items: []ArticleRow{}, Total: len(found)}
	for _, a := range found[min(offset, len(found)):min(offset+limit, len(found))] {
		out.Items = append(out.Items, ArticleRow{a.ArticleId, a.Identifier, a.Title, a.TypeId, a.TopicId,
			len(a.Questions), len(a.Answers), len(a.SlotIds), a.Added, knowledgeMark(a.Mark)})
	}
	return out, nil
}

// ArticleVersion is one change of an article.
type ArticleVersion struct {
	KnowledgeMark
	Removed bool `json:"removed" doc:"it was taken out"`
}

func (c *call) versions() (List[ArticleVersion], error) {
	out := List[ArticleVersion]{Items: []ArticleVersion{}}
	for _, v := range slices.Backward(c.knowledge().Versions(c.id())) {
		out.Items = append(out.Items, ArticleVersion{knowledgeMark(v.Mark), v.Removed})
	}
	if len(out.Items) == 0 {
		return out, refusal.New(refusal.NotFound, "there is no article %q", c.id())
	}
	return out, nil
}

func (c *call) version() (Article, error) {
	revision, err := strconv.ParseUint(c.params.ByName("revision"), 10, 64)
	if err != nil {
		return Article{}, refusal.Of("revision", "this is not a revision")
	}
	a, err := c.config.Articles.Body(c.id(), revision)
	if err != nil {
		return Article{}, err
	}
	vs := c.knowledge().Versions(c.id())
	i := slices.IndexFunc(vs, func(v articles.Version) bool { return v.Revision == revision })
	return articleOf(a, vs[i].Mark), nil
}

// RemovedEntry is an article, a slot or a type that was taken out, as it was
// last of all.
type RemovedEntry struct {
	Kind       string    `json:"kind" doc:"articles, slots or article-types"`
	ID         string    `json:"id"`
	Identifier string    `json:"identifier"`
	Title      string    `json:"title" doc:"of slots and types, the name"`
	TypeID     string    `json:"type_id" doc:"of articles"`
	Revision   uint64    `json:"revision" doc:"at which POST /api/v1/{kind}/{id}/restore brings it back"`
	Removed    time.Time `json:"removed"`
	By         string    `json:"by" doc:"the user who took it out"`
}

// RemovedPage is some of what was taken out.
type RemovedPage struct {
	Items []RemovedEntry `json:"items"`
	Total int            `json:"total"`
}

func (c *call) listRemoved() (out RemovedPage, err error) {
	limit, offset, err := c.window(rowsOfTable)
	if err != nil {
		return out, err
	}
	gone := c.knowledge().Gone()
	out = RemovedPage{Items: []RemovedEntry{}, Total: len(gone)}
	for _, a := range gone[min(offset, len(gone)):min(offset+limit, len(gone))] {
		out.Items = append(out.Items, RemovedEntry{string(a.Kind), a.ID, a.Identifier, a.Title, a.TypeID, a.Last, a.Mark.At, a.Mark.By})
	}
	return out, nil
}

// RestoreArticle names the revision that an article is to be as it was at.
type RestoreArticle struct {
	Revision uint64 `json:"revision" need:"yes" doc:"that comes back; what is replaced is named by If-Match, or by nothing"`
}

func (c *call) restore(in RestoreArticle) (out Article, err error) {
	seen, err := c.revision(0)
	if err != nil {
		return out, err
	}
	a, err := c.config.Articles.Body(c.id(), in.Revision)
	if err == nil {
		err = c.edit(knowledge.Restore{By: c.by(), Entry: a, From: in.Revision, Revision: seen})
	}
	if err != nil {
		return out, err
	}
	return articleShelf.get(c)
}

// checkArticle refuses an article that refers to what the organisation does not
// have, or to a file that is not there.
func (c *call) checkArticle(a *event.Article, size fileSize) error {
	d := c.directory()
	if _, ok := d.Topics[a.TopicId]; a.TopicId != "" && !ok {
		return refusal.Of("topic_id", "there is no topic %q", a.TopicId)
	}
	r := a.Routing
	if err := known(d.Lines, "routing.line_id", "line", r.GetLineId()); err != nil {
		return err
	}
	if err := known(d.Languages, "routing.language", "language", r.GetLanguage()); err != nil {
		return err
	}
	if err := known(d.Skills, "routing.skills", "skill", r.GetSkills()...); err != nil {
		return err
	}
	for i, x := range a.Answers {
		if err := checkAnswerIn(d, "answers."+strconv.Itoa(i), x); err != nil {
			return err
		}
	}
	return checkFilesOf(a, size)
}

func checkAnswerIn(d directory.State, at string, x *event.Answer) error {
	u := x.GetAudience()
	for _, err := range []error{
		known(d.Centers, at+".audience.center_ids", "center", u.GetCenterIds()...),
		known(d.Lines, at+".audience.line_ids", "line", u.GetLineIds()...),
		known(d.Skills, at+".audience.skills", "skill", u.GetSkills()...),
		known(d.Languages, at+".audience.languages", "language", u.GetLanguages()...),
	} {
		if err != nil {
			return err
		}
	}
	agent, ok := strings.CutPrefix(strings.TrimSpace(x.GetText()), "/redirect ")
	if agent = strings.TrimSpace(agent); ok && !survey.IsPerson(agent) && d.Agent(agent) == nil {
		return refusal.Of(at+".text", "there is no agent %q", agent)
	}
	return nil
}

// known refuses the first id that the directory does not have. An empty one is
// none.
func known[M any](entries map[string]directory.Entry[M], field, kind string, ids ...string) error {
	for _, id := range ids {
		if _, ok := entries[id]; id != "" && !ok {
			return refusal.Of(field, "there is no %s %q", kind, id)
		}
	}
	return nil
}

// unusedByAgents refuses to take out what an agent says.
func (c *call) unusedByAgents(article string) error {
	for id, a := range inOrder(c.directory().Agents) {
		if a.ArticleId == article || a.GetBot().GetUnsureArticleId() == article {
			return refusal.New(refusal.Conflict, "article %q is in use by agent %s", article, id)
		}
	}
	return nil
}

// A fileSize says how many bytes a file has, and refuses as NotFound one that is
// not there.
type fileSize func(hash string) (int64, error)

// keptSize is the size of a file that was uploaded for the knowledge base.
func (c *call) keptSize(hash string) (int64, error) {
	f, size, err := c.config.Blobs.Get(blob.Knowledge, hash)
	if err != nil {
		return 0, err
	}
	return size, f.Close()
}

// checkFilesOf refuses an entry with a file that is not there, and says of the
// others how large they are.
func checkFilesOf(v event.Event, size fileSize) error {
	for at, f := range filesOf(v) {
		if f.GetBlob() == "" {
			continue
		}
		n, err := size(f.Blob)
		if refusal.KindOf(err) == refusal.NotFound {
			return refusal.Of(at+".blob", "there is no such file; upload it first")
		}
		if err != nil {
			return err
		}
		f.Size = n
	}
	return nil
}

// filesOf are the files of an entry, by where they are in it.
func filesOf(v event.Event) func(func(string, *event.Attachment) bool) {
	return func(yield func(string, *event.Attachment) bool) {
		each := func(at string, list []*event.Attachment) bool {
			for i, f := range list {
				if !yield(fmt.Sprintf("%s.%d", at, i), f) {
					return false
				}
			}
			return true
		}
		switch v := v.(type) {
		case *event.Article:
			for i, x := range v.Answers {
				if !each(fmt.Sprintf("answers.%d.attachments", i), x.GetAttachments()) {
					return
				}
			}
		case *event.Slot:
			if each("question.attachments", v.Question.GetAttachments()) {
				each("confirmation.attachments", v.Confirmation.GetAttachments())
			}
		}
	}
}
