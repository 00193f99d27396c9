package intent

import (
	"cmp"
	"slices"
)

// A Model ranks articles. It is never changed, so any number may ask it at once.
type Model struct {
	language string
	articles []string // sorted
	classes  int      // the articles, and one more if no article is a class
	voc      *vocabulary
	lineup   []kind
	members  []member
	mix      mix
	scope    scope
	shown    stair // from what the best article is given to how often that is right
	others   stair // the same for those behind it
	proofs   []proof
	sureAt   float32
	margin   float32
	samples  []known
	memory   *memory
	lately   []choice
}

// A known sample is one that the model learnt from.
type known struct {
	text  string
	class int
}

// A Scored article is one that may answer.
type Scored struct {
	Article     string
	Probability float64
}

// A Ranking is what a model makes of a text.
type Ranking struct {
	Best      []Scored // the likeliest first
	NoArticle float64  // the probability that none answers
	Sure      bool     // the first may be sent without a human
}

// Train learns from examples. Without at least two articles, or when told to
// stop, it returns no model.
func Train(examples []Example, o Options) (*Model, Report) {
	o = o.filled()
	samples, articles, against := o.clean(examples)
	r := Report{Samples: len(samples), Articles: len(articles), Contradictions: against}
	if len(articles) < 2 {
		return nil, r
	}
	classes := len(articles)
	if slices.ContainsFunc(samples, func(s sample) bool { return s.class == len(articles) }) {
		classes++
	}
	denials := o.denials(examples, samples, articles)
	r.Denials = len(denials)
	c := o.study(samples, denials, classes)
	r.Curve = c.curve
	if o.Stop() {
		return nil, r
	}
	m := &Model{language: o.Language, articles: articles, classes: classes, voc: c.whole.voc, lineup: c.whole.lineup, members: c.whole.members, sureAt: never, margin: leastMargin}
	for _, s := range samples {
		if s.class == len(articles) {
			r.WithoutArticle++
		}
		m.samples = append(m.samples, known{s.text, s.class})
	}
	m.memory = newMemory(m.voc, c.whole.lessons)
	m.calibrate(c, samples, o, &r)
	return m, r
}

// leastMargin is how far the first must be before the second to be sure.
const leastMargin = 0.1

// calibrate learns from trials what the model's own numbers are worth, and
// reports what they show.
func (m *Model) calibrate(c *course, samples []sample, o Options, r *Report) {
	class := func(t trial) int { return samples[t.sample].class }
	m.mix = fitMix(c.trials, class)
	seen, without := make([][clues]float32, len(c.trials)), make([]bool, len(c.trials))
	p := make([][]float32, len(c.trials))
	for i, t := range c.trials {
		p[i] = make([]float32, m.classes)
		m.mix.of(t.scores, p[i], nil)
		seen[i] = cluesOf(m.lineup, t.scores, p[i], len(m.articles), t.signs)
		without[i] = class(t) == len(m.articles)
	}
	m.scope = fitScope(seen, without)
	var first, rest []float32
	var right, restRight []bool
	done := make([]tried, len(c.trials))
	for i, t := range c.trials {
		v := m.weigh(p[i], seen[i])
		v.best = v.best[:min(len(v.best), 5)]
		done[i] = tried{class: class(t), best: v.best, none: v.none}
		first, right = append(first, v.best[0].value), append(right, done[i].right())
		for _, s := range v.best[1:] {
			rest, restRight = append(rest, s.value), append(restRight, int(s.id) == class(t))
		}
	}
	m.shown, m.others = isotonic(first, right), isotonic(rest, restRight)
	m.proofs = prove(first, right)
	m.sureAt = threshold(m.proofs, o.Target)
	if m.sureAt == never {
		r.Missing = missing(first, right, o.Target)
	}
	for i, t := range done {
		done[i].shown, done[i].sure = float64(m.shown.of(t.best[0].value)), m.sure(t.best)
	}
	r.Target = o.Target
	r.tell(m, done)
}

// A verdict is what the numbers say of one text, before they are calibrated.
type verdict struct {
	best []term // articles, the likeliest first
	none float32
}

// weigh orders articles by their probability, given that there may be none.
func (m *Model) weigh(p []float32, c [clues]float32) verdict {
	v := verdict{none: m.scope.none(c)}
	var sum float32
	for k, x := range p[:len(m.articles)] {
		sum += x
		if x > 0 {
			v.best = append(v.best, term{uint32(k), x})
		}
	}
	for i := range v.best {
		v.best[i].value *= (1 - v.none) / max(sum, 1e-9)
	}
	slices.SortStableFunc(v.best, func(a, b term) int { return cmp.Compare(b.value, a.value) })
	return v
}

// judge asks the members about a text.
func (m *Model) judge(toks []string, x []term, shut []bool) verdict {
	scores := make([][]float32, len(m.members))
	for i, one := range m.members {
		scores[i] = make([]float32, m.classes)
		one.score(x, scores[i])
	}
	p := make([]float32, m.classes)
	m.mix.of(scores, p, shut)
	return m.weigh(p, cluesOf(m.lineup, scores, p, len(m.articles), m.memory.signs(toks, x)))
}

// shut are the classes of articles that are not allowed.
func (m *Model) shut(allowed func(string) bool) []bool {
	shut := make([]bool, m.classes)
	for i, a := range m.articles {
		shut[i] = allowed != nil && !allowed(a)
	}
	return shut
}

// Rank returns the k articles that likeliest answer a text, of those that are
// allowed; nil allows all.
func (m *Model) Rank(text string, allowed func(article string) bool, k int) Ranking {
	written := tokens(text)
	toks := m.voc.words.repair(written)
	x, shut := m.voc.read(toks), m.shut(allowed)
	v := verdict{none: 1}
	if len(x) > 0 && slices.Contains(shut[:len(m.articles)], false) {
		v = m.judge(toks, x, shut)
	}
	r := Ranking{NoArticle: float64(v.none), Sure: m.sure(v.best), Best: m.show(v.best)}
	if len(r.Best) == 0 {
		r.Best = m.remind(written, allowed, nil)
	} else {
		first := r.Best[0].Article
		r.Best = m.remind(written, allowed, r.Best)
		r.Sure = r.Sure && r.Best[0].Article == first
	}
	r.Best = r.Best[:min(k, len(r.Best))]
	return r
}

// show turns what was computed into what was found to be true of it.
func (m *Model) show(best []term) (out []Scored) {
	last := float32(1)
	for i, s := range best {
		if i == 0 {
			last = m.shown.of(s.value)
		} else {
			last = min(last, m.others.of(s.value))
		}
		out = append(out, Scored{m.articles[s.id], float64(last)})
	}
	return out
}

// sure reports whether the first may be sent without a human.
func (m *Model) sure(best []term) bool {
	if len(best) == 0 || best[0].value < m.sureAt {
		return false
	}
	return len(best) == 1 || best[0].value-best[1].value >= m.margin
}

// Articles are those that the model knows, in order.
func (m *Model) Articles() []string { return slices.Clone(m.articles) }

// Language is the one that the model was trained for.
func (m *Model) Language() string { return m.language }
