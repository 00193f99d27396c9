package fetcher

import (
	"context"
	"math/rand/v2"
	"slices"
	"time"

	"crafttalkd/transport/turns"
)

const (
	ofServer  = 4   // requests under way for one account to one server
	ofAccount = 16  // requests under way for one account
	atOnce    = 48  // requests under way
	depth     = 256 // tasks of one lane in memory

	shortest = 2 * time.Second // the first pause before another try, at most
	longest  = 5 * time.Minute
	patience = time.Hour // after the message, a file that fails is tried no more
)

// A schedule says what is fetched next. It belongs to one goroutine.
type schedule struct {
	fetcher  *Fetcher
	lanes    map[string]*lane
	accounts map[string]int // requests under way
	underWay int
	pause    time.Time // nothing begins before: the server can keep nothing now
}

// A lane is the files of one account on one server, the oldest first.
type lane struct {
	name  string
	jobs  []*job
	last  string // key of the newest that was read
	more  bool   // the list holds more than jobs
	stale bool   // the list must be looked at
	busy  int
}

// A job is a task and how it goes.
type job struct {
	task
	busy  bool
	tries int
	pause time.Time
}

// A result is what came of one try.
type result struct {
	lane *lane
	job  *job
	fate fate
}

// A fate is what is to be done with a task after a try.
type fate uint8

const (
	settled  fate = iota // its outcome is recorded, or nobody awaits it
	again                // after a while
	hindered             // we can't keep anything now
)

// Run fetches files until ctx is done, and returns when nothing is under way.
// What is not done then is done after the next start.
func (f *Fetcher) Run(ctx context.Context) {
	select {
	case <-f.ready:
	case <-ctx.Done():
		return
	}
	turns.Run(ctx, f.poke, &schedule{fetcher: f, lanes: map[string]*lane{}, accounts: map[string]int{}})
}

// Load reads what is new in the list.
func (s *schedule) Load() {
	for name := range s.fetcher.news() {
		if s.lanes[name] == nil {
			s.lanes[name] = &lane{name: name}
		}
		s.lanes[name].stale = true
	}
	for _, l := range s.lanes {
		if !l.stale {
			continue
		}
		if err := l.read(&s.fetcher.list); err != nil {
			s.fetcher.Log.Error("fetcher: read the list", "err", err)
			s.pause = time.Now().Add(shortest)
			continue
		}
		l.stale = false
		if len(l.jobs) == 0 {
			delete(s.lanes, l.name)
		}
	}
}

// read fills the lane from the list.
func (l *lane) read(from *list) error {
	l.more = false
	for t, err := range from.of(l.name) {
		switch {
		case err != nil:
			return err
		case t.key <= l.last:
			continue
		case len(l.jobs) == depth:
			l.more = true
			return nil
		}
		l.jobs, l.last = append(l.jobs, &job{task: t}), t.key
	}
	return nil
}

// Begin starts every try that may start now. Lanes take turns by chance.
func (s *schedule) Begin(start func(func(context.Context) result)) {
	now := time.Now()
	if now.Before(s.pause) {
		return
	}
	if s.fetcher.Admit != nil && len(s.lanes) > 0 && s.fetcher.Admit() != nil {
		s.pause = now.Add(shortest)
		return
	}
	for _, l := range s.lanes {
		for _, j := range l.jobs {
			if !s.room(l) {
				break
			}
			if !j.busy && !now.Before(j.pause) {
				s.start(start, l, j)
			}
		}
	}
}

// room tells whether another request of the lane may be under way.
func (s *schedule) room(l *lane) bool {
	return l.busy < ofServer && s.accounts[accountOf(l.name)] < ofAccount && s.underWay < atOnce
}

func (s *schedule) start(start func(func(context.Context) result), l *lane, j *job) {
	j.busy = true
	l.busy++
	s.accounts[accountOf(l.name)]++
	s.underWay++
	t := j.task
	start(func(ctx context.Context) result { return result{l, j, s.fetcher.try(ctx, t)} })
}

// Note takes note of what came of a try.
func (s *schedule) Note(r result) {
	l, j := r.lane, r.job
	s.underWay--
	l.busy--
	j.busy = false
	if account := accountOf(l.name); s.accounts[account] == 1 {
		delete(s.accounts, account)
	} else {
		s.accounts[account]--
	}
	switch r.fate {
	case settled:
		l.jobs = slices.DeleteFunc(l.jobs, func(o *job) bool { return o == j })
		l.stale = l.stale || l.more
		if len(l.jobs) == 0 && !l.stale {
			delete(s.lanes, l.name)
		}
	case again:
		j.pause = time.Now().Add(backOff(j.tries))
		j.tries++
	case hindered:
		s.pause = time.Now().Add(shortest)
		j.pause = s.pause
	}
}

// Wait returns how long nothing can be done by itself; false if only somebody
// else can change that.
func (s *schedule) Wait(now time.Time) (d time.Duration, ok bool) {
	for _, l := range s.lanes {
		if l.stale {
			return max(s.pause.Sub(now), 0), true
		}
		if !s.room(l) {
			continue
		}
		for _, j := range l.jobs {
			if turn := max(j.pause.Sub(now), s.pause.Sub(now), 0); !j.busy && (!ok || turn < d) {
				d, ok = turn, true
			}
		}
	}
	return d, ok
}

// backOff is the pause after some tries that failed: a random part of a time
// that doubles.
func backOff(tries int) time.Duration {
	most := longest
	if tries < 8 {
		most = min(shortest<<tries, longest)
	}
	return rand.N(most) + time.Millisecond
}
