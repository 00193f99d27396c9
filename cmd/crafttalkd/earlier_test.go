package main

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/encoding/protojson"

	"crafttalkd/actors/event"
	"crafttalkd/store"
	"crafttalkd/transport/wire"
)

// earlierDirs is where data directories of earlier versions are, packed, each
// with the backup that was made of it before the upgrade.
const earlierDirs = "../../testdata/earlier"

// What an earlier version has told of its work, to be told again by every later
// one. It lies in the packed directory as told.json.
type earlierWork struct {
	Version  string
	Clara    string             // a customer with a form, addresses, merges and a rating
	File     string             // the path of her file
	ShopKey  string             // of the account for programs
	Silent   string             // a conversation whose customer has fallen silent
	Kept     string             // one that Olga had when the program stopped
	Waiting  string             // one that nobody had been given to
	Closed   []string           // what the history held
	Until    time.Time          // when that was
	Figures  map[string]float64 // of what was closed until then
	Articles []string           // what a search for wishes led to
}

// history are the finished conversations, the latest first.
func (s *scene) history() (ids []string) {
	s.t.Helper()
	var page struct {
		Items []struct {
			ID string `json:"conversation_id"`
		}
	}
	s.must(s.admin.ask("GET", "/api/v1/history?limit=200&from=2026-01-01T00:00:00Z", nil, &page))
	for _, i := range page.Items {
		ids = append(ids, i.ID)
	}
	return ids
}

// figures are the statistics of what was closed before a moment.
func (s *scene) figures(until time.Time) map[string]float64 {
	s.t.Helper()
	var all struct {
		Figures []struct {
			ID    string
			Value *float64
		}
	}
	q := url.Values{"from": {"2026-01-01T00:00:00Z"}, "to": {until.Format(time.RFC3339Nano)}}
	s.must(s.admin.ask("GET", "/api/v1/statistics?"+q.Encode(), nil, &all))
	out := map[string]float64{}
	for _, f := range all.Figures {
		if f.Value != nil {
			out[f.ID] = *f.Value
		}
	}
	return out
}

// wishes are the articles that a search leads to.
func (s *scene) wishes() (ids []string) {
	s.t.Helper()
	var found struct {
		Items []struct {
			ID string `json:"article_id"`
		}
	}
	s.must(s.admin.ask("GET", "/api/v1/kb/search?q=wishes", nil, &found))
	for _, i := range found.Items {
		ids = append(ids, i.ID)
	}
	return ids
}

// eventually asks again until it is so.
func (s *scene) eventually(what string, is func() bool) {
	s.t.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for late := time.After(3 * startTime); !is(); {
		select {
		case <-tick.C:
		case <-late:
			s.t.Fatalf("%s: not so after %s\n%s", what, 3*startTime, s.server.log)
		}
	}
}

