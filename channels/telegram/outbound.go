package telegram

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
	"crafttalkd/channels/call"
	"crafttalkd/channels/loose"
)

// A request is a call of one of the API's methods.
type request struct {
	method string
	fields map[string]any
	file   *event.Attachment
	as     string // the field of the file
}

// A keyboard is one of Telegram's, telegram.md 3.1.
type keyboard struct {
	Inline  [][]key `json:"inline_keyboard,omitempty"`
	Reply   [][]key `json:"keyboard,omitempty"`
	Resize  bool    `json:"resize_keyboard,omitempty"`
	Once    bool    `json:"one_time_keyboard,omitempty"`
	Removed bool    `json:"remove_keyboard,omitempty"`
}

type key struct {
	Text     string `json:"text"`
	Data     string `json:"callback_data,omitempty"`
	Contact  bool   `json:"request_contact,omitempty"`
	Location bool   `json:"request_location,omitempty"`
}

// Deliver sends one part of a message. It implements [channels.Channel].
func (c *Channel) Deliver(ctx context.Context, m channels.Outbound) (string, error) {
	chat, err := strconv.ParseInt(m.Address, 10, 64)
	if err != nil {
		return "", refusal.New(refusal.Invalid, "there is no such customer in Telegram: an address there is a number")
	}
	r := c.request(chat, m, c.answered(m.Address))
	a, err := c.send(ctx, r, m)
	if err == nil && r.as == "photo" && notAPicture(a) {
		r = asDocument(r)
		a, err = c.send(ctx, r, m)
	}
	if err != nil {
		return "", err
	}
	id, err := judge(a)
	if err == nil {
		c.remember(m.Address, r)
	}
	return id, err
}

// request translates a part. Removed tells that the keyboard by which the
// customer was asked for something has done its work.
func (c *Channel) request(chat int64, m channels.Outbound, removed bool) request {
	fields := map[string]any{"chat_id": chat}
	if k := c.keyboard(m); k != nil {
		fields["reply_markup"] = k
	} else if removed {
		fields["reply_markup"] = &keyboard{Removed: true}
	}
	p := m.Content
	switch {
	case len(p.Attachments) > 0:
		if p.Text != "" {
			fields["caption"] = p.Text
		}
		r := request{method: "sendDocument", fields: fields, file: p.Attachments[0], as: "document"}
		if picture(r.file) {
			r.method, r.as = "sendPhoto", "photo"
		}
		return r
	case p.Location != nil:
		fields["latitude"], fields["longitude"] = p.Location.Latitude, p.Location.Longitude
		return request{method: "sendLocation", fields: fields}
	}
	fields["text"] = p.Text
	return request{method: "sendMessage", fields: fields}
}

// picture tells whether a file is shown and not only named.
func picture(a *event.Attachment) bool {
	mime, _, _ := strings.Cut(a.Mime, ";")
	return (mime == "image/jpeg" || mime == "image/png" || mime == "image/webp") && a.Size <= Abilities.Picture
}

// asDocument is r for a file that Telegram can't show.
func asDocument(r request) request {
	r.method, r.as = "sendDocument", "document"
	return r
}

// keyboard is what the customer can press. A wish has its place under the
// field of input, and then buttons stand beside it and send what they say.
func (c *Channel) keyboard(m channels.Outbound) *keyboard {
	p := m.Content
	var wish key
	switch p.Ask {
	case event.Ask_ASK_PHONE:
		wish = key{Text: c.settings.PhoneButton, Contact: true}
	case event.Ask_ASK_LOCATION:
		wish = key{Text: c.settings.LocationButton, Location: true}
	default:
		if len(p.Buttons) == 0 {
			return nil
		}
		k := &keyboard{}
		for i, b := range p.Buttons {
			k.Inline = append(k.Inline, []key{{Text: b.Caption, Data: channels.Reference(m.ID, i)}})
		}
		return k
	}
	k := &keyboard{Reply: [][]key{{wish}}, Resize: true, Once: true}
	for _, b := range p.Buttons {
		k.Reply = append(k.Reply, []key{{Text: b.Caption}})
	}
	return k
}

// The keyboard by which a customer was asked lies on the shelf as shown, and as
// answered once the answer came. It is taken away with the next message.
const (
	keyboardOf = "keyboard"
	shown      = "shown"
	hasServed  = "answered"
)

func (c *Channel) answered(address string) bool {
	v, err := c.Shelf.Get(address, keyboardOf)
	return err == nil && string(v) == hasServed
}

// remember notes what became of the keyboard. If it can't, a keyboard stays
// that does no harm.
func (c *Channel) remember(address string, r request) {
	k, ok := r.fields["reply_markup"].(*keyboard)
	switch {
	case ok && k.Reply != nil:
		_ = c.Shelf.Put(address, keyboardOf, []byte(shown))
	case ok && k.Removed:
		_ = c.Shelf.Put(address, keyboardOf, nil)
	}
}

