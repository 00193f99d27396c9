package fetcher

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"net"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/gabriel-vasile/mimetype"

	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
	"crafttalkd/store/blob"
)

const (
	deadline  = 5 * time.Minute // for one try
	slice     = 10 * time.Second
	slowest   = 10 << 10 // bytes that must come in every slice
	redirects = 5
)

// Failures that may pass.
var (
	errSlow   = errors.New("the server sends too slowly")
	errLong   = errors.New("the file did not come in time")
	errStatus = errors.New("the server answered")
)

// A want says whose a file will be, and what is taken.
type want struct {
	subject string // the conversation, or the customer
	largest int64  // bytes
	allowed func(*mimetype.MIME) error
}

// download fetches a file once. It returns the name that the server has for it.
func (f *Fetcher) download(ctx context.Context, w want, account, source string) (b blob.Blob, named string, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	late := time.AfterFunc(deadline, func() { cancel(errLong) })
	defer late.Stop()
	r, client, err := f.request(ctx, account, source)
	if err != nil {
		return b, "", because(ctx, err)
	}
	client.Timeout = 0 // a large file takes longer than a question
	client.CheckRedirect = onward
	if f.fault == tells {
		client.CheckRedirect = nil
	}
	answer, err := client.Do(r.WithContext(ctx))
	if err != nil {
		return b, "", because(ctx, err)
	}
	defer answer.Body.Close()
	if err := judge(answer, w.largest); err != nil && (f.fault != greedily || refusal.KindOf(err) == 0) {
		return b, "", err
	}
	body := &paced{r: answer.Body}
	if f.fault != patiently {
		defer body.watch(func() { cancel(errSlow) })()
	}
	b, err = f.keep(ctx, w, body)
	return b, nameOf(answer), because(ctx, err)
}

// request makes the request for a file, and a copy of the client to make it with.
func (f *Fetcher) request(ctx context.Context, account, source string) (r *http.Request, client http.Client, err error) {
	if ref, held := strings.CutPrefix(source, channels.Held); held {
		if r, client, err = f.held(ctx, account, ref); err != nil {
			return nil, client, err
		}
	} else {
		client = *f.Client
		r, err = http.NewRequestWithContext(ctx, http.MethodGet, source, nil)
	}
	if err != nil || r.URL.Host == "" || r.URL.Scheme != "http" && r.URL.Scheme != "https" {
		return nil, client, refusal.New(refusal.Invalid, "the file has no address that can be called")
	}
	r.Header.Set("User-Agent", "crafttalkd")
	r.Header.Set("Accept-Encoding", "identity") // the bytes as they are, and as many as are said
	return r, client, nil
}

// held has the account's own channel make the request.
func (f *Fetcher) held(ctx context.Context, account, ref string) (r *http.Request, client http.Client, err error) {
	if f.Held == nil {
		return nil, client, errNotHeld
	}
	ch, c, err := f.Held(account)
	if err != nil {
		return nil, client, err
	}
	holder, ok := ch.(channels.Holder)
	if !ok {
		return nil, client, errNotHeld
	}
	r, err = holder.Request(ctx, ref)
	return r, *c, err
}

// errNotHeld is the outcome of a file of an account that keeps none.
var errNotHeld = refusal.New(refusal.NotFound, "the channel keeps no files")

// plain are the headers that any server may see.
var plain = []string{"Accept", "Accept-Encoding", "User-Agent"}

// onward follows a redirect: the address it leads to is judged like the first
// one, when it is connected to. Where it comes from is not told there, and
// another server is told nothing that an account proves itself with, in
// whatever header.
func onward(r *http.Request, via []*http.Request) error {
	if len(via) > redirects {
		return refusal.New(refusal.Invalid, "the server sends us on again and again")
	}
	if s := r.URL.Scheme; s != "https" && (s != "http" || via[0].URL.Scheme == "https") {
		return refusal.New(refusal.Invalid, "the server sends us on to an address that is not safe")
	}
	r.Header.Del("Referer")
	if r.URL.Host != via[0].URL.Host {
		maps.DeleteFunc(r.Header, func(name string, _ []string) bool { return !slices.Contains(plain, name) })
	}
	return nil
}

