package facebook

import (
	"cmp"
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

// Abilities are those of a page.
var Abilities = channels.Abilities{
	Name: "Facebook Messenger", Text: 2000, Files: 1, Largest: 25 << 20, Picture: 8 << 20,
	Buttons: 13, Label: 20, Pace: channels.Pace{PerSecond: 100, Burst: 20},
	Asks: []event.Ask{event.Ask_ASK_PHONE}, Typing: true,
	Tells: []channels.About{channels.Edited, channels.Arrived, channels.Seen, channels.Started},
	Names: true, Links: true, Window: 24, Webhook: true, Register: true,
}

// Fields are what an administrator enters.
var Fields = append([]channels.Field{
	{Key: "page_id", Title: "Номер страницы", Kind: channels.Text, Required: true},
	{Key: "token", Title: "Маркер доступа страницы", Hint: "Приложение → Messenger → Настройки → Маркеры доступа", Kind: channels.Secret, Required: true},
	{Key: "app_secret", Title: "Секрет приложения", Hint: "Приложение → Настройки → Основное", Kind: channels.Secret, Required: true},
	{Key: "verify_token", Title: "Маркер подтверждения", Hint: "Пусто: создадим сами и покажем", Kind: channels.Text, Advanced: true},
	{Key: "human_agent", Title: "Отвечать до 7 дней (HUMAN_AGENT)", Hint: "Только если Meta дала это право", Kind: channels.Bool, Advanced: true},
}, graph.Fields...)

// Settings are the open settings of an account.
type Settings struct {
	Page       string `json:"page_id"`
	Verify     string `json:"verify_token"` // of the handshake; ours if empty
	HumanAgent bool   `json:"human_agent"`  // operators may write for seven days
	Version    string `json:"version"`
	BaseURL    string `json:"base_url"`
}

// Secrets are the secret settings of an account.
type Secrets struct {
	Token     string `json:"token"`
	AppSecret string `json:"app_secret"`
}

// A Channel is one page.
type Channel struct {
	config   channels.Config
	settings Settings
	app      *graph.App
}

// Open makes a channel from an account's settings.
func Open(c channels.Config) (channels.Channel, error) {
	var s Settings
	if err := channels.Strict(c.Settings, &s); err != nil {
		return nil, refusal.Of("settings", "the settings are not those of a page: %v", err)
	}
	if s.Page == "" || strings.Trim(s.Page, "0123456789") != "" {
		return nil, refusal.Of("settings.page_id", "the number of the page is needed")
	}
	var secrets Secrets
	if err := channels.Strict(c.Secrets, &secrets); err != nil {
		return nil, refusal.Of("secrets", "the secrets are not those of a page")
	}
	app, err := graph.New(c, s.BaseURL, s.Version, secrets.AppSecret, secrets.Token, s.Verify)
	if err != nil {
		return nil, err
	}
	return &Channel{config: c, settings: s, app: app}, nil
}

// Probe asks who the page is.
func (c *Channel) Probe(ctx context.Context) (channels.Identity, error) {
	v, err := c.app.Ask(ctx, http.MethodGet, c.settings.Page+"?fields=name,username", call.Body{})
	if err != nil {
		return channels.Identity{}, err
	}
	handle := cmp.Or(v.At("username").Text(), c.settings.Page)
	return channels.Identity{Name: v.At("name").Text(), Handle: handle, URL: "https://m.me/" + handle}, nil
}

// Link makes the address whose ref comes with the start of the conversation.
func (c *Channel) Link(_ context.Context, token string) (string, error) {
	return "https://m.me/" + c.settings.Page + "?ref=" + url.QueryEscape(token), nil
}

// fields are the events that we handle.
const fields = "messages,messaging_postbacks,messaging_optins,messaging_referrals,messaging_account_linking,message_deliveries,message_reads,message_edits"

// start is what the button sends that begins a conversation. Without it no ref
// of an invite link comes.
const start = "GET_STARTED"

// Register subscribes the app to the page's events. The address itself can only
// be entered in the app's dashboard.
func (c *Channel) Register(ctx context.Context, address string) error {
	path := c.settings.Page + "/subscribed_apps"
	if address == "" {
		_, err := c.app.Ask(ctx, http.MethodDelete, path, call.Body{})
		return err
	}
	v, err := c.app.Ask(ctx, http.MethodGet, path, call.Body{})
	if err != nil {
		return err
	}
	if subscribed := v.At("data").List(); len(subscribed) == 0 || len(subscribed[0].At("subscribed_fields").List()) < strings.Count(fields, ",")+1 {
		if _, err := c.app.Ask(ctx, http.MethodPost, path, call.Form(url.Values{"subscribed_fields": {fields}})); err != nil {
			return err
		}
		_, err = c.app.Ask(ctx, http.MethodPost, "me/messenger_profile", call.JSON(map[string]any{"get_started": map[string]string{"payload": start}}))
	}
	return err
}

// Enter tells what is to be entered at the provider beside the address.
func (c *Channel) Enter() []channels.Entry {
	return []channels.Entry{{Title: "Маркер подтверждения", Value: c.app.Verify}}
}

// Introduce asks for the name behind an address.
func (c *Channel) Introduce(ctx context.Context, address string) (map[string]string, error) {
	v, err := c.app.Ask(ctx, http.MethodGet, url.PathEscape(address)+"?fields=first_name,last_name,profile_pic", call.Body{})
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for name, value := range map[string]string{channels.FirstName: v.At("first_name").Text(),
		channels.LastName: v.At("last_name").Text(), channels.Avatar: v.At("profile_pic").Text()} {
		if value != "" {
			out[name] = value
		}
	}
	return out, nil
}

// Typing shows that somebody is typing, for about twenty seconds.
func (c *Channel) Typing(ctx context.Context, address string) error {
	_, err := c.app.Ask(ctx, http.MethodPost, c.settings.Page+"/messages",
		call.JSON(map[string]any{"recipient": map[string]string{"id": address}, "sender_action": "typing_on"}))
	return err
}
