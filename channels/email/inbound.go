package email

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/mail"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/emersion/go-msgauth/authres"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
	"crafttalkd/channels/email/letter"
)

// Bounds of the intake, with room for what we add.
const (
	longestText = 30_000
	mostFiles   = 17
	longestID   = 200
)

// received is a letter as it came.
type received struct {
	raw   *spool
	came  time.Time // by the server's clock
	large bool      // only its head was fetched
	size  int64
}

// receive hands a letter on. It reports whether it was taken as a message of
// somebody. A letter that breaks the reader is kept as it is.
func (c *Channel) receive(ctx context.Context, r received) (taken bool, err error) {
	defer func() {
		if p := recover(); p != nil {
			taken, err = false, c.strange(ctx, "a letter that broke the reader", r, true)
		}
	}()
	in := letter.Open(r.raw.reader())
	switch kind := in.Head.Kind(); {
	case c.ours(in.Head):
		return false, c.strange(ctx, "loop", r, false)
	case kind == letter.Notice:
		return false, c.report(ctx, in, r)
	case kind == letter.Spam:
		return false, c.strange(ctx, "spam", r, false)
	case kind == letter.Bulk && !c.settings.Bulk:
		return false, c.strange(ctx, "bulk", r, false)
	}
	from, ok := c.sender(in.Head)
	if !ok {
		return false, c.strange(ctx, "a letter without a sender", r, true)
	}
	return c.message(ctx, in, from, r)
}

// Reread takes a letter once more that was kept. It implements
// [channels.Rereader].
func (c *Channel) Reread(ctx context.Context, raw []byte) error {
	if bytes.HasPrefix(raw, []byte(notGiven)) {
		return refusal.New(refusal.Conflict, "the mail server has not given this letter: look for it in the mailbox")
	}
	s := &spool{}
	defer s.close()
	if _, err := s.Write(raw); err != nil {
		return err
	}
	_, err := c.receive(ctx, received{raw: s, size: s.size})
	return err
}

// strange counts a letter. One that carries a message is kept whole.
func (c *Channel) strange(ctx context.Context, kind string, r received, carries bool) error {
	var raw []byte
	if carries {
		var err error
		if raw, err = io.ReadAll(r.raw.reader()); err != nil {
			return fmt.Errorf("read a letter: %w", err)
		}
	}
	return c.Strange(ctx, kind, raw, carries)
}

// ours tells whether a letter is one of our own that came back, or goes in
// circles.
func (c *Channel) ours(h letter.Head) bool {
	if _, sent := c.seal.open(h.ID()); sent {
		return true
	}
	return h.Get(loopField) == c.seal.loop() || len(h.All("Received")) > 50
}

// sender is who wrote. A form of our own site writes from our address and names
// the customer in Reply-To.
func (c *Channel) sender(h letter.Head) (mail.Address, bool) {
	own := normal(c.settings.Address)
	all := h.Addresses("From")
	if len(all) == 0 {
		all = h.Addresses("Sender")
	}
	if len(all) > 0 && normal(all[0].Address) == own {
		all = append(h.Addresses("Reply-To"), all...)
	}
	for _, a := range all {
		if n := normal(a.Address); len(n) <= longestID && len(n) > 2 {
			return mail.Address{Name: a.Name, Address: n}, true
		}
	}
	return mail.Address{}, false
}

