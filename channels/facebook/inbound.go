package facebook

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/channels"
	"crafttalkd/channels/hook"
	"crafttalkd/channels/loose"
)

// ServeHTTP takes a call of Meta: all events of it are kept before it is
// answered, each as often as it comes.
func (c *Channel) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, ok := c.app.Read(w, r, hook.Longest)
	if !ok {
		return
	}
	hook.Answer(w, c.take(r.Context(), body), nil)
}

// Reread takes a call once more that was kept, or the one event of it that
// nobody understood. It implements [channels.Rereader].
func (c *Channel) Reread(ctx context.Context, raw []byte) error {
	v, err := loose.Parse(raw)
	if err != nil || v.At("object").Given() {
		return c.take(ctx, raw)
	}
	events, kind, carries := read(v, c.settings.Page)
	if kind != "" {
		return c.config.Strange(ctx, kind, raw, carries)
	}
	return c.config.Take(ctx, "page", raw, events...)
}

func (c *Channel) take(ctx context.Context, body []byte) error {
	v, err := loose.Parse(body)
	if err != nil || v.At("object").Text() != "page" {
		return c.config.Strange(ctx, cmp.Or(v.At("object").Text(), "no object"), body, err != nil)
	}
	var events []channels.Event
	for _, entry := range v.At("entry").List() {
		if id := entry.At("id").Name(); id != "" && id != c.settings.Page {
			continue // of another page of the same app
		}
		for _, m := range entry.At("messaging").List() {
			some, kind, carries := read(m, c.settings.Page)
			events = append(events, some...)
			if kind == "" {
				continue
			}
			if err := c.config.Strange(ctx, kind, m.Raw(), carries); err != nil {
				return err
			}
		}
	}
	return c.config.Take(ctx, "page", body, events...)
}

// most is how many files of one message are taken.
const most = 20

// read translates one event; strange is its kind if nobody understands it.
func read(m loose.Value, page string) (events []channels.Event, strange string, carries bool) {
	address, at := m.At("sender", "id").Name(), moment(m.At("timestamp"))
	notice := func(n channels.Notice) ([]channels.Event, string, bool) {
		if n.Address = address; address == "" || address == page {
			return nil, "", false
		}
		return []channels.Event{n}, "", false
	}
	switch {
	case m.At("message").IsObject():
		return message(m, page, at)
	case m.At("message_edit").IsObject():
		e := m.At("message_edit")
		return notice(channels.Notice{About: channels.Edited, ID: e.At("mid").Name(), At: at, Content: &event.Content{Text: e.At("text").Text()}})
	case m.At("postback").IsObject():
		return postback(m, at)
	case m.At("referral").IsObject():
		return notice(channels.Notice{About: channels.Started, At: at, Link: m.At("referral", "ref").Name()})
	case m.At("optin").IsObject():
		return notice(channels.Notice{About: channels.Started, At: at, Link: m.At("optin", "ref").Name()})
	case m.At("delivery").IsObject():
		return notice(channels.Notice{About: channels.Arrived, At: moment(m.At("delivery", "watermark"))})
	case m.At("read").IsObject():
		return notice(channels.Notice{About: channels.Seen, At: moment(m.At("read", "watermark"))})
	case m.At("account_linking").IsObject(), m.At("reaction").IsObject(), m.At("pass_thread_control").IsObject(),
		m.At("take_thread_control").IsObject(), m.At("request_thread_control").IsObject(), m.At("app_roles").IsObject():
		return nil, "", false
	}
	return nil, "unknown event", false
}

// message translates a message of a customer. What the page itself says comes
// back as an echo and is known already.
func message(v loose.Value, page string, at time.Time) (events []channels.Event, strange string, carries bool) {
	m, address := v.At("message"), v.At("sender", "id").Name()
	switch {
	case m.At("is_echo").Bool() || address == page:
		return nil, "", false
	case address == "":
		return nil, "message without a sender", true
	}
	in := channels.Inbound{Address: address, ID: m.At("mid").Name(), SentAt: at, Verified: "channel", Content: content(m),
		Link: m.At("referral", "ref").Name()}
	if in.ID == "" {
		in.ID, in.Guessed = v.Fingerprint(), true
	}
	if ref := m.At("quick_reply", "payload").Name(); ref != "" {
		// The number that a customer gives by a button may have been edited.
		if phone := number(ref, in.Content.Text); phone != "" {
			in.Content.Contact, in.Fields = &event.Contact{Phone: phone}, map[string]string{channels.Phone: phone}
		} else {
			in.Content.Pressed = channels.Pressed(ref, in.Content.Text)
		}
	}
	return []channels.Event{in}, "", false
}

