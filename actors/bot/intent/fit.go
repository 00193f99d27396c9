package intent

import (
	"cmp"
	"math"
	"slices"
)

// A member gives every class a score. Members are of different kinds and err
// in different places.
type member interface{ score(x []term, out []float32) }

// An ensemble is what is learnt from one set of samples.
type ensemble struct {
	voc     *vocabulary
	lessons []lesson
	taught  []lesson // with what was denied
	classes int
	lineup  []kind
	members []member
}

// A kind is what a member is, as it is written in a model.
type kind uint8

const (
	machines kind = iota + 1 // support vector machines
	regression
	network
	centres // likeness to the mean of an article's samples
	nearest // likeness to the nearest of them
	lastKind
)

// lineup is who learns from so many samples. Of few there is too little to
// learn what a net or a regression would. Nets differ by their dice, and of some
// samples four are better than three; of more they are dear, and three do.
func lineup(samples int) []kind {
	switch {
	case samples < tinySamples:
		return []kind{machines, centres, nearest}
	case samples < someSamples:
		return []kind{machines, regression, network, network, network, network}
	}
	return []kind{machines, regression, network, network, network}
}

const (
	tinySamples = 200
	someSamples = 2000
	manySamples = 5000
)

// newEnsemble reads samples, so that members can learn from them.
func newEnsemble(samples []sample, denials []denial, classes int, who []kind) *ensemble {
	texts := make([][]string, len(samples))
	for i, s := range samples {
		texts[i] = s.tokens
	}
	least := 1
	if len(samples) > manySamples {
		least = 2 // what one of many said says little
	}
	e := &ensemble{voc: learnVocabulary(texts, least), classes: classes, lineup: who}
	e.members = make([]member, len(e.lineup))
	for i, s := range samples {
		l := e.voc.lesson(texts[i])
		l.class, l.weight = s.class, s.weight
		e.lessons = append(e.lessons, l)
	}
	e.deny(denials)
	return e
}

// teach makes one member of the ensemble of a part. Its dice are its own.
func (e *ensemble) teach(m int, o Options, part int) {
	d, stop := newDice(o.Seed, uint64(part), uint64(m)), o.Stop
	features := e.voc.size()
	switch e.lineup[m] {
	case machines:
		e.members[m] = trainMachines(e.taught, features, e.classes, d, stop)
	case regression:
		e.members[m] = trainRegression(e.taught, features, e.classes, d, stop)
	case network:
		e.members[m] = trainNet(e.taught, features, e.classes, o.planFor(len(e.lessons)), d, stop)
	case centres:
		e.members[m] = findCentres(e.lessons, features, e.classes)
	case nearest:
		e.members[m] = newNearest(newMemory(e.voc, e.lessons), e.lessons)
	}
}

// read is how a text that is not in the samples is read.
func (e *ensemble) read(tokens []string) []term { return e.voc.read(e.voc.words.repair(tokens)) }

// A trial is what an ensemble that did not know a sample made of it.
type trial struct {
	sample int
	scores [][]float32 // by member and class
	signs  signs
}

// folds is in how many parts samples are held back, and how many of the parts
// are tried: of many samples a few thousand tell enough.
func folds(samples int) (parts, tried int) {
	parts = 5
	if samples < tinySamples {
		parts = 10
	}
	return parts, min(parts, max(1, int(math.Ceil(mostTrials*float64(parts)/float64(max(samples, 1))))))
}

// mostTrials are as many as are worth their time.
const mostTrials = 3000

// partOf gives every sample its part: dialogs stay whole, and every article's
// samples are spread evenly.
func partOf(samples []sample, parts int, seed uint64) []int {
	order := make([]int, len(samples))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		x, y := samples[a], samples[b]
		return cmp.Or(cmp.Compare(x.class, y.class), cmp.Compare(hash(seed, x.group), hash(seed, y.group)), cmp.Compare(x.key, y.key))
	})
	of, groups := make([]int, len(samples)), map[string]int{}
	for n, i := range order {
		part, ok := groups[samples[i].group]
		if !ok {
			part = n % parts
			groups[samples[i].group] = part
		}
		of[i] = part
	}
	return of
}

// A course is the ensemble that learns from all samples, and those that learn
// from all but a part, with what they make of that part.
type course struct {
	whole  *ensemble
	parts  []*ensemble
	trials []trial // by part and sample
	curve  []Point
}

// study teaches all ensembles. What can be done at once is given to o.Parallel
// in pieces that do not meet.
func (o Options) study(samples []sample, denials []denial, classes int) *course {
	parts, tried := folds(len(samples))
	of := partOf(samples, parts, o.Seed)
	who := lineup(len(samples))
	c := &course{parts: make([]*ensemble, tried)}
	held := make([][]trial, tried)
	o.Parallel(tried+1, func(i int) {
		if i == tried {
			c.whole = newEnsemble(samples, denials, classes, who)
			return
		}
		var rest []sample
		away := map[string]bool{}
		for n, s := range samples {
			if of[n] != i {
				rest = append(rest, s)
			} else {
				away[s.group] = true
				held[i] = append(held[i], trial{sample: n, scores: make([][]float32, len(who))})
			}
		}
		c.parts[i] = newEnsemble(rest, without(denials, away), classes, who)
	})
	c.curve = make([]Point, curvePoints)
	o.Parallel((tried+1)*len(who)+curvePoints, func(n int) {
		i, m := n/len(who), n%len(who)
		if i > tried {
			n -= (tried + 1) * len(who)
			c.curve[n] = o.point(samples, of, n, classes)
			return
		}
		if i == 0 {
			c.whole.teach(m, o, 0)
			return
		}
		e := c.parts[i-1]
		e.teach(m, o, i)
		for t := range held[i-1] {
			x := e.read(samples[held[i-1][t].sample].tokens)
			held[i-1][t].scores[m] = make([]float32, classes)
			e.members[m].score(x, held[i-1][t].scores[m])
		}
		e.members[m] = nil // has done its part
	})
	o.Parallel(tried, func(i int) {
		e := c.parts[i]
		memory := newMemory(e.voc, e.lessons)
		for t := range held[i] {
			toks := e.voc.words.repair(samples[held[i][t].sample].tokens)
			held[i][t].signs = memory.signs(toks, e.voc.read(toks))
		}
	})
	for _, h := range held {
		c.trials = append(c.trials, h...)
	}
	return c
}

// curvePoints is in how many steps the learning curve rises to all that is
// learnt from when the first part is held back.
const curvePoints = 4

// point is how the machines alone do on the first part, having learnt from a
// share of the others.
func (o Options) point(samples []sample, of []int, n, classes int) Point {
	var rest, held []sample
	for i, s := range samples {
		switch {
		case of[i] == 0:
			held = append(held, s)
		case int(hash(o.Seed, s.key)%curvePoints) <= n:
			rest = append(rest, s)
		}
	}
	if len(rest) == 0 {
		return Point{}
	}
	e := newEnsemble(rest, nil, classes, []kind{machines})
	e.teach(0, o, 0)
	right := 0
	scores := make([]float32, classes)
	for _, s := range held {
		e.members[0].score(e.read(s.tokens), scores)
		if slices.Index(scores, highest(scores)) == s.class {
			right++
		}
	}
	return Point{len(rest), part(right, len(held))}
}
