package teacher

import (
	"context"
	"sync"
	"time"

	"crafttalkd/store/view/lessons"
)

// A Week is how operators took what the assistant showed in the last seven days.
type Week struct {
	Choices  int    // answers given with an article
	Offered  int    // of those, while the assistant showed something
	Accepted int    // and one of what it showed was taken
	Ranks    [5]int // which one, from the first
	Edited   int    // changed before sending
	Rejected int    // articles that were said not to answer
}

func (w *Week) add(l lessons.Lesson) {
	switch l.Kind {
	case lessons.Rejected:
		w.Rejected++
	case lessons.Chosen:
		w.Choices++
		if len(l.Shown) > 0 || l.Rank > 0 {
			w.Offered++
		}
		if l.Rank > 0 {
			w.Accepted++
			w.Ranks[min(int(l.Rank), len(w.Ranks))-1]++
		}
		if l.Edited {
			w.Edited++
		}
	}
}

// A count is of all lessons at one moment.
type count struct {
	at      time.Time
	took    time.Duration
	week    Week
	lessons map[string]map[string]int // by language and article
}

// A counter keeps the last count. To count is to open every row: with very many
// lessons that takes seconds, which nobody who asks waits for. They get what was
// counted last, and a new count is made beside.
type counter struct {
	wish chan struct{}

	counting sync.Mutex // one counts at a time

	mu      sync.Mutex // guards all below
	last    *count
	changed bool // since the last count began
}

const (
	// quick is how long a count may take for who asks to wait for it.
	quick = 100 * time.Millisecond
	// rest is how many times its own length passes between two counts.
	rest = 20
)

func newCounter() *counter { return &counter{wish: make(chan struct{}, 1), changed: true} }

// touch notes that there are other lessons than were counted.
func (c *counter) touch() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.changed = true
}

// counted returns the numbers of all lessons. What takes long is counted by Run,
// and is shown a little later.
func (t *Teacher) counted() (*count, error) {
	c := t.count
	c.mu.Lock()
	last, old := c.last, c.changed || c.last != nil && t.config.Now().Sub(c.last.at) > time.Hour
	c.mu.Unlock()
	switch {
	case last == nil || old && last.took < quick:
		return t.recount()
	case old && t.config.Now().Sub(last.at) > rest*last.took:
		select {
		case c.wish <- struct{}{}:
		default:
		}
	}
	return last, nil
}

// recount goes through all lessons.
func (t *Teacher) recount() (*count, error) {
	c := t.count
	c.counting.Lock()
	defer c.counting.Unlock()
	c.mu.Lock()
	if c.last != nil && !c.changed && t.config.Now().Sub(c.last.at) <= time.Hour {
		c.mu.Unlock()
		return c.last, nil // somebody has counted meanwhile
	}
	c.changed = false
	c.mu.Unlock()
	now, began := t.config.Now(), time.Now()
	out := &count{at: now, lessons: map[string]map[string]int{}}
	from := now.AddDate(0, 0, -7)
	for l, err := range t.config.Lessons.All() {
		if err != nil {
			c.touch()
			return nil, err
		}
		if !l.At.Before(from) {
			out.week.add(l)
		}
		if l.Kind != lessons.Rejected && l.Article != "" {
			out.add(languageOf(l.Text), l.Article)
		}
	}
	out.took = time.Since(began)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last = out
	return out, nil
}

func (c *count) add(language, article string) {
	of := c.lessons[language]
	if of == nil {
		of = map[string]int{}
		c.lessons[language] = of
	}
	of[article]++
}

// counts counts when somebody wants a newer count, until ctx is done. The first
// is made before anybody asks.
func (t *Teacher) counts(ctx context.Context) {
	for {
		if _, err := t.recount(); err != nil {
			t.config.Log.Error("the lessons can't be counted", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-t.count.wish:
		}
	}
}

// Week counts the last seven days.
func (t *Teacher) Week() (Week, error) {
	c, err := t.counted()
	if err != nil {
		return Week{}, err
	}
	return c.week, nil
}
