package customer_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"
	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/actortest"
	"crafttalkd/actors/customer"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/actors/shell"
)

var machine = shell.Machine[customer.State, customer.Command]{
	Decide:   customer.Decide,
	Apply:    customer.Apply,
	Deadline: customer.Deadline,
	Wake:     customer.Wake{},
	Version:  customer.Version,
}

// proves CV-02, CV-03, CV-04, CV-08, CT-03 to CT-08, RT-03
func TestScripts(t *testing.T) {
	actortest.Run(t, "../../testdata/customer", machine, parse)
}

// parse reads a command. The customer is anna, and what a script does not say
// of an address is that it leads to her.
func parse(t *testing.T, d *datadriven.TestData) customer.Command {
	arg := func(key string) (s string) {
		d.MaybeScanArgs(t, key, &s)
		return s
	}
	or := func(s, usual string) string {
		if s == "" {
			return usual
		}
		return s
	}
	id := or(arg("id"), "anna")
	switch d.Cmd {
	case "receive":
		return customer.Receive{ID: id, Home: or(arg("home"), id), Address: address(or(arg("from"), "tg:1")),
			Fields: fields(d.Input), Closed: arg("closed"), Ask: arg("ask"), Proven: proven(arg("proven")),
			Message: &event.MessageReceived{MessageId: "m", Automatic: d.HasArg("automatic")}}
	case "greet":
		return customer.Greet{ID: id, Home: or(arg("home"), id), Address: address(or(arg("from"), "tg:1")), Fields: fields(d.Input)}
	case "introduce":
		return customer.Introduce{Address: address(or(arg("at"), "tg:1")), Fields: fields(d.Input), Avatar: arg("avatar")}
	case "block", "unblock":
		return customer.Block{ID: id, Home: or(arg("home"), id), Address: address(or(arg("from"), "tg:1")), Blocked: d.Cmd == "block", Reason: arg("reason")}
	case "start":
		return customer.Start{ID: id, By: arg("by"), Conversation: arg("conversation"), Address: address(or(arg("to"), "tg:1")), Closed: arg("closed")}
	case "left":
		return customer.Left{Conversation: arg("conversation")}
	case "served":
		return customer.Served{Operator: arg("operator"), Conversation: arg("conversation")}
	case "profile":
		c := customer.ChangeProfile{ID: id, By: arg("by"), Fields: fields(d.Input)}
		d.MaybeScanArgs(t, "rev", &c.Revision)
		return c
	case "test":
		return customer.SetTest{By: arg("by"), Test: arg("is") == "true"}
	case "begin-erasure":
		return customer.BeginErasure{By: arg("by"), Found: &event.Erasure{CustomerIds: []string{"anna"}, Facts: 3}}
	case "end-erasure":
		return customer.EndErasure{}
	case "claim":
		return customer.Claim{To: arg("to"), From: arg("from"), Home: arg("home"), Address: address(arg("address"))}
	case "merge":
		return customer.Merge{ID: id, From: arg("from"), By: arg("by")}
	case "merge-into":
		return customer.MergeInto{ID: id, Into: arg("into"), By: arg("by")}
	case "absorb":
		m := &event.CustomerMerged{}
		if err := prototext.Unmarshal([]byte(d.Input), m); err != nil {
			t.Fatal(err)
		}
		m.At, m.Into = timestamppb.New(actortest.Epoch), or(m.Into, id)
		return customer.Absorb{ID: id, Merged: m}
	}
	return parseAddress(t, d, arg)
}

// proven reads a phone number.
func proven(phone string) map[string]string {
	if phone == "" {
		return nil
	}
	return map[string]string{"phone": phone}
}

func parseAddress(t *testing.T, d *datadriven.TestData, arg func(string) string) customer.Command {
	switch d.Cmd {
	case "add":
		return customer.AddAddress{ID: "anna", By: arg("by"), Home: arg("home"), Address: address(arg("address"))}
	case "edit":
		return customer.EditAddress{ID: "anna", By: arg("by"), HomeBefore: arg("home-before"), Home: arg("home"),
			Before: address(arg("before")), After: address(arg("after"))}
	case "remove":
		return customer.RemoveAddress{ID: "anna", By: arg("by"), Home: arg("home"), Address: address(arg("address"))}
	case "link":
		d, err := time.ParseDuration(arg("for"))
		if err != nil {
			t.Fatal(err)
		}
		return customer.MakeLink{ID: "anna", By: arg("by"), TokenHash: arg("hash"), Account: arg("account"), Until: actortest.Epoch.Add(d)}
	case "follow":
		return customer.FollowLink{ID: "anna", TokenHash: arg("hash"), Home: arg("home"), Address: address(arg("address"))}
	}
	t.Fatalf("unknown command %s", d.Cmd)
	return nil
}

