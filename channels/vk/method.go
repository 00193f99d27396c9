package vk

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
	"crafttalkd/channels/call"
	"crafttalkd/channels/loose"
)

// method calls a method of the API and returns its response. A repetition does
// no harm: the one method that says something has a key.
func (c *Channel) method(ctx context.Context, name string, form url.Values) (loose.Value, error) {
	form.Set("v", c.settings.Version)
	form.Set("access_token", c.token)
	a, err := c.caller.Ask(ctx, http.MethodPost, c.settings.BaseURL+"/method/"+name, nil, call.Form(form))
	if err != nil {
		return loose.Value{}, err
	}
	if a.Status == http.StatusTooManyRequests {
		return loose.Value{}, &channels.Later{After: max(a.RetryAfter(c.config.Now()), time.Second), Err: fmt.Errorf("VK answered %s", a.Text())}
	}
	v, err := loose.Parse(a.Body)
	if err != nil || a.Status != http.StatusOK {
		return loose.Value{}, fmt.Errorf("VK answered %s", a.Text())
	}
	if e := v.At("error"); e.Given() {
		return loose.Value{}, judge(e.At("error_code").Int(), loose.Clip(e.At("error_msg").Text(), 200))
	}
	if !v.At("response").Given() {
		return loose.Value{}, fmt.Errorf("VK answered without a response")
	}
	return v.At("response"), nil
}

// judge says what an error of the API means. What is not known is tried again.
func judge(code int64, text string) error {
	err := fmt.Errorf("VK: %s (code %d)", text, code)
	switch code {
	case 5, 15, 27, 28, 1116:
		return &channels.Broken{Err: fmt.Errorf("VK does not accept the access token: %s (code %d)", text, code)}
	case 6:
		return &channels.Later{After: time.Second, Err: err}
	case 9:
		return &channels.Later{After: 2 * time.Minute, Only: true, Err: err}
	case 29:
		return &channels.Later{After: time.Hour, Err: err}
	case 14, 17:
		return &channels.Broken{Err: err} // an administrator has to pass a check
	case 18:
		return refusal.New(refusal.Denied, "the customer's page is deleted or banned")
	case 900:
		return refusal.New(refusal.Denied, "the customer is on the community's blacklist")
	case 901:
		return refusal.New(refusal.Denied, "the customer has not allowed messages from the community")
	case 902:
		return refusal.New(refusal.Denied, "the customer's privacy settings do not allow messages")
	case 912:
		return refusal.New(refusal.Denied, "switch on the abilities of bots in the community's settings: %s", text)
	case 914:
		return refusal.New(refusal.Denied, "the message is too long for VK")
	}
	switch {
	case code == 100, code == 113, code >= 911 && code <= 983:
		return refusal.New(refusal.Denied, "VK refused the message: %s (code %d)", text, code)
	}
	return err
}
