package email

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/emersion/go-smtp"
	"github.com/jhillyerd/enmime/v2"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
)

// said is a message to a customer.
func said(address, text string, files ...string) channels.Outbound {
	m := channels.Outbound{Address: address, Conversation: "c1", ID: "m1", Key: "c1/m1/0", Content: &event.Content{Text: text},
		Open: func(_ context.Context, a *event.Attachment) (io.ReadCloser, error) {
			return io.NopCloser(strings.NewReader("contents of " + a.Name)), nil
		}}
	for _, f := range files {
		m.Content.Attachments = append(m.Content.Attachments, &event.Attachment{Name: f, Mime: "text/plain"})
	}
	return m
}

// proves CH-12: an answer stands where mail programs expect it
func TestAnswer(t *testing.T) {
	o, d := newOffice(t, true), newDesk()
	s := o.settings()
	s.Signature, s.SentFolder, s.PlusAddressing, s.SubjectTag = "Ваша лавка", "Sent", true, true
	c := made(t, d, s)
	take(t, c, strings.Replace(letterFrom("Ivan@X.example", "References: <0@x>"), "Order", "Re: Order", 1))
	next(t, d.inbound)
	id, err := c.Deliver(t.Context(), said("ivan@x.example", "Добрый день\n.\nconst = 1", `Счёт "1".txt`))
	if err != nil {
		t.Fatal(err)
	}
	got := next(t, o.sent)
	read, err := enmime.ReadEnvelope(strings.NewReader(got.raw))
	if err != nil {
		t.Fatal(err)
	}
	tag := c.seal.tag("ivan@x.example")
	for field, want := range map[string]string{
		"Message-ID": "<" + id + ">", "In-Reply-To": "<1@x>", "References": "<0@x> <1@x>", "Subject": "Re: Order [#" + tag + "]",
		"From": `Лавка <support@shop.example>`, "To": "<Ivan@x.example>", "Reply-To": "<support+" + tag + "@shop.example>", "Auto-Submitted": "",
	} {
		if have := strings.ReplaceAll(read.GetHeader(field), `"`, ""); have != want && have != strings.ToLower(want) {
			t.Errorf("%s: %q, want %q", field, have, want)
		}
	}
	if text := strings.ReplaceAll(read.Text, "\r\n", "\n"); text != "Добрый день\n.\nconst = 1\n\n-- \nВаша лавка" {
		t.Errorf("text %q", text)
	}
	if a := read.Attachments; len(a) != 1 || a[0].FileName != "Счёт '1'.txt" || string(a[0].Content) != `contents of Счёт "1".txt` {
		t.Errorf("the files are %+v", a)
	}
	if got.from != "support@shop.example" || got.to != "Ivan@x.example" {
		t.Errorf("the envelope is from %s to %s", got.from, got.to)
	}
	if copies := look(t, o, "Sent"); len(copies) != 1 || !strings.Contains(string(copies[0].BodySection[0].Bytes), id) {
		t.Errorf("%d copies of the letter", len(copies))
	}
	// The customer's answer to it is found again.
	take(t, c, letterFrom("ivan@x.example", "In-Reply-To: <"+id+">"))
	if m := next(t, d.inbound); m.Threading != "the id in In-Reply-To, which is ours" {
		t.Errorf("Threading = %q", m.Threading)
	}
}

