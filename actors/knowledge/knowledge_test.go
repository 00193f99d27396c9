package knowledge_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
	"google.golang.org/protobuf/encoding/prototext"

	"crafttalkd/actors/actortest"
	"crafttalkd/actors/event"
	"crafttalkd/actors/knowledge"
	"crafttalkd/actors/refusal"
	"crafttalkd/actors/shell"
)

var machine = shell.Machine[knowledge.State, knowledge.Command]{
	Decide:   knowledge.Decide,
	Apply:    knowledge.Apply,
	Deadline: knowledge.Deadline,
	Wake:     knowledge.Wake{},
}

// proves KB-03, KB-04, KB-05, KB-06, KB-08, KB-10, SL-01, SL-06: what an entry
// may say, and what is refused with the reason.
func TestScripts(t *testing.T) {
	actortest.Run(t, "../../testdata/knowledge", machine, parse)
}

func parse(t *testing.T, d *datadriven.TestData) knowledge.Command {
	arg := func(key string) (s string) {
		d.MaybeScanArgs(t, key, &s)
		return s
	}
	var revision, from uint64
	d.MaybeScanArgs(t, "rev", &revision)
	d.MaybeScanArgs(t, "from", &from)
	switch d.Cmd {
	case "put":
		return knowledge.Put{By: arg("by"), Any: d.HasArg("any"), Revision: revision, Entry: entry(t, d.CmdArgs[0].Key, d.Input)}
	case "remove":
		return knowledge.Remove{By: arg("by"), Kind: d.CmdArgs[0].Key, ID: d.CmdArgs[1].Key, Revision: revision}
	case "restore":
		return knowledge.Restore{By: arg("by"), From: from, Revision: revision, Entry: entry(t, d.CmdArgs[0].Key, d.Input)}
	case "import":
		c := knowledge.Import{By: arg("by")}
		for i, line := range strings.Split(d.Input, "\n") {
			kind, text, _ := strings.Cut(line, " ")
			c.Items = append(c.Items, knowledge.Item{Line: i + 1, Entry: entry(t, kind, text)})
		}
		return c
	}
	t.Fatalf("unknown command %s", d.Cmd)
	return nil
}

// entry reads an entry in protobuf's text form.
func entry(t *testing.T, kind, text string) event.Event {
	t.Helper()
	m := map[string]event.Event{"Article": &event.Article{}, "Slot": &event.Slot{}, "ArticleType": &event.ArticleType{}}[kind]
	if m == nil {
		t.Fatalf("unknown kind %q", kind)
	}
	if err := prototext.Unmarshal([]byte(text), m); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return m
}

func do(t *testing.T, s knowledge.State, c knowledge.Command) knowledge.State {
	t.Helper()
	events, err := knowledge.Decide(s, c, actortest.Epoch)
	if err != nil {
		t.Fatalf("%T: %v", c, err)
	}
	for _, e := range events {
		s = knowledge.Apply(s, e)
	}
	return s
}

// A snapshot that is written down is not changed by what happens meanwhile.
func TestCopyStays(t *testing.T) {
	s := do(t, knowledge.State{}, knowledge.Put{By: "anna", Entry: &event.Article{ArticleId: "a", Identifier: "a"}})
	s = do(t, s, knowledge.Put{By: "anna", Entry: &event.Slot{SlotId: "s", Identifier: "s"}})
	s = do(t, s, knowledge.Put{By: "anna", Entry: &event.ArticleType{TypeId: "t", Identifier: "t", Name: "T"}})
	kept := knowledge.Copy(s)
	before, err := shell.Encode(knowledge.Version, kept)
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range []string{"Article", "Slot", "ArticleType"} {
		s = do(t, s, knowledge.Remove{By: "anna", Kind: kind, ID: strings.ToLower(kind[:1])})
		s = do(t, s, knowledge.Remove{By: "anna", Kind: kind, ID: "t"})
	}
	after, err := shell.Encode(knowledge.Version, kept)
	if err != nil {
		t.Fatal(err)
	}
	if string(before) != string(after) {
		t.Errorf("the copy was\n%s\nand became\n%s", before, after)
	}
	if len(s.Articles) != 1 || len(s.Slots) != 0 || len(s.Types) != 0 {
		t.Errorf("%d articles, %d slots, %d types are left, want one that is gone", len(s.Articles), len(s.Slots), len(s.Types))
	}
}

// proves KB-03: every fault of an import is named by its line and its field,
// the first hundred of them in full, and nothing of it happens.
func TestKB03_ImportNamesEveryFault(t *testing.T) {
	s := do(t, knowledge.State{}, knowledge.Put{By: "anna", Entry: &event.Article{ArticleId: "old", Identifier: "hello"}})
	c := knowledge.Import{By: "anna"}
	for i := range 150 {
		c.Items = append(c.Items, knowledge.Item{Line: 2 + i, Entry: &event.Article{ArticleId: fmt.Sprint("a", i), Identifier: fmt.Sprint("with space ", i)}})
	}
	c.Items[1].Entry = &event.Article{ArticleId: "b", Identifier: "HELLO"}
	c.Items[2].Entry = &event.Article{ArticleId: "c", Identifier: "fine"}
	events, err := knowledge.Decide(s, c, actortest.Epoch)
	faults, ok := err.(*knowledge.Faults)
	if !ok || len(events) != 0 {
		t.Fatalf("%d events and %v, want faults alone", len(events), err)
	}
	if len(faults.List) != 100 || faults.More != 49 {
		t.Errorf("%d faults and %d more, want 100 and 49", len(faults.List), faults.More)
	}
	if got, want := faults.List[1], (knowledge.Fault{Line: 3, Field: "identifier", Text: `the identifier "HELLO" belongs to another article`}); got != want {
		t.Errorf("the second fault is %+v, want %+v", got, want)
	}
	if refusal.KindOf(err) != refusal.Invalid {
		t.Errorf("faults are %v, want invalid", refusal.KindOf(err))
	}
}
