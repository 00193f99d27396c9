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
	"crafttalkd/store/search/lexis"
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
	b, done := newBatches(), x.Version()
	for n := uint64(1); ; n++ {
		changes := b.next()
		if n <= done {
			continue
		}
		if err := x.Apply(changes, n); err != nil {
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
		if err := suggestsAs(x, s, lexis.FirstRunes(w.word(), 3), w.sight(), 5); err != nil {
			t.Fatal(err)
		}
	}
}

// proves G9 for this reading: what Apply has returned for outlives kill -9, and
// the version tells exactly what is there.
func TestKB09_OutlivesKills(t *testing.T) {
	dir, acknowledged := t.TempDir(), uint64(0)
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
	version := x.Version()
	if x.Fresh() != "" || version < acknowledged || version > acknowledged+1 {
		t.Fatalf("opened fresh %q at %d, acknowledged %d", x.Fresh(), version, acknowledged)
	}
	s, b := newScan(), newBatches()
	for range version {
		s.apply(b.next())
	}
	same(t, x, s)
	loaded := len(files(t, dir, ".seg"))
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	y := opened(t, dir)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for late := time.After(patience); len(files(t, dir, ".seg")) > loaded; { // while some become one, there is one more
		select {
		case <-tick.C:
		case <-late:
			t.Fatalf("%d segments were left behind", len(files(t, dir, ".seg"))-loaded)
		}
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
	if err := x.Apply([]Change{{Article: Article{ID: "1", Title: "Возврат", Answers: []Answer{{ID: "1a"}}}}}, 3); err != nil {
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
		case tt.fresh == "" && (x.Fresh() != "" || total != 1 || x.Version() != 3):
			t.Errorf("%s: fresh %q, %d articles, at %d", tt.name, x.Fresh(), total, x.Version())
		case tt.fresh != "" && (!strings.Contains(x.Fresh(), tt.fresh) || total != 0 || x.Version() != 0):
			t.Errorf("%s: fresh %q, %d articles, at %d", tt.name, x.Fresh(), total, x.Version())
		}
		if err := x.Apply([]Change{{Article: Article{ID: "2", Title: "Доставка", Answers: []Answer{{ID: "2a"}}}}}, 4); err != nil {
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

// rebuilt tries a rebuild while articles change and people search.
func rebuilt(t *testing.T, f fault) error {
	x := opened(t, t.TempDir())
	x.fault = f
	s, b := newScan(), newBatches()
	apply := func(version uint64) error {
		changes := b.next()
		s.apply(changes)
		return x.Apply(changes, version)
	}
	constant := Article{ID: "always", Title: "Постоянство", Answers: []Answer{{ID: "1"}}}
	if err := x.Apply([]Change{{Article: constant}}, 1); err != nil {
		return err
	}
	s.apply([]Change{{Article: constant}})
	for range 5 {
		if err := apply(2); err != nil {
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
	err := x.rebuild(func(put func([]Change) error) error {
		var old []Change
		for _, id := range s.ids() {
			old = append(old, Change{Article: s.articles[id]})
		}
		if again := x.rebuild(nil); !errors.Is(again, ErrRebuilding) {
			return fmt.Errorf("a second rebuild: %w", again)
		}
		if err := errors.Join(apply(3), put(old[:len(old)/2]), apply(3)); err != nil {
			return err
		}
		return put(old[len(old)/2:])
	})
	close(stop)
	asking.Wait()
	if err = errors.Join(err, lost, apply(4)); err != nil {
		return err
	}
	w := newWriter(11, 400)
	for range 40 {
		if err := compare(t, x, s, Query{Text: w.question(s, s.ids()), Sight: w.sight(), Limit: 50}); err != nil {
			return err
		}
	}
	if len(files(t, x.dir, ".pid")) != 1 || x.Version() != 4 {
		return fmt.Errorf("at %d with %v", x.Version(), files(t, x.dir, ".pid"))
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
	if err := x.rebuild(func(func([]Change) error) error { return full }); !errors.Is(err, full) {
		t.Errorf("Rebuild = %v", err)
	}
	if r, err := x.Search(Query{Text: "возврат", Sight: Everything(), Limit: 5}); err != nil || r.Total == 0 {
		t.Errorf("%+v, %v", r, err)
	}
	if dirs, _ := filepath.Glob(filepath.Join(x.dir, "index-*")); len(dirs) != 1 {
		t.Errorf("generations %v are left", dirs)
	}
}

// A source is a journal with a knowledge base.
type source struct {
	t       testing.TB
	engine  *pebblestore.Store
	master  *keys.Master
	journal *journal.Journal
}

func newSource(t *testing.T) *source {
	engine, err := pebblestore.Open("store", pebblestore.Options{FS: vfs.NewMem()})
	if err != nil {
		t.Fatal(err)
	}
	s := &source{t: t, engine: engine, master: keys.NewMaster()}
	s.open()
	return s
}

func (s *source) open() {
	var err error
	if s.journal, err = journal.Open(s.engine, keys.NewRing(s.master, s.engine)); err != nil {
		s.t.Fatal(err)
	}
}

// say journals facts of a stream, and waits until they are on disk.
func (s *source) say(stream string, events ...event.Event) {
	n, err := s.journal.Version(stream)
	if err != nil {
		s.t.Fatal(err)
	}
	done := make(chan error, 1)
	s.journal.Append(journal.Append{Stream: stream, Expect: n, Events: events}, func(_ store.Receipt, err error) { done <- err })
	if err := <-done; err != nil {
		s.t.Fatal(err)
	}
}

func put(id, title string, lines ...string) *event.ArticlePut {
	return &event.ArticlePut{Article: &event.Article{ArticleId: id, Title: title, Identifier: "name_" + id, TypeId: "faq", Questions: []string{"Что такое " + title + "?"},
		Answers: []*event.Answer{{AnswerId: id + "a", Text: "Вот что.", Audience: &event.Audience{LineIds: lines}}}}}
}

// proves KB-09: what is in the journal is found as soon as the follower has come
// by, and after a restart the index goes on where it was.
func TestKB09_FollowsTheJournal(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		s := newSource(t)
		defer s.engine.Close()
		find := func(x *Index, text string, want int) {
			t.Helper()
			r, err := x.Search(Query{Text: text, Sight: As(Reader{Lines: []string{"shop"}}), Limit: 5})
			_, total, err2 := x.Filter(Filter{Text: text, Sight: As(Reader{Lines: []string{"shop"}}), Limit: 5})
			if err != nil || err2 != nil || r.Total != want || total != want {
				t.Errorf("%s: %+v and %d rows, %v, %v, want %d", text, r, total, err, err2, want)
			}
		}
		for run := range 3 {
			title := []string{"Возврат", "Доставка", "Оплата"}[run]
			s.say(event.KnowledgeStream, put(fmt.Sprint("before", run), title, "shop"), put("secret", title, "staff"))
			s.say(event.CustomerStream+"x", &event.ProfileChanged{Fields: map[string]string{"name": title}})
			x, err := Open(dir)
			if err != nil {
				t.Fatal(err)
			}
			if err := ask(x, title, Everything()); !errors.Is(err, ErrLoading) {
				t.Errorf("before it follows: %v", err)
			}
			following := sync.WaitGroup{}
			following.Go(func() {
				if err := x.Follow(s.journal); err != nil {
					t.Error(err)
				}
			})
			synctest.Wait()
			find(x, title, 1)
			s.say(event.KnowledgeStream, put(fmt.Sprint("after", run), title), &event.ArticleTypePut{Type: &event.ArticleType{TypeId: "faq"}})
			synctest.Wait()
			find(x, title, 2)
			if err := x.Rebuild(s.journal); err != nil {
				t.Error(err)
			}
			find(x, title, 2)
			s.say(event.KnowledgeStream, &event.ArticleRemoved{ArticleId: fmt.Sprint("after", run)})
			synctest.Wait()
			find(x, title, 1)
			s.journal.Close()
			following.Wait()
			if v, _ := s.journal.Version(event.KnowledgeStream); x.Version() != v || (x.Fresh() == "") != (run > 0) {
				t.Errorf("at %d of %d, fresh: %q", x.Version(), v, x.Fresh())
			}
			if err := x.Close(); err != nil {
				t.Error(err)
			}
			s.open()
		}
		s.journal.Close()
	})
}

// An index of another journal is not believed.
func TestKB09_AnotherJournal(t *testing.T) {
	dir := filled(t)
	synctest.Test(t, func(t *testing.T) {
		s := newSource(t)
		defer s.engine.Close()
		s.say(event.KnowledgeStream, put("2", "Доставка"))
		x, err := Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		following := sync.WaitGroup{}
		following.Go(func() {
			if err := x.Follow(s.journal); err != nil {
				t.Error(err)
			}
		})
		synctest.Wait()
		rows, total, err := x.Filter(Filter{Sight: Everything(), Limit: 5})
		if err != nil || total != 1 || rows[0].Article != "2" || x.Version() != 1 {
			t.Errorf("%+v, %d, %v at %d", rows, total, err, x.Version())
		}
		s.journal.Close()
		following.Wait()
		if err := x.Close(); err != nil {
			t.Error(err)
		}
	})
}
