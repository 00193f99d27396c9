package vk

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/channels"
	"crafttalkd/channels/loose"
)

// chats is where the numbers of group chats begin.
const chats = 2_000_000_000

// most is how many files of one message are taken.
const most = 20

// An update is one event of the community.
type update struct {
	kind    string
	events  []channels.Event
	strange bool   // nobody understands it
	carries bool   // and it carries a message
	press   *press // must be answered
}

// A press of a callback button spins until it is answered.
type press struct{ event, user, peer string }

// read translates an event of the Callback API or of Long Poll.
func read(v loose.Value) update {
	u, o := update{kind: v.At("type").Text()}, v.At("object")
	switch u.kind {
	case "message_new":
		m := o.At("message")
		if !m.IsObject() && o.At("from_id").Given() {
			m = o // before version 5.103
		}
		u.message(m)
	case "message_edit":
		if m := message(o); m != nil && o.At("out").Int() == 0 {
			at := time.Unix(cmp.Or(o.At("update_time").Int(), o.At("date").Int()), 0)
			u.events = []channels.Event{channels.Notice{Address: m.Address, About: channels.Edited, ID: m.ID, At: at, Content: m.Content}}
		}
	case "message_event":
		u.pressed(o)
	case "message_allow":
		u.notice(channels.Notice{Address: o.At("user_id").Name(), About: channels.Unblocked})
	case "message_deny":
		u.notice(channels.Notice{Address: o.At("user_id").Name(), About: channels.Blocked, Reason: "the customer has forbidden messages from the community"})
	case "message_read":
		id := o.At("conversation_message_id").Name()
		u.notice(channels.Notice{Address: o.At("from_id").Name(), About: channels.Seen, ID: id})
	case "message_typing_state":
		u.notice(channels.Notice{Address: o.At("from_id").Name(), About: channels.Typing})
	default:
		u.strange = true
	}
	return u
}

func (u *update) notice(n channels.Notice) {
	if id, err := strconv.ParseInt(n.Address, 10, 64); err == nil && id > 0 && (n.About != channels.Seen || n.ID != "") {
		u.events = append(u.events, n)
	}
}

func (u *update) message(v loose.Value) {
	switch m := message(v); {
	case m != nil:
		u.events = []channels.Event{*m}
	case v.At("text").Text() != "" && v.At("from_id").Int() == 0:
		u.strange, u.carries = true, true
	}
}

// message translates a message of a customer; nil for one that is none: of a
// group chat, of a community, or about the dialogue itself.
func message(v loose.Value) *channels.Inbound {
	from, peer := v.At("from_id").Int(), v.At("peer_id").Int()
	id := cmp.Or(v.At("conversation_message_id").Name(), v.At("id").Name())
	if from <= 0 || peer > chats && peer != from || v.At("out").Int() == 1 || v.At("action").IsObject() || id == "" {
		return nil
	}
	m := &channels.Inbound{
		Address: strconv.FormatInt(from, 10), ID: id, Order: v.At("conversation_message_id").Int(),
		SentAt: v.At("date").Seconds(), Link: loose.Clip(v.At("ref").Text(), 200), Verified: "channel", Content: content(v, 0),
	}
	if b := button(v.At("payload").Text()); b != "" {
		m.Content.Pressed = channels.Pressed(b, m.Content.Text)
	}
	if c := m.Content; c.Text == "" && len(c.Attachments) == 0 && c.Location == nil && c.Pressed == nil {
		c.Text = "[пустое сообщение]"
	}
	return m
}

// button is the reference in the payload of a button of ours, which is JSON in a
// string.
func button(payload string) string {
	v, err := loose.Parse([]byte(payload))
	if err != nil {
		return ""
	}
	return loose.Clip(v.At("b").Text(), 200)
}

func (u *update) pressed(o loose.Value) {
	user, id := o.At("user_id").Name(), o.At("event_id").Name()
	ref := loose.Clip(o.At("payload", "b").Text(), 200)
	if user == "" || id == "" {
		return
	}
	u.press = &press{id, user, o.At("peer_id").Name()}
	if ref != "" {
		u.events = []channels.Event{channels.Inbound{Address: user, ID: loose.Clip("event:"+id, 200), Verified: "channel",
			Content: &event.Content{Pressed: channels.Pressed(ref, "")}}}
	}
}