// facts is everything in a directory that no server uses, stream by stream, in
// words that do not depend on how it is written down.
func facts(t *testing.T, dir string) map[string][]string {
	t.Helper()
	h, err := openExisting(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer h.close()
	if err := h.sound(t.Context()); err != nil {
		t.Errorf("%s: %v", dir, err)
	}
	j, err := h.journal()
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	out := map[string][]string{}
	for shard := range store.Shards {
		for e, err := range j.Tail(shard, 0) {
			if err != nil {
				t.Fatal(err)
			}
			b, err := protojson.Marshal(e.Event)
			if err != nil {
				t.Fatal(err)
			}
			var fields any
			if err := json.Unmarshal(b, &fields); err != nil { // protojson's spaces are random
				t.Fatal(err)
			}
			out[e.Stream] = append(out[e.Stream], fmt.Sprintf("%T %v", e.Event, fields))
		}
	}
	return out
}

// proves G15: a data directory of an earlier version is served as it is. Its
// people sign in, its open conversations go on and their timers ring, its history,
// figures, files and articles are what they were, and nothing of what it holds is
// changed by the work that comes after. The way back is the backup of before: it
// has the same facts, also with the file of keys that the newer program has written.
func TestG15_EarlierDirectory(t *testing.T) {
	packed, err := filepath.Glob(filepath.Join(earlierDirs, "*.tar.gz"))
	if err != nil || len(packed) == 0 {
		t.Fatalf("there is no directory of an earlier version: %v", err)
	}
	for _, file := range packed {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".tar.gz"), func(t *testing.T) {
			out := t.TempDir()
			unpack(t, file, out)
			at := func(name string) string { return filepath.Join(out, name) }
			dir := at("data")
			b, err := os.ReadFile(at("told.json"))
			var was earlierWork
			if err == nil {
				err = json.Unmarshal(b, &was)
			}
			if err != nil {
				t.Fatal(err)
			}
			s := &scene{t: t, dir: dir}
			s.command("restore", at("before"), "--data", at("back"), "--key", filepath.Join(dir, "master.key"))
			before := facts(t, at("back"))
			if len(before) < 10 || len(before[event.ConversationStream+was.Silent]) == 0 {
				t.Fatalf("only %d streams are in the backup: the test is blind", len(before))
			}
			s.upgraded(was)
			s.command("verify", "--data", dir)
			after := facts(t, dir)
			for stream, list := range before {
				if n := len(list); len(after[stream]) < n || !slices.Equal(after[stream][:n], list) {
					t.Errorf("%s was\n%s\nand is\n%s", stream, list, after[stream])
				}
			}
			for _, id := range []string{was.Silent, was.Kept, was.Waiting} {
				if stream := event.ConversationStream + id; len(after[stream]) <= len(before[stream]) {
					t.Errorf("nothing has happened in %s", stream)
				}
			}
			s.command("backup", at("after"), "--data", dir) // which writes the file of keys anew
			s.command("restore", at("before"), "--data", at("again"), "--key", filepath.Join(dir, "master.key"))
			again := facts(t, at("again"))
			for stream := range after {
				if !slices.Equal(again[stream], before[stream]) {
					t.Errorf("with the newest keys %s of the backup is\n%s\nand was\n%s", stream, again[stream], before[stream])
				}
			}
		})
	}
}

// upgraded serves the directory of an earlier version, and works on it.
func (s *scene) upgraded(was earlierWork) {
	s.t.Helper()
	var err error
	s.server, err = startChild(s.dir, nil, "--listen", "127.0.0.1:0", "--allow", "127.0.0.0/8", "--public-url", "https://chat.example")
	s.must(err)
	s.t.Cleanup(s.server.kill)
	s.enter()
	s.shop, s.clara, s.file = client{s.server.url, was.ShopKey}, was.Clara, was.File
	s.eventually("the silent customer is let go", func() bool { return slices.Contains(s.history(), was.Silent) })
	if got := s.history(); len(got) != len(was.Closed)+1 || !slices.Equal(got[slices.Index(got, was.Closed[0]):], was.Closed) {
		s.t.Errorf("the history is %v, and was %v without %s", got, was.Closed, was.Silent)
	}
	for id, value := range was.Figures {
		if got, ok := s.figures(was.Until)[id]; !ok || got != value {
			s.t.Errorf("%s is %v, and was %v", id, got, value)
		}
	}
	s.eventually("articles are found", func() bool { return slices.Equal(s.wishes(), was.Articles) })
	if shown := string(s.shown()); !strings.Contains(shown, "a file of "+mark) || !strings.Contains(shown, mark+" Petrova") {
		s.t.Errorf("of Clara is shown\n%s", shown)
	}
	s.inPhase(was.Kept, "waiting") // as Olga was lost when the earlier program stopped
	s.reception()
	for _, id := range []string{was.Kept, was.Waiting} {
		s.inPhase(id, "served")
		s.reply(id, "We are here again")
		s.end(id)
	}
	fresh := s.say("after", "newcomer", object{"text": "Is anybody there?"})
	s.inPhase(fresh, "served")
	s.reply(fresh, "Yes")
	s.end(fresh)
	s.eventually("what was closed is in the history", func() bool {
		got := s.history()
		return slices.Contains(got, fresh) && slices.Contains(got, was.Kept) && slices.Contains(got, was.Waiting)
	})
	if _, err := s.server.stop(); err != nil {
		s.t.Errorf("the server ended with %v\n%s", err, s.server.log)
	}
}

