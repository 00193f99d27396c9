package call

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"time"

	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
)

const secret = "123:ABC-hush"

// provider answers by h.
func provider(t *testing.T, h http.HandlerFunc) (Caller, string) {
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return Caller{Client: s.Client(), Secrets: []string{"", secret, "other-secret"}}, s.URL + "/bot" + secret
}

// reset cuts the line once the request was read.
func reset(w http.ResponseWriter, r *http.Request) {
	io.Copy(io.Discard, r.Body)
	if c, _, err := http.NewResponseController(w).Hijack(); err == nil {
		c.Close()
	}
}

// nobody refuses connections at its address.
func nobody(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return "http://" + l.Addr().String() + "/bot" + secret
}

func unsure(err error) bool { _, ok := errors.AsType[*channels.Unsure](err); return ok }

// proves G36: nobody knows only if the request left, and it matters.
func TestG36_UnsureOnlyWhenItLeft(t *testing.T) {
	endless := func(w http.ResponseWriter, _ *http.Request) { w.Write(bytes.Repeat([]byte(" "), longest+1)) }
	denied := Caller{Client: &http.Client{Transport: roundTrip(func(*http.Request) (*http.Response, error) {
		return nil, refusal.New(refusal.Denied, "a private address")
	})}}
	cut, cutAt := provider(t, reset)
	flood, floodAt := provider(t, endless)
	for _, c := range []struct {
		name   string
		caller Caller
		at     string
		body   Body
		unsure bool
	}{
		{"a line that is cut", cut, cutAt, JSON(1), true},
		{"an answer without end", flood, floodAt, JSON(1), true},
		{"nobody there", cut, nobody(t), JSON(1), false},
		{"an address that may not be called", denied, cutAt, JSON(1), false},
		{"no address", cut, ":", JSON(1), false},
		{"a body that can't be made", cut, cutAt, JSON(func() {}), false},
		{"a file that can't be opened", cut, cutAt, Upload(nil, File{Open: func(context.Context) (io.ReadCloser, error) { return nil, errors.New("gone") }}), false},
		{"a file that breaks off", cut, cutAt, Upload(nil, file(5, iotest.ErrReader(errors.New("gone")), nil)), false},
		{"a file shorter than it says", cut, cutAt, Upload(nil, file(5, strings.NewReader("abc"), nil)), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := c.caller.Send(context.Background(), "POST", c.at, nil, c.body)
			if err == nil || unsure(err) != c.unsure {
				t.Errorf("Send = %v, want an error that is unsure: %v", err, c.unsure)
			}
			if _, err := c.caller.Ask(context.Background(), "POST", c.at, nil, c.body); err == nil || unsure(err) {
				t.Errorf("Ask = %v, want an error that is not unsure", err)
			}
		})
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// No error tells the address, nor any secret in it.
func TestErrorsTellNoSecret(t *testing.T) {
	c, at := provider(t, reset)
	c.Client.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
		return nil, errors.New("can't reach " + r.URL.String() + " nor other-secret")
	})
	for _, address := range []string{at, nobody(t), "http://[" + secret, "http://127.0.0.1:0/" + secret} {
		_, err := c.Send(context.Background(), "GET", address, nil, Body{})
		if err == nil || strings.Contains(err.Error(), "hush") || strings.Contains(err.Error(), "other-secret") {
			t.Errorf("Send to %q = %v", address, err)
		}
	}
}

// file is one of size bytes that r holds; closed counts how often it is closed.
func file(size int64, r io.Reader, closed *atomic.Int32) File {
	return File{Field: "document", Name: "счёт \"1\"\r\n.pdf", Mime: "application/pdf", Size: size, Open: func(context.Context) (io.ReadCloser, error) {
		return struct {
			io.Reader
			io.Closer
		}{r, closer(func() error {
			if closed != nil {
				closed.Add(1)
			}
			return nil
		})}, nil
	}}
}

type closer func() error

func (f closer) Close() error { return f() }

