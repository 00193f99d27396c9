package customers

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/store/journal"
	"crafttalkd/store/keys"
)

// A row is what is kept of a customer.
type row struct {
	open
	sealed
	touched bool // by an event, since the row was stamped
}

// open is what a row tells anybody who has the disk.
type open struct {
	Into     string    `json:"into,omitempty"`     // whom this customer is part of
	Absorbed []string  `json:"absorbed,omitempty"` // who is part of this one
	Open     string    `json:"open,omitempty"`     // the open conversation
	Last     time.Time `json:"last,omitzero"`      // when a conversation last began or ended
	Live     []live    `json:"live,omitempty"`     // conversations that began here and are not closed
	Past     []place   `json:"past,omitempty"`     // where the closed ones belonged, each once
	Changed  int64     `json:"changed,omitempty"`  // microseconds: no two are the same, and later ones are higher
	Erased   bool      `json:"erased,omitempty"`   // and nothing was heard since
	Test     bool      `json:"test,omitempty"`
}

// sealed is what the customer's key opens.
type sealed struct {
	Fields    map[string]string `json:"fields,omitempty"`
	Addresses []address         `json:"addresses,omitempty"`
}

// live is a conversation that may still go elsewhere.
type live struct {
	ID     string `json:"id"`
	Place  place  `json:"place"`
	Keeper string `json:"keeper,omitempty"` // the operator
}

// A place is where a conversation belongs: what rights are about.
type place struct {
	Center   string   `json:"center,omitempty"`
	Line     string   `json:"line,omitempty"`
	Language string   `json:"language,omitempty"`
	Skills   []string `json:"skills,omitempty"`
}

type address struct {
	Account string `json:"account"`
	Address string `json:"address"`
	Kind    string `json:"kind,omitempty"`
}

func (p place) routing() *event.Routing {
	return &event.Routing{LineId: p.Line, Language: p.Language, Skills: p.Skills}
}

func (p *place) set(r *event.Routing) {
	p.Line, p.Language, p.Skills = r.GetLineId(), r.GetLanguage(), r.GetSkills()
}

func (p place) equal(q place) bool {
	return p.Center == q.Center && p.Line == q.Line && p.Language == q.Language && slices.Equal(p.Skills, q.Skills)
}

// seal writes a row: what is personal is sealed with the customer's key and bound to
// the customer. Nothing of that is kept of who was erased meanwhile.
func (v *View) seal(id string, c *row) ([]byte, error) {
	var personal any = c.sealed
	if len(c.Fields) == 0 && len(c.Addresses) == 0 {
		personal = nil
	}
	value, err := v.ring.Halves(id, c.open, personal, aad(id))
	if errors.Is(err, keys.ErrErased) {
		c.sealed = sealed{}
		return value, nil
	}
	return value, err
}

// read returns a customer's row as it is kept; an empty one for none.
func (v *View) read(id string) (*row, error) {
	value, err := v.table.Get(rows, id)
	if err != nil {
		return nil, fmt.Errorf("customer %s: %w", id, err)
	}
	return v.open(id, value)
}

// open reads a row. What a destroyed key had sealed is missing from it.
func (v *View) open(id string, value []byte) (*row, error) {
	c := &row{}
	if err := v.ring.ReadHalves(id, value, &c.open, &c.sealed, aad(id)); err != nil {
		return nil, fmt.Errorf("customers: %w", err)
	}
	return c, nil
}

func aad(id string) []byte { return []byte("customer row/" + id) }

// concerns reports whether an event changes a row. Most are messages, and don't.
func concerns(e event.Event) bool {
	switch e.(type) {
	case *event.CustomerRegistered, *event.ProfileChanged, *event.AddressAdded, *event.AddressEdited, *event.AddressRemoved,
		*event.ConversationStarted, *event.ConversationLeft, *event.CustomerMerged, *event.CustomerAbsorbed,
		*event.CustomerTyped, *event.CustomerErased,
		*event.ConversationOpened, *event.ConversationQueued, *event.ConversationAssigned, *event.AgentEngaged,
		*event.RoutingSet, *event.ConversationClosed:
		return true
	}
	return false
}

