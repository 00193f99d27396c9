package rest

import (
	"time"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/store/journal"
)

// erasureRoutes make a person unreadable, and tell what that reached.
func erasureRoutes() []*route {
	const of = "/api/v1/customers/:id/erasures"
	admin := may(directory.Admin)
	return []*route{
		{method: "GET", path: of, summary: "The certificates of a customer's erasures, the first first", may: admin, verb: answers((*call).erasures)},
		{method: "POST", path: of, summary: "Make everything unreadable that a customer ever said and was called; for good", may: admin, verb: takes((*call).erase)},
	}
}

// Erasure is the certificate of one: what was found, and has been unreadable
// since. It holds no word of the person's.
type Erasure struct {
	BegunAt         time.Time `json:"begun_at"`
	ErasedAt        time.Time `json:"erased_at,omitzero" doc:"missing while it is under way, and if it was broken off: then it is to be asked for again"`
	By              string    `json:"by" doc:"user id; empty for the command on the server's own machine"`
	CustomerIDs     []string  `json:"customer_ids" doc:"the customer, and all who had become part of it"`
	ConversationIDs []string  `json:"conversation_ids"`
	Facts           int64     `json:"facts" doc:"kept facts with words, names or addresses, which nobody can read any more"`
	Files           int32     `json:"files"`
	Bytes           int64     `json:"bytes" doc:"that the files took"`
	AccountIDs      []string  `json:"account_ids" doc:"whose messengers have copies of what was written; those are theirs to erase"`
	AgentIDs        []string  `json:"agent_ids" doc:"that were told of the conversations"`
}

// Erasures reads the certificates off the customer's events.
func Erasures(j *journal.Journal, id string) ([]Erasure, error) {
	out := []Erasure{}
	for e, err := range j.Events(event.CustomerStream+id, 0) {
		if err != nil {
			return nil, err
		}
		switch e := e.Event.(type) {
		case *event.ErasureBegun:
			f := e.Found
			out = append(out, Erasure{BegunAt: e.At.AsTime(), By: e.By, CustomerIDs: list(f.GetCustomerIds()), ConversationIDs: list(f.GetConversationIds()),
				Facts: f.GetFacts(), Files: f.GetFiles(), Bytes: f.GetBytes(), AccountIDs: list(f.GetAccountIds()), AgentIDs: list(f.GetAgentIds())})
		case *event.CustomerErased:
			if n := len(out); n > 0 {
				out[n-1].ErasedAt = e.At.AsTime()
			}
		}
	}
	return out, nil
}

// ErasurePage is the certificates of one customer.
type ErasurePage struct {
	Items []Erasure `json:"items"`
}

// ownAlone refuses an asker who may not see all that there is of the customer:
// a part of a person can't be erased.
func (c *call) ownAlone() error {
	v, err := look(c, event.CustomerStream+c.id(), customerOf)
	if err != nil {
		return err
	}
	if v.CustomerID == "" {
		return refusal.New(refusal.NotFound, "there is no customer %q", c.id())
	}
	for _, id := range v.allConversations {
		if _, err := c.conversation(id); err != nil {
			return err
		}
	}
	return nil
}

func (c *call) erasures() (ErasurePage, error) {
	if err := c.ownAlone(); err != nil {
		return ErasurePage{}, err
	}
	items, err := Erasures(c.config.System.Journal(), c.id())
	return ErasurePage{Items: items}, err
}

// ErasureWish repeats whom it is about, because there is no way back.
type ErasureWish struct {
	CustomerID string `json:"customer_id" need:"yes" doc:"the customer once more"`
}

func (c *call) erase(in ErasureWish) (Erasure, error) {
	if in.CustomerID != c.id() {
		return Erasure{}, refusal.Of("customer_id", "this is not the customer of the address")
	}
	if err := c.ownAlone(); err != nil {
		return Erasure{}, err
	}
	if err := c.config.Erase(c.r.Context(), c.id(), c.by()); err != nil {
		return Erasure{}, err
	}
	all, err := Erasures(c.config.System.Journal(), c.id())
	if err != nil || len(all) == 0 {
		return Erasure{}, err
	}
	return all[len(all)-1], nil
}
