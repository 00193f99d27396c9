package letter

import (
	"strings"
	"testing"
)

// proves CH-12: what is shown is what was written now
func TestVisible(t *testing.T) {
	for _, x := range []struct{ name, text, want string }{
		{"nothing quoted", "Hello\nworld", "Hello\nworld"},
		{"Gmail", "Да, спасибо\n\nпн, 3 мар. 2025 г. в 10:11, Лавка <a@x.ru>:\n\n> Вам помочь?", "Да, спасибо"},
		{"Gmail in English", "Yes\n\nOn Mon, Mar 3, 2025 at 10:11 AM Shop <a@x.example> wrote:\n\n> Help?", "Yes"},
		{"Gmail, folded", "Yes\n\nOn Mon, Mar 3, 2025 at 10:11 AM Shop with a long name\n<a@x.example> wrote:\n> Help?", "Yes"},
		{"Yandex", "Да\n\n03.03.2025, 10:11, \"Лавка\" <a@x.ru>:\n> Вам помочь?", "Да"},
		{"Mail.ru", "Да\n\nПонедельник, 3 марта 2025, 10:11 +03:00 от Лавка <a@x.ru>:\n> Вам помочь?", "Да"},
		{"The Bat", "Да\n\n3 марта 2025 г., 10:11, Лавка пишет:\n> Вам помочь?", "Да"},
		{"Thunderbird", "Да\n\n03.03.2025 10:11, Лавка пишет:\n> Вам помочь?", "Да"},
		{"написал(а)", "Да\n\nпн, 3 мар. 2025 г., Лавка <a@x.ru> написал(а):\n> Вам помочь?", "Да"},
		{"Outlook", "Да\n\nFrom: Shop <a@x.example>\nSent: Monday\nTo: me\nSubject: Re\n\nHelp?", "Да"},
		{"Outlook in Russian", "Да\n\n________________________________\nОт: Лавка <a@x.ru>\nОтправлено: 3 марта\nКому: я\nТема: Re\n\nПомочь?", "Да"},
		{"Original Message", "Yes\n\n-----Original Message-----\nwhatever", "Yes"},
		{"French", "Oui\n\nLe 3 mars 2025 à 10:11, Shop <a@x.example> a écrit :\n> Help?", "Oui"},
		{"German", "Ja\n\nAm 03.03.2025 um 10:11 schrieb Shop:\n> Help?", "Ja"},
		{"a signature", "Да\n-- \nИван", "Да"},
		{"a telephone's signature", "Да\n\nОтправлено с iPhone\n\n> Вам помочь?", "Да"},
		{"quoted at the end", "Да\n> Вам помочь?\n> Или нет?", "Да"},
		{"answers within the quote", "> Вам помочь?\nДа\n> Когда?\nЗавтра", "> Вам помочь?\nДа\n> Когда?\nЗавтра"},
		{"nothing but the quote", "On Mon, 3 Mar 2025, Shop <a@x.example> wrote:\n> Help?\nyes", "On Mon, 3 Mar 2025, Shop <a@x.example> wrote:\n> Help?\nyes"},
		{"passed on", "---------- Forwarded message ---------\nFrom: A\nDate: x\nTo: b\n\nthe text", "---------- Forwarded message ---------\nFrom: A\nDate: x\nTo: b\n\nthe text"},
		{"a colon is no quote", "Он пишет:\nвсё хорошо", "Он пишет:\nвсё хорошо"},
		{"От: in a sentence", "От: меня\nпривет", "От: меня\nпривет"},
	} {
		t.Run(x.name, func(t *testing.T) {
			got, cut := Letter{Text: x.text}.Visible()
			if got != x.want || cut != (x.text != x.want) {
				t.Errorf("Visible = %q, %v, want %q", got, cut, x.want)
			}
		})
	}
}

