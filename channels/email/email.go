package email

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/oauth2"

	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
)

// A Channel is one mailbox. It is a [channels.Poller], a [channels.Prober], a
// [channels.Linker] and a [channels.Rereader].
type Channel struct {
	channels.Config
	settings Settings
	secrets  Secrets
	seal     *sealer
	shelf    channels.Shelf
	now      func() time.Time

	mu      sync.Mutex      // guards what follows
	access  *oauth2.Token   // of an OAuth2 account, while it is good
	welcome map[string]bool // servers that it has let us in to
}

// Open makes a channel from an account's settings.
func Open(c channels.Config) (channels.Channel, error) { return open(c) }

func open(c channels.Config) (*Channel, error) {
	s, k, err := parse(c)
	if err != nil {
		return nil, err
	}
	ch := &Channel{Config: c, settings: s, secrets: k, shelf: c.Shelf, now: c.Now}
	if ch.now == nil {
		ch.now = time.Now
	}
	address, ok := wire(s.Address)
	if !ok {
		return nil, refusal.Of("settings.address", "this is not an address such as support@shop.example")
	}
	_, domain, _ := strings.Cut(address, "@")
	ch.seal, err = newSealer(c.Token("ids of letters"), domain)
	if err != nil {
		return nil, err
	}
	return ch, nil
}

// Idempotent tells that a letter may be sent again: it has the same Message-ID.
func (c *Channel) Idempotent() bool { return true }

// A patient connection is given up when nothing moves for a while. Deadlines
// that are set from outside are about something else and don't count.
type patient struct {
	net.Conn
	wait time.Duration
}

func (p patient) Read(b []byte) (int, error) {
	p.Conn.SetReadDeadline(time.Now().Add(p.wait))
	return p.Conn.Read(b)
}

func (p patient) Write(b []byte) (int, error) {
	p.Conn.SetWriteDeadline(time.Now().Add(p.wait))
	return p.Conn.Write(b)
}

func (p patient) SetDeadline(time.Time) error      { return nil }
func (p patient) SetReadDeadline(time.Time) error  { return nil }
func (p patient) SetWriteDeadline(time.Time) error { return nil }

// connect connects to a server of the account. The connection is closed when ctx
// is done.
func (c *Channel) connect(ctx context.Context, host string, port int, security string) (net.Conn, error) {
	conn, err := c.Dial(ctx, "tcp", net.JoinHostPort(host, strconv.Itoa(port)))
	if refusal.KindOf(err) != 0 {
		// That the server may not be called is no refusal of the letter.
		return nil, &channels.Broken{Err: fmt.Errorf("connect to %s: %v", host, err)}
	}
	if err != nil {
		return nil, fmt.Errorf("connect to %s: %w", host, err)
	}
	context.AfterFunc(ctx, func() { conn.Close() })
	if security != byTLS {
		return conn, nil
	}
	t := tls.Client(conn, c.tls(host))
	shaking, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	if err := t.HandshakeContext(shaking); err != nil {
		conn.Close()
		return nil, fmt.Errorf("connect to %s: %w", host, err)
	}
	return t, nil
}

func (c *Channel) tls(host string) *tls.Config {
	return &tls.Config{ServerName: host, RootCAs: c.Roots, MinVersion: tls.VersionTLS12}
}
