package conversation

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"google.golang.org/protobuf/proto"

	"crafttalkd/actors/event"
)

// offers is how many messages with buttons are remembered: a messenger shows
// old ones as long as it shows the message.
const offers = 8

// offered remembers the buttons of a message of ours. What the system says by
// itself does not come between an offer and its answer.
func (s *State) offered(m *event.MessageSent) {
	buttons := m.Content.GetButtons()
	if len(buttons) == 0 {
		if n := len(s.Offers); n > 0 && (m.OperatorId != "" || m.AgentId != "" || m.SurveyId != "") {
			s.Offers = slices.Clone(s.Offers)
			s.Offers[n-1].Passed = true
		}
		return
	}
	s.Offers = append(slices.Clone(s.Offers[max(0, len(s.Offers)-offers+1):]), Offer{Message: m.MessageId, Buttons: buttons})
}

// pressed returns c with the button of ours that the customer pressed, or named
// by its number or its caption where buttons go as text. A press of what was
// never offered is what it says, and no press.
func (s State) pressed(c *event.Content) *event.Content {
	b, was := c.GetPressed(), c.GetPressed() != nil
	switch {
	case was:
		b = s.reference(b)
	case len(c.GetAttachments()) > 0 || c.GetLocation() != nil || c.GetContact() != nil:
		return c
	default:
		b = s.named(strings.TrimSpace(c.GetText()))
	}
	if b == nil && !was {
		return c
	}
	out := proto.CloneOf(c)
	if b == nil {
		out.Text, out.Pressed = cmp.Or(c.Text, c.Pressed.Caption, c.Pressed.Value), nil
	} else {
		out.Pressed = &event.Button{Caption: b.Caption, Value: cmp.Or(b.Value, b.Caption)}
	}
	return out
}

// reference returns the button that a press is of: what was sent for it names
// the message and the place in it, or is the button's own value.
func (s State) reference(pressed *event.Button) *event.Button {
	message, number := cutLast(pressed.Value)
	n, err := strconv.Atoi(number)
	for _, o := range slices.Backward(s.Offers) {
		if err == nil && o.Message == message && n >= 0 && n < len(o.Buttons) {
			return o.Buttons[n]
		}
		for _, b := range o.Buttons {
			if cmp.Or(pressed.Value, pressed.Caption) == cmp.Or(b.Value, b.Caption) {
				return b
			}
		}
	}
	return nil
}

// named returns the button of the last offer that a text names.
func (s State) named(text string) *event.Button {
	if len(s.Offers) == 0 || text == "" {
		return nil
	}
	last := s.Offers[len(s.Offers)-1]
	for _, b := range last.Buttons {
		if strings.EqualFold(text, strings.TrimSpace(b.Caption)) {
			return b
		}
	}
	n, err := strconv.ParseUint(strings.TrimSuffix(text, "."), 10, 8)
	if err != nil || last.Passed || n == 0 || int(n) > len(last.Buttons) {
		return nil
	}
	return last.Buttons[n-1]
}

// cutLast cuts a reference before its last colon.
func cutLast(s string) (before, after string) {
	i := strings.LastIndexByte(s, ':')
	if i < 0 {
		return s, ""
	}
	return s[:i], s[i+1:]
}
