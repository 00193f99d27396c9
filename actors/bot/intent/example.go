package intent

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"
)

// An Example is a phrase and the article that answers it.
type Example struct {
	Text    string
	Article string    // empty where no article answers
	Weight  float64   // against others; 0 is 1
	Group   string    // the dialog it is from: never in part held back, in part learnt
	At      time.Time // when it was chosen; zero for what does not age
	// Rejected is set where somebody said that the article does not answer.
	Rejected bool
}

// Options are what is decided outside.
type Options struct {
	Seed     uint64
	Language string
	Now      time.Time // against which choices age; zero if they do not
	// Target is how often an answer given without a human must be right; 0 is 0.95.
	Target float64
	// Stop is asked now and then; true ends the training without a model.
	Stop func() bool
	// Parallel does n things in any order, several at a time if it can; nil is
	// one after another. What comes out is the same.
	Parallel func(n int, do func(i int))

	passes int // that nets are taught for; 0 is as many as are good for them
}

// How examples count.
const (
	halfLife       = 180 * 24 * time.Hour
	noneShare      = 0.2 // of all, at most, may have no article
	usualTarget    = 0.95
	leastOfWeights = 0.02 // an example older than years still counts for something
)

func (o Options) filled() Options {
	if o.Target == 0 {
		o.Target = usualTarget
	}
	if o.Stop == nil {
		o.Stop = func() bool { return false }
	}
	if o.Parallel == nil {
		o.Parallel = func(n int, do func(int)) {
			for i := range n {
				do(i)
			}
		}
	}
	return o
}

// weight is what e counts for by now.
func (o Options) weight(e Example) float64 {
	w := e.Weight
	if w <= 0 {
		w = 1
	}
	if !e.At.IsZero() && o.Now.After(e.At) {
		w *= math.Exp2(-float64(o.Now.Sub(e.At)) / float64(halfLife))
	}
	return max(w, leastOfWeights)
}

// A sample is an example made clean: of its kind there is one.
type sample struct {
	text   string // as it was written
	key    string // as it is read; no two have the same
	tokens []string

	article string
	class   int // the article's number; that after the last is none
	weight  float32
	group   string
}

// A Contradiction is one phrase that was given several articles. The first is
// the one that counts.
type Contradiction struct {
	Text     string
	Articles []string
}

// A lot is all that is said of one phrase.
type lot struct {
	example Example // the newest with this article
	tokens  []string
	weight  float64
}

// clean brings examples into an order of their own, makes one of those that
// read the same, and settles what contradicts: more weight wins, then the newer.
func (o Options) clean(examples []Example) (samples []sample, articles []string, against []Contradiction) {
	lots := map[string]map[string]*lot{}
	for _, e := range examples {
		toks := tokens(e.Text)
		if len(toks) == 0 || e.Rejected {
			continue
		}
		key := strings.Join(toks, " ")
		if lots[key] == nil {
			lots[key] = map[string]*lot{}
		}
		l := lots[key][e.Article]
		if l == nil {
			l = &lot{example: e, tokens: toks}
			lots[key][e.Article] = l
		}
		l.weight += o.weight(e)
		if newer(e, l.example) > 0 {
			l.example = e
		}
	}
	known := map[string]bool{}
	for key, by := range lots {
		all := make([]*lot, 0, len(by))
		for _, l := range by {
			all = append(all, l)
		}
		slices.SortFunc(all, func(a, b *lot) int {
			return cmp.Or(cmp.Compare(b.weight, a.weight), newer(b.example, a.example))
		})
		if len(all) > 1 {
			c := Contradiction{Text: all[0].example.Text}
			for _, l := range all {
				c.Articles = append(c.Articles, l.example.Article)
			}
			against = append(against, c)
		}
		l := all[0]
		known[l.example.Article] = true
		samples = append(samples, sample{text: l.example.Text, key: key, tokens: l.tokens, article: l.example.Article,
			weight: float32(min(l.weight, mostWeight)), group: cmp.Or(l.example.Group, key)})
	}
	delete(known, "")
	for a := range known {
		articles = append(articles, a)
	}
	slices.Sort(articles)
	slices.SortFunc(samples, func(a, b sample) int { return cmp.Compare(a.key, b.key) })
	slices.SortFunc(against, func(a, b Contradiction) int { return cmp.Compare(a.Text, b.Text) })
	for i, s := range samples {
		samples[i].class = len(articles)
		if at, ok := slices.BinarySearch(articles, s.article); ok {
			samples[i].class = at
		}
	}
	return fewerWithout(samples, len(articles)), articles, against
}

// readAs is the text of an example as the model reads it.
func readAs(e Example) string { return strings.Join(tokens(e.Text), " ") }

// mostWeight is what one phrase counts for, however often it was chosen.
const mostWeight = 4

// newer orders examples by time, and where that is the same, by what they say.
func newer(a, b Example) int {
	return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Text, b.Text), cmp.Compare(a.Group, b.Group), cmp.Compare(a.Article, b.Article))
}

// fewerWithout lets samples without an article be no more than their share.
func fewerWithout(samples []sample, none int) []sample {
	var without []uint64
	for _, s := range samples {
		if s.class == none {
			without = append(without, hash(5, s.key))
		}
	}
	most := int(float64(len(samples)-len(without)) * noneShare / (1 - noneShare))
	if len(without) <= most {
		return samples
	}
	slices.Sort(without)
	limit := without[most]
	return slices.DeleteFunc(samples, func(s sample) bool { return s.class == none && hash(5, s.key) >= limit })
}