// address reads "account:address", a third part says how it was verified.
func address(s string) *event.Address {
	if s == "" {
		return nil
	}
	part := append(strings.Split(s, ":"), "", "")
	return &event.Address{AccountId: part[0], Address: part[1], Verified: part[2]}
}

func fields(text string) map[string]string {
	out := map[string]string{}
	for line := range strings.Lines(text) {
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
		out[name] = value
	}
	return out
}

// after returns the state that commands lead to.
func after(t *testing.T, s customer.State, commands ...customer.Command) customer.State {
	t.Helper()
	for _, c := range commands {
		events, err := customer.Decide(s, c, actortest.Epoch)
		if err != nil {
			t.Fatalf("%#v: %v", c, err)
		}
		for _, e := range events {
			s = customer.Apply(s, e)
		}
	}
	return s
}

func known(t *testing.T) customer.State {
	return after(t, customer.State{}, customer.Receive{ID: "anna", Home: "anna", Address: address("tg:1"),
		Fields: map[string]string{"fname": "Anna", "lname": "Ivanova"}})
}

// proves RT-03: who served before is preferred, most recent first.
func TestRT03_PreferredMostRecentFirst(t *testing.T) {
	s := known(t)
	for _, op := range strings.Fields("a b c d e f g b") {
		s = after(t, s, customer.Served{Operator: op, Conversation: "anna.1"})
	}
	if got, want := fmt.Sprint(customer.Preferred(s)), "[b g f e d]"; got != want {
		t.Errorf("Preferred = %s, want %s", got, want)
	}
}

// A new conversation opens with what the customer's machine knows. Proves CT-08.
func TestCT08_OnwardTellsTheConversationWhoItIsWith(t *testing.T) {
	s := after(t, known(t), customer.SetTest{Test: true, By: "oleg"}, customer.Served{Operator: "oleg", Conversation: "anna.1"})
	given := &event.ConversationOpened{CenterId: "north"}
	c := customer.Receive{ID: "anna", Home: "anna", Address: &event.Address{AccountId: "tg", Address: "1", Kind: "telegram"}, Opening: given}
	conversation, got := customer.Onward(s, c)
	want := `ConversationOpened conversation_id:anna.1 customer_id:anna account_id:tg address:1 center_id:north ` +
		`preferred:[oleg] test:true kind:telegram customer_name:"Anna Ivanova"`
	if conversation != "anna.1" || actortest.Format(got) != want {
		t.Errorf("Onward = %s, %s\nwant anna.1, %s", conversation, actortest.Format(got), want)
	}
	if given.CustomerId != "" {
		t.Error("the caller's opening was changed")
	}
	if conversation, _ := customer.Onward(after(t, s, customer.Left{Conversation: "anna.1"}), c); conversation != "" {
		t.Errorf("Onward of a customer without an open conversation = %s", conversation)
	}
}

