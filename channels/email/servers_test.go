package email

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
	"github.com/emersion/go-smtp"

	"crafttalkd/channels"
)

// A shelf in memory.
type shelf struct {
	mu   sync.Mutex // guards rows
	rows map[string][]byte
}

func newShelf() *shelf { return &shelf{rows: map[string][]byte{}} }

func (s *shelf) Get(address, key string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.rows[address+"\x00"+key], nil
}

func (s *shelf) Put(address, key string, value []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rows[address+"\x00"+key] = value
	return nil
}

// A desk is where everything that an account hands on arrives.
type desk struct {
	*shelf
	inbound chan channels.Inbound
	notices chan channels.Notice
	strange chan string

	mu     sync.Mutex // guards what follows
	files  map[string]string
	refuse error  // what is answered to the next message, if anything
	before func() // is called before a message is kept
}

func newDesk() *desk {
	return &desk{shelf: newShelf(), inbound: make(chan channels.Inbound, 100), notices: make(chan channels.Notice, 100),
		strange: make(chan string, 100), files: map[string]string{}}
}

// config is what an account is made of whose settings are these.
func (d *desk) config(t testing.TB, s Settings, k Secrets) channels.Config {
	t.Helper()
	settings, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	secrets, err := json.Marshal(k)
	if err != nil {
		t.Fatal(err)
	}
	return channels.Config{
		Account: "mail1", Settings: settings, Secrets: secrets, Shelf: d.shelf,
		Dial:  (&net.Dialer{Timeout: 5 * time.Second}).DialContext,
		Token: func(purpose string) string { return "token of mail1 for " + purpose },
		Sink: func(_ context.Context, m channels.Inbound, done func(channels.Kept, error)) {
			d.mu.Lock()
			err, before := d.refuse, d.before
			d.refuse = nil
			d.mu.Unlock()
			if before != nil {
				before()
			}
			if err == nil {
				d.inbound <- m
			}
			done(channels.Kept{}, err)
		},
		Notify: func(_ context.Context, n channels.Notice, done func(error)) { d.notices <- n; done(nil) },
		Strange: func(_ context.Context, kind string, raw []byte, carries bool) error {
			if carries {
				kind += ", kept: " + string(raw)
			}
			d.strange <- kind
			return nil
		},
		Upload: func(_ context.Context, _ string, r io.Reader) (string, error) {
			b, err := io.ReadAll(r)
			if err != nil {
				return "", err
			}
			d.mu.Lock()
			defer d.mu.Unlock()
			d.files[string(rune('a'+len(d.files)))] = string(b)
			return string(rune('a' + len(d.files) - 1)), nil
		},
	}
}

// file is what was kept as the n'th attachment of m.
func (d *desk) file(m channels.Inbound, n int) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.files[strings.TrimPrefix(m.Content.Attachments[n].Source, channels.Upload)]
}

// next waits for what comes.
func next[T any](t testing.TB, from chan T) (v T) {
	t.Helper()
	select {
	case v = <-from:
	case <-time.After(90 * time.Second):
		t.Fatalf("no %T came", v)
	}
	return v
}

// nothing checks that nothing more has come.
func (d *desk) nothing(t testing.TB) {
	t.Helper()
	select {
	case m := <-d.inbound:
		t.Errorf("there came %q", m.Content.Text)
	case n := <-d.notices:
		t.Errorf("there came %+v", n)
	case s := <-d.strange:
		t.Errorf("there came %q", s)
	default:
	}
}

// A post office is an IMAP server in memory, and an SMTP server.
type office struct {
	imapPort, smtpPort int
	user               *imapmemserver.User
	sent               chan sent
	imap               *cutter
	security           string

	mu     sync.Mutex // guards answer
	answer error      // what the SMTP server says to the next letter
}

// sent is a letter as the SMTP server got it.
type sent struct{ from, to, raw string }

const password = "secret-of-the-box"

func newOffice(t testing.TB, idle bool) *office { return newOfficeBehind(t, idle, byNothing, nil) }

