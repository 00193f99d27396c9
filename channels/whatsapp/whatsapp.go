package whatsapp

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
	"crafttalkd/channels/call"
	"crafttalkd/channels/graph"
)

// Abilities are those of a number.
var Abilities = channels.Abilities{
	Name: "WhatsApp", Text: 4096, Files: 1, Largest: 100 << 20, Picture: 5 << 20,
	Buttons: 10, Label: 20, Place: true, Pace: channels.Pace{PerSecond: 80, Burst: 20},
	PerUser: channels.Pace{PerSecond: 1.0 / 6, Burst: 45},
	Asks:    []event.Ask{event.Ask_ASK_LOCATION}, Typing: true,
	Tells: []channels.About{channels.Edited, channels.Removed, channels.Arrived, channels.Seen, channels.Bounced},
	Names: true, Phones: true, Links: true, ByID: true, Window: 24, Webhook: true, Register: true,
}

// Fields are what an administrator enters.
var Fields = append([]channels.Field{
	{Key: "number_id", Title: "Phone number ID", Hint: "WhatsApp → API Setup", Kind: channels.Text, Required: true},
	{Key: "business_id", Title: "WhatsApp Business Account ID", Hint: "Нужен, чтобы подписаться на сообщения самим", Kind: channels.Text, Required: true},
	{Key: "token", Title: "Маркер доступа системного пользователя", Kind: channels.Secret, Required: true},
	{Key: "app_secret", Title: "Секрет приложения", Hint: "Приложение → Настройки → Основное", Kind: channels.Secret, Required: true},
	{Key: "verify_token", Title: "Маркер подтверждения", Hint: "Пусто: создадим сами и покажем", Kind: channels.Text, Advanced: true},
	{Key: "template", Title: "Шаблон после 24 часов", Hint: "Имя одобренного шаблона с одним параметром; пусто: сообщение не уйдёт", Kind: channels.Text},
	{Key: "template_language", Title: "Язык шаблона", Kind: channels.Text, Default: "ru"},
}, graph.Fields...)

// Settings are the open settings of an account.
type Settings struct {
	Number   string `json:"number_id"`
	Business string `json:"business_id"`
	Verify   string `json:"verify_token"` // of the handshake; ours if empty
	Template string `json:"template"`     // sent when the window is closed; empty sends nothing
	Language string `json:"template_language"`
	Version  string `json:"version"`
	BaseURL  string `json:"base_url"`
}

// Secrets are the secret settings of an account.
type Secrets struct {
	Token     string `json:"token"`
	AppSecret string `json:"app_secret"`
}

// A Channel is one number.
type Channel struct {
	config   channels.Config
	settings Settings
	app      *graph.App
}

// Open makes a channel from an account's settings.
func Open(c channels.Config) (channels.Channel, error) {
	var s Settings
	if err := channels.Strict(c.Settings, &s); err != nil {
		return nil, refusal.Of("settings", "the settings are not those of a number: %v", err)
	}
	if s.Language == "" {
		s.Language = "ru"
	}
	for field, id := range map[string]string{"settings.number_id": s.Number, "settings.business_id": s.Business} {
		if id == "" || strings.Trim(id, "0123456789") != "" {
			return nil, refusal.Of(field, "the id is a number, as Meta shows it")
		}
	}
	var secrets Secrets
	if err := channels.Strict(c.Secrets, &secrets); err != nil {
		return nil, refusal.Of("secrets", "the secrets are not those of a number")
	}
	app, err := graph.New(c, s.BaseURL, s.Version, secrets.AppSecret, secrets.Token, s.Verify)
	if err != nil {
		return nil, err
	}
	return &Channel{config: c, settings: s, app: app}, nil
}

// Probe asks which number it is.
func (c *Channel) Probe(ctx context.Context) (channels.Identity, error) {
	v, err := c.app.Ask(ctx, http.MethodGet, c.settings.Number+"?fields=verified_name,display_phone_number", call.Body{})
	if err != nil {
		return channels.Identity{}, err
	}
	number := channels.E164(v.At("display_phone_number").Text())
	return channels.Identity{Name: v.At("verified_name").Text(), Handle: number, URL: "https://wa.me/" + strings.TrimPrefix(number, "+")}, nil
}

// Link makes an address with a draft that holds the token: WhatsApp carries
// nothing else.
func (c *Channel) Link(ctx context.Context, token string) (string, error) {
	who, err := c.Probe(ctx)
	if err != nil {
		return "", err
	}
	return who.URL + "?text=" + url.QueryEscape(channels.Draft(token)), nil
}

// Register subscribes the app to the account. The address itself can only be
// entered in the app's dashboard.
func (c *Channel) Register(ctx context.Context, address string) error {
	path := c.settings.Business + "/subscribed_apps"
	if address == "" {
		_, err := c.app.Ask(ctx, http.MethodDelete, path, call.Body{})
		return err
	}
	v, err := c.app.Ask(ctx, http.MethodGet, path, call.Body{})
	if err != nil || len(v.At("data").List()) > 0 {
		return err
	}
	_, err = c.app.Ask(ctx, http.MethodPost, path, call.Form(url.Values{}))
	return err
}

// Enter tells what is to be entered at the provider beside the address.
func (c *Channel) Enter() []channels.Entry {
	return []channels.Entry{{Title: "Маркер подтверждения", Value: c.app.Verify}}
}

// Typing marks the customer's last message as read and shows that somebody is
// typing, which is one thing for WhatsApp.
func (c *Channel) Typing(ctx context.Context, address string) error {
	l, err := c.last(address)
	if err != nil || l.id == "" {
		return err
	}
	_, err = c.app.Ask(ctx, http.MethodPost, c.settings.Number+"/messages", call.JSON(map[string]any{
		"messaging_product": "whatsapp", "status": "read", "message_id": l.id, "typing_indicator": map[string]string{"type": "text"}}))
	return err
}

// Request makes the request for a file: its address is asked for each time, as
// it is good for minutes.
func (c *Channel) Request(ctx context.Context, ref string) (*http.Request, error) {
	v, err := c.app.Ask(ctx, http.MethodGet, url.PathEscape(ref)+"?phone_number_id="+c.settings.Number, call.Body{})
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, v.At("url").Text(), nil)
	if err != nil || r.URL.Host == "" {
		return nil, refusal.New(refusal.Invalid, "WhatsApp gives no address for the file")
	}
	r.Header = c.app.Header()
	return r, nil
}
