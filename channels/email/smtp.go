package email

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"os"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	gomail "github.com/wneessen/go-mail"

	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
)

// moving is how long a mail server may be silent while it takes a letter.
const moving = time.Minute

// Deliver sends m as a letter. It implements [channels.Channel].
func (c *Channel) Deliver(ctx context.Context, m channels.Outbound) (string, error) {
	msg, id, t, err := c.compose(ctx, m)
	if err != nil {
		return "", err
	}
	if err := c.send(ctx, msg); err != nil {
		return "", c.judge(err)
	}
	if t.Sent == id {
		if err := c.putThread(m.Address, t); err != nil {
			return "", err // and the letter is sent again, with the same id
		}
	}
	if c.settings.SentFolder != "" {
		c.copySent(ctx, msg)
	}
	return id, nil
}

// send gives one letter to the mail server.
func (c *Channel) send(ctx context.Context, msg *gomail.Msg) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // and whatever became of it, the connection is closed
	client, err := c.client(ctx)
	if err != nil {
		return err
	}
	if err := client.DialWithContext(ctx); err != nil {
		return err
	}
	c.welcomed(thePost)
	err = client.Send(msg)
	if msg.IsDelivered() {
		// That the server did not part well is of no interest then.
		client.Close()
		return nil
	}
	return err
}

// client makes the connection's settings. What is protected from the first byte
// is so before the library sees it.
func (c *Channel) client(ctx context.Context) (*gomail.Client, error) {
	s := c.settings
	auth := gomail.SMTPAuthNoAuth
	var password string
	if !s.SMTPOpen {
		var err error
		if password, err = c.password(ctx); err != nil {
			return nil, err
		}
		auth = gomail.SMTPAuthAutoDiscover
		if s.Login == byOAuth2 {
			auth = gomail.SMTPAuthXOAUTH2
		} else if s.SMTPSecurity != byStartTLS {
			auth = gomail.SMTPAuthPlainNoEnc // it is protected, or goes to this machine
		}
	}
	policy := gomail.NoTLS
	if s.SMTPSecurity == byStartTLS {
		policy = gomail.TLSMandatory
	}
	_, domain, _ := strings.Cut(s.Address, "@")
	client, err := gomail.NewClient(s.SMTPHost, gomail.WithPort(s.SMTPPort), gomail.WithTimeout(moving), gomail.WithTLSPolicy(policy),
		gomail.WithTLSConfig(c.tls(s.SMTPHost)), gomail.WithHELO(domain), gomail.WithSMTPAuth(auth),
		gomail.WithUsername(s.User), gomail.WithPassword(password), gomail.WithoutNoop(),
		gomail.WithDialContextFunc(func(dialing context.Context, _, _ string) (net.Conn, error) {
			// The context of the library is over once it has connected.
			conn, err := c.connect(ctx, s.SMTPHost, s.SMTPPort, s.SMTPSecurity)
			if err != nil {
				return nil, err
			}
			return patient{conn, moving}, nil
		}))
	if err != nil {
		return nil, fmt.Errorf("set up the connection to %s: %w", s.SMTPHost, err)
	}
	return client, nil
}

// judge says what the server's answer means. See email.md 5.
func (c *Channel) judge(err error) error {
	if file, ok := errors.AsType[errFile](err); ok {
		return file.err
	}
	if _, ok := errors.AsType[*channels.Broken](err); ok {
		return err
	}
	code, said := answer(err)
	sending, _ := errors.AsType[*gomail.SendError](err)
	switch {
	case code == 0:
		return fmt.Errorf("send the letter: %w", c.plain(err))
	case sending == nil && (code == 535 || code == 534 || code == 530 || code == 538 || code == 525):
		return c.turnedAway(thePost, c.settings.SMTPHost, said)
	case code < 500 || sending == nil:
		return fmt.Errorf("the mail server does not take the letter now: %s", said)
	case sending.Reason == gomail.ErrSMTPMailFrom:
		return &channels.Broken{Err: fmt.Errorf("the mail server does not let us write as %s: %s", c.settings.Address, said)}
	}
	return refusal.New(refusal.Invalid, "%s: %s", refused(code, said), said)
}

// refused is the answer of a server in words that one can act upon.
func refused(code int, said string) string {
	switch {
	case code == 552 && !strings.Contains(said, "5.2.2"), strings.Contains(said, "5.3.4"), strings.Contains(said, "5.2.3"):
		return "the letter is too large for the mail server"
	case strings.Contains(said, "5.2.2"):
		return "the customer's mailbox is full"
	case strings.Contains(said, "5.7."), code == 554:
		return "the mail server does not take this letter"
	case code == 550, code == 551, code == 553, code == 501, strings.Contains(said, "5.1."):
		return "there is no such mailbox"
	}
	return "the mail server refused the letter"
}

// answer is what a mail server said in err, with its code; 0 if it said nothing.
func answer(err error) (code int, said string) {
	if e, ok := errors.AsType[*gomail.SendError](err); ok && e.ErrorCode() > 0 {
		text := e.Error()
		if i := strings.Index(text, fmt.Sprint(e.ErrorCode())); i >= 0 {
			text = text[i:]
		}
		return e.ErrorCode(), clipped(oneLine(text), 300)
	}
	if e, ok := errors.AsType[*textproto.Error](err); ok {
		return e.Code, clipped(oneLine(e.Error()), 300)
	}
	return 0, ""
}

// plain is err without the password.
func (c *Channel) plain(err error) error {
	text := err.Error()
	for _, secret := range []string{c.secrets.Password, c.secrets.ClientSecret, c.secrets.RefreshToken} {
		if secret != "" && strings.Contains(text, secret) {
			return errors.New(strings.ReplaceAll(text, secret, "…"))
		}
	}
	return err
}

// copySent lays a copy of a letter that was sent into its folder. If that does
// not work, the letter has gone all the same.
func (c *Channel) copySent(ctx context.Context, msg *gomail.Msg) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	f, err := os.CreateTemp("", "sent-*.eml")
	if err != nil {
		return
	}
	os.Remove(f.Name())
	defer f.Close()
	size, err := msg.WriteTo(f)
	if err != nil {
		return
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return
	}
	s, err := c.login(ctx)
	if err != nil {
		return
	}
	defer s.Close()
	put := s.Append(c.settings.SentFolder, size, &imap.AppendOptions{Flags: []imap.Flag{imap.FlagSeen}, Time: c.now()})
	if _, err := io.Copy(put, f); err != nil {
		return
	}
	if put.Close() == nil {
		put.Wait()
	}
}
