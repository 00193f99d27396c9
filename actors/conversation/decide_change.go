package conversation

import (
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
)

// What a customer changes in what was said is no new word: nobody waits for an
// answer to it, no timer runs or stops, and a closed conversation stays closed.
// Channels tell of changes in any order, so an older one is passed over.

func correct(s State, cmd Command, at *timestamppb.Timestamp) []event.Event {
	switch c := cmd.(type) {
	case Edit:
		return edit(s, c, at)
	case Remove:
		return remove(s, c, at)
	}
	return nil
}

func edit(s State, c Edit, at *timestamppb.Timestamp) []event.Event {
	last := s.changed(c.Message)
	if s.Phase == Nothing || last.Removed || !c.At.IsZero() && c.At.Before(last.At) {
		return nil
	}
	now := &event.Content{}
	if c.Content != nil {
		now = proto.CloneOf(c.Content)
	}
	for _, a := range now.Attachments { // the same name may be another file in another version
		a.AttachmentId = c.sum() + "." + a.AttachmentId
	}
	return one(&event.MessageEdited{At: at, MessageId: c.Message, Content: now, EditedAt: stamp(c.At), Files: true,
		AccountId: c.Account, Address: c.Address})
}

func remove(s State, c Remove, at *timestamppb.Timestamp) []event.Event {
	if s.Phase == Nothing || s.changed(c.Message).Removed {
		return nil
	}
	return one(&event.MessageRemoved{At: at, MessageId: c.Message})
}

// changed returns what became last of a message.
func (s State) changed(id string) Changed {
	for _, c := range s.Changed {
		if c.Message == id {
			return c
		}
	}
	return Changed{}
}

// change remembers what became of a message, of the latest ones.
func (s *State) change(c Changed) {
	var rest []Changed
	for _, old := range s.Changed {
		if old.Message != c.Message {
			rest = append(rest, old)
		}
	}
	s.Changed = append(rest[max(0, len(rest)-memory/2+1):], c)
}