// newOfficeBehind is a post office whose connections are protected in one of the
// ways of the settings.
func newOfficeBehind(t testing.TB, idle bool, security string, protection *tls.Config) *office {
	t.Helper()
	o := &office{sent: make(chan sent, 100), security: security}
	mem := imapmemserver.New()
	o.user = imapmemserver.NewUser("support@shop.example", password)
	for _, folder := range []string{"INBOX", "Done", "Sent"} {
		if err := o.user.Create(folder, nil); err != nil {
			t.Fatal(err)
		}
	}
	mem.AddUser(o.user)
	caps := imap.CapSet{imap.CapIMAP4rev1: {}, imap.CapMove: {}, imap.CapUIDPlus: {}}
	server := imapserver.New(&imapserver.Options{InsecureAuth: security == byNothing, TLSConfig: protection, Caps: caps, Logger: log.New(io.Discard, "", 0),
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return mem.NewSession(), nil, nil
		}})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	o.imap, o.imapPort = &cutter{Listener: l, idle: idle}, l.Addr().(*net.TCPAddr).Port
	post := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &sending{o: o}, nil }))
	post.ErrorLog = log.New(io.Discard, "", 0)
	post.Domain, post.AllowInsecureAuth, post.TLSConfig = "mx.shop.example", security == byNothing, protection
	p, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	o.smtpPort = p.Addr().(*net.TCPAddr).Port
	var running sync.WaitGroup
	var box net.Listener = o.imap
	if security == byTLS {
		box, p = tls.NewListener(box, protection), tls.NewListener(p, protection)
	}
	running.Go(func() { server.Serve(box) })
	running.Go(func() { post.Serve(p) })
	t.Cleanup(func() { server.Close(); post.Close(); o.imap.cut(); running.Wait() })
	return o
}

// settings are those of the mailbox there.
func (o *office) settings() Settings {
	return Settings{Address: "support@shop.example", Name: "Лавка", IMAPHost: "127.0.0.1", IMAPPort: o.imapPort, IMAPSecurity: o.security,
		SMTPHost: "127.0.0.1", SMTPPort: o.smtpPort, SMTPSecurity: o.security, SMTPOpen: true, PollEvery: 5}
}

// put lays a letter into the mailbox.
func (o *office) put(t testing.TB, raw string) {
	t.Helper()
	raw = strings.ReplaceAll(raw, "\n", "\r\n")
	if _, err := o.user.Append("INBOX", literal{strings.NewReader(raw)}, &imap.AppendOptions{Time: time.Now()}); err != nil {
		t.Fatal(err)
	}
}

type literal struct{ *strings.Reader }

func (l literal) Size() int64 { return l.Reader.Size() }

// A cutter is a listener whose connections can be cut.
type cutter struct {
	net.Listener
	idle bool       // the server offers IDLE
	mu   sync.Mutex // guards what follows
	all  []net.Conn
	seen int
}

func (c *cutter) Accept() (net.Conn, error) {
	conn, err := c.Listener.Accept()
	if err == nil {
		c.mu.Lock()
		c.all, c.seen = append(c.all, conn), c.seen+1
		c.mu.Unlock()
		if !c.idle {
			conn = old{conn}
		}
	}
	return conn, err
}

// An old server does not offer IDLE.
type old struct{ net.Conn }

func (o old) Write(b []byte) (int, error) {
	if _, err := o.Conn.Write(bytes.ReplaceAll(b, []byte(" IDLE"), nil)); err != nil {
		return 0, err
	}
	return len(b), nil
}

func (c *cutter) cut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, conn := range c.all {
		conn.Close()
	}
	c.all = nil
}

// sending is one connection to the SMTP server.
type sending struct {
	o        *office
	from, to string
}

func (s *sending) Mail(from string, _ *smtp.MailOptions) error { s.from = from; return nil }
func (s *sending) Rcpt(to string, _ *smtp.RcptOptions) error   { s.to = to; return nil }
func (s *sending) Reset()                                      {}
func (s *sending) Logout() error                               { return nil }

func (s *sending) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.o.mu.Lock()
	defer s.o.mu.Unlock()
	if err := s.o.answer; err != nil {
		s.o.answer = nil
		return err
	}
	s.o.sent <- sent{s.from, s.to, string(b)}
	return nil
}

// polling polls an account, again and again as its owner would, until the test
// is over.
func polling(t testing.TB, c *Channel) (errs chan error) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	errs = make(chan error, 100)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for ctx.Err() == nil {
			if err := c.Poll(ctx); !errors.Is(err, context.Canceled) {
				select {
				case errs <- err:
				case <-ctx.Done():
				}
			}
		}
	}()
	t.Cleanup(func() { cancel(); <-ended })
	return errs
}

func itoa(n int) string { return strconv.Itoa(n) }
