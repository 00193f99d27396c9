/*
Package call makes the requests of adapters to their providers: a body in JSON,
as a form or with a file, an answer that is read with a bound, errors that tell
no secret.

There are two calls. [Caller.Ask] is for what may be asked twice: who am I, where
may I upload. [Caller.Send] is for a message: if the request has left and no
answer came, its error is a [channels.Unsure].
*/
package call

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
)

// longest is how many bytes of an answer are read.
const longest = 1 << 20

// A Caller makes the requests of one account.
type Caller struct {
	Client *http.Client
	// Secrets must not be told by an error.
	Secrets []string
}

// An Answer is what the provider said.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Ask makes a request that may be made again without harm.
func (c Caller) Ask(ctx context.Context, method, address string, h http.Header, b Body) (Answer, error) {
	a, _, err := c.do(ctx, method, address, h, b)
	return a, err
}

// Send makes a request that does something for good. Its error is an
// [*channels.Unsure] if the provider may have it.
func (c Caller) Send(ctx context.Context, method, address string, h http.Header, b Body) (Answer, error) {
	a, left, err := c.do(ctx, method, address, h, b)
	if err != nil && left && refusal.KindOf(err) == 0 {
		err = &channels.Unsure{Err: err}
	}
	return a, err
}

// do makes a request once. Left tells whether all of it went out.
func (c Caller) do(ctx context.Context, method, address string, h http.Header, b Body) (a Answer, left bool, err error) {
	var wrote atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		WroteRequest: func(i httptrace.WroteRequestInfo) { wrote.Store(i.Err == nil) },
	})
	r, err := b.request(ctx, method, address)
	if err != nil {
		return a, false, c.plain(err)
	}
	for name, values := range h {
		r.Header[name] = values
	}
	r.Header.Set("User-Agent", "crafttalkd")
	answer, err := c.Client.Do(r)
	if err != nil {
		return a, wrote.Load(), c.plain(err)
	}
	defer answer.Body.Close()
	a = Answer{Status: answer.StatusCode, Header: answer.Header}
	a.Body, err = io.ReadAll(io.LimitReader(answer.Body, longest+1))
	if err == nil && len(a.Body) > longest {
		err = errors.New("the answer is too large")
	}
	if err != nil {
		return a, true, c.plain(err)
	}
	return a, true, nil
}

// plain is err without the address that was called and without secrets.
func (c Caller) plain(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	}
	text := err.Error()
	for _, s := range c.Secrets {
		if s != "" {
			text = strings.ReplaceAll(text, s, "…")
		}
	}
	if text != err.Error() {
		return errors.New(text)
	}
	return err
}

// Into decodes the answer as JSON.
func (a Answer) Into(v any) error {
	if err := json.Unmarshal(a.Body, v); err != nil {
		return fmt.Errorf("the provider's answer, status %s, is not what it should be", a.Text())
	}
	return nil
}

// Text is the status in numbers and our own words.
func (a Answer) Text() string {
	return strings.TrimSpace(strconv.Itoa(a.Status) + " " + http.StatusText(a.Status))
}

// RetryAfter reads when the provider wants to be asked again; 0 if it does not
// say.
func (a Answer) RetryAfter(now time.Time) time.Duration {
	const most = 24 * time.Hour
	h := a.Header.Get("Retry-After")
	if n, err := strconv.ParseUint(h, 10, 32); err == nil {
		return min(time.Duration(n)*time.Second, most)
	}
	if at, err := http.ParseTime(h); err == nil {
		return min(max(at.Sub(now), 0), most)
	}
	return 0
}
