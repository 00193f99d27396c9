package viber

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
	"crafttalkd/channels/call"
	"crafttalkd/channels/loose"
)

// Abilities are those of a bot.
var Abilities = channels.Abilities{
	Name: "Viber", Text: 7000, Files: 1, Largest: 50 << 20, Picture: 1 << 20, Linked: true,
	Buttons: 24, Label: 250, Place: true, Pace: channels.Pace{PerSecond: 50, Burst: 10},
	PerUser: channels.Pace{PerSecond: 1, Burst: 20},
	Asks:    []event.Ask{event.Ask_ASK_PHONE, event.Ask_ASK_LOCATION},
	Tells:   []channels.About{channels.Arrived, channels.Seen, channels.Bounced, channels.Started, channels.Blocked, channels.Unblocked},
	Names:   true, Links: true, Webhook: true, Register: true,
}

// Fields are what an administrator enters.
var Fields = []channels.Field{
	{Key: "token", Title: "Токен бота", Hint: "Viber Admin Panel → Info → Your app key", Kind: channels.Secret, Required: true},
	{Key: "name", Title: "Имя отправителя", Hint: "Не больше 28 знаков; пусто: имя бота", Kind: channels.Text},
	{Key: "avatar", Title: "Картинка отправителя", Hint: "Адрес картинки не больше 100 КБ", Kind: channels.URL, Advanced: true},
	{Key: "base_url", Title: "Адрес API", Kind: channels.URL, Default: "https://chatapi.viber.com/pa", Advanced: true},
}

// Settings are the open settings of an account.
type Settings struct {
	Name    string `json:"name"`     // of the sender, at most 28 characters; the bot's if empty
	Avatar  string `json:"avatar"`   // the sender's picture, an address
	BaseURL string `json:"base_url"` // https://chatapi.viber.com/pa if empty
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
	caller   call.Caller
	bot      call.Known[bot]
}

// A bot is what Viber knows ours by.
type bot struct{ name, uri, webhook string }

// Open makes a channel from an account's settings.
func Open(c channels.Config) (channels.Channel, error) {
	var s Settings
	if err := channels.Strict(c.Settings, &s); err != nil {
		return nil, refusal.Of("settings", "the settings are not those of a Viber bot: %v", err)
	}
	s.BaseURL = strings.TrimSuffix(cmp.Or(s.BaseURL, "https://chatapi.viber.com/pa"), "/")
	for field, address := range map[string]string{"settings.base_url": s.BaseURL, "settings.avatar": cmp.Or(s.Avatar, s.BaseURL)} {
		if err := channels.CheckAddress(field, address); err != nil {
			return nil, err
		}
	}
	if utf8.RuneCountInString(s.Name) > 28 {
		return nil, refusal.Of("settings.name", "the sender's name has at most 28 characters")
	}
	var secrets Secrets
	if err := channels.Strict(c.Secrets, &secrets); err != nil {
		return nil, refusal.Of("secrets", "the secrets are not those of a Viber bot")
	}
	if secrets.Token == "" {
		return nil, refusal.Of("secrets.token", "the bot's token is needed")
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return &Channel{config: c, settings: s, token: secrets.Token,
		caller: call.Caller{Client: c.Client, Secrets: []string{secrets.Token}}}, nil
}

func (c *Channel) header() http.Header {
	return http.Header{"X-Viber-Auth-Token": {c.token}}
}

// method calls a method that may be called again.
func (c *Channel) method(ctx context.Context, name string, body any) (loose.Value, error) {
	a, err := c.caller.Ask(ctx, http.MethodPost, c.settings.BaseURL+"/"+name, c.header(), call.JSON(body))
	if err != nil {
		return loose.Value{}, err
	}
	return c.judge(a)
}

// judge reads an answer: an error is in its status.
func (c *Channel) judge(a call.Answer) (loose.Value, error) {
	if a.Status == http.StatusTooManyRequests {
		return loose.Value{}, &channels.Later{After: max(a.RetryAfter(c.config.Now()), time.Second), Err: fmt.Errorf("Viber answered %s", a.Text())}
	}
	v, err := loose.Parse(a.Body)
	if err != nil || a.Status != http.StatusOK || !v.At("status").Given() {
		return loose.Value{}, fmt.Errorf("Viber answered %s", a.Text())
	}
	if n := v.At("status").Int(); n != 0 {
		return v, failure(n, loose.Clip(v.At("status_message").Text(), 200))
	}
	return v, nil
}

// noDevice is the status of a message that the customer's devices are too old
// for.
const noDevice = 11

// failure says what a status means, see viber.md 6.
func failure(n int64, text string) error {
	err := fmt.Errorf("Viber: %s (status %d)", text, n)
	switch n {
	case 2, 7, 8, 9, 10, 15, 21, 22, 23, 24:
		return &channels.Broken{Err: err}
	case 5:
		return refusal.New(refusal.Denied, "the customer is not a user of Viber any more")
	case 6:
		return refusal.New(refusal.Denied, "the customer is not subscribed to the bot")
	case noDevice:
		return refusal.New(refusal.Denied, "the customer's Viber is too old for this message")
	case 12:
		return &channels.Later{After: time.Minute, Only: true, Err: err}
	case 1, 3, 4, 13, 14, 16, 17, 18, 19, 20:
		return refusal.New(refusal.Denied, "Viber refused the message: %s (status %d)", text, n)
	}
	return err
}

// Probe asks who the bot is.
func (c *Channel) Probe(ctx context.Context) (channels.Identity, error) {
	b, err := c.account(ctx, true)
	if err != nil {
		return channels.Identity{}, err
	}
	return channels.Identity{Name: b.name, Handle: b.uri, URL: "viber://pa?chatURI=" + url.QueryEscape(b.uri)}, nil
}

// Link makes the address whose context comes when the conversation starts.
func (c *Channel) Link(ctx context.Context, token string) (string, error) {
	b, err := c.account(ctx, false)
	if err != nil {
		return "", err
	}
	return "viber://pa?chatURI=" + url.QueryEscape(b.uri) + "&context=" + url.QueryEscape(token), nil
}

// Register sets the webhook. While the call runs Viber calls it once.
func (c *Channel) Register(ctx context.Context, address string) error {
	b, err := c.account(ctx, true)
	if err != nil {
		return err
	}
	if b.webhook == address {
		return nil
	}
	_, err = c.method(ctx, "set_webhook", map[string]any{
		"url": address, "send_name": true, "send_photo": true,
		"event_types": []string{"delivered", "seen", "failed", "subscribed", "unsubscribed", "conversation_started"},
	})
	return err
}

// account is the bot as Viber knows it.
func (c *Channel) account(ctx context.Context, anew bool) (bot, error) {
	return c.bot.Get(ctx, anew, func(ctx context.Context) (bot, error) {
		v, err := c.method(ctx, "get_account_info", struct{}{})
		return bot{v.At("name").Text(), v.At("uri").Text(), v.At("webhook").Text()}, err
	})
}
