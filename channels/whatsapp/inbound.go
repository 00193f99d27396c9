package whatsapp

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/channels"
	"crafttalkd/channels/hook"
	"crafttalkd/channels/loose"
)

// longest is how large a body may be: WhatsApp's own bound.
const longest = 3 << 20

// ServeHTTP takes a call of Meta: all of it is kept before it is answered.
func (c *Channel) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, ok := c.app.Read(w, r, longest)
	if !ok {
		return
	}
	hook.Answer(w, c.take(r.Context(), body), nil)
}

// Reread takes a call once more that was kept, or the one message of it that
// nobody understood. It implements [channels.Rereader].
func (c *Channel) Reread(ctx context.Context, raw []byte) error {
	v, err := loose.Parse(raw)
	if err != nil || v.At("object").Given() {
		return c.take(ctx, raw)
	}
	e, kind := message(v, nil)
	if kind != "" {
		return c.config.Strange(ctx, kind, raw, true)
	}
	if err := c.config.Take(ctx, "messages", raw, e); err != nil {
		return err
	}
	return c.remember([]channels.Event{e})
}

func (c *Channel) take(ctx context.Context, body []byte) error {
	v, err := loose.Parse(body)
	if err != nil || v.At("object").Text() != "whatsapp_business_account" {
		return c.config.Strange(ctx, cmp.Or(v.At("object").Text(), "no object"), body, err != nil)
	}
	var all []channels.Event
	for _, entry := range v.At("entry").List() {
		for _, change := range entry.At("changes").List() {
			value, field := change.At("value"), change.At("field").Text()
			if field != "messages" {
				if err := c.config.Strange(ctx, field, nil, false); err != nil {
					return err
				}
				continue
			}
			if id := value.At("metadata", "phone_number_id").Text(); id != "" && id != c.settings.Number {
				continue // of another number of the same app
			}
			events, strange := read(value)
			all = append(all, events...)
			for _, s := range strange {
				if err := c.config.Strange(ctx, s.kind, s.raw, s.carries); err != nil {
					return err
				}
			}
		}
	}
	if err := c.config.Take(ctx, "messages", body, all...); err != nil {
		return err
	}
	return c.remember(all)
}

