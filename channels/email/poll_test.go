package email

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
)

// made opens the mailbox of an office.
func made(t testing.TB, d *desk, s Settings) *Channel {
	t.Helper()
	c, err := open(d.config(t, s, Secrets{Password: password}))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// settled waits until the account has found its place in the mailbox.
func settled(t testing.TB, c *Channel) {
	t.Helper()
	until(t, "the place in the mailbox", func() bool {
		b, err := c.shelf.Get("", c.placeKey())
		return err == nil && len(b) > 0
	})
}

// until waits for something that nobody tells of.
func until(t testing.TB, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(90 * time.Second); !is(); {
		if time.Now().After(end) {
			t.Fatalf("%s did not come", what)
		}
		<-time.After(10 * time.Millisecond)
	}
}

const hello = "From: =?koi8-r?B?6dfBziDwxdTSz9c=?= <Ivan@Client.example>\nTo: support@shop.example\nSubject: =?utf-8?B?0JfQsNC60LDQtw==?=\nMessage-ID: <1@client.example>\n" +
	"Date: Mon, 03 Mar 2025 10:11:12 +0300\nContent-Type: text/plain; charset=utf-8\n\nЗдравствуйте\n"

// proves CH-12: what came before is nobody's; what comes is read at once by IDLE
func TestPoll(t *testing.T) {
	for name, idle := range map[string]bool{"IDLE": true, "asking": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o, d := newOffice(t, idle), newDesk()
			o.put(t, strings.ReplaceAll(hello, "1@client", "0@client"))
			c := made(t, d, o.settings())
			c.settings.PollEvery = 1
			polling(t, c)
			settled(t, c)
			o.put(t, hello)
			m := next(t, d.inbound)
			if m.Content.Text != "Тема: Заказ\n\nЗдравствуйте" || m.Address != "ivan@client.example" || !strings.HasPrefix(m.ID, "1@client.example#") {
				t.Errorf("Inbound = %+v, text %q", m, m.Content.Text)
			}
			if m.Fields["fname"] != "Иван" || m.Fields["lname"] != "Петров" || m.Fields["email"] != "ivan@client.example" || m.Verified != "" {
				t.Errorf("Fields = %v, verified %q", m.Fields, m.Verified)
			}
			if m.Threading != "nothing: it begins a thread" {
				t.Errorf("Threading = %q", m.Threading)
			}
			d.nothing(t)
		})
	}
}

