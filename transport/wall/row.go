package wall

import (
	"slices"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/wall"
	"crafttalkd/transport/accounts"
	"crafttalkd/transport/auth"
	"crafttalkd/transport/wire"
)

// A kind is what a row shows.
type kind uint8

const (
	operators kind = iota
	conversations
	channels
	failures
	alerts
)

// A key names a row.
type key struct {
	kind kind
	id   string
}

// A row is one thing as it is shown. It is never changed, only replaced.
type row struct {
	place
	is    proto.Message
	class class
}

// A class is what the head line counts a row as.
type class uint8

const (
	other class = iota
	isWaiting
	isServed
	isAutomatic
	isOnline
	isFailure
	classes
)

// A place is what decides who sees a row: a center and a routing, or, of
// operators, any of several lines.
type place struct {
	center  string
	routing *event.Routing
	lines   []string
	setup   bool // for who sets up the channels
}

// seenBy reports whether a user may see what is at the place.
func (p place) seenBy(d directory.State, u *event.User) bool {
	if p.setup {
		return auth.Can(u, directory.ModifyConfiguration)
	}
	if p.lines == nil {
		return auth.InScope(u, p.routing, p.center)
	}
	return slices.ContainsFunc(p.lines, func(id string) bool {
		l := d.Line(id)
		return l != nil && auth.InScope(u, &event.Routing{LineId: id}, l.CenterId)
	})
}

// make makes the row of a key as things are now; nil for one that is not shown.
// The lock is held.
func (w *Wall) make(d directory.State, k key) *row {
	switch k.kind {
	case operators:
		return operatorRow(d.User(k.id), w.model.Operators[k.id])
	case conversations:
		return conversationRow(w.model.Conversations[k.id])
	case channels:
		return channelRow(d.Account(k.id), w.conditions[k.id])
	case failures:
		return failureRow(d, w.failures, k.id)
	}
	return alertRow(d, w.alerts, k.id)
}

func operatorRow(u *event.User, o *wall.Operator) *row {
	if u == nil || len(u.LineIds) == 0 {
		return nil
	}
	if o == nil {
		o = &wall.Operator{}
	}
	m := &wire.WallOperator{OperatorId: u.UserId, FirstName: u.FirstName, LastName: u.LastName, Presence: o.Presence,
		Since: stamp(o.Since), Connected: !o.Lost, Capacity: o.Capacity, Held: int32(len(o.Slots)),
		LineIds: u.LineIds, Languages: u.Languages, Skills: u.Skills}
	if m.Presence == event.Presence_PRESENCE_UNKNOWN {
		m.Presence = event.Presence_OFFLINE
	}
	r := &row{place: place{lines: u.LineIds}, is: m}
	if o.OnReception() {
		r.class = isOnline
	}
	return r
}

var classOf = map[wall.Phase]class{wall.Waiting: isWaiting, wall.Served: isServed, wall.Automatic: isAutomatic}

func conversationRow(c *wall.Conversation) *row {
	if c == nil || classOf[c.Phase] == other {
		return nil
	}
	return &row{place: place{center: c.Center, routing: c.Routing}, class: classOf[c.Phase],
		is: &wire.WallConversation{ConversationId: c.ID, CustomerName: c.Name, CustomerId: c.Customer, AccountId: c.Account, Kind: c.Kind,
			CenterId: c.Center, Routing: c.Routing, Phase: string(c.Phase), KeeperId: c.Keeper, Since: stamp(c.Since),
			Unanswered: stamp(c.Owed()), Forced: c.Forced, Cause: c.Cause}}
}

func channelRow(a *event.Account, c accounts.Condition) *row {
	if a == nil || c.AccountID == "" {
		return nil
	}
	return &row{place: place{center: a.CenterId, routing: a.Routing}, is: &wire.WallChannel{AccountId: a.AccountId, State: c.State,
		Error: c.Error, ErrorAt: stamp(c.ErrorAt), Waiting: int32(c.Waiting)}}
}

func failureRow(d directory.State, all map[string]Failure, id string) *row {
	f, ok := all[id]
	if !ok {
		return nil
	}
	r := &row{place: place{setup: true}, class: isFailure, is: &wire.WallFailure{ErrorId: f.ID, At: stamp(f.At), AccountId: f.Account,
		Reason: f.Reason, Size: int32(f.Size), Raw: f.Raw}}
	if a := d.Account(f.Account); a != nil {
		r.place = place{center: a.CenterId, routing: a.Routing}
	}
	return r
}

func alertRow(d directory.State, all map[string]wall.Alert, id string) *row {
	a, ok := all[id]
	if !ok {
		return nil
	}
	return &row{place: placeOf(d, a), is: &wire.WallAlert{AlertId: id, Kind: a.Kind, CenterId: a.Center, SubjectId: a.Subject,
		Since: stamp(a.Since), Value: a.Value, Bound: a.Bound}}
}

// placeOf is where an alert belongs: with its line, its account, or the lines of
// its operator in the center.
func placeOf(d directory.State, a wall.Alert) place {
	p := place{center: a.Center, routing: &event.Routing{LineId: a.Line}}
	switch a.Kind {
	case wall.Failing:
		p.routing = d.Account(a.Subject).GetRouting()
	case wall.Unanswered:
		p.lines = []string{}
		for _, id := range d.User(a.Subject).GetLineIds() {
			if l := d.Line(id); l != nil && l.CenterId == a.Center {
				p.lines = append(p.lines, id)
			}
		}
	}
	return p
}

// add puts a row into a frame.
func add(m *wire.Wall, r proto.Message) {
	switch r := r.(type) {
	case *wire.WallOperator:
		m.Operators = append(m.Operators, r)
	case *wire.WallConversation:
		m.Conversations = append(m.Conversations, r)
	case *wire.WallChannel:
		m.Channels = append(m.Channels, r)
	case *wire.WallFailure:
		m.Failures = append(m.Failures, r)
	case *wire.WallAlert:
		m.Alerts = append(m.Alerts, r)
	}
}

// takeOut puts what is not there any more into a frame.
func takeOut(m *wire.Wall, k key) {
	if m.Gone == nil {
		m.Gone = &wire.WallGone{}
	}
	list := [...]*[]string{operators: &m.Gone.Operators, conversations: &m.Gone.Conversations, channels: &m.Gone.Channels,
		failures: &m.Gone.Failures, alerts: &m.Gone.Alerts}[k.kind]
	*list = append(*list, k.id)
}

func stamp(t time.Time) *timestamppb.Timestamp {
	if t.IsZero() {
		return nil
	}
	return timestamppb.New(t)
}
