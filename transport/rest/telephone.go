package rest

import (
	"context"
	"crypto/rand"
	"slices"
	"strings"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
)

// phoneKind is the kind of account that calls.
const phoneKind = "phone"

// telephoneRoutes lead out of a conversation: to a help desk, to the customer's mail
// and to the telephone.
func telephoneRoutes() []*route {
	const one = "/api/v1/conversations/:id"
	return []*route{
		{method: "PUT", path: one + "/ticket", summary: "Keep the number of a ticket in a help desk of others", may: may(directory.ModifyExtID), verb: told((*call).setTicket)},
		{method: "POST", path: one + "/mail", summary: "Write a letter to the customer, by who keeps the conversation",
			may: rule{roles: []string{directory.ViewHelpdesk}, person: true}, verb: takes((*call).writeLetter)},
		{method: "POST", path: one + "/call", summary: "Have the customer called, by who keeps the conversation", may: person, verb: takes((*call).place)},
	}
}

// TicketNumber is the number of a ticket. Manual: «Тикет».
type TicketNumber struct {
	Number string `json:"number" need:"yes" doc:"empty for none any more"`
}

func (c *call) setTicket(in TicketNumber) error {
	v, err := c.conversation(c.id())
	if err != nil {
		return err
	}
	_, err = c.ask(event.ConversationStream+v.ConversationID, conversation.SetTicket{By: c.by(), Number: in.Number})
	return err
}

// CallWish names the telephone number to be called.
type CallWish struct {
	Address   string `json:"address" need:"yes" doc:"one of the customer's, in a channel of kind phone"`
	AccountID string `json:"account_id" doc:"the channel, if there are several"`
}

// PlacedCall names a call that the telephone has taken.
type PlacedCall struct {
	CallID string `json:"call_id"`
}

// place asks the telephone for a call, and records what came of it.
func (c *call) place(in CallWish) (PlacedCall, error) {
	v, err := c.conversation(c.id())
	if err != nil {
		return PlacedCall{}, err
	}
	if v.keeper() != c.by() {
		return PlacedCall{}, refusal.New(refusal.Denied, "the conversation is not yours")
	}
	account, err := c.callable(v.CustomerID, in)
	if err != nil {
		return PlacedCall{}, err
	}
	u, d := c.asker.user, c.directory()
	wish := channels.Call{ID: strings.ToLower(rand.Text()), Conversation: v.ConversationID, Customer: v.CustomerID, Address: in.Address,
		Operator: u.UserId, Login: u.Login, Name: nameOf(d, u.UserId), At: c.config.System.Now()}
	ctx, cancel := context.WithTimeout(c.r.Context(), patience)
	defer cancel()
	failed := c.config.Call(ctx, account, wish)
	kept := conversation.Call{Operator: u.UserId, ID: wish.ID, Account: account, Address: in.Address}
	switch {
	case refusal.KindOf(failed) != 0:
		kept.Failure = failed.Error()
	case failed != nil:
		kept.Failure = "the telephone could not be asked"
	}
	// It has been asked for, so it is recorded although the asker may have gone.
	_, err = c.Server.ask(context.WithoutCancel(c.r.Context()), event.ConversationStream+v.ConversationID, kept)
	if failed != nil {
		return PlacedCall{}, failed
	}
	return PlacedCall{wish.ID}, err
}

// callable returns the account by which a number of the customer's is called.
func (c *call) callable(id string, in CallWish) (string, error) {
	v, err := look(c, event.CustomerStream+id, customerOf)
	if err != nil {
		return "", err
	}
	d := c.directory()
	i := slices.IndexFunc(v.Addresses, func(a CustomerAddress) bool {
		account := d.Account(a.AccountID)
		return a.Address == in.Address && (in.AccountID == "" || in.AccountID == a.AccountID) &&
			account.GetKind() == phoneKind && !account.Disabled
	})
	if i < 0 {
		return "", refusal.Of("address", "the customer has no such number in a telephone channel")
	}
	return v.Addresses[i].AccountID, nil
}
