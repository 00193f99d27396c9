package feed

import (
	"slices"
	"strings"
	"sync"

	"crafttalkd/actors/event"
	"crafttalkd/store"
	"crafttalkd/store/journal"
	"crafttalkd/transport/auth"
)

const (
	mostTrails = 20_000 // remembered
	mostLooked = 50     // of a customer's conversations, the latest first
)

// A trail is where a conversation belonged, or which conversations began with a
// customer, and since which position of their shard.
type trail struct {
	mu     sync.Mutex // guards what follows
	upto   uint64     // events that have been read
	known  uint64     // the position up to which they are all there are
	center string
	places []place
	begun  []begun
}

type place struct {
	since   uint64
	center  string
	routing *event.Routing
}

type begun struct {
	since        uint64
	conversation string
}

// trails are those that were looked at lately. They are a cache of what streams
// say; if there are too many, all are let go.
type trails struct {
	journal *journal.Journal
	mu      sync.Mutex // guards what follows
	by      map[string]*trail
}

func (t *trails) of(stream string) *trail {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.by[stream] == nil {
		if len(t.by) >= mostTrails {
			clear(t.by)
		}
		t.by[stream] = &trail{}
	}
	return t.by[stream]
}

// read returns the trail of a stream as it is known up to a position, locked.
func (t *trails) read(stream string, position uint64) (*trail, error) {
	l := t.of(stream)
	l.mu.Lock()
	if l.known >= position {
		return l, nil
	}
	end := t.journal.Position(store.ShardOf(stream))
	for e, err := range t.journal.Durable(stream, l.upto) {
		if err != nil {
			l.mu.Unlock()
			return nil, err
		}
		l.apply(e)
	}
	l.known = end
	return l, nil
}

func (l *trail) apply(e journal.Entry) {
	l.upto = e.Version
	since := e.Position
	switch e := e.Event.(type) {
	case *event.ConversationOpened:
		l.center = e.CenterId
		l.places = append(l.places, place{since, l.center, e.Routing})
	case *event.ConversationQueued:
		l.places = append(l.places, place{since, l.center, e.Routing})
	case *event.RoutingSet:
		l.places = append(l.places, place{since, l.center, e.Routing})
	case *event.ConversationStarted:
		l.begun = append(l.begun, begun{since, e.ConversationId})
	}
}

// belongs reports whether a conversation was in a user's scope right before a
// position or at it.
func (t *trails) belongs(u *event.User, stream string, position uint64) (bool, error) {
	l, err := t.read(stream, position)
	if err != nil {
		return false, err
	}
	defer l.mu.Unlock()
	for i, p := range l.places {
		over := i+1 < len(l.places) && l.places[i+1].since < position
		if p.since <= position && !over && auth.InScope(u, p.routing, p.center) {
			return true, nil
		}
	}
	return false, nil
}

// knows reports whether a customer was in a user's scope at a position: one of
// the conversations that had begun there was.
func (t *trails) knows(u *event.User, stream string, position uint64) (bool, error) {
	l, err := t.read(stream, position)
	if err != nil {
		return false, err
	}
	own := slices.Clone(l.begun)
	l.mu.Unlock()
	looked := 0
	for _, b := range slices.Backward(own) {
		if b.since > position || !strings.HasPrefix(b.conversation, idOf(stream)+".") {
			continue // later, or in another shard, whose positions are others
		}
		if looked++; looked > mostLooked {
			break
		}
		in, err := t.belongs(u, event.ConversationStream+b.conversation, position)
		if in || err != nil {
			return in, err
		}
	}
	return false, nil
}