// message takes a letter of a person, or of a machine that answers for one: that
// is kept with an open conversation alone, so it stays in the mailbox as it is,
// and our letters go on answering the person's. email.md 6.2.
func (c *Channel) message(ctx context.Context, in *letter.Reader, from mail.Address, r received) (bool, error) {
	old, err := c.thread(from.Address)
	if err != nil {
		return false, err
	}
	m := c.match(in.Head, from.Address, old)
	if m.other {
		if old, err = c.thread(m.address); err != nil {
			return false, err
		}
	}
	automatic := in.Head.Kind() == letter.Reply
	files := &enclosures{c: c, ctx: ctx, address: m.address}
	l, err := in.Body(files.take)
	if err != nil {
		return false, err
	}
	content, err := c.content(l, m, from, files, r)
	if err != nil {
		return false, err
	}
	sent := sentAt(l.Date(), r.came)
	newest := !automatic && !sent.Before(old.At)
	if newest {
		if err := c.putThread(m.address, follow(old, l.Head, m, c.settings.Address, sent)); err != nil {
			return false, err
		}
	}
	got := channels.Inbound{Address: m.address, ID: name(l.Head, from.Address, r), Content: content, SentAt: sent,
		Threading: m.by, Link: m.link, Automatic: automatic}
	if !m.other {
		got.Fields, got.Verified = person(from), c.verified(l.Head, from.Address)
	}
	if l.ID() == "" {
		got.Guessed = true
	}
	refused, err := c.hand(ctx, "a letter that was refused", r, got)
	if newest && (refused || err != nil) { // it will be as new when it is read again
		err = errors.Join(err, c.putThread(m.address, old))
	}
	return err == nil && !automatic && !refused, err
}

// hand hands on what a letter says. One that is refused is kept whole, and read
// once more for that alone: most letters need not be in memory.
func (c *Channel) hand(ctx context.Context, kind string, r received, all ...channels.Event) (refused bool, err error) {
	whole := c.Config
	whole.Strange = func(ctx context.Context, kind string, _ []byte, carries bool) error {
		refused = true
		return c.strange(ctx, kind, r, carries)
	}
	err = whole.Take(ctx, kind, nil, all...)
	return refused, err
}

// follow is the thread after a letter.
func follow(t thread, h letter.Head, m match, own string, at time.Time) thread {
	out := thread{ID: h.ID(), Refs: h.IDs("References"), Subject: letter.Base(h.Text("Subject")), Reply: t.Reply, At: at}
	if len(out.Refs) > mostRefs {
		out.Refs = append(out.Refs[:1:1], out.Refs[len(out.Refs)-mostRefs+1:]...)
	}
	if m.other {
		return out
	}
	out.Reply = ""
	for _, a := range append(h.Addresses("Reply-To"), h.Addresses("From")...) {
		if _, ok := wire(a.Address); ok && normal(a.Address) != normal(own) {
			out.Reply = a.Address
			break
		}
	}
	return out
}

// name is what a letter is known by: its id, with who wrote it and when, since
// the same id with another letter exists. One without an id is known by its
// bytes.
func name(h letter.Head, from string, r received) string {
	id := h.ID()
	if id == "" {
		sum := sha256.New()
		if _, err := io.Copy(sum, r.raw.reader()); err != nil {
			return "" // it is refused then, and kept as strange
		}
		return fmt.Sprintf("sha256:%x", sum.Sum(nil))
	}
	sum := sha256.Sum256([]byte(from + "\x00" + h.Get("Date")))
	if len(id) > longestID-10 {
		id = fmt.Sprintf("%x", sha256.Sum256([]byte(id)))
	}
	return fmt.Sprintf("%s#%x", id, sum[:4])
}

// sentAt is when a letter was sent: what it says, if that is near to when it
// came. Letters of the years 1970 and 3609 exist.
func sentAt(says, came time.Time) time.Time {
	if came.IsZero() || !says.IsZero() && says.After(came.Add(-7*24*time.Hour)) && says.Before(came.Add(24*time.Hour)) {
		return says
	}
	return came
}

// person is what a letter tells of its sender.
func person(from mail.Address) map[string]string {
	fields := map[string]string{channels.Email: from.Address}
	full := from.Name
	if full == "" || strings.Contains(full, "@") {
		return fields
	}
	first, last, _ := strings.Cut(full, " ")
	if l, f, ok := strings.Cut(full, ","); ok {
		first, last = strings.TrimSpace(f), strings.TrimSpace(l)
	}
	fields[channels.FirstName] = short(first)
	if last = strings.TrimSpace(last); last != "" {
		fields[channels.LastName] = short(last)
	}
	return fields
}

func short(s string) string {
	if r := []rune(s); len(r) > 100 {
		return string(r[:100])
	}
	return s
}

