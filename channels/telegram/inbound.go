package telegram

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"slices"
	"strings"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/channels"
	"crafttalkd/channels/loose"
)

// An update is what one update of Telegram says in our words: an event, or what
// is strange about it.
type update struct {
	id      int64 // Telegram's number, for polling
	raw     []byte
	event   channels.Event
	album   string    // the customer's album that it is a piece of
	press   string    // the press that Telegram wants an answer to
	trail   string    // the position that moves on, and has come here
	at      time.Time // when it did
	strange string    // the kind, if it is no event of ours
	carries bool      // a customer's message, though strange
}

// The kinds of updates that are asked for, telegram.md 2.1.
var allowed = []string{"message", "edited_message", "callback_query", "my_chat_member"}

// read translates one update.
func read(v loose.Value, raw []byte) update {
	u := update{id: v.At("update_id").Int(), raw: raw}
	for _, kind := range allowed {
		e := v.At(kind)
		if !e.IsObject() {
			continue
		}
		switch kind {
		case "message":
			u.message(e)
		case "edited_message":
			u.edited(e)
		case "callback_query":
			u.pressed(e)
		case "my_chat_member":
			u.member(e)
		}
		return u
	}
	u.unknown(v)
	return u
}

// odd makes u strange.
func (u *update) odd(kind string, carries bool) {
	u.strange, u.carries = cmp.Or(loose.Clip(loose.Clean(kind), 100), "update"), carries
}

// unknown is an update of a kind that came after us. It carries something if it
// is from a private chat, or if nothing in it can be read.
func (u *update) unknown(v loose.Value) {
	names := slices.DeleteFunc(v.Names(), func(n string) bool { return n == "update_id" })
	slices.Sort(names)
	if len(names) == 0 {
		u.odd("update", true)
		return
	}
	e := v.At(names[0])
	u.odd(names[0], slices.Contains(allowed, names[0]) || e.At("chat", "type").Text() == "private" && e.At("from").Given())
}

var number = regexp.MustCompile(`^[0-9]{1,20}$`)

// address is the customer of a chat; empty if it is not private. A group's
// number is negative, so one whose type is missing is told apart.
func address(chat loose.Value) string {
	id := chat.At("id").Name()
	switch chat.At("type").Text() {
	case "group", "supergroup", "channel":
		return ""
	}
	if !number.MatchString(id) {
		return ""
	}
	return id
}

// public tells whether a chat is certainly no conversation with a customer.
func public(chat loose.Value) bool {
	switch chat.At("type").Text() {
	case "group", "supergroup", "channel":
		return true
	}
	return strings.HasPrefix(chat.At("id").Name(), "-")
}

func (u *update) message(m loose.Value) {
	who, id := address(m.At("chat")), m.At("message_id").Name()
	switch {
	case public(m.At("chat")):
		u.odd("message of a group", false)
		return
	case who == "" || id == "":
		u.odd("message", true)
		return
	}
	at := clock(m.At("date"))
	if link, ok := start(m.At("text").Text()); ok {
		u.event = channels.Notice{Address: who, About: channels.Started, ID: id, At: at, Link: link, Fields: person(m.At("from"))}
		return
	}
	s := said(m)
	switch {
	case s.service != "":
		u.odd("message."+s.service, false)
		return
	case s.content == nil:
		u.odd("message", true)
		return
	}
	in := channels.Inbound{
		Address: who, ID: loose.Clip(id, 190), Content: s.content, SentAt: at, Order: m.At("message_id").Int(),
		Fields: person(m.At("from")), Verified: "channel",
	}
	if s.own != "" {
		in.Proven = map[string]string{channels.Phone: s.own}
	}
	u.event = in
	if g := m.At("media_group_id").Text(); g != "" {
		u.album = who + "/" + loose.Clip(g, 100)
	}
}

// start reads the command that begins every conversation, telegram.md 2.7.
func start(text string) (link string, ok bool) {
	command, rest, _ := strings.Cut(strings.TrimSpace(text), " ")
	name, _, _ := strings.Cut(command, "@")
	return loose.Clip(strings.TrimSpace(rest), 200), name == "/start"
}