func TestVisibleHTML(t *testing.T) {
	for _, s := range []string{
		`<div>Да</div><div class="gmail_quote"><div class="gmail_attr">пн в 10:11, Лавка:</div><blockquote>Помочь?</blockquote></div>`,
		`<div>Да</div><blockquote type="cite">Помочь?</blockquote>`,
		`<div>Да</div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg">От: Лавка</div>Помочь?`,
		`<div>Да</div><div class="js-helper js-readmsg-msg mail-quote-collapse">Помочь?</div>`,
		`<div>Да</div><div class="moz-cite-prefix">03.03.2025</div><blockquote>Помочь?</blockquote>`,
	} {
		l, _ := open(t, "Content-Type: text/html; charset=utf-8\n\n"+s)
		if got, cut := l.Visible(); got != "Да" || !cut {
			t.Errorf("Visible of %q = %q, %v", s, got, cut)
		}
	}
}

func TestBase(t *testing.T) {
	for in, want := range map[string]string{
		"Re: Re[2]: Fwd: Заказ": "Заказ", "Отв: RE:Заказ": "Заказ", "[shop] Заказ": "Заказ", "Reklama": "Reklama", "Re:": "Re:", "AW: WG: x": "x",
	} {
		if got := Base(in); got != want {
			t.Errorf("Base(%q) = %q, want %q", in, got, want)
		}
	}
}

// proves CH-12: programs and servers are told from people
func TestKind(t *testing.T) {
	for head, want := range map[string]Kind{
		"From: a@x.example\nSubject: hello":                                                          Written,
		"From: a@x.example\nAuto-Submitted: no":                                                      Written,
		"From: a@x.example\nX-Auto-Response-Suppress: All":                                           Written, // asks us, and says nothing of itself
		"From: a@x.example\nAuto-Submitted: auto-replied (vacation)":                                 Reply,
		"From: a@x.example\nX-Autoreply: yes":                                                        Reply,
		"From: a@x.example\nPrecedence: auto_reply":                                                  Reply,
		"From: a@x.example\nSubject: =?utf-8?B?0JDQstGC0L7QvtGC0LLQtdGC?=: x":                        Reply,
		"From: a@x.example\nReturn-Path: <>":                                                         Reply,
		"From: a@x.example\nList-Unsubscribe: <x>":                                                   Bulk,
		"From: a@x.example\nPrecedence: bulk":                                                        Bulk,
		"From: a@x.example\nX-Spam-Flag: YES":                                                        Spam,
		"From: MAILER-DAEMON@x.example\nReturn-Path: <>":                                             Notice,
		"From: a@x.example\nX-Failed-Recipients: b@x.example":                                        Notice,
		"From: a@x.example\nContent-Type: multipart/report; report-type=delivery-status; boundary=x": Notice,
	} {
		if got := Open(strings.NewReader(head + "\n\n")).Head.Kind(); got != want {
			t.Errorf("the kind of %q = %d, want %d", head, got, want)
		}
	}
	for a, want := range map[string]bool{"noreply@x.example": true, "Mailer-Daemon@x.example": true, "ivan@x.example": false} {
		if Mute(a) != want {
			t.Errorf("Mute(%s) = %v", a, !want)
		}
	}
}

func TestReport(t *testing.T) {
	l, _ := open(t, "Content-Type: multipart/report; report-type=delivery-status; boundary=x\n\n--x\n\nIt failed.\n--x\nContent-Type: message/delivery-status\n\n"+
		"Reporting-MTA: dns; mx.x.test\n\nFinal-Recipient: rfc822; a@x.test\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1\n No such user\n\n"+
		"Final-Recipient: rfc822;b@x.test\nAction: delayed\nStatus: 4.4.1\n--x\nContent-Type: message/rfc822\n\nMessage-ID: <one@x>\nMessage-ID: <two@x>\n\nbody\n--x--\n")
	r := l.Report
	if r == nil || len(r.Recipients) != 2 || strings.Join(r.IDs, " ") != "one@x two@x" {
		t.Fatalf("Report = %+v", r)
	}
	if got := r.Recipients[0]; got != (Recipient{"a@x.test", "failed", "5.1.1", "550 5.1.1 No such user"}) {
		t.Errorf("the first recipient is %+v", got)
	}
	if got := r.Recipients[1]; got.Action != "delayed" || got.Address != "b@x.test" {
		t.Errorf("the second recipient is %+v", got)
	}
	if strings.TrimSpace(l.Text) != "It failed." {
		t.Errorf("Text = %q", l.Text)
	}
}
