package rest

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"

	"crafttalkd/actors/customer"
	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/transport/intake"
)

// customerRoutes are the customer's form. Manual: Анкета клиента.
func customerRoutes() []*route {
	const one = "/api/v1/customers/:id"
	view, change := may(directory.ViewClient, directory.ViewClients), may(directory.ModifyClients)
	own := view
	own.person = true
	return []*route{
		{method: "GET", path: "/api/v1/customers", summary: "Customers by the beginnings of their names, phones, e-mail addresses and contracts", may: view,
			verb: answers((*call).searchCustomers), params: []param{{name: "query", need: true, doc: "words, in any order"}, customersShown.param()}},
		{method: "POST", path: one + "/conversations", summary: "Write to a customer first: the conversation is the asker's at once", may: own, verb: takes((*call).begin)},
		{method: "GET", path: one, summary: "One customer", may: view, verb: answers((*call).getCustomer)},
		{method: "PATCH", path: one, summary: "Change fields of a customer's profile", may: change, verb: takes((*call).patchCustomer), params: ifMatch},
		{method: "POST", path: one + "/addresses", summary: "Add an address", may: change, verb: takes((*call).addAddress)},
		{method: "PUT", path: one + "/addresses/:address", summary: "Replace an address", may: change, verb: takes((*call).editAddress)},
		{method: "DELETE", path: one + "/addresses/:address", summary: "Take out an address", may: change, verb: does((*call).removeAddress)},
		{method: "POST", path: one + "/links", summary: "Make a one-time invite link", may: may(directory.ViewDeeplinking), verb: takes((*call).makeLink)},
		{method: "POST", path: one + "/merge", summary: "Make another customer part of this one", may: change, verb: takes((*call).merge)},
	}
}

// Customer is a customer's form.
type Customer struct {
	CustomerID        string            `json:"customer_id"`
	Name              string            `json:"name"`
	Fields            map[string]string `json:"fields"`
	ChangedBy         map[string]string `json:"changed_by" doc:"the user who wrote each field last, cleared ones too; empty for the customer, and missing if it is not known"`
	Revision          uint64            `json:"revision" doc:"of the fields"`
	Test              bool              `json:"test"`
	Addresses         []CustomerAddress `json:"addresses"`
	OpenConversation  string            `json:"open_conversation"`
	Conversations     []string          `json:"conversations" doc:"those that the asker may see, the oldest first"`
	ServedBy          []string          `json:"served_by" doc:"operators, the most recent first"`
	MergedInto        string            `json:"merged_into" doc:"whom this customer is part of"`
	Absorbed          []string          `json:"absorbed" doc:"customers that are part of this one"`
	Forgotten         ForgottenWords    `json:"forgotten" doc:"what is not kept any longer of the conversations above"`
	allConversations  []string
	rememberedAddress map[string]customer.Address
}

// ForgottenWords is how much was removed because its time was over.
type ForgottenWords struct {
	Conversations int `json:"conversations"`
	Messages      int `json:"messages"`
	Files         int `json:"files"`
}

func (f *ForgottenWords) add(gone *Forgotten) {
	if gone != nil {
		f.Conversations, f.Messages, f.Files = f.Conversations+1, f.Messages+gone.Messages, f.Files+gone.Files
	}
}

// CustomerAddress is one address of a customer.
type CustomerAddress struct {
	AddressID   string `json:"address_id" doc:"its name in paths; it does not tell the address"`
	AccountID   string `json:"account_id"`
	Address     string `json:"address"`
	Kind        string `json:"kind" doc:"of the account"`
	Verified    string `json:"verified" doc:"how we know it is theirs: channel, link, signed, operator; empty is a claim"`
	Unreachable bool   `json:"unreachable"`
}

func addressID(a *event.Address) string {
	sum := sha256.Sum256([]byte(a.GetAccountId() + "\x00" + a.GetAddress()))
	return hex.EncodeToString(sum[:10])
}