// proves CH-12: what the system says by itself is marked, and goes to no program
func TestAutomatic(t *testing.T) {
	o, d := newOffice(t, true), newDesk()
	c := made(t, d, o.settings())
	m := said("ivan@x.example", "Мы закрыты")
	m.Automatic = true
	if _, err := c.Deliver(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	raw := next(t, o.sent).raw
	for _, want := range []string{"Auto-Submitted: auto-replied", "X-Auto-Response-Suppress: All", loopField + ": " + c.seal.loop()} {
		if !strings.Contains(raw, want) {
			t.Errorf("%q is not in %q", want, raw)
		}
	}
	m.Address = "no-reply@x.example"
	if _, err := c.Deliver(t.Context(), m); refusal.KindOf(err) == 0 {
		t.Errorf("Deliver to a program = %v, want a refusal", err)
	}
	take(t, c, raw)
	if got := next(t, d.strange); got != "loop" {
		t.Errorf("our own letter is %q", got)
	}
}

// proves CH-12: nothing that people enter begins a field of its own
func TestInjection(t *testing.T) {
	o, d := newOffice(t, true), newDesk()
	c := made(t, d, o.settings())
	c.settings.Name = "x\r\nBcc: eve@x.example"
	take(t, c, strings.Replace(letterFrom("ivan@x.example"), "Subject: Order", "Subject: =?utf-8?Q?a=0D=0ABcc:_eve@x.example?=", 1))
	m := said("ivan@x.example", "hello", "a\r\nBcc: eve@x.example")
	if _, err := c.Deliver(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	raw := next(t, o.sent).raw
	for l := range strings.SplitSeq(raw, "\r\n") {
		if strings.HasPrefix(strings.ToLower(l), "bcc") {
			t.Errorf("the line %q is in %q", l, raw)
		}
		if len(l) > 998 {
			t.Errorf("a line has %d bytes", len(l))
		}
	}
	for _, address := range []string{"", "ivan", "a b@x.example", "a@x.example\r\nRCPT TO:<b@x.example>", "a@b@x.example"} {
		if _, err := c.Deliver(t.Context(), said(address, "x")); refusal.KindOf(err) != refusal.Invalid {
			t.Errorf("Deliver to %q = %v, want a refusal", address, err)
		}
	}
}

// proves CH-12, G35: what the mail server says decides what becomes of a letter
func TestAnswersOfServers(t *testing.T) {
	o, d := newOffice(t, true), newDesk()
	c := made(t, d, o.settings())
	for _, x := range []struct {
		code   int
		status smtp.EnhancedCode
		want   string
	}{
		{550, smtp.EnhancedCode{5, 1, 1}, "refused: there is no such mailbox"},
		{552, smtp.EnhancedCode{5, 3, 4}, "refused: the letter is too large for the mail server"},
		{552, smtp.EnhancedCode{5, 2, 2}, "refused: the customer's mailbox is full"},
		{554, smtp.EnhancedCode{5, 7, 1}, "refused: the mail server does not take this letter"},
		{451, smtp.EnhancedCode{4, 7, 1}, "again: the mail server does not take the letter now"},
		{421, smtp.EnhancedCode{4, 3, 2}, "again: the mail server does not take the letter now"},
	} {
		o.mu.Lock()
		o.answer = &smtp.SMTPError{Code: x.code, EnhancedCode: x.status, Message: "because"}
		o.mu.Unlock()
		_, err := c.Deliver(t.Context(), said("ivan@x.example", "x"))
		got := fmt.Sprintf("again: %v", err)
		if refusal.KindOf(err) != 0 {
			got = fmt.Sprintf("refused: %v", err)
		}
		if !strings.HasPrefix(got, x.want) || !strings.Contains(got, "because") {
			t.Errorf("%d %v: %q, want %q", x.code, x.status, got, x.want)
		}
	}
	if _, err := c.Deliver(t.Context(), said("ivan@x.example", "x")); err != nil {
		t.Errorf("after all that, Deliver = %v", err)
	}
	c.settings.SMTPOpen = false
	c.settings.SMTPHost = "localhost"
	_, err := c.Deliver(t.Context(), said("ivan@x.example", "x"))
	if err == nil || refusal.KindOf(err) != 0 || strings.Contains(err.Error(), password) {
		t.Errorf("Deliver without a way to log in = %v", err)
	}
}

// proves CH-12: OAuth2 gets a token, keeps it, and says when it is taken back
func TestOAuth2(t *testing.T) {
	calls, fails := 0, false
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		calls++
		w.Header().Set("Content-Type", "application/json")
		if fails || r.FormValue("refresh_token") != "refresh" || r.FormValue("grant_type") != "refresh_token" {
			w.WriteHeader(http.StatusBadRequest)
			w.Write([]byte(`{"error":"invalid_grant"}`))
			return
		}
		json.NewEncoder(w).Encode(map[string]any{"access_token": "access", "token_type": "Bearer", "expires_in": 3600})
	}))
	defer service.Close()
	d := newDesk()
	s := Settings{Address: "support@shop.example", IMAPHost: "imap.example", SMTPHost: "smtp.example", Login: byOAuth2, TokenURL: service.URL, ClientID: "id"}
	config := d.config(t, s, Secrets{RefreshToken: "refresh"})
	config.Client = service.Client()
	c, err := open(config)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if p, err := c.password(t.Context()); p != "access" || err != nil {
			t.Fatalf("password = %q, %v", p, err)
		}
	}
	if calls != 1 {
		t.Errorf("the token service was asked %d times, want 1", calls)
	}
	mechanism, first, err := (&xoauth2{user: "a@x", token: "access"}).Start()
	if mechanism != "XOAUTH2" || string(first) != "user=a@x\x01auth=Bearer access\x01\x01" || err != nil {
		t.Errorf("Start = %q, %q, %v", mechanism, first, err)
	}
	fails, c.access = true, nil
	if _, err := c.password(t.Context()); !isBroken(err) {
		t.Errorf("password = %v, want the account to be broken", err)
	}
}

