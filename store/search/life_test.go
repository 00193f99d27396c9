package search

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"crafttalkd/actors/event"
	"crafttalkd/store"
	"crafttalkd/store/journal"
	"crafttalkd/store/keys"
	"crafttalkd/store/pebblestore"
)

// lives is the environment variable by which a test runs itself as another
// process, to be killed.
const lives = "CRAFTTALK_SEARCH_DIR"

// batches makes the changes of one batch after the other, the same for everybody
// who begins with the same seed.
type batches struct{ w *writer }

func (b batches) next() (out []Change) {
	for range 20 {
		out = append(out, Change{Article: b.w.article(fmt.Sprintf("a%d", b.w.rand.IntN(100)), 8), Removed: b.w.rand.IntN(6) == 0})
	}
	return out
}

func newBatches() batches { return batches{newWriter(5, 400)} }

// TestMain lets a process of the test index until it is killed.
func TestMain(m *testing.M) {
	if dir := os.Getenv(lives); dir != "" {
		indexUntilKilled(dir)
	}
	os.Exit(m.Run())
}

func indexUntilKilled(dir string) {
	x, err := Open(dir)
	if err != nil {
		panic(err)
	}
	b, done := newBatches(), 0
	fmt.Sscanf(string(x.Place()), "%d", &done)
	for n := 1; ; n++ {
		changes := b.next()
		if n <= done {
			continue
		}
		if err := x.Apply(changes, fmt.Append(nil, n)); err != nil {
			panic(err)
		}
		fmt.Println(n)
	}
}

// same holds what an index tells against a scan.
func same(t *testing.T, x *Index, s scan) {
	t.Helper()
	x.Serve()
	w := newWriter(9, 400)
	for range 30 {
		q := Query{Text: w.question(s, s.ids()), Sight: w.sight(), Limit: 50}
		if err := compare(t, x, s, q); err != nil {
			t.Fatal(err)
		}
		if err := suggestsAs(x, s, firstRunes(w.word(), 3), w.sight(), 5); err != nil {
			t.Fatal(err)
		}
	}
}

// proves G9 for this reading: what Apply has returned for outlives kill -9, and
// the place tells exactly what is there.
func TestKB09_OutlivesKills(t *testing.T) {
	dir, acknowledged := t.TempDir(), 0
	for round := range 4 {
		child := exec.Command(os.Args[0])
		child.Env = append(os.Environ(), lives+"="+dir)
		out, err := child.StdoutPipe()
		if err == nil {
			err = child.Start()
		}
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for n := 0; n < 4+3*round && lines.Scan(); n++ {
			fmt.Sscan(lines.Text(), &acknowledged)
		}
		if err := child.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		for lines.Scan() {
			fmt.Sscan(lines.Text(), &acknowledged)
		}
		if err := child.Wait(); err == nil {
			t.Fatal("it ended by itself")
		}
		if err := os.Remove(filepath.Join(dir, "working")); err != nil {
			t.Fatal(err) // which would condemn the index
		}
	}
	x := opened(t, dir)
	place := 0
	fmt.Sscanf(string(x.Place()), "%d", &place)
	if x.Fresh() != "" || place < acknowledged || place > acknowledged+1 {
		t.Fatalf("opened fresh %q at %d, acknowledged %d", x.Fresh(), place, acknowledged)
	}
	s, b := newScan(), newBatches()
	for range place {
		s.apply(b.next())
	}
	same(t, x, s)
	orphans, loaded := 0, len(files(t, dir, ".seg"))
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	y := opened(t, dir)
	if orphans = len(files(t, dir, ".seg")) - loaded; orphans > 0 {
		t.Errorf("%d segments were left behind", orphans)
	}
	same(t, y, s)
}