// mostRead is how many conversations are looked at, the latest first, to find
// one that the asker may see.
const mostRead = 50

// customer reads a customer that the asker may see: one of the latest
// conversations is in the asker's scope. Another one is not there.
func (c *call) customer(id string) (*Customer, error) {
	v, err := look(c, event.CustomerStream+id, customerOf)
	if err != nil {
		return nil, err
	}
	for _, conv := range slices.Backward(v.allConversations) {
		if len(v.Conversations) == mostRead {
			break
		}
		if one, err := c.conversation(conv); err == nil {
			v.Conversations = append(v.Conversations, conv)
			v.Forgotten.add(one.Forgotten)
		} else if refusal.KindOf(err) == 0 {
			return nil, err
		}
	}
	slices.Reverse(v.Conversations)
	if v.CustomerID == "" || len(v.Conversations) == 0 {
		return nil, refusal.New(refusal.NotFound, "there is no customer %q", id)
	}
	if !slices.Contains(v.Conversations, v.OpenConversation) {
		v.OpenConversation = ""
	}
	return v, nil
}

// customerOf copies what may be shown, in the actor's turn.
func customerOf(s customer.State) *Customer {
	v := &Customer{CustomerID: s.ID, Name: customer.Name(s), Revision: s.Revision, Test: s.Test, OpenConversation: s.Open,
		MergedInto: s.Into, Absorbed: list(slices.Clone(s.Absorbed)), ServedBy: list(slices.Clone(s.ServedBy)),
		Fields: map[string]string{}, ChangedBy: map[string]string{}, Addresses: []CustomerAddress{}, Conversations: []string{},
		allConversations: slices.Clone(s.Conversations), rememberedAddress: map[string]customer.Address{}}
	for name, f := range s.Fields {
		if f.Value != "" {
			v.Fields[name] = f.Value
		}
		if f.By != "" || f.Claim || f.Signed {
			v.ChangedBy[name] = f.By
		}
	}
	for _, a := range s.Addresses {
		v.rememberedAddress[addressID(a.Address)] = a
		v.Addresses = append(v.Addresses, CustomerAddress{AddressID: addressID(a.Address), AccountID: a.Address.AccountId,
			Address: a.Address.Address, Kind: a.Address.Kind, Verified: a.Address.Verified, Unreachable: a.Address.Unreachable})
	}
	return v
}

func (c *call) getCustomer() (*Customer, error) { return c.customer(c.id()) }

// command asks the customer for something and shows what came of it.
func (c *call) command(cmd customer.Command) (*Customer, error) {
	if _, err := c.ask(event.CustomerStream+c.id(), cmd); err != nil {
		return nil, err
	}
	return c.customer(c.id())
}

// PatchCustomer changes some fields of a profile.
type PatchCustomer struct {
	Fields map[string]string `json:"fields" doc:"only the changed ones; an empty one clears"`
	Test   *bool             `json:"test" doc:"«Тестовый»: not in statistics"`
	Revised
}

func (c *call) patchCustomer(in PatchCustomer) (*Customer, error) {
	if _, err := c.customer(c.id()); err != nil {
		return nil, err
	}
	revision, err := c.revision(in.Revision)
	if err != nil {
		return nil, err
	}
	if in.Test != nil {
		if _, err := c.command(customer.SetTest{Test: *in.Test, By: c.by()}); err != nil {
			return nil, err
		}
	}
	return c.command(customer.ChangeProfile{ID: c.id(), By: c.by(), Revision: revision, Fields: in.Fields})
}

// PutAddress is an address that the asker vouches for.
type PutAddress struct {
	AccountID string `json:"account_id" need:"yes"`
	Address   string `json:"address" need:"yes"`
}

// address checks the account and returns the address with the customer that it
// leads to by itself.
func (c *call) address(in PutAddress) (a *event.Address, home string, err error) {
	account := c.directory().Account(in.AccountID)
	if account == nil || !c.sees(account.CenterId, account.Routing) {
		return nil, "", refusal.Of("account_id", "there is no account %q", in.AccountID)
	}
	a = &event.Address{AccountId: in.AccountID, Address: in.Address, Kind: account.Kind}
	return a, c.config.CustomerID(in.AccountID, in.Address), nil
}

