package email

import (
	"bytes"
	"context"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/emersion/go-smtp"
	"github.com/jhillyerd/enmime/v2"

	"crafttalkd/channels"
	"crafttalkd/channels/channeltest"
)

// A bridge is an SMTP server before a provider that speaks HTTP: each letter is
// one call, and what the provider says to it becomes the SMTP answer.
type bridge struct {
	client *http.Client
	url    string
}

// dial connects to a server that has one connection.
func (b *bridge) dial(context.Context, string, string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	server := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) { return &crossing{b: b, conn: c}, nil }))
	server.Domain, server.AllowInsecureAuth = "mx.shop.example", true
	server.ErrorLog = log.New(io.Discard, "", 0)
	go server.Serve(&once{conn: theirs})
	return ours, nil
}

// once is a listener with one connection.
type once struct{ conn net.Conn }

func (o *once) Accept() (net.Conn, error) {
	if o.conn == nil {
		return nil, net.ErrClosed
	}
	c := o.conn
	o.conn = nil
	return c, nil
}
func (o *once) Close() error   { return nil }
func (o *once) Addr() net.Addr { return &net.UnixAddr{Name: "mx"} }

// crossing is one connection over the bridge.
type crossing struct {
	b    *bridge
	conn *smtp.Conn
}

func (s *crossing) Mail(string, *smtp.MailOptions) error { return nil }
func (s *crossing) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (s *crossing) Reset()                               {}
func (s *crossing) Logout() error                        { return nil }

func (s *crossing) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err // the connection was closed within the letter
	}
	read, err := enmime.ReadEnvelope(bytes.NewReader(raw))
	if err != nil {
		return &smtp.SMTPError{Code: 550, Message: "this is no letter: " + err.Error()}
	}
	for _, f := range read.Attachments {
		s.call("/file", f.Content)
	}
	switch status := s.call("/letter", raw); {
	case status == 0:
		s.conn.Conn().Close()
		return nil
	case status == http.StatusOK:
		return nil
	case status < 500 && status != http.StatusTooManyRequests:
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user"}
	default:
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "not now"}
	}
}

// call makes a call to the provider; 0 if there is no answer.
func (s *crossing) call(path string, body []byte) int {
	answer, err := s.b.client.Post(s.b.url+path, "application/octet-stream", bytes.NewReader(body))
	if err != nil {
		return 0
	}
	answer.Body.Close()
	return answer.StatusCode
}

// proves CH-12: mail does what every channel does
func TestDeliver(t *testing.T) {
	const address = "ivan@client.example"
	settings := Settings{Address: "support@shop.example", Name: "Лавка", IMAPHost: "localhost", SMTPHost: "localhost", SMTPSecurity: byNothing, SMTPOpen: true}
	seal, err := newSealer("token of mail1 for ids of letters", "shop.example")
	if err != nil {
		t.Fatal(err)
	}
	channeltest.Run(t, channeltest.Fixture{
		Open: func(url string, client *http.Client) (channels.Channel, error) {
			c := newDesk().config(t, settings, Secrets{Password: password})
			c.Dial = (&bridge{client, url}).dial
			return Open(c)
		},
		Read: func(c channeltest.Call) (channeltest.Seen, bool) {
			if c.Request.URL.Path != "/letter" {
				return channeltest.Seen{}, false
			}
			read, err := enmime.ReadEnvelope(bytes.NewReader(c.Body))
			if err != nil {
				t.Error(err)
				return channeltest.Seen{}, false
			}
			return channeltest.Seen{Key: read.GetHeader("Message-ID"), Text: strings.TrimSuffix(read.Text, "\r\n")}, true
		},
		File:     func(c channeltest.Call) ([]byte, bool) { return c.Body, c.Request.URL.Path == "/file" },
		Accept:   func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) },
		Refuse:   func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) },
		External: seal.id("c1.1/m1/0", address), Address: address, Abilities: Abilities, Secrets: []string{password},
	})
}
