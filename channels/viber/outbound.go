package viber

import (
	"cmp"
	"context"
	"html"
	"net/http"
	"net/url"
	"path"
	"strings"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
	"crafttalkd/channels/call"
	"crafttalkd/channels/loose"
)

// asked is what comes back with the answer to a wish for the phone number.
const asked = "phone"

type (
	message struct {
		Receiver      string    `json:"receiver"`
		MinAPIVersion int       `json:"min_api_version"`
		Sender        sender    `json:"sender"`
		TrackingData  string    `json:"tracking_data,omitempty"`
		Type          string    `json:"type"`
		Text          string    `json:"text"`
		Media         string    `json:"media,omitempty"`
		Size          int64     `json:"size,omitempty"`
		FileName      string    `json:"file_name,omitempty"`
		Location      *location `json:"location,omitempty"`
		Keyboard      *keyboard `json:"keyboard,omitempty"`
	}
	sender struct {
		Name   string `json:"name"`
		Avatar string `json:"avatar,omitempty"`
	}
	location struct {
		Lat float64 `json:"lat"`
		Lon float64 `json:"lon"`
	}
	keyboard struct {
		Type    string   `json:"Type"`
		Buttons []button `json:"Buttons"`
	}
	button struct {
		Columns    int    `json:"Columns"`
		Rows       int    `json:"Rows"`
		ActionType string `json:"ActionType"`
		ActionBody string `json:"ActionBody"`
		Text       string `json:"Text"`
	}
)

// Deliver implements [channels.Channel]. A device that is too old for a wish
// is sent the words alone.
func (c *Channel) Deliver(ctx context.Context, m channels.Outbound) (string, error) {
	body, err := c.compose(ctx, m)
	if err != nil {
		return "", err
	}
	id, status, err := c.send(ctx, body)
	if status == noDevice && body.MinAPIVersion > 1 {
		body.MinAPIVersion, body.Keyboard, body.TrackingData = 1, nil, ""
		id, _, err = c.send(ctx, body)
	}
	return id, err
}

func (c *Channel) send(ctx context.Context, body *message) (id string, status int64, err error) {
	a, err := c.caller.Send(ctx, http.MethodPost, c.settings.BaseURL+"/send_message", c.header(), call.JSON(body))
	if err != nil {
		return "", 0, err
	}
	v, err := c.judge(a)
	return v.At("message_token").Text(), v.At("status").Int(), err
}

// compose is the message as Viber takes it.
func (c *Channel) compose(ctx context.Context, m channels.Outbound) (*message, error) {
	name := c.settings.Name
	if name == "" {
		b, err := c.account(ctx, false)
		if err != nil {
			return nil, err
		}
		name = loose.Clip(cmp.Or(b.name, "Support"), 28)
	}
	out := &message{Receiver: m.Address, MinAPIVersion: 1, Sender: sender{name, c.settings.Avatar}, Type: "text",
		Text: loose.Clean(m.Content.GetText()), Keyboard: board(m.Content)}
	switch m.Content.GetAsk() {
	case event.Ask_ASK_PHONE:
		out.MinAPIVersion, out.TrackingData = 3, asked
	case event.Ask_ASK_LOCATION:
		out.MinAPIVersion = 3
	}
	if l := m.Content.GetLocation(); l != nil {
		out.Type, out.Location = "location", &location{l.Latitude, l.Longitude}
	}
	for _, a := range m.Content.GetAttachments() {
		if err := out.attach(a); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// attach names a file, which Viber fetches from us.
func (m *message) attach(a *event.Attachment) error {
	if a.Source == "" {
		return errNoAddress
	}
	m.Media = a.Source
	// Viber knows what it fetches by how the address ends.
	if end := path.Ext(a.Name); end != "" && !strings.HasSuffix(a.Source, end) && strings.Contains(a.Source, "?") {
		m.Media += "&as=" + url.QueryEscape("file"+end)
	}
	switch a.Mime {
	case "image/jpeg", "image/png", "image/gif":
		if a.Size <= Abilities.Picture {
			m.Type = "picture"
			return nil
		}
	}
	m.Type, m.Size, m.FileName = "file", a.Size, loose.Clip(a.Name, 250)
	return nil
}

// errNoAddress tells the operator what an administrator must do.
var errNoAddress = refusal.New(refusal.Denied, "Viber fetches files from the server, which has no public address; start it with --public-url")

// board is the buttons and the wish of a message as a keyboard.
func board(c *event.Content) *keyboard {
	k := &keyboard{Type: "keyboard"}
	add := func(columns int, action, body, caption string) {
		k.Buttons = append(k.Buttons, button{columns, 1, action, body, html.EscapeString(caption)})
	}
	all := c.GetButtons()
	for i, b := range all {
		columns := 3
		if len(all)%2 == 1 && i == len(all)-1 || len(all) > 24 {
			columns = 6
		}
		// What is pressed comes back as a text that the customer sees too.
		add(columns, "reply", b.Caption, b.Caption)
	}
	switch c.GetAsk() {
	case event.Ask_ASK_PHONE:
		add(6, "share-phone", "phone", "Отправить номер")
	case event.Ask_ASK_LOCATION:
		add(6, "location-picker", "location", "Отправить местоположение")
	}
	if k.Buttons == nil {
		return nil
	}
	return k
}