func (c *call) addAddress(in PutAddress) (*Customer, error) {
	if _, err := c.customer(c.id()); err != nil {
		return nil, err
	}
	a, home, err := c.address(in)
	if err != nil {
		return nil, err
	}
	return c.command(customer.AddAddress{ID: c.id(), By: c.by(), Home: home, Address: a})
}

// known returns the address that the path names.
func (c *call) known() (customer.Address, error) {
	v, err := c.customer(c.id())
	if err != nil {
		return customer.Address{}, err
	}
	a, ok := v.rememberedAddress[c.params.ByName("address")]
	if !ok {
		return a, refusal.New(refusal.NotFound, "the customer has no such address")
	}
	return a, nil
}

func (c *call) editAddress(in PutAddress) (*Customer, error) {
	before, err := c.known()
	if err != nil {
		return nil, err
	}
	after, home, err := c.address(in)
	if err != nil {
		return nil, err
	}
	return c.command(customer.EditAddress{ID: c.id(), By: c.by(), Home: home, HomeBefore: c.homeOf(before),
		Before: before.Address, After: after})
}

func (c *call) removeAddress() error {
	a, err := c.known()
	if err != nil {
		return err
	}
	_, err = c.ask(event.CustomerStream+c.id(), customer.RemoveAddress{ID: c.id(), By: c.by(), Home: c.homeOf(a), Address: a.Address})
	return err
}

// homeOf is the customer that an address leads to by itself.
func (c *call) homeOf(a customer.Address) string {
	return c.config.CustomerID(a.Address.AccountId, a.Address.Address)
}

// LinkWish names the account that an invite link is for.
type LinkWish struct {
	AccountID string `json:"account_id" need:"yes"`
}

// InviteLink binds the address that follows it to the customer. Manual: Ссылки
// на каналы.
type InviteLink struct {
	Token string    `json:"token" doc:"for the channel's deep link; it is told this once"`
	URL   string    `json:"url,omitempty" doc:"what the customer follows; missing where the channel makes no such addresses"`
	Until time.Time `json:"until"`
}

// linkLasts is how long an invite link waits to be followed.
const linkLasts = 24 * time.Hour

func (c *call) makeLink(in LinkWish) (InviteLink, error) {
	if _, err := c.customer(c.id()); err != nil {
		return InviteLink{}, err
	}
	account := c.directory().Account(in.AccountID)
	if account == nil || !c.sees(account.CenterId, account.Routing) {
		return InviteLink{}, refusal.Of("account_id", "there is no account %q", in.AccountID)
	}
	link := InviteLink{Token: intake.NewLink(), Until: c.config.System.Now().Add(linkLasts)}
	var err error
	if link.URL, err = c.linkURL(in.AccountID, link.Token); err != nil {
		return InviteLink{}, err
	}
	_, err = c.ask(event.CustomerStream+c.id(), customer.MakeLink{ID: c.id(), By: c.by(),
		TokenHash: intake.LinkHash(link.Token), Account: in.AccountID, Until: link.Until})
	return link, err
}

// MergeWish names the customer that becomes part of this one.
type MergeWish struct {
	From string `json:"from" need:"yes"`
}

// merge asks for the merge. The other customer is told next, so the answer may
// not show it yet.
func (c *call) merge(in MergeWish) (*Customer, error) {
	if _, err := c.customer(c.id()); err != nil {
		return nil, err
	}
	if _, err := c.customer(in.From); err != nil {
		if refusal.KindOf(err) == refusal.NotFound {
			return nil, refusal.Of("from", "there is no customer %q", in.From)
		}
		return nil, err
	}
	return c.command(customer.Merge{ID: c.id(), From: in.From, By: c.by()})
}
