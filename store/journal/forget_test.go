package journal

import (
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
	"google.golang.org/protobuf/proto"

	"crafttalkd/actors/event"
	"crafttalkd/store"
	"crafttalkd/store/keys"
)

// forgotten is the fact that takes all before it away.
const forgotten = 55

// lasting are all kinds of facts but that one.
func lasting() []event.Kind {
	return slices.DeleteFunc(kinds(), func(k event.Kind) bool { return k == forgotten })
}

// says reports whether a fact holds something personal.
func says(e event.Event) bool { return strings.Contains(fmt.Sprint(e), "secret") }

// afresh is the journal with nothing in memory.
func (j *Journal) afresh(t testing.TB, master *keys.Master) *Journal {
	t.Helper()
	other, err := Open(j.engine, keys.NewRing(master, j.engine))
	if err != nil {
		t.Fatal(err)
	}
	return other
}

// proves HS-05: with the fact that says so a conversation's words are gone, its
// snapshot too, whoever looks; the customer's other conversations, and what is
// known of the customer, are not concerned. What is said later is read again.
func TestHS05_ForgottenInOneWrite(t *testing.T) {
	master := keys.NewMaster()
	j := openWith(t, master)
	j.add(t, "customer/anna", 0, filled(110))
	for _, s := range []string{"conversation/anna.1", "conversation/anna.2"} {
		j.add(t, s, 0, filled(10), filled(11))
		j.add(t, s, 2, filled(13))
		if err := j.PutSnapshot(s, 3, []byte("secret state")); err != nil {
			t.Fatal(err)
		}
	}
	if !says(j.all(t, "conversation/anna.1")[1]) {
		t.Fatal("nothing was said: the test is blind")
	}
	j.add(t, "conversation/anna.1", 3, filled(forgotten))
	restarted := j.afresh(t, master)
	for name, at := range map[string]*Journal{"the same journal": j, "after a restart": restarted} {
		for i, e := range at.all(t, "conversation/anna.1") {
			if says(e) {
				t.Errorf("%s: event %d tells %v", name, i+1, e)
			}
		}
		if b, _, err := at.Snapshot("conversation/anna.1"); b != nil || err != nil {
			t.Errorf("%s: the snapshot is %q, %v", name, b, err)
		}
		for _, s := range []string{"conversation/anna.2", "customer/anna"} {
			for i, e := range at.all(t, s) {
				if !says(e) {
					t.Errorf("%s: event %d of %s tells nothing any more: %v", name, i+1, s, e)
				}
			}
		}
		if b, _, err := at.Snapshot("conversation/anna.2"); string(b) != "secret state" || err != nil {
			t.Errorf("%s: the other snapshot is %q, %v", name, b, err)
		}
	}
	if row, err := j.engine.Get(snapshots, "conversation/anna.1"); row != nil || err != nil {
		t.Errorf("the snapshot is there: %x, %v", row, err)
	}
	restarted.add(t, "conversation/anna.1", 4, filled(11))
	restarted = restarted.afresh(t, master)
	all := restarted.all(t, "conversation/anna.1")
	if says(all[1]) || !says(all[4]) {
		t.Errorf("later it tells %v and %v", all[1], all[4])
	}
	restarted.add(t, "conversation/anna.1", 5, filled(forgotten)) // and so it can be said again
	if all := restarted.all(t, "conversation/anna.1"); says(all[4]) {
		t.Errorf("forgotten twice, it tells %v", all[4])
	}
}

// proves G44: whoever is erased is erased with all conversations at once, and
// the conversations that come later have keys that open none of before.
func TestG44_AllConversationsGoWithTheCustomer(t *testing.T) {
	master := keys.NewMaster()
	j := openWith(t, master)
	j.add(t, "customer/anna", 0, filled(110))
	j.add(t, "conversation/anna.1", 0, filled(10), filled(11))
	j.add(t, "conversation/annabel.1", 0, filled(10), filled(11))
	if err := j.keys.Erase("anna"); err != nil {
		t.Fatal(err)
	}
	j.add(t, "conversation/anna.2", 0, filled(10), filled(11))
	j.add(t, "conversation/anna.1", 2, filled(11))
	for name, at := range map[string]*Journal{"the same journal": j, "after a restart": j.afresh(t, master)} {
		got := ""
		for _, s := range []string{"conversation/anna.1", "conversation/anna.2", "conversation/annabel.1"} {
			for _, e := range at.all(t, s) {
				got += map[bool]string{true: "+", false: "-"}[says(e)]
			}
			got += " "
		}
		if got != "--+ ++ ++ " {
			t.Errorf("%s: facts tell %s", name, got)
		}
	}
}

