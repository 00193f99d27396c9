package max

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
	"crafttalkd/channels/call"
	"crafttalkd/channels/loose"
)

// Abilities are those of a bot.
var Abilities = channels.Abilities{
	Name: "MAX", Text: 4000, Caption: 4000, Files: 1, Largest: 4 << 30, Picture: 50 << 20,
	Buttons: 30, Label: 128, Place: true, Pace: channels.Pace{PerSecond: 30, Burst: 5},
	Asks: []event.Ask{event.Ask_ASK_PHONE, event.Ask_ASK_LOCATION}, Typing: true,
	Tells: []channels.About{channels.Edited, channels.Removed, channels.Started, channels.Blocked},
	Names: true, Links: true, Webhook: true, Register: true, Polls: true,
}

// Fields are what an administrator enters.
var Fields = []channels.Field{
	{Key: "token", Title: "Токен бота", Hint: "Платформа MAX для партнёров → Чат-боты → Настроить → Токен", Kind: channels.Secret, Required: true},
	{Key: "mode", Title: "Как получать сообщения", Hint: "Автоматически: вебхук, если у сервера есть внешний адрес, иначе опрос", Kind: channels.OneOf, Default: "auto",
		Choices: channels.Modes, Advanced: true},
	{Key: "base_url", Title: "Адрес API", Kind: channels.URL, Default: "https://platform-api2.max.ru", Advanced: true},
}

// Settings are the open settings of an account.
type Settings struct {
	Mode    string `json:"mode"`     // auto, webhook, polling
	BaseURL string `json:"base_url"` // https://platform-api2.max.ru if empty
}

// Secrets are the secret settings of an account.
type Secrets struct {
	Token string `json:"token"`
}

// A Channel is one bot.
type Channel struct {
	config   channels.Config
	settings Settings
	token    string
	secret   string // of the webhook
	caller   call.Caller
	patient  call.Caller // for answers that are long in coming
	me       call.Known[me]
}

// me is what MAX knows the bot by.
type me struct{ name, username string }

