package intake_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/store/keys"
	"crafttalkd/store/pebblestore"
	"crafttalkd/transport/intake"
)

func newFailures(t *testing.T) (*intake.Failures, *pebblestore.Store) {
	t.Helper()
	s, err := pebblestore.Open("store", pebblestore.Options{FS: vfs.NewMem()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return &intake.Failures{Table: s, Vault: keys.NewRing(keys.NewMaster(), s), Now: time.Now}, s
}

// proves G1: an update that nobody understands is kept byte by byte, sealed,
// until somebody has looked at it.
func TestRaw(t *testing.T) {
	f, table := newFailures(t)
	update := []byte("{\"gift\": \"\xff\x00 to anna\"}")
	if err := f.KeepRaw("bot", "gift", update); err != nil {
		t.Fatal(err)
	}
	list, err := f.List()
	if err != nil || len(list) != 1 || list[0].Raw != "gift" || list[0].Account != "bot" || list[0].Size != len(update) {
		t.Fatalf("the queue is %+v, %v", list, err)
	}
	for row, err := range table.Scan("error", "") {
		if err != nil || bytes.Contains(row.Value, []byte("anna")) {
			t.Errorf("the row %s can be read: %v", row.Key, err)
		}
	}
	id := list[0].ID
	if raw, err := f.Raw(id); err != nil || !bytes.Equal(raw, update) {
		t.Errorf("Raw = %q, %v", raw, err)
	}
	if err := f.Discard(id); err != nil {
		t.Error(err)
	}
	if _, err := f.Raw(id); refusal.KindOf(err) != refusal.NotFound {
		t.Errorf("Raw of what was discarded = %v", err)
	}
}

// proves G44: what nobody understands goes with the customer whom it names, and
// the key it was sealed with is destroyed.
func TestG44_RawErased(t *testing.T) {
	f, table := newFailures(t)
	for account, update := range map[string]string{"bot": `{"from":4711,"gift":1}`, "other": `{"from":4711}`, "site": `{"from":4712}`} {
		if err := f.KeepRaw(account, "gift", []byte(update)); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.ForgetAbout([]*event.Address{{AccountId: "bot", Address: "4711"}, {AccountId: "site", Address: "4711"}}); err != nil {
		t.Fatal(err)
	}
	list, err := f.List()
	if err != nil || len(list) != 2 {
		t.Fatalf("the queue is %+v, %v", list, err)
	}
	left := 0
	for row, err := range table.Scan(keys.Table, "raw-") {
		if err != nil {
			t.Fatal(err)
		}
		if len(row.Value) > 2 {
			left++
		}
	}
	if left != 2 {
		t.Errorf("%d keys are left, want 2", left)
	}
	for _, one := range list {
		if one.Account == "bot" || !strings.HasPrefix(one.ID, "raw-") {
			t.Errorf("%+v is left", one)
		}
	}
}
