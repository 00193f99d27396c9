package email

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"crafttalkd/channels/email/letter"
)

// A thread is what our next letter to an address answers. It lies on the shelf
// under the address.
type thread struct {
	ID      string    `json:"id,omitempty"`      // of the letter that came last
	Refs    []string  `json:"refs,omitempty"`    // what that one referred to
	Subject string    `json:"subject,omitempty"` // without what answering adds
	Reply   string    `json:"reply,omitempty"`   // where the sender wants answers, as written
	Sent    string    `json:"sent,omitempty"`    // our first letter, if it came first
	At      time.Time `json:"at"`
}

const threadKey = "thread"

func (c *Channel) thread(address string) (t thread, err error) {
	b, err := c.shelf.Get(address, threadKey)
	if err == nil && len(b) > 0 {
		err = json.Unmarshal(b, &t)
	}
	if err != nil {
		return t, fmt.Errorf("read the thread of a customer: %w", err)
	}
	return t, nil
}

func (c *Channel) putThread(address string, t thread) error {
	b, err := json.Marshal(t)
	if err == nil {
		err = c.shelf.Put(address, threadKey, b)
	}
	if err != nil {
		return fmt.Errorf("write the thread of a customer: %w", err)
	}
	return nil
}

// mostRefs is how many ids a letter refers to: the first, and the last ones.
const mostRefs = 16

// refs are what a letter refers to that answers the thread.
func (t thread) refs() []string {
	all := append(slices.Clone(t.Refs), t.ID)
	if t.ID == "" {
		all = append(all[:0], t.Sent)
	}
	all = slices.DeleteFunc(all, func(id string) bool { return id == "" })
	if len(all) > mostRefs {
		all = append(all[:1:1], all[len(all)-mostRefs+1:]...)
	}
	return all
}

// A match says what a letter belongs to.
type match struct {
	address string // whose conversation
	by      string // how that was found, for the record
	first   bool   // of its thread, so that the subject is news
	other   bool   // its sender is another than the customer
	link    string // the token of an invite
}

// match finds what a letter from an address belongs to: by the ids it answers,
// by a token, by its subject and sender. The id of one of our letters leads to
// the customer it went to, whoever answers; everything else leads to the sender.
func (c *Channel) match(h letter.Head, from string, t thread) (m match) {
	m.address = from
	token := c.token(h)
	if !isTag(token) {
		m.link = token
	}
	answered, referred := slices.Clone(h.IDs("In-Reply-To")), h.IDs("References")
	slices.Reverse(referred)
	for i, id := range append(answered, referred...) {
		m.by = "the id in In-Reply-To"
		if i >= len(answered) {
			m.by = "an id in References"
		}
		if to, ours := c.seal.open(id); ours {
			m.by += ", which is ours"
			if to != "" && to != from {
				m.address, m.other = to, true
				m.by += "; the sender is another"
			}
			return m
		}
		if id == t.ID || slices.Contains(t.Refs, id) {
			return m
		}
	}
	m.by = ""
	base := letter.Base(h.Text("Subject"))
	switch {
	case token != "" && strings.EqualFold(token, c.seal.tag(from)):
		m.by = "the token of the sender"
	case t.ID != "" && base != "" && strings.EqualFold(base, t.Subject):
		m.by = "the subject and the sender"
	default:
		m.by, m.first = "nothing: it begins a thread", true
	}
	return m
}

// tagged is a token in a subject.
var tagged = regexp.MustCompile(`\[#([A-Za-z0-9_-]{4,100})\]`)

// token is what stands after the plus of our address, or in brackets in the
// subject.
func (c *Channel) token(h letter.Head) string {
	local, domain, _ := strings.Cut(normal(c.settings.Address), "@")
	for _, name := range []string{"To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To"} {
		for _, a := range h.Addresses(name) {
			at := strings.LastIndexByte(a.Address, '@')
			if at < 0 || !strings.EqualFold(a.Address[at+1:], domain) {
				continue
			}
			before, token, ok := strings.Cut(a.Address[:at], "+")
			if ok && token != "" && strings.EqualFold(before, local) {
				return token
			}
		}
	}
	if m := tagged.FindStringSubmatch(h.Text("Subject")); m != nil {
		return m[1]
	}
	return ""
}