// look is a connection of a colleague who opens the mailbox.
func look(t testing.TB, o *office, folder string) (all []*imapclient.FetchMessageBuffer) {
	t.Helper()
	s, err := imapclient.DialInsecure("127.0.0.1:"+itoa(o.imapPort), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Login("support@shop.example", password).Wait(); err != nil {
		t.Fatal(err)
	}
	box, err := s.Select(folder, &imap.SelectOptions{ReadOnly: true}).Wait()
	if err != nil {
		t.Fatal(err)
	}
	if box.NumMessages == 0 {
		return nil
	}
	all, err = s.Fetch(imap.SeqSet{{Start: 1}}, &imap.FetchOptions{Flags: true, UID: true, BodySection: []*imap.FetchItemBodySection{{Peek: true}}}).Collect()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// proves CH-12: a letter is marked after it is kept, and not before
func TestSeenAfterKept(t *testing.T) {
	o, d := newOffice(t, true), newDesk()
	c := made(t, d, o.settings())
	early := make(chan bool, 10)
	d.before = func() { early <- len(look(t, o, "INBOX")[0].Flags) > 0 }
	d.refuse = refusal.New(refusal.Busy, "not now")
	errs := polling(t, c)
	settled(t, c)
	o.put(t, hello)
	if err := next(t, errs); refusal.KindOf(err) != refusal.Busy {
		t.Errorf("Poll = %v, want what the sink said", err)
	}
	next(t, d.inbound) // at the second try
	for range 2 {
		if next(t, early) {
			t.Error("the letter was marked before it was kept")
		}
	}
	until(t, `\Seen`, func() bool { f := look(t, o, "INBOX")[0].Flags; return len(f) == 1 && f[0] == imap.FlagSeen })
}

// proves CH-12: what a colleague opened is read all the same, and may be moved
func TestMoved(t *testing.T) {
	o, d := newOffice(t, true), newDesk()
	s := o.settings()
	s.MoveTo = "Done"
	c := made(t, d, s)
	polling(t, c)
	settled(t, c)
	raw := strings.ReplaceAll(hello, "\n", "\r\n")
	if _, err := o.user.Append("INBOX", literal{strings.NewReader(raw)}, &imap.AppendOptions{Flags: []imap.Flag{imap.FlagSeen}, Time: time.Now()}); err != nil {
		t.Fatal(err)
	}
	next(t, d.inbound)
	until(t, "the letter", func() bool { return len(look(t, o, "Done")) == 1 })
	if !bytes.Equal(look(t, o, "Done")[0].BodySection[0].Bytes, []byte(raw)) {
		t.Error("the letter is not what it was")
	}
}

// proves CH-12: after a cut the mailbox is read on where it was left
func TestCut(t *testing.T) {
	o, d := newOffice(t, true), newDesk()
	c := made(t, d, o.settings())
	errs := polling(t, c)
	settled(t, c)
	for n := range 3 {
		o.put(t, strings.ReplaceAll(hello, "1@client", itoa(n)+"@client"))
		if m := next(t, d.inbound); !strings.HasPrefix(m.ID, itoa(n)+"@") {
			t.Errorf("letter %d is %q", n, m.ID)
		}
		o.imap.cut()
		if err := next(t, errs); err == nil {
			t.Error("Poll ended without an error")
		}
	}
	d.nothing(t)
}

// proves CH-12: when the server numbers anew, nothing is lost
func TestUIDValidity(t *testing.T) {
	o, d := newOffice(t, true), newDesk()
	c := made(t, d, o.settings())
	o.put(t, hello)
	if err := c.putPlace(place{Validity: 4711, Last: 1000}); err != nil {
		t.Fatal(err)
	}
	polling(t, c)
	if m := next(t, d.inbound); m.Address != "ivan@client.example" {
		t.Errorf("Inbound = %+v", m)
	}
	until(t, "the new place", func() bool {
		b, err := c.shelf.Get("", c.placeKey())
		return err == nil && !bytes.Contains(b, []byte("4711"))
	})
	o.put(t, strings.ReplaceAll(hello, "1@client", "2@client"))
	if m := next(t, d.inbound); !strings.HasPrefix(m.ID, "2@") {
		t.Errorf("the next letter is %q", m.ID)
	}
}

// proves CH-12: a wrong password breaks the account, and no other
func TestWrongPassword(t *testing.T) {
	o, d := newOffice(t, true), newDesk()
	c, err := open(d.config(t, o.settings(), Secrets{Password: "wrong-password"}))
	if err != nil {
		t.Fatal(err)
	}
	err = c.Poll(t.Context())
	if _, ok := errors.AsType[*channels.Broken](err); !ok || strings.Contains(err.Error(), "wrong-password") {
		t.Errorf("Poll = %v, want the account to be broken", err)
	}
	if _, err := c.Probe(t.Context()); err == nil || !strings.Contains(err.Error(), "IMAP") {
		t.Errorf("Probe = %v, want IMAP to be named", err)
	}
	c = made(t, d, o.settings())
	who, err := c.Probe(t.Context())
	if err != nil || who.Handle != "support@shop.example" {
		t.Errorf("Probe = %+v, %v", who, err)
	}
}

// proves CH-12: a letter that is too large leaves a message and stays where it is
func TestTooLarge(t *testing.T) {
	o, d := newOffice(t, true), newDesk()
	s := o.settings()
	s.Megabytes = 1
	c := made(t, d, s)
	polling(t, c)
	settled(t, c)
	o.put(t, hello+strings.Repeat("a line of a long letter\n", 80_000))
	if m := next(t, d.inbound); !strings.Contains(m.Content.Text, "больше разрешённых 1 МБ") || !strings.Contains(m.Content.Text, "Тема: Заказ") {
		t.Errorf("text %q", m.Content.Text)
	}
}
