package teacher

import (
	"cmp"
	"fmt"
	"hash"
	"hash/fnv"
	"slices"
	"strings"
	"time"

	"crafttalkd/actors/bot/intent"
	"crafttalkd/actors/event"
	"crafttalkd/store/view/articles"
	"crafttalkd/store/view/lessons"
)

// What things weigh beside each other.
const (
	questionWeight = 1
	answerWeight   = 0.5 // title and text of an article's answers
	choiceWeight   = 1   // of an operator, or of a reviewer who let the bot's stand
	labelWeight    = 2
)

// mostLessons is how many of a language are learnt from, the newest. More would
// take nights and teach little.
const mostLessons = 60_000

// leastExam is how many new lessons it takes to compare two models by them.
const leastExam = 30

// A material is what the model of one language is made of.
type material struct {
	language  string
	examples  []intent.Example
	questions int // of articles
	lessons   []lessons.Lesson
	print     string
}

// A collection brings together what is to be learnt, language by language.
type collection struct {
	base  *articles.Base
	parts map[string]*material
}

// collect reads the knowledge base and the lessons.
func (t *Teacher) collect() (map[string]*material, error) {
	c := &collection{base: t.config.Articles.State(), parts: map[string]*material{}}
	for _, a := range c.base.Articles() {
		c.article(a)
	}
	for l, err := range t.config.Lessons.All() {
		if err != nil {
			return nil, err
		}
		if l.Kind != lessons.Rejected && (l.Article == "" || c.base.Article(l.Article) != nil) {
			p := c.part(languageOf(l.Text))
			p.lessons = append(p.lessons, l)
		}
	}
	for _, m := range c.parts {
		m.settle(t.target())
	}
	return c.parts, nil
}

// part returns the material of a language. A text without letters belongs to
// none and teaches nothing.
func (c *collection) part(language string) *material {
	m := c.parts[language]
	if m == nil {
		m = &material{language: language}
		if language != "" {
			c.parts[language] = m
		}
	}
	return m
}

func (c *collection) article(a *articles.Article) {
	for _, q := range a.Questions {
		m := c.part(languageOf(q))
		m.questions++
		m.examples = append(m.examples, intent.Example{Text: q, Article: a.ArticleId, Weight: questionWeight})
	}
	if text := wordsOf(a.Article); text != "" {
		m := c.part(languageOf(text))
		m.examples = append(m.examples, intent.Example{Text: text, Article: a.ArticleId, Weight: answerWeight})
	}
}

// wordsOf is what an article says, its title first.
func wordsOf(a *event.Article) string {
	parts := []string{a.Title}
	for _, x := range a.Answers {
		if !strings.HasPrefix(strings.TrimSpace(x.Text), "/redirect") {
			parts = append(parts, x.Text)
		}
	}
	return strings.TrimSpace(strings.Join(parts, "\n"))
}

// settle makes examples of the newest lessons, and knows the material by a print.
func (m *material) settle(target float64) {
	slices.SortStableFunc(m.lessons, func(a, b lessons.Lesson) int { return b.At.Compare(a.At) })
	m.lessons = m.lessons[:min(len(m.lessons), mostLessons)]
	h := fnv.New128a()
	fmt.Fprintf(h, "%s\x00%g\x00", m.language, target)
	for _, e := range m.examples {
		printOf(h, e.Text, e.Article, "", time.Time{})
	}
	for _, l := range m.lessons {
		printOf(h, l.Text, l.Article, string(l.Kind), l.At)
		m.examples = append(m.examples, example(l))
	}
	m.print = fmt.Sprintf("%x", h.Sum(nil))
}

func printOf(h hash.Hash, text, article, kind string, at time.Time) {
	fmt.Fprintf(h, "%s\x00%s\x00%s\x00%d\x00", text, article, kind, at.Unix())
}

// example is a lesson as the model learns it. Labels do not age: who gave one
// looked at it closely.
func example(l lessons.Lesson) intent.Example {
	e := intent.Example{Text: l.Text, Article: l.Article, Weight: choiceWeight, Group: l.Conversation, At: l.At}
	if l.Kind == lessons.Labelled {
		e.Weight, e.At = labelWeight, time.Time{}
	}
	return e
}

// articlesIn is how many articles the examples lead to.
func (m *material) articlesIn() int {
	known := map[string]bool{}
	for _, e := range m.examples {
		if e.Article != "" {
			known[e.Article] = true
		}
	}
	return len(known)
}

// since parts the lessons that came after a moment from the other examples: what
// a model of that moment has never seen.
func (m *material) since(at time.Time) (before, after []intent.Example) {
	before = slices.Clone(m.examples[:len(m.examples)-len(m.lessons)])
	for _, l := range m.lessons {
		if l.At.After(at) {
			after = append(after, example(l))
		} else {
			before = append(before, example(l))
		}
	}
	return before, after
}

// taught are the customers whose words the material has.
func (m *material) taught(more []said) (out []uint64) {
	for _, l := range m.lessons {
		out = append(out, hashed(l.Customer()))
	}
	for _, s := range more {
		customer, _, _ := strings.Cut(s.conversation, ".")
		out = append(out, hashed(customer))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// hashed stands for a customer in a book: enough to know again whom it is asked
// about, and too little to name anybody.
func hashed(customer string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(customer))
	return h.Sum64()
}

// languageOf tells the language of a text by its letters; "" for a text that has
// none.
func languageOf(text string) string {
	script := intent.Script(text)
	return cmp.Or(languages[script], strings.ToLower(script))
}

// languages are those that stand for their script. One that shares it is learnt
// together with them: words tell them apart.
var languages = map[string]string{"Cyrl": "ru", "Latn": "en", "Grek": "el", "Arab": "ar", "Hebr": "he", "Geor": "ka", "Armn": "hy", "Hani": "zh"}
