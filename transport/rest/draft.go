package rest

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/store"
	"crafttalkd/store/keys"
)

// drafts is the table of what users have begun to write. A row is keyed by its
// user and its conversation, and sealed with the key of the conversation's customer.
const drafts = "draft"

// Bounds of drafts.
const (
	mostDrafts       = 200 // of one user: the oldest go
	mostDraftFiles   = 20
	draftLasts       = 24 * time.Hour      // after the end of its conversation
	draftLastsAtMost = 30 * 24 * time.Hour // untouched
)

// Drafts are looked through soon after the start, and then from time to time.
const (
	firstSweep = time.Minute
	sweepEvery = time.Hour
)

// Seals seals what is said of a customer with the customer's own key.
type Seals interface {
	Seal(subject string, plain, aad []byte) ([]byte, error)
	Unseal(subject string, sealed, aad []byte) ([]byte, error)
}

// PutDraft is what is begun to be written.
type PutDraft struct {
	AccountID   string                       `json:"account_id" doc:"where to"`
	Text        string                       `json:"text"`
	Attachments []Message[*event.Attachment] `json:"attachments"`
}

// Draft is what was begun to be written.
type Draft struct {
	ConversationID string                       `json:"conversation_id"`
	AccountID      string                       `json:"account_id"`
	Text           string                       `json:"text"`
	Attachments    []Message[*event.Attachment] `json:"attachments"`
	At             time.Time                    `json:"at"`
}

// A keptDraft is a row: when, and the rest sealed.
type keptDraft struct {
	At     time.Time `json:"at"`
	Sealed []byte    `json:"sealed"`
}

// draftKey is the row of a user's draft. Ids of users have no slash.
func draftKey(user, conversation string) string { return user + "/" + conversation }

// putDraft keeps a draft of who may see the conversation, while it is open.
func (c *call) putDraft(in PutDraft) error {
	id := c.params.ByName("conversation")
	v, err := c.conversation(id)
	switch {
	case err != nil:
		return err
	case v.Phase == "closed":
		return refusal.New(refusal.Conflict, "the conversation is closed")
	case utf8.RuneCountInString(in.Text) > longestText:
		return refusal.Of("text", "the text is longer than %d characters", longestText)
	case len(in.Attachments) > mostDraftFiles:
		return refusal.Of("attachments", "at most %d files fit a message", mostDraftFiles)
	}
	now := c.config.System.Now()
	plain, err := json.Marshal(Draft{id, in.AccountID, in.Text, list(in.Attachments), now})
	if err != nil {
		return err
	}
	key := draftKey(c.by(), id)
	kept := keptDraft{At: now}
	if kept.Sealed, err = c.config.Seals.Seal(id, plain, []byte(key)); err != nil {
		return fmt.Errorf("draft %s: %w", key, err)
	}
	value, err := json.Marshal(kept)
	if err != nil {
		return err
	}
	c.own.Lock()
	defer c.own.Unlock()
	return c.config.Table.Put([]store.Row{{Table: drafts, Key: key, Value: value}}, false)
}

func (c *call) dropDraft() error {
	key := draftKey(c.by(), c.params.ByName("conversation"))
	return c.config.Table.Put([]store.Row{{Table: drafts, Key: key}}, false)
}

// getDrafts shows the asker's drafts, the latest first, and drops those that
// nobody will end.
func (c *call) getDrafts() (List[Draft], error) {
	out := List[Draft]{Items: []Draft{}}
	var gone []store.Row
	for row, err := range c.config.Table.Scan(drafts, draftKey(c.by(), "")) {
		if err != nil {
			return out, fmt.Errorf("drafts of %s: %w", c.by(), err)
		}
		d, seen, err := c.draft(row)
		if err != nil {
			return out, err
		}
		if d == nil {
			gone = append(gone, store.Row{Table: drafts, Key: row.Key})
		} else if seen {
			out.Items = append(out.Items, *d)
		}
	}
	slices.SortFunc(out.Items, func(a, b Draft) int {
		return cmp.Or(b.At.Compare(a.At), strings.Compare(a.ConversationID, b.ConversationID))
	})
	for len(out.Items) > mostDrafts {
		last := out.Items[len(out.Items)-1]
		gone = append(gone, store.Row{Table: drafts, Key: draftKey(c.by(), last.ConversationID)})
		out.Items = out.Items[:len(out.Items)-1]
	}
	return out, c.config.Table.Put(gone, false)
}

