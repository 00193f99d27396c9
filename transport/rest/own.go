package rest

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/store"
	"crafttalkd/store/keys"
)

// The tables of what users keep for themselves. A draft is keyed by its user and
// its conversation, and sealed with the key of the conversation's customer.
const (
	preferences = "preference"
	drafts      = "draft"
)

// Bounds of them.
const (
	largestPreferences = 64 << 10
	mostDrafts         = 200 // of one user: the oldest go
	mostDraftFiles     = 20
	draftLasts         = 24 * time.Hour      // after the end of its conversation
	draftLastsAtMost   = 30 * 24 * time.Hour // untouched
)

// Seals seals what is said of a customer with the customer's own key.
type Seals interface {
	Seal(subject string, plain, aad []byte) ([]byte, error)
	Unseal(subject string, sealed, aad []byte) ([]byte, error)
}

// ownRoutes are what a user keeps for the own eyes.
func ownRoutes() []*route {
	const me = "/api/v1/me"
	const one = me + "/drafts/:conversation"
	return []*route{
		{method: "GET", path: me + "/preferences", summary: "The own preferences", may: signedIn, verb: remembers((*call).getPreferences), params: ifNoneMatch},
		{method: "PUT", path: me + "/preferences", summary: "Replace the own preferences, of any shape, at most 64 KiB", may: signedIn,
			verb: takes((*call).putPreferences), params: ifMatch},
		{method: "GET", path: me + "/drafts", summary: "What the asker has begun to write", may: signedIn, verb: answers((*call).getDrafts)},
		{method: "PUT", path: one, summary: "Keep what is begun", may: signedIn, verb: told((*call).putDraft)},
		{method: "DELETE", path: one, summary: "Drop what was begun", may: signedIn, verb: does((*call).dropDraft)},
	}
}

func (c *call) getPreferences() (json.RawMessage, error) {
	value, err := c.config.Table.Get(preferences, c.by())
	if err != nil {
		return nil, fmt.Errorf("preferences of %s: %w", c.by(), err)
	}
	if value == nil {
		value = []byte("{}")
	}
	return value, nil
}

// putPreferences replaces what the asker has read, if the asker says what that
// was: somebody may have another window open.
func (c *call) putPreferences(in json.RawMessage) (json.RawMessage, error) {
	value, err := json.Marshal(in) // without blanks
	if err != nil {
		return nil, err
	}
	if len(value) > largestPreferences {
		return nil, as(http.StatusRequestEntityTooLarge, "preferences are at most %d bytes", largestPreferences)
	}
	c.own.Lock()
	defer c.own.Unlock()
	if seen := c.r.Header.Get("If-Match"); seen != "" {
		old, err := c.getPreferences()
		if err != nil {
			return nil, err
		}
		if !knows(seen, tagOf(old)) {
			return nil, refusal.New(refusal.Conflict, "the preferences were changed elsewhere meanwhile")
		}
	}
	if err := c.config.Table.Put([]store.Row{{Table: preferences, Key: c.by(), Value: value}}, true); err != nil {
		return nil, fmt.Errorf("preferences of %s: %w", c.by(), err)
	}
	c.w.Header().Set("ETag", tagOf(value))
	return value, nil
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

// subjectOf is the customer whose key seals what is said in a conversation.
func subjectOf(conversation string) string {
	id, _, _ := strings.Cut(conversation, ".")
	return id
}

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
	if kept.Sealed, err = c.config.Seals.Seal(subjectOf(id), plain, []byte(key)); err != nil {
		return fmt.Errorf("draft %s: %w", key, err)
	}
	value, err := json.Marshal(kept)
	if err != nil {
		return err
	}
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
	age := c.config.System.Now().Sub(kept.At)
	v, err := c.conversation(id)
	switch {
	case age > draftLastsAtMost:
		return nil, false, nil
	case refusal.KindOf(err) == refusal.NotFound:
		return &Draft{}, false, nil
	case err != nil:
		return nil, false, err
	case v.Phase == "closed" && c.config.System.Now().Sub(v.ClosedAt) > draftLasts:
		return nil, false, nil
	}
	plain, err := c.config.Seals.Unseal(subjectOf(id), kept.Sealed, []byte(row.Key))
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