// remember lays what is needed to write back on the shelf: when the customer
// wrote last, and the name of that message.
func (c *Channel) remember(all []channels.Event) error {
	newest := map[string]channels.Inbound{}
	for _, e := range all {
		if m, ok := e.(channels.Inbound); ok {
			newest[m.Address] = m
		}
	}
	for address, m := range newest {
		known, err := c.last(address)
		if err == nil && !known.at.After(m.SentAt) && known.id != m.ID {
			err = c.config.Shelf.Put(address, "last", fmt.Appendf(nil, "%d %s", m.SentAt.Unix(), m.ID))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// A last is the customer's last message.
type last struct {
	at time.Time
	id string
}

func (c *Channel) last(address string) (l last, err error) {
	b, err := c.config.Shelf.Get(address, "last")
	if err != nil || b == nil {
		return l, err
	}
	at, id, _ := strings.Cut(string(b), " ")
	n, err := strconv.ParseInt(at, 10, 64)
	if err != nil {
		return l, nil
	}
	return last{time.Unix(n, 0), id}, nil
}

// An odd update is one that nobody understands.
type odd struct {
	kind    string
	raw     []byte
	carries bool
}

// read translates the messages and statuses of one change.
func read(v loose.Value) (events []channels.Event, strange []odd) {
	for _, m := range v.At("messages").List() {
		e, kind := message(m, v.At("contacts").List())
		if kind != "" {
			strange = append(strange, odd{kind, m.Raw(), kind != "reaction" && kind != "system"})
		}
		if e != nil {
			events = append(events, e)
		}
	}
	for _, s := range v.At("statuses").List() {
		if n, ok := status(s); ok {
			events = append(events, n)
		}
	}
	return events, strange
}

// status translates what became of a message of ours.
func status(s loose.Value) (n channels.Notice, ok bool) {
	n = channels.Notice{Address: cmp.Or(s.At("recipient_user_id").Name(), s.At("recipient_id").Name()), ID: s.At("id").Name(), At: s.At("timestamp").Seconds()}
	switch s.At("status").Text() {
	case "delivered":
		n.About = channels.Arrived
	case "read", "played":
		n.About = channels.Seen
	case "failed":
		n.About = channels.Bounced
		e := s.At("errors").First()
		n.Reason = loose.Clip(cmp.Or(e.At("error_data", "details").Text(), e.At("title").Text(), e.At("message").Text()), 300)
	default:
		return n, false
	}
	return n, n.Address != "" && n.ID != ""
}

// message translates a message; kind names one that nobody understands.
func message(m loose.Value, contacts []loose.Value) (e channels.Event, kind string) {
	address := cmp.Or(m.At("from_user_id").Name(), m.At("from").Name())
	if address == "" {
		return nil, "message without a sender"
	}
	kind = m.At("type").Text()
	at := m.At("timestamp").Seconds()
	switch kind {
	case "reaction", "system":
		return nil, kind
	case "edit":
		inner := m.At("edit", "message")
		c := content(inner)
		return channels.Notice{Address: address, About: channels.Edited, ID: m.At("edit", "original_message_id").Name(), At: at, Content: c}, ""
	case "revoke":
		return channels.Notice{Address: address, About: channels.Removed, ID: m.At("revoke", "original_message_id").Name(), At: at}, ""
	}
	in := channels.Inbound{Address: address, ID: m.At("id").Name(), SentAt: at, Verified: "channel", Content: content(m)}
	in.Link = channels.Code(in.Content.Text)
	if in.ID == "" {
		in.ID, in.Guessed = m.Fingerprint(), true
	}
	in.Fields, in.Proven = person(m, contacts, address)
	return in, ""
}

// person is what WhatsApp tells of a customer. The number is certain: the
// account is made of it. It may be hidden behind a user name.
func person(m loose.Value, contacts []loose.Value, address string) (fields, proven map[string]string) {
	fields, proven = map[string]string{}, map[string]string{}
	for _, c := range contacts {
		id := cmp.Or(c.At("user_id").Name(), c.At("wa_id").Name())
		if id != address && c.At("wa_id").Name() != m.At("from").Text() {
			continue
		}
		first, last, _ := strings.Cut(strings.TrimSpace(c.At("profile", "name").Text()), " ")
		for name, value := range map[string]string{channels.FirstName: first, channels.LastName: strings.TrimSpace(last),
			channels.Username: c.At("profile", "username").Text()} {
			if value != "" {
				fields[name] = value
			}
		}
	}
	if n := m.At("from").Text(); n != "" && strings.Trim(n, "0123456789") == "" {
		proven[channels.Phone] = "+" + n
	}
	return fields, proven
}

// content is what a message says.
func content(m loose.Value) *event.Content {
	c := &event.Content{}
	kind := m.At("type").Text()
	o := m.At(kind)
	switch kind {
	case "text":
		c.Text = o.At("body").Text()
	case "image", "video", "audio", "document", "sticker":
		file(c, kind, o)
	case "location":
		c.Location = &event.Location{Latitude: o.At("latitude").Float(), Longitude: o.At("longitude").Float()}
		c.Text = strings.TrimSpace(o.At("name").Text() + "\n" + o.At("address").Text())
	case "contacts":
		cards(c, o)
	case "interactive":
		reply := o.At(o.At("type").Text())
		c.Text = cmp.Or(reply.At("title").Text(), reply.At("response_json").Text())
		if id := reply.At("id").Name(); id != "" {
			c.Pressed = channels.Pressed(id, c.Text)
		}
	case "button":
		c.Text = o.At("text").Text()
		c.Pressed = channels.Pressed(o.At("payload").Name(), c.Text)
	default:
		c.Text = strings.TrimSpace("[" + loose.Clip(cmp.Or(kind, "сообщение"), 50) + "] " + o.At("body").Text())
	}
	if c.Text == "" && len(c.Attachments) == 0 && c.Location == nil && c.Contact == nil && c.Pressed == nil {
		c.Text = "[" + loose.Clip(cmp.Or(kind, "пустое сообщение"), 50) + "]"
	}
	return c
}

// file adds a file, which only we can fetch.
func file(c *event.Content, kind string, o loose.Value) {
	c.Text = o.At("caption").Text()
	id := o.At("id").Name()
	if id == "" {
		return
	}
	mime, _, _ := strings.Cut(o.At("mime_type").Text(), ";")
	_, end, _ := strings.Cut(mime, "/")
	name := cmp.Or(o.At("filename").Text(), strings.TrimRight(kind+"."+end, "."))
	c.Attachments = []*event.Attachment{{AttachmentId: "1", Name: loose.Clip(name, 250), Mime: mime, Source: channels.Held + id}}
}

// cards adds the first contact as such and the others as words.
func cards(c *event.Content, all loose.Value) {
	for _, card := range all.List() {
		name, number := card.At("name", "formatted_name").Text(), ""
		for _, p := range card.At("phones").List() {
			number = channels.E164(p.At("phone").Text())
			break
		}
		if c.Contact == nil {
			c.Contact = &event.Contact{Name: name, Phone: number}
			continue
		}
		c.Text = strings.TrimSpace(c.Text + "\n" + strings.TrimSpace(name+" "+number))
	}
}