// draft opens a row; nil if it is to be dropped. Seen is false for one whose
// conversation the asker may not see now.
func (c *call) draft(row store.Row) (d *Draft, seen bool, err error) {
	var kept keptDraft
	if err := json.Unmarshal(row.Value, &kept); err != nil {
		return nil, false, fmt.Errorf("draft %s: %w", row.Key, err)
	}
	id := strings.TrimPrefix(row.Key, draftKey(c.by(), ""))
	v, err := c.conversation(id)
	switch {
	case refusal.KindOf(err) == refusal.NotFound:
		return &Draft{}, false, nil
	case err != nil:
		return nil, false, err
	case c.outlived(kept, v):
		return nil, false, nil
	}
	plain, err := c.config.Seals.Unseal(id, kept.Sealed, []byte(row.Key))
	if errors.Is(err, keys.ErrErased) || errors.Is(err, keys.ErrUnreadable) {
		return nil, false, nil
	}
	d = &Draft{}
	if err == nil {
		err = json.Unmarshal(plain, d)
	}
	if err != nil {
		return nil, false, fmt.Errorf("draft %s: %w", row.Key, err)
	}
	return d, true, nil
}

// outlived reports whether nobody will end a draft.
func (s *Server) outlived(kept keptDraft, v *Conversation) bool {
	now := s.config.System.Now()
	return now.Sub(kept.At) > draftLastsAtMost || v.Phase == "closed" && now.Sub(v.ClosedAt) > draftLasts
}

// Watch drops what users have left behind and do not come back for, until ctx
// is done.
func (s *Server) Watch(ctx context.Context) {
	for wait := firstSweep; ; wait = sweepEvery {
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
		if err := s.sweepDrafts(ctx); err != nil {
			s.config.Log.Error("sweep drafts", "err", err)
		}
	}
}

// sweepDrafts drops the drafts that nobody will end, and those of users who are
// there no more. A younger one can't belong to a conversation that is long closed.
func (s *Server) sweepDrafts(ctx context.Context) error {
	for row, err := range s.config.Table.Scan(drafts, "") {
		if err != nil {
			return fmt.Errorf("drafts: %w", err)
		}
		if ctx.Err() != nil {
			return nil
		}
		gone, err := s.abandoned(row)
		if err == nil && gone {
			err = s.dropUnchanged(row)
		}
		if err != nil {
			return fmt.Errorf("draft %s: %w", row.Key, err)
		}
	}
	return nil
}

func (s *Server) abandoned(row store.Row) (bool, error) {
	user, id, _ := strings.Cut(row.Key, "/")
	if s.config.System.Directory.State().User(user) == nil {
		return true, nil
	}
	var kept keptDraft
	if err := json.Unmarshal(row.Value, &kept); err != nil {
		return false, err
	}
	if s.config.System.Now().Sub(kept.At) <= draftLasts {
		return false, nil
	}
	v, err := s.story(id)
	return err == nil && s.outlived(kept, v), err
}

// dropUnchanged drops a row unless its user has just written on.
func (s *Server) dropUnchanged(row store.Row) error {
	s.own.Lock()
	defer s.own.Unlock()
	now, err := s.config.Table.Get(row.Table, row.Key)
	if err != nil || !bytes.Equal(now, row.Value) {
		return err
	}
	return s.config.Table.Put([]store.Row{{Table: row.Table, Key: row.Key}}, false)
}