// number is the phone number that a quick reply carries twice.
func number(payload, text string) string {
	p := channels.E164(payload)
	if len(p) < 8 || p != channels.E164(text) || strings.Trim(payload, "+0123456789 ()-") != "" {
		return ""
	}
	return p
}

// postback translates a press of a button, or the start of a conversation.
func postback(v loose.Value, at time.Time) ([]channels.Event, string, bool) {
	p, address := v.At("postback"), v.At("sender", "id").Name()
	link, payload := p.At("referral", "ref").Name(), p.At("payload").Name()
	if address == "" {
		return nil, "postback without a sender", false
	}
	if payload == start || payload == "" {
		return []channels.Event{channels.Notice{Address: address, About: channels.Started, At: at, Link: link}}, "", false
	}
	in := channels.Inbound{Address: address, ID: p.At("mid").Name(), SentAt: at, Verified: "channel", Link: link,
		Content: &event.Content{Text: p.At("title").Text(), Pressed: channels.Pressed(payload, p.At("title").Text())}}
	if in.ID == "" {
		in.ID, in.Guessed = v.Fingerprint(), true
	}
	return []channels.Event{in}, "", false
}

// moment is a time in milliseconds; some come in seconds.
func moment(v loose.Value) time.Time {
	switch n := v.Int(); {
	case n <= 0:
		return time.Time{}
	case n < 1e11:
		return time.Unix(n, 0)
	default:
		return time.UnixMilli(n)
	}
}

// content is what a message says.
func content(m loose.Value) *event.Content {
	c := &event.Content{Text: m.At("text").Text()}
	for _, a := range m.At("attachments").List() {
		attach(c, a)
	}
	c.Attachments = c.Attachments[:min(len(c.Attachments), most)]
	for i, a := range c.Attachments {
		a.AttachmentId = strconv.Itoa(i + 1)
	}
	if c.Text == "" && len(c.Attachments) == 0 && c.Location == nil {
		c.Text = "[пустое сообщение]"
		if m.At("is_unsupported").Bool() {
			c.Text = "[сообщение, которое Facebook не передаёт]"
		}
	}
	return c
}

// attach adds an attachment, or words about one that is no file.
func attach(c *event.Content, a loose.Value) {
	p, kind := a.At("payload"), a.At("type").Text()
	mimes := map[string]string{"image": "image/jpeg", "audio": "audio/mp4", "video": "video/mp4", "file": ""}
	mime, file := mimes[kind]
	source := p.At("url").Text()
	switch {
	case file && source != "":
		c.Attachments = append(c.Attachments, &event.Attachment{Name: nameOf(source, kind), Mime: mime, Source: loose.Clip(source, 2000)})
	case kind == "location":
		l := p.At("coordinates")
		c.Location = &event.Location{Latitude: l.At("lat").Float(), Longitude: l.At("long").Float()}
	default:
		words := strings.TrimSpace(cmp.Or(a.At("title").Text(), p.At("title").Text()) + " " + cmp.Or(source, a.At("url").Text()))
		c.Text = strings.TrimSpace(c.Text + "\n" + cmp.Or(words, "["+loose.Clip(cmp.Or(kind, "вложение"), 50)+"]"))
	}
}

// nameOf is the last part of a file's address, which is all the name that it
// has.
func nameOf(source, kind string) string {
	u, err := url.Parse(source)
	if err != nil || path.Ext(u.Path) == "" {
		return kind
	}
	return loose.Clip(path.Base(u.Path), 200)
}

var _ http.Handler = (*Channel)(nil)