// proves CH-02: a file goes up whole, framed as RFC 7578 has it, with its length
// told beforehand.
func TestUpload(t *testing.T) {
	content := bytes.Repeat([]byte("\r\n--x\x00"), 50_000)
	var problem string
	c, at := provider(t, func(w http.ResponseWriter, r *http.Request) {
		kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
		body, _ := io.ReadAll(r.Body)
		if err != nil || kind != "multipart/form-data" || int64(len(body)) != r.ContentLength || len(r.TransferEncoding) > 0 {
			problem = "the framing is wrong: " + kind
		}
		form, err := multipart.NewReader(bytes.NewReader(body), params["boundary"]).ReadForm(1 << 20)
		if err != nil || form.Value["chat_id"][0] != "5" || form.Value["caption"][0] != "Вот <&>" || len(form.File["document"]) != 1 {
			problem = "the form is wrong"
			return
		}
		h := form.File["document"][0]
		f, _ := h.Open()
		got, _ := io.ReadAll(f)
		if h.Filename != `счёт "1".pdf` || h.Header.Get("Content-Type") != "application/pdf" || !bytes.Equal(got, content) {
			problem = "the file is wrong: " + h.Filename
		}
		io.WriteString(w, `{"ok":true}`)
	})
	var closed atomic.Int32
	a, err := c.Send(context.Background(), "POST", at, nil, Upload(map[string]string{"chat_id": "5", "caption": "Вот <&>"}, file(int64(len(content)), bytes.NewReader(content), &closed)))
	if err != nil || a.Status != 200 || string(a.Body) != `{"ok":true}` || problem != "" {
		t.Errorf("Send = %v, %v; %s", a, err, problem)
	}
	if closed.Load() == 0 {
		t.Error("the file is left open")
	}
}

// What was opened is closed, whatever happens.
func TestFileIsClosed(t *testing.T) {
	c, at := provider(t, reset)
	gone, stop := context.WithCancel(context.Background())
	stop()
	for _, x := range []struct {
		name, at string
		ctx      context.Context
	}{
		{"a line that is cut", at, context.Background()}, {"nobody there", nobody(t), context.Background()},
		{"no address", ":", context.Background()}, {"cancelled", at, gone}, {"another scheme", "mailto:x", context.Background()},
	} {
		closed := make(chan bool, 8)
		f := file(3, strings.NewReader("abc"), nil)
		f.Open = func(context.Context) (io.ReadCloser, error) {
			return struct {
				io.Reader
				io.Closer
			}{strings.NewReader("abc"), closer(func() error { closed <- true; return nil })}, nil
		}
		if _, err := c.Send(x.ctx, "POST", x.at, nil, Upload(nil, f)); err == nil {
			t.Errorf("%s: Send = nil", x.name)
		}
		select {
		case <-closed:
		case <-time.After(10 * time.Second):
			t.Errorf("%s: the file is left open", x.name)
		}
	}
}

func TestBodies(t *testing.T) {
	var kind, agent, key, got string
	c, at := provider(t, func(_ http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		kind, agent, key, got = r.Header.Get("Content-Type"), r.Header.Get("User-Agent"), r.Header.Get("X-Key"), string(b)
	})
	for _, x := range []struct {
		body       Body
		kind, want string
	}{
		{JSON(map[string]string{"text": "<b>&"}), "application/json", `{"text":"<b>&"}`},
		{Form(url.Values{"a": {"б"}, "c": {"1", "2"}}), "application/x-www-form-urlencoded", "a=%D0%B1&c=1&c=2"},
		{Raw("text/plain", []byte("x")), "text/plain", "x"},
		{Body{}, "", ""},
	} {
		if _, err := c.Ask(context.Background(), "POST", at, http.Header{"X-Key": {"k"}}, x.body); err != nil {
			t.Fatal(err)
		}
		if kind != x.kind || got != x.want || key != "k" || agent != "crafttalkd" {
			t.Errorf("the provider got %q %q %q %q, want %q %q", kind, got, key, agent, x.kind, x.want)
		}
	}
}

func TestAnswer(t *testing.T) {
	now := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
	for hint, want := range map[string]time.Duration{
		"": 0, "7": 7 * time.Second, "-7": 0, "soon": 0, "999999999": 24 * time.Hour, "99999999999999999999": 0,
		"Wed, 02 Jan 2030 03:05:05 GMT": time.Minute, "Wed, 02 Jan 2030 03:00:00 GMT": 0,
	} {
		a := Answer{Status: 429, Header: http.Header{"Retry-After": {hint}}}
		if got := a.RetryAfter(now); got != want {
			t.Errorf("RetryAfter(%q) = %v, want %v", hint, got, want)
		}
	}
	var v struct{ OK bool }
	if err := (Answer{Status: 200, Body: []byte(`{"ok":true}`)}).Into(&v); err != nil || !v.OK {
		t.Errorf("Into = %v, %v", v, err)
	}
	err := Answer{Status: 502, Body: []byte("<html>" + secret)}.Into(&v)
	if err == nil || strings.Contains(err.Error(), "hush") || !strings.Contains(err.Error(), "502 Bad Gateway") {
		t.Errorf("Into = %v, want the status and not the body", err)
	}
}
