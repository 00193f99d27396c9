package telegram

import (
	"cmp"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
	"crafttalkd/channels/call"
)

// Abilities are those of bots on Telegram's own servers, telegram.md 3.3.
var Abilities = channels.Abilities{
	Name: "Telegram",
	Text: 4096, Caption: 1024, Files: 1, Largest: 50 << 20, Picture: 10 << 20,
	Buttons: 100, Label: 64, Place: true,
	Pace: channels.Pace{PerSecond: 25, Burst: 25}, PerUser: channels.Pace{PerSecond: 1, Burst: 3},
	Asks: []event.Ask{event.Ask_ASK_PHONE, event.Ask_ASK_LOCATION}, Typing: true,
	Tells: []channels.About{channels.Edited, channels.Started, channels.Blocked, channels.Unblocked},
	Names: true, Links: true, Webhook: true, Register: true, Polls: true,
}

// The modes of an account: how updates come.
const (
	auto    = "auto" // by the webhook if the server has a public address
	webhook = "webhook"
	polling = "polling"
)

const (
	server        = "https://api.telegram.org"
	phoneCaption  = "Отправить номер телефона"
	placeCaption  = "Отправить местоположение"
	purposeOfHook = "telegram"
)

// Fields are what an administrator enters.
var Fields = []channels.Field{
	{Key: "token", Title: "Токен бота", Hint: "Его выдаёт @BotFather: цифры, двоеточие и 35 знаков", Kind: channels.Secret, Required: true},
	{Key: "mode", Title: "Как получать сообщения", Hint: "Автоматически: вебхук, если у сервера есть внешний адрес, иначе опрос", Kind: channels.OneOf, Default: auto,
		Choices: channels.Modes, Advanced: true},
	{Key: "phone_button", Title: "Кнопка запроса телефона", Kind: channels.Text, Default: phoneCaption, Advanced: true},
	{Key: "location_button", Title: "Кнопка запроса местоположения", Kind: channels.Text, Default: placeCaption, Advanced: true},
	{Key: "base_url", Title: "Адрес Bot API", Hint: "Свой сервер Bot API", Kind: channels.URL, Default: server, Advanced: true},
	{Key: "test", Title: "Тестовые серверы Telegram", Kind: channels.Bool, Advanced: true},
}

// Settings are the open settings of an account.
type Settings struct {
	Mode           string `json:"mode"`
	PhoneButton    string `json:"phone_button"`
	LocationButton string `json:"location_button"`
	BaseURL        string `json:"base_url"`
	Test           bool   `json:"test"`
}

// Secrets are the secret settings of an account.
type Secrets struct {
	Token string `json:"token"`
}

// A Channel is one bot. It is everything that package channels names but a
// Caller and Idempotent.
type Channel struct {
	channels.Config
	settings Settings
	token    string
	secret   string // of the webhook
	caller   call.Caller
	patient  call.Caller
	albums   *albums
	trails   *trails

	mu       sync.Mutex // guards username
	username string     // once Telegram has told it
}

var tokens = regexp.MustCompile(`^[0-9]{1,20}:[A-Za-z0-9_-]{20,100}$`)

// Open makes a channel from an account's settings.
func Open(c channels.Config) (channels.Channel, error) { return open(c) }

func open(c channels.Config) (*Channel, error) {
	var settings Settings
	if err := channels.Strict(c.Settings, &settings); err != nil {
		return nil, refusal.Of("settings", "the settings are not those of a Telegram bot: %v", err)
	}
	settings.Mode = cmp.Or(settings.Mode, auto)
	settings.PhoneButton = cmp.Or(settings.PhoneButton, phoneCaption)
	settings.LocationButton = cmp.Or(settings.LocationButton, placeCaption)
	settings.BaseURL = strings.TrimRight(cmp.Or(settings.BaseURL, server), "/")
	if m := settings.Mode; m != auto && m != webhook && m != polling {
		return nil, refusal.Of("settings.mode", "the mode is auto, webhook or polling")
	}
	if err := channels.CheckAddress("settings.base_url", settings.BaseURL); err != nil {
		return nil, err
	}
	var secrets Secrets
	if err := channels.Strict(c.Secrets, &secrets); err != nil {
		return nil, refusal.Of("secrets", "the secrets are not those of a Telegram bot")
	}
	secrets.Token = strings.TrimSpace(secrets.Token)
	if !tokens.MatchString(secrets.Token) {
		return nil, refusal.Of("secrets.token", "the token is what @BotFather gives: digits, a colon and 35 letters and digits")
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	ch := &Channel{Config: c, settings: settings, token: secrets.Token, albums: newAlbums(), trails: newTrails()}
	if c.Token != nil {
		ch.secret = c.Token(purposeOfHook)
	}
	hidden := []string{ch.token, ch.secret}
	ch.caller = call.Caller{Client: c.Client, Secrets: hidden}
	ch.patient = call.Caller{Client: cmp.Or(c.Patient, c.Client), Secrets: hidden}
	return ch, nil
}

// polls tells whether updates are asked for.
func (c *Channel) polls() bool {
	return c.settings.Mode == polling || c.settings.Mode == auto && c.Webhook == ""
}

// method is the address of one of the API's methods, telegram.md 1.
func (c *Channel) method(name string) string {
	test := ""
	if c.settings.Test {
		test = "/test"
	}
	return c.settings.BaseURL + "/bot" + c.token + test + "/" + name
}

// file is the address of a file.
func (c *Channel) file(path string) string {
	test := ""
	if c.settings.Test {
		test = "/test"
	}
	parts := strings.Split(path, "/")
	for i, p := range parts {
		parts[i] = url.PathEscape(p)
	}
	return c.settings.BaseURL + "/file/bot" + c.token + test + "/" + strings.Join(parts, "/")
}

var (
	_ channels.Webhook    = (*Channel)(nil)
	_ channels.Poller     = (*Channel)(nil)
	_ channels.Prober     = (*Channel)(nil)
	_ channels.Registrar  = (*Channel)(nil)
	_ channels.Linker     = (*Channel)(nil)
	_ channels.Typist     = (*Channel)(nil)
	_ channels.Introducer = (*Channel)(nil)
	_ channels.Holder     = (*Channel)(nil)
	_ channels.Rereader   = (*Channel)(nil)
)
