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

// mostLessons is how many of a language are learnt from, the newest, and
// mostRejected how many rejections. More would take nights and teach little.
const (
	mostLessons  = 60_000
	mostRejected = 10_000
)

// leastExam is how many new lessons it takes to compare two models by them.
const leastExam = 30

// A material is what the model of one language is made of.
type material struct {
	language  string
	examples  []intent.Example
	questions int // of articles
	lessons   []lessons.Lesson
	rejected  []lessons.Lesson // what does not answer
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
		p := c.part(languageOf(l.Text))
		switch there := c.base.Article(l.Article) != nil; {
		case l.Kind == lessons.Rejected && there:
			p.rejected = append(p.rejected, l)
		case l.Kind != lessons.Rejected && (there || l.Article == ""):
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
	m.lessons, m.rejected = newest(m.lessons, mostLessons), newest(m.rejected, mostRejected)
	h := fnv.New128a()
	fmt.Fprintf(h, "%s\x00%g\x00", m.language, target)
	for _, e := range m.examples {
		printOf(h, e.Text, e.Article, "", time.Time{})
	}
	for _, l := range m.learnt() {
		printOf(h, l.Text, l.Article, string(l.Kind), l.At)
		m.examples = append(m.examples, example(l))
	}
	m.print = fmt.Sprintf("%x", h.Sum(nil))
}

// newest are at most n of the lessons.
func newest(list []lessons.Lesson, n int) []lessons.Lesson {
	slices.SortStableFunc(list, func(a, b lessons.Lesson) int { return b.At.Compare(a.At) })
	return list[:min(len(list), n)]
}

// learnt are the lessons that examples are made of.
func (m *material) learnt() []lessons.Lesson { return slices.Concat(m.lessons, m.rejected) }

func printOf(h hash.Hash, text, article, kind string, at time.Time) {
	fmt.Fprintf(h, "%s\x00%s\x00%s\x00%d\x00", text, article, kind, at.Unix())
}

// example is a lesson as the model learns it. Labels do not age: who gave one
// looked at it closely.
func example(l lessons.Lesson) intent.Example {
	e := intent.Example{Text: l.Text, Article: l.Article, Weight: choiceWeight, Group: l.Conversation, At: l.At, Rejected: l.Kind == lessons.Rejected}
	if l.Kind == lessons.Labelled {
		e.Weight, e.At = labelWeight, time.Time{}
	}
	return e
}

// articlesIn is how many articles the examples lead to.
func (m *material) articlesIn() int {
	known := map[string]bool{}
	for _, e := range m.examples {
		if e.Article != "" && !e.Rejected {
			known[e.Article] = true
		}
	}
	return len(known)
}

// since parts the lessons that came after a moment from the other examples: what
// a model of that moment has never seen. Rejections are no exam, as nobody can
// say what would have been right.
func (m *material) since(at time.Time) (before, after []intent.Example) {
	learnt := m.learnt()
	before = slices.Clone(m.examples[:len(m.examples)-len(learnt)])
	for _, l := range learnt {
		switch {
		case !l.At.After(at):
			before = append(before, example(l))
		case l.Kind != lessons.Rejected:
			after = append(after, example(l))
		}
	}
	return before, after
}

// taught are the customers whose words the material has.
func (m *material) taught(more []said) (out []uint64) {
	for _, l := range m.learnt() {
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