// verified says how we know the sender's address: our own mail server has
// checked it. The first result of that server is the one that it wrote.
func (c *Channel) verified(h letter.Head, from string) string {
	if c.settings.AuthServ == "" {
		return ""
	}
	_, domain, _ := strings.Cut(from, "@")
	for _, v := range h.All("Authentication-Results") {
		id, results, err := authres.Parse(v)
		if err != nil || !strings.EqualFold(id, c.settings.AuthServ) {
			continue
		}
		for _, r := range results {
			switch r := r.(type) {
			case *authres.DMARCResult:
				if r.Value == authres.ResultPass && strings.EqualFold(r.From, domain) {
					return "dmarc"
				}
			case *authres.DKIMResult:
				if r.Value == authres.ResultPass && strings.EqualFold(r.Domain, domain) {
					return "dkim"
				}
			}
		}
		return ""
	}
	return ""
}

// content is what a letter says, as a message.
func (c *Channel) content(l letter.Letter, m match, from mail.Address, files *enclosures, r received) (*event.Content, error) {
	text, cut := l.Visible()
	var above, below []string
	if m.other {
		above = append(above, "От: "+from.Address+":")
	}
	if s := l.Head.Text("Subject"); m.first && s != "" {
		above = append(above, "Тема: "+clipped(s, 500))
	}
	whole := cut || l.Cut != ""
	if utf8.RuneCountInString(text) > longestText {
		text, whole = clipped(text, longestText), true
	}
	if r.large {
		text = fmt.Sprintf("Письмо в %d МБ больше разрешённых %d МБ: оно осталось в почтовом ящике.", (r.size+1<<20-1)>>20, c.settings.Megabytes)
		whole = false
	}
	if l.HTML != "" && letter.Rich(l.HTML) {
		whole = true
		err := files.put(letter.File{Name: "message.html", MIME: "text/html"}, strings.NewReader(letter.Safe(l.HTML)))
		if err != nil {
			return nil, err
		}
	}
	if whole || len(files.left) > 0 {
		if err := files.put(letter.File{Name: "message.eml", MIME: "message/rfc822"}, r.raw.reader()); err != nil {
			return nil, err
		}
	}
	below = append(below, files.refused...)
	if len(files.left) > 0 {
		below = append(below, "Ещё файлы, они в message.eml: "+clipped(strings.Join(files.left, ", "), 500))
	}
	text = paragraphs(strings.Join(above, "\n"), text, strings.Join(below, "\n"))
	if text == "" && len(files.kept) == 0 {
		text = "(пустое письмо)"
	}
	return &event.Content{Text: text, Attachments: files.kept}, nil
}

// paragraphs puts texts below each other.
func paragraphs(all ...string) string {
	var out []string
	for _, s := range all {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	return strings.Join(out, "\n\n")
}

// clipped is s with at most n characters.
func clipped(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}

// enclosures are the files of one letter, as they are kept.
type enclosures struct {
	c       *Channel
	ctx     context.Context
	address string
	kept    []*event.Attachment
	left    []string // names of those that were too many
	refused []string // what to say of those that are not taken
}

// take keeps one file of the letter. Pictures that are shown within the text are
// files, too.
func (e *enclosures) take(f letter.File, r io.Reader) error {
	if len(e.kept) >= mostFiles {
		e.left = append(e.left, f.Name)
		return nil
	}
	return e.put(f, r)
}

func (e *enclosures) put(f letter.File, r io.Reader) error {
	n := &counted{r: r}
	id, err := e.c.Upload(e.ctx, e.address, n)
	if said, ok := errors.AsType[*refusal.Error](err); ok && said.Kind != refusal.Busy {
		e.refused = append(e.refused, fmt.Sprintf("[%s: файл не принят, %s]", f.Name, said.Text))
		return nil
	}
	if err != nil {
		return fmt.Errorf("keep the file %q of a letter: %w", f.Name, err)
	}
	e.kept = append(e.kept, &event.Attachment{AttachmentId: fmt.Sprint(len(e.kept) + 1), Name: f.Name,
		Mime: cmp.Or(f.MIME, "application/octet-stream"), Size: n.n, Source: channels.Upload + id})
	return nil
}

// counted is a reader that knows how much was read.
type counted struct {
	r io.Reader
	n int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}
