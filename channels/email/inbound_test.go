package email

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
	"crafttalkd/channels/email/letter"
)

// take gives a letter to an account as if the mailbox had given it, and says
// whether it was taken as a message.
func take(t testing.TB, c *Channel, raw string) bool {
	t.Helper()
	s := &spool{}
	defer s.close()
	if _, err := s.Write([]byte(strings.ReplaceAll(raw, "\n", "\r\n"))); err != nil {
		t.Fatal(err)
	}
	taken, err := c.receive(t.Context(), received{raw: s, came: time.Date(2025, 3, 3, 8, 0, 0, 0, time.UTC), size: s.size})
	if err != nil {
		t.Fatal(err)
	}
	return taken
}

// quiet is an account whose servers nobody calls.
func quiet(t testing.TB, change func(*Settings)) (*Channel, *desk) {
	t.Helper()
	s := Settings{Address: "support@shop.example", Name: "Лавка", IMAPHost: "imap.shop.example", SMTPHost: "smtp.shop.example"}
	if change != nil {
		change(&s)
	}
	d := newDesk()
	return made(t, d, s), d
}

// letterFrom is a letter with more fields in its head.
func letterFrom(from string, fields ...string) string {
	return "From: " + from + "\nSubject: Order\nMessage-ID: <1@x>\nDate: Mon, 03 Mar 2025 10:11:12 +0300\n" + strings.Join(append(fields, ""), "\n") + "\nhello\n"
}

// proves CH-12: whose a letter is, and how that is found
func TestThreading(t *testing.T) {
	c, d := quiet(t, func(s *Settings) { s.PlusAddressing = true })
	ours := c.seal.id("k", "ivan@x.example")
	forged, err := newSealer("another secret", "shop.example")
	if err != nil {
		t.Fatal(err)
	}
	take(t, c, letterFrom("ivan@x.example"))
	next(t, d.inbound)
	for _, x := range []struct {
		name, from string
		fields     []string
		address    string
		by, text   string
	}{
		{"an answer to ours", "ivan@x.example", []string{"In-Reply-To: <" + ours + ">"}, "ivan@x.example", "the id in In-Reply-To, which is ours", "hello"},
		{"in References", "ivan@x.example", []string{"References: <a@b> <" + ours + ">"}, "ivan@x.example", "an id in References, which is ours", "hello"},
		{"among words", "ivan@x.example", []string{"In-Reply-To: Your letter of Monday <" + ours + "> (x)"}, "ivan@x.example", "the id in In-Reply-To, which is ours", "hello"},
		{"to the own letter", "ivan@x.example", []string{"In-Reply-To: <1@x>"}, "ivan@x.example", "the id in In-Reply-To", "hello"},
		{"by the tag", "ivan@x.example", []string{"To: support+" + c.seal.tag("ivan@x.example") + "@shop.example"}, "ivan@x.example", "the token of the sender", "hello"},
		{"another's tag", "petr@x.example", []string{"To: support+" + c.seal.tag("ivan@x.example") + "@shop.example"}, "petr@x.example", "nothing: it begins a thread", "Тема: Order\n\nhello"},
		{"by the subject", "ivan@x.example", nil, "ivan@x.example", "the subject and the sender", "hello"},
		{"a colleague in copy", "boss@y.example", []string{"In-Reply-To: <" + ours + ">"}, "ivan@x.example", "the id in In-Reply-To, which is ours; the sender is another", "От: boss@y.example:\n\nhello"},
		{"a forged id", "eve@y.example", []string{"In-Reply-To: <" + forged.id("k", "ivan@x.example") + ">"}, "eve@y.example", "nothing: it begins a thread", "Тема: Order\n\nhello"},
		{"a stranger with the same subject", "carol@y.example", nil, "carol@y.example", "nothing: it begins a thread", "Тема: Order\n\nhello"},
	} {
		t.Run(x.name, func(t *testing.T) {
			if !take(t, c, letterFrom(x.from, x.fields...)) {
				t.Fatalf("the letter was not taken: %v", d.strange)
			}
			m := next(t, d.inbound)
			if m.Address != x.address || m.Threading != x.by || m.Content.Text != x.text {
				t.Errorf("%s, %q, %q, want %s, %q, %q", m.Address, m.Threading, m.Content.Text, x.address, x.by, x.text)
			}
			if other := strings.HasPrefix(x.text, "От:"); other != (m.Fields == nil) {
				t.Errorf("Fields = %v", m.Fields)
			}
		})
	}
}

