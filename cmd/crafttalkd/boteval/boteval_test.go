package boteval

import (
	"context"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"crafttalkd/actors/bot/intent"
)

// folder is a folder of phrases: of every eight of an article the last two are
// asked about.
func folder(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile("../../../testdata/bot/shop_en.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var train, valid strings.Builder
	n := 0
	for line := range strings.Lines(string(b)) {
		if n++; n%8 > 5 {
			valid.WriteString(line)
		} else {
			train.WriteString(line)
		}
	}
	dir := t.TempDir()
	write(t, dir, "train.tsv", train.String())
	write(t, dir, "valid.tsv", valid.String())
	write(t, dir, "oos_valid.tsv", "who won the football match\toos\nsing me a song about mountains\toos\n")
	return dir
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestRun(t *testing.T) {
	dir := folder(t)
	f, err := Run(t.Context(), Options{Dir: dir, Seed: 1, Cores: 2, Titles: true})
	if err != nil {
		t.Fatal(err)
	}
	if f.Phrases != 70 || f.Articles != 10 || f.Tested != 20 || f.Foreign != 2 {
		t.Errorf("counted %+v", f)
	}
	if f.Accuracy < 0.3 || f.Top3 < f.Accuracy || f.Top5 < f.Top3 || f.AUROC < 0.6 || f.Bytes == 0 || f.TrainCPU == 0 || f.Memory < f.Bytes || f.Memory > 20*f.Bytes {
		t.Errorf("figures %+v", f)
	}
	var table strings.Builder
	if err := f.WriteTable(&table, "shop"); err != nil || !strings.Contains(table.String(), "out of scope, AUROC") {
		t.Errorf("%v: %s", err, table.String())
	}
	train := filepath.Join(dir, "train.tsv") // a file with a way to it
	g, err := Run(t.Context(), Options{Dir: t.TempDir(), Train: train, Test: train, Seed: 1})
	if err != nil || g.Accuracy < 0.9 || g.AUROC != 0 {
		t.Errorf("asked what it learnt: %+v, %v", g, err)
	}
}

// TestRun_Folds proves that each phrase of the test is asked about once, by a
// model that has not learnt it and has learnt all others.
func TestRun_Folds(t *testing.T) {
	train := []intent.Example{{Text: "t", Article: "a"}}
	var test []intent.Example
	for i := range 7 {
		test = append(test, intent.Example{Text: string(rune('0' + i)), Article: "a"})
	}
	asked := map[string]int{}
	for _, turn := range (Options{Folds: 3, Seed: 1}).turns(train, test) {
		if n := len(turn.train) + len(turn.test); n != 8 {
			t.Errorf("%d phrases in a turn", n)
		}
		for _, e := range turn.test {
			asked[e.Text]++
			if slices.Contains(turn.train, e) {
				t.Errorf("%q is learnt and asked about", e.Text)
			}
		}
	}
	for _, e := range test {
		if asked[e.Text] != 1 {
			t.Errorf("%q was asked about %d times", e.Text, asked[e.Text])
		}
	}
	f, err := Run(t.Context(), Options{Dir: folder(t), Folds: 2, Seed: 1, Cores: 2})
	if err != nil || f.Phrases != 70 || f.Tested != 20 || f.Foreign != 2 {
		t.Errorf("counted %+v, %v", f, err)
	}
}

func TestRun_Refuses(t *testing.T) {
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if _, err := Run(stopped, Options{Dir: folder(t)}); err != context.Canceled {
		t.Errorf("stopped: %v", err)
	}
	for name, want := range map[string]string{"": "no such file", "hello\n": "train.tsv:1: no tab", "hello\tgreeting\n": "not two labels"} {
		dir := t.TempDir()
		if name != "" {
			write(t, dir, "train.tsv", name)
			write(t, dir, "valid.tsv", name)
		}
		if _, err := Run(t.Context(), Options{Dir: dir}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", name, err, want)
		}
	}
}

func TestFigures(t *testing.T) {
	in := []answer{{place: 1, chance: 0.9, none: 0.1}, {place: 1, chance: 0.9, none: 0.2}, {place: 2, chance: 0.8, none: 0.6}, {place: 0, chance: 0.8, none: 0.3}}
	out := []answer{{none: 0.5}, {none: 0.9}}
	if got := share(in, 1); got != 0.5 {
		t.Errorf("first %g", got)
	}
	if got := share(in, 3); got != 0.75 {
		t.Errorf("three %g", got)
	}
	if got := auroc(in, out); got != 7.0/8 {
		t.Errorf("AUROC %g", got)
	}
	if got := auroc([]answer{{none: 0.5}}, []answer{{none: 0.5}}); got != 0.5 {
		t.Errorf("AUROC of what is alike %g", got)
	}
	if got := recall(in, out); got != 1 { // nothing right may be rejected, which leaves 0.2
		t.Errorf("recall %g", got)
	}
	if got := calibrationError(in); math.Abs(got-(0.2+1.6)/4) > 1e-9 {
		t.Errorf("calibration error %g", got)
	}
}

func TestMistyped(t *testing.T) {
	examples := []intent.Example{{Text: strings.Repeat("перевод of ", 1000)}}
	slips := 0
	for w := range strings.FieldsSeq(mistyped(examples, 1)[0].Text) {
		if w != "перевод" && w != "of" {
			slips++
		}
	}
	if slips < 150 || slips > 210 {
		t.Errorf("%d slips in a thousand words", slips)
	}
	d := rand.New(rand.NewPCG(1, 1))
	for range 100 {
		if n := len(slip([]rune("слово"), d)); n < 4 || n > 6 {
			t.Fatalf("a slip made %d letters of five", n)
		}
	}
}
