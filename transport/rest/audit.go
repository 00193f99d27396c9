package rest

import (
	"bufio"
	"encoding/hex"
	"encoding/json"
	"iter"
	"math"
	"net/http"
	"reflect"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"crafttalkd/actors/audit"
	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/transport/auth"
)

// auditRoutes show the log of acts. It is read off its own stream, from the end:
// there is no reading of it that could differ.
func auditRoutes() []*route {
	const path = "/api/v1/audit"
	admin := may(directory.Admin)
	filter := []param{{name: "from", doc: "as in 2026-12-31T23:59:00Z"}, {name: "until", doc: "in the same way; both ends count"},
		{name: "by", doc: "a user's id, or key: and that of a key; - for nobody we know"},
		{name: "act", doc: "one, or several, parted by commas"}, {name: "object", doc: "what it was done to, by its id"}}
	table := append(slices.Clone(filter), param{name: "separator", doc: "comma or semicolon"}, param{name: "lang", doc: "of the headings: en, which is meant if left out, or ru"})
	return []*route{
		{method: "GET", path: path, summary: "Who did what, the latest first", may: admin, verb: answers((*call).listActs),
			params: append(slices.Clone(filter), param{name: "before", doc: "what the last page named as next"}, actsShown.param())},
		{method: "GET", path: path + "/:id", summary: "One act, and what it changed", may: admin, verb: answers((*call).getAct)},
		{method: "GET", path: path + ".csv", summary: "All those acts as a table", act: audit.AuditExported, may: admin,
			verb: verb{media: "text/csv", serve: (*call).actsTable}, params: table},
		{method: "GET", path: path + ".ndjson", summary: "All those acts, one a line, the latest first", act: audit.AuditExported, may: admin,
			verb: verb{media: ndjson, line: reflect.TypeFor[Act](), serve: (*call).actLines}, params: filter},
	}
}

// Act is one line of the log of acts.
type Act struct {
	Number   uint64    `json:"number" doc:"from 1, without a hole"`
	At       time.Time `json:"at"`
	By       string    `json:"by" doc:"user id, key:ID of a program, setup for the first start and the server's own machine; empty for nobody we know"`
	What     string    `json:"act" doc:"the name of the fact, as in user_put, or what left no fact: signed_in, history_exported …"`
	Object   string    `json:"object" doc:"the id of what it was done to; of what was refused, the call"`
	IP       string    `json:"ip,omitempty" doc:"where it is known"`
	Count    int32     `json:"count,omitempty" doc:"how many such acts the line stands for, if more than one"`
	Stream   string    `json:"stream,omitempty" doc:"of the fact that tells of it"`
	Version  uint64    `json:"version,omitempty"`
	Shard    uint64    `json:"shard,omitempty"`
	Position uint64    `json:"position,omitempty"`
	Hash     string    `json:"digest" doc:"SHA-256 of this line, that of the one before it included"`
}

// ActPage is some of the log.
type ActPage struct {
	Items []Act  `json:"items"`
	Next  string `json:"next" doc:"what to name as before to go on; a page may hold fewer than were asked for, and none. Empty at the end"`
	Head  string `json:"head" doc:"the end of the log now; keep it elsewhere and give it to crafttalkd verify --audit-head"`
}

func actOf(n *event.AuditNoted) Act {
	return Act{Number: n.Number, At: n.At.AsTime(), By: n.By, What: n.Act, Object: n.Object, IP: n.Ip, Count: n.Count,
		Stream: n.Stream, Version: n.Version, Shard: n.Shard, Position: n.Position, Hash: hex.EncodeToString(audit.HeadAt(n).Hash)}
}

// Bounds of one page.
const (
	mostSifts = 50_000 // lines that one page goes through
)

// A sieve lets acts through.
type sieve struct {
	from, until time.Time
	by, object  string
	acts        []string
	before      uint64
	sees        func(by string) bool
}

func (c *call) sieve() (s sieve, err error) {
	q := c.r.URL.Query()
	if s.from, err = moment(q.Get("from"), "from", time.Time{}); err != nil {
		return s, err
	}
	if s.until, err = moment(q.Get("until"), "until", time.Time{}); err != nil {
		return s, err
	}
	if s.before, err = c.number("before"); err != nil {
		return s, err
	}
	s.by, s.object, s.sees = q.Get("by"), q.Get("object"), c.seesAuthor()
	if acts := q.Get("act"); acts != "" {
		s.acts = strings.Split(acts, ",")
	}
	return s, nil
}

func (s sieve) passes(n *event.AuditNoted) bool {
	by := s.by == "" || s.by == n.By || s.by == "-" && n.By == ""
	return by && (s.object == "" || s.object == n.Object) && (len(s.acts) == 0 || slices.Contains(s.acts, n.Act)) && s.sees(n.By)
}