// deepest is how many forwards within forwards are read.
const deepest = 5

// content is what a message says, and what it forwards if it says nothing by
// itself.
func content(v loose.Value, depth int) *event.Content {
	c := &event.Content{Text: v.At("text").Text()}
	for _, a := range v.At("attachments").List() {
		attach(c, a)
	}
	if g := v.At("geo", "coordinates"); g.IsObject() {
		c.Location = &event.Location{Latitude: g.At("latitude").Float(), Longitude: g.At("longitude").Float()}
	}
	quoted := v.At("fwd_messages").List()
	if r := v.At("reply_message"); r.IsObject() && c.Text == "" && len(c.Attachments) == 0 {
		quoted = append(quoted, r)
	}
	for _, q := range quoted {
		if depth == deepest {
			break
		}
		inner := content(q, depth+1)
		c.Text = line(c.Text, quote(inner.Text))
		c.Attachments = append(c.Attachments, inner.Attachments...)
	}
	c.Attachments = c.Attachments[:min(len(c.Attachments), most)]
	for i, a := range c.Attachments {
		a.AttachmentId = strconv.Itoa(i + 1)
	}
	return c
}

func quote(s string) string {
	if s == "" {
		return ""
	}
	return "> " + strings.ReplaceAll(s, "\n", "\n> ")
}

func line(text, more string) string { return strings.Trim(text+"\n"+more, "\n") }

// attach adds an attachment, or words about one that is no file.
func attach(c *event.Content, v loose.Value) {
	kind := v.At("type").Text()
	o := v.At(kind)
	if kind == "" {
		return
	}
	file := func(name, mime, source string) {
		if source != "" {
			c.Attachments = append(c.Attachments, &event.Attachment{Name: name, Mime: mime, Size: max(o.At("size").Int(), 0), Source: loose.Clip(source, 2000)})
		}
	}
	switch kind {
	case "photo":
		file("photo.jpg", "image/jpeg", largest(o))
		c.Text = line(c.Text, o.At("text").Text())
	case "doc":
		file(loose.Clip(cmp.Or(o.At("title").Text(), "file."+o.At("ext").Text()), 250), "", o.At("url").Text())
	case "audio_message":
		file("voice.ogg", "audio/ogg", cmp.Or(o.At("link_ogg").Text(), o.At("link_mp3").Text()))
	case "sticker":
		file("sticker.png", "image/png", widest(o.At("images")))
	case "graffiti":
		file("graffiti.png", "image/png", o.At("url").Text())
	case "video":
		c.Text = line(c.Text, fmt.Sprintf("%s https://vk.ru/video%s_%s", o.At("title").Text(), o.At("owner_id").Text(), o.At("id").Name()))
	case "audio":
		c.Text = line(c.Text, "♪ "+strings.Trim(o.At("artist").Text()+" — "+o.At("title").Text(), " —"))
	case "link":
		c.Text = line(c.Text, strings.TrimSpace(o.At("title").Text()+" "+o.At("url").Text()))
	default:
		c.Text = line(c.Text, "["+loose.Clip(kind, 50)+"]")
	}
}

// largest is the address of a photo in its largest size. Where the sizes are
// not told, the letter tells: the later one in this row is the larger.
func largest(o loose.Value) (source string) {
	if s := o.At("orig_photo", "url").Text(); s != "" {
		return s
	}
	best := int64(-1)
	for _, s := range o.At("sizes").List() {
		area := s.At("width").Int() * s.At("height").Int()
		if area == 0 {
			area = int64(strings.Index("smxopqryzw", s.At("type").Text()))
		}
		if area > best {
			best, source = area, s.At("url").Text()
		}
	}
	return source
}

func widest(images loose.Value) (source string) {
	best := int64(-1)
	for _, i := range images.List() {
		if w := i.At("width").Int(); w > best {
			best, source = w, i.At("url").Text()
		}
	}
	return source
}