// proves CH-12: who is away has answered, and a program has said it: our letters go
// on answering the person's
func TestAway(t *testing.T) {
	c, d := quiet(t, nil)
	take(t, c, letterFrom("ivan@x.example"))
	next(t, d.inbound)
	old, err := c.thread("ivan@x.example")
	if err != nil {
		t.Fatal(err)
	}
	raw := strings.Replace(letterFrom("ivan@x.example", "Auto-Submitted: auto-replied"), "<1@x>", "<2@x>", 1)
	if take(t, c, raw) {
		t.Error("a letter that may be nobody's was moved in the mailbox")
	}
	if m := next(t, d.inbound); !m.Automatic || m.Address != "ivan@x.example" || !strings.HasSuffix(m.Content.Text, "hello") {
		t.Errorf("Inbound = %+v, want an automatic one", m)
	}
	if now, err := c.thread("ivan@x.example"); err != nil || !reflect.DeepEqual(now, old) {
		t.Errorf("the thread is %+v, %v after it, and was %+v", now, err, old)
	}
	take(t, c, strings.Replace(letterFrom("ivan@x.example"), "<1@x>", "<3@x>", 1))
	if m := next(t, d.inbound); m.Automatic {
		t.Error("what a person wrote is automatic")
	}
	d.nothing(t)
}

// proves G5: a letter that was refused is kept whole, and is read again as the
// message that it was; one that the server never gave is told apart.
func TestG5_LetterReadAgain(t *testing.T) {
	c, d := quiet(t, nil)
	d.refuse = refusal.Of("text", "the text is too long")
	take(t, c, letterFrom("ivan@x.example"))
	raw, kept := strings.CutPrefix(next(t, d.strange), "a letter that was refused, kept: ")
	if !kept {
		t.Fatalf("kept is %q", raw)
	}
	if err := c.Reread(t.Context(), []byte(raw)); err != nil {
		t.Fatal(err)
	}
	again := next(t, d.inbound)
	other, desk := quiet(t, nil)
	take(t, other, letterFrom("ivan@x.example"))
	if first := next(t, desk.inbound); again.ID != first.ID || again.Address != first.Address || again.Content.Text != first.Content.Text || !again.SentAt.Equal(first.SentAt) {
		t.Errorf("read again it is %+v, want %+v", again, first)
	}
	if err := c.Reread(t.Context(), []byte(notGiven+"5: NO")); refusal.KindOf(err) != refusal.Conflict {
		t.Errorf("what the server did not give is read again with %v", err)
	}
	if err := c.Reread(t.Context(), []byte("Subject: Order\r\n\r\nhello\r\n")); err != nil || !strings.HasPrefix(next(t, d.strange), "a letter without a sender") {
		t.Errorf("a letter without a sender is read again with %v", err)
	}
	d.nothing(t)
}

// proves CH-12: what programs write opens nothing and is not answered
func TestNotMessages(t *testing.T) {
	c, d := quiet(t, nil)
	for _, x := range []struct{ raw, kind string }{
		{letterFrom("news@x.example", "List-Id: <news>"), "bulk"},
		{letterFrom("ivan@x.example", "X-Spam-Flag: YES"), "spam"},
		{letterFrom("support@shop.example", loopField+": "+c.seal.loop()), "loop"},
		{strings.Replace(letterFrom("support@shop.example"), "<1@x>", "<"+c.seal.id("k", "ivan@x.example")+">", 1), "loop"},
		{letterFrom("ivan@x.example", strings.Split(strings.Repeat("Received: x\n", 51), "\n")[:51]...), "loop"},
		{letterFrom("mailer-daemon@x.example", "Return-Path: <>"), "a report about no letter of ours"},
		{letterFrom("ivan@x.example", "Content-Type: multipart/report; report-type=disposition-notification; boundary=x", "", "--x", "Content-Type: message/disposition-notification", "", "Disposition: displayed"), "receipt"},
	} {
		if take(t, c, x.raw) {
			t.Errorf("%q was taken", x.raw)
		}
		if got := next(t, d.strange); got != x.kind {
			t.Errorf("%q is %q, want %q", x.raw, got, x.kind)
		}
	}
	take(t, c, strings.Replace(letterFrom("x"), "From: x\n", "", 1))
	if got := next(t, d.strange); !strings.HasPrefix(got, "a letter without a sender, kept: Subject: Order") {
		t.Errorf("a letter without a sender: %q", got)
	}
	d.nothing(t)
	c.settings.Bulk = true
	if !take(t, c, letterFrom("news@x.example", "List-Id: <news>")) {
		t.Error("newsletters are wanted, and were not taken")
	}
}

