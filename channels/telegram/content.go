package telegram

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"crafttalkd/actors/event"
	"crafttalkd/channels"
	"crafttalkd/channels/loose"
)

// A saying is what one message says.
type saying struct {
	content *event.Content // nil if nothing in it can be read
	own     string         // the customer's own number, for which Telegram vouches
	service string         // the kind of a message that says nothing: a pinned one
}

// said reads the content of a message, telegram.md 2.5. It has one kind, and
// what is there beside it belongs to it.
func said(m loose.Value) saying {
	c := &event.Content{Text: linked(m.At("text").Text(), m.At("entities"))}
	s := saying{content: c}
	switch {
	case c.Text != "":
	case m.At("venue").IsObject():
		c.Location = place(m.At("venue", "location"))
		c.Text = strings.TrimSpace(m.At("venue", "title").Text() + "\n" + m.At("venue", "address").Text())
	case m.At("location").IsObject():
		c.Location = place(m.At("location"))
	case m.At("contact").IsObject():
		c.Contact, s.own = contact(m.At("contact"), m.At("from", "id").Text())
	case m.At("sticker").IsObject():
		sticker(c, m.At("sticker"))
	default:
		if f := file(m); f != nil {
			c.Attachments = []*event.Attachment{f}
		}
		c.Text = linked(m.At("caption").Text(), m.At("caption_entities"))
	}
	if empty(c) {
		rest(&s, m)
	}
	if s.content != nil {
		s.content.Text = around(s.content.Text, m)
	}
	return s
}

func empty(c *event.Content) bool {
	return c.Text == "" && len(c.Attachments) == 0 && c.Location == nil && c.Contact == nil
}

// meta are the fields of a message that say nothing by themselves.
var meta = []string{
	"message_id", "from", "sender_chat", "chat", "date", "edit_date", "message_thread_id", "is_topic_message", "reply_to_message",
	"external_reply", "quote", "reply_to_story", "forward_origin", "forward_from", "forward_date", "forward_sender_name",
	"forward_from_chat", "forward_from_message_id", "forward_signature", "is_automatic_forward", "via_bot", "has_protected_content",
	"is_from_offline", "media_group_id", "author_signature", "entities", "caption_entities", "link_preview_options", "effect_id",
	"show_caption_above_media", "has_media_spoiler", "reply_markup", "business_connection_id", "sender_business_bot",
	"sender_boost_count", "text", "caption", "is_paid_post", "paid_star_count", "direct_messages_topic", "suggested_post_info",
}

// services are messages that Telegram writes of itself.
var services = []string{
	"new_chat_members", "left_chat_member", "new_chat_title", "new_chat_photo", "delete_chat_photo", "group_chat_created",
	"supergroup_chat_created", "channel_chat_created", "message_auto_delete_timer_changed", "migrate_to_chat_id",
	"migrate_from_chat_id", "pinned_message", "users_shared", "chat_shared", "connected_website", "write_access_allowed",
	"proximity_alert_triggered", "boost_added", "chat_background_set", "giveaway_created", "video_chat_scheduled",
	"video_chat_started", "video_chat_ended", "video_chat_participants_invited",
}

// rest names the kind of a message that has no words of ours.
func rest(s *saying, m loose.Value) {
	names := slices.DeleteFunc(m.Names(), func(n string) bool { return slices.Contains(meta, n) || !m.At(n).Given() })
	slices.Sort(names)
	switch {
	case len(names) == 0:
		s.content = nil
	case slices.Contains(services, names[0]):
		s.content, s.service = nil, names[0]
	case m.At("dice").IsObject():
		s.content.Text = strings.TrimSpace(m.At("dice", "emoji").Text() + " " + m.At("dice", "value").Text())
	case m.At("poll").IsObject():
		s.content.Text = poll(m.At("poll"))
	default:
		s.content.Text = "[" + strings.ReplaceAll(loose.Clip(names[0], 60), "_", " ") + "]"
	}
}

