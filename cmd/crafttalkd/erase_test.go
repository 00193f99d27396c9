package main

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"crafttalkd/actors/event"
	"crafttalkd/transport/rest"
)

// unplayed are personal fields that nothing in the scenes fills.
var unplayed = []string{"AttachmentFetched.attachment", "AddressKept.address"}

// proves G44: what is erased can be read nowhere: not in the product, not in any
// file of the data directory, and not in a backup of before, once the newest file
// of keys stands for the old ones. Others are not concerned, what was done is
// still known, and who writes again is served again.
func TestG44_ErasedEverywhere(t *testing.T) {
	s := newScene(t, "crafttalkd")
	s.play()
	if !says(s.shown()) {
		t.Fatal("the product shows nothing of Clara: the test is blind")
	}
	out := filepath.Dir(s.dir)
	at := func(name string) string { return filepath.Join(out, name) }
	s.command("backup", at("before"), "--data", s.dir)
	then, err := os.ReadFile(at(keysName))
	s.must(err)
	s.must(os.WriteFile(at("keys.then"), then, 0o600))

	s.certified(s.command("erase", s.clara, "--data", s.dir, "--json"))
	if b := s.shown(); says(b) {
		t.Errorf("the product still shows her:\n%s", b)
	}
	if names := filesSaying(t, s.dir, says); len(names) > 0 {
		t.Errorf("she is in %v", names)
	}
	conv := s.say("5", mark+"-address", object{"text": "It is me again"})
	s.serves(conv)
	s.command("backup", at("after"), "--data", s.dir)
	if _, err := s.server.stop(); err != nil {
		t.Error(err)
	}
	if names := filesSaying(t, out, says); len(names) > 0 {
		t.Errorf("she is in %v", names)
	}
	master := filepath.Join(s.dir, "master.key")
	s.command("restore", at("before"), "--data", at("old"), "--key", master)
	s.command("restore", at("after"), "--data", at("new"), "--key", master)
	for _, dir := range []string{s.dir, at("old"), at("new")} {
		fields, others := told(t, dir)
		if only := slices.Collect(maps.Keys(fields)); dir == at("old") && len(only) > 0 {
			t.Errorf("%s tells %v", dir, only)
		}
		if others != 1 {
			t.Errorf("%s has %d words of somebody else, want 1", dir, others)
		}
	}
	s.command("restore", at("before"), "--data", at("wrong"), "--key", master, "--keys", at("keys.then"))
	s.everythingWasThere(at("wrong"))
	s.noKeyIsLeft(at("wrong"), at("before"), at("after"), s.dir)
	s.servesRestored(at("old"))
}

// certified checks what an erasure says of itself: what it reached, who has
// copies, and that the same is kept.
func (s *scene) certified(text string) {
	s.t.Helper()
	var c rest.Erasure
	s.must(json.Unmarshal([]byte(text), &c))
	if len(c.ConversationIDs) != 4 || c.Files == 0 || c.Bytes == 0 || c.Facts < 20 || c.ErasedAt.Before(c.BegunAt) || !slices.Contains(c.CustomerIDs, s.clara) {
		s.t.Errorf("the certificate tells %s", text)
	}
	if !slices.Contains(c.AccountIDs, "shop") {
		s.t.Errorf("the account whose receiver has her words is not among %v", c.AccountIDs)
	}
	if says([]byte(text)) {
		s.t.Errorf("the certificate tells of her: %s", text)
	}
	var kept rest.ErasurePage
	s.must(s.admin.ask("GET", "/api/v1/customers/"+s.clara+"/erasures", nil, &kept))
	if want := (rest.ErasurePage{Items: []rest.Erasure{c}}); !reflect.DeepEqual(kept, want) {
		s.t.Errorf("the API shows %+v, want %+v", kept, want)
	}
}

// everythingWasThere is the control: with the keys of its day, the old backup
// tells every personal field. It is the mistake that the newest file rules out.
func (s *scene) everythingWasThere(dir string) {
	s.t.Helper()
	fields, _ := told(s.t, dir)
	for kind := event.Kind(1); kind < 1000; kind++ {
		for _, f := range event.Personal(kind) {
			name := string(f.FullName().Parent().Name() + "." + f.Name())
			if !fields[name] && !slices.Contains(unplayed, name) {
				s.t.Errorf("nothing of Clara was in %s", name)
			}
		}
	}
}

// noKeyIsLeft looks for the very bytes of the keys. Logs that wait for being
// used again are gone once the store was opened anew.
func (s *scene) noKeyIsLeft(with string, without ...string) {
	s.t.Helper()
	h, err := openExisting(with)
	s.must(err)
	found := wrappedKeys(s.t, h, []string{s.clara})
	s.must(h.close())
	look := func(b []byte) bool {
		return slices.ContainsFunc(found, func(key []byte) bool { return bytes.Contains(b, key) })
	}
	if len(filesSaying(s.t, with, look)) == 0 {
		s.t.Error("the key is not found where it is: the look is blind")
	}
	for _, dir := range without {
		if names := filesSaying(s.t, dir, look); len(names) > 0 {
			s.t.Errorf("her key is in %v", names)
		}
	}
}

// servesRestored starts a server on a restored directory.
func (s *scene) servesRestored(dir string) {
	s.t.Helper()
	c, err := startChild(dir, nil, "--listen", "127.0.0.1:0")
	s.must(err)
	s.t.Cleanup(c.kill)
	s.server = c
	s.shop.url = c.url
	s.enter()
	if b := s.shown(); says(b) || !bytes.Contains(b, []byte(s.clara)) {
		s.t.Errorf("the restored product shows\n%s", b)
	}
	s.say("6", mark+"-address", nil)
	if _, err := c.stop(); err != nil {
		s.t.Error(err)
	}
}
