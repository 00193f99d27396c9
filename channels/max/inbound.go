package max

import (
	"bufio"
	"cmp"
	"strconv"
	"strings"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/channels"
	"crafttalkd/channels/loose"
)

// most is how many files of one message are taken.
const most = 20

// An update is one thing that MAX tells.
type update struct {
	kind    string
	events  []channels.Event
	chat    string // the number of the dialogue
	strange bool
	carries bool
	press   string // a callback that waits for an answer
}

// read translates an update.
func read(v loose.Value) update {
	u := update{kind: v.At("update_type").Text()}
	at := v.At("timestamp").Millis()
	notice := func(n channels.Notice) {
		if n.Address != "" {
			n.At = at
			u.events = []channels.Event{n}
		}
	}
	switch u.kind {
	case "message_created", "message_edited":
		u.message(v, at)
	case "message_callback":
		u.callback(v.At("callback"), v.At("message"), at)
	case "message_removed":
		if id := v.At("message_id").Name(); id != "" {
			notice(channels.Notice{Address: v.At("user_id").Name(), About: channels.Removed, ID: id})
		}
	case "bot_started":
		u.chat = v.At("chat_id").Text()
		notice(channels.Notice{Address: v.At("user", "user_id").Name(), About: channels.Started,
			Link: loose.Clip(v.At("payload").Text(), 200), Fields: person(v.At("user"), v.At("user_locale"))})
	case "bot_stopped", "dialog_removed":
		notice(channels.Notice{Address: v.At("user", "user_id").Name(), About: channels.Blocked, Reason: "the customer has stopped the bot"})
	case "dialog_muted", "dialog_unmuted", "dialog_cleared", "bot_added", "bot_removed", "user_added", "user_removed",
		"chat_title_changed", "message_chat_created":
	default:
		u.strange, u.carries = true, v.At("message", "body").IsObject()
	}
	return u
}

// message translates a message of a dialogue; those of groups are no business
// of ours.
func (u *update) message(v loose.Value, at time.Time) {
	m := v.At("message")
	if kind := m.At("recipient", "chat_type").Text(); kind == "chat" || kind == "channel" || m.At("sender", "is_bot").Bool() {
		return
	}
	address, id := m.At("sender", "user_id").Name(), m.At("body", "mid").Name()
	if address == "" {
		u.strange, u.carries = true, true
		return
	}
	guessed := id == ""
	if guessed {
		id = m.Fingerprint()
	}
	c, own := content(m, address)
	if u.kind == "message_edited" {
		u.events = []channels.Event{channels.Notice{Address: address, About: channels.Edited, ID: id, At: at, Content: c}}
		return
	}
	u.chat = m.At("recipient", "chat_id").Text()
	in := channels.Inbound{Address: address, ID: id, Guessed: guessed, Content: c, SentAt: cmp.Or(m.At("timestamp").Millis(), at),
		Order: m.At("body", "seq").Int(), Verified: "channel", Fields: person(m.At("sender"), v.At("user_locale"))}
	if own {
		in.Proven = map[string]string{channels.Phone: c.Contact.Phone}
	}
	u.events = []channels.Event{in}
}

// callback translates a press. The message it is under is ours; who pressed is
// told by the callback.
func (u *update) callback(cb, m loose.Value, at time.Time) {
	address, id := cb.At("user", "user_id").Name(), cb.At("callback_id").Name()
	if address == "" || id == "" {
		u.strange = true
		return
	}
	u.press, u.chat = id, m.At("recipient", "chat_id").Text()
	ref := loose.Clip(cb.At("payload").Text(), 200)
	if ref == "" {
		return
	}
	u.events = []channels.Event{channels.Inbound{Address: address, ID: loose.Clip("callback:"+id, 200), SentAt: cmp.Or(cb.At("timestamp").Millis(), at),
		Verified: "channel", Fields: person(cb.At("user"), loose.Value{}), Content: &event.Content{Pressed: channels.Pressed(ref, "")}}}
}

