package main

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// A lane is one customer who writes one message after another.
type lane struct {
	id          string
	sent, acked atomic.Int64
}

// A load is customers who write all the time, and the model of what is kept: of
// each lane everything up to some message, which is between what was
// acknowledged before and what had been sent after.
type load struct {
	shop  client
	lanes []*lane
	stop  atomic.Bool
	all   sync.WaitGroup
}

func newLoad(shop client) *load {
	l := &load{shop: shop}
	for i := range 8 {
		l.lanes = append(l.lanes, &lane{id: fmt.Sprintf("load-%d-", i)})
	}
	return l
}

// say brings the n'th message of a lane.
func (l *load) say(x *lane, n int64) error {
	return l.shop.ask("POST", "/channel/v1/shop/messages", object{"id": fmt.Sprint(x.id, n), "user": object{"id": x.id}, "text": "Hello"}, nil)
}

// begin lets all write until end is called.
func (l *load) begin(t *testing.T) {
	for _, x := range l.lanes {
		l.all.Go(func() {
			for !l.stop.Load() {
				if err := l.say(x, x.sent.Add(1)); err != nil {
					t.Error(err)
					return
				}
				x.acked.Add(1)
			}
		})
	}
}

func (l *load) end() {
	l.stop.Store(true)
	l.all.Wait()
}

// each reads a number of every lane.
func (l *load) each(number func(*lane) *atomic.Int64) map[string]int64 {
	out := map[string]int64{}
	for _, x := range l.lanes {
		out[x.id] = number(x).Load()
	}
	return out
}

func sent(x *lane) *atomic.Int64  { return &x.sent }
func acked(x *lane) *atomic.Int64 { return &x.acked }

// differs compares what a directory keeps with the model.
func differs(dir string, least, most map[string]int64) (out []string) {
	k, err := examine(dir)
	if err != nil {
		return []string{err.Error()}
	}
	sum := 0
	for id := range least {
		top := int64(k.tops[id])
		if top < least[id] || top > most[id] {
			out = append(out, fmt.Sprintf("%s%d is the last that is kept, want %d to %d", id, top, least[id], most[id]))
		}
		sum += int(top)
	}
	if k.messages != sum {
		out = append(out, fmt.Sprintf("%d messages are kept of %d: there are holes", k.messages, sum))
	}
	return append(out, k.wrong...)
}

// proves G14: a backup that is made under load is of one moment: it has what was
// acknowledged before it began, nothing twice, nothing out of order and no hole.
// It is restored, every chain is verified, and the work goes on there as if
// nothing had been: what was sent already is known. A backup of an earlier
// moment is seen as wrong.
func TestG14_BackupUnderLoad(t *testing.T) {
	out := t.TempDir()
	dir := filepath.Join(out, "data")
	c := newServer(t, dir, "--listen", "127.0.0.1:0")
	admin, err := signIn(c.url, adminLogin, adminPassword)
	if err != nil {
		t.Fatal(err)
	}
	admin.widget(t, "site")
	var made struct{ Key string }
	if err := admin.ask("PUT", "/api/v1/accounts/shop", object{"kind": "api", "name": "Shop", "center_id": "main",
		"routing": object{"line_id": "first"}, "settings": object{"webhook_url": "https://example.com"}}, &made); err != nil {
		t.Fatal(err)
	}
	l := newLoad(client{c.url, made.Key})
	backup := func(name string) {
		if text, err := exec.Command("crafttalkd", "backup", filepath.Join(out, name), "--data", dir).CombinedOutput(); err != nil {
			t.Fatalf("backup: %v\n%s", err, text)
		}
	}
	backup("early")
	l.begin(t)
	l.until(t, 200)
	least := l.each(acked)
	backup("copy")
	most := l.each(sent)
	l.until(t, 50)
	l.end()
	c.kill()

	restored := filepath.Join(out, "restored")
	for from, to := range map[string]string{"early": filepath.Join(out, "stale"), "copy": restored} {
		text, err := exec.Command("crafttalkd", "restore", filepath.Join(out, from), "--data", to, "--key", filepath.Join(dir, "master.key")).CombinedOutput()
		if err != nil {
			t.Fatalf("restore: %v\n%s", err, text)
		}
	}
	for _, d := range differs(restored, least, most) {
		t.Error(d)
	}
	if got := strings.Join(differs(filepath.Join(out, "stale"), least, most), "; "); !strings.Contains(got, "is the last that is kept") {
		t.Errorf("a backup of before is taken for this one: %s", got)
	}
	l.goesOn(t, restored, least, most)
}

// until waits until so many more messages are acknowledged.
func (l *load) until(t *testing.T, more int64) {
	t.Helper()
	count := func() (n int64) {
		for _, x := range l.lanes {
			n += x.acked.Load()
		}
		return n
	}
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	late := time.After(startTime)
	for end := count() + more; count() < end; {
		select {
		case <-tick.C:
		case <-late:
			t.Fatalf("only %d messages are acknowledged", count())
		}
	}
}

// goesOn works on a restored directory: every lane says again what may have
// been lost, and more.
func (l *load) goesOn(t *testing.T, dir string, least, most map[string]int64) {
	t.Helper()
	c, err := startChild(dir, nil, "--listen", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.kill)
	l.shop.url = c.url
	want := map[string]int64{}
	for _, x := range l.lanes {
		want[x.id] = most[x.id] + 20
		for n := max(least[x.id]-5, 1); n <= want[x.id]; n++ {
			if err := l.say(x, n); err != nil {
				t.Fatal(err)
			}
		}
	}
	if _, err := c.stop(); err != nil {
		t.Error(err)
	}
	for _, d := range differs(dir, want, want) {
		t.Error(d)
	}
}