func isBroken(err error) bool {
	_, ok := errors.AsType[*channels.Broken](err)
	return ok
}

func TestSettings(t *testing.T) {
	good := `{"address":"support@shop.example","imap_host":"imap.x","smtp_host":"smtp.x"}`
	for _, x := range []struct{ settings, secrets, field string }{
		{good, `{"password":"p"}`, ""},
		{good, `{}`, "secrets.password"},
		{`{"x":1}`, `{}`, "settings"},
		{strings.Replace(good, "support@shop.example", "support", 1), `{"password":"p"}`, "settings.address"},
		{strings.Replace(good, "imap.x", "https://imap.x", 1), `{"password":"p"}`, "settings.imap_host"},
		{strings.Replace(good, `"smtp.x"`, `""`, 1), `{"password":"p"}`, "settings.smtp_host"},
		{strings.Replace(good, `"smtp.x"`, `"smtp.x","smtp_security":"none"`, 1), `{"password":"p"}`, "settings.smtp_security"},
		{strings.Replace(good, `"smtp.x"`, `"smtp.x","login":"oauth2"`, 1), `{}`, "settings.token_url"},
		{strings.Replace(good, `"smtp.x"`, `"smtp.x","megabytes":1000`, 1), `{"password":"p"}`, "settings.megabytes"},
		{strings.Replace(good, `"smtp.x"`, `"smtp.x","move_to":"INBOX"`, 1), `{"password":"p"}`, "settings.move_to"},
	} {
		c := newDesk().config(t, Settings{}, Secrets{})
		c.Settings, c.Secrets = json.RawMessage(x.settings), json.RawMessage(x.secrets)
		_, err := Open(c)
		r, _ := errors.AsType[*refusal.Error](err)
		if (err == nil) != (x.field == "") || r != nil && r.Field != x.field {
			t.Errorf("Open(%s, %s) = %v, want the field %q", x.settings, x.secrets, err, x.field)
		}
	}
}

// proves CH-12: who follows an invite brings its token
func TestLink(t *testing.T) {
	for plus, want := range map[bool]string{false: "mailto:support@shop.example?subject=%5B%23Tok-en_1%5D", true: "mailto:support+Tok-en_1@shop.example"} {
		c, d := quiet(t, func(s *Settings) { s.PlusAddressing = plus })
		link, err := c.Link(t.Context(), "Tok-en_1")
		if err != nil || link != want {
			t.Errorf("Link = %q, %v, want %q", link, err, want)
		}
		raw := letterFrom("ivan@x.example", "To: support+Tok-en_1@shop.example")
		if !plus {
			raw = strings.Replace(letterFrom("ivan@x.example"), "Order", "Re: [#Tok-en_1]", 1)
		}
		take(t, c, raw)
		if m := next(t, d.inbound); m.Link != "Tok-en_1" {
			t.Errorf("the token that came is %q", m.Link)
		}
	}
}

// FuzzLetterTaken gives letters to an account: none breaks it, and each is a
// message, a notice or strange.
func FuzzLetterTaken(f *testing.F) {
	f.Add(hello)
	f.Add(bounce("x@y", "failed", "5.1.1"))
	f.Add(letterFrom("ivan@x.example", "Auto-Submitted: auto-replied"))
	f.Fuzz(func(t *testing.T, raw string) {
		c, d := quiet(t, nil)
		taken := take(t, c, raw)
		if n := len(d.inbound) + len(d.notices) + len(d.strange); n == 0 && !strings.Contains(raw, "report") || taken && len(d.inbound) != 1 {
			t.Errorf("taken %v, and there came %d things", taken, n)
		}
		for len(d.strange) > 0 {
			if s := <-d.strange; strings.HasPrefix(s, "a letter that broke the reader") {
				t.Error(s)
			}
		}
		for len(d.inbound) > 0 {
			m := <-d.inbound
			if taken == m.Automatic {
				t.Errorf("taken %v, automatic %v", taken, m.Automatic)
			}
			if m.ID == "" || len(m.ID) > 200 || m.Address == "" || len(m.Address) > 200 || len([]rune(m.Content.Text)) > 32_000 || len(m.Content.Attachments) > 20 ||
				strings.ContainsRune(m.ID+m.Address+m.Content.Text, 0) {
				t.Errorf("Inbound = %+v", m)
			}
		}
	})
}
