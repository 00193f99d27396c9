/*
Package boteval measures the bot's model on a folder of phrases whose articles
are known: lines of text, a tab, and a label. It learns from one file and asks
about another, and about phrases that no article answers if there are such.
*/
package boteval

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"unicode"

	"crafttalkd/actors/bot/intent"
)

// Options say what is measured.
type Options struct {
	Dir   string
	Train string // a file in Dir; empty is train.tsv, or all.tsv
	Test  string // empty is valid.tsv, or a fifth of the phrases learnt from
	OOS   string // empty is every file that ends in oos_valid.tsv
	// Titles lets labels speak: the words of each are learnt as its article's
	// title, as the product does.
	Titles bool
	// Folds, if there are two or more, has the test asked about in so many parts,
	// each by a model that has learnt from the others too.
	Folds int
	Seed  uint64
	Cores int
}

// Figures are what was measured. Shares are from 0 to 1.
type Figures struct {
	Accuracy     float64 `json:"accuracy"` // of phrases that an article answers, none rejected
	Top3         float64 `json:"top3"`
	Top5         float64 `json:"top5"`
	ECE          float64 `json:"ece"`         // how far the percentage shown is from what is right
	AUROC        float64 `json:"auroc"`       // of telling what no article answers; 0 without such phrases
	OOSRecall    float64 `json:"oos_recall"`  // while rejecting costs three points of accuracy
	TrainCPU     float64 `json:"train_cpu_s"` // of one training
	PerMessage   float64 `json:"us_per_message"`
	Coverage     float64 `json:"coverage"`  // answered without a human
	Precision    float64 `json:"precision"` // of those, right
	TypoAccuracy float64 `json:"typo_accuracy"`
	Bytes        int     `json:"bytes"`
	Memory       int     `json:"memory"` // that the model takes while it serves

	Phrases  int           `json:"phrases"`
	Articles int           `json:"articles"`
	Tested   int           `json:"tested"`
	Foreign  int           `json:"out_of_scope"`
	Report   intent.Report `json:"-"`
}

// Run learns and asks.
func Run(ctx context.Context, o Options) (Figures, error) {
	train, test, foreign, err := o.read()
	if err != nil {
		return Figures{}, err
	}
	if o.Titles {
		train = append(train, titles(train)...)
	}
	var f Figures
	var asked, slipped, out []answer
	turns := o.turns(train, test)
	for _, t := range turns {
		model, err := o.learn(ctx, &f, t.train)
		if err != nil {
			return Figures{}, err
		}
		began := cpuTime()
		asked = append(asked, ask(model, t.test)...)
		f.PerMessage += float64((cpuTime() - began).Microseconds()) / float64(max(len(test), 1))
		slipped = append(slipped, ask(model, mistyped(t.test, o.Seed))...)
		out = append(out, ask(model, foreign)...)
		raw := model.Encode()
		f.Bytes = len(raw)
		if f.Memory, err = serving(raw); err != nil {
			return Figures{}, err
		}
	}
	f.TrainCPU /= float64(len(turns))
	f.Tested, f.Foreign = len(test), len(foreign)
	f.count(asked)
	f.AUROC, f.OOSRecall = auroc(asked, out), recall(asked, out)
	f.TypoAccuracy = share(slipped, 1)
	return f, nil
}

// A turn is what is learnt from and asked about at once.
type turn struct{ train, test []intent.Example }

// turns are one, or as many as there are folds: then each part of the test is
// asked about once, and the others of its parts are learnt from too.
func (o Options) turns(train, test []intent.Example) []turn {
	if o.Folds < 2 {
		return []turn{{train, test}}
	}
	turns := make([]turn, o.Folds)
	for k := range turns {
		turns[k].train = slices.Clone(train)
	}
	for i, at := range rand.New(rand.NewPCG(o.Seed, uint64(o.Folds))).Perm(len(test)) {
		for k := range turns {
			if i%o.Folds == k {
				turns[k].test = append(turns[k].test, test[at])
			} else {
				turns[k].train = append(turns[k].train, test[at])
			}
		}
	}
	return turns
}

// learn trains a model, and adds what that took.
func (o Options) learn(ctx context.Context, f *Figures, train []intent.Example) (*intent.Model, error) {
	began := cpuTime()
	model, report := intent.Train(train, intent.Options{
		Seed: o.Seed, Stop: func() bool { return ctx.Err() != nil }, Parallel: parallel(max(o.Cores, 1))})
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if model == nil {
		return nil, fmt.Errorf("%s: there are not two labels to tell apart", o.Dir)
	}
	f.TrainCPU += (cpuTime() - began).Seconds()
	f.Report, f.Phrases, f.Articles = report, report.Samples, report.Articles
	return model, nil
}

