package whatsapp

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"regexp"
	"strings"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/channels"
	"crafttalkd/channels/call"
	"crafttalkd/channels/graph"
	"crafttalkd/channels/loose"
)

// A message is what WhatsApp takes.
type body map[string]any

// scoped is how a business-scoped id looks, see whatsapp.md 4.
var scoped = regexp.MustCompile(`^[A-Z]{2}\.(ENT\.)?[0-9A-Za-z]{1,128}$`)

// Deliver implements [channels.Channel].
func (c *Channel) Deliver(ctx context.Context, m channels.Outbound) (string, error) {
	open, err := c.window(m.Address)
	if err != nil {
		return "", err
	}
	if !open {
		return c.knock(ctx, m)
	}
	b, err := c.compose(ctx, m)
	if err != nil {
		return "", err
	}
	id, err := c.send(ctx, m, b)
	if errors.Is(err, graph.ErrWindow) {
		return c.knock(ctx, m)
	}
	return id, err
}

// window tells whether the customer wrote within the last 24 hours. A customer
// who never wrote is not known here, and WhatsApp decides.
func (c *Channel) window(address string) (open bool, err error) {
	l, err := c.last(address)
	return l.at.IsZero() || c.app.Now().Sub(l.at) < 24*time.Hour, err
}

// knock sends the template in place of what may not go out.
func (c *Channel) knock(ctx context.Context, m channels.Outbound) (string, error) {
	if c.settings.Template == "" || m.Content.GetText() == "" || len(m.Content.GetAttachments()) > 0 {
		return "", graph.ErrWindow
	}
	return c.send(ctx, m, c.template(m))
}

func (c *Channel) send(ctx context.Context, m channels.Outbound, b body) (string, error) {
	b["messaging_product"], b["recipient_type"], b["biz_opaque_callback_data"] = "whatsapp", "individual", loose.Clip(m.Key, 500)
	if scoped.MatchString(m.Address) {
		b["recipient"] = m.Address
	} else {
		b["to"] = strings.TrimPrefix(m.Address, "+")
	}
	v, err := c.app.Send(ctx, c.settings.Number+"/messages", call.JSON(b))
	if err != nil {
		return "", err
	}
	return v.At("messages").First().At("id").Text(), nil
}

// template is the text as the parameter of the approved template. It may hold
// neither line breaks nor many blanks.
func (c *Channel) template(m channels.Outbound) body {
	text := strings.Join(strings.Fields(loose.Clean(m.Content.GetText())), " ")
	return body{"type": "template", "template": map[string]any{
		"name": c.settings.Template, "language": map[string]string{"code": c.settings.Language},
		"components": []any{map[string]any{"type": "body", "parameters": []any{map[string]string{"type": "text", "text": text}}}}}}
}

// compose is the message as WhatsApp takes it.
func (c *Channel) compose(ctx context.Context, m channels.Outbound) (body, error) {
	text := loose.Clean(m.Content.GetText())
	if files := m.Content.GetAttachments(); len(files) > 0 {
		return c.file(ctx, m, files[0])
	}
	switch l, buttons := m.Content.GetLocation(), m.Content.GetButtons(); {
	case l != nil:
		return body{"type": "location", "location": map[string]float64{"latitude": l.Latitude, "longitude": l.Longitude}}, nil
	case m.Content.GetAsk() == event.Ask_ASK_LOCATION:
		return body{"type": "interactive", "interactive": map[string]any{"type": "location_request_message",
			"body": map[string]string{"text": text}, "action": map[string]string{"name": "send_location"}}}, nil
	case len(buttons) > 0:
		return body{"type": "interactive", "interactive": choices(m, text, buttons)}, nil
	}
	return body{"type": "text", "text": map[string]any{"body": text, "preview_url": false}}, nil
}

// choices is a message with buttons, or with a list where there are many of
// them or the text is long: see whatsapp.md 3.
func choices(m channels.Outbound, text string, buttons []*event.Button) map[string]any {
	words := map[string]string{"text": cmp.Or(text, "…")}
	var replies, rows []any
	for i, b := range buttons {
		one := map[string]string{"id": channels.Reference(m.ID, i), "title": b.Caption}
		replies, rows = append(replies, map[string]any{"type": "reply", "reply": one}), append(rows, one)
	}
	if len(buttons) <= 3 && len([]rune(text)) <= 1024 {
		return map[string]any{"type": "button", "body": words, "action": map[string]any{"buttons": replies}}
	}
	return map[string]any{"type": "list", "body": words,
		"action": map[string]any{"button": "Выбрать", "sections": []any{map[string]any{"title": "Варианты", "rows": rows}}}}
}

// file is a message with a file, which goes up before.
func (c *Channel) file(ctx context.Context, m channels.Outbound, a *event.Attachment) (body, error) {
	up := call.Upload(map[string]string{"messaging_product": "whatsapp", "type": a.Mime}, call.File{Field: "file", Name: a.Name, Mime: a.Mime, Size: a.Size,
		Open: func(ctx context.Context) (io.ReadCloser, error) { return m.Open(ctx, a) }})
	v, err := c.app.Ask(ctx, http.MethodPost, c.settings.Number+"/media", up)
	if err != nil {
		return nil, err
	}
	kind := kindOf(a)
	media := map[string]string{"id": v.At("id").Text()}
	if kind == "document" {
		media["filename"] = a.Name
	}
	return body{"type": kind, kind: media}, nil
}

// kindOf says as what a file goes: what WhatsApp does not show as it is goes as
// a document.
func kindOf(a *event.Attachment) string {
	switch {
	case (a.Mime == "image/jpeg" || a.Mime == "image/png") && a.Size <= Abilities.Picture:
		return "image"
	case a.Mime == "video/mp4" && a.Size <= 16<<20:
		return "video"
	case strings.HasPrefix(a.Mime, "audio/") && a.Size <= 16<<20:
		return "audio"
	}
	return "document"
}
