package intake

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/customer"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/actors/shell"
	"crafttalkd/actors/system"
	"crafttalkd/channels"
)

// Notify takes what a provider tells beside messages. As with
// [channels.Config], done is called once, with nil when it is kept or needs not
// to be.
//
//	Edited, Removed        -> the conversation that has the customer's message
//	Arrived, Seen, Bounced -> the conversation that has ours, or the customer's latest
//	Started, (Un)blocked   -> the customer
//	Typing                 -> whoever looks at the conversation
func (d *Door) Notify(_ context.Context, n channels.Notice, done func(error)) {
	o, err := d.opening(n.Account)
	if err == nil {
		err = checkNotice(n)
	}
	if err == nil {
		err = d.Admit()
	}
	if err != nil {
		d.refused.Add(1)
		done(err)
		return
	}
	home := d.config.CustomerID(n.Account, n.Address)
	address := &event.Address{AccountId: n.Account, Address: n.Address, Kind: o.account.Kind, Verified: "channel"}
	switch n.About {
	case channels.Edited, channels.Removed:
		d.changed(n, home, done)
	case channels.Arrived, channels.Seen, channels.Bounced:
		d.became(n, home, done)
	case channels.Started:
		d.started(n, home, address, done)
	case channels.Blocked, channels.Unblocked:
		block := customer.Block{ID: home, Home: home, Address: address, Blocked: n.About == channels.Blocked, Reason: n.Reason}
		d.config.System.Tell(event.CustomerStream+home, block, func(a shell.Answer) { done(a.Err) })
	case channels.Typing:
		if d.enter() == nil { // what is not shown is not missed
			go d.types(home)
		}
		done(nil)
	}
}

// checkNotice refuses what makes no sense, naming the field.
func checkNotice(n channels.Notice) error {
	needed := n.About == channels.Edited || n.About == channels.Removed || n.About == channels.Bounced
	switch {
	case n.About < channels.Edited || n.About > channels.Typing:
		return refusal.Of("about", "nobody knows what this is about")
	case needed && n.ID == "" || len(n.ID) > longestID || !plain(n.ID):
		return refusal.Of("id", "an id of 1 to %d characters is needed", longestID)
	case n.Address == "" || len(n.Address) > longestID || !plain(n.Address):
		return refusal.Of("user.id", "an address of 1 to %d characters is needed", longestID)
	case len(n.Reason) > longestText || !plain(n.Reason):
		return refusal.Of("reason", "a reason is at most %d characters of UTF-8", longestText)
	case n.About == channels.Edited && n.Content == nil:
		return refusal.Of("text", "what the message says now is needed")
	case n.About != channels.Edited:
		return nil
	case len(n.Content.Attachments) > mostFiles:
		return refusal.Of("attachments", "at most %d files fit a message", mostFiles)
	case !plain(n.Content.Text) || utf8.RuneCountInString(n.Content.Text) > longestText:
		return refusal.Of("text", "the text is longer than %d characters, not valid UTF-8, or has zero bytes", longestText)
	}
	return checkParts(n.Content)
}

// changed brings what became of a message of the customer's to the conversation
// that has it.
func (d *Door) changed(n channels.Notice, home string, done func(error)) {
	key := messageKey(n.Account, home, n.ID)
	var cmd conversation.Command = conversation.Remove{Message: MessageID(key)}
	if n.About == channels.Edited {
		cmd = conversation.Edit{Message: MessageID(key), Content: n.Content, At: sensible(n.At, d.config.System.Now()),
			Account: n.Account, Address: n.Address}
	}
	d.news.settle(&news{key: key, until: d.config.System.Now().Add(newsLast), bring: func(found func(bool, error)) {
		find := customer.Find{ID: home, Home: home, Key: key}
		d.config.System.Tell(event.CustomerStream+home, find, func(a shell.Answer) {
			switch {
			case errors.Is(a.Err, customer.ErrNotFound):
				found(false, nil)
			case a.Err != nil:
				found(false, a.Err)
			case !strings.HasPrefix(a.Stream, event.ConversationStream):
				found(false, nil)
			default:
				d.config.System.Tell(a.Stream, cmd, func(a shell.Answer) { found(a.Err == nil, a.Err) })
			}
		})
	}}, done)
}

// sensible is a provider's time of what came at another, or the zero one for
// nonsense.
func sensible(at, came time.Time) time.Time {
	if off := at.Sub(came); at.IsZero() || off.Abs() > sceptical {
		return time.Time{}
	}
	return at
}

// became brings what became of ours to the conversation that has it. Without a
// name it is about all that was sent to the customer until then.
func (d *Door) became(n channels.Notice, home string, done func(error)) {
	if n.ID == "" {
		at := n.At
		if at.IsZero() {
			at = d.config.System.Now()
		}
		all := customer.Receipt{ID: home, Home: home, Account: n.Account, At: at, Seen: n.About == channels.Seen}
		d.config.System.Tell(event.CustomerStream+home, all, func(a shell.Answer) {
			if errors.Is(a.Err, customer.ErrNotFound) {
				a.Err = nil // we have sent nothing
			}
			done(a.Err)
		})
		return
	}
	key := receiptKey(n.Account, home, n.ID)
	d.news.settle(&news{key: key, until: d.config.System.Now().Add(newsLast), bring: func(found func(bool, error)) {
		ours, err := d.config.Receipts.Find(key)
		if err != nil || ours.Conversation == "" {
			found(false, err)
			return
		}
		var cmd conversation.Command = conversation.Receipt{Message: ours.Message, Seen: n.About == channels.Seen}
		switch {
		case n.About == channels.Bounced:
			cmd = conversation.Bounced{Message: ours.Message, Reason: ours.lost(cutReason(n.Reason))}
		case ours.Part > 0:
			found(true, nil) // the message has arrived, or is seen, when its last part is
			return
		}
		d.config.System.Tell(event.ConversationStream+ours.Conversation, cmd, func(a shell.Answer) { found(a.Err == nil, a.Err) })
	}}, done)
}

// cutReason is a provider's reason as an operator can read it.
func cutReason(s string) string {
	if r := []rune(s); len(r) > 500 {
		return string(r[:500]) + "…"
	}
	return s
}

// started registers who has come and follows the invite link, if there was one.
func (d *Door) started(n channels.Notice, home string, address *event.Address, done func(error)) {
	d.picture(n.Account, n.Address, n.Fields)
	a := arrival{home: home, address: address, fail: done, tell: func() {
		greet := customer.Greet{ID: home, Home: home, Address: address, Fields: n.Fields}
		d.config.System.Tell(event.CustomerStream+home, greet, func(a shell.Answer) { done(a.Err) })
	}}
	if n.Link != "" {
		a.link = LinkHash(n.Link)
	}
	d.bring(a)
}

// types shows that a customer is typing, where a conversation is open.
func (d *Door) types(home string) {
	defer d.underWay.Add(-1)
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	for who := home; who != ""; {
		type seen struct{ open, elsewhere string }
		s, err := system.Look(ctx, d.config.System, event.CustomerStream+who, func(s customer.State, _ uint64) seen {
			to, _ := customer.Elsewhere(s, customer.Find{ID: who, Home: home})
			return seen{customer.OpenConversation(s), to}
		})
		if err != nil {
			return
		}
		if s.elsewhere == "" && s.open != "" && d.config.Typing != nil {
			d.config.Typing(s.open)
		}
		who = s.elsewhere
	}
}
