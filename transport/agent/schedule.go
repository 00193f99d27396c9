package agent

import (
	"context"
	"slices"
	"time"

	"crafttalkd/transport/turns"
)

const (
	ofAgent = 8  // conversations of one agent under way
	atOnce  = 64 // of all agents

	firstPause   = time.Second // after a try that failed by our fault
	longestPause = time.Minute
)

// A schedule says who acts next. It belongs to one goroutine.
type schedule struct {
	runner   *Runner
	lanes    map[string]*lane // by agent
	jobs     map[string]*job  // by conversation
	underWay int
}

// A lane is the conversations of one agent that are to be looked at, in the
// order in which they became so.
type lane struct {
	jobs []*job
	busy int
}

// A job is one conversation.
type job struct {
	conversation, agent string
	busy                bool
	stale               bool // something has happened since it was looked at
	cancel              context.CancelFunc
	tries               int
	pause               time.Time
}

// A result is what came of one try: whether there should be another.
type result struct {
	job   *job
	again bool
}

// Run acts until ctx is done, and returns when nothing is under way.
func (r *Runner) Run(ctx context.Context) {
	turns.Run(ctx, r.poke, &schedule{runner: r, lanes: map[string]*lane{}, jobs: map[string]*job{}})
}

// Load takes in the conversations to look at. A customer who writes ends what
// is under way: it would be about what was said before.
func (s *schedule) Load() {
	for id, n := range s.runner.news() {
		j := s.jobs[id]
		if j == nil {
			j = &job{conversation: id, agent: n.agent}
			s.jobs[id] = j
			s.lane(n.agent).jobs = append(s.lane(n.agent).jobs, j)
			continue
		}
		j.pause, j.tries, j.stale = time.Time{}, 0, true
		switch {
		case j.busy && (n.customer || j.agent != n.agent):
			j.cancel()
		case !j.busy && j.agent != n.agent:
			s.drop(j)
			j.agent = n.agent
			s.jobs[id] = j
			s.lane(n.agent).jobs = append(s.lane(n.agent).jobs, j)
		}
	}
}

func (s *schedule) lane(agent string) *lane {
	if s.lanes[agent] == nil {
		s.lanes[agent] = &lane{}
	}
	return s.lanes[agent]
}

// drop takes a job off its lane.
func (s *schedule) drop(j *job) {
	l := s.lane(j.agent)
	l.jobs = slices.DeleteFunc(l.jobs, func(o *job) bool { return o == j })
	if len(l.jobs) == 0 {
		delete(s.lanes, j.agent)
	}
	delete(s.jobs, j.conversation)
}

// Begin starts every try that may start now. Lanes take turns by chance.
func (s *schedule) Begin(start func(func(context.Context) result)) {
	now := time.Now()
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

// room tells whether another conversation of the lane may be under way.
func (s *schedule) room(l *lane) bool { return l.busy < ofAgent && s.underWay < atOnce }

func (s *schedule) start(start func(func(context.Context) result), l *lane, j *job) {
	own, cancel := context.WithCancel(context.Background())
	j.busy, j.stale, j.cancel = true, false, cancel
	l.busy++
	s.underWay++
	id := j.conversation
	start(func(ctx context.Context) result {
		defer cancel()
		defer context.AfterFunc(ctx, cancel)()
		return result{j, s.runner.try(own, id)}
	})
}

// Note takes note of what came of a try. Who keeps the conversation may be
// another by now: then it is looked at in that one's lane.
func (s *schedule) Note(r result) {
	j := r.job
	s.underWay--
	s.lane(j.agent).busy--
	j.busy, j.cancel = false, nil
	switch {
	case j.stale:
		s.runner.again(j.conversation)
		s.drop(j)
	case r.again:
		j.pause = time.Now().Add(min(firstPause<<min(j.tries, 8), longestPause))
		j.tries++
	default:
		s.drop(j)
	}
}

// Wait returns how long nothing can be done by itself; false if only somebody
// else can change that.
func (s *schedule) Wait(now time.Time) (d time.Duration, ok bool) {
	for _, l := range s.lanes {
		if !s.room(l) {
			continue
		}
		for _, j := range l.jobs {
			if turn := max(j.pause.Sub(now), 0); !j.busy && (!ok || turn < d) {
				d, ok = turn, true
			}
		}
	}
	return d, ok
}
