package courier

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"runtime/debug"
	"strings"
	"time"
	"unicode/utf8"

	"google.golang.org/protobuf/proto"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/actors/shell"
	"crafttalkd/channels"
)

// hangs is after how long a request is cut off that its channel did not.
const hangs = 2 * time.Minute

// knocks is how long a conversation is left alone that had no room for an
// outcome.
const knocks = 200 * time.Millisecond

// A fate is what is to be done with a letter after a delivery.
type fate uint8

const (
	settled   fate = iota // its outcome is recorded, or it is not awaited any more
	onward                // a part was taken, and there are more
	postponed             // the provider said when, or the account is broken
	again                 // after a while
	cutOff                // the courier stopped before the outcome was recorded
)

// An outcome is what came of a delivery.
type outcome struct {
	fate  fate
	err   error // of the channel; nil if it did what it should, a refusal too
	asked bool  // the channel has answered
}

// reasons of the courier's own.
const (
	interrupted     = "the server stopped while the channel was answering"
	erased          = "the message was erased before it was sent"
	gaveUp          = "gave up after 24 hours"
	partedOtherwise = "the channel's settings changed while the message was on its way in parts"
)

// carry delivers the next part of a letter, or gives it up. Once there is an
// outcome it is recorded.
func (a *account) carry(l letter, givenUp bool, why string) outcome {
	waits, p, err := a.courier.outbox.look(l)
	switch {
	case err != nil:
		return outcome{fate: again, err: err}
	case !waits:
		return outcome{fate: settled} // somebody else has told its outcome
	}
	cmd, o := a.attempt(l, p, givenUp, why)
	if cmd == nil {
		return o
	}
	if a.courier.fault == dropsEarly {
		a.courier.outbox.drop(l, true)
	}
	if !a.courier.tell(l, cmd) {
		return outcome{fate: cutOff}
	}
	if err := a.courier.outbox.drop(l, false); err != nil && a.courier.working.Err() == nil {
		// The follower drops it too, when it reads the outcome.
		a.courier.Log.Error("courier: drop a letter", "account", a.name, "err", err)
	}
	o.fate = settled
	return o
}

// attempt returns the command that tells the letter's outcome, or nil and what
// is to be done with it.
func (a *account) attempt(l letter, p progress, givenUp bool, why string) (any, outcome) {
	channel, err := a.courier.Open(a.name)
	keyed := err == nil && (idempotent(channel) || a.courier.fault == trustsAll)
	switch kind := refusal.KindOf(err); {
	case p.Left && !keyed && (err == nil || givenUp || kind == refusal.Denied || kind == refusal.NotFound):
		return conversation.Uncertain{Message: l.Message, Reason: interrupted}, outcome{}
	case givenUp:
		return conversation.Failed{Message: l.Message, Reason: p.told(strings.TrimSuffix(gaveUp+": "+why, ": "))}, outcome{}
	case kind == refusal.Denied || kind == refusal.NotFound:
		return conversation.Failed{Message: l.Message, Reason: p.told(refused(err))}, outcome{}
	case err != nil:
		return nil, outcome{fate: again, err: fmt.Errorf("open the channel: %w", err)}
	}
	m, err := a.courier.outbound(a.name, l)
	if err != nil {
		return nil, outcome{fate: again, err: err}
	}
	if m.Content == nil {
		return conversation.Failed{Message: l.Message, Reason: erased}, outcome{}
	}
	parts, err := part(a.courier.abilities(a.name), m.Content)
	switch s := shape(parts); {
	case p.begun() && (err != nil || p.Shape != s) && a.courier.fault != mixesUp:
		return conversation.Uncertain{Message: l.Message, Reason: p.told(partedOtherwise)}, outcome{}
	case err != nil:
		return conversation.Failed{Message: l.Message, Reason: reason(refused(err))}, outcome{}
	default:
		p.Shape, p.Parts = s, len(parts)
	}
	m.Part = min(p.Sent, len(parts)-1)
	m.Content = parts[m.Part]
	m.Key = key(m)
	return a.send(l, p, channel, m, keyed)
}

// send marks a part and gives it to the channel.
func (a *account) send(l letter, p progress, c channels.Channel, m channels.Outbound, keyed bool) (any, outcome) {
	p.Left = true
	if err := a.courier.outbox.mark(l, p, !keyed && a.courier.fault != marksLazily); err != nil {
		return nil, outcome{fate: again, err: fmt.Errorf("mark the letter: %w", err)}
	}
	id, err := a.deliver(c, m, keyed)
	return a.judge(l, p, id, err, keyed)
}

func idempotent(c channels.Channel) bool {
	i, ok := c.(channels.Idempotent)
	return ok && i.Idempotent()
}

func (k *Courier) abilities(account string) channels.Abilities {
	if k.Abilities == nil {
		return channels.Abilities{Files: math.MaxInt, Caption: math.MaxInt, Buttons: math.MaxInt, Place: true}
	}
	return k.Abilities(account)
}

