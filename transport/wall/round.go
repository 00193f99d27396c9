package wall

import (
	"context"

	"google.golang.org/protobuf/proto"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/transport/accounts"
	"crafttalkd/transport/auth"
	"crafttalkd/transport/wire"
)

// tell brings the rows up to date and everybody their news.
func (w *Wall) tell() {
	w.mu.Lock()
	defer w.mu.Unlock()
	d := w.directory()
	w.recognise(d)
	if len(w.audiences) == 0 || !w.ready {
		clear(w.dirty)
		return
	}
	if w.rows == nil {
		w.rows = map[key]*row{}
		w.version = 0
		w.everything(d)
	} else if d.Version != w.version {
		w.people(d)
	}
	changed := w.renew(d)
	for _, a := range w.audiences {
		w.inform(d, a, changed)
	}
}

// recognise sees to it that every session is among those who may see the same,
// and that it may be here at all. The lock is held.
func (w *Wall) recognise(d directory.State) {
	for s := range w.sessions {
		if !s.greeted() || s.audience != nil && (s.audience.version == d.Version || w.fault == trusts) {
			continue
		}
		u := d.User(s.who.User)
		if !auth.Can(u, directory.ViewMonitoring) {
			s.conn.Bye("rights")
			w.join(s, nil)
			continue
		}
		if s.audience == nil || scopeOf(u) != s.audience.scope {
			w.join(s, u)
		}
	}
}

// everything may have changed: somebody looks on who has seen nothing yet.
func (w *Wall) everything(d directory.State) {
	for id := range w.model.Conversations {
		w.dirty[key{conversations, id}] = struct{}{}
	}
	for id := range w.alerts {
		w.dirty[key{alerts, id}] = struct{}{}
	}
	for id := range w.failures {
		w.dirty[key{failures, id}] = struct{}{}
	}
	w.people(d)
}

// people and channels may be others: the organisation has changed.
func (w *Wall) people(d directory.State) {
	for k := range w.rows {
		if k.kind != conversations {
			w.dirty[k] = struct{}{}
		}
	}
	for _, u := range d.Operators() {
		w.dirty[key{operators, u.UserId}] = struct{}{}
	}
	for id := range w.conditions {
		w.dirty[key{channels, id}] = struct{}{}
	}
	w.version = d.Version
}

// renew makes the rows that may have changed anew, and returns the keys of those
// that have.
func (w *Wall) renew(d directory.State) (changed []key) {
	for k := range w.dirty {
		before, now := w.rows[k], w.make(d, k)
		switch {
		case now == nil && before == nil:
			continue
		case now == nil:
			delete(w.rows, k)
		case before != nil && proto.Equal(before.is, now.is):
			w.rows[k] = now // where it belongs may have changed, which the organisation's version tells
			continue
		default:
			w.rows[k] = now
		}
		changed = append(changed, k)
	}
	clear(w.dirty)
	w.rev++
	return changed
}

// inform brings an audience its news.
func (w *Wall) inform(d directory.State, a *audience, changed []key) {
	for _, k := range changed {
		w.update(d, a, k, w.rows[k], w.rev)
	}
	news := w.news
	if a.version != d.Version {
		if w.review(d, a) {
			news = func(a *audience, _ []key, rev uint64) []*wire.Wall { return w.since(a, rev-1) }
		}
		a.version = d.Version
	}
	var fresh []*encoded
	for _, m := range news(a, changed, w.rev) {
		fresh = append(fresh, &encoded{frame: m})
	}
	for s := range a.sessions {
		s.inform(a, fresh, w.rev)
	}
}

// encoded is a frame that is encoded once in each format, however many sockets
// it goes to.
type encoded struct {
	frame *wire.Wall
	bytes [2][]byte
}

func (e *encoded) in(f wire.Format) ([]byte, error) {
	b := &e.bytes[0]
	if f == wire.InJSON {
		b = &e.bytes[1]
	}
	var err error
	if *b == nil {
		*b, err = f.Encode(&wire.FromServer{Is: &wire.FromServer_Wall{Wall: e.frame}})
	}
	return *b, err
}

// look looks at what does not tell of itself.
func (w *Wall) look(ctx context.Context) {
	conditions := map[string]accounts.Condition{}
	if w.config.Channels != nil {
		for _, c := range w.config.Channels() {
			conditions[c.AccountID] = c
		}
	}
	failed := w.failed()
	w.mu.Lock()
	w.conditions = compare(w, channels, w.conditions, conditions, sameCondition)
	if failed != nil {
		w.failures = compare(w, failures, w.failures, failed, func(a, b Failure) bool { return a == b })
	}
	sessions := make([]*session, 0, len(w.sessions))
	for s := range w.sessions {
		sessions = append(sessions, s)
	}
	ready := w.ready
	w.mu.Unlock()
	for _, s := range sessions {
		s.recheck()
	}
	if ready {
		w.judge(ctx)
	}
}

// failed lists the errors, while somebody looks on; nil is not known.
func (w *Wall) failed() map[string]Failure {
	if w.config.Failures == nil || w.Sockets() == 0 {
		return nil
	}
	list, err := w.config.Failures()
	if err != nil {
		w.config.Log.Error("wall: error queue", "err", err)
		return nil
	}
	out := make(map[string]Failure, len(list))
	for _, f := range list {
		out[f.ID] = f
	}
	return out
}

// compare marks what differs. The lock is held.
func compare[T any](w *Wall, k kind, old, now map[string]T, same func(a, b T) bool) map[string]T {
	for id, a := range old {
		if b, is := now[id]; !is || !same(a, b) {
			w.dirty[key{k, id}] = struct{}{}
		}
	}
	for id := range now {
		if _, was := old[id]; !was {
			w.dirty[key{k, id}] = struct{}{}
		}
	}
	return now
}

func sameCondition(a, b accounts.Condition) bool {
	return a.State == b.State && a.Error == b.Error && a.ErrorAt.Equal(b.ErrorAt) && a.Waiting == b.Waiting
}

// policies returns the alert policy of each center, each worked out once.
func policies(d directory.State) func(center string) *event.AlertPolicy {
	known := map[string]*event.AlertPolicy{}
	return func(center string) *event.AlertPolicy {
		p, ok := known[center]
		if !ok {
			p = d.SettingsFor(center).Alerts
			known[center] = p
		}
		return p
	}
}

// OpenIn counts the conversations that are open now, by center.
func (w *Wall) OpenIn() map[string]int {
	w.mu.Lock()
	defer w.mu.Unlock()
	open := map[string]int{}
	for _, c := range w.model.Conversations {
		open[c.Center]++
	}
	return open
}
