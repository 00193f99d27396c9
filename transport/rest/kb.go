package rest

import (
	"strings"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/refusal"
	"crafttalkd/store/search"
	"crafttalkd/store/search/lexis"
	"crafttalkd/store/view/articles"
	"crafttalkd/transport/auth"
)

// kbRoutes are the knowledge base for those who answer by it. Manual: the panel
// «Справочник».
func kbRoutes() []*route {
	const path = "/api/v1/kb"
	of := param{name: "conversation_id", doc: "only what this conversation may see too"}
	ofType := param{name: "type", doc: "id of a type"}
	return []*route{
		{method: "GET", path: path + "/search", summary: "Articles by all their words, the best first, within the own routing settings", may: readKB,
			verb: answers((*call).searchKB), params: append([]param{{name: "q", doc: "words; left out, all articles by their titles"}, ofType, of}, articlesFound.params()...)},
		{method: "GET", path: path + "/suggest", summary: "Articles that somebody who types may mean, within the own routing settings", may: readKB,
			verb: answers((*call).suggestKB), params: []param{{name: "q", need: true, doc: "what is typed so far"}, ofType, of, articlesSuggested.param()}},
		{method: "GET", path: path + "/articles/:id", summary: "An article with the answers that the asker may give", may: readKB,
			verb: answers((*call).readArticle), params: []param{of}},
	}
}

// KBPiece is a part of a text, which was looked for or not.
type KBPiece struct {
	Text string `json:"text"`
	Hit  bool   `json:"hit"`
}

// KBHit is an article that was found.
type KBHit struct {
	ArticleID  string    `json:"article_id"`
	AnswerID   string    `json:"answer_id" doc:"the answer that fits best"`
	Identifier string    `json:"identifier"`
	TypeID     string    `json:"type_id"`
	Similar    bool      `json:"similar" doc:"by words similar to those asked for"`
	Title      []KBPiece `json:"title"`
	Snippet    []KBPiece `json:"snippet"`
}

// KBHits are some of the articles that were found.
type KBHits struct {
	Items []KBHit `json:"items"`
	Total int     `json:"total"`
}

// KBSuggestion is an article that somebody who types may mean.
type KBSuggestion struct {
	ArticleID  string    `json:"article_id"`
	Identifier string    `json:"identifier"`
	TypeID     string    `json:"type_id"`
	Similar    bool      `json:"similar" doc:"by words similar to those typed"`
	Title      []KBPiece `json:"title"`
	Question   []KBPiece `json:"question" doc:"the expected question that was meant, if it was not the title"`
}

func pieces(in []lexis.Piece) []KBPiece {
	out := []KBPiece{}
	for _, p := range in {
		out = append(out, KBPiece{p.Text, p.Hit})
	}
	return out
}

// sights are through which the asker looks: the own routing settings, and those
// of a conversation if the call names one. They are part of every search.
func (c *call) sights() ([]articles.Sight, error) {
	u := c.asker.user
	own := articles.OfUser(u)
	if len(u.CenterIds) == 0 && len(u.LineIds) == 0 && !auth.Can(u, directory.Admin) {
		own.Centers, own.Lines = articles.Set{}, articles.Set{} // no business with any
	}
	id := c.r.URL.Query().Get("conversation_id")
	if id == "" {
		return []articles.Sight{own}, nil
	}
	v, err := c.conversation(id)
	if err != nil {
		return nil, err
	}
	return []articles.Sight{own, articles.OfConversation(v.CenterID, v.Routing.Of)}, nil
}

// ofType are the types that a search is about; nil for all.
func (c *call) ofType() []string {
	if id := c.r.URL.Query().Get("type"); id != "" {
		return []string{id}
	}
	return nil
}

func (c *call) searchKB() (out KBHits, err error) {
	by, err := c.sights()
	if err != nil {
		return out, err
	}
	limit, offset, err := c.window(articlesFound)
	if err != nil {
		return out, err
	}
	text := strings.TrimSpace(c.r.URL.Query().Get("q"))
	if text == "" {
		return c.everyArticle(limit, offset, articles.Searches(by...))
	}
	found, err := c.config.Search.Search(search.Query{Text: text, Types: c.ofType(), Sight: articles.Searches(by...), Limit: limit, Offset: offset})
	out = KBHits{Items: []KBHit{}, Total: found.Total}
	for _, h := range found.Hits {
		out.Items = append(out.Items, KBHit{h.Article, h.Answer, h.Identifier, h.Type, h.Similar, pieces(h.Title), pieces(h.Snippet)})
	}
	return out, err
}

// everyArticle answers a search for nothing.
func (c *call) everyArticle(limit, offset int, s search.Sight) (KBHits, error) {
	rows, total, err := c.config.Search.Filter(search.Filter{Types: c.ofType(), Sight: s, By: search.ByTitle, Limit: limit, Offset: offset})
	out := KBHits{Items: []KBHit{}, Total: total}
	for _, r := range rows {
		out.Items = append(out.Items, KBHit{ArticleID: r.Article, Identifier: r.Identifier, TypeID: r.Type, Title: []KBPiece{{Text: r.Title}}, Snippet: []KBPiece{}})
	}
	return out, err
}

func (c *call) suggestKB() (List[KBSuggestion], error) {
	out := List[KBSuggestion]{Items: []KBSuggestion{}}
	by, err := c.sights()
	if err != nil {
		return out, err
	}
	limit, err := c.limit(articlesSuggested)
	if err != nil {
		return out, err
	}
	found, err := c.config.Search.Suggest(c.r.URL.Query().Get("q"), c.ofType(), articles.Searches(by...), limit)
	for _, x := range found {
		out.Items = append(out.Items, KBSuggestion{x.Article, x.Identifier, x.Type, x.Similar, pieces(x.Title), pieces(x.Question)})
	}
	return out, err
}

// readArticle shows an article as the asker may give it. One of whose answers
// none may be seen is not there.
func (c *call) readArticle() (Article, error) {
	by, err := c.sights()
	if err != nil {
		return Article{}, err
	}
	a := c.knowledge().Article(c.id())
	if a != nil {
		if seen := articles.Answers(a.Article, by...); len(seen) > 0 {
			out := articleOf(a.Article, a.Mark)
			out.Answers = wrapped(seen)
			return out, nil
		}
	}
	return Article{}, refusal.New(refusal.NotFound, "there is no article %q", c.id())
}
