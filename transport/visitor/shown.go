package visitor

import (
	"slices"

	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/event"
	"crafttalkd/store/journal"
	"crafttalkd/transport/wire"
)

// names are what the widget calls the visitor's messages. Ours are no business
// of the page, and mean nothing to it.
type names struct {
	lobby   *Lobby
	account string
	stream  string
	unread  []name // messages that no operator has seen, as far as they went by here
}

type name struct{ ours, theirs string }

// remembered is how many messages an operator's read mark can be behind.
const remembered = 64

// shown is the one place that says what of a conversation a visitor may see:
// nil for everything that is not named here. Notes, verdicts, transfers and
// topics never leave.
func (n *names) shown(e journal.Entry) (*wire.FromServer, error) {
	conv := e.Stream[len(event.ConversationStream):]
	switch x := e.Event.(type) {
	case *event.MessageReceived:
		if x.Automatic {
			return nil, nil
		}
		return bubble(&wire.Bubble{ConversationId: conv, Version: e.Version, MessageId: n.received(x), From: "customer",
			Content: content(x.Content), At: at(x.SentAt, x.At)}), nil
	case *event.MessageSent:
		b := &wire.Bubble{ConversationId: conv, Version: e.Version, MessageId: x.MessageId, From: "system", Content: content(x.Content), At: x.At}
		switch {
		case x.OperatorId != "":
			b.From, b.Name = "operator", n.lobby.config.System.Directory.State().User(x.OperatorId).GetFirstName()
		case x.AgentId != "":
			b.From = "agent"
		}
		return bubble(b), nil
	case *event.AttachmentFetched: // of a message that came another way: the widget's bring their files
		return &wire.FromServer{Is: &wire.FromServer_File{File: &wire.File{ConversationId: conv, Version: e.Version,
			MessageId: x.MessageId, Attachment: attachment(x.Attachment)}}}, nil
	case *event.ConversationQueued:
		return progress(conv, e.Version, "waiting"), nil
	case *event.ConversationAssigned:
		return progress(conv, e.Version, "served"), nil
	case *event.AgentEngaged:
		if x.AgentId != conversation.Silence {
			return progress(conv, e.Version, "automatic"), nil
		}
	case *event.ConversationClosed:
		return progress(conv, e.Version, "closed"), nil
	case *event.RatingGiven:
		return progress(conv, e.Version, "rated"), nil
	case *event.OperatorSaw:
		id, err := n.seen(x.MessageId)
		if err != nil || id == "" {
			return nil, err
		}
		return &wire.FromServer{Is: &wire.FromServer_Mark{Mark: &wire.Mark{ConversationId: conv, Version: e.Version, MessageId: id}}}, nil
	}
	return nil, nil
}

// received returns the name of a message for the visitor: the one that the
// widget itself gave it, or ours if it came another way.
func (n *names) received(m *event.MessageReceived) string {
	id := m.MessageId
	if m.AccountId == n.account {
		id = m.ExternalId
	}
	if len(n.unread) == remembered {
		n.unread = n.unread[1:]
	}
	n.unread = append(n.unread, name{m.MessageId, id})
	return id
}

// seen returns the visitor's name of a message that an operator has read. One
// that went by before this socket opened is found in the journal.
func (n *names) seen(id string) (string, error) {
	for i, m := range n.unread {
		if m.ours == id {
			n.unread = n.unread[i+1:]
			return m.theirs, nil
		}
	}
	for e, err := range n.lobby.config.System.Journal().Durable(n.stream, 0) {
		if err != nil {
			return "", err
		}
		if m, ok := e.Event.(*event.MessageReceived); ok && m.MessageId == id {
			if m.AccountId == n.account {
				id = m.ExternalId
			}
			return id, nil
		}
	}
	return "", nil
}

// content is what a message says, without where its files come from: that is
// between us and a provider.
func content(c *event.Content) *event.Content {
	if len(c.GetAttachments()) == 0 {
		return c
	}
	out := &event.Content{Text: c.Text, Buttons: c.Buttons, Location: c.Location, Contact: c.Contact, Pressed: c.Pressed}
	for _, a := range c.Attachments {
		out.Attachments = append(out.Attachments, attachment(a))
	}
	return out
}

func attachment(a *event.Attachment) *event.Attachment {
	return &event.Attachment{AttachmentId: a.GetAttachmentId(), Name: a.GetName(), Mime: a.GetMime(), Size: a.GetSize(),
		Blob: a.GetBlob(), Failure: a.GetFailure()}
}

// said is what a visitor says, as it comes in: with files that were uploaded,
// and not with such as the server would have to fetch.
func said(c *event.Content) *event.Content {
	if c == nil {
		return nil
	}
	c.Attachments = slices.DeleteFunc(c.Attachments, func(a *event.Attachment) bool { return a.GetBlob() == "" })
	for _, a := range c.Attachments {
		a.Source, a.Failure = "", ""
	}
	return c
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