// apply brings one event into the row.
func (c *row) apply(e journal.Entry) {
	switch e.Event.(type) {
	case *event.CustomerRegistered, *event.ProfileChanged, *event.AddressAdded, *event.AddressEdited, *event.AddressRemoved,
		*event.CustomerMerged, *event.CustomerAbsorbed, *event.CustomerTyped:
		c.touched, c.Erased = true, false
	case *event.CustomerErased:
		c.touched, c.Erased = true, true
	}
	switch x := e.Event.(type) {
	case *event.CustomerErased:
	case *event.CustomerTyped:
		c.Test = x.Test
	case *event.CustomerRegistered:
		c.add(x.Address)
	case *event.ProfileChanged:
		c.set(x.Fields)
	case *event.AddressAdded:
		c.add(x.Address)
	case *event.AddressEdited:
		c.remove(x.Before)
		c.add(x.After)
	case *event.AddressRemoved:
		c.remove(x.Address)
	case *event.ConversationStarted:
		c.Open = x.ConversationId
	case *event.ConversationLeft:
		c.Open = ""
	case *event.CustomerMerged:
		c.Into, c.Open = x.Into, ""
	case *event.CustomerAbsorbed:
		c.absorb(x)
	default:
		c.conversation(e.Stream[len(event.ConversationStream):], e.Event)
	}
}

// conversation brings an event of one of the customer's conversations.
func (c *row) conversation(id string, e event.Event) {
	if o, ok := e.(*event.ConversationOpened); ok {
		l := live{ID: id, Place: place{Center: o.CenterId}}
		l.Place.set(o.Routing)
		c.shown(l.Place)
		c.Live = append(c.Live, l)
		c.Last = o.At.AsTime()
		return
	}
	i := slices.IndexFunc(c.Live, func(l live) bool { return l.ID == id })
	if i < 0 {
		return // opened before anything was kept
	}
	l := &c.Live[i]
	if r, ok := e.(interface{ GetRouting() *event.Routing }); ok {
		to := l.Place
		to.set(r.GetRouting())
		c.shown(to)
	}
	switch e := e.(type) {
	case *event.ConversationQueued:
		l.Place.set(e.Routing)
		l.Keeper = ""
	case *event.RoutingSet:
		l.Place.set(e.Routing)
	case *event.ConversationAssigned:
		l.Keeper = e.OperatorId
	case *event.AgentEngaged:
		l.Keeper = ""
	case *event.ConversationClosed:
		c.Last = e.At.AsTime()
		if !slices.ContainsFunc(c.Past, l.Place.equal) {
			c.Past = append(c.Past, l.Place)
		}
		c.Live = slices.Delete(c.Live, i, i+1)
	}
}

// shown notes that the customer may be seen from a place: for who works there
// and nowhere else, that is news of a customer.
func (c *row) shown(p place) {
	if !slices.ContainsFunc(c.Past, p.equal) && !slices.ContainsFunc(c.Live, func(l live) bool { return l.Place.equal(p) }) {
		c.touched = true
	}
}

func (c *row) absorb(e *event.CustomerAbsorbed) {
	for _, a := range e.Addresses {
		c.add(a)
	}
	c.set(e.Fields)
	if e.Adopted != "" {
		c.Open = e.Adopted
	}
	for _, id := range append([]string{e.From}, e.Absorbed...) {
		if !slices.Contains(c.Absorbed, id) {
			c.Absorbed = append(c.Absorbed, id)
		}
	}
	c.Last = later(c.Last, e.At.AsTime())
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func (c *row) set(fields map[string]string) {
	if c.Fields == nil {
		c.Fields = map[string]string{}
	}
	for name, value := range fields {
		if c.Fields[name] = value; value == "" {
			delete(c.Fields, name)
		}
	}
}

func (c *row) at(a *event.Address) int {
	return slices.IndexFunc(c.Addresses, func(b address) bool { return b.Account == a.GetAccountId() && b.Address == a.GetAddress() })
}

func (c *row) add(a *event.Address) {
	if a != nil && c.at(a) < 0 {
		c.Addresses = append(c.Addresses, address{a.AccountId, a.Address, a.Kind})
	}
}

func (c *row) remove(a *event.Address) {
	if i := c.at(a); i >= 0 {
		c.Addresses = slices.Delete(c.Addresses, i, i+1)
	}
}

// kinds are those of the addresses, each once.
func (c *row) kinds() []string {
	out := []string{}
	for _, a := range c.Addresses {
		if a.Kind != "" && !slices.Contains(out, a.Kind) {
			out = append(out, a.Kind)
		}
	}
	slices.Sort(out)
	return out
}