// serving is how much memory a model takes that was read from its bytes, as a
// server reads it: by how much a second one adds to a first, when nothing is left
// of the training.
func serving(raw []byte) (int, error) {
	var models [2]*intent.Model
	var in [2]uint64
	for i := range models {
		m, err := intent.Decode(raw)
		if err != nil {
			return 0, err
		}
		models[i], in[i] = m, inUse()
	}
	runtime.KeepAlive(models)
	return int(in[1]) - int(in[0]), nil
}

// inUse is what lives on the heap. Pools let go of what they hold in the second
// round.
func inUse() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// count counts how phrases that an article answers were answered.
func (f *Figures) count(asked []answer) {
	f.Accuracy, f.Top3, f.Top5 = share(asked, 1), share(asked, 3), share(asked, 5)
	f.ECE = calibrationError(asked)
	sure, right := 0, 0
	for _, a := range asked {
		if a.sure {
			sure++
			if a.place == 1 {
				right++
			}
		}
	}
	f.Coverage = float64(sure) / float64(max(len(asked), 1))
	f.Precision = float64(right) / float64(max(sure, 1))
}

// parallel does things on as many cores as there are.
func parallel(cores int) func(n int, do func(int)) {
	return func(n int, do func(int)) {
		var wg sync.WaitGroup
		next := make(chan int)
		for range cores {
			wg.Go(func() {
				for i := range next {
					do(i)
				}
			})
		}
		for i := range n {
			next <- i
		}
		close(next)
		wg.Wait()
	}
}

// read finds the files. What is labelled as out of scope in any of them is.
func (o Options) read() (train, test, foreign []intent.Example, err error) {
	file := cmp.Or(o.Train, "train.tsv")
	train, err = readFile(o.Dir, file)
	if o.Train == "" && errors.Is(err, fs.ErrNotExist) {
		file = "all.tsv"
		train, err = readFile(o.Dir, file)
	}
	if err != nil {
		return nil, nil, nil, err
	}
	test, err = readFile(o.Dir, cmp.Or(o.Test, "valid.tsv"))
	if o.Test == "" && errors.Is(err, fs.ErrNotExist) {
		train, test = apart(train)
	} else if err != nil {
		return nil, nil, nil, err
	}
	more, err := readFile(o.Dir, "oos_train.tsv")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil, err
	}
	train = append(train, more...)
	foreign, err = o.readForeign()
	for _, e := range test {
		if e.Article == "" {
			foreign = append(foreign, e)
		}
	}
	test = slices.DeleteFunc(test, func(e intent.Example) bool { return e.Article == "" })
	return train, test, foreign, err
}

// readForeign reads what no article answers, whatever its label.
func (o Options) readForeign() (out []intent.Example, err error) {
	files := []string{o.OOS}
	if o.OOS == "" {
		found, err := filepath.Glob(filepath.Join(o.Dir, "*oos_valid.tsv"))
		if err != nil {
			return nil, err
		}
		files = files[:0]
		for _, f := range found {
			files = append(files, filepath.Base(f))
		}
	}
	for _, f := range files {
		part, err := readFile(o.Dir, f)
		if err != nil {
			return nil, err
		}
		out = append(out, part...)
	}
	return out, nil
}

// apart puts every fifth phrase of each label aside.
func apart(all []intent.Example) (train, test []intent.Example) {
	seen := map[string]int{}
	for _, e := range all {
		if seen[e.Article]++; seen[e.Article]%5 == 0 {
			test = append(test, e)
		} else {
			train = append(train, e)
		}
	}
	return train, test
}

// titles makes of every label what its words say.
func titles(train []intent.Example) (out []intent.Example) {
	seen := map[string]bool{"": true}
	for _, e := range train {
		if !seen[e.Article] {
			seen[e.Article] = true
			text := strings.Map(func(r rune) rune {
				if unicode.IsLetter(r) || unicode.IsDigit(r) {
					return r
				}
				return ' '
			}, e.Article)
			out = append(out, intent.Example{Text: text, Article: e.Article, Weight: titleWeight})
		}
	}
	return out
}

// titleWeight is what a title counts for beside a phrase of a customer's.
const titleWeight = 0.5

// none are the labels of phrases that no article answers.
var none = []string{"oos", "none", "out_of_scope"}

// readFile reads phrases. A file that is named with a way to it need not be in dir.
func readFile(dir, name string) ([]intent.Example, error) {
	path := filepath.Join(dir, name)
	if filepath.Base(name) != name {
		path = name
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var out []intent.Example
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		text, label, ok := strings.Cut(lines.Text(), "\t")
		if !ok {
			return nil, fmt.Errorf("%s:%d: no tab between text and label", path, n)
		}
		label = strings.TrimSpace(label)
		if slices.Contains(none, strings.ToLower(label)) {
			label = ""
		}
		out = append(out, intent.Example{Text: text, Article: label})
	}
	return out, lines.Err()
}
