package wall

import (
	"fmt"
	"slices"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/transport/auth"
	"crafttalkd/transport/wire"
)

// An audience is all viewers who may see the same. It knows what they see, and
// by which revision.
type audience struct {
	user     *event.User // one of them: the scope of all
	scope    string
	version  uint64 // of the directory that the scope was applied by
	seen     map[key]mark
	gone     []tomb // what they see no more, in order of revision
	floor    uint64 // of what has gone up to here nothing is known any more
	counts   [classes]int32
	sessions map[*session]struct{}
}

// A mark says by which revision a row was told last, and what it counts as.
type mark struct {
	rev   uint64
	class class
}

// A tomb is a row that has gone.
type tomb struct {
	key key
	rev uint64
}

// mostGone is how many tombs are kept. A reader who is further behind is told
// everything anew.
const mostGone = 4096

// scopeOf is what decides what a user sees.
func scopeOf(u *event.User) string {
	return fmt.Sprintf("%q %q %q %q %v %v", sorted(u.CenterIds), sorted(u.LineIds), sorted(u.Languages), sorted(u.Skills),
		auth.Can(u, directory.Admin), auth.Can(u, directory.ModifyConfiguration))
}

func sorted(ids []string) []string {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	return ids
}

// join puts a session among those who see the same as the user, or with a nil
// user among nobody. The lock is held.
func (w *Wall) join(s *session, u *event.User) {
	if old := s.audience; old != nil {
		delete(old.sessions, s)
		if len(old.sessions) == 0 {
			delete(w.audiences, old.scope)
		}
	}
	s.audience, s.rev = nil, 0
	if u == nil {
		if len(w.audiences) == 0 { // nobody looks on
			w.rows = nil
		}
		return
	}
	scope := scopeOf(u)
	a := w.audiences[scope]
	if a == nil {
		a = &audience{user: u, scope: scope, seen: map[key]mark{}, sessions: map[*session]struct{}{}, floor: w.rev}
		w.audiences[scope] = a
	}
	a.sessions[s] = struct{}{}
	s.audience = a
}

// sees applies the scope.
func (w *Wall) sees(d directory.State, a *audience, r *row) bool {
	return r != nil && (w.fault == seesAll || r.seenBy(d, a.user))
}

// update brings a row, nil for one that is gone, that has changed with the
// revision.
func (w *Wall) update(d directory.State, a *audience, k key, r *row, rev uint64) {
	was, is := a.seen[k]
	switch {
	case w.sees(d, a, r):
		if is {
			a.counts[was.class]--
		}
		a.counts[r.class]++
		a.seen[k] = mark{rev, r.class}
	case is && !(w.fault == stays && r != nil):
		a.counts[was.class]--
		delete(a.seen, k)
		if len(a.gone) == mostGone {
			a.floor = a.gone[mostGone/2-1].rev
			a.gone = slices.Delete(a.gone, 0, mostGone/2)
		}
		a.gone = append(a.gone, tomb{k, rev})
	}
}

// review applies the scope to all rows, by an organisation that has changed, or
// for the first time. It reports whether that changed anything.
func (w *Wall) review(d directory.State, a *audience) (changed bool) {
	for k, r := range w.rows {
		if _, is := a.seen[k]; is != w.sees(d, a, r) {
			w.update(d, a, k, r, w.rev)
			changed = true
		}
	}
	return changed
}

// since makes the frames that tell what an audience sees and has not been told
// up to a revision; 0 is everything. They share the rows.
func (w *Wall) since(a *audience, rev uint64) []*wire.Wall {
	p := parts{at: timestamppb.New(w.config.System.Now())}
	full := rev == 0 || rev < a.floor
	if full {
		rev = 0
	}
	for k, m := range a.seen {
		if m.rev > rev || full {
			p.add(w.rows[k].is)
		}
	}
	if !full {
		for i := len(a.gone) - 1; i >= 0 && a.gone[i].rev > rev; i-- {
			if _, back := a.seen[a.gone[i].key]; !back {
				p.takeOut(a.gone[i].key)
			}
		}
	}
	return p.finish(full, a)
}

// news makes the frames that tell what some keys are to an audience now.
func (w *Wall) news(a *audience, changed []key, rev uint64) []*wire.Wall {
	p := parts{at: timestamppb.New(w.config.System.Now())}
	for _, k := range changed {
		if m, is := a.seen[k]; is && m.rev == rev {
			p.add(w.rows[k].is)
		}
	}
	for i := len(a.gone) - 1; i >= 0 && a.gone[i].rev == rev; i-- {
		if _, back := a.seen[a.gone[i].key]; !back {
			p.takeOut(a.gone[i].key)
		}
	}
	if len(p.done) == 0 && p.size == 0 {
		return nil
	}
	return p.finish(false, a)
}

// parts are frames of a size that a slow line can carry one by one.
type parts struct {
	at   *timestamppb.Timestamp
	done []*wire.Wall
	last *wire.Wall
	size int
}

const partSize = 48 << 10

func (p *parts) room(size int) *wire.Wall {
	if p.last == nil || p.size+size > partSize {
		if p.last != nil {
			p.done = append(p.done, p.last)
		}
		p.last, p.size = &wire.Wall{At: p.at}, 0
	}
	p.size += size
	return p.last
}

func (p *parts) add(m proto.Message) { add(p.room(proto.Size(m)+4), m) }
func (p *parts) takeOut(k key)       { takeOut(p.room(len(k.id)+4), k) }

// finish numbers the parts: the first forgets what was, the last counts.
func (p *parts) finish(full bool, a *audience) []*wire.Wall {
	all := append(p.done, p.room(0))
	for _, m := range all[:len(all)-1] {
		m.More = true
	}
	all[0].Full = full
	all[len(all)-1].Counters = &wire.WallCounters{Waiting: a.counts[isWaiting], OperatorsOnline: a.counts[isOnline],
		Automatic: a.counts[isAutomatic], Failures: a.counts[isFailure], Served: a.counts[isServed]}
	return all
}
