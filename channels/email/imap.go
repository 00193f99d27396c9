package email

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// How long a mailbox is waited for.
const (
	// answering is for one command; a letter may take several times that.
	answering = time.Minute
	// idling is how long IDLE goes on: shorter than what routers between us
	// remember connections for.
	idling = 5 * time.Minute
)

// A session is one connection to a mailbox.
type session struct {
	*imapclient.Client
	conn net.Conn
	news chan struct{} // has something when the server told of a new letter
}

// login connects to the mailbox and logs in.
func (c *Channel) login(ctx context.Context) (*session, error) {
	password, err := c.password(ctx)
	if err != nil {
		return nil, err
	}
	conn, err := c.connect(ctx, c.settings.IMAPHost, c.settings.IMAPPort, c.settings.IMAPSecurity)
	if err != nil {
		return nil, err
	}
	s := &session{conn: conn, news: make(chan struct{}, 1)}
	options := &imapclient.Options{TLSConfig: c.tls(c.settings.IMAPHost), UnilateralDataHandler: &imapclient.UnilateralDataHandler{
		Mailbox: func(d *imapclient.UnilateralDataMailbox) {
			if d.NumMessages != nil {
				s.tell()
			}
		},
	}}
	defer s.bound(answering)()
	if c.settings.IMAPSecurity == byStartTLS {
		if s.Client, err = imapclient.NewStartTLS(conn, options); err != nil {
			conn.Close()
			return nil, fmt.Errorf("protect the connection to %s: %w", c.settings.IMAPHost, err)
		}
	} else {
		s.Client = imapclient.New(conn, options)
	}
	if err := c.authenticate(s, password); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

func (c *Channel) authenticate(s *session, password string) (err error) {
	token := &xoauth2{user: c.settings.User, token: password}
	if c.settings.Login == byOAuth2 {
		err = s.Authenticate(token)
	} else {
		err = s.Login(c.settings.User, password).Wait()
	}
	said, ok := errors.AsType[*imap.Error](err)
	switch {
	case err == nil:
		c.welcomed(theMailbox)
		return nil
	case ok && said.Type == imap.StatusResponseTypeNo && said.Code != imap.ResponseCodeUnavailable &&
		said.Code != imap.ResponseCodeLimit && said.Code != imap.ResponseCodeInUse && said.Code != imap.ResponseCodeServerBug:
		return c.turnedAway(theMailbox, c.settings.IMAPHost, said.Text)
	case ok && said.Type == imap.StatusResponseTypeBad && token.why != "":
		return c.turnedAway(theMailbox, c.settings.IMAPHost, token.why)
	}
	return fmt.Errorf("log in to %s: %w", c.settings.IMAPHost, err)
}

// xoauth2 is the way to log in with an access token, as Google and Microsoft
// have it: email.md 1.
type xoauth2 struct {
	user, token string
	why         string // the server does not take the token
}

func (x *xoauth2) Start() (string, []byte, error) {
	return "XOAUTH2", []byte("user=" + x.user + "\x01auth=Bearer " + x.token + "\x01\x01"), nil
}

// Next answers what the server says of a failure, so that it ends the login. An
// answer of nothing is right, but the library writes it as "=", which Dovecot
// refuses; the one of RFC 7628 is taken for nothing. A server that minds it has
// said enough before.
func (x *xoauth2) Next(why []byte) ([]byte, error) {
	x.why = clipped(oneLine(string(why)), 300)
	return []byte{1}, nil
}

func (s *session) tell() {
	select {
	case s.news <- struct{}{}:
	default:
	}
}

// bound cuts the connection if what follows takes longer, until the function
// that it returns is called.
func (s *session) bound(d time.Duration) func() {
	t := time.AfterFunc(d, func() { s.conn.Close() })
	return func() { t.Stop() }
}

// pick selects a folder.
func (s *session) pick(folder string) (*imap.SelectData, error) {
	defer s.bound(answering)()
	d, err := s.Select(folder, nil).Wait()
	if err != nil {
		return nil, fmt.Errorf("open the folder %q: %w", folder, err)
	}
	return d, nil
}

// A letterAt is where a letter lies in a mailbox.
type letterAt struct {
	uid  imap.UID
	size int64
	came time.Time
}

// list returns the letters after a UID, in their order.
func (s *session) list(after imap.UID) ([]letterAt, error) {
	return s.look(imap.UIDSet{imap.UIDRange{Start: after + 1}}, after)
}

// since returns the letters that came after a time, to the day.
func (s *session) since(t time.Time) ([]letterAt, error) {
	defer s.bound(answering)()
	found, err := s.UIDSearch(&imap.SearchCriteria{Since: t}, nil).Wait()
	if err != nil {
		return nil, fmt.Errorf("search the mailbox: %w", err)
	}
	uids := found.AllUIDs()
	if len(uids) == 0 {
		return nil, nil
	}
	return s.look(imap.UIDSetNum(uids...), 0)
}

// look asks where letters lie. A range without end always has the last letter in
// it, however low its UID is.
func (s *session) look(set imap.UIDSet, after imap.UID) ([]letterAt, error) {
	defer s.bound(10 * answering)()
	found, err := s.Fetch(set, &imap.FetchOptions{UID: true, RFC822Size: true, InternalDate: true}).Collect()
	if err != nil {
		return nil, fmt.Errorf("list the mailbox: %w", err)
	}
	var out []letterAt
	for _, f := range found {
		if f.UID > after {
			out = append(out, letterAt{f.UID, f.RFC822Size, f.InternalDate})
		}
	}
	slices.SortFunc(out, func(a, b letterAt) int { return cmp.Compare(a.uid, b.uid) })
	return out, nil
}

// read fetches a letter, or its head alone, and marks nothing. It reports false
// if the letter is not there any more.
func (s *session) read(uid imap.UID, headOnly bool, most int64, into io.Writer) (there bool, err error) {
	defer s.bound(10 * answering)()
	section := &imap.FetchItemBodySection{Peek: true}
	if headOnly {
		section.Specifier = imap.PartSpecifierHeader
	}
	cmd := s.Fetch(imap.UIDSetNum(uid), &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{section}})
	for m := cmd.Next(); m != nil; m = cmd.Next() {
		for item := m.Next(); item != nil; item = m.Next() {
			body, ok := item.(imapclient.FetchItemDataBodySection)
			if !ok || body.Literal == nil || there {
				continue
			}
			there = true
			if _, err = io.Copy(into, io.LimitReader(body.Literal, most)); err != nil {
				s.conn.Close()
				cmd.Close()
				return false, fmt.Errorf("fetch letter %d: %w", uid, err)
			}
		}
	}
	if err := cmd.Close(); err != nil {
		return there, fmt.Errorf("fetch letter %d: %w", uid, err)
	}
	return there, nil
}

