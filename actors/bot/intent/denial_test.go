package intent

import (
	"bytes"
	"math"
	"slices"
	"testing"
	"time"
)

// given is the probability that an article is held to answer with. What is shown
// of it goes by steps, and those of few samples are wide.
func given(m *Model, text, article string) float32 {
	toks := m.voc.words.repair(tokens(text))
	for _, s := range m.judge(toks, m.voc.read(toks), nil).best {
		if m.articles[s.id] == article {
			return s.value
		}
	}
	return 0
}

// proves BT-05: what operators rejected teaches: phrases like it are led to the
// article less, by a few samples as by enough for nets, and others as before.
func TestBT05_RejectionsAreLearnt(t *testing.T) {
	few := phrases(t, "shop_en.tsv")
	const shown, alike, other = "the money for my parcel is late", "money for the parcel is late", "please cancel the order I made today"
	for _, examples := range [][]Example{few, append(phrases(t, "bank_ru.tsv"), few...)[:tinySamples+30]} {
		before := train(t, examples, Options{Seed: 1, passes: 10})
		wrong := first(before, shown)
		m, r := Train(append(slices.Clone(examples), Example{Text: shown, Article: wrong, Rejected: true}), Options{Seed: 1, passes: 10})
		if was, is := given(before, alike, wrong), given(m, alike, wrong); is > 0.8*was || r.Denials != 1 || r.Samples != len(m.samples) {
			t.Errorf("%d samples: %s was given %.3f and is given %.3f; %d denials", r.Samples, wrong, was, is, r.Denials)
		}
		if first(m, other) != first(before, other) {
			t.Errorf("%d samples: %q is led elsewhere", r.Samples, other)
		}
		if w := m.Explain(shown, wrong, 100); slices.ContainsFunc(w.Nearest, func(n Near) bool { return n.Text == shown }) {
			t.Errorf("%q is quoted for the article that it was rejected for", shown)
		}
	}
}

// Which rejections say something, and how much.
func TestDenials(t *testing.T) {
	now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	o := Options{Now: now}.filled()
	no := func(text, article string, at time.Time) Example {
		return Example{Text: text, Article: article, At: at, Rejected: true}
	}
	examples := []Example{{Text: "where is it", Article: "a"}, {Text: "what is it", Article: "b"},
		no("Lost!", "a", now), no("lost", "a", now.Add(-halfLife)), no("lost", "b", now), // said twice, once long ago
		no("Where is it?", "b", now), no("Where is it", "b", now), // the second is known to be answered by a
		no("lost", "gone", now), no("lost", "", now), no("!", "a", now)}
	samples, articles, against := o.clean(examples)
	if len(samples) != 2 || len(articles) != 2 || len(against) != 0 {
		t.Fatalf("%d samples of %v, %v", len(samples), articles, against)
	}
	var got []denial
	for _, d := range o.denials(examples, samples, articles) {
		got = append(got, denial{key: d.key, class: d.class, weight: d.weight})
	}
	want := []denial{{key: "lost", weight: 1.5}, {key: "lost", class: 1, weight: 1}, {key: "where is it ?", class: 1, weight: 1}}
	if !slices.EqualFunc(got, want, func(a, b denial) bool { return a.key == b.key && a.class == b.class && a.weight == b.weight }) {
		t.Errorf("denials are %v, want %v", got, want)
	}
}

// proves BT-05: rejections in another order give the same bytes.
func TestBT05_RejectionsInAnyOrder(t *testing.T) {
	examples := phrases(t, "shop_en.tsv")
	for _, text := range []string{"late and broken", "my refund is broken", "nothing works"} {
		examples = append(examples, Example{Text: text, Article: "refund", Rejected: true}, Example{Text: text, Article: "delivery", Rejected: true})
	}
	want := train(t, examples, Options{Seed: 1}).Encode()
	slices.Reverse(examples)
	if !bytes.Equal(train(t, examples, Options{Seed: 1, Parallel: together}).Encode(), want) {
		t.Error("turned round they give another model")
	}
}

// The gradient of a denial is the slope of its loss.
func TestBlameDenied(t *testing.T) {
	scores := []float32{0.3, 1.2, -0.5, 0.9}
	loss := func() float64 {
		p := slices.Clone(scores)
		softmax(p)
		return -math.Log(1 - float64(p[1]))
	}
	g := slices.Clone(scores)
	softmax(g)
	blameDenied(g, 1)
	for i := range scores {
		if got := slope(&scores[i], loss); math.Abs(got-float64(g[i])) > 1e-3 {
			t.Errorf("class %d: slope %g, gradient %g", i, got, g[i])
		}
	}
}

// What a dialog that is held back denied is not learnt either.
func TestWithout(t *testing.T) {
	all := []denial{{key: "a", group: "x"}, {key: "b", group: "y"}}
	if left := without(all, map[string]bool{"x": true}); len(left) != 1 || left[0].key != "b" || len(all) != 2 || all[0].key != "a" {
		t.Errorf("left are %v of %v", left, all)
	}
}
