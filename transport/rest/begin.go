package rest

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/actors/system"
	"crafttalkd/store/view/customers"
)

// Customers finds customers, as store/view/customers does.
type Customers interface {
	Search(customers.Question) ([]customers.Found, error)
	// Changed returns those that were changed after a stamp, in order.
	Changed(q customers.Question, after int64) ([]customers.Change, error)
}

// FoundCustomer is a customer as a search shows it.
type FoundCustomer struct {
	CustomerID       string            `json:"customer_id"`
	Name             string            `json:"name"`
	Fields           map[string]string `json:"fields"`
	Kinds            []string          `json:"kinds" doc:"of the channels"`
	OpenConversation string            `json:"open_conversation"`
	LastAt           time.Time         `json:"last_at,omitzero" doc:"when a conversation last began or ended"`
}

// searchCustomers finds customers among those that the asker may see. Manual:
// Поиск клиента.
func (c *call) searchCustomers() (List[FoundCustomer], error) {
	out := List[FoundCustomer]{Items: []FoundCustomer{}}
	limit, err := c.limit(customersShown)
	if err != nil || c.config.Customers == nil {
		return out, err
	}
	found, err := c.config.Customers.Search(customers.Question{Text: c.r.URL.Query().Get("query"), Limit: limit,
		User: c.by(), Sees: c.sees})
	for _, f := range found {
		item := FoundCustomer{CustomerID: f.ID, Fields: f.Fields, Kinds: f.Kinds, OpenConversation: f.Open, LastAt: f.Last,
			Name: strings.TrimSpace(f.Fields["fname"] + " " + f.Fields["lname"])}
		if item.Fields == nil {
			item.Fields = map[string]string{}
		}
		out.Items = append(out.Items, item)
	}
	return out, err
}

// Beginning is an operator's wish to write to a customer first.
type Beginning struct {
	AccountID string `json:"account_id" need:"yes"`
	Address   string `json:"address" need:"yes" doc:"one of the customer's"`
	Text      string `json:"text" doc:"empty says nothing yet"`
	MessageID string `json:"message_id" doc:"made by the client: the same again is the same message"`
}

// Begun names the conversation.
type Begun struct {
	ConversationID string `json:"conversation_id"`
}

// longestText is how many characters a message may have.
const longestText = 32_000

// begin gives the asker a conversation with a customer. Manual: «Начать диалог».
func (c *call) begin(in Beginning) (Begun, error) {
	v, err := c.customer(c.id())
	if err != nil {
		return Begun{}, err
	}
	if utf8.RuneCountInString(in.Text) > longestText {
		return Begun{}, refusal.Of("text", "the text is longer than %d characters", longestText)
	}
	account, err := c.writable(v, in.AccountID, in.Address)
	if err != nil {
		return Begun{}, err
	}
	b := system.Beginning{Operator: c.by(), Customer: v.CustomerID, Content: &event.Content{Text: in.Text}, Message: in.MessageID,
		Address: &event.Address{AccountId: in.AccountID, Address: in.Address, Kind: account.Kind},
		Opening: &event.ConversationOpened{AccountId: in.AccountID, Address: in.Address, CenterId: account.CenterId, Kind: account.Kind,
			Routing: account.Routing, Policy: c.directory().PolicyFor(account)}}
	if b.Message == "" {
		b.Message = "b" + strings.ToLower(rand.Text())
	}
	ctx, cancel := context.WithTimeout(c.r.Context(), patience)
	defer cancel()
	id, err := c.config.System.Begin(ctx, b)
	return Begun{id}, c.named(err)
}

// writable returns the account by which something can be written to the
// customer's address.
func (c *call) writable(v *Customer, account, address string) (*event.Account, error) {
	a := c.directory().Account(account)
	switch {
	case a == nil || !c.sees(a.CenterId, a.Routing):
		return nil, refusal.Of("account_id", "there is no account %q", account)
	case a.Disabled:
		return nil, refusal.Of("account_id", "the channel is switched off")
	case a.Kind == phoneKind:
		return nil, refusal.Of("account_id", "nothing can be written to a telephone; call instead")
	case !slices.ContainsFunc(v.Addresses, func(x CustomerAddress) bool { return x.AccountID == account && x.Address == address }):
		return nil, refusal.Of("address", "the customer has no such address")
	}
	return a, nil
}

// named says who keeps a conversation by name.
func (c *call) named(err error) error {
	kept, ok := errors.AsType[*conversation.KeptError](err)
	if !ok {
		return err
	}
	return refusal.New(refusal.Conflict, "%s keeps the conversation with this customer", nameOf(c.directory(), kept.Operator))
}

// nameOf is what a user is called, or the id of one who is there no more.
func nameOf(d directory.State, id string) string {
	u := d.User(id)
	if name := strings.TrimSpace(u.GetFirstName() + " " + u.GetLastName()); name != "" {
		return name
	}
	return id
}
