package search

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/blugelabs/bluge"
	"github.com/blugelabs/bluge/analysis"
	"github.com/blugelabs/bluge/index"

	"crafttalkd/store/search/lexis"
)

// What is in the index: for each article one card, which tells what it is, and
// one text for each answer, which is what queries find. An article without
// answers has a bare text, which is for nobody but editors. One more document is the
// version of the knowledge base.
const (
	ofArticle = "article" // the article of cards and texts
	ofKind    = "kind"    // card, text, bare or version
	ofType    = "type"    // of a text's article
	stored    = "stored"  // what is read of a document that was found

	kindCard, kindText, kindBare, kindVersion = "card", "text", "bare", "version"
)

// worded are the fields in which words are looked for, and what a word in them
// weighs.
var worded = [...]struct {
	name   string
	weight float64
}{{"title", 4}, {"asked", 3}, {"name", 4}, {"text", 1}}

// sighted are the fields of a text that tell its audience: the ids of each list,
// or anybody.
var sighted = [dimensions]string{"center", "line", "skill", "language"}

// anybody is the term of an empty list; ids stand behind an equals sign.
const anybody = "*"

func idTerm(id string) string { return "=" + id }

// A term is a word of a field, by which documents are taken away.
type term struct{ field, text string }

func (t term) Field() string { return t.field }
func (t term) Term() []byte  { return []byte(t.text) }

// A card is what is stored of an article; its id is the document's.
type card struct {
	ID         string   `json:"id"`
	Identifier string   `json:"n"`
	Title      string   `json:"t"`
	Type       string   `json:"k,omitempty"`
	Questions  []string `json:"q,omitempty"`
	Answers    []seen   `json:"a,omitempty"`
}

// seenBy reports whether an asker sees the article: one of its answers.
func (c card) seenBy(s Sight) bool {
	return s.all || slices.ContainsFunc(c.Answers, func(one seen) bool { return s.sees(one.Audience) })
}

// seen is an answer on a card.
type seen struct {
	ID       string   `json:"id"`
	Audience Audience `json:"for"`
}

// A text is what is stored of an answer.
type text struct {
	Answer string `json:"id"`
	Text   string `json:"t"`
}

// A clerk makes documents. It remembers the stems of words, which is most of the
// work, and has no lock.
type clerk struct {
	stems map[string]string
}

// mostStems is how many stems are remembered.
const mostStems = 1 << 15

func (c *clerk) stem(text string) tokens {
	words := lexis.Cut(text)
	out := make(tokens, len(words))
	for i, w := range words {
		s, known := c.stems[w.Fold]
		if !known {
			if len(c.stems) >= mostStems {
				clear(c.stems)
			}
			s = lexis.Stem(w.Fold)
			c.stems[w.Fold] = s
		}
		out[i] = s
	}
	return out
}

// tokens are the stems of a text, in order. They are cut before the index sees
// the text, in the goroutine of whoever writes.
type tokens []string

// Analyze returns the tokens, whatever it is given.
func (t tokens) Analyze([]byte) analysis.TokenStream {
	all := make([]analysis.Token, len(t))
	out := make(analysis.TokenStream, len(t))
	for i, s := range t {
		all[i] = analysis.Token{Term: []byte(s), PositionIncr: 1}
		out[i] = &all[i]
	}
	return out
}

func wordField(name string, t tokens) bluge.Field {
	return bluge.NewTextField(name, "").WithAnalyzer(t)
}

// put adds an article to a batch, in place of what was there.
func (c *clerk) put(b *index.Batch, a Article) error {
	b.Delete(term{ofArticle, a.ID})
	head := card{ID: a.ID, Identifier: a.Identifier, Title: a.Title, Type: a.Type, Questions: a.Questions}
	for _, one := range a.Answers {
		head.Answers = append(head.Answers, seen{ID: one.ID, Audience: one.Audience})
	}
	if err := insert(b, "c"+a.ID, kindCard, a.ID, head, nil); err != nil {
		return err
	}
	known := map[string]tokens{"title": c.stem(a.Title), "asked": c.stem(strings.Join(a.Questions, "\n")), "name": c.stem(a.Identifier)}
	if len(a.Answers) == 0 {
		return insert(b, "t"+a.ID, kindBare, a.ID, text{}, articleFields(a, known))
	}
	for i, one := range a.Answers {
		fields := append(articleFields(a, known), audienceFields(one.Audience)...)
		fields = append(fields, wordField("text", c.stem(one.Text)))
		id := "t" + a.ID + "\x00" + strconv.Itoa(i)
		if err := insert(b, id, kindText, a.ID, text{Answer: one.ID, Text: one.Text}, fields); err != nil {
			return err
		}
	}
	return nil
}

// articleFields are what every text of an article has. A field belongs to one
// document.
func articleFields(a Article, known map[string]tokens) []bluge.Field {
	out := []bluge.Field{bluge.NewKeywordField(ofType, idTerm(a.Type))}
	for name, words := range known {
		out = append(out, wordField(name, words))
	}
	return out
}

func audienceFields(a Audience) (out []bluge.Field) {
	for i, list := range a.lists() {
		if len(list) == 0 {
			out = append(out, bluge.NewKeywordField(sighted[i], anybody))
		}
		for _, id := range list {
			out = append(out, bluge.NewKeywordField(sighted[i], idTerm(id)))
		}
	}
	return out
}

func insert(b *index.Batch, id, kind, article string, value any, fields []bluge.Field) error {
	kept, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("article %s: %w", article, err)
	}
	doc := bluge.NewDocument(id).
		AddField(bluge.NewKeywordField(ofKind, kind)).
		AddField(bluge.NewKeywordField(ofArticle, article).Sortable()).
		AddField(bluge.NewStoredOnlyField(stored, kept))
	for _, f := range fields {
		doc.AddField(f)
	}
	b.Insert(doc)
	return nil
}

// ofNoArticle is what the version has in the field of the article. Every document
// has the field that documents are taken away by: bluge panics where one of its
// segments lacks it.
const ofNoArticle = "\x00"

// insertVersion puts into a batch what version the index tells after it.
func insertVersion(b *index.Batch, version uint64) error {
	b.Delete(term{ofArticle, ofNoArticle})
	return insert(b, "version", kindVersion, ofNoArticle, version, nil)
}