// seesAuthor says whose acts the asker may see: everybody's, or, with bounds,
// the own ones and those of users and programs that have bounds within them.
func (c *call) seesAuthor() func(by string) bool {
	u, d, known := c.asker.user, c.directory(), map[string]bool{}
	if auth.Everywhere(u) {
		return func(string) bool { return true }
	}
	within := func(g auth.Grantee) bool {
		ours := func(center string) bool { return auth.WorksIn(d, u, center) }
		line := func(id string) bool { return d.Line(id) != nil && ours(d.Line(id).CenterId) }
		return len(g.GetCenterIds())+len(g.GetLineIds()) > 0 && all(g.GetCenterIds(), ours) && all(g.GetLineIds(), line)
	}
	return func(by string) bool {
		saw, ok := known[by]
		if !ok {
			if key, program := strings.CutPrefix(by, keyAuthor); program {
				saw = within(d.Keys[key].Value)
			} else {
				saw = by != "" && by == u.GetUserId() || within(d.User(by))
			}
			known[by] = saw
		}
		return saw
	}
}

func all(ids []string, f func(string) bool) bool {
	return !slices.ContainsFunc(ids, func(id string) bool { return !f(id) })
}

// actsFromEnd yields the log from the end, or from before a line, every line with
// whether it passes.
func (c *call) actsFromEnd(s sieve) iter.Seq2[*event.AuditNoted, error] {
	return func(yield func(*event.AuditNoted, error) bool) {
		end, err := c.endOfActs(s)
		for part := uint64(128); end > 0 && err == nil; part = min(2*part, 4096) {
			var lines []*event.AuditNoted
			begin := end - min(end, part)
			if lines, err = c.actsBetween(begin, end); err != nil {
				break
			}
			for _, n := range slices.Backward(lines) {
				if n.At.AsTime().Before(s.from) || !yield(n, nil) {
					return
				}
			}
			end = begin
		}
		if err != nil {
			yield(nil, err)
		}
	}
}

func (c *call) actsBetween(after, last uint64) (out []*event.AuditNoted, err error) {
	for e, err := range c.config.System.Journal().Durable(event.AuditStream, after) {
		if err != nil {
			return nil, err
		}
		if e.Version > last {
			break
		}
		if n, ok := e.Event.(*event.AuditNoted); ok {
			out = append(out, n)
		}
	}
	return out, nil
}

// endOfActs returns the number of the last line that may pass: times only rise.
func (c *call) endOfActs(s sieve) (uint64, error) {
	end, err := c.config.System.Journal().Version(event.AuditStream)
	if err != nil {
		return 0, err
	}
	if s.before > 0 {
		end = min(end, s.before-1)
	}
	if s.until.IsZero() || end > math.MaxInt32 {
		return end, nil
	}
	later := sort.Search(int(end), func(i int) bool {
		lines, e := c.actsBetween(uint64(i), uint64(i)+1)
		if e != nil {
			err = e
		}
		return len(lines) == 0 || lines[0].At.AsTime().After(s.until)
	})
	return uint64(later), err
}

// listActs shows a page of the log.
func (c *call) listActs() (ActPage, error) {
	page := ActPage{Items: []Act{}}
	s, err := c.sieve()
	if err != nil {
		return page, err
	}
	limit, err := c.limit(actsShown)
	if err != nil {
		return page, err
	}
	head, err := look(c, event.AuditStream, func(s audit.State) audit.Head { return s.Head })
	if err != nil {
		return page, err
	}
	page.Head = head.String()
	sifted := 0
	for n, err := range c.actsFromEnd(s) {
		if err != nil {
			return page, err
		}
		if len(page.Items) == limit || sifted == mostSifts {
			page.Next = strconv.FormatUint(n.Number+1, 10)
			break
		}
		if sifted++; s.passes(n) {
			page.Items = append(page.Items, actOf(n))
		}
	}
	return page, nil
}

// passing yields the lines that pass, as long as somebody listens.
func (c *call) passing(s sieve, tell func(Act) error) error {
	for n, err := range c.actsFromEnd(s) {
		switch {
		case err != nil:
			return err
		case c.r.Context().Err() != nil:
			return c.r.Context().Err()
		case !s.passes(n):
			continue
		}
		if err := tell(actOf(n)); err != nil {
			return err
		}
	}
	return nil
}

// actsTable hands the log out for spreadsheets.
func (c *call) actsTable() error {
	s, err := c.sieve()
	if err != nil {
		return err
	}
	head := []heading{{En: "Number", Ru: "Номер"}, {En: "Time", Ru: "Время"}, {En: "Who", Ru: "Кто"}, {En: "Act", Ru: "Действие"}, {En: "Object", Ru: "Объект"},
		{En: "Address", Ru: "Адрес"}, {En: "Times", Ru: "Раз"}, {En: "Digest", Ru: "Контрольная сумма"}}
	return c.table("audit.csv", head, func(write func(...string) error) error {
		return c.passing(s, func(a Act) error {
			return write(strconv.FormatUint(a.Number, 10), a.At.Format(time.RFC3339Nano), a.By, a.What, a.Object, a.IP, strconv.Itoa(int(max(a.Count, 1))), a.Hash)
		})
	})
}

// actLines hands the log out for programs: with its hashes, they can check it
// themselves.
func (c *call) actLines() error {
	s, err := c.sieve()
	if err != nil {
		return err
	}
	c.attached(ndjson, "audit.ndjson")
	out := bufio.NewWriter(c.w)
	lines := json.NewEncoder(out)
	if err = c.passing(s, func(a Act) error { return lines.Encode(a) }); err == nil {
		err = out.Flush()
	}
	if err != nil {
		c.config.Log.Error("the log of acts broke off", "err", err)
		panic(http.ErrAbortHandler) // half of it must not look like all
	}
	return nil
}
