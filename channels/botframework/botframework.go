package botframework

import (
	"cmp"
	"context"
	"net/url"
	"strings"
	"sync"
	"time"

	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
	"crafttalkd/channels/call"
)

// Abilities are those that all clients of the framework share. Files go as
// links: Teams takes no others.
var Abilities = channels.Abilities{
	Name: "Microsoft Bot Framework", Text: 4000, Linked: true,
	Buttons: 6, Label: 50, Pace: channels.Pace{PerSecond: 40, Burst: 10},
	PerUser: channels.Pace{PerSecond: 2, Burst: 7}, Typing: true,
	Tells: []channels.About{channels.Edited, channels.Removed, channels.Seen, channels.Started, channels.Blocked, channels.Unblocked, channels.Typing},
	Names: true, Links: true, Webhook: true,
}

// Fields are what an administrator enters.
var Fields = []channels.Field{
	{Key: "app_id", Title: "Microsoft App ID", Hint: "Azure → Bot → Configuration", Kind: channels.Text, Required: true},
	{Key: "password", Title: "Секрет приложения (Client secret)", Hint: "Значение секрета, а не его ID", Kind: channels.Secret, Required: true},
	{Key: "tenant", Title: "Tenant ID", Hint: "Пусто для старых ботов Multi Tenant", Kind: channels.Text},
	{Key: "metadata_url", Title: "Адрес ключей сервиса", Kind: channels.URL, Default: metadataURL, Advanced: true},
	{Key: "token_url", Title: "Адрес выдачи токенов", Hint: "Пусто: login.microsoftonline.com", Kind: channels.URL, Advanced: true},
	{Key: "base_url", Title: "Адрес коннектора", Hint: "Пусто: тот, что называет каждый диалог", Kind: channels.URL, Advanced: true},
}

const (
	metadataURL = "https://login.botframework.com/v1/.well-known/openidconfiguration"
	issuer      = "https://api.botframework.com"
	scope       = "https://api.botframework.com/.default"
)

// Settings are the open settings of an account.
type Settings struct {
	AppID       string `json:"app_id"`
	Tenant      string `json:"tenant"`       // empty for the old multi-tenant kind
	MetadataURL string `json:"metadata_url"` // of the service's keys
	TokenURL    string `json:"token_url"`    // where our tokens are fetched
	BaseURL     string `json:"base_url"`     // in place of what conversations name
}

// Secrets are the secret settings of an account.
type Secrets struct {
	Password string `json:"password"`
}

// A Channel is one bot.
type Channel struct {
	config   channels.Config
	settings Settings
	password string
	caller   call.Caller
	keys     *keys

	mu    sync.Mutex // guards token
	token token
}

// Open makes a channel from an account's settings.
func Open(c channels.Config) (channels.Channel, error) {
	var s Settings
	if err := channels.Strict(c.Settings, &s); err != nil {
		return nil, refusal.Of("settings", "the settings are not those of a bot: %v", err)
	}
	s.AppID, s.Tenant = strings.TrimSpace(s.AppID), strings.TrimSpace(s.Tenant)
	s.MetadataURL = cmp.Or(s.MetadataURL, metadataURL)
	s.TokenURL = cmp.Or(s.TokenURL, "https://login.microsoftonline.com/"+url.PathEscape(cmp.Or(s.Tenant, "botframework.com"))+"/oauth2/v2.0/token")
	if s.AppID == "" {
		return nil, refusal.Of("settings.app_id", "the app id is needed")
	}
	for field, address := range map[string]string{"settings.metadata_url": s.MetadataURL, "settings.token_url": s.TokenURL,
		"settings.base_url": cmp.Or(s.BaseURL, s.TokenURL)} {
		if err := channels.CheckAddress(field, address); err != nil {
			return nil, err
		}
	}
	var secrets Secrets
	if err := channels.Strict(c.Secrets, &secrets); err != nil {
		return nil, refusal.Of("secrets", "the secrets are not those of a bot")
	}
	if secrets.Password == "" {
		return nil, refusal.Of("secrets.password", "the app's secret is needed")
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	caller := call.Caller{Client: c.Client, Secrets: []string{secrets.Password}}
	return &Channel{config: c, settings: s, password: secrets.Password, caller: caller,
		keys: &keys{caller: caller, at: s.MetadataURL, now: c.Now}}, nil
}

// Link makes an address that opens Teams with a draft that holds the token: the
// protocol carries nothing else.
func (c *Channel) Link(_ context.Context, token string) (string, error) {
	return c.teams() + "&message=" + url.QueryEscape(channels.Draft(token)), nil
}

// teams is the address of the conversation with the bot in Teams.
func (c *Channel) teams() string {
	return "https://teams.microsoft.com/l/chat/0/0?users=28:" + url.QueryEscape(c.settings.AppID)
}

// Probe fetches a token and the service's keys: more can't be asked before
// somebody has written.
func (c *Channel) Probe(ctx context.Context) (channels.Identity, error) {
	c.drop("")
	if _, err := c.bearer(ctx); err != nil {
		return channels.Identity{}, err
	}
	if err := c.keys.refresh(ctx); err != nil {
		return channels.Identity{}, err
	}
	return channels.Identity{Name: c.settings.AppID, Handle: c.settings.AppID, URL: c.teams()}, nil
}