// inPhase waits until a conversation is in a phase.
func (s *scene) inPhase(conversation, phase string) {
	s.t.Helper()
	s.eventually(conversation+" is "+phase, func() bool {
		var c struct{ Phase string }
		s.must(s.admin.ask("GET", "/api/v1/conversations/"+conversation, nil, &c))
		return c.Phase == phase
	})
}

// makeEarlier lets a program work on a new directory, and packs that. It is what
// `make earlier` does at a release, with the program that is released.
func makeEarlier(t *testing.T, program string) {
	t.Helper()
	out := t.TempDir()
	s := newScene(t, program)
	s.must(s.admin.ask("PUT", "/api/v1/settings/main", object{"policy": object{"silence": object{"detach_after": "1s",
		"remind_after": "60s", "remind_text": "Are you there?", "close_after": "120s", "close_text": "Write again."}}}, nil))
	s.must(s.admin.ask("PUT", "/api/v1/settings/default", object{"connection_grace": "1s"}, nil))
	s.play()
	erased := s.say("gone", "erased", object{"text": "Forget me"})
	s.serves(erased)
	s.end(erased)
	was := s.leaveOpen()
	was.Clara, was.File, was.ShopKey = s.clara, s.file, s.shop.token
	who, _, _ := strings.Cut(erased, ".")
	run := func(args ...string) string {
		b, err := exec.Command(program, args...).CombinedOutput()
		if err != nil {
			t.Fatalf("%s %v: %v\n%s", program, args, err, b)
		}
		return strings.TrimSpace(string(b))
	}
	run("erase", who, "--data", s.dir)
	s.eventually("everything is read", func() bool { return len(s.history()) >= 4 && len(s.wishes()) > 0 })
	was.Until = time.Now().UTC()
	was.Closed, was.Figures, was.Articles = s.history(), s.figures(was.Until), s.wishes()
	was.Version, _, _ = strings.Cut(run("version"), "\n")
	if slices.Contains(was.Closed, was.Silent) {
		t.Fatal("the silent customer was let go already: try it on a machine that is less busy")
	}
	if _, err := s.server.stop(); err != nil {
		t.Fatal(err)
	}
	run("backup", filepath.Join(out, "before"), "--data", s.dir)
	b, err := json.MarshalIndent(was, "", "\t")
	if err == nil {
		err = os.WriteFile(filepath.Join(out, "told.json"), b, 0o600)
	}
	if err == nil {
		err = os.Rename(s.dir, filepath.Join(out, "data"))
	}
	if err != nil {
		t.Fatal(err)
	}
	pack(t, out, filepath.Join(earlierDirs, *earlierName+".tar.gz"))
}

// leaveOpen begins conversations that are not at their end: one whose customer
// falls silent, one that Olga has, one that waits.
func (s *scene) leaveOpen() (was earlierWork) {
	s.t.Helper()
	was.Silent = s.say("silent", "silent", object{"text": "I go for lunch"})
	s.serves(was.Silent)
	s.reply(was.Silent, "Which number?")
	s.frame(s.olga, func(f *wire.FromServer) bool { return f.GetEntry().GetFact().GetCustomerDetached() != nil })
	was.Kept = s.say("kept", "kept", object{"text": "Where is my parcel?"})
	s.serves(was.Kept)
	s.do(s.olga, &wire.FromClient{Is: &wire.FromClient_SetPresence{SetPresence: &wire.SetPresence{Presence: event.Presence_LUNCH}}})
	was.Waiting = s.say("waiting", "waiting", object{"text": "I wait"})
	return was
}
