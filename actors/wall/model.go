package wall

import (
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
)

// A Phase says who keeps a conversation.
type Phase string

// The phases of an open conversation.
const (
	Opened    Phase = "opened"    // for the moment before anybody keeps it
	Automatic Phase = "automatic" // an agent
	Waiting   Phase = "waiting"   // a queue
	Served    Phase = "served"    // an operator
	Silent    Phase = "silent"    // nobody: the customer was detached and has not written since
)

// silence is the agent that keeps a conversation whose customer was detached.
const silence = "silence"

// A Conversation is one that is open.
type Conversation struct {
	ID, Customer, Name    string
	Account, Kind, Center string
	Routing               *event.Routing // shared: nobody changes it
	Phase                 Phase
	Keeper                string      // the agent, the line or the operator
	Cause                 event.Cause // why it waits
	Since                 time.Time   // of the keeping; of who waits, the age
	Unanswered            time.Time   // what the customer wrote first of all that no operator has answered
	Forced                bool        // with this operator by a supervisor's will
	Version               uint64      // of its stream
}

// Owed returns since when the operator who keeps c leaves the customer without
// an answer; the zero time for not at all.
func (c *Conversation) Owed() time.Time {
	switch {
	case c.Phase != Served || c.Unanswered.IsZero():
		return time.Time{}
	case c.Since.After(c.Unanswered):
		return c.Since
	}
	return c.Unanswered
}

// An Operator is one as the own stream tells.
type Operator struct {
	ID       string
	Presence event.Presence // unknown is offline
	Since    time.Time      // of the presence
	Lost     bool           // no socket is open, and the grace time runs
	Capacity int32
	Slots    map[string]bool // conversations that have one, those that are just coming too
	Version  uint64
}

// OnReception reports whether queues give the operator conversations.
func (o *Operator) OnReception() bool { return o.Presence == event.Presence_ONLINE && !o.Lost }

// A Model is all of them at one moment.
type Model struct {
	Conversations map[string]*Conversation
	Operators     map[string]*Operator
}

// New returns a model of nobody.
func New() *Model {
	return &Model{Conversations: map[string]*Conversation{}, Operators: map[string]*Operator{}}
}

// Converse brings an event of a conversation's stream, and reports whether what
// is shown of it is another thing now. An event that has been brought before
// changes nothing, and neither does one of a conversation whose beginning was
// not seen: it has ended long ago.
func (m *Model) Converse(id string, version uint64, e event.Event) bool {
	c := m.Conversations[id]
	if o, ok := e.(*event.ConversationOpened); ok && c == nil {
		m.Conversations[id] = open(id, version, o)
		return true
	}
	if c == nil || version <= c.Version {
		return false
	}
	c.Version = version
	if _, ok := e.(*event.ConversationClosed); ok {
		delete(m.Conversations, id)
		return true
	}
	return c.apply(e)
}

func open(id string, version uint64, e *event.ConversationOpened) *Conversation {
	c := &Conversation{ID: id, Customer: e.CustomerId, Name: e.CustomerName, Account: e.AccountId, Kind: e.Kind,
		Center: e.CenterId, Routing: e.Routing, Phase: Opened, Since: moment(e.At), Version: version}
	if c.Routing == nil {
		c.Routing = &event.Routing{}
	}
	return c
}

func (c *Conversation) apply(e event.Event) bool {
	switch e := e.(type) {
	case *event.AgentEngaged:
		c.keep(Automatic, e.AgentId, e.At)
		if e.AgentId == silence {
			c.Phase = Silent
		}
	case *event.ConversationQueued:
		c.Routing = e.Routing
		c.keep(Waiting, e.Routing.GetLineId(), e.Since)
		c.Cause = e.Cause
	case *event.ConversationAssigned:
		c.keep(Served, e.OperatorId, e.At)
		c.Forced = e.Forced
	case *event.RoutingSet:
		c.Routing = e.Routing
	case *event.CustomerChanged:
		c.Customer = e.CustomerId
	case *event.MessageReceived:
		if e.Automatic || !c.Unanswered.IsZero() {
			return false
		}
		c.Unanswered = moment(e.At)
	case *event.MessageSent:
		if e.OperatorId == "" || c.Unanswered.IsZero() {
			return false
		}
		c.Unanswered = time.Time{}
	default:
		return false
	}
	return true
}

func (c *Conversation) keep(p Phase, keeper string, since *timestamppb.Timestamp) {
	c.Phase, c.Keeper, c.Since = p, keeper, moment(since)
	c.Cause, c.Forced = event.Cause_CAUSE_UNKNOWN, false
}

// Work brings an event of an operator's stream, and reports whether what is
// shown of the operator is another thing now. One whose first event was not
// seen must be looked up, see [Model.Knows].
func (m *Model) Work(id string, version uint64, e event.Event) bool {
	o := m.Operators[id]
	if o == nil {
		o = &Operator{ID: id, Slots: map[string]bool{}}
		m.Operators[id] = o
	}
	if version <= o.Version {
		return false
	}
	o.Version = version
	return o.apply(e)
}

// Knows reports whether the event with this version can be brought: all before
// it have been.
func (m *Model) Knows(operator string, version uint64) bool {
	o := m.Operators[operator]
	return version == 1 || o != nil && version <= o.Version+1
}

func (o *Operator) apply(e event.Event) bool {
	switch e := e.(type) {
	case *event.OperatorConfigured:
		o.Capacity = e.Standing.GetCapacity()
	case *event.PresenceChanged:
		o.Presence, o.Since = e.Presence, moment(e.At)
		o.Lost = o.Lost && e.Presence != event.Presence_OFFLINE
	case *event.ConnectionLost:
		o.Lost = true
	case *event.ConnectionRestored:
		o.Lost = false
	case *event.SlotReserved:
		o.Slots[e.ConversationId] = true
	case *event.SlotReleased:
		delete(o.Slots, e.ConversationId)
	default:
		return false
	}
	return true
}

// moment returns the time of ts, and the zero time for none.
func moment(ts *timestamppb.Timestamp) time.Time {
	if ts == nil {
		return time.Time{}
	}
	return ts.AsTime()
}