func person(v, locale loose.Value) map[string]string {
	fields := map[string]string{channels.FirstName: cmp.Or(v.At("first_name").Text(), v.At("name").Text()), channels.LastName: v.At("last_name").Text(),
		channels.Username: v.At("username").Text(), channels.Language: locale.Text(), channels.Avatar: v.At("avatar_url").Text()}
	for name, value := range fields {
		if value == "" {
			delete(fields, name)
		}
	}
	return fields
}

// content is what a message says, and what it forwards. Own tells whether its
// contact is the sender's own card.
func content(m loose.Value, sender string) (c *event.Content, own bool) {
	body := m.At("body")
	c = &event.Content{Text: body.At("text").Text()}
	for _, a := range body.At("attachments").List() {
		own = attach(c, a, sender) || own
	}
	if l := m.At("link"); l.At("type").Text() == "forward" {
		inner := l.At("message")
		if t := inner.At("text").Text(); t != "" {
			c.Text = strings.TrimSpace(c.Text + "\n> " + strings.ReplaceAll(t, "\n", "\n> "))
		}
		for _, a := range inner.At("attachments").List() {
			attach(c, a, "")
		}
	}
	c.Attachments = c.Attachments[:min(len(c.Attachments), most)]
	for i, a := range c.Attachments {
		a.AttachmentId = strconv.Itoa(i + 1)
	}
	if c.Text == "" && len(c.Attachments) == 0 && c.Location == nil && c.Contact == nil {
		c.Text = "[пустое сообщение]"
	}
	return c, own
}

// attach adds an attachment, or words about one that is no file.
func attach(c *event.Content, v loose.Value, sender string) (own bool) {
	p, kind := v.At("payload"), v.At("type").Text()
	file := func(name, mime string) {
		if source := p.At("url").Text(); source != "" {
			c.Attachments = append(c.Attachments, &event.Attachment{Name: loose.Clip(cmp.Or(v.At("filename").Text(), name), 250), Mime: mime,
				Size: max(v.At("size").Int(), 0), Source: loose.Clip(source, 2000)})
			return
		}
		c.Text = strings.TrimSpace(c.Text + "\n[" + name + "]")
	}
	switch kind {
	case "image":
		file("image.jpg", "image/jpeg")
	case "video":
		file("video.mp4", "video/mp4")
	case "audio":
		file("audio.mp3", "audio/mpeg")
	case "file":
		file("file", "")
	case "sticker":
		file("sticker.webp", "image/webp")
	case "contact":
		c.Contact = card(p.At("vcf_info").Text())
		c.Contact.Name = cmp.Or(c.Contact.Name, strings.TrimSpace(p.At("max_info", "first_name").Text()+" "+p.At("max_info", "last_name").Text()))
		return c.Contact.Phone != "" && sender != "" && p.At("max_info", "user_id").Name() == sender
	case "location":
		c.Location = &event.Location{Latitude: v.At("latitude").Float(), Longitude: v.At("longitude").Float()}
	case "share":
		c.Text = strings.TrimSpace(c.Text + "\n" + strings.TrimSpace(v.At("title").Text()+" "+p.At("url").Text()))
	case "inline_keyboard", "":
	default:
		c.Text = strings.TrimSpace(c.Text + "\n[" + loose.Clip(kind, 50) + "]")
	}
	return false
}

// card reads name and number of a vCard.
func card(vcf string) *event.Contact {
	c := &event.Contact{}
	lines := bufio.NewScanner(strings.NewReader(vcf))
	for lines.Scan() {
		name, value, _ := strings.Cut(strings.TrimSpace(lines.Text()), ":")
		switch name, _, _ = strings.Cut(strings.ToUpper(name), ";"); {
		case name == "TEL" && c.Phone == "":
			c.Phone = channels.E164(value)
		case name == "FN":
			c.Name = value
		}
	}
	return c
}