// because names what we ended a request for; else err stays as it is.
func because(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); err != nil && (cause == errSlow || cause == errLong) {
		return cause
	}
	return err
}

// judge says what an answer means: a server that can't now is asked again.
func judge(r *http.Response, largest int64) error {
	switch s := r.StatusCode; {
	case s == http.StatusOK && r.ContentLength > largest:
		return tooLarge(largest)
	case s == http.StatusOK:
		return nil
	case s == http.StatusRequestTimeout, s == http.StatusTooEarly, s == http.StatusTooManyRequests, s >= 500:
		return fmt.Errorf("%w %s", errStatus, status(s))
	}
	return refusal.New(refusal.Invalid, "%v %s", errStatus, status(r.StatusCode))
}

func tooLarge(limit int64) error {
	return refusal.New(refusal.Invalid, "the file is larger than %d MB", limit>>20)
}

// status is the number and our own words for it.
func status(s int) string { return strings.TrimSpace(strconv.Itoa(s) + " " + http.StatusText(s)) }

// A paced body is watched for how fast it comes.
type paced struct {
	r    io.Reader
	n    atomic.Int64
	over atomic.Bool // the rest is our own disk's
}

func (p *paced) Read(b []byte) (int, error) {
	n, err := p.r.Read(b)
	p.n.Add(int64(n))
	if err != nil {
		p.over.Store(true)
	}
	return n, err
}

// watch calls slow when too little comes in a slice of time, until it is
// stopped.
func (p *paced) watch(slow func()) (stop func()) {
	var timer *time.Timer
	var before int64
	ended := make(chan struct{})
	timer = time.NewTimer(slice)
	go func() {
		for {
			select {
			case <-ended:
				return
			case <-timer.C:
			}
			n := p.n.Load()
			if n-before < slowest && !p.over.Load() {
				slow()
				return
			}
			before = n
			timer.Reset(slice)
		}
	}()
	return func() { timer.Stop(); close(ended) }
}

// nameOf is what the server calls the file, or the end of its address.
func nameOf(r *http.Response) string {
	if _, params, err := mime.ParseMediaType(r.Header.Get("Content-Disposition")); err == nil && tidy(params["filename"]) != "" {
		return tidy(params["filename"])
	}
	return tidy(r.Request.URL.Path)
}

// tidy is the last part of a path as a name that people can be shown.
func tidy(name string) string {
	const most = 200
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError {
			return -1
		}
		return r
	}, path.Base(strings.ReplaceAll(name, "\\", "/")))
	if name == "." || name == "/" || name == ".." {
		return ""
	}
	if runes := []rune(name); len(runes) > most {
		name = string(runes[:most])
	}
	return name
}

// words say to people what went wrong. They tell nothing of what is behind a
// server's name.
func words(err error) string {
	denied, _ := errors.AsType[*refusal.Error](err)
	op, _ := errors.AsType[*net.OpError](err)
	unknown, _ := errors.AsType[*net.DNSError](err)
	_, badly := errors.AsType[*tls.CertificateVerificationError](err)
	timeout, _ := errors.AsType[net.Error](err)
	switch {
	case denied != nil && denied.Kind == refusal.Denied:
		return "the file is at an address that the server does not call"
	case denied != nil:
		return denied.Text
	case errors.Is(err, errSlow), errors.Is(err, errLong), errors.Is(err, errStatus):
		return err.Error()
	case badly:
		return "the server's certificate is not good"
	case unknown != nil && unknown.IsNotFound:
		return "there is no server of this name"
	case timeout != nil && timeout.Timeout():
		return "the server did not answer in time"
	case op != nil && op.Op == "dial":
		return "the server could not be reached"
	}
	return "the connection broke off"
}
