package rest

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
)

// A collection is one kind of directory entries: M as the directory keeps it,
// In as it is put, Out as it is shown.
type collection[M event.Event, In put, Out any] struct {
	name, kind   string // users, User
	view, change rule
	entries      func(directory.State) map[string]directory.Entry[M]
	show         func(d directory.State, id string, e directory.Entry[M]) Out
	// build makes the entry of what was put, with what the old one had that is
	// not put; done is called once the entry is kept.
	build func(c *call, id string, in In, old M) (entry M, done func() error, err error)
	// allow refuses a change of the old entry into a new one that is not the asker's
	// to make; nil allows all. Either may be nil.
	allow func(c *call, old, entry M) error
	// remove is what takes an entry out; nil stands for directory.Remove.
	remove func(id string, old M, by string) directory.Command
	// gone is called once an entry was taken out; it may be nil.
	gone func(c *call, id string) error
}

// put is a body that may name the revision it was made from.
type put interface{ revision() uint64 }

// A Revised body names the revision of the entry it was made from.
type Revised struct {
	Revision uint64 `json:"revision" doc:"of the entry this was made from, unless If-Match names it; left out for a new entry"`
}

func (r Revised) revision() uint64 { return r.Revision }

// A Mark says which revision of an entry this is, and who made it when.
type Mark struct {
	Revision uint64    `json:"revision"`
	By       string    `json:"by"`
	At       time.Time `json:"at"`
}

func markOf[M any](e directory.Entry[M]) Mark { return Mark{e.Revision, e.By, e.At} }

func (k collection[M, In, Out]) routes() []*route {
	path := "/api/v1/" + k.name
	one := strings.ToLower(k.kind)
	return []*route{
		{method: "GET", path: path, summary: "All " + k.name, may: k.view, verb: remembers(k.list), params: ifNoneMatch},
		{method: "GET", path: path + "/:id", summary: "One " + one, may: k.view, verb: answers(k.get)},
		{method: "PUT", path: path + "/:id", summary: "Make or replace one " + one, may: k.change, verb: takes(k.put), params: ifMatch},
		{method: "DELETE", path: path + "/:id", summary: "Take out one " + one, may: k.change, verb: does(k.delete)},
	}
}

func (k collection[M, In, Out]) list(c *call) (List[Out], error) {
	d := c.directory()
	entries := k.entries(d)
	out := List[Out]{Items: []Out{}}
	for _, id := range slices.Sorted(maps.Keys(entries)) {
		out.Items = append(out.Items, k.show(d, id, entries[id]))
	}
	return out, nil
}

func (k collection[M, In, Out]) get(c *call) (out Out, err error) {
	d := c.directory()
	e, ok := k.entries(d)[k.key(c)]
	if !ok {
		return out, refusal.New(refusal.NotFound, "there is no %s %q", strings.ToLower(k.kind), c.id())
	}
	c.tag(e.Revision)
	return k.show(d, k.key(c), e), nil
}

// tag says which revision is answered.
func (c *call) tag(revision uint64) {
	c.w.Header().Set("ETag", strconv.Quote(strconv.FormatUint(revision, 10)))
}

// key is the entry's key in the directory: "default" stands for the settings of
// the whole organisation.
func (k collection[M, In, Out]) key(c *call) string {
	if k.kind == "Settings" && c.id() == "default" {
		return ""
	}
	return c.id()
}

// put makes a new entry, or replaces the one that the asker has seen. Who
// names no revision replaces nothing.
func (k collection[M, In, Out]) put(c *call, in In) (out Out, err error) {
	revision, err := c.revision(in.revision())
	if err != nil {
		return out, err
	}
	old, exists := k.entries(c.directory())[k.key(c)]
	entry, done, err := k.build(c, k.key(c), in, old.Value)
	if err != nil {
		return out, err
	}
	if k.allow != nil {
		if err := k.allow(c, old.Value, entry); err != nil {
			return out, err
		}
	}
	err = c.change(directory.Put{By: c.by(), Entry: entry, Revision: revision})
	if refusal.KindOf(err) == refusal.Conflict && exists && revision == 0 && !proto.Equal(entry, old.Value) {
		return out, as(http.StatusPreconditionRequired, "there is a %s %q already; name the revision you have seen to replace it",
			strings.ToLower(k.kind), c.id())
	}
	if err == nil && done != nil {
		err = done()
	}
	if err != nil {
		return out, err
	}
	return k.get(c)
}

func (k collection[M, In, Out]) delete(c *call) error {
	old := k.entries(c.directory())[k.key(c)]
	if k.allow != nil {
		var none M
		if err := k.allow(c, old.Value, none); err != nil {
			return err
		}
	}
	if k.remove != nil {
		return c.change(k.remove(k.key(c), old.Value, c.by()))
	}
	err := c.change(directory.Remove{By: c.by(), Kind: k.kind, ID: k.key(c)})
	if err == nil && k.gone != nil {
		err = k.gone(c, k.key(c))
	}
	return err
}

// revision is the one that the asker has seen, by the header or by the body.
func (c *call) revision(inBody uint64) (uint64, error) {
	header := c.r.Header.Get("If-Match")
	if header == "" {
		return inBody, nil
	}
	n, err := strconv.ParseUint(strings.Trim(header, `"`), 10, 64)
	switch {
	case err != nil:
		return 0, refusal.Of("If-Match", "this is not a revision")
	case inBody != 0 && inBody != n:
		return 0, refusal.Of("revision", "If-Match names another revision")
	}
	return n, nil
}