// A journal from before conversations had keys is read as it was and goes on; its
// conversations can't be forgotten alone, and go with their customers.
func TestG15_FromBeforeConversationsHadKeys(t *testing.T) {
	j, master := open(t), (*keys.Master)(nil)
	version := map[string]uint64{}
	datadriven.RunTest(t, "../../testdata/journal/before.txt", func(t *testing.T, d *datadriven.TestData) string {
		if d.Cmd != "master" {
			j.old(t, d, version)
			return d.Expected
		}
		var err error
		if master, err = keys.ParseMaster(d.Expected); err != nil {
			t.Fatal(err)
		}
		j.keys = keys.NewRing(master, j.engine)
		return d.Expected
	})
	told := func(at *Journal) (n int) {
		for _, s := range []string{"customer/anna", "conversation/anna.1", "conversation/boris.1"} {
			for _, e := range at.all(t, s) {
				kind := event.KindOf(e)
				want := filled(kind)
				if says(want) && proto.Equal(e, want) {
					n++
				}
			}
		}
		return n
	}
	const personal = 8 // of the facts in the file
	if n := told(j); n != personal {
		t.Fatalf("%d facts are read, want %d", n, personal)
	}
	if b, n, err := j.Snapshot("conversation/anna.1"); string(b) != "secret state" || n != 3 || err != nil {
		t.Errorf("the snapshot is %q at %d, %v", b, n, err)
	}
	failed := make(chan error, 1)
	j.Append(Append{Stream: "conversation/anna.1", Expect: version["conversation/anna.1"], Events: []event.Event{filled(forgotten)}},
		func(_ store.Receipt, err error) { failed <- err })
	if err := <-failed; !errors.Is(err, keys.ErrBefore) {
		t.Errorf("to forget it: %v", err)
	}
	j.add(t, "conversation/anna.1", version["conversation/anna.1"], filled(11))
	if n := told(j.afresh(t, master)); n != personal+1 {
		t.Errorf("%d facts are read after it went on, want %d", n, personal+1)
	}
	if err := j.keys.Erase("anna"); err != nil {
		t.Fatal(err)
	}
	if n := told(j); n != 2 {
		t.Errorf("%d facts are read after anna was erased, want boris' 2", n)
	}
}

// old brings in a line of a journal as it was.
func (j *Journal) old(t *testing.T, d *datadriven.TestData, version map[string]uint64) {
	t.Helper()
	b, err := hex.DecodeString(strings.TrimSpace(d.Expected))
	if err != nil {
		t.Fatal(err)
	}
	of := d.CmdArgs[0].Key
	if d.Cmd != "event" {
		if err := j.engine.Put([]store.Row{{Table: d.Cmd, Key: of, Value: b}}, true); err != nil {
			t.Fatal(err)
		}
		return
	}
	got := make(chan error, 1)
	j.engine.Submit(&store.Append{Stream: of, Expect: version[of], Epoch: j.epochs[store.ShardOf(of)], Events: [][]byte{b}},
		func(_ store.Receipt, err error) { got <- err })
	if err := <-got; err != nil {
		t.Fatal(err)
	}
	version[of]++
}

// proves G44: who takes a conversation for new that is not is refused, and the
// key that it would have begun with is forgotten: what was said before and what is
// said after stays readable. The failed append's key must not stay.
func TestG44_TakenForNew(t *testing.T) {
	const stream = "conversation/anna.1"
	master := keys.NewMaster()
	j := openWith(t, master)
	j.add(t, "customer/anna", 0, filled(110))
	j.add(t, stream, 0, filled(10), filled(11))
	j = j.afresh(t, master)
	refused := make(chan error, 1)
	j.Append(Append{Stream: stream, Events: []event.Event{filled(11)}}, func(_ store.Receipt, err error) { refused <- err })
	if err := <-refused; !errors.Is(err, store.ErrConflict) {
		t.Fatalf("an append to a stream of two events as if it were new: %v, want a conflict", err)
	}
	j.add(t, stream, 2, filled(11))
	for i, e := range j.afresh(t, master).all(t, stream) {
		if i > 0 && !says(e) {
			t.Errorf("event %d tells nothing any more: %v", i+1, e)
		}
	}
}