// send makes the call that sends a message.
func (c *Channel) send(ctx context.Context, r request, m channels.Outbound) (call.Answer, error) {
	if r.file == nil {
		return c.caller.Send(ctx, http.MethodPost, c.method(r.method), nil, call.JSON(r.fields))
	}
	form := map[string]string{}
	for name, v := range r.fields {
		if s, ok := v.(string); ok {
			form[name] = s
			continue
		}
		b, err := json.Marshal(v)
		if err != nil {
			return call.Answer{}, fmt.Errorf("encode %s: %w", name, err)
		}
		form[name] = string(b)
	}
	return c.caller.Send(ctx, http.MethodPost, c.method(r.method), nil, call.Upload(form, call.File{
		Field: r.as, Name: cmp.Or(r.file.Name, "file"), Mime: r.file.Mime, Size: r.file.Size,
		Open: func(ctx context.Context) (io.ReadCloser, error) { return m.Open(ctx, r.file) },
	}))
}

// ask makes a call that may be made again, and returns its result.
func (c *Channel) ask(ctx context.Context, from call.Caller, method string, fields map[string]any) (loose.Value, error) {
	body := map[string]any{}
	maps.Copy(body, fields)
	a, err := from.Ask(ctx, http.MethodPost, c.method(method), nil, call.JSON(body))
	if err != nil {
		return loose.Value{}, err
	}
	v, err := loose.Parse(a.Body)
	if err == nil && v.At("ok").Bool() {
		return v.At("result"), nil
	}
	if _, err := judge(a); err != nil {
		if u, ok := errors.AsType[*channels.Unsure](err); ok {
			err = u.Err
		}
		return loose.Value{}, err
	}
	return loose.Value{}, unreadable(a)
}

func unreadable(a call.Answer) error {
	return fmt.Errorf("Telegram's answer, status %s, is not what it should be", a.Text())
}

// judge says what an answer means, telegram.md 3.4. Answers that are not
// Telegram's come from what stands before it and say nothing about the message.
func judge(a call.Answer) (id string, err error) {
	v, err := loose.Parse(a.Body)
	if err != nil || !v.At("ok").Given() {
		if a.Status/100 == 2 {
			return "", &channels.Unsure{Err: unreadable(a)}
		}
		return "", unreadable(a)
	}
	if v.At("ok").Bool() {
		return v.At("result", "message_id").Text(), nil
	}
	code := int64(a.Status)
	if n := v.At("error_code").Int(); n != 0 {
		code = n
	}
	said := fmt.Errorf("Telegram answered %d: %s", code, loose.Clip(v.At("description").Text(), 300))
	wait := time.Duration(min(max(v.At("parameters", "retry_after").Int(), 0), 24*3600)) * time.Second
	switch {
	case code == http.StatusUnauthorized, code == http.StatusNotFound:
		return "", &channels.Broken{Err: fmt.Errorf("Telegram does not know the bot's token: %w", said)}
	case code == http.StatusTooManyRequests && wait > 0:
		return "", &channels.Later{After: wait, Err: said}
	case code == http.StatusTooManyRequests, code == http.StatusConflict, code/100 != 4:
		return "", said
	}
	return "", refuse(code, v)
}

// refuse says in our words why a message is not taken, for good.
func refuse(code int64, v loose.Value) error {
	text := loose.Clip(v.At("description").Text(), 300)
	is := func(part string) bool { return strings.Contains(strings.ToLower(text), part) }
	switch {
	case is("blocked by the user"):
		return refusal.New(refusal.Denied, "the customer has blocked the bot")
	case is("deactivated"):
		return refusal.New(refusal.Denied, "the customer's Telegram account is deleted")
	case is("initiate conversation"), is("chat not found"):
		return refusal.New(refusal.Denied, "the customer must write to the bot first")
	case v.At("parameters", "migrate_to_chat_id").Given():
		return refusal.New(refusal.Denied, "the chat is a group that has moved; only private chats are served")
	case code == http.StatusRequestEntityTooLarge, is("too large"), is("too big"):
		return refusal.New(refusal.Invalid, "the file is too large for Telegram; send a link to it")
	case code == http.StatusForbidden:
		return refusal.New(refusal.Denied, "Telegram does not let the bot write to this customer: %s", text)
	}
	return refusal.New(refusal.Invalid, "Telegram refused the message: %s", text)
}

// notAPicture tells whether Telegram refused a picture because it can't show
// it: too long, too narrow, not what it says.
func notAPicture(a call.Answer) bool {
	v, err := loose.Parse(a.Body)
	if err != nil || v.At("error_code").Int() != http.StatusBadRequest {
		return false
	}
	text := strings.ToUpper(v.At("description").Text())
	return strings.Contains(text, "PHOTO") || strings.Contains(text, "IMAGE")
}

// Typing shows that somebody is typing, for some five seconds. It implements
// [channels.Typist].
func (c *Channel) Typing(ctx context.Context, address string) error {
	if !number.MatchString(address) {
		return refusal.New(refusal.NotFound, "there is no such customer in Telegram")
	}
	_, err := c.ask(ctx, c.caller, "sendChatAction", map[string]any{"chat_id": json.Number(address), "action": "typing"})
	return err
}
