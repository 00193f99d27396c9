package main

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/channels"
	"crafttalkd/store"
)

// learned is our program after an upgrade: Viber's holograms are messages.
func learned() {
	viber := kinds["viber"]
	open := viber.Open
	viber.Open = func(c channels.Config) (channels.Channel, error) {
		ch, err := open(c)
		if err != nil {
			return nil, err
		}
		return holograms{ch, ch.(channels.Webhook), ch.(channels.Rereader)}, nil
	}
	kinds["viber"] = viber
	main()
}

type holograms struct {
	channels.Channel
	channels.Webhook
	channels.Rereader
}

func (h holograms) Reread(ctx context.Context, raw []byte) error {
	return h.Rereader.Reread(ctx, bytes.ReplaceAll(raw, []byte("hologram_token"), []byte("message_token")))
}

// hologram is a message that our Viber does not understand; every second one
// does not say when it was sent.
func hologram(n int, sent time.Time) object {
	out := object{"event": "message", "hologram_token": fmt.Sprint("h", n), "sender": object{"id": numberOf(n), "name": "Ольга Орлова"},
		"message": object{"type": "text", "text": fmt.Sprint("hologram ", n)}}
	if n%2 == 0 {
		out["timestamp"] = sent.UnixMilli()
	}
	return out
}

// failures are the names of what is in the error queue.
func (c client) failures(t *testing.T) (ids []string) {
	t.Helper()
	var list struct {
		Items []struct {
			ErrorID string `json:"error_id"`
		}
	}
	if err := c.ask("GET", "/api/v1/errors", object{}, &list); err != nil {
		t.Fatal(err)
	}
	for _, f := range list.Items {
		ids = append(ids, f.ErrorID)
	}
	return ids
}

func (c client) retry(id string) error {
	return c.ask("POST", "/api/v1/errors/"+id+"/retry", object{}, nil)
}

// proves G5, G9, G2, MN-09: what an earlier program did not understand is in its
// conversation once, with the time of then, after a later one was killed again and
// again while it read it. CRAFTTALK_KILLS=200 is the long run.
func TestG5_KilledWhileReadingAgain(t *testing.T) {
	const many = 12
	dir, p, begun := filepath.Join(t.TempDir(), "data"), viberOf(), time.Now().Truncate(time.Millisecond)
	server := newServer(t, dir, "--listen", "127.0.0.1:0")
	admin := p.account(t, server)
	for n := range many {
		p.calls(t, server.url, hologram(n, begun.Add(-time.Hour)))
	}
	kept := time.Now()
	ids := admin.failures(t)
	if len(ids) != many {
		t.Fatalf("%d of %d updates are kept", len(ids), many)
	}
	if err := admin.retry(ids[0]); err == nil || !strings.Contains(err.Error(), "409") {
		t.Errorf("what is not understood is processed again with %v", err)
	}
	seed := uint64(number(t, "CRAFTTALK_SEED", int(time.Now().UnixNano())))
	rng := rand.New(rand.NewPCG(seed, 0))
	for range number(t, "CRAFTTALK_KILLS", 5) {
		server.kill()
		server, admin = upgraded(t, dir)
		ids = admin.failures(t)
		var all sync.WaitGroup
		for _, id := range append(ids, ids...) {
			all.Go(func() { admin.retry(id) }) // whatever comes of it
		}
		<-time.After(time.Duration(rng.Int64N(int64(30 * time.Millisecond))))
		server.kill()
		all.Wait()
	}
	server, admin = upgraded(t, dir)
	ids = admin.failures(t)
	t.Logf("CRAFTTALK_SEED=%d: %d of %d were left at the end", seed, len(ids), many)
	p.calls(t, server.url, hologram(many, begun.Add(-time.Hour)))
	for _, id := range admin.failures(t) {
		if err := admin.retry(id); err != nil {
			t.Error(err)
		}
	}
	if ids = admin.failures(t); len(ids) > 0 {
		t.Errorf("%v are left", ids)
	}
	admin.noted(t)
	server.kill()
	in := readHolograms(t, dir)
	for n := range many {
		sent := in[fmt.Sprint("h", n)]
		switch {
		case len(sent) != 1:
			t.Errorf("hologram %d is in %d times", n, len(sent))
		case n%2 == 0 && !sent[0].Equal(begun.Add(-time.Hour)), n%2 == 1 && (sent[0].Before(begun) || sent[0].After(kept)):
			t.Errorf("hologram %d was sent %v; the test began %v", n, sent[0], begun)
		}
	}
}

// account makes the provider's account, and returns who has made it.
func (p *provider) account(t *testing.T, server *child) client {
	t.Helper()
	admin, err := signIn(server.url, adminLogin, adminPassword)
	if err != nil {
		t.Fatal(err)
	}
	admin.widget(t, "site")
	if err := admin.ask("PUT", "/api/v1/accounts/"+p.kind, object{"kind": p.kind, "name": "Shop", "center_id": "main", "routing": object{"line_id": "first"},
		"settings": p.settings, "secrets": p.secrets}, nil); err != nil {
		t.Fatal(err)
	}
	return admin
}

// upgraded starts the program that has learned on the directory.
func upgraded(t *testing.T, dir string) (*child, client) {
	t.Helper()
	c, err := startProgram("learned", dir, nil, "--listen", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.kill)
	admin, err := signIn(c.url, adminLogin, adminPassword)
	if err != nil {
		t.Fatal(err)
	}
	return c, admin
}

// noted checks that the log of acts says who processed something again.
func (c client) noted(t *testing.T) {
	t.Helper()
	var log struct {
		Items []struct{ By, Act, Object string }
	}
	if err := c.ask("GET", "/api/v1/audit?act=failure_retried", object{}, &log); err != nil {
		t.Fatal(err)
	}
	if len(log.Items) == 0 || log.Items[0].By == "" || !strings.HasPrefix(log.Items[0].Object, "raw-") {
		t.Errorf("the log of acts tells %+v", log.Items)
	}
}

// readHolograms are the times when holograms were sent, by what they are called.
func readHolograms(t *testing.T, dir string) map[string][]time.Time {
	t.Helper()
	h, err := openHome(dir, logger(slog.LevelWarn), 0)
	if err != nil {
		t.Fatal(err)
	}
	defer h.close()
	j, err := h.journal()
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	out := map[string][]time.Time{}
	for shard := range store.Shards {
		for e, err := range j.Tail(shard, 0) {
			if err != nil {
				t.Fatal(err)
			}
			if m, ok := e.Event.(*event.MessageReceived); ok {
				out[m.ExternalId] = append(out[m.ExternalId], m.SentAt.AsTime())
			}
		}
	}
	return out
}
