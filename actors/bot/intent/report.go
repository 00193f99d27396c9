package intent

import (
	"cmp"
	"slices"
)

// A Report says how a training went, and what the examples lack. All shares
// are of trials: samples that were asked about while they were not known.
type Report struct {
	Samples        int // examples that differ
	Articles       int
	WithoutArticle int // samples that no article answers
	Denials        int // phrases of which it is known alone what does not answer
	Contradictions []Contradiction

	Trials           int // with an article
	Top1, Top3, Top5 float64
	Reliability      []Bin
	Error            float64 // how far the shown probability is from the truth, on average

	Target    float64 // how often an answer without a human must be right
	Coverage  float64 // of trials, answered without a human
	Precision float64 // of those, right
	Missing   int     // how many more trials like these would prove the target; 0 if it is, or if they would not

	TrialsWithout int     // trials without an article
	NoneRecall    float64 // of those, found out: likelier than not no article answers

	ByArticle []ArticleReport // in the order of their names
	Confused  []Confusion     // the most frequent first
	Curve     []Point
}

// A Bin is the trials that were shown about the same probability.
type Bin struct {
	Shown float64 // on average
	Right float64 // how many were
	Count int
}

// An ArticleReport says how an article is found.
type ArticleReport struct {
	Article   string
	Examples  int
	Few       bool    // fewer than five examples
	Trials    int     // of its samples
	Recall    float64 // of them, found
	Precision float64 // of trials for which it was ranked first, its own
}

// fewExamples are too few to count on.
const fewExamples = 5

// A Confusion is an article that was taken for another.
type Confusion struct {
	Article, TakenFor string
	Count             int
}

// A Point of the learning curve: with a part of the samples, how many trials
// the quickest of the members gets right.
type Point struct {
	Samples int
	Right   float64
}

// A tried sample is a trial and what the model made of it.
type tried struct {
	class int
	best  []term
	shown float64
	none  float32
	sure  bool
}

// mostConfused pairs are told.
const mostConfused = 30

// tell fills in what trials show.
func (r *Report) tell(m *Model, trials []tried) {
	var counts [4]int // first, among three, among five, shown to have none
	for _, t := range trials {
		if t.class == len(m.articles) {
			r.TrialsWithout++
			if t.none > 0.5 {
				counts[3]++
			}
			continue
		}
		r.Trials++
		place := slices.IndexFunc(t.best, func(s term) bool { return int(s.id) == t.class })
		for i, k := range []int{1, 3, 5} {
			if place >= 0 && place < k {
				counts[i]++
			}
		}
	}
	r.Top1, r.Top3, r.Top5 = part(counts[0], r.Trials), part(counts[1], r.Trials), part(counts[2], r.Trials)
	r.NoneRecall = part(counts[3], r.TrialsWithout)
	r.rely(trials)
	r.confuse(m, trials)
}

// part is n of all.
func part(n, all int) float64 { return float64(n) / float64(max(all, 1)) }

// right reports whether the first article was the right one.
func (t tried) right() bool { return len(t.best) > 0 && int(t.best[0].id) == t.class }

// rely compares what was shown with what was right.
func (r *Report) rely(trials []tried) {
	bins := make([]Bin, 10)
	sure, right := 0, 0
	for _, t := range trials {
		b := &bins[min(int(t.shown*10), 9)]
		b.Count++
		b.Shown += t.shown
		if t.right() {
			b.Right++
		}
		if t.sure {
			sure++
			if t.right() {
				right++
			}
		}
	}
	for _, b := range bins {
		if b.Count == 0 {
			continue
		}
		n := float64(b.Count)
		b.Shown, b.Right = b.Shown/n, b.Right/n
		r.Reliability = append(r.Reliability, b)
		r.Error += max(b.Shown-b.Right, b.Right-b.Shown) * n / float64(len(trials))
	}
	r.Coverage, r.Precision = part(sure, len(trials)), part(right, sure)
}

// confuse tells of each article, and which are taken for others.
func (r *Report) confuse(m *Model, trials []tried) {
	r.ByArticle = make([]ArticleReport, len(m.articles))
	found, named := make([]int, len(m.articles)), make([]int, len(m.articles))
	for i, a := range m.articles {
		r.ByArticle[i].Article = a
	}
	for _, s := range m.samples {
		if s.class < len(m.articles) {
			r.ByArticle[s.class].Examples++
		}
	}
	pairs := map[[2]int]int{}
	for _, t := range trials {
		if t.class < len(m.articles) {
			r.ByArticle[t.class].Trials++
		}
		if len(t.best) == 0 {
			continue
		}
		top := int(t.best[0].id)
		named[top]++
		if top == t.class {
			found[top]++
		} else if t.class < len(m.articles) {
			pairs[[2]int{t.class, top}]++
		}
	}
	for i := range r.ByArticle {
		a := &r.ByArticle[i]
		a.Few = a.Examples < fewExamples
		a.Recall, a.Precision = part(found[i], a.Trials), part(found[i], named[i])
	}
	for p, n := range pairs {
		r.Confused = append(r.Confused, Confusion{m.articles[p[0]], m.articles[p[1]], n})
	}
	slices.SortFunc(r.Confused, func(a, b Confusion) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Article, b.Article), cmp.Compare(a.TakenFor, b.TakenFor))
	})
	r.Confused = r.Confused[:min(len(r.Confused), mostConfused)]
}