// bounce is a report about a letter of ours.
func bounce(id, action, status string) string {
	return "From: MAILER-DAEMON@mx\nContent-Type: multipart/report; report-type=delivery-status; boundary=x\nDate: Mon, 03 Mar 2025 10:11:12 +0300\n\n--x\n\nsorry\n--x\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\n" +
		"Final-Recipient: rfc822; forwarded@elsewhere.example\nAction: " + action + "\nStatus: " + status + "\nDiagnostic-Code: smtp; 550 No such user\n--x\nContent-Type: text/rfc822-headers\n\nMessage-ID: <" + id + ">\n--x--\n"
}

// proves CH-12, CH-14: what a server says of a letter is told of the message
func TestReports(t *testing.T) {
	c, d := quiet(t, nil)
	id := c.seal.id("k", "ivan@x.example")
	for _, x := range []struct {
		raw  string
		want channels.About
		why  string
	}{
		{bounce(id, "failed", "5.1.1"), channels.Bounced, "there is no such mailbox: 550 No such user"},
		{bounce(id, "failed", "4.4.7"), channels.Bounced, "the customer's server did not take the letter in time: 550 No such user"},
		{bounce(id, "delivered", "2.0.0"), channels.Arrived, ""},
		{"From: mailer-daemon@old\nReturn-Path: <>\nSubject: failure notice\n\nI tried " + id + " and gave up", channels.Bounced, "the letter came back: failure notice"},
	} {
		take(t, c, x.raw)
		n := next(t, d.notices)
		if n.About != x.want || n.ID != id || n.Address != "ivan@x.example" || n.Reason != x.why {
			t.Errorf("Notice = %+v, want %d %q", n, x.want, x.why)
		}
	}
	take(t, c, bounce(id, "delayed", "4.4.1"))
	take(t, c, bounce("elsewhere@x", "failed", "5.1.1"))
	if got := next(t, d.strange); got != "a report about no letter of ours" {
		t.Errorf("a foreign report: %q", got)
	}
	d.nothing(t)
}

// proves CH-12: files, and the original where the text is not all of it
func TestContent(t *testing.T) {
	c, d := quiet(t, nil)
	multi := letterFrom("ivan@x.example", "Content-Type: multipart/mixed; boundary=x", "", "--x", "Content-Type: text/html", "",
		"<p>see</p><table><tr><td>1</td></tr><tr><td>2</td></tr></table><script>x</script><blockquote type=cite>old</blockquote>",
		"--x", "Content-Type: application/pdf", "Content-Disposition: attachment; filename*=UTF-8''%D0%A1%D1%87%D1%91%D1%82.pdf", "Content-Transfer-Encoding: base64", "", "JVBERg==", "--x--")
	take(t, c, multi)
	m := next(t, d.inbound)
	var names []string
	for _, a := range m.Content.Attachments {
		names = append(names, a.Name)
	}
	if strings.Join(names, " ") != "Счёт.pdf message.html message.eml" {
		t.Fatalf("the files are %q", names)
	}
	if d.file(m, 0) != "%PDF" || m.Content.Attachments[0].Size != 4 || m.Content.Attachments[0].Mime != "application/pdf" {
		t.Errorf("the file is %q, %+v", d.file(m, 0), m.Content.Attachments[0])
	}
	if html := d.file(m, 1); strings.Contains(html, "script") || !strings.Contains(html, "<td>2</td>") {
		t.Errorf("the HTML is %q", html)
	}
	if d.file(m, 2) != strings.ReplaceAll(multi, "\n", "\r\n") {
		t.Error("the original is not what came")
	}
	if strings.Contains(m.Content.Text, "old") || !strings.Contains(m.Content.Text, "see") {
		t.Errorf("the text is %q", m.Content.Text)
	}
	take(t, c, letterFrom("ivan@x.example")+strings.Repeat("слово ", 20_000))
	if m := next(t, d.inbound); len([]rune(m.Content.Text)) > 32_000 || len(m.Content.Attachments) != 1 {
		t.Errorf("%d characters and %d files of a long letter", len([]rune(m.Content.Text)), len(m.Content.Attachments))
	}
}