// edited is a message that says something else now. One of an album comes as a
// message of its own, since the others of the album are not in it. A position
// moves until it comes without a period: then that is where it has stopped.
func (u *update) edited(m loose.Value) {
	u.message(m)
	in, ok := u.event.(channels.Inbound)
	if !ok {
		return
	}
	at := clock(m.At("edit_date"))
	switch {
	case u.album != "":
		in.ID += "@" + m.At("edit_date").Text()
		in.Content.Text = strings.TrimSpace("✎ " + in.Content.Text)
		in.SentAt = at
		u.event, u.album = in, ""
	default:
		u.event = channels.Notice{Address: in.Address, About: channels.Edited, ID: in.ID, At: at, Content: in.Content}
		if m.At("location", "live_period").Given() {
			u.trail, u.at = in.Address+"/"+in.ID, at
		}
	}
}

// pressed is a press of a button, telegram.md 2.6.
func (u *update) pressed(q loose.Value) {
	who, id, data := q.At("from", "id").Name(), q.At("id").Name(), q.At("data").Text()
	if public(q.At("message", "chat")) {
		u.odd("callback_query of a group", false)
		return
	}
	if !number.MatchString(who) || id == "" || data == "" {
		u.odd("callback_query", data != "")
		return
	}
	b := channels.Pressed(loose.Clip(data, 200), caption(q.At("message", "reply_markup"), data))
	u.press = id
	u.event = channels.Inbound{
		Address: who, ID: loose.Clip("press:"+id, 200), Content: &event.Content{Text: b.Caption, Pressed: b},
		Fields: person(q.At("from")), Verified: "channel",
	}
}

// caption finds what the pressed button says.
func caption(markup loose.Value, data string) string {
	for _, row := range markup.At("inline_keyboard").List() {
		for _, b := range row.List() {
			if b.At("callback_data").Text() == data {
				return b.At("text").Text()
			}
		}
	}
	return ""
}

// member tells whether the customer wants to hear from us.
func (u *update) member(m loose.Value) {
	who := address(m.At("chat"))
	if who == "" {
		u.odd("my_chat_member of a group", false)
		return
	}
	n := channels.Notice{Address: who, At: clock(m.At("date"))}
	switch m.At("new_chat_member", "status").Text() {
	case "kicked":
		n.About, n.Reason = channels.Blocked, "the customer has blocked the bot"
	case "member":
		n.About = channels.Unblocked
	default:
		u.odd("my_chat_member", false)
		return
	}
	u.event = n
}

// clock reads Unix seconds; zero if they are none of this age.
func clock(v loose.Value) time.Time {
	const latest = 1 << 33
	if n := v.Int(); n > 0 && n < latest {
		return time.Unix(n, 0)
	}
	return time.Time{}
}

// person is what a message tells of its sender.
func person(from loose.Value) map[string]string {
	out := map[string]string{}
	for ours, theirs := range map[string]string{
		channels.FirstName: "first_name", channels.LastName: "last_name", channels.Username: "username", channels.Language: "language_code",
	} {
		if s := strings.TrimSpace(from.At(theirs).Text()); s != "" {
			out[ours] = loose.Clip(s, 200)
		}
	}
	return out
}

// join makes one of the pieces of an album: its texts and files in the order in
// which they were sent. It is named after all of them, so that an album that
// comes again with more of its pieces is another message.
func join(pieces []update) update {
	slices.SortStableFunc(pieces, func(a, b update) int {
		return cmp.Compare(a.event.(channels.Inbound).Order, b.event.(channels.Inbound).Order)
	})
	whole := pieces[0]
	if len(pieces) == 1 {
		return whole
	}
	in := whole.event.(channels.Inbound)
	c := &event.Content{}
	var names, texts []string
	whole.raw = []byte("[")
	for i, p := range pieces {
		piece := p.event.(channels.Inbound)
		if slices.Contains(names, piece.ID) {
			continue
		}
		names = append(names, piece.ID)
		if t := piece.Content.Text; t != "" {
			texts = append(texts, t)
		}
		c.Attachments = append(c.Attachments, piece.Content.Attachments...)
		if i > 0 {
			whole.raw = append(whole.raw, ',')
		}
		whole.raw = append(whole.raw, p.raw...)
	}
	whole.raw = append(whole.raw, ']')
	c.Text = strings.Join(texts, "\n")
	in.Content, in.ID = c, strings.Join(names, "+")
	if len(in.ID) > 190 {
		sum := sha256.Sum256([]byte(in.ID))
		in.ID = "album:" + hex.EncodeToString(sum[:])
	}
	whole.event = in
	return whole
}