// Open makes a channel from an account's settings.
func Open(c channels.Config) (channels.Channel, error) {
	var s Settings
	if err := channels.Strict(c.Settings, &s); err != nil {
		return nil, refusal.Of("settings", "the settings are not those of a MAX bot: %v", err)
	}
	s.BaseURL, s.Mode = strings.TrimSuffix(cmp.Or(s.BaseURL, "https://platform-api2.max.ru"), "/"), cmp.Or(s.Mode, "auto")
	switch err := channels.CheckAddress("settings.base_url", s.BaseURL); {
	case s.Mode != "auto" && s.Mode != "webhook" && s.Mode != "polling":
		return nil, refusal.Of("settings.mode", "the mode is auto, webhook or polling")
	case err != nil:
		return nil, err
	}
	var secrets Secrets
	if err := channels.Strict(c.Secrets, &secrets); err != nil {
		return nil, refusal.Of("secrets", "the secrets are not those of a MAX bot")
	}
	if secrets.Token == "" {
		return nil, refusal.Of("secrets.token", "the bot's token is needed")
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	secret := c.Token("max webhook")
	return &Channel{config: c, settings: s, token: secrets.Token, secret: secret,
		caller:  call.Caller{Client: c.Client, Secrets: []string{secrets.Token, secret}},
		patient: call.Caller{Client: c.Patient, Secrets: []string{secrets.Token, secret}}}, nil
}

// header names us: the bare token.
func (c *Channel) header() http.Header { return http.Header{"Authorization": {c.token}} }

// ask makes a request that may be made again.
func (c *Channel) ask(ctx context.Context, method, path string, body any) (loose.Value, error) {
	b := call.Body{}
	if body != nil {
		b = call.JSON(body)
	}
	a, err := c.caller.Ask(ctx, method, c.settings.BaseURL+path, c.header(), b)
	if err != nil {
		return loose.Value{}, err
	}
	return c.judge(a)
}

// notReady is the code of a message whose file MAX has not worked through.
const notReady = "attachment.not.ready"

// judge reads an answer, see max.md 3.
func (c *Channel) judge(a call.Answer) (loose.Value, error) {
	v, parse := loose.Parse(a.Body)
	if a.Status == http.StatusOK && parse == nil {
		return v, nil
	}
	code, text := v.At("code").Text(), loose.Clip(v.At("message").Text(), 200)
	err := fmt.Errorf("MAX answered %s: %s %s", a.Text(), code, text)
	switch {
	case a.Status == http.StatusUnauthorized || code == "verify.token":
		return v, &channels.Broken{Err: err}
	case a.Status == http.StatusTooManyRequests:
		return v, &channels.Later{After: max(a.RetryAfter(c.config.Now()), time.Second), Err: err}
	case code == notReady:
		return v, &channels.Later{After: 2 * time.Second, Only: true, Err: err}
	case a.Status == http.StatusForbidden || strings.HasPrefix(code, "chat.denied") || strings.HasPrefix(code, "dialog."):
		return v, refusal.New(refusal.Denied, "the customer has stopped the bot")
	case a.Status == http.StatusNotFound:
		return v, refusal.New(refusal.Denied, "MAX does not know this customer")
	case a.Status/100 == 4:
		return v, refusal.New(refusal.Denied, "MAX refused the message: %s %s", code, text)
	}
	return v, err
}

// Probe asks who the bot is.
func (c *Channel) Probe(ctx context.Context) (channels.Identity, error) {
	m, err := c.self(ctx, true)
	if err != nil {
		return channels.Identity{}, err
	}
	return channels.Identity{Name: m.name, Handle: "@" + m.username, URL: "https://max.ru/" + m.username}, nil
}

// Link makes the address whose payload comes with the start of the bot.
func (c *Channel) Link(ctx context.Context, token string) (string, error) {
	m, err := c.self(ctx, false)
	if err != nil {
		return "", err
	}
	return "https://max.ru/" + m.username + "?start=" + url.QueryEscape(token), nil
}

// self is the bot as MAX knows it.
func (c *Channel) self(ctx context.Context, anew bool) (me, error) {
	return c.me.Get(ctx, anew, func(ctx context.Context) (me, error) {
		v, err := c.ask(ctx, http.MethodGet, "/me", nil)
		return me{cmp.Or(v.At("name").Text(), v.At("first_name").Text()), v.At("username").Text()}, err
	})
}

// kinds are the updates that we ask for.
var kinds = []string{"message_created", "message_edited", "message_removed", "message_callback", "bot_started", "bot_stopped"}

// Register makes our address the only one that updates go to.
func (c *Channel) Register(ctx context.Context, address string) error {
	if c.settings.Mode == "polling" {
		address = ""
	}
	v, err := c.ask(ctx, http.MethodGet, "/subscriptions", nil)
	if err != nil {
		return err
	}
	there := false
	for _, s := range v.At("subscriptions").List() {
		switch known := s.At("url").Text(); {
		case known == address:
			there = true
		case known != "":
			if _, err := c.ask(ctx, http.MethodDelete, "/subscriptions?url="+url.QueryEscape(known), nil); err != nil {
				return err
			}
		}
	}
	if there || address == "" {
		return nil
	}
	_, err = c.ask(ctx, http.MethodPost, "/subscriptions", map[string]any{"url": address, "update_types": kinds, "secret": c.secret})
	return err
}

// Typing shows that somebody is typing. It is done in a dialogue, whose number
// lies on the shelf since the customer's last message.
func (c *Channel) Typing(ctx context.Context, address string) error {
	chat, err := c.config.Shelf.Get(address, "chat")
	if err != nil || chat == nil {
		return err
	}
	_, err = c.ask(ctx, http.MethodPost, "/chats/"+url.PathEscape(string(chat))+"/actions", map[string]string{"action": "typing_on"})
	return err
}
