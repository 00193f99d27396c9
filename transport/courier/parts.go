package courier

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
)

// A progress is how far a letter has come. It is kept while the letter waits,
// so that no part is sent again that is known to have been taken.
type progress struct {
	Of    string `json:"of"`             // the letter's name
	Shape string `json:"shape"`          // of the parting that was begun
	Parts int    `json:"parts"`          // of which it is made
	Sent  int    `json:"sent"`           // parts that the channel has taken
	Last  string `json:"last,omitempty"` // the channel's name for the newest of them
	Left  bool   `json:"left,omitempty"` // the next one has left, and nobody knows what came of it
	// Earlier are the channel's names for those before the newest.
	Earlier []string `json:"earlier,omitempty"`
}

// take notes that the channel has taken the next part, and its name for it.
func (p *progress) take(id string) {
	if p.Sent > 0 {
		p.Earlier = append(p.Earlier, p.Last)
	}
	p.Sent, p.Last = p.Sent+1, strings.ToValidUTF8(id, "")
}

// begun tells whether the customer may have something of the letter.
func (p progress) begun() bool { return p.Sent > 0 || p.Left }

// told is the reason why a letter goes no further, and how far it came.
func (p progress) told(why string) string {
	if p.Sent == 0 {
		return reason(why)
	}
	return reason(fmt.Sprintf("only %d of %d parts were sent: %s", p.Sent, p.Parts, why))
}

// readProgress reads what is kept of a letter. What can't be read, or was kept
// in another form, says no more than that the letter has left.
func readProgress(l letter, mark []byte) progress {
	var p progress
	switch err := json.Unmarshal(mark, &p); {
	case mark == nil:
		return progress{Of: string(l.name())}
	case err != nil:
		return progress{Of: string(l.name()), Left: string(mark) == string(l.name())}
	case p.Of != string(l.name()):
		return progress{Of: string(l.name())} // of one that had the same key before
	}
	return p
}

// part is the message in parts that the account's channel can carry. A refusal
// says which file can't be sent.
func part(a channels.Abilities, c *event.Content) ([]*event.Content, error) {
	parts := a.Fit(c)
	if len(parts) == 0 {
		return nil, refusal.New(refusal.Invalid, "the message is empty")
	}
	for _, f := range c.GetAttachments() {
		carried := slices.ContainsFunc(parts, func(p *event.Content) bool { return slices.Contains(p.Attachments, f) })
		switch {
		case f.Source != "" || carried && !a.Linked:
		case f.Blob == "":
			return nil, refusal.New(refusal.Invalid, "the file %s is not there", f.Name)
		case carried, a.Files == 0:
			return nil, refusal.New(refusal.Invalid, "the file %s can't be sent: the channel needs a link to it, and the server has no public address", f.Name)
		default:
			return nil, refusal.New(refusal.Invalid, "the file %s is too large for the channel, and the server has no public address for a link to it", f.Name)
		}
	}
	return parts, nil
}

// shape tells one parting of a message from another. It is made of amounts, so
// that what is kept of a letter holds nothing of what was written.
func shape(parts []*event.Content) string {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintln(h, utf8.RuneCountInString(p.Text), len(p.Attachments), len(p.Buttons), p.Ask, p.Location != nil)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// key is the name by which a provider knows a part again. Other words have
// another key, although an operator sends them in the same message's stead.
func key(m channels.Outbound) string {
	h := sha256.New()
	fmt.Fprintf(h, "%q %q %d %q", m.Conversation, m.ID, m.Part, m.Content.Text)
	for _, f := range m.Content.Attachments {
		fmt.Fprintf(h, " %q %q", f.AttachmentId, f.Blob)
	}
	for _, b := range m.Content.Buttons {
		fmt.Fprintf(h, " %q", b.Caption)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}
