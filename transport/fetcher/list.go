package fetcher

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"iter"
	"net/url"
	"strconv"
	"strings"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/store"
	"crafttalkd/store/journal"
)

// The tables. A row of the first is a file that has no outcome yet, keyed by
// its lane and a rising number; of says under which key an attachment is.
const (
	rows = "fetch"
	of   = "fetch.of"
)

// A task is a file to be fetched.
type task struct {
	key        string
	Stream     string    `json:"stream"`
	Version    uint64    `json:"version"` // of the event that says where the file is
	Message    string    `json:"message"`
	Attachment string    `json:"attachment"`
	At         time.Time `json:"at"`
}

func (t task) String() string {
	return fmt.Sprintf("%s@%d file %s", t.Stream, t.Version, t.Attachment)
}

// A list keeps tasks in a table.
type list struct {
	table   store.Table
	last    uint64 // number given to a task
	oneLane bool
}

// lane is an account and, not to be read from it, a server.
func (l *list) lane(account, source string) string {
	if l.oneLane {
		account, source = "all", ""
	}
	host := ""
	if u, err := url.Parse(source); err == nil {
		host = strings.ToLower(u.Host)
	}
	sum := sha256.Sum256([]byte(host))
	return fmt.Sprintf("%s/%x/", url.PathEscape(account), sum[:8])
}

// accountOf is the part of a lane's name that accounts are told apart by.
func accountOf(lane string) string {
	account, _, _ := strings.Cut(lane, "/")
	return account
}

// open finds out which lanes have tasks.
func (l *list) open(lanes map[string]bool) error {
	for row, err := range l.table.Scan(rows, "") {
		if err != nil {
			return err
		}
		cut := strings.LastIndexByte(row.Key, '/') + 1
		n, err := strconv.ParseUint(row.Key[cut:], 16, 64)
		if err != nil {
			return fmt.Errorf("row %q: %w", row.Key, err)
		}
		l.last = max(l.last, n)
		lanes[row.Key[:cut]] = true
	}
	return nil
}

// of yields the tasks of a lane, the oldest first.
func (l *list) of(lane string) iter.Seq2[task, error] {
	return func(yield func(task, error) bool) {
		for row, err := range l.table.Scan(rows, lane) {
			t := task{key: row.Key}
			if err == nil {
				err = json.Unmarshal(row.Value, &t)
			}
			if !yield(t, err) || err != nil {
				return
			}
		}
	}
}

// drop removes a task whose outcome is recorded. It need not be on disk at
// once: a conversation records an outcome once.
func (l *list) drop(t task, sync bool) error {
	return l.table.Put([]store.Row{{Table: rows, Key: t.key}, {Table: of, Key: index(t.Stream, t.Message, t.Attachment)}}, sync)
}

// index is the key of an attachment in of.
func index(stream, message, attachment string) string {
	return stream + "/" + url.PathEscape(message) + "/" + url.PathEscape(attachment)
}

// A change is what some events change in the list.
type change struct {
	*list
	lanes map[string]bool // that got tasks
	cells map[cell][]byte
}

type cell struct{ table, key string }

func (l *list) change() *change {
	return &change{list: l, lanes: map[string]bool{}, cells: map[cell][]byte{}}
}

// read takes note of one event.
func (c *change) read(e journal.Entry) error {
	if m, ok := e.Event.(*event.AttachmentFetched); ok {
		return c.settle(index(e.Stream, m.MessageId, m.Attachment.GetAttachmentId()))
	}
	if m, ok := promised(e.Event); ok {
		for _, a := range m.files {
			if err := c.add(e, m, a); err != nil {
				return err
			}
		}
	}
	return nil
}

// A promise is the files that an event names, and how it came.
type promise struct {
	message, account, address string
	files                     []*event.Attachment
	at                        time.Time
}

// promised returns the promise of what a customer said, or says instead.
func promised(e event.Event) (promise, bool) {
	switch m := e.(type) {
	case *event.MessageReceived:
		return promise{m.MessageId, m.AccountId, m.Address, m.Content.GetAttachments(), m.At.AsTime()}, true
	case *event.MessageEdited:
		return promise{m.MessageId, m.AccountId, m.Address, m.Content.GetAttachments(), m.At.AsTime()}, true
	}
	return promise{}, false
}

// add lists a file of a message. One that is here, or never will be, is not
// listed; one that has no place is, so that the attachment says so.
func (c *change) add(e journal.Entry, m promise, a *event.Attachment) error {
	where := index(e.Stream, m.message, a.AttachmentId)
	if known, err := c.get(where); a.Blob != "" || a.Failure != "" || known != nil || err != nil {
		return err // named twice in one message, or read twice
	}
	t := task{Stream: e.Stream, Version: e.Version, Message: m.message, Attachment: a.AttachmentId, At: m.at}
	value, err := json.Marshal(t)
	if err != nil {
		return fmt.Errorf("%s: %w", t, err)
	}
	c.last++
	lane := c.lane(cmp.Or(m.account, "-"), a.Source)
	key := lane + fmt.Sprintf("%016x", c.last)
	c.cells[cell{rows, key}] = value
	c.cells[cell{of, where}] = []byte(key)
	c.lanes[lane] = true
	return nil
}

// settle removes the task of an attachment, if there is one.
func (c *change) settle(where string) error {
	key, err := c.get(where)
	if key != nil {
		c.cells[cell{of, where}] = nil
		c.cells[cell{rows, string(key)}] = nil
	}
	return err
}

func (c *change) get(where string) ([]byte, error) {
	if key, changed := c.cells[cell{of, where}]; changed {
		return key, nil
	}
	key, err := c.table.Get(of, where)
	if err != nil {
		return nil, fmt.Errorf("task of %s: %w", where, err)
	}
	return key, nil
}

// rows are the changes, each row once; nil if there are none.
func (c *change) rows() (out []store.Row) {
	for cell, value := range c.cells {
		out = append(out, store.Row{Table: cell.table, Key: cell.key, Value: value})
	}
	return out
}