func files(t *testing.T, dir, kind string) (out []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if strings.HasSuffix(path, kind) {
			out = append(out, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// filled makes an index and closes it.
func filled(t *testing.T) string {
	dir := t.TempDir()
	x := opened(t, dir)
	if err := x.Apply([]Change{{Article: Article{ID: "1", Title: "Возврат", Answers: []Answer{{ID: "1a"}}}}}, []byte("here")); err != nil {
		t.Fatal(err)
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// What can't be trusted is made anew; what can, is not.
func TestKB09_DamagedIndexBeginsAnew(t *testing.T) {
	for _, tt := range []struct {
		name   string
		damage func(t *testing.T, dir string)
		fresh  string // a part of the reason
	}{
		{"nothing", func(*testing.T, string) {}, ""},
		{"one death", func(t *testing.T, dir string) { write(t, filepath.Join(dir, "working"), "1") }, ""},
		{"two deaths", func(t *testing.T, dir string) { write(t, filepath.Join(dir, "working"), "2") }, "died more than once"},
		{"another format", func(t *testing.T, dir string) { write(t, filepath.Join(dir, "current"), "0 1\n") }, "format 0"},
		{"no name", func(t *testing.T, dir string) { write(t, filepath.Join(dir, "current"), "") }, "description is damaged"},
		{"a snapshot", func(t *testing.T, dir string) {
			for _, path := range files(t, dir, ".snp") {
				write(t, path, "damaged")
			}
		}, "can't be opened"},
		{"a segment", func(t *testing.T, dir string) { write(t, files(t, dir, ".seg")[0], "damaged") }, "can't be opened"},
		{"an orphan", func(t *testing.T, dir string) {
			write(t, filepath.Join(filepath.Dir(files(t, dir, ".seg")[0]), "0000000000aa.seg"), "orphan")
		}, ""},
		{"another generation", func(t *testing.T, dir string) {
			if err := os.CopyFS(filepath.Join(dir, "index-000007"), os.DirFS(filepath.Join(dir, "index-000001"))); err != nil {
				t.Fatal(err)
			}
		}, ""},
	} {
		dir := filled(t)
		tt.damage(t, dir)
		x := opened(t, dir)
		_, total, err := x.Filter(Filter{Sight: Everything(), Limit: 1})
		switch {
		case err != nil:
			t.Errorf("%s: %v", tt.name, err)
		case tt.fresh == "" && (x.Fresh() != "" || total != 1 || string(x.Place()) != "here"):
			t.Errorf("%s: fresh %q, %d articles, at %q", tt.name, x.Fresh(), total, x.Place())
		case tt.fresh != "" && (!strings.Contains(x.Fresh(), tt.fresh) || total != 0 || x.Place() != nil):
			t.Errorf("%s: fresh %q, %d articles, at %q", tt.name, x.Fresh(), total, x.Place())
		}
		if err := x.Apply([]Change{{Article: Article{ID: "2", Title: "Доставка", Answers: []Answer{{ID: "2a"}}}}}, []byte("there")); err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		if r, err := x.Search(Query{Text: "доставки", Sight: As(Reader{}), Limit: 1}); err != nil || r.Total != 1 {
			t.Errorf("%s: %+v, %v", tt.name, r, err)
		}
		if left := files(t, dir, "aa.seg"); len(left) != 0 {
			t.Errorf("%s: an orphan is left", tt.name)
		}
		if dirs, _ := filepath.Glob(filepath.Join(dir, "index-*")); len(dirs) != 1 {
			t.Errorf("%s: generations %v are left", tt.name, dirs)
		}
		if err := x.Close(); err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

// The guard counts deaths in a row, and forgives who lives on.
func TestKB09_DeathsAreCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		work := func(died int) *guard {
			g, err := newGuard(dir)
			if err == nil {
				err = g.working()
			}
			if err != nil || g.died != died {
				t.Fatalf("died %d times, %v, want %d", g.died, err, died)
			}
			return g
		}
		die := func(g *guard) { g.timer.Stop() }
		die(work(0))
		g := work(1)
		time.Sleep(watched / 2)
		if err := g.working(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(watched / 2)
		die(g)
		if g = work(2); !g.condemned() {
			t.Error("two deaths do not condemn")
		}
		time.Sleep(watched + time.Second)
		work(0).condemn()
		time.Sleep(watched + time.Second)
		if g = work(mostDeaths); !g.condemned() {
			t.Error("what was condemned is forgiven")
		}
		g.rest()
		work(0).rest()
	})
}

// rebuilt tries a rebuild while articles change and people search.
func rebuilt(t *testing.T, f fault) error {
	x := opened(t, t.TempDir())
	x.fault = f
	s, b := newScan(), newBatches()
	apply := func(place string) error {
		changes := b.next()
		s.apply(changes)
		return x.Apply(changes, []byte(place))
	}
	constant := Article{ID: "always", Title: "Постоянство", Answers: []Answer{{ID: "1"}}}
	if err := x.Apply([]Change{{Article: constant}}, nil); err != nil {
		return err
	}
	s.apply([]Change{{Article: constant}})
	for range 5 {
		if err := apply("before"); err != nil {
			return err
		}
	}
	asking, stop := sync.WaitGroup{}, make(chan struct{})
	var lost error
	asking.Go(func() {
		for lost == nil {
			select {
			case <-stop:
				return
			default:
				r, err := x.Search(Query{Text: "постоянству", Sight: As(Reader{}), Limit: 1})
				if lost = err; err == nil && r.Total != 1 {
					lost = fmt.Errorf("found %+v while it was made anew", r)
				}
			}
		}
	})
	err := x.Rebuild(func(put func([]Change) error) error {
		var old []Change
		for _, id := range s.ids() {
			old = append(old, Change{Article: s.articles[id]})
		}
		if again := x.Rebuild(nil); !errors.Is(again, ErrRebuilding) {
			return fmt.Errorf("a second rebuild: %w", again)
		}
		if err := errors.Join(apply("meanwhile"), put(old[:len(old)/2]), apply("meanwhile")); err != nil {
			return err
		}
		return put(old[len(old)/2:])
	})
	close(stop)
	asking.Wait()
	if err = errors.Join(err, lost, apply("after")); err != nil {
		return err
	}
	w := newWriter(11, 400)
	for range 40 {
		if err := compare(t, x, s, Query{Text: w.question(s, s.ids()), Sight: w.sight(), Limit: 50}); err != nil {
			return err
		}
	}
	if len(files(t, x.dir, ".pid")) != 1 || string(x.Place()) != "after" {
		return fmt.Errorf("at %q with %v", x.Place(), files(t, x.dir, ".pid"))
	}
	return nil
}

func TestKB09_RebuiltWhileServing(t *testing.T) {
	if err := rebuilt(t, none); err != nil {
		t.Fatal(err)
	}
	if rebuilt(t, neglects) == nil {
		t.Error("it is not seen that changes are left out")
	}
}

// A rebuild that fails leaves the index as it was.
func TestKB09_FailedRebuild(t *testing.T) {
	x := library(t)
	full := errors.New("full")
	if err := x.Rebuild(func(func([]Change) error) error { return full }); !errors.Is(err, full) {
		t.Errorf("Rebuild = %v", err)
	}
	if r, err := x.Search(Query{Text: "возврат", Sight: Everything(), Limit: 5}); err != nil || r.Total == 0 {
		t.Errorf("%+v, %v", r, err)
	}
	if dirs, _ := filepath.Glob(filepath.Join(x.dir, "index-*")); len(dirs) != 1 {
		t.Errorf("generations %v are left", dirs)
	}
}

// told reads an article off any fact with a name in it: it is enough to see that
// the journal is followed.
func told(batch []journal.Entry) (out []Change, err error) {
	for _, e := range batch {
		if p, ok := e.Event.(*event.ProfileChanged); ok {
			out = append(out, Change{Article: Article{ID: e.Stream, Title: p.Fields["title"], Answers: []Answer{{ID: "1"}}}})
		}
	}
	return out, nil
}

// proves KB-09: what is in the journal is found as soon as the follower has come
// by, and after a restart the index goes on where it was.
func TestKB09_FollowsTheJournal(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		engine, err := pebblestore.Open("store", pebblestore.Options{FS: vfs.NewMem()})
		if err != nil {
			t.Fatal(err)
		}
		defer engine.Close()
		for run, title := range []string{"Возврат", "Доставка", "Оплата"} {
			j, err := journal.Open(engine, keys.NewRing(keys.NewMaster(), engine))
			if err != nil {
				t.Fatal(err)
			}
			x, err := Open(dir)
			if err != nil {
				t.Fatal(err)
			}
			if err := ask(x, "возврат", Everything()); !errors.Is(err, ErrLoading) {
				t.Errorf("before it follows: %v", err)
			}
			facts, seen := 0, sync.WaitGroup{}
			seen.Go(func() {
				err := x.Follow(j, func(batch []journal.Entry) ([]Change, error) { facts += len(batch); return told(batch) })
				if err != nil {
					t.Error(err)
				}
			})
			done := make(chan error, 1)
			j.Append(journal.Append{Stream: fmt.Sprintf("%s%d", event.CustomerStream, run), Events: []event.Event{&event.ProfileChanged{Fields: map[string]string{"title": title}}}},
				func(_ store.Receipt, err error) { done <- err })
			if err := <-done; err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
			r, err := x.Search(Query{Text: strings.ToLower(title), Sight: As(Reader{}), Limit: 5})
			_, total, _ := x.Filter(Filter{Sight: Everything(), Limit: 1})
			if err != nil || r.Total != 1 || total != run+1 || facts != 1 {
				t.Errorf("%s: %+v, %v; %d articles after %d facts", title, r, err, total, facts)
			}
			j.Close()
			seen.Wait()
			if err := x.Close(); err != nil {
				t.Error(err)
			}
		}
	})
}