// settle marks a letter as read, or moves it. Where a server can't move, the
// letter stays: the other way deletes.
func (s *session) settle(uid imap.UID, moveTo string) error {
	defer s.bound(answering)()
	set := imap.UIDSetNum(uid)
	seen := s.Store(set, &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{imap.FlagSeen}}, nil)
	if err := seen.Close(); err != nil {
		return fmt.Errorf("mark letter %d: %w", uid, err)
	}
	if moveTo == "" || !s.Caps().Has(imap.CapMove) {
		return nil
	}
	if _, err := s.Move(set, moveTo).Wait(); err != nil {
		return fmt.Errorf("move letter %d to %q: %w", uid, moveTo, err)
	}
	return nil
}

// wait returns when there may be a new letter: the server said so, or it is time
// to look.
func (s *session) wait(ctx context.Context, every time.Duration) error {
	var idle *imapclient.IdleCommand
	if s.Caps().Has(imap.CapIdle) {
		var err error
		if idle, err = s.idle(); err != nil {
			return err
		}
		every = idling
	}
	timer := time.NewTimer(every)
	defer timer.Stop()
	select {
	case <-s.news:
	case <-timer.C:
	case <-s.Closed():
		return errors.New("the mail server hung up")
	case <-ctx.Done():
		return ctx.Err()
	}
	if idle == nil {
		return nil
	}
	defer s.bound(answering)()
	if err := idle.Close(); err != nil {
		return fmt.Errorf("end IDLE: %w", err)
	}
	if err := idle.Wait(); err != nil {
		return fmt.Errorf("end IDLE: %w", err)
	}
	return nil
}

func (s *session) idle() (*imapclient.IdleCommand, error) {
	defer s.bound(answering)()
	idle, err := s.Idle()
	if err != nil {
		return nil, fmt.Errorf("begin IDLE: %w", err)
	}
	return idle, nil
}
