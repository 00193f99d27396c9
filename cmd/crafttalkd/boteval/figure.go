package boteval

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"

	"crafttalkd/actors/bot/intent"
)

// An answer is what the model made of one phrase.
type answer struct {
	place  int // of the right article, from 1; 0 if it is not among the first
	chance float64
	none   float64
	sure   bool
}

// asked is how many articles are looked at.
const asked = 5

func ask(m *intent.Model, examples []intent.Example) []answer {
	out := make([]answer, len(examples))
	for i, e := range examples {
		r := m.Rank(e.Text, nil, asked)
		out[i] = answer{none: r.NoArticle, sure: r.Sure}
		if len(r.Best) > 0 {
			out[i].chance = r.Best[0].Probability
		}
		out[i].place = 1 + slices.IndexFunc(r.Best, func(s intent.Scored) bool { return s.Article == e.Article })
	}
	return out
}

// share is how many have the right article among the first k.
func share(answers []answer, k int) float64 {
	n := 0
	for _, a := range answers {
		if a.place > 0 && a.place <= k {
			n++
		}
	}
	return float64(n) / float64(max(len(answers), 1))
}

// calibrationError is the mean distance, in fifteen bins of equal width,
// between the probability shown and the share that was right.
func calibrationError(answers []answer) (ece float64) {
	const bins = 15
	var sum, right [bins]float64
	for _, a := range answers {
		b := min(int(a.chance*bins), bins-1)
		sum[b] += a.chance
		if a.place == 1 {
			right[b]++
		}
	}
	for b := range sum {
		ece += math.Abs(sum[b]-right[b]) / float64(max(len(answers), 1))
	}
	return ece
}

// auroc is how often a phrase out of scope is given a higher probability of
// having no article than one in scope.
func auroc(in, out []answer) float64 {
	if len(in) == 0 || len(out) == 0 {
		return 0
	}
	order := slices.Sorted(func(yield func(float64) bool) {
		for _, a := range in {
			if !yield(a.none) {
				return
			}
		}
	})
	var sum float64
	for _, a := range out {
		below, _ := slices.BinarySearch(order, a.none)
		above, _ := slices.BinarySearchFunc(order, a.none, func(x, y float64) int {
			if x <= y {
				return -1
			}
			return 1
		})
		sum += float64(below) + float64(above-below)/2
	}
	return sum / float64(len(in)*len(out))
}

// cost is what rejecting may take away from accuracy.
const cost = 0.03

// recall is how many phrases out of scope are rejected by the lowest limit
// that keeps accuracy within the cost: what is rejected in scope is wrong.
func recall(in, out []answer) float64 {
	if len(in) == 0 || len(out) == 0 {
		return 0
	}
	sorted := slices.SortedFunc(slices.Values(in), func(a, b answer) int { return cmp.Compare(b.none, a.none) })
	spare := int(cost * float64(len(in)))
	limit := 0.0
	for i, a := range sorted {
		if a.place == 1 {
			if spare--; spare < 0 {
				limit = sorted[i].none
				break
			}
		}
	}
	n := 0
	for _, a := range out {
		if a.none > limit {
			n++
		}
	}
	return float64(n) / float64(len(out))
}

// mistyped has a slip in every fifth of the longer words: a letter left out,
// doubled, exchanged with its neighbour or for another of the word.
func mistyped(examples []intent.Example, seed uint64) []intent.Example {
	d := rand.New(rand.NewPCG(seed, 20))
	out := slices.Clone(examples)
	for i, e := range out {
		runes := []rune(e.Text)
		var made []rune
		for a := 0; a < len(runes); {
			b := a
			for b < len(runes) && runes[b] != ' ' {
				b++
			}
			word := slices.Clone(runes[a:b])
			if len(word) >= 5 && d.IntN(5) == 0 {
				word = slip(word, d)
			}
			made = append(made, word...)
			if b < len(runes) {
				made = append(made, ' ')
			}
			a = b + 1
		}
		out[i].Text = string(made)
	}
	return out
}

func slip(word []rune, d *rand.Rand) []rune {
	i := 1 + d.IntN(len(word)-2)
	switch d.IntN(4) {
	case 0:
		return slices.Delete(word, i, i+1)
	case 1:
		return slices.Insert(word, i, word[i])
	case 2:
		word[i], word[i+1] = word[i+1], word[i]
	default:
		word[i] = word[d.IntN(len(word))]
	}
	return word
}

// WriteTable writes the figures for people.
func (f Figures) WriteTable(w io.Writer, name string) error {
	percent := func(x float64) string { return fmt.Sprintf("%.1f %%", 100*x) }
	rows := [][2]string{
		{"phrases learnt from", fmt.Sprintf("%d of %d articles", f.Phrases, f.Articles)},
		{"phrases asked about", fmt.Sprintf("%d, and %d that no article answers", f.Tested, f.Foreign)},
		{"right at first", percent(f.Accuracy)},
		{"among three, among five", percent(f.Top3) + ", " + percent(f.Top5)},
		{"right at first, mistyped", percent(f.TypoAccuracy)},
		{"calibration error", percent(f.ECE)},
		{"answered without a human", percent(f.Coverage) + ", right " + percent(f.Precision)},
		{"training", fmt.Sprintf("%.1f CPU-s", f.TrainCPU)},
		{"a message", fmt.Sprintf("%.0f µs", f.PerMessage)},
		{"size", fmt.Sprintf("%.1f MB", float64(f.Bytes)/1e6)},
		{"memory", fmt.Sprintf("%.1f MB", float64(f.Memory)/1e6)},
	}
	if f.Foreign > 0 {
		rows = slices.Insert(rows, 6,
			[2]string{"out of scope, AUROC", fmt.Sprintf("%.3f", f.AUROC)},
			[2]string{"out of scope, recall", percent(f.OOSRecall)})
	}
	if _, err := fmt.Fprintln(w, name); err != nil {
		return err
	}
	for _, r := range rows {
		if _, err := fmt.Fprintf(w, "  %-26s%s\n", r[0], r[1]); err != nil {
			return err
		}
	}
	return nil
}