// proves CH-12: a sender is verified by our own server alone, and not by the letter
func TestVerified(t *testing.T) {
	c, _ := quiet(t, func(s *Settings) { s.AuthServ = "mx.shop.example" })
	for field, want := range map[string]string{
		"Authentication-Results: mx.shop.example; dmarc=pass header.from=x.example":                                                                            "dmarc",
		"Authentication-Results: mx.shop.example; dkim=pass header.d=x.example":                                                                                "dkim",
		"Authentication-Results: mx.shop.example; dkim=pass header.d=evil.example":                                                                             "",
		"Authentication-Results: mx.shop.example; dmarc=fail header.from=x.example":                                                                            "",
		"Authentication-Results: evil.example; dmarc=pass header.from=x.example":                                                                               "",
		"Authentication-Results: mx.shop.example; dmarc=fail header.from=x.example\nAuthentication-Results: mx.shop.example; dmarc=pass header.from=x.example": "",
		"Subject: none": "",
	} {
		h := headOf(letterFrom("ivan@x.example", field))
		if got := c.verified(h, "ivan@x.example"); got != want {
			t.Errorf("verified by %q = %q, want %q", field, got, want)
		}
	}
}

func TestSender(t *testing.T) {
	c, _ := quiet(t, nil)
	for raw, want := range map[string]string{
		letterFrom("Ivan@X.Example"):                                      "ivan@x.example",
		letterFrom("support@shop.example", "Reply-To: visitor@y.example"): "visitor@y.example",
		letterFrom("ivan@xn--e1afmkfd.xn--p1ai"):                          "ivan@пример.рф",
		letterFrom("nobody"):                                              "",
	} {
		if got, _ := c.sender(headOf(raw)); got.Address != want {
			t.Errorf("sender of %q = %q, want %q", raw, got.Address, want)
		}
	}
	now := time.Date(2025, 3, 3, 8, 0, 0, 0, time.UTC)
	for says, want := range map[time.Time]time.Time{now.Add(-time.Hour): now.Add(-time.Hour), now.AddDate(1600, 0, 0): now, {}: now, time.Unix(0, 0): now} {
		if got := sentAt(says, now); !got.Equal(want) {
			t.Errorf("sentAt(%v) = %v, want %v", says, got, want)
		}
	}
}

// A redelivery has the same name; another letter with the same id has not.
func TestName(t *testing.T) {
	c, d := quiet(t, nil)
	var ids []string
	for _, raw := range []string{letterFrom("a@x.example"), letterFrom("a@x.example"), strings.Replace(letterFrom("a@x.example"), "10:11", "10:12", 1),
		strings.Replace(letterFrom("a@x.example"), "Message-ID: <1@x>\n", "", 1), strings.Replace(letterFrom("a@x.example"), "<1@x>", "<"+strings.Repeat("x", 500)+"@x>", 1)} {
		take(t, c, raw)
		m := next(t, d.inbound)
		if len(m.ID) > 200 || m.ID == "" || m.Guessed != strings.HasPrefix(m.ID, "sha256:") {
			t.Errorf("the name is %q, guessed %v", m.ID, m.Guessed)
		}
		ids = append(ids, m.ID)
	}
	if ids[0] != ids[1] || ids[0] == ids[2] || ids[2] == ids[3] {
		t.Errorf("the names are %q", ids)
	}
}

func headOf(raw string) letter.Head { return letter.Open(strings.NewReader(raw)).Head }
