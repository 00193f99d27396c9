package api

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"time"

	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
	"crafttalkd/channels/webhook"
)

// Abilities are those of the generic channel: the third party shows what it can.
var Abilities = channels.Abilities{
	Name: "API", Text: maxText, Caption: maxText, Files: maxFiles, Linked: true, Buttons: 40, Place: true,
	Names: true, Phones: true, Links: true, ByID: true, Webhook: true,
}

// Fields are what an administrator enters. The key and the signing secret are
// made with the account, and told once.
var Fields = []channels.Field{
	{Key: "webhook_url", Title: "Адрес для исходящих сообщений", Hint: "https://bot.example/crafttalk: сюда придут ответы клиенту, с подписью Standard Webhooks", Kind: channels.URL, Required: true},
}

// Settings are the open settings of an account.
type Settings struct {
	WebhookURL string `json:"webhook_url"` // where outbound messages are posted
}

// Secrets are the secret settings of an account.
type Secrets struct {
	// Signing holds the keys that outbound messages are signed with, each
	// whsec_ and 24 to 64 bytes in base64: one, or two while one is replaced.
	Signing []string `json:"signing"`
}

// A Channel is one account of the generic channel. It is a [channels.Webhook]
// at /channel/v1/ACCOUNT/messages.
type Channel struct {
	account string
	to      string
	signers []webhook.Signer
	client  *http.Client
	sink    channels.Sink
	now     func() time.Time
}

// Open makes a channel from an account's settings.
func Open(c channels.Config) (channels.Channel, error) { return open(c) }

func open(c channels.Config) (*Channel, error) {
	var settings Settings
	if err := channels.Strict(c.Settings, &settings); err != nil {
		return nil, refusal.Of("settings", "the settings are not those of a generic channel: %v", err)
	}
	if err := checkURL(settings.WebhookURL); err != nil {
		return nil, err
	}
	var secrets Secrets
	if err := channels.Strict(c.Secrets, &secrets); err != nil {
		return nil, refusal.Of("secrets", "the secrets are not those of a generic channel")
	}
	signers, err := webhook.NewSigners(secrets.Signing)
	if err != nil {
		return nil, err
	}
	ch := &Channel{account: c.Account, to: settings.WebhookURL, signers: signers, sink: c.Sink, now: time.Now}
	client := *c.Client
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	ch.client = &client
	return ch, nil
}

func checkURL(s string) error {
	if s == "" {
		return refusal.Of("settings.webhook_url", "the address for outbound messages is missing")
	}
	return channels.CheckAddress("settings.webhook_url", s)
}

// Idempotent tells that a message may be delivered again without the customer
// seeing it twice: the receiver knows it by its webhook-id.
func (c *Channel) Idempotent() bool { return true }

// Deliver posts m to the account's webhook. It implements [channels.Channel].
func (c *Channel) Deliver(ctx context.Context, m channels.Outbound) (string, error) {
	body, err := encode(m)
	if err != nil {
		return "", fmt.Errorf("encode message %s: %w", m.ID, err)
	}
	answer, err := webhook.Post(ctx, c.client, c.to, c.signers, Key(m), c.now(), body)
	if err != nil {
		return "", fmt.Errorf("post to the receiver: %w", err)
	}
	defer answer.Body.Close()
	return judge(answer, c.now())
}

// Key is the webhook-id of m. Names of messages are unique in a conversation
// only, and Standard Webhooks want no full stop in it; so it is a fingerprint. Of
// a message in parts, each has its own.
func Key(m channels.Outbound) string {
	name := m.Conversation + "\x00" + m.ID
	if m.Part > 0 {
		name += fmt.Sprintf("\x00%d", m.Part)
	}
	sum := sha256.Sum256([]byte(name))
	return fmt.Sprintf("msg_%x", sum[:16])
}
