package vk

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
	"crafttalkd/channels/call"
	"crafttalkd/channels/loose"
)

// Deliver implements [channels.Channel].
func (c *Channel) Deliver(ctx context.Context, m channels.Outbound) (string, error) {
	form, err := c.form(m)
	if err != nil {
		return "", err
	}
	var names []string
	for _, a := range m.Content.GetAttachments() {
		name, err := c.upload(ctx, m, a)
		if err != nil {
			return "", err
		}
		names = append(names, name)
	}
	if len(names) > 0 {
		form.Set("attachment", strings.Join(names, ","))
	}
	v, err := c.method(ctx, "messages.send", form)
	if err != nil {
		return "", err
	}
	// With peer_ids the answer is a list that tells the message's number in the
	// dialogue, or why there is none.
	one := v.First()
	if e := one.At("error"); e.Given() {
		return "", judge(e.At("code").Int(), loose.Clip(e.At("description").Text(), 200))
	}
	if id := one.At("conversation_message_id").Text(); id != "" && id != "0" {
		return id, nil
	}
	return cmp.Or(one.At("message_id").Text(), v.Text()), nil
}

// form is the message as messages.send takes it.
func (c *Channel) form(m channels.Outbound) (url.Values, error) {
	if _, err := strconv.ParseInt(m.Address, 10, 64); err != nil {
		return nil, refusal.New(refusal.Denied, "the address is not the number of a VK user")
	}
	form := url.Values{"peer_ids": {m.Address}, "random_id": {strconv.Itoa(int(random(m.Key)))},
		"dont_parse_links": {"0"}, "disable_mentions": {"1"}}
	if t := m.Content.GetText(); t != "" {
		form.Set("message", loose.Clean(t))
	}
	if l := m.Content.GetLocation(); l != nil {
		form.Set("lat", strconv.FormatFloat(l.Latitude, 'f', 6, 64))
		form.Set("long", strconv.FormatFloat(l.Longitude, 'f', 6, 64))
	}
	if k := keyboard(m); k != nil {
		b, err := json.Marshal(k)
		if err != nil {
			return nil, fmt.Errorf("encode the keyboard: %w", err)
		}
		form.Set("keyboard", string(b))
	}
	return form, nil
}

// random is the key as VK takes it: a whole number that is not 0.
func random(key string) int32 {
	sum := sha256.Sum256([]byte(key))
	return int32(binary.BigEndian.Uint32(sum[:])>>1) | 1
}

// A board is a keyboard under one message.
type (
	board struct {
		Inline  bool    `json:"inline"`
		Buttons [][]key `json:"buttons"`
	}
	key struct {
		Action action `json:"action"`
		Color  string `json:"color,omitempty"`
	}
	action struct {
		Type    string `json:"type"`
		Label   string `json:"label,omitempty"`
		Payload string `json:"payload,omitempty"` // JSON
	}
)

// rows is how many rows an inline keyboard may have; up to five buttons fit one.
const rows = 6

func keyboard(m channels.Outbound) *board {
	b := &board{Inline: true}
	all := m.Content.GetButtons()
	wide := (len(all) + rows - 1) / rows
	for i, one := range all {
		k := key{action{"text", one.Caption, fmt.Sprintf(`{"b":%q}`, channels.Reference(m.ID, i))}, "secondary"}
		if i%wide == 0 {
			b.Buttons = append(b.Buttons, nil)
		}
		last := len(b.Buttons) - 1
		b.Buttons[last] = append(b.Buttons[last], k)
	}
	if m.Content.GetAsk() == event.Ask_ASK_LOCATION {
		b.Buttons = append(b.Buttons, []key{{Action: action{Type: "location", Payload: "{}"}}})
	}
	if b.Buttons == nil {
		return nil
	}
	return b
}

// upload brings a file to VK in three steps and returns its name there.
func (c *Channel) upload(ctx context.Context, m channels.Outbound, a *event.Attachment) (string, error) {
	if picture(a) {
		return c.photo(ctx, m, a)
	}
	v, err := c.method(ctx, "docs.getMessagesUploadServer", url.Values{"peer_id": {m.Address}, "type": {"doc"}})
	if err != nil {
		return "", err
	}
	up, err := c.post(ctx, v.At("upload_url").Text(), m, a, "file")
	if err != nil {
		return "", err
	}
	if up.At("file").Text() == "" {
		return "", refusal.New(refusal.Denied, "VK does not take the file %s: %s", a.Name, loose.Clip(up.At("error_descr").Text(), 200))
	}
	saved, err := c.method(ctx, "docs.save", url.Values{"file": {up.At("file").Text()}, "title": {a.Name}})
	if err != nil {
		return "", err
	}
	return name("doc", saved.At("doc"))
}

func (c *Channel) photo(ctx context.Context, m channels.Outbound, a *event.Attachment) (string, error) {
	v, err := c.method(ctx, "photos.getMessagesUploadServer", url.Values{"peer_id": {m.Address}})
	if err != nil {
		return "", err
	}
	up, err := c.post(ctx, v.At("upload_url").Text(), m, a, "photo")
	if err != nil {
		return "", err
	}
	if p := up.At("photo").Text(); p == "" || p == "[]" {
		return "", refusal.New(refusal.Denied, "VK does not take the picture %s", a.Name)
	}
	form := url.Values{"server": {up.At("server").Text()}, "photo": {up.At("photo").Text()}, "hash": {up.At("hash").Text()}}
	saved, err := c.method(ctx, "photos.saveMessagesPhoto", form)
	if err != nil {
		return "", err
	}
	return name("photo", saved.First())
}

func picture(a *event.Attachment) bool {
	switch a.Mime {
	case "image/jpeg", "image/png", "image/gif":
		return a.Size <= Abilities.Picture
	}
	return false
}

// name is what a message calls something that was uploaded.
func name(kind string, v loose.Value) (string, error) {
	owner, id := v.At("owner_id").Text(), v.At("id").Text()
	if owner == "" || id == "" {
		return "", fmt.Errorf("VK saved nothing")
	}
	return strings.TrimSuffix(kind+owner+"_"+id+"_"+v.At("access_key").Text(), "_"), nil
}

// post gives a file to an upload server, without our token.
func (c *Channel) post(ctx context.Context, to string, m channels.Outbound, a *event.Attachment, field string) (loose.Value, error) {
	f := call.File{Field: field, Name: a.Name, Mime: a.Mime, Size: a.Size,
		Open: func(ctx context.Context) (io.ReadCloser, error) { return m.Open(ctx, a) }}
	answer, err := c.caller.Ask(ctx, http.MethodPost, to, nil, call.Upload(nil, f))
	if err != nil {
		return loose.Value{}, err
	}
	v, err := loose.Parse(answer.Body)
	if err != nil || answer.Status != http.StatusOK {
		return loose.Value{}, fmt.Errorf("VK's upload server answered %s", answer.Text())
	}
	return v, nil
}