// poll is a question and its options as text.
func poll(p loose.Value) string {
	lines := []string{"[poll]", p.At("question").Text()}
	for _, o := range p.At("options").List() {
		lines = append(lines, "– "+o.At("text").Text())
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

func place(v loose.Value) *event.Location {
	p := &event.Location{Latitude: v.At("latitude").Float(), Longitude: v.At("longitude").Float()}
	if v.At("latitude").Text() == "" || v.At("longitude").Text() == "" || !(math.Abs(p.Latitude) <= 90 && math.Abs(p.Longitude) <= 180) {
		return nil
	}
	return p
}

// contact reads a card. The number is the sender's own only if the card says
// that it is theirs.
func contact(v loose.Value, from string) (c *event.Contact, own string) {
	phone := channels.E164(v.At("phone_number").Text())
	if phone == "" {
		return nil, ""
	}
	if from != "" && v.At("user_id").Text() == from {
		own = phone
	}
	name := strings.TrimSpace(v.At("first_name").Text() + " " + v.At("last_name").Text())
	return &event.Contact{Name: loose.Clip(name, 200), Phone: phone}, own
}

// sticker is a picture if it does not move, else its emoji and a small picture
// of it.
func sticker(c *event.Content, v loose.Value) {
	if !v.At("is_animated").Bool() && !v.At("is_video").Bool() {
		if f := held(v, "sticker.webp", "image/webp"); f != nil {
			c.Attachments = []*event.Attachment{f}
			return
		}
	}
	c.Text = cmp.Or(v.At("emoji").Text(), "[sticker]")
	for _, name := range []string{"thumbnail", "thumb"} {
		if f := held(v.At(name), "sticker", ""); f != nil {
			c.Attachments = []*event.Attachment{f}
			return
		}
	}
}

// A carrier is a field that holds a file.
type carrier struct{ field, name, mime string }

// carriers are in the order in which they are looked for: an animation is there
// as a document too, telegram.md 2.5.
var carriers = []carrier{
	{"animation", "animation.mp4", "video/mp4"}, {"video", "video.mp4", "video/mp4"}, {"video_note", "video.mp4", "video/mp4"},
	{"audio", "audio.mp3", "audio/mpeg"}, {"voice", "voice.ogg", "audio/ogg"}, {"document", "file", ""},
}

// file is the file of a message, or nil.
func file(m loose.Value) *event.Attachment {
	var best loose.Value
	for _, size := range m.At("photo").List() {
		if size.At("file_id").Text() != "" && area(size) >= area(best) {
			best = size
		}
	}
	if f := held(best, "photo.jpg", "image/jpeg"); f != nil {
		return f
	}
	for _, k := range carriers {
		if f := held(m.At(k.field), k.name, k.mime); f != nil {
			return f
		}
	}
	return nil
}

func area(v loose.Value) int64 { return v.At("width").Int() * v.At("height").Int() }

// held is a file that only we can fetch, or nil.
func held(v loose.Value, name, mime string) *event.Attachment {
	id := v.At("file_id").Text()
	if id == "" {
		return nil
	}
	return &event.Attachment{
		Name: loose.Clip(cmp.Or(v.At("file_name").Text(), name), 200), Mime: loose.Clip(cmp.Or(v.At("mime_type").Text(), mime), 100),
		Size: max(v.At("file_size").Int(), 0), Source: channels.Held + loose.Clip(id, 500),
	}
}

// linked is a text with the addresses behind its words. Telegram counts in
// UTF-16 units.
func linked(text string, entities loose.Value) string {
	const most = 30_000
	type link struct {
		end int
		url string
	}
	var links []link
	whole := utf16.Encode([]rune(text))
	for _, e := range entities.List() {
		from, length, url := e.At("offset").Int(), e.At("length").Int(), e.At("url").Text()
		if e.At("type").Text() != "text_link" || url == "" || from < 0 || length <= 0 || from > int64(len(whole)) || length > int64(len(whole))-from {
			continue
		}
		if string(utf16.Decode(whole[from:from+length])) != url {
			links = append(links, link{int(from + length), url})
		}
	}
	slices.SortStableFunc(links, func(a, b link) int { return cmp.Compare(a.end, b.end) })
	var b strings.Builder
	at := 0
	for _, l := range links {
		b.WriteString(string(utf16.Decode(whole[at:l.end])) + " (" + l.url + ")")
		at = l.end
	}
	b.WriteString(string(utf16.Decode(whole[at:])))
	if out := b.String(); utf8.RuneCountInString(out) <= most {
		return out
	}
	return text
}

// around puts what was answered or forwarded above a text.
func around(text string, m loose.Value) string {
	var above []string
	if m.At("forward_origin").IsObject() {
		above = append(above, "↪ "+origin(m.At("forward_origin")))
	}
	if q := quoted(m); q != "" {
		above = append(above, "> "+strings.ReplaceAll(q, "\n", "\n> "))
	}
	return strings.Trim(strings.Join(append(above, text), "\n"), "\n")
}

// origin names who wrote a message that was forwarded.
func origin(v loose.Value) string {
	user := v.At("sender_user")
	return loose.Clip(cmp.Or(
		strings.TrimSpace(user.At("first_name").Text()+" "+user.At("last_name").Text()),
		v.At("sender_user_name").Text(), v.At("sender_chat", "title").Text(), v.At("chat", "title").Text(), "…",
	), 200)
}

// quoted is what a message answers, in short.
func quoted(m loose.Value) string {
	const most = 200
	r := m.At("reply_to_message")
	if !r.IsObject() && !m.At("quote").IsObject() {
		return ""
	}
	q := cmp.Or(m.At("quote", "text").Text(), r.At("text").Text(), r.At("caption").Text())
	if f := file(r); q == "" && f != nil {
		q = f.Name
	}
	q = strings.TrimSpace(q)
	if utf8.RuneCountInString(q) > most {
		q = string([]rune(q)[:most]) + "…"
	}
	return cmp.Or(q, "№ "+strconv.FormatInt(r.At("message_id").Int(), 10))
}
