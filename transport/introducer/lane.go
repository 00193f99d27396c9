package introducer

import (
	"context"
	"math/rand/v2"
	"slices"
	"time"

	"crafttalkd/transport/turns"
)

const (
	ofAccount = 2    // questions under way for one account
	depth     = 1000 // addresses of one account that wait
)

// A schedule says who is asked about next. It belongs to one goroutine.
type schedule struct {
	*Introducer
	lanes map[string]*lane
}

// A lane is the addresses of one account, the oldest first.
type lane struct {
	jobs  []*job
	busy  int
	pause time.Time // the provider wants not to be asked before
}

// A job is a task and how it goes.
type job struct {
	task
	source string // of the picture, as a message has told it
	busy   bool
	tries  int
	pause  time.Time
}

// A result is what came of one try.
type result struct {
	job *job
	outcome
}

// An outcome says whether a task is done with, and if not, for how long the
// provider wants to be left alone: about this customer, or at all.
type outcome struct {
	settled bool
	later   time.Duration
	all     bool
}

// Run asks until ctx is done, and returns when nothing is under way. What is
// not done then is done after the next start.
func (i *Introducer) Run(ctx context.Context) {
	turns.Run(ctx, i.poke, &schedule{Introducer: i, lanes: map[string]*lane{}})
}

// Load puts what is new into its lanes.
func (s *schedule) Load() {
	for _, t := range s.news() {
		account := s.lane(t)
		if s.lanes[account] == nil {
			s.lanes[account] = &lane{}
		}
		s.lanes[account].jobs = append(s.lanes[account].jobs, &job{task: t})
	}
}

func (s *schedule) lane(t task) string {
	if s.fault == oneLane {
		return ""
	}
	return t.Account
}

// Begin starts every try that may start now.
func (s *schedule) Begin(start func(func(context.Context) result)) {
	now := time.Now()
	for _, l := range s.lanes {
		for _, j := range l.jobs {
			if l.busy >= ofAccount || now.Before(l.pause) {
				break
			}
			if !j.busy && !now.Before(j.pause) {
				j.busy = true
				l.busy++
				start(func(ctx context.Context) result { return result{j, s.try(ctx, j)} })
			}
		}
	}
}

// Note takes note of what came of a try. Who could not be asked about so often
// is forgotten.
func (s *schedule) Note(r result) {
	j, account := r.job, s.lane(r.job.task)
	l, now := s.lanes[account], time.Now()
	l.busy--
	j.busy = false
	if r.all {
		l.pause = now.Add(r.later)
	}
	if !r.settled && (j.tries < len(pauses) || s.fault == endlessly) {
		most := pauses[min(j.tries, len(pauses)-1)]
		j.pause = now.Add(max(r.later, most/2+rand.N(most/2)))
		j.tries++
		return
	}
	s.settle(j.task)
	l.jobs = slices.DeleteFunc(l.jobs, func(o *job) bool { return o == j })
	if len(l.jobs) == 0 {
		delete(s.lanes, account)
	}
}

// Wait returns how long nothing can be done by itself; false if only somebody
// else can change that.
func (s *schedule) Wait(now time.Time) (d time.Duration, ok bool) {
	for _, l := range s.lanes {
		if l.busy >= ofAccount {
			continue
		}
		for _, j := range l.jobs {
			if turn := max(j.pause.Sub(now), l.pause.Sub(now), 0); !j.busy && (!ok || turn < d) {
				d, ok = turn, true
			}
		}
	}
	return d, ok
}
