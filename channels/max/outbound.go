package max

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
	"crafttalkd/channels/call"
	"crafttalkd/channels/loose"
)

type (
	message struct {
		Text        string       `json:"text,omitempty"`
		Attachments []attachment `json:"attachments,omitempty"`
	}
	attachment struct {
		Type      string   `json:"type"`
		Payload   any      `json:"payload,omitempty"`
		Latitude  *float64 `json:"latitude,omitempty"`
		Longitude *float64 `json:"longitude,omitempty"`
	}
	board struct {
		Buttons [][]button `json:"buttons"`
	}
	button struct {
		Type    string `json:"type"`
		Text    string `json:"text"`
		Payload string `json:"payload,omitempty"`
	}
)

// Deliver implements [channels.Channel].
func (c *Channel) Deliver(ctx context.Context, m channels.Outbound) (string, error) {
	if strings.Trim(m.Address, "0123456789-") != "" || m.Address == "" {
		return "", refusal.New(refusal.Denied, "the address is not the number of a MAX user")
	}
	body := message{Text: loose.Clean(m.Content.GetText())}
	for _, a := range m.Content.GetAttachments() {
		up, err := c.upload(ctx, m, a)
		if err != nil {
			return "", err
		}
		body.Attachments = append(body.Attachments, up)
	}
	if l := m.Content.GetLocation(); l != nil {
		body.Attachments = append(body.Attachments, attachment{Type: "location", Latitude: &l.Latitude, Longitude: &l.Longitude})
	}
	if b := keyboard(m); b != nil {
		body.Attachments = append(body.Attachments, attachment{Type: "inline_keyboard", Payload: b})
	}
	a, err := c.caller.Send(ctx, http.MethodPost, c.settings.BaseURL+"/messages?user_id="+url.QueryEscape(m.Address), c.header(), call.JSON(body))
	if err != nil {
		return "", err
	}
	v, err := c.judge(a)
	return v.At("message", "body", "mid").Text(), err
}

// keyboard is the buttons and the wish of a message, one in a row.
func keyboard(m channels.Outbound) *board {
	var b board
	for i, one := range m.Content.GetButtons() {
		b.Buttons = append(b.Buttons, []button{{"callback", one.Caption, channels.Reference(m.ID, i)}})
	}
	switch m.Content.GetAsk() {
	case event.Ask_ASK_PHONE:
		b.Buttons = append(b.Buttons, []button{{Type: "request_contact", Text: "Отправить номер"}})
	case event.Ask_ASK_LOCATION:
		b.Buttons = append(b.Buttons, []button{{Type: "request_geo_location", Text: "Отправить местоположение"}})
	}
	if b.Buttons == nil {
		return nil
	}
	return &b
}

// upload brings a file to MAX in two steps. Where its token is told differs by
// what the file is.
func (c *Channel) upload(ctx context.Context, m channels.Outbound, a *event.Attachment) (attachment, error) {
	kind := kindOf(a)
	v, err := c.ask(ctx, http.MethodPost, "/uploads?type="+kind, nil)
	if err != nil {
		return attachment{}, err
	}
	f := call.File{Field: "data", Name: a.Name, Mime: a.Mime, Size: a.Size,
		Open: func(ctx context.Context) (io.ReadCloser, error) { return m.Open(ctx, a) }}
	// The place is told by MAX and is not ours: it gets no token.
	answer, err := c.caller.Ask(ctx, http.MethodPost, v.At("url").Text(), nil, call.Upload(nil, f))
	if err != nil {
		return attachment{}, err
	}
	if answer.Status != http.StatusOK {
		return attachment{}, fmt.Errorf("MAX's upload server answered %s", answer.Text())
	}
	up, parse := loose.Parse(answer.Body)
	switch kind {
	case "image":
		if photos := up.At("photos"); photos.IsObject() {
			return attachment{Type: kind, Payload: map[string]any{"photos": photos.Any()}}, nil
		}
	case "file":
		if token := up.At("token").Text(); token != "" {
			return attachment{Type: kind, Payload: map[string]string{"token": token}}, nil
		}
	default:
		if token := v.At("token").Text(); token != "" {
			return attachment{Type: kind, Payload: map[string]string{"token": token}}, nil
		}
	}
	if parse != nil {
		return attachment{}, fmt.Errorf("MAX's upload server answered with no JSON")
	}
	return attachment{}, refusal.New(refusal.Denied, "MAX does not take the file %s", a.Name)
}

// kindOf says as what a file goes up.
func kindOf(a *event.Attachment) string {
	kind, _, _ := strings.Cut(a.Mime, "/")
	switch {
	case kind == "image" && a.Size <= Abilities.Picture && a.Mime != "image/svg+xml":
		return "image"
	case kind == "video" && a.Size <= 250<<20:
		return "video"
	case kind == "audio" && a.Size <= 256<<20:
		return "audio"
	}
	return "file"
}
