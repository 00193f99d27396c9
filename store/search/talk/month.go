package talk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"github.com/blugelabs/bluge"
	"github.com/blugelabs/bluge/index"
	"github.com/blugelabs/bluge/index/mergeplan"
	"github.com/blugelabs/bluge/search"
	"github.com/blugelabs/bluge/search/similarity"

	"crafttalkd/store/search/compound"
	"crafttalkd/store/search/disk"
)

// A month is the index of the conversations that were opened in it.
type month struct {
	dir    string
	disk   *disk.Disk
	writer *index.Writer
	whole  atomic.Bool // its segments are to become one
	rounds chan struct{}
}

// openMonth opens the index in a directory, or makes one.
func openMonth(dir string) (m *month, err error) {
	defer disk.Caught(&err)
	m = &month{dir: dir, rounds: make(chan struct{}, 1)}
	config := index.DefaultConfigWithDirectory(func() index.Directory {
		m.disk = disk.New(dir)
		return m.disk
	}).WithNormCalc(func(string, int) float32 { return 1 })
	config.NumAnalysisWorkers = 1
	config.MergePlanOptions.CalcBudget = m.budget
	config.MergePlanOptions.ScoreSegments = m.score
	config.EventCallback = m.hear
	if m.writer, err = index.OpenWriter(config); err != nil {
		return nil, err
	}
	if err = m.disk.Sweep(); err != nil {
		return nil, errors.Join(err, m.writer.Close())
	}
	return m, nil
}

// budget is how many segments bluge may leave as they are.
func (m *month) budget(size, least int64, o *mergeplan.Options) int {
	if m.whole.Load() {
		return 1
	}
	return mergeplan.CalcBudget(size, least, o)
}

// score tells which segments bluge had best merge: the least. Bluge's own holds a
// small segment alone for better than it together with one of thousands of
// documents, and so would never make one of the two.
func (m *month) score(segments []mergeplan.Segment, o *mergeplan.Options) float64 {
	if m.whole.Load() {
		return -float64(len(segments))
	}
	return mergeplan.ScoreSegments(segments, o)
}

// hear is told by bluge what it has done.
func (m *month) hear(e index.Event) {
	switch e.Kind {
	case index.EventKindMergerProgress, index.EventKindPersisterProgress:
		select {
		case m.rounds <- struct{}{}:
		default:
		}
	}
}

// write puts documents in the place of those of the same ids. They are found
// when it returns, and on disk. No id may come twice.
func (m *month) write(docs []*bluge.Document) (err error) {
	defer disk.Caught(&err)
	b := index.NewBatch()
	for _, d := range docs {
		b.Update(d.ID(), d)
	}
	if err := m.writer.Batch(b); err != nil {
		return fmt.Errorf("write the conversations of a month: %w", err)
	}
	return nil
}

// seam is the id of a document without words, which is written anew where the
// segments are to become one: bluge leaves a lonely segment as it is, with all
// that was taken away from it.
const seam = "\x00seam"

// longestJoin is how long a month may be put together.
const longestJoin = 5 * time.Minute

// join puts all segments of the month together, so that nothing is left on disk
// of what has been replaced. Bluge does that when something is written, and may
// miss what came while it was at it, so it is reminded by writing nothing.
func (m *month) join(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, longestJoin)
	defer cancel()
	m.whole.Store(true)
	defer m.whole.Store(false)
	docs := []*bluge.Document{bluge.NewDocument(seam)}
	for patience := 50 * time.Millisecond; ; patience *= 2 {
		if err := m.write(docs); err != nil {
			return err
		}
		one, err := m.becomesOne(ctx, patience)
		if one || err != nil {
			return err
		}
		docs = nil
	}
}

// becomesOne waits for a while until the month is one segment.
func (m *month) becomesOne(ctx context.Context, patience time.Duration) (bool, error) {
	over := time.NewTimer(patience)
	defer over.Stop()
	for {
		if one, err := m.isOne(); one || err != nil {
			return one, err
		}
		select {
		case <-m.rounds:
		case <-over.C:
			return m.isOne()
		case <-ctx.Done():
			return false, fmt.Errorf("put together the conversations of a month: %w", ctx.Err())
		}
	}
}

// isOne reports whether the month is one segment, with nothing taken away and no
// other file left.
func (m *month) isOne() (bool, error) {
	files, err := m.disk.List(index.ItemKindSegment)
	if err != nil || len(files) != 1 {
		return false, err
	}
	r, err := m.writer.Reader()
	if err != nil {
		return false, err
	}
	defer r.Close()
	s := r.Segments()
	return len(s) == 1 && s[0].ID() == files[0] && (s[0].Deleted() == nil || s[0].Deleted().IsEmpty()), nil
}

// quiet are searchers that say nothing of how well something fits.
var quiet = search.SearcherOptions{Score: "none", SimilarityForField: func(string) search.Similarity { return flat }}

var flat = similarity.NewBM25Similarity()

// all finds what each of several queries finds.
func all(of ...bluge.Query) bluge.Query { return compound.All{Of: of, Counts: compound.Nothing} }

// find tells the ids of the documents of a drawer, or of all if there is none,
// that have what is wanted and nothing of what is not.
func (m *month) find(ctx context.Context, drawer bluge.Query, w Words, tell func(id []byte)) (err error) {
	defer disk.Caught(&err)
	r, err := m.writer.Reader()
	if err != nil {
		return err
	}
	defer r.Close()
	var in []bluge.Query
	if drawer != nil {
		in = append(in, drawer)
	}
	unwanted := map[uint64]bool{}
	for _, q := range w.none {
		if err := each(ctx, r, all(append(slices.Clip(in), q.query())...), func(n uint64) error { unwanted[n] = true; return nil }); err != nil {
			return err
		}
	}
	ids, err := r.DocumentValueReader([]string{ofID})
	if err != nil {
		return err
	}
	for _, q := range w.all {
		in = append(in, q.query())
	}
	return each(ctx, r, all(in...), func(n uint64) error {
		if unwanted[n] {
			return nil
		}
		return ids.VisitDocumentValues(n, func(_ string, id []byte) { tell(id) })
	})
}

// most returns how many conversations of the month have what is wanted, at the
// most: as many as have the rarest of the words.
func (m *month) most(w Words) (n int, err error) {
	defer disk.Caught(&err)
	r, err := m.writer.Reader()
	if err != nil {
		return 0, err
	}
	defer r.Close()
	count, err := r.Count()
	if err != nil {
		return 0, err
	}
	for _, one := range w.all {
		field := ofStem
		if one.forms != nil {
			field = ofForm
		}
		for _, d := range one.digests {
			p, err := r.PostingsIterator([]byte(d), field, false, false, false)
			if err != nil {
				return 0, err
			}
			count = min(count, p.Count())
			if err := p.Close(); err != nil {
				return 0, err
			}
		}
	}
	return int(count), nil
}

// each calls f with the number of each document that a query finds.
func each(ctx context.Context, r *index.Snapshot, q bluge.Query, f func(n uint64) error) error {
	s, err := q.Searcher(r, quiet)
	if err != nil {
		return err
	}
	defer s.Close()
	sc := search.NewSearchContext(s.DocumentMatchPoolSize(), 0)
	for n := 1; ; n++ {
		match, err := s.Next(sc)
		if err != nil || match == nil {
			return err
		}
		if err := f(match.Number); err != nil {
			return err
		}
		sc.DocumentMatchPool.Put(match)
		if n%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

func (m *month) close() (err error) {
	defer disk.Caught(&err)
	return m.writer.Close()
}
