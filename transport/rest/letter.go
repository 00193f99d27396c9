package rest

import (
	"crypto/rand"
	"net/mail"
	"slices"
	"strings"
	"unicode/utf8"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/customer"
	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/transport/auth"
)

// emailKind is the kind of account that letters go by.
const emailKind = "email"

// Letter is what an operator writes to the customer by e-mail, whatever channel
// the conversation goes by. Manual: «Тикет».
type Letter struct {
	AccountID string `json:"account_id" doc:"the e-mail channel, if the center has several"`
	Address   string `json:"address" need:"yes" doc:"one of the customer's, or the e-mail in the customer's form; it becomes one if the asker may change the form"`
	Text      string `json:"text" need:"yes"`
	MessageID string `json:"message_id" doc:"made by the client: the same again is the same letter"`
}

// SentLetter names the letter, which is a message of the conversation.
type SentLetter struct {
	MessageID string `json:"message_id"`
	AccountID string `json:"account_id"`
	Address   string `json:"address"`
}

// longestName is how many bytes the name of a message may have.
const longestName = 100

// writeLetter sends a letter as the keeper's reply by the e-mail channel of the
// conversation's center. Its subject is the channel's.
func (c *call) writeLetter(in Letter) (SentLetter, error) {
	v, err := c.conversation(c.id())
	switch {
	case err != nil:
		return SentLetter{}, err
	case v.keeper() != c.by():
		return SentLetter{}, refusal.New(refusal.Denied, "the conversation is not yours")
	case strings.TrimSpace(in.Text) == "":
		return SentLetter{}, refusal.Of("text", "the letter is empty")
	case utf8.RuneCountInString(in.Text) > longestText:
		return SentLetter{}, refusal.Of("text", "the text is longer than %d characters", longestText)
	case len(in.MessageID) > longestName:
		return SentLetter{}, refusal.Of("message_id", "the name is longer than %d bytes", longestName)
	case in.MessageID == "":
		in.MessageID = "b" + strings.ToLower(rand.Text())
	}
	who, err := c.written(v.CustomerID)
	if err != nil {
		return SentLetter{}, err
	}
	to, err := c.mailbox(v.CenterID, who, in)
	if err != nil {
		return SentLetter{}, err
	}
	if err := c.bind(who, to); err != nil {
		return SentLetter{}, err
	}
	_, err = c.ask(event.ConversationStream+v.ConversationID, conversation.Reply{Operator: c.by(), ID: in.MessageID,
		Account: to.AccountId, Address: to.Address, Content: &event.Content{Text: in.Text}})
	return SentLetter{in.MessageID, to.AccountId, to.Address}, err
}

// written is the customer as letters find one: whoever this one has become part of.
func (c *call) written(id string) (v *Customer, err error) {
	for id != "" && err == nil {
		if v, err = look(c, event.CustomerStream+id, customerOf); err == nil {
			id = v.MergedInto
		}
	}
	return v, err
}

// mailbox is where a letter goes, and by which channel: the one that is named,
// the one that the customer has the address in, or the only one.
func (c *call) mailbox(center string, who *Customer, in Letter) (*event.Address, error) {
	boxes, err := c.boxes(center, in.AccountID)
	if err != nil {
		return nil, err
	}
	wanted := strings.TrimSpace(in.Address)
	theirs := strings.EqualFold(who.Fields["email"], wanted)
	for _, a := range who.Addresses {
		if a.Kind != emailKind || !strings.EqualFold(a.Address, wanted) {
			continue
		}
		theirs = true
		if slices.Contains(boxes, a.AccountID) {
			return &event.Address{AccountId: a.AccountID, Address: a.Address, Kind: emailKind}, nil
		}
	}
	parsed, err := mail.ParseAddress(wanted)
	offered := c.offered(boxes)
	switch {
	case err != nil || parsed.Address != wanted:
		return nil, refusal.Of("address", "this is no e-mail address")
	case !theirs:
		return nil, refusal.Of("address", "the customer has no such e-mail address")
	case len(offered) > 1:
		return nil, refusal.Of("account_id", "the center has several e-mail channels: name one")
	}
	return &event.Address{AccountId: offered[0], Address: strings.ToLower(wanted), Kind: emailKind}, nil
}

// boxes are the e-mail channels of a center that work; only the named one, if
// one is named.
func (c *call) boxes(center, named string) (on []string, err error) {
	there := false
	for id, a := range inOrder(c.directory().Accounts) {
		if a.Kind != emailKind || a.CenterId != center || named != "" && named != id {
			continue
		}
		if there = true; !a.Disabled {
			on = append(on, id)
		}
	}
	switch {
	case !there && named != "":
		return nil, refusal.Of("account_id", "the center has no e-mail channel %q", named)
	case !there:
		return nil, refusal.Of("account_id", "the center has no e-mail channel")
	case len(on) == 0:
		return nil, refusal.Of("account_id", "the channel is switched off")
	}
	return on, nil
}

// offered are those of the channels that the asker knows of, to choose from. Who
// knows of none writes by the first.
func (c *call) offered(boxes []string) []string {
	d := c.directory()
	known := slices.DeleteFunc(slices.Clone(boxes), func(id string) bool {
		a := d.Account(id)
		return !c.sees(a.GetCenterId(), a.GetRouting())
	})
	if len(known) == 0 {
		return boxes[:1]
	}
	return known
}

// bind makes an address the customer's, for the answer to come to the same
// conversation. What is written in a form proves nothing, so an address that
// leads to another customer is not taken away from them. Who may not change the
// customer's form writes all the same: the form stays as it is, and the answer
// begins a conversation of its own.
func (c *call) bind(who *Customer, to *event.Address) error {
	if slices.ContainsFunc(who.Addresses, func(a CustomerAddress) bool { return a.AccountID == to.AccountId && a.Address == to.Address }) {
		return nil
	}
	home := c.config.CustomerID(to.AccountId, to.Address)
	taken, err := look(c, event.CustomerStream+home, func(s customer.State) bool {
		return s.Into != "" || s.Moved != "" && s.Moved != who.CustomerID || s.ID != who.CustomerID && len(s.Conversations) > 0
	})
	switch {
	case err != nil:
		return err
	case taken:
		return refusal.Of("address", "this address is another customer's")
	case !auth.Can(c.asker.user, directory.ModifyClients):
		return nil
	}
	_, err = c.ask(event.CustomerStream+who.CustomerID, customer.AddAddress{ID: who.CustomerID, By: c.by(), Home: home, Address: to})
	return err
}
