package intent

import (
	"fmt"
	"math"
	"testing"
	"time"
)

// proves BT-05: the report tells what was tried, and adds up.
func TestBT05_ReportTellsWhatIsMissing(t *testing.T) {
	examples := append(phrases(t, "bank_ru.tsv"), Example{Text: "расскажите анекдот"}, Example{Text: "как дела", Article: "болтовня"},
		Example{Text: "где моя карта, заказывал неделю назад", Article: "выписка", Weight: 0.5})
	m, r := Train(examples, Options{Seed: 1})
	if r.Samples != 162 || r.Articles != 21 || r.WithoutArticle != 1 || len(r.Contradictions) != 1 {
		t.Errorf("%d samples, %d articles, %d without, contradictions %v", r.Samples, r.Articles, r.WithoutArticle, r.Contradictions)
	}
	if r.Trials != 161 || r.TrialsWithout != 1 {
		t.Errorf("%d trials, %d without an article", r.Trials, r.TrialsWithout)
	}
	if !(0.5 < r.Top1 && r.Top1 < r.Top3 && r.Top3 <= r.Top5 && r.Top5 < 1) {
		t.Errorf("top %g, %g, %g", r.Top1, r.Top3, r.Top5)
	}
	n, found := 0, 0
	for _, b := range r.Reliability {
		n += b.Count
	}
	if n != 162 {
		t.Errorf("%d trials in the bins", n)
	}
	if len(r.ByArticle) != 21 || r.ByArticle[0].Few || !r.ByArticle[1].Few || r.ByArticle[1].Article != "болтовня" {
		t.Errorf("articles %+v", r.ByArticle)
	}
	for _, a := range r.ByArticle {
		found += int(math.Round(a.Recall * float64(a.Trials)))
	}
	if got := int(math.Round(r.Top1 * 161)); got != found {
		t.Errorf("%d are right at first, by article %d", got, found)
	}
	if len(r.Confused) == 0 || r.Confused[0].Count < r.Confused[len(r.Confused)-1].Count {
		t.Errorf("confused %v", r.Confused)
	}
	if last := r.Curve[curvePoints-1]; last.Samples < 140 || last.Right <= r.Curve[0].Right {
		t.Errorf("curve %v", r.Curve)
	}
	if r.Coverage == 0 && r.Missing == 0 || r.Coverage > 0 && r.Precision < r.Target {
		t.Errorf("coverage %g, precision %g, missing %d", r.Coverage, r.Precision, r.Missing)
	}
	if m.Aim(0.999).Rank("забыл пин-код", nil, 1).Sure {
		t.Error("sure of what cannot be proven with so few")
	}
	if !m.Aim(0.3).Rank("забыл пин-код", nil, 1).Sure {
		t.Error("not sure of what is right nearly always")
	}
}

func TestMissing(t *testing.T) {
	scores := make([]float32, 100)
	right := make([]bool, 100)
	for i := range scores {
		scores[i], right[i] = float32(i)/100, i >= 70 || i%2 == 0
	}
	if n := missing(scores, right, 0.95); n < 50 || n > 100 {
		t.Errorf("thirty of a hundred are right throughout, and %d more are missing", n)
	}
	for i := range right {
		right[i] = i%2 == 0
	}
	if n := missing(scores, right[:100], 0.95); n != 0 {
		t.Errorf("more that are right by half are asked for: %d", n)
	}
}

// proves BT-05: a model that is worse does not take the place of another; one
// that only seems so by chance does.
func TestBT05_OnlyIfNotWorse(t *testing.T) {
	good := phrases(t, "shop_en.tsv")
	var learn, frozen, spoilt []Example
	for i, e := range good {
		if i%4 == 0 {
			frozen = append(frozen, e)
			continue
		}
		learn = append(learn, e)
		e.Article = good[(i+20)%len(good)].Article
		spoilt = append(spoilt, e)
	}
	champion, again, worse := train(t, learn, Options{Seed: 1}), train(t, learn, Options{Seed: 2}), train(t, spoilt, Options{Seed: 1})
	if v := Better(champion, worse, frozen); v.Take || v.Challenger >= v.Champion || v.Chance > 0.01 {
		t.Errorf("one that learnt nonsense: %+v", v)
	}
	if v := Better(worse, champion, frozen); !v.Take || v.Won <= v.Lost {
		t.Errorf("against one that learnt nonsense: %+v", v)
	}
	if v := Better(champion, again, frozen); !v.Take {
		t.Errorf("as good: %+v", v)
	}
	if v := Better(nil, champion, frozen); !v.Take || v.Challenger == 0 || v.Examples != len(frozen) {
		t.Errorf("the first: %+v", v)
	}
	if Better(champion, nil, frozen).Take {
		t.Error("no model takes a model's place")
	}
}

func TestTail(t *testing.T) {
	for _, tt := range []struct {
		k, n int
		want float64
	}{{0, 0, 1}, {0, 5, 1}, {5, 5, 1.0 / 32}, {3, 4, 5.0 / 16}, {60, 100, 0.0284}} {
		if got := tail(tt.k, tt.n); math.Abs(got-tt.want) > 1e-4 {
			t.Errorf("tail(%d, %d) = %g, want %g", tt.k, tt.n, got, tt.want)
		}
	}
}

// proves BT-05: what models are compared with is the newest, and neither a
// dialog nor a phrase is on both sides.
func TestBT05_TheNewestIsFrozen(t *testing.T) {
	at := func(day int) time.Time { return time.Date(2026, 11, day, 0, 0, 0, 0, time.UTC) }
	examples := []Example{
		{Text: "ageless", Article: "a"}, {Text: "The last!", Article: "a"},
		{Text: "the last", Article: "a", At: at(9), Group: "g"}, {Text: "before it", Article: "b", At: at(8), Group: "g"},
		{Text: "old", Article: "b", At: at(1)}, {Text: "the last", Article: "b", At: at(2)}, {Text: "older", Article: "b", At: at(1)},
	}
	learn, frozen := Freeze(examples, 0.2)
	texts := func(examples []Example) (out []string) {
		for _, e := range examples {
			out = append(out, e.Text)
		}
		return out
	}
	if got := fmt.Sprintf("%q %q", texts(learn), texts(frozen)); got != `["ageless" "old" "older"] ["the last" "before it" "the last"]` {
		t.Error(got)
	}
	if learn, frozen = Freeze(examples, 0); len(learn) != len(examples) || frozen != nil {
		t.Errorf("a share of nothing: %v", frozen)
	}
}