// Whatever still arrives at a customer that moved or merged is decided elsewhere.
func TestCT07_ElsewhereSendsOn(t *testing.T) {
	away := after(t, customer.State{}, customer.Claim{To: "boris"})
	gone := after(t, known(t), customer.MergeInto{ID: "anna", Into: "clara"})
	full := after(t, known(t), customer.Absorb{ID: "anna", Merged: &event.CustomerMerged{CustomerId: "dora", Into: "anna"}}, customer.MergeInto{ID: "anna", Into: "clara"})
	both := after(t, known(t), customer.RemoveAddress{ID: "anna", Address: address("tg:1"), Home: "anna"},
		customer.Claim{To: "boris"}, customer.MergeInto{ID: "anna", Into: "clara"})
	own, foreign := customer.Receive{ID: "anna", Home: "anna"}, customer.Receive{ID: "anna", Home: "dora"}
	tests := []struct {
		name  string
		state customer.State
		cmd   customer.Command
		want  string
	}{
		{"nobody", customer.State{}, own, ""},
		{"moved", away, own, "boris"},
		{"another's address at a moved one", away, foreign, ""},
		{"merged", gone, own, "clara"},
		{"another's address at a merged one", gone, foreign, "clara"},
		{"moved and merged", both, own, "boris"},
		{"another's address at both", both, foreign, "clara"},
		{"closed", gone, customer.Left{Conversation: "anna.1"}, "clara"},
		{"served", gone, customer.Served{Operator: "oleg"}, "clara"},
		{"link", gone, customer.FollowLink{}, "clara"},
		{"another comes in", gone, customer.Absorb{}, "clara"},
		{"asked by a third", gone, customer.MergeInto{Into: "dora"}, "clara"},
		{"asked again by the same", gone, customer.MergeInto{Into: "clara"}, ""},
		{"asked by one that came in", full, customer.MergeInto{Into: "dora"}, ""},
		{"change", gone, customer.ChangeProfile{}, ""},
	}
	for _, tt := range tests {
		got, ok := customer.Elsewhere(tt.state, tt.cmd)
		if got != tt.want || ok != (tt.want != "") {
			t.Errorf("%s: Elsewhere = %q, %v, want %q", tt.name, got, ok, tt.want)
		}
		if at, ok := customer.Readdress(customer.State{}, tt.cmd, "x").(customer.Receive); ok && at.ID != "x" {
			t.Errorf("%s: Readdress left %q", tt.name, at.ID)
		}
	}
}

// proves CT-07: who is part of another customer is changed there.
func TestCT07_MergedRefusesChanges(t *testing.T) {
	s := after(t, known(t), customer.MergeInto{ID: "anna", Into: "clara"})
	for _, c := range []customer.Command{
		customer.ChangeProfile{Fields: map[string]string{"fname": "A"}},
		customer.SetTest{Test: true},
		customer.AddAddress{Address: address("tg:2")},
		customer.EditAddress{Before: address("tg:1"), After: address("tg:2")},
		customer.RemoveAddress{Address: address("tg:1")},
		customer.MakeLink{TokenHash: "h", Account: "tg", Until: actortest.Epoch.Add(time.Hour)},
		customer.Merge{From: "dora"},
	} {
		events, err := customer.Decide(s, c, actortest.Epoch)
		if refusal.KindOf(err) != refusal.Conflict || !strings.Contains(err.Error(), "clara") || events != nil {
			t.Errorf("%T: %v, %v, want a conflict that names clara", c, events, err)
		}
		if _, err := customer.Decide(customer.State{}, c, actortest.Epoch); refusal.KindOf(err) != refusal.NotFound {
			t.Errorf("%T of nobody: %v, want not found", c, err)
		}
	}
}

// A snapshot holds all that matters: what was read back decides the same.
func TestStateSurvivesASnapshot(t *testing.T) {
	s := after(t, known(t),
		customer.AddAddress{By: "oleg", Home: "boris", Address: address("mail:b")},
		customer.MakeLink{By: "oleg", TokenHash: "h", Account: "tg", Until: actortest.Epoch.Add(time.Hour)},
		customer.Merge{From: "dora", By: "oleg"})
	b, err := shell.Encode(customer.Version, s)
	if err != nil {
		t.Fatal(err)
	}
	back, ok, err := shell.Decode[customer.State](customer.Version, b)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	again, err := shell.Encode(customer.Version, back)
	if err != nil || string(again) != string(b) {
		t.Errorf("read back:\n%s\nwritten:\n%s\n%v", again, b, err)
	}
	e, err := customer.Decide(back, customer.FollowLink{ID: "anna", TokenHash: "h", Home: "eva", Address: address("tg:5")}, actortest.Epoch)
	if err != nil || len(e) != 2 {
		t.Errorf("follow after a snapshot: %v, %v", e, err)
	}
}

// TestMessageDoesNotGoRoundForEver: should customers ever point at each other in
// a circle, a message that goes round ends with a fault, and is set aside.
func TestMessageDoesNotGoRoundForEver(t *testing.T) {
	s := customer.State{ID: "a", Into: "b"}
	c := customer.Receive{ID: "a", Home: "a", Address: &event.Address{Address: "a"}}
	for range 100 {
		if _, err := customer.Decide(s, c, time.Unix(0, 0)); err != nil {
			return
		}
		c = customer.Readdress(s, c, "b").(customer.Receive)
	}
	t.Error("a message was sent on a hundred times")
}
