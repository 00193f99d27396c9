package email

import (
	"cmp"
	"context"
	"regexp"
	"strings"

	"crafttalkd/channels"
	"crafttalkd/channels/email/letter"
)

// someID finds ids in the text of reports that are no DSN.
var someID = regexp.MustCompile(`[a-z2-7]{40,}@[A-Za-z0-9.-]+`)

// report takes what a mail server says of one of our letters. What it did
// decides, and not the class of its status: a letter that failed with 4.x.x has
// failed.
func (c *Channel) report(ctx context.Context, in *letter.Reader, r received) error {
	l, err := in.Body(nil)
	if err != nil {
		return err
	}
	if l.Report != nil && l.Report.Receipt {
		return c.strange(ctx, "receipt", r, false)
	}
	id, address := c.about(l)
	if id == "" {
		return c.strange(ctx, "a report about no letter of ours", r, false)
	}
	notices := notices(l, id, address)
	events := make([]channels.Event, 0, len(notices))
	for _, n := range notices {
		n.At = sentAt(l.Date(), r.came)
		events = append(events, n)
	}
	_, err = c.hand(ctx, "a report that was refused", r, events...)
	return err
}

// notices are what a report says of a letter of ours. That it is late is nothing
// to tell: the server goes on trying.
func notices(l letter.Letter, id, address string) (out []channels.Notice) {
	if l.Report == nil || len(l.Report.Recipients) == 0 {
		if address == "" {
			return nil
		}
		return append(out, channels.Notice{Address: address, About: channels.Bounced, ID: id, Reason: reason(letter.Recipient{Diagnostic: l.Head.Text("Subject")})})
	}
	for _, to := range l.Report.Recipients {
		if to.Diagnostic == "" {
			to.Diagnostic = explained(l.Text, to.Address)
		}
		n := channels.Notice{Address: cmp.Or(address, normal(to.Address)), ID: id}
		switch to.Action {
		case "failed":
			n.About, n.Reason = channels.Bounced, reason(to)
		case "delivered", "relayed", "expanded":
			n.About = channels.Arrived
		default:
			continue
		}
		out = append(out, n)
	}
	return out
}

// about is the letter of ours that a report is about, and whom it went to.
func (c *Channel) about(l letter.Letter) (id, address string) {
	var ids []string
	if l.Report != nil {
		ids = l.Report.IDs
	}
	ids = append(append(append(ids, l.IDs("In-Reply-To")...), l.IDs("References")...), someID.FindAllString(l.Text, -1)...)
	for _, id := range ids {
		if to, ours := c.seal.open(id); ours {
			return strings.ToLower(id), to
		}
	}
	return "", ""
}

// meanings are what the statuses of RFC 3463 say that operators can act upon.
var meanings = []struct{ status, text string }{
	{"5.1.", "there is no such mailbox"}, {"5.2.2", "the mailbox is full"}, {"5.2.1", "the mailbox is switched off"},
	{"5.3.4", "the letter is too large"}, {"5.2.3", "the letter is too large"}, {"5.7.", "the customer's server does not take our letters"},
	{"5.4.", "the customer's server can't be reached"}, {"4.", "the customer's server did not take the letter in time"},
}

// explained is what a report's text says of an address, on the line below it.
// Exim says there alone why it has not tried.
func explained(text, address string) string {
	_, below, ok := strings.Cut(text, "\n  "+address+"\n")
	if !ok {
		return ""
	}
	said, _, _ := strings.Cut(strings.TrimSpace(below), "\n")
	return strings.TrimSpace(said)
}

// status is a status of RFC 3463 in a text.
var status = regexp.MustCompile(`\b[45]\.\d{1,3}\.\d{1,3}\b`)

// reason is why a letter did not arrive, in words first.
func reason(r letter.Recipient) string {
	text := "the letter came back"
	if said := status.FindString(r.Diagnostic); said != "" && (r.Status == "" || strings.HasSuffix(r.Status, ".0.0")) {
		r.Status = said
	}
	for _, m := range meanings {
		if strings.HasPrefix(r.Status, m.status) {
			text = m.text
			break
		}
	}
	if said := strings.TrimSpace(cmp.Or(r.Diagnostic, r.Status)); said != "" {
		text += ": " + clipped(said, 300)
	}
	return text
}
