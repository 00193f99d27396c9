package vk

import (
	"cmp"
	"context"
	"net/url"
	"strings"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
	"crafttalkd/channels/call"
)

// Abilities are those of a community.
var Abilities = channels.Abilities{
	Name: "VK", Text: 4096, Caption: 4096, Files: 10, Largest: 200 << 20, Picture: 50 << 20,
	Buttons: 10, Label: 40, Place: true, Pace: channels.Pace{PerSecond: 20, Burst: 5},
	Asks: []event.Ask{event.Ask_ASK_LOCATION}, Typing: true,
	Tells: []channels.About{channels.Edited, channels.Seen, channels.Blocked, channels.Unblocked, channels.Typing},
	Names: true, Links: true, Webhook: true, Register: true, Polls: true,
}

// Fields are what an administrator enters.
var Fields = []channels.Field{
	{Key: "group_id", Title: "Номер сообщества", Hint: "Число из адреса vk.ru/club…", Kind: channels.Text, Required: true},
	{Key: "token", Title: "Ключ доступа сообщества", Hint: "Управление → Работа с API → Ключи доступа; права: управление, сообщения, фотографии, документы", Kind: channels.Secret, Required: true},
	{Key: "mode", Title: "Как получать сообщения", Hint: "Автоматически: вебхук, если у сервера есть внешний адрес, иначе опрос", Kind: channels.OneOf, Default: "auto",
		Choices: channels.Modes, Advanced: true},
	{Key: "confirmation", Title: "Строка, которую должен вернуть сервер", Hint: "Пусто: узнаем сами", Kind: channels.Text, Advanced: true},
	{Key: "secret", Title: "Секретный ключ Callback API", Hint: "Пусто: создадим сами", Kind: channels.Secret, Advanced: true},
	{Key: "version", Title: "Версия API", Kind: channels.Text, Default: "5.199", Advanced: true},
	{Key: "base_url", Title: "Адрес API", Kind: channels.URL, Default: "https://api.vk.ru", Advanced: true},
}

// Settings are the open settings of an account.
type Settings struct {
	Group        string `json:"group_id"`     // the community's number
	Confirmation string `json:"confirmation"` // what VK expects as a handshake; asked for if empty
	Mode         string `json:"mode"`         // auto, webhook, polling
	Version      string `json:"version"`      // of the API; 5.199 if empty
	BaseURL      string `json:"base_url"`     // https://api.vk.ru if empty
}

// Secrets are the secret settings of an account.
type Secrets struct {
	Token  string `json:"token"`  // access token of the community: messages, photos, docs, manage
	Secret string `json:"secret"` // of the Callback API; ours if empty
}

// A Channel is one community.
type Channel struct {
	config   channels.Config
	settings Settings
	token    string
	secret   string
	caller   call.Caller
	patient  call.Caller // for answers that are long in coming
	group    call.Known[identity]
	code     call.Known[string] // of the confirmation
}

type identity struct{ name, screen string }

// Open makes a channel from an account's settings.
func Open(c channels.Config) (channels.Channel, error) {
	var s Settings
	if err := channels.Strict(c.Settings, &s); err != nil {
		return nil, refusal.Of("settings", "the settings are not those of a community: %v", err)
	}
	s.Group = strings.TrimPrefix(strings.TrimSpace(s.Group), "-")
	s.Version, s.BaseURL, s.Mode = cmp.Or(s.Version, "5.199"), strings.TrimSuffix(cmp.Or(s.BaseURL, "https://api.vk.ru"), "/"), cmp.Or(s.Mode, "auto")
	switch err := channels.CheckAddress("settings.base_url", s.BaseURL); {
	case s.Group == "" || strings.Trim(s.Group, "0123456789") != "":
		return nil, refusal.Of("settings.group_id", "the number of the community is needed")
	case s.Mode != "auto" && s.Mode != "webhook" && s.Mode != "polling":
		return nil, refusal.Of("settings.mode", "the mode is auto, webhook or polling")
	case err != nil:
		return nil, err
	}
	var secrets Secrets
	if err := channels.Strict(c.Secrets, &secrets); err != nil {
		return nil, refusal.Of("secrets", "the secrets are not those of a community")
	}
	if secrets.Token == "" {
		return nil, refusal.Of("secrets.token", "the access token of the community is needed")
	}
	secret := secrets.Secret
	if secret == "" {
		// VK takes up to 50 letters and digits.
		secret = strings.Map(alphanumeric, c.Token("vk callback"))
		secret = secret[:min(len(secret), 40)]
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return &Channel{config: c, settings: s, token: secrets.Token, secret: secret,
		caller:  call.Caller{Client: c.Client, Secrets: []string{secrets.Token, secret}},
		patient: call.Caller{Client: c.Patient, Secrets: []string{secrets.Token, secret}}}, nil
}

func alphanumeric(r rune) rune {
	if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
		return r
	}
	return -1
}

// Idempotent tells that a repeated random_id sends nothing a second time.
func (c *Channel) Idempotent() bool { return true }

// Probe asks who the community is.
func (c *Channel) Probe(ctx context.Context) (channels.Identity, error) {
	g, err := c.community(ctx, true)
	if err != nil {
		return channels.Identity{}, err
	}
	return channels.Identity{Name: g.name, Handle: "@" + g.screen, URL: "https://vk.me/" + g.screen}, nil
}

// Link makes the address whose ref comes with the next message.
func (c *Channel) Link(ctx context.Context, token string) (string, error) {
	g, err := c.community(ctx, false)
	if err != nil {
		return "", err
	}
	return "https://vk.me/" + g.screen + "?ref=" + url.QueryEscape(token) + "&ref_source=crafttalk", nil
}

// community is what VK knows the community by.
func (c *Channel) community(ctx context.Context, anew bool) (identity, error) {
	return c.group.Get(ctx, anew, func(ctx context.Context) (identity, error) {
		v, err := c.method(ctx, "groups.getById", url.Values{"group_id": {c.settings.Group}})
		g := v.At("groups").First()
		if !g.Given() {
			g = v.First() // before version 5.139
		}
		return identity{g.At("name").Text(), cmp.Or(g.At("screen_name").Text(), "club"+c.settings.Group)}, err
	})
}

// Introduce asks for the name behind an address.
func (c *Channel) Introduce(ctx context.Context, address string) (map[string]string, error) {
	v, err := c.method(ctx, "users.get", url.Values{"user_ids": {address}, "fields": {"photo_200,screen_name"}})
	if err != nil {
		return nil, err
	}
	fields := map[string]string{}
	for _, u := range v.List() {
		for name, value := range map[string]string{
			channels.FirstName: u.At("first_name").Text(), channels.LastName: u.At("last_name").Text(),
			channels.Username: u.At("screen_name").Text(), channels.Avatar: u.At("photo_200").Text(),
		} {
			if value != "" {
				fields[name] = value
			}
		}
	}
	return fields, nil
}

// Typing shows that somebody is typing, for about ten seconds.
func (c *Channel) Typing(ctx context.Context, address string) error {
	_, err := c.method(ctx, "messages.setActivity", url.Values{"peer_id": {address}, "type": {"typing"}})
	return err
}
