package visitor

import (
	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/event"
	"crafttalkd/store/journal"
	"crafttalkd/transport/wire"
)

// shown is the one place that says what of a conversation a visitor may see:
// nil for everything that is not named here. Notes, verdicts, transfers and
// topics never leave.
func (l *Lobby) shown(e journal.Entry, account string) *wire.FromServer {
	conv := e.Stream[len(event.ConversationStream):]
	switch x := e.Event.(type) {
	case *event.MessageReceived:
		id := x.MessageId
		if x.AccountId == account {
			id = x.ExternalId // the name that the widget itself gave it
		}
		return bubble(&wire.Bubble{ConversationId: conv, Version: e.Version, MessageId: id, From: "customer", Content: x.Content, At: at(x.SentAt, x.At)})
	case *event.MessageSent:
		b := &wire.Bubble{ConversationId: conv, Version: e.Version, MessageId: x.MessageId, From: "system", Content: x.Content, At: x.At}
		switch {
		case x.OperatorId != "":
			b.From, b.Name = "operator", l.config.System.Directory.State().User(x.OperatorId).GetFirstName()
		case x.AgentId != "":
			b.From = "agent"
		}
		return bubble(b)
	case *event.ConversationQueued:
		return progress(conv, e.Version, "waiting")
	case *event.ConversationAssigned:
		return progress(conv, e.Version, "served")
	case *event.AgentEngaged:
		if x.AgentId != conversation.Silence {
			return progress(conv, e.Version, "automatic")
		}
	case *event.ConversationClosed:
		return progress(conv, e.Version, "closed")
	case *event.OperatorSaw:
		return &wire.FromServer{Is: &wire.FromServer_Mark{Mark: &wire.Mark{ConversationId: conv, Version: e.Version, MessageId: x.MessageId}}}
	}
	return nil
}

// at is the customer's own clock where it tells, else ours.
func at(theirs, ours *timestamppb.Timestamp) *timestamppb.Timestamp {
	if theirs != nil {
		return theirs
	}
	return ours
}

func bubble(b *wire.Bubble) *wire.FromServer {
	return &wire.FromServer{Is: &wire.FromServer_Bubble{Bubble: b}}
}

func progress(conv string, version uint64, phase string) *wire.FromServer {
	return &wire.FromServer{Is: &wire.FromServer_Progress{Progress: &wire.Progress{ConversationId: conv, Version: version, Phase: phase}}}
}
