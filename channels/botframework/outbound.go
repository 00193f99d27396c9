package botframework

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
	"crafttalkd/channels/call"
	"crafttalkd/channels/loose"
)

type (
	sent struct {
		Type         string       `json:"type"`
		From         account      `json:"from"`
		Recipient    account      `json:"recipient"`
		Conversation account      `json:"conversation"`
		Text         string       `json:"text,omitempty"`
		TextFormat   string       `json:"textFormat,omitempty"`
		Attachments  []attachment `json:"attachments,omitempty"`
	}
	account struct {
		ID string `json:"id"`
	}
	attachment struct {
		ContentType string `json:"contentType"`
		Content     card   `json:"content"`
	}
	card struct {
		Text    string   `json:"text"`
		Buttons []button `json:"buttons"`
	}
	button struct {
		Type        string `json:"type"`
		Title       string `json:"title"`
		Text        string `json:"text"`
		DisplayText string `json:"displayText"`
		Value       value  `json:"value"`
	}
	value struct {
		Button string `json:"button"`
	}
)

// Deliver implements [channels.Channel].
func (c *Channel) Deliver(ctx context.Context, m channels.Outbound) (string, error) {
	p, err := c.place(m.Address)
	if err != nil {
		return "", err
	}
	v, err := c.post(ctx, p, compose(p, m), c.caller.Send)
	return v.At("id").Text(), err
}

// Typing shows that somebody is typing.
func (c *Channel) Typing(ctx context.Context, address string) error {
	p, err := c.place(address)
	if err != nil {
		return err
	}
	_, err = c.post(ctx, p, sent{Type: "typing", From: account{p.Bot}, Recipient: account{p.User}, Conversation: account{p.Conversation}}, c.caller.Ask)
	return err
}

// place is where a customer is written to.
func (c *Channel) place(address string) (p place, err error) {
	b, err := c.config.Shelf.Get(address, "place")
	switch {
	case err != nil:
		return p, err
	case b == nil:
		return p, refusal.New(refusal.Denied, "the customer has not written to the bot yet, so it does not know where to answer")
	}
	if err := json.Unmarshal(b, &p); err != nil {
		return p, fmt.Errorf("read the place of %s: %w", c.config.Account, err)
	}
	if c.settings.BaseURL != "" {
		p.ServiceURL = c.settings.BaseURL
	}
	return p, nil
}

// compose is the message as an activity. Buttons are on a card, and carry their
// reference where nobody sees it.
func compose(p place, m channels.Outbound) sent {
	s := sent{Type: "message", From: account{p.Bot}, Recipient: account{p.User}, Conversation: account{p.Conversation},
		Text: loose.Clean(m.Content.GetText()), TextFormat: "plain"}
	if len(m.Content.GetButtons()) == 0 {
		return s
	}
	k := card{Text: s.Text}
	for i, b := range m.Content.GetButtons() {
		k.Buttons = append(k.Buttons, button{"messageBack", b.Caption, b.Caption, b.Caption, value{channels.Reference(m.ID, i)}})
	}
	s.Text, s.TextFormat, s.Attachments = "", "", []attachment{{"application/vnd.microsoft.card.hero", k}}
	return s
}

// post gives an activity to the conversation's server. A token that is refused
// is fetched anew, once: nothing was done with what came with it.
func (c *Channel) post(ctx context.Context, p place, body sent,
	do func(context.Context, string, string, http.Header, call.Body) (call.Answer, error)) (loose.Value, error) {
	address := strings.TrimSuffix(p.ServiceURL, "/") + "/v3/conversations/" + url.PathEscape(p.Conversation) + "/activities"
	for try := 0; ; try++ {
		token, err := c.bearer(ctx)
		if err != nil {
			return loose.Value{}, err
		}
		a, err := do(ctx, http.MethodPost, address, http.Header{"Authorization": {"Bearer " + token}}, call.JSON(body))
		if err != nil {
			return loose.Value{}, err
		}
		if a.Status == http.StatusUnauthorized && try == 0 {
			c.drop(token)
			continue
		}
		return c.judge(a)
	}
}

// judge reads an answer, see botframework.md 5.
func (c *Channel) judge(a call.Answer) (loose.Value, error) {
	v, parse := loose.Parse(a.Body)
	if a.Status/100 == 2 {
		if parse != nil {
			return loose.Value{}, nil // some servers say nothing
		}
		return v, nil
	}
	code, text := v.At("error", "code").Text(), loose.Clip(v.At("error", "message").Text(), 200)
	err := fmt.Errorf("the Bot Framework answered %s: %s %s", a.Text(), code, text)
	switch a.Status {
	case http.StatusUnauthorized:
		return v, &channels.Broken{Err: err}
	case http.StatusTooManyRequests:
		return v, &channels.Later{After: max(a.RetryAfter(c.config.Now()), time.Second), Only: true, Err: err}
	case http.StatusForbidden:
		return v, refusal.New(refusal.Denied, "the customer has blocked or removed the bot: %s", code)
	case http.StatusPreconditionFailed, http.StatusRequestTimeout:
		return v, err
	}
	if a.Status/100 == 4 {
		return v, refusal.New(refusal.Denied, "the Bot Framework refused the message: %s %s", code, text)
	}
	return v, err
}

// Request makes the request for a file. Our token goes to the service's own
// hosts alone.
func (c *Channel) Request(ctx context.Context, ref string) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, ref, nil)
	if err != nil || r.URL.Host == "" || r.URL.Scheme != "https" && r.URL.Scheme != "http" {
		return nil, refusal.New(refusal.Invalid, "the file has no address that can be called")
	}
	if r.URL.Scheme == "https" && trusted(r.URL.Hostname()) {
		token, err := c.bearer(ctx)
		if err != nil {
			return nil, err
		}
		r.Header.Set("Authorization", "Bearer "+token)
	}
	return r, nil
}

// trusted tells whether a host is the service's.
func trusted(host string) bool {
	for _, own := range []string{"botframework.com", "smba.trafficmanager.net", "skype.com", "botframework.azure.us"} {
		if host == own || strings.HasSuffix(host, "."+own) {
			return true
		}
	}
	return false
}
