package system

import (
	"strings"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"crafttalkd/actors/audit"
	"crafttalkd/actors/conversation"
	"crafttalkd/actors/customer"
	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/flow"
	"crafttalkd/actors/knowledge"
	"crafttalkd/actors/operator"
	"crafttalkd/actors/queue"
	"crafttalkd/actors/shell"
	"crafttalkd/actors/watcher"
	"crafttalkd/store/journal"
)

// The machines, as the shell runs them. Every is chosen so that an actor is
// read back in a few milliseconds and a snapshot is a small part of its work. A
// busy line has a million events in a few minutes, and a large state: reading
// it back takes half a second at most.
var (
	conversations = shell.Machine[conversation.State, conversation.Command]{
		Decide: conversation.Decide, Apply: conversation.Apply, Deadline: conversation.Deadline,
		Wake: conversation.Wake{}, Version: conversation.Version, Every: 200,
	}
	customers = shell.Machine[customer.State, customer.Command]{
		Decide: customer.Decide, Apply: customer.Apply, Deadline: customer.Deadline,
		Wake: customer.Wake{}, Version: customer.Version, Every: 200,
	}
	operators = shell.Machine[operator.State, operator.Command]{
		Decide: operator.Decide, Apply: operator.Apply, Deadline: operator.Deadline,
		Wake: operator.Wake{}, Version: operator.Version, Every: 500,
	}
	queues = shell.Machine[queue.State, queue.Command]{
		Decide: queue.Decide, Apply: queue.Apply, Deadline: queue.Deadline,
		Wake: queue.Wake{}, Version: queue.Version, Every: 100_000, Copy: queue.Copy,
	}
	directories = shell.Machine[directory.State, directory.Command]{
		Decide: directory.Decide, Apply: directory.Apply, Deadline: directory.Deadline,
		Wake: directory.Wake{}, Version: directory.Version, Every: 0,
	}
	knowledges = shell.Machine[knowledge.State, knowledge.Command]{
		Decide: knowledge.Decide, Apply: knowledge.Apply, Deadline: knowledge.Deadline,
		Wake: knowledge.Wake{}, Version: knowledge.Version, Every: 5000, Copy: knowledge.Copy,
	}
	watchers = shell.Machine[watcher.State, watcher.Command]{
		Decide: watcher.Decide, Apply: watcher.Apply, Deadline: watcher.Deadline,
		Wake: watcher.Wake{}, Version: watcher.Version, Every: 200,
	}
	audits = shell.Machine[audit.State, audit.Command]{
		Decide: audit.Decide, Apply: audit.Apply, Deadline: audit.Deadline,
		Wake: audit.Wake{}, Version: audit.Version, Every: 1000,
	}
)

// kinds says how to start actors, by the kind of their streams.
func kinds(h *shell.House) map[string]*actor.Props {
	return map[string]*actor.Props{
		"conversation": shell.Props(conversations, h, shell.Ways[conversation.State, conversation.Command]{}),
		"customer":     shell.Props(customers, h, shell.Ways[customer.State, customer.Command]{Onward: flow.Onward, Trace: flow.Trace}),
		"operator":     shell.Props(operators, h, shell.Ways[operator.State, operator.Command]{}),
		"queue":        shell.Props(queues, h, shell.Ways[queue.State, queue.Command]{}),
		"watcher":      shell.Props(watchers, h, shell.Ways[watcher.State, watcher.Command]{}),
		"audit":        shell.Props(audits, h, shell.Ways[audit.State, audit.Command]{}),
		"knowledge":    shell.Props(knowledges, h, shell.Ways[knowledge.State, knowledge.Command]{}),
		"directory":    shell.Props(directories, h, shell.Ways[directory.State, directory.Command]{}),
	}
}

// only are the streams that are alone of their kind.
var only = map[string]string{"audit": event.AuditStream, "knowledge": event.KnowledgeStream, "directory": event.DirectoryStream}

// props says how to start the actor of a stream, nil for no stream of ours.
func (s *System) props(stream string) *actor.Props {
	kind, id, _ := strings.Cut(stream, "/")
	if alone := only[kind]; id == "" || strings.ContainsAny(id, "/\x00") || alone != "" && alone != stream {
		return nil
	}
	return s.kinds[kind]
}

// after returns what must follow from an event.
func (s *System) after(e journal.Entry) []flow.Send {
	out := s.meant(e)
	if n, ok := flow.Noted(e.Stream, e.Event); ok {
		n.Of = audit.Fact{Stream: e.Stream, Version: e.Version, Shard: uint64(e.Shard), Position: e.Position}
		out = append(out, flow.Send{Stream: event.AuditStream, Command: n})
	}
	return out
}

// meant returns what an event means to other actors than the log of acts.
func (s *System) meant(e journal.Entry) []flow.Send {
	if e.Stream != event.DirectoryStream {
		return flow.After(e.Stream, e.Event)
	}
	// The state may not have the event yet: both follow the same feed.
	if err := s.Directory.Wait(s.life, e.Version); err != nil {
		return nil
	}
	return flow.AfterDirectory(s.Directory.State(), e.Event)
}

// abandonOperators says of every operator that no socket is open: those who
// were online when the process ended have the grace time to come back.
func (s *System) abandonOperators() {
	for _, u := range s.Directory.State().Operators() {
		s.tell(event.OperatorStream+u.UserId, operator.Disconnect{Grace: s.GraceOf(u.UserId)}, func(shell.Answer) {})
	}
}

// GraceOf is how long an operator may be without a connection.
func (s *System) GraceOf(id string) time.Duration {
	d := s.Directory.State()
	for _, line := range d.User(id).GetLineIds() {
		if l := d.Line(line); l != nil {
			return d.SettingsFor(l.CenterId).ConnectionGrace.AsDuration()
		}
	}
	return d.SettingsFor("").ConnectionGrace.AsDuration()
}

// kin names the streams of the customers who are one with the customer of a
// stream: those who are part of them, and those they are part of.
func (s *System) kin(stream string) ([]string, error) {
	var out []string
	for id := strings.TrimPrefix(stream, event.CustomerStream); id != ""; {
		c, err := s.customer(id)
		if err != nil {
			return nil, err
		}
		for _, k := range append(c.Absorbed, c.Into) {
			if k != "" {
				out = append(out, event.CustomerStream+k)
			}
		}
		id = c.Into
	}
	return out, nil
}

// customer reads what is kept of a customer. Who asks may be the actor itself.
func (s *System) customer(id string) (customer.State, error) {
	j, stream := s.config.Journal, event.CustomerStream+id
	var c customer.State
	b, n, err := j.Snapshot(stream)
	if err != nil {
		return c, err
	}
	if b != nil {
		if snap, ok, err := shell.Decode[customer.State](customer.Version, b); err == nil && ok {
			c = snap
		} else {
			n = 0
		}
	}
	for e, err := range j.Durable(stream, n) {
		if err != nil {
			return c, err
		}
		c = customer.Apply(c, e.Event)
	}
	return c, nil
}
