package facebook

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"crafttalkd/actors/event"
	"crafttalkd/channels"
	"crafttalkd/channels/call"
	"crafttalkd/channels/loose"
)

type (
	sent struct {
		Recipient recipient `json:"recipient"`
		Type      string    `json:"messaging_type"`
		Tag       string    `json:"tag,omitempty"`
		Message   said      `json:"message"`
	}
	recipient struct {
		ID string `json:"id"`
	}
	said struct {
		Text         string       `json:"text,omitempty"`
		Attachment   *attachment  `json:"attachment,omitempty"`
		QuickReplies []quickReply `json:"quick_replies,omitempty"`
		Metadata     string       `json:"metadata,omitempty"`
	}
	attachment struct {
		Type    string   `json:"type"`
		Payload struct{} `json:"payload"`
	}
	quickReply struct {
		Type    string `json:"content_type"`
		Title   string `json:"title,omitempty"`
		Payload string `json:"payload,omitempty"`
	}
)

// Deliver implements [channels.Channel].
func (c *Channel) Deliver(ctx context.Context, m channels.Outbound) (string, error) {
	body := sent{Recipient: recipient{m.Address}, Type: "RESPONSE", Message: said{Text: loose.Clean(m.Content.GetText()), Metadata: loose.Clip(m.Key, 900)}}
	if c.settings.HumanAgent && !m.Automatic {
		body.Type, body.Tag = "MESSAGE_TAG", "HUMAN_AGENT"
	}
	for i, b := range m.Content.GetButtons() {
		body.Message.QuickReplies = append(body.Message.QuickReplies, quickReply{"text", b.Caption, channels.Reference(m.ID, i)})
	}
	if m.Content.GetAsk() == event.Ask_ASK_PHONE {
		body.Message.QuickReplies = append(body.Message.QuickReplies, quickReply{Type: "user_phone_number"})
	}
	b := call.JSON(body)
	for _, a := range m.Content.GetAttachments() {
		var err error
		if b, err = upload(body, m, a); err != nil {
			return "", err
		}
	}
	v, err := c.app.Send(ctx, c.settings.Page+"/messages", b)
	return v.At("message_id").Text(), err
}

// upload is a message that brings a file: words can't go with it.
func upload(s sent, m channels.Outbound, a *event.Attachment) (call.Body, error) {
	s.Message.Attachment = &attachment{Type: kindOf(a)}
	fields := map[string]string{"messaging_type": s.Type}
	if s.Tag != "" {
		fields["tag"] = s.Tag
	}
	for name, v := range map[string]any{"recipient": s.Recipient, "message": s.Message} {
		b, err := json.Marshal(v)
		if err != nil {
			return call.Body{}, fmt.Errorf("encode the message: %w", err)
		}
		fields[name] = string(b)
	}
	return call.Upload(fields, call.File{Field: "filedata", Name: a.Name, Mime: a.Mime, Size: a.Size,
		Open: func(ctx context.Context) (io.ReadCloser, error) { return m.Open(ctx, a) }}), nil
}

// kindOf says as what a file goes.
func kindOf(a *event.Attachment) string {
	kind, _, _ := strings.Cut(a.Mime, "/")
	switch kind {
	case "image":
		if a.Size <= Abilities.Picture {
			return kind
		}
	case "audio", "video":
		return kind
	}
	return "file"
}
