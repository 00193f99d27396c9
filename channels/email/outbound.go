package email

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"mime"
	"net/mail"
	"net/textproto"
	"net/url"
	"path"
	"strings"

	gomail "github.com/wneessen/go-mail"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
	"crafttalkd/channels/email/letter"
)

// loopField is in the head of all that we send.
const loopField = "X-Crafttalkd-Loop"

// compose makes the letter that carries m, and the thread as it is after it.
func (c *Channel) compose(ctx context.Context, m channels.Outbound) (*gomail.Msg, string, thread, error) {
	t, err := c.thread(m.Address)
	if err != nil {
		return nil, "", t, err
	}
	to, ok := wire(cmp.Or(t.Reply, m.Address))
	if !ok {
		return nil, "", t, refusal.New(refusal.Invalid, "%q is not an e-mail address", m.Address)
	}
	if m.Automatic && letter.Mute(to) {
		return nil, "", t, refusal.New(refusal.Invalid, "nobody reads %s: programs don't write there", to)
	}
	id := c.seal.id(key(m), m.Address)
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent(), gomail.WithEncoding(gomail.EncodingQP))
	own, _ := wire(c.settings.Address)
	msg.FromMailAddress(&mail.Address{Name: oneLine(c.settings.Name), Address: own})
	msg.ToMailAddress(&mail.Address{Address: to})
	msg.Subject(c.subject(t, m.Address))
	msg.SetMessageIDWithValue(id)
	msg.SetDateWithValue(c.now())
	msg.SetGenHeader(loopField, c.seal.loop())
	if refs := t.refs(); len(refs) > 0 {
		msg.SetGenHeaderPreformatted("In-Reply-To", "<"+oneLine(refs[len(refs)-1])+">")
		msg.SetGenHeaderPreformatted("References", references(refs))
	}
	if m.Automatic {
		msg.SetGenHeader("Auto-Submitted", "auto-replied")
		msg.SetGenHeader("X-Auto-Response-Suppress", "All")
	}
	if c.settings.PlusAddressing {
		local, domain, _ := strings.Cut(own, "@")
		msg.SetGenHeaderPreformatted("Reply-To", "<"+local+"+"+c.seal.tag(m.Address)+"@"+domain+">")
	}
	msg.SetBodyString(gomail.TypeTextPlain, c.body(m.Content))
	msg.AddAlternativeString(gomail.TypeTextHTML, c.html(m.Content))
	msg.SetAttachments(enclose(ctx, m))
	if t.ID == "" && t.Sent == "" {
		t.Sent = id
	}
	return msg, id, t, nil
}

// key names the part on every try.
func key(m channels.Outbound) string {
	return cmp.Or(m.Key, fmt.Sprintf("%s\x00%s\x00%d", m.Conversation, m.ID, m.Part))
}

// subject is that of the thread, or the one of letters that begin one.
func (c *Channel) subject(t thread, address string) string {
	s := c.settings.Subject
	if t.ID != "" {
		s = "Re: " + cmp.Or(letter.Base(t.Subject), c.settings.Subject)
	}
	if tag := "[#" + c.seal.tag(address) + "]"; c.settings.SubjectTag && !strings.Contains(s, tag) {
		s += " " + tag
	}
	return oneLine(s)
}

// oneLine is s without what would begin another field of the head.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, s)
}

// references is ids as a field, each on a line of its own.
func references(ids []string) string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = "<" + strings.Trim(oneLine(id), "<> ") + ">"
	}
	return strings.Join(out, "\r\n ")
}

// body is the text of the letter.
func (c *Channel) body(m *event.Content) string {
	s := strings.ReplaceAll(m.GetText(), "\x00", "")
	if c.settings.Signature != "" {
		s += "\n\n-- \n" + c.settings.Signature
	}
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\n", "\r\n")
}

// enclose is the files of m as parts, which are read while the letter is written.
func enclose(ctx context.Context, m channels.Outbound) (out []*gomail.File) {
	for i, a := range m.Content.GetAttachments() {
		name := fileName(a.Name, i)
		ascii := mime.QEncoding.Encode("utf-8", name)
		kind := a.Mime
		if _, _, err := mime.ParseMediaType(kind); err != nil || strings.HasPrefix(kind, "multipart/") || strings.HasPrefix(kind, "message/") {
			kind = "application/octet-stream"
		}
		out = append(out, &gomail.File{
			Name: name, Enc: gomail.EncodingB64,
			Header: textproto.MIMEHeader{
				"Content-Type":        {kind + `; name="` + ascii + `"`},
				"Content-Disposition": {"attachment; filename*=UTF-8''" + strings.ReplaceAll(url.QueryEscape(name), "+", "%20")},
			},
			Writer: func(w io.Writer) (int64, error) {
				f, err := m.Open(ctx, a)
				if err != nil {
					return 0, errFile{err}
				}
				defer f.Close()
				n, err := io.Copy(w, f)
				if err != nil {
					return n, errFile{err}
				}
				return n, nil
			},
		})
	}
	return out
}

// errFile wraps what a file that goes along could not be read with.
type errFile struct{ err error }

func (e errFile) Error() string { return "read the file: " + e.err.Error() }
func (e errFile) Unwrap() error { return e.err }

// fileName is the name of a file as a letter can carry it.
func fileName(s string, n int) string {
	s = path.Base("/" + strings.ReplaceAll(oneLine(s), `"`, "'"))
	if s == "/" || s == "." {
		return fmt.Sprintf("file-%d", n+1)
	}
	return clipped(s, 150)
}
