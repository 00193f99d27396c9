package directory

import (
	"cmp"
	"slices"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
)

// TopicsUnder returns the topics right under another, or at the top for "", as
// people have placed them. Those that nobody placed come behind them, by name.
func (s State) TopicsUnder(parent string) []*event.Topic {
	var topics []*event.Topic
	for _, e := range s.Topics {
		if e.Value.ParentId == parent {
			topics = append(topics, e.Value)
		}
	}
	never := func(t *event.Topic) int {
		if t.Place == 0 {
			return 1
		}
		return 0
	}
	slices.SortFunc(topics, func(a, b *event.Topic) int {
		return cmp.Or(never(a)-never(b), cmp.Compare(a.Place, b.Place), cmp.Compare(a.Name, b.Name), cmp.Compare(a.TopicId, b.TopicId))
	})
	return topics
}

// TopicsInOrder returns all topics, each followed by what is under it.
func (s State) TopicsInOrder() []*event.Topic {
	var all []*event.Topic
	var walk func(parent string)
	walk = func(parent string) {
		for _, t := range s.TopicsUnder(parent) {
			all = append(all, t)
			walk(t.TopicId)
		}
	}
	walk("")
	return all
}

// moveTopic counts the topics of the new place anew, and tells of those whose
// place is another now.
func moveTopic(s State, c MoveTopic, at *timestamppb.Timestamp) ([]event.Event, error) {
	old, found := s.Topics[c.Topic]
	switch {
	case c.By == "":
		return nil, refusal.Of("by", "a change has an author")
	case !found:
		return nil, refusal.New(refusal.NotFound, "there is no topic %q any more", c.Topic)
	case c.Revision != 0 && c.Revision != old.Revision:
		return nil, refusal.New(refusal.Conflict, "topic %q was changed by %s at %s", c.Topic, old.By, old.At.UTC().Format(time.RFC3339))
	}
	moved := proto.CloneOf(old.Value)
	moved.ParentId = c.Parent
	if err := checkTopic(s, moved); err != nil {
		return nil, err
	}
	there := slices.DeleteFunc(s.TopicsUnder(c.Parent), func(t *event.Topic) bool { return t.TopicId == c.Topic })
	to := len(there)
	if c.Before != "" {
		to = slices.IndexFunc(there, func(t *event.Topic) bool { return t.TopicId == c.Before })
	}
	if to < 0 {
		return nil, refusal.Of("before", "topic %q is not there", c.Before)
	}
	var events []event.Event
	for i, t := range slices.Insert(there, to, moved) {
		placed := proto.CloneOf(t)
		placed.Place = int32(i + 1)
		if !proto.Equal(placed, s.Topics[t.TopicId].Value) {
			events = append(events, &event.TopicPut{At: at, By: c.By, Topic: placed})
		}
	}
	return events, nil
}