// outbound reads again what the letter says. Its content is nil if it was
// erased.
func (k *Courier) outbound(account string, l letter) (m channels.Outbound, err error) {
	for e, err := range k.Journal.Events(l.Stream, l.Version-1) {
		if err != nil {
			return m, fmt.Errorf("read %s: %w", l.name(), err)
		}
		m.Conversation, m.ID, m.At = strings.TrimPrefix(l.Stream, event.ConversationStream), l.Message, l.At
		switch s := e.Event.(type) {
		case *event.MessageSent:
			m.Address, m.Content, m.Automatic = s.Address, s.Content, s.OperatorId == ""
		case *event.MessageRetried:
			m.Address, m.Content = s.Address, s.Content
		}
		m.Open = func(ctx context.Context, a *event.Attachment) (io.ReadCloser, error) {
			if k.File == nil {
				return nil, refusal.New(refusal.NotFound, "the file %s is not there", a.Name)
			}
			return k.File(ctx, m.Conversation, a)
		}
		m.Content, err = k.linked(account, m)
		return m, err
	}
	return m, fmt.Errorf("read %s: there is no such event", l.name())
}

// linked is the content of m with links to its attachments.
func (k *Courier) linked(account string, m channels.Outbound) (*event.Content, error) {
	if k.Link == nil || len(m.Content.GetAttachments()) == 0 {
		return m.Content, nil
	}
	c := proto.CloneOf(m.Content)
	for _, a := range c.Attachments {
		if err := k.Link(account, m, a); err != nil {
			return nil, fmt.Errorf("link %s of message %s: %w", a.AttachmentId, m.ID, err)
		}
	}
	return c, nil
}

// deliver gives m to the channel. What happens to a request that was cut off is
// not known, and neither is what a channel did that panicked.
func (a *account) deliver(c channels.Channel, m channels.Outbound, keyed bool) (id string, err error) {
	ctx, cancel := context.WithTimeout(a.courier.working, hangs)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			a.courier.Log.Error("courier: a channel panicked", "account", a.name, "message", m.ID, "panic", p, "stack", string(debug.Stack()))
			err = &channels.Unsure{Err: errors.New("the channel broke")}
		}
	}()
	id, err = c.Deliver(ctx, m)
	if err != nil && ctx.Err() != nil && refusal.KindOf(err) == 0 && !keyed {
		err = &channels.Unsure{Err: err}
	}
	return id, err
}

// judge says what the channel's answer to a part means for the letter. What is
// kept of the part is settled before anything else goes out: if that can't be
// written, the mark stands, and the part counts as one that nobody knows of.
func (a *account) judge(l letter, p progress, id string, err error, keyed bool) (any, outcome) {
	_, unsure := errors.AsType[*channels.Unsure](err)
	if err == nil {
		p.take(id)
	}
	if a.courier.fault == beginsAnew && err != nil {
		p.Sent, p.Earlier = 0, nil
	}
	switch {
	case err == nil && p.Sent == p.Parts:
		return conversation.Delivered{Message: l.Message, ExternalID: p.Last, Earlier: p.Earlier}, outcome{asked: true}
	case err != nil && refusal.KindOf(err) != 0:
		return conversation.Failed{Message: l.Message, Reason: p.told(refused(err))}, outcome{asked: true}
	case unsure && !keyed:
		return conversation.Uncertain{Message: l.Message, Reason: p.told(err.Error())}, outcome{err: err, asked: true}
	}
	if p.Left = unsure; err == nil || !unsure {
		if err := a.courier.outbox.mark(l, p, false); err != nil {
			return nil, outcome{fate: again, err: fmt.Errorf("keep how far the letter has come: %w", err)}
		}
	}
	switch {
	case err == nil:
		return nil, outcome{fate: onward, asked: true}
	case channels.LaterIn(err) > 0, isBroken(err):
		return nil, outcome{fate: postponed, err: err, asked: true}
	}
	return nil, outcome{fate: again, err: err, asked: true}
}

// refused is the text of the refusal in err.
func refused(err error) string {
	r, _ := errors.AsType[*refusal.Error](err)
	return r.Text
}

// reason is s as an event can keep it.
func reason(s string) string {
	const most = 500
	s = strings.ToValidUTF8(s, "")
	if utf8.RuneCountInString(s) > most {
		s = string([]rune(s)[:most]) + "…"
	}
	return s
}

// tell has the conversation record an outcome. It returns false if the courier
// was cut off before that.
func (k *Courier) tell(l letter, cmd any) bool {
	for {
		answered := make(chan error, 1)
		k.System.Tell(l.Stream, cmd, func(a shell.Answer) { answered <- a.Err })
		select {
		case err := <-answered:
			switch kind := refusal.KindOf(err); {
			case err == nil:
				return true
			case kind != 0 && kind != refusal.Busy:
				k.Log.Warn("courier: an outcome was refused", "message", string(l.name()), "err", err)
				return true
			}
		case <-k.working.Done():
			return false
		}
		select {
		case <-time.After(knocks):
		case <-k.working.Done():
			return false
		}
	}
}
