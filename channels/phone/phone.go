/*
Package phone is the channel to a telephone integration: an operator asks for a
call, and whoever stands behind the webhook makes it.

	{"type": "call.asked", "timestamp": …, "data": {"call_id": …, "conversation_id": …,
	 "customer_id": …, "address": …, "operator": {"user_id": …, "login": …, "name": …}}}

The request is signed as Standard Webhooks has it, see package webhook. It is
sent once: a telephone that rings twice is worse than an operator who asks again.
*/
package phone

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"time"

	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
	"crafttalkd/channels/webhook"
)

// Abilities are those of a telephone: nothing can be written to it.
var Abilities = channels.Abilities{Name: "Телефон"}

// Fields are what an administrator enters. The signing secret is made with the
// account, and told once.
var Fields = []channels.Field{
	{Key: "webhook", Title: "Адрес телефонии", Hint: "https://pbx.example/calls: сюда придёт просьба позвонить, с подписью Standard Webhooks", Kind: channels.URL, Required: true},
}

// Settings are the open settings of an account.
type Settings struct {
	Webhook string `json:"webhook"` // where wishes are posted
}

// Secrets are the secret settings of an account, see [webhook.NewSigners].
type Secrets struct {
	Signing []string `json:"signing"`
}

// A Channel is one account with one integration. It is a [channels.Caller].
type Channel struct {
	account string
	to      string
	signers []webhook.Signer
	client  *http.Client
	now     func() time.Time
}

// Open makes a channel from an account's settings.
func Open(c channels.Config) (channels.Channel, error) {
	var settings Settings
	if err := channels.Strict(c.Settings, &settings); err != nil {
		return nil, refusal.Of("settings", "the settings are not those of a telephone: %v", err)
	}
	if err := channels.CheckAddress("settings.webhook", settings.Webhook); err != nil {
		return nil, err
	}
	var secrets Secrets
	if err := channels.Strict(c.Secrets, &secrets); err != nil {
		return nil, refusal.Of("secrets", "the secrets are not those of a telephone")
	}
	signers, err := webhook.NewSigners(secrets.Signing)
	if err != nil {
		return nil, err
	}
	return &Channel{account: c.Account, to: settings.Webhook, signers: signers, client: c.Client, now: time.Now}, nil
}

// Deliver refuses: nothing can be written to a telephone.
func (c *Channel) Deliver(context.Context, channels.Outbound) (string, error) {
	return "", refusal.New(refusal.Denied, "nothing can be written to a telephone; call instead")
}

type (
	wish struct {
		Type      string    `json:"type"`
		Timestamp time.Time `json:"timestamp"`
		Data      wishData  `json:"data"`
	}
	wishData struct {
		CallID         string   `json:"call_id"`
		AccountID      string   `json:"account_id"`
		ConversationID string   `json:"conversation_id"`
		CustomerID     string   `json:"customer_id"`
		Address        string   `json:"address"`
		Operator       operator `json:"operator"`
	}
	operator struct {
		UserID string `json:"user_id"`
		Login  string `json:"login"`
		Name   string `json:"name"`
	}
)

// Call posts the wish. It implements [channels.Caller].
func (c *Channel) Call(ctx context.Context, w channels.Call) error {
	body, err := json.Marshal(wish{"call.asked", w.At.UTC(), wishData{w.ID, c.account, w.Conversation, w.Customer, w.Address,
		operator{w.Operator, w.Login, w.Name}}})
	if err != nil {
		return fmt.Errorf("encode call %s: %w", w.ID, err)
	}
	answer, err := webhook.Post(ctx, c.client, c.to, c.signers, "call_"+w.ID, c.now(), body)
	if err != nil {
		return unreachable(err)
	}
	if !webhook.Told(answer) {
		return refusal.New(refusal.Conflict, "the telephone answered %s", status(answer.StatusCode))
	}
	return nil
}

// unreachable says that there was no answer, without the address that was
// called, which may hold a secret.
func unreachable(err error) error {
	if e, ok := errors.AsType[net.Error](err); ok && e.Timeout() {
		return refusal.New(refusal.Busy, "the telephone did not answer in time")
	}
	if refusal.KindOf(err) == refusal.Denied {
		return refusal.New(refusal.Busy, "the telephone's address is not one that the server may call")
	}
	return refusal.New(refusal.Busy, "the telephone can't be reached")
}

func status(code int) string {
	if text := http.StatusText(code); text != "" {
		return strconv.Itoa(code) + " " + text
	}
	return strconv.Itoa(code)
}
