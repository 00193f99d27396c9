package email

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/emersion/go-imap/v2"
)

// A place is how far the mailbox was read. UIDs mean nothing under another
// validity.
type place struct {
	Validity uint32   `json:"validity"`
	Last     imap.UID `json:"last"`
}

// again is how far back is read when the server has numbered the letters anew.
const again = 48 * time.Hour

// placeKey is where the place lies; each folder has its own.
func (c *Channel) placeKey() string { return "place " + c.settings.Folder }

func (c *Channel) putPlace(p place) error {
	b, err := json.Marshal(p)
	if err == nil {
		err = c.shelf.Put("", c.placeKey(), b)
	}
	if err != nil {
		return fmt.Errorf("write the place in the mailbox: %w", err)
	}
	return nil
}

// Poll reads the mailbox until ctx is done. It implements [channels.Poller].
func (c *Channel) Poll(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s, err := c.login(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	folder, err := s.pick(c.settings.Folder)
	if err != nil {
		return err
	}
	p, err := c.begin(ctx, s, folder)
	for err == nil {
		if err = c.catchUp(ctx, s, &p); err == nil {
			err = s.wait(ctx, c.settings.pollEvery())
		}
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

// begin finds the place. What was in the mailbox before the account was set up
// is nobody's conversation.
func (c *Channel) begin(ctx context.Context, s *session, folder *imap.SelectData) (p place, err error) {
	b, err := c.shelf.Get("", c.placeKey())
	if err != nil {
		return p, fmt.Errorf("read the place in the mailbox: %w", err)
	}
	if len(b) > 0 {
		if err := json.Unmarshal(b, &p); err != nil {
			return p, fmt.Errorf("read the place in the mailbox: %w", err)
		}
		if p.Validity == folder.UIDValidity {
			return p, nil
		}
		if err := c.readAgain(ctx, s); err != nil {
			return p, err
		}
	}
	p = place{folder.UIDValidity, max(folder.UIDNext, 1) - 1}
	return p, c.putPlace(p)
}

// readAgain reads the letters of the last days, after their UIDs have lost their
// meaning. Those that were read before are known by their names.
func (c *Channel) readAgain(ctx context.Context, s *session) error {
	all, err := s.since(c.now().Add(-again))
	if err != nil {
		return err
	}
	for _, at := range all {
		if _, err := c.one(ctx, s, at); err != nil {
			return err
		}
	}
	return nil
}

// catchUp reads what came after the place. The place is written down when a
// letter is kept, and only then is the letter marked.
func (c *Channel) catchUp(ctx context.Context, s *session, p *place) error {
	all, err := s.list(p.Last)
	if err != nil {
		return err
	}
	for _, at := range all {
		taken, err := c.one(ctx, s, at)
		if err != nil {
			return err
		}
		p.Last = at.uid
		if err := c.putPlace(*p); err != nil {
			return err
		}
		if !taken {
			continue
		}
		if err := s.settle(at.uid, c.settings.MoveTo); err != nil {
			if refusedBy(err) {
				continue // a mailbox that may only be read, or a folder that is not there
			}
			return err
		}
	}
	return nil
}

// refusedBy tells whether the server understood and said no.
func refusedBy(err error) bool {
	said, ok := errors.AsType[*imap.Error](err)
	return ok && said.Type == imap.StatusResponseTypeNo
}

// notGiven begins what is kept of a letter that the server does not give. No
// letter begins so.
const notGiven = "UID "

// one fetches a letter and hands it on. It reports whether it was taken as
// somebody's message.
func (c *Channel) one(ctx context.Context, s *session, at letterAt) (taken bool, err error) {
	raw := &spool{}
	defer raw.close()
	large := at.size > c.settings.largest()
	// A letter may be a little longer than the server has said.
	there, err := s.read(at.uid, large, c.settings.largest()+c.settings.largest()/8, raw)
	switch {
	case refusedBy(err):
		return false, c.Strange(ctx, "a letter that the server does not give", fmt.Appendf(nil, "%s%d: %v", notGiven, at.uid, err), true)
	case err != nil:
		return false, err
	case !there:
		return false, nil
	}
	return c.receive(ctx, received{raw: raw, came: at.came, large: large, size: at.size})
}
