package viber

import (
	"cmp"
	"context"
	"net/http"
	"strings"

	"crafttalkd/actors/event"
	"crafttalkd/channels"
	"crafttalkd/channels/hook"
	"crafttalkd/channels/loose"
)

// ServeHTTP takes a callback. It is signed with the bot's token.
func (c *Channel) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, ok := hook.Body(w, r, hook.Longest)
	if !ok {
		return
	}
	if !hook.Signed(body, r.Header.Get("X-Viber-Content-Signature"), c.token) {
		http.Error(w, "the signature is wrong", http.StatusForbidden)
		return
	}
	hook.Answer(w, c.take(r.Context(), body), nil)
}

// Reread takes a callback once more that was kept. It implements
// [channels.Rereader].
func (c *Channel) Reread(ctx context.Context, raw []byte) error { return c.take(ctx, raw) }

func (c *Channel) take(ctx context.Context, raw []byte) error {
	v, err := loose.Parse(raw)
	if err != nil {
		return c.config.Strange(ctx, "no JSON", raw, true)
	}
	kind := v.At("event").Text()
	events, known := read(v)
	if !known {
		return c.config.Strange(ctx, kind, raw, kind == "message")
	}
	return c.config.Take(ctx, kind, raw, events...)
}

// read translates a callback. Known is false for one that nobody understands.
func read(v loose.Value) (events []channels.Event, known bool) {
	at := v.At("timestamp").Millis()
	token := v.At("message_token").Name()
	notice := func(about channels.About, user loose.Value) []channels.Event {
		address := cmp.Or(user.At("id").Name(), v.At("user_id").Name())
		if address == "" {
			return nil
		}
		return []channels.Event{channels.Notice{Address: address, About: about, At: at}}
	}
	receipt := func(about channels.About) []channels.Event {
		if v.At("user_id").Name() == "" || token == "" {
			return nil
		}
		return []channels.Event{channels.Notice{Address: v.At("user_id").Name(), About: about, At: at, ID: token,
			Reason: loose.Clip(v.At("desc").Text(), 200)}}
	}
	switch v.At("event").Text() {
	case "webhook", "client_status", "action":
		return nil, true
	case "conversation_started":
		events = notice(channels.Started, v.At("user"))
		for i, e := range events {
			n := e.(channels.Notice)
			n.Link, n.Fields = loose.Clip(v.At("context").Text(), 200), person(v.At("user"))
			events[i] = n
		}
		return events, true
	case "subscribed":
		return notice(channels.Unblocked, v.At("user")), true
	case "unsubscribed":
		return notice(channels.Blocked, v.At("user")), true
	case "delivered":
		return receipt(channels.Arrived), true
	case "seen":
		return receipt(channels.Seen), true
	case "failed":
		return receipt(channels.Bounced), true
	case "message":
		sender := v.At("sender")
		if sender.At("id").Name() == "" || token == "" {
			return nil, false
		}
		m := channels.Inbound{Address: sender.At("id").Name(), ID: token, SentAt: at, Verified: "channel",
			Fields: person(sender), Content: content(v.At("message"))}
		// A contact is the customer's own only where it answers our wish.
		if p := m.Content.Contact.GetPhone(); p != "" && v.At("message", "tracking_data").Text() == asked {
			m.Fields[channels.Phone] = p
		}
		return []channels.Event{m}, true
	}
	return nil, false
}

// person is what Viber tells of a user: the name in one piece, which is parted
// at the first blank.
func person(v loose.Value) map[string]string {
	first, last, _ := strings.Cut(strings.TrimSpace(v.At("name").Text()), " ")
	fields := map[string]string{channels.FirstName: first, channels.LastName: strings.TrimSpace(last),
		channels.Language: v.At("language").Text(), channels.Avatar: v.At("avatar").Text()}
	for name, value := range fields {
		if value == "" {
			delete(fields, name)
		}
	}
	return fields
}

// content is what a message says.
func content(v loose.Value) *event.Content {
	c := &event.Content{Text: v.At("text").Text()}
	file := func(name, mime string) {
		if source := v.At("media").Text(); source != "" {
			c.Attachments = []*event.Attachment{{AttachmentId: "1", Source: loose.Clip(source, 2000), Mime: mime,
				Name: loose.Clip(cmp.Or(v.At("file_name").Text(), name), 250),
				Size: max(v.At("file_size").Int(), v.At("size").Int(), 0)}}
		}
	}
	kind := v.At("type").Text()
	switch kind {
	case "text":
	case "picture":
		file("picture.jpg", "image/jpeg")
	case "video":
		file("video.mp4", "video/mp4")
	case "file":
		file("file", "")
	case "sticker":
		file("sticker.png", "image/png")
	case "location":
		l := v.At("location")
		c.Location = &event.Location{Latitude: l.At("lat").Float(), Longitude: cmp.Or(l.At("lon").Float(), l.At("lng").Float())}
		c.Text = strings.TrimSpace(c.Text + "\n" + l.At("address").Text())
	case "contact":
		p := v.At("contact")
		c.Contact = &event.Contact{Name: p.At("name").Text(), Phone: channels.E164(p.At("phone_number").Text())}
	case "url":
		c.Text = strings.TrimSpace(c.Text + "\n" + v.At("media").Text())
	}
	if c.Text == "" && len(c.Attachments) == 0 && c.Location == nil && c.Contact == nil {
		c.Text = strings.TrimSpace("[" + loose.Clip(cmp.Or(kind, "пустое сообщение"), 50) + "] " + v.At("media").Text())
	}
	return c
}
