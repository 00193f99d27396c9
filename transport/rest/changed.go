package rest

import (
	"encoding/json"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"time"

	"crafttalkd/actors/audit"
	"crafttalkd/actors/directory"
	"crafttalkd/actors/refusal"
	"crafttalkd/store/view/customers"
)

// changedRoutes export customers.
func changedRoutes() []*route {
	return []*route{{method: "GET", path: "/api/v1/changed/customers", act: audit.CustomersRead, may: may(directory.ViewClient, directory.ViewClients),
		summary: "Customers that were changed since a time, the earliest change first; as a page, or with Accept: " + ndjson + " all of them as lines",
		verb:    verb{out: reflect.TypeFor[ChangedPage](), line: reflect.TypeFor[ChangedLine](), serve: (*call).changed},
		params: []param{
			{name: "since", doc: "when, as RFC 3339 writes it; left out for all customers"},
			{name: "cursor", doc: "of the page before, instead of since"},
			itemsOfFeed.param(),
		}}}
}

// ChangedPage is some customers, and where the others begin.
type ChangedPage struct {
	Items  []ChangedCustomer `json:"items"`
	Cursor string            `json:"cursor" doc:"to ask with for what comes after, now or later; a customer who is changed again comes again"`
	More   bool              `json:"more"`
}

// ChangedLine is one line of all that has changed: a customer, or the cursor after
// some.
type ChangedLine struct {
	Item   *ChangedCustomer `json:"item,omitempty"`
	Cursor string           `json:"cursor,omitempty"`
}

// ChangedCustomer is a customer as they are after their last change.
type ChangedCustomer struct {
	CustomerID string            `json:"customer_id"`
	ChangedAt  time.Time         `json:"changed_at" doc:"not before the change, and no two are the same; also when a customer first comes to a line"`
	Erased     bool              `json:"erased" doc:"what was known of them is gone, and is to be forgotten"`
	Test       bool              `json:"test" doc:"«Тестовый»: not in statistics"`
	MergedInto string            `json:"merged_into" doc:"whom this customer is part of; their fields are there"`
	Absorbed   []string          `json:"absorbed" doc:"customers that are part of this one"`
	Name       string            `json:"name"`
	Fields     map[string]string `json:"fields"`
	Addresses  []ChangedAddress  `json:"addresses"`
	LastAt     time.Time         `json:"last_at,omitzero" doc:"when a conversation last began or ended"`
}

// ChangedAddress is one address of a customer.
type ChangedAddress struct {
	AccountID string `json:"account_id"`
	Address   string `json:"address"`
	Kind      string `json:"kind" doc:"of the account"`
}

func changedOf(d customers.Change) ChangedCustomer {
	out := ChangedCustomer{CustomerID: d.ID, ChangedAt: time.UnixMicro(d.Stamp).UTC(), Erased: d.Erased, Test: d.Test, MergedInto: d.Into,
		Absorbed: list(d.Absorbed), Fields: d.Fields, Addresses: []ChangedAddress{}, LastAt: d.Last,
		Name: strings.TrimSpace(d.Fields["fname"] + " " + d.Fields["lname"])}
	if out.Fields == nil {
		out.Fields = map[string]string{}
	}
	for _, a := range d.Addresses {
		out.Addresses = append(out.Addresses, ChangedAddress{a.Account, a.Address, a.Kind})
	}
	return out
}

// changedCursor begins what is a cursor of this list and of no other.
const changedCursor = "changed-"

// after is the stamp after which the asker wants to hear.
func (c *call) after() (int64, error) {
	query := c.r.URL.Query()
	if cursor := query.Get("cursor"); cursor != "" {
		text, ok := strings.CutPrefix(cursor, changedCursor)
		n, err := strconv.ParseInt(text, 36, 64)
		if !ok || err != nil {
			return 0, refusal.Of("cursor", "this is no cursor of this list")
		}
		return n, nil
	}
	since := query.Get("since")
	if since == "" {
		return -1, nil
	}
	at, err := time.Parse(time.RFC3339, since)
	if err != nil {
		return 0, refusal.Of("since", "a time is written like 2026-01-31T00:00:00Z")
	}
	return at.UnixMicro() - 1, nil
}

// changed answers with a page, or with everything as lines.
func (c *call) changed() error {
	after, err := c.after()
	if err != nil {
		return err
	}
	limit, err := c.limit(itemsOfFeed)
	if err != nil {
		return err
	}
	if c.wantsLines() {
		return c.changedLines(after)
	}
	page, _, err := c.changedPage(after, limit)
	if err != nil {
		return err
	}
	return c.write(http.StatusOK, page)
}

// changedPage reads the customers after a stamp, and returns the last one's.
func (c *call) changedPage(after int64, limit int) (out ChangedPage, last int64, err error) {
	out, last = ChangedPage{Items: []ChangedCustomer{}}, after
	var found []customers.Change
	if c.config.Customers != nil {
		found, err = c.config.Customers.Changed(customers.Question{Limit: limit, User: c.by(), Sees: c.sees}, after)
	}
	for _, d := range found {
		out.Items, last = append(out.Items, changedOf(d)), d.Stamp
	}
	out.Cursor, out.More = changedCursor+strconv.FormatInt(last, 36), len(found) == limit
	return out, last, err
}

// changedLines writes all there are, as long as the asker may read them.
func (c *call) changedLines(after int64) error {
	if err := c.paces.enter(c.asker.name()); err != nil {
		return err
	}
	defer c.paces.leave(c.asker.name())
	page, last, err := c.changedPage(after, itemsOfFeed.usual)
	if err != nil {
		return err
	}
	c.w.Header().Set("Content-Type", ndjson)
	c.w.WriteHeader(http.StatusOK)
	for {
		control, e := http.NewResponseController(c.w), json.NewEncoder(c.w)
		control.SetWriteDeadline(time.Now().Add(stuck)) // where there is none, there is no slow reader
		for _, item := range page.Items {
			if err := e.Encode(ChangedLine{Item: &item}); err != nil {
				return nil
			}
		}
		if err := e.Encode(ChangedLine{Cursor: page.Cursor}); err != nil || !page.More {
			return nil
		}
		if c.asker.user, err = c.still(); err == nil {
			page, last, err = c.changedPage(last, itemsOfFeed.usual)
		}
		if err != nil {
			return nil // the cursor says how far it went
		}
	}
}
