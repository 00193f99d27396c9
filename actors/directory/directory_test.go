package directory_test

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"
	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/proto"

	"crafttalkd/actors/actortest"
	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/actors/shell"
)

var machine = shell.Machine[directory.State, directory.Command]{
	Decide:   directory.Decide,
	Apply:    directory.Apply,
	Deadline: directory.Deadline,
	Wake:     directory.Wake{},
}

// proves US-02, US-04, US-06, US-07, US-08, TM-07, TM-08, OP-10, CT-01, BT-01, BT-02, BT-07
func TestScripts(t *testing.T) {
	actortest.Run(t, "../../testdata/directory", machine, parse)
}

func parse(t *testing.T, d *datadriven.TestData) directory.Command {
	arg := func(key string) (s string) {
		d.MaybeScanArgs(t, key, &s)
		return s
	}
	switch d.Cmd {
	case "put":
		c := directory.Put{By: arg("by"), Any: d.HasArg("any"), Entry: entry(t, d.CmdArgs[0].Key, d.Input)}
		d.MaybeScanArgs(t, "rev", &c.Revision)
		return c
	case "invite":
		return directory.Invite{By: arg("by"), User: arg("user"), Reset: d.HasArg("reset"), Until: actortest.Epoch.Add(time.Hour)}
	case "many":
		return directory.PutUsers{By: arg("by"), Users: many(t, d.Input)}
	case "move":
		c := directory.MoveTopic{By: arg("by"), Topic: arg("topic"), Parent: arg("under"), Before: arg("before")}
		d.MaybeScanArgs(t, "rev", &c.Revision)
		return c
	case "remove":
		return directory.Remove{By: arg("by"), Kind: d.CmdArgs[0].Key, ID: d.CmdArgs[1].Key}
	case "password":
		return directory.SetPassword{By: arg("by"), User: arg("user"), Hash: arg("hash")}
	case "factor":
		return directory.PutFactor{By: arg("by"), User: arg("user"), Factor: &event.Factor{FactorId: arg("id"), Kind: arg("kind"), Name: arg("name"), Secrets: []byte(arg("secrets"))}}
	case "remove-factor":
		return directory.RemoveFactor{By: arg("by"), User: arg("user"), ID: arg("id")}
	case "recovery":
		return directory.SetRecoveryCodes{By: arg("by"), User: arg("user"), Hashes: strings.Fields(d.Input)}
	case "link":
		return directory.Link{By: arg("by"), User: arg("user"), Identity: &event.Identity{Issuer: arg("issuer"), Subject: arg("subject")}}
	case "unlink":
		return directory.Unlink{By: arg("by"), User: arg("user"), Issuer: arg("issuer"), Subject: arg("subject")}
	}
	t.Fatalf("unknown command %s", d.Cmd)
	return nil
}

// many reads users, each in a line of its own behind the revision it was made from.
func many(t *testing.T, text string) (out []directory.PutUser) {
	t.Helper()
	for line := range strings.Lines(text) {
		revision, user, _ := strings.Cut(line, " ")
		n, err := strconv.ParseUint(revision, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, directory.PutUser{Revision: n, User: entry(t, "User", user).(*event.User)})
	}
	return out
}

// entry reads a message of the directory in protobuf's text form.
func entry(t *testing.T, kind, text string) event.Event {
	t.Helper()
	m := map[string]event.Event{
		"User": &event.User{}, "Center": &event.Center{}, "Line": &event.Line{},
		"Language": &event.Language{}, "Skill": &event.Skill{}, "Topic": &event.Topic{},
		"Position": &event.Position{}, "Account": &event.Account{}, "Settings": &event.Settings{},
		"Template": &event.Template{}, "Phrase": &event.Phrase{},
		"Agent": &event.Agent{}, "Calendar": &event.Calendar{}, "DictionaryWord": &event.DictionaryWord{},
		"Key": &event.ApiKey{}, "Webhook": &event.Webhook{}, "Provider": &event.Provider{},
	}[kind]
	if m == nil {
		t.Fatalf("unknown kind %s", kind)
	}
	if err := prototext.Unmarshal([]byte(text), m); err != nil {
		t.Fatal(err)
	}
	return m
}

// build applies puts to an empty directory.
func build(t *testing.T, puts ...event.Event) directory.State {
	t.Helper()
	var s directory.State
	for _, v := range puts {
		s = do(t, s, directory.Put{By: "setup", Entry: v, Any: true})
	}
	return s
}

func do(t *testing.T, s directory.State, c directory.Command) directory.State {
	t.Helper()
	events, err := directory.Decide(s, c, actortest.Epoch)
	if err != nil {
		t.Fatalf("%v: %v", c, err)
	}
	for _, e := range events {
		s = directory.Apply(s, e)
	}
	return s
}

func organisation(t *testing.T) directory.State {
	return build(t,
		&event.Center{CenterId: "north"}, &event.Center{CenterId: "south"},
		&event.Line{LineId: "sales", CenterId: "north"},
		&event.Line{LineId: "billing", CenterId: "north"},
		&event.Line{LineId: "repairs", CenterId: "south"},
		&event.Language{Language: "ru"}, &event.Skill{Skill: "refunds"},
		&event.Position{PositionId: "agent", LineIds: []string{"sales"}},
		&event.Topic{TopicId: "money"},
		&event.Template{TemplateId: "hello", Title: "Hello", Text: "Hello!"},
		&event.Phrase{PhraseId: "moment", Text: "One moment, please."},
		&event.Account{AccountId: "tg", Kind: "telegram", CenterId: "north"},
		&event.Calendar{CalendarId: "office"},
		&event.DictionaryWord{Word: "Кэшбэк", CenterId: "north"}, &event.DictionaryWord{Word: "Ozon"},
		&event.Agent{AgentId: "bot", Kind: directory.Bot},
		&event.ApiKey{KeyId: "crm"}, &event.Webhook{WebhookId: "crm", Url: "https://crm.example"},
		&event.Settings{CenterId: "north"},
		&event.User{UserId: "anna", Login: "Anna", Roles: []string{directory.ModifyUsers}},
		&event.User{UserId: "oleg", Login: "oleg", LineIds: []string{"sales"}, CenterIds: []string{"north"}},
	)
}

// A state handed out is never changed by what happens later. Proves US-08.
func TestUS08_AppliedStateIsImmutable(t *testing.T) {
	s := organisation(t)
	s = do(t, s, directory.SetPassword{By: "anna", User: "oleg", Hash: "h1"})
	s = do(t, s, directory.PutFactor{By: "oleg", User: "oleg", Factor: &event.Factor{FactorId: "phone", Kind: directory.TOTP, Secrets: []byte("old")}})
	s = do(t, s, directory.Link{By: "oleg", User: "oleg", Identity: &event.Identity{Issuer: "https://id.example", Subject: "248"}})
	before, err := shell.Encode(1, s)
	if err != nil {
		t.Fatal(err)
	}
	later := s
	for _, c := range []directory.Command{
		directory.SetPassword{By: "anna", User: "oleg", Hash: "h2"},
		directory.Put{By: "anna", Any: true, Entry: &event.Center{CenterId: "north", Name: "N"}},
		directory.Put{By: "anna", Any: true, Entry: &event.Line{LineId: "sales", CenterId: "north", Name: "N"}},
		directory.Put{By: "anna", Any: true, Entry: &event.Language{Language: "ru", Name: "N"}},
		directory.Put{By: "anna", Any: true, Entry: &event.Skill{Skill: "refunds", Name: "N"}},
		directory.Put{By: "anna", Any: true, Entry: &event.Topic{TopicId: "money", Name: "N"}},
		directory.Put{By: "anna", Any: true, Entry: &event.Position{PositionId: "agent", Name: "N"}},
		directory.Put{By: "anna", Any: true, Entry: &event.Account{AccountId: "tg", Kind: "viber", CenterId: "north"}},
		directory.Put{By: "anna", Any: true, Entry: &event.Template{TemplateId: "hello", Title: "Hello", Text: "Good day!"}},
		directory.Put{By: "anna", Any: true, Entry: &event.Phrase{PhraseId: "moment", Text: "Wait."}},
		directory.Put{By: "anna", Any: true, Entry: &event.Agent{AgentId: "bot", Kind: directory.Bot, Name: "N"}},
		directory.Put{By: "anna", Any: true, Entry: &event.Calendar{CalendarId: "office", Name: "N"}},
		directory.Put{By: "anna", Any: true, Entry: &event.Settings{CenterId: "north", Affinity: proto.Bool(false)}},
		directory.Put{By: "anna", Any: true, Entry: &event.User{UserId: "oleg", Login: "oleg2"}},
		directory.Put{By: "anna", Any: true, Entry: &event.ApiKey{KeyId: "crm", Name: "N"}},
		directory.Put{By: "anna", Any: true, Entry: &event.Provider{ProviderId: "id", Name: "N", Issuer: "https://id.example", ClientId: "c"}},
		directory.PutFactor{By: "oleg", User: "oleg", Factor: &event.Factor{FactorId: "phone", Kind: directory.TOTP, Secrets: []byte("new")}},
		directory.RemoveFactor{By: "oleg", User: "oleg", ID: "phone"},
		directory.Link{By: "oleg", User: "oleg", Identity: &event.Identity{Issuer: "https://id.example", Subject: "249"}},
		directory.Unlink{By: "oleg", User: "oleg", Issuer: "https://id.example", Subject: "248"},
		directory.Put{By: "anna", Any: true, Entry: &event.Webhook{WebhookId: "crm", Url: "https://crm.example", Name: "N"}},
		directory.Remove{By: "anna", Kind: "Key", ID: "crm"},
		directory.Remove{By: "anna", Kind: "Webhook", ID: "crm"},
		directory.Remove{By: "anna", Kind: "Template", ID: "hello"},
		directory.Remove{By: "anna", Kind: "Phrase", ID: "moment"},
		directory.Remove{By: "anna", Kind: "Agent", ID: "bot"},
		directory.Remove{By: "anna", Kind: "Calendar", ID: "office"},
		directory.Put{By: "anna", Any: true, Entry: &event.DictionaryWord{Word: "кэшбэк", CenterId: "north"}},
		directory.Remove{By: "anna", Kind: "DictionaryWord", ID: "/ozon"},
		directory.Remove{By: "anna", Kind: "User", ID: "oleg"},
		directory.Remove{By: "anna", Kind: "Account", ID: "tg"},
		directory.Remove{By: "anna", Kind: "Line", ID: "sales"},
		directory.Remove{By: "anna", Kind: "Line", ID: "billing"},
		directory.Remove{By: "anna", Kind: "Center", ID: "north"},
		directory.Remove{By: "anna", Kind: "Language", ID: "ru"},
		directory.Remove{By: "anna", Kind: "Skill", ID: "refunds"},
		directory.Remove{By: "anna", Kind: "Position", ID: "agent"},
	} {
		was := later
		if later = do(t, later, c); later.Version != was.Version+1 {
			t.Errorf("%v changed nothing", c)
		}
	}
	after, err := shell.Encode(1, s)
	if err != nil {
		t.Fatal(err)
	}
	if string(after) != string(before) {
		t.Errorf("the state became\n%s\nand was\n%s", after, before)
	}
}

// What the caller does to a message after the command leaves the state alone.
func TestUS08_StateDoesNotShareTheCallersMessage(t *testing.T) {
	u := &event.User{UserId: "oleg", Login: "oleg"}
	s := build(t, u)
	u.Login = "mallory"
	if got := s.User("oleg").Login; got != "oleg" {
		t.Errorf("login = %s, want oleg", got)
	}
}

// proves US-08: an entry tells who changed it, when, and at which version.
func TestUS08_EntryTellsItsAuthor(t *testing.T) {
	s := build(t, &event.Center{CenterId: "north"}, &event.Skill{Skill: "refunds"})
	got := s.Skills["refunds"]
	if got.Revision != 2 || got.By != "setup" || !got.At.Equal(actortest.Epoch) {
		t.Errorf("entry = %+v, want revision 2 by setup at %v", got, actortest.Epoch)
	}
}

// proves US-04: every permission of the manual is there, and no other is taken.
func TestUS04_AllRolesAndNoOther(t *testing.T) {
	const manual = `admin change_password login modify_users view_client view_kb view_users view_stat
		view_clients view_doc_exchange modify_clients modify_ext_id view_dialogs_search view_helpdesk
		modify_configuration modify_knowledgebase view_monitoring view_deeplinking view_reroute_btn
		send_files send_pics modify_user_dissatisfaction`
	if got, want := directory.Roles[:], strings.Fields(manual); !reflect.DeepEqual(got, want) {
		t.Errorf("Roles = %v, want %v", got, want)
	}
	build(t, &event.User{UserId: "anna", Login: "anna", Roles: directory.Roles[:]})
	_, err := directory.Decide(directory.State{}, directory.Put{By: "setup", Entry: &event.User{UserId: "x", Login: "x", Roles: []string{"root"}}}, actortest.Epoch)
	if refusal.KindOf(err) != refusal.Invalid {
		t.Errorf("role root: %v, want a refusal", err)
	}
}

// proves US-04: who was put before the permission to sign in counted has it, as
// has who takes over a position of then; what is put now says so itself. The
// facts stay as they are.
func TestUS04_WhoSignedInBeforeStillDoes(t *testing.T) {
	old, own := &event.User{UserId: "anna", Login: "anna", Roles: []string{directory.ViewKB}}, &event.Position{PositionId: "agent", Roles: []string{directory.ViewKB}}
	s := directory.Apply(directory.State{}, &event.UserPut{User: old})
	s = directory.Apply(s, &event.PositionPut{Position: own})
	if !directory.MaySignIn(s.User("anna")) || !slices.Contains(s.Positions["agent"].Value.Roles, directory.Login) {
		t.Errorf("%v and %v", s.User("anna"), s.Positions["agent"].Value)
	}
	if len(old.Roles) != 1 || len(own.Roles) != 1 {
		t.Errorf("the facts have become %v and %v", old, own)
	}
	for _, entry := range []event.Event{proto.CloneOf(old), proto.CloneOf(own)} {
		facts, err := directory.Decide(s, directory.Put{By: "boss", Any: true, Entry: entry}, actortest.Epoch)
		if err != nil || len(facts) != 1 {
			t.Fatalf("taking the permission away: %v, %v", facts, err)
		}
		s = directory.Apply(s, facts[0])
	}
	if directory.MaySignIn(s.User("anna")) || slices.Contains(s.Positions["agent"].Value.Roles, directory.Login) {
		t.Errorf("it can't be taken away: %v and %v", s.User("anna"), s.Positions["agent"].Value)
	}
}

func TestLookups(t *testing.T) {
	s := organisation(t)
	if u := s.UserByLogin("ANNA"); u == nil || u.UserId != "anna" {
		t.Errorf("UserByLogin(ANNA) = %v, want anna", u)
	}
	if u := s.UserByLogin("nobody"); u != nil {
		t.Errorf("UserByLogin(nobody) = %v, want nil", u)
	}
	if s.User("x") != nil || s.Line("x") != nil || s.Account("x") != nil {
		t.Error("what is not there was found")
	}
	if s.User("oleg") == nil || s.Line("sales") == nil || s.Account("tg") == nil {
		t.Error("what is there was not found")
	}
	var lines, operators []string
	for _, l := range s.LinesOf("north") {
		lines = append(lines, l.LineId)
	}
	for _, u := range s.Operators() {
		operators = append(operators, u.UserId)
	}
	if got, want := fmt.Sprint(lines, operators), "[billing sales] [oleg]"; got != want {
		t.Errorf("lines and operators = %s, want %s", got, want)
	}
}

// proves US-05: alerts are the organisation's, unless a center has its own.
func TestUS05_AlertsAreTakenWhole(t *testing.T) {
	for _, tt := range []struct {
		given []string
		want  int32
	}{
		{nil, 0},
		{[]string{`alerts:{queue_over:5}`}, 5},
		{[]string{`alerts:{queue_over:5}`, `center_id:"north" alerts:{webhook:"https://north.example"}`}, 0},
	} {
		s := build(t, &event.Center{CenterId: "north"})
		for _, text := range tt.given {
			s = do(t, s, directory.Put{By: "anna", Entry: entry(t, "Settings", text)})
		}
		if got := s.SettingsFor("north").Alerts.GetQueueOver(); got != tt.want {
			t.Errorf("%d may wait, want %d", got, tt.want)
		}
	}
}

// proves US-05: a center's settings over the organisation's over the built-in.
func TestUS05_SettingsFallBackFieldByField(t *testing.T) {
	settings := func(texts ...string) directory.State {
		s := build(t, &event.Center{CenterId: "north"}, &event.Agent{AgentId: "bot", Kind: directory.Bot})
		for _, text := range texts {
			s = do(t, s, directory.Put{By: "anna", Entry: entry(t, "Settings", text)})
		}
		return s
	}
	tests := []struct {
		name  string
		given directory.State
		got   func(*event.Settings) any
		want  any
	}{
		{"response timeout", settings(), func(s *event.Settings) any { return s.Policy.ResponseTimeout.AsDuration() }, 5 * time.Minute},
		{"reminder", settings(), func(s *event.Settings) any { return s.Policy.Silence.RemindAfter.AsDuration() }, 10 * time.Minute},
		{"closing", settings(), func(s *event.Settings) any { return s.Policy.Silence.CloseAfter.AsDuration() }, 30 * time.Minute},
		{"reminder is Russian", settings(), func(s *event.Settings) any { return strings.Contains(s.Policy.Silence.RemindText, "вопрос") }, true},
		{"closing is Russian", settings(), func(s *event.Settings) any { return strings.Contains(s.Policy.Silence.CloseText, "обращение") }, true},
		{"no detaching", settings(), func(s *event.Settings) any { return s.Policy.Silence.DetachAfter == nil }, true},
		{"no hold", settings(), func(s *event.Settings) any { return s.Policy.Hold == nil }, true},
		{"no join text", settings(), func(s *event.Settings) any { return s.Policy.JoinText }, ""},
		{"affinity", settings(), func(s *event.Settings) any { return *s.Affinity }, true},
		{"priority", settings(), func(s *event.Settings) any { return s.PriorityWorth.AsDuration() }, 10 * time.Minute},
		{"grace", settings(), func(s *event.Settings) any { return s.ConnectionGrace.AsDuration() }, time.Minute},
		{"its own name", settings(), func(s *event.Settings) any { return s.CenterId }, "north"},
		{"the organisation's", settings(`affinity:false`), func(s *event.Settings) any { return *s.Affinity }, false},
		{"the center's over it", settings(`affinity:false`, `center_id:"north" affinity:true`), func(s *event.Settings) any { return *s.Affinity }, true},
		{"another field beside it", settings(`connection_grace:{seconds:5} policy:{join_text:"Hello"}`, `center_id:"north" affinity:false policy:{agents:"bot"}`),
			func(s *event.Settings) any {
				return fmt.Sprint(*s.Affinity, s.ConnectionGrace.AsDuration(), s.Policy.JoinText, s.Policy.Agents)
			}, "false 5sHello[bot]"},
		{"silence is taken whole", settings(`center_id:"north" policy:{silence:{close_after:{seconds:60}}}`),
			func(s *event.Settings) any {
				return fmt.Sprint(s.Policy.Silence.RemindAfter == nil, s.Policy.Silence.CloseText == "", s.Policy.Silence.CloseAfter.AsDuration())
			}, "true true 1m0s"},
		{"zero is never", settings(`policy:{response_timeout:{} silence:{remind_after:{} detach_after:{} close_after:{}} hold:{operator_timeout:{} customer_timeout:{}}}`),
			func(s *event.Settings) any {
				p := s.Policy
				return p.ResponseTimeout == nil && p.Silence.RemindAfter == nil && p.Silence.DetachAfter == nil && p.Silence.CloseAfter == nil &&
					p.Hold.OperatorTimeout == nil && p.Hold.CustomerTimeout == nil
			}, true},
		{"timer", settings(), func(s *event.Settings) any {
			return fmt.Sprint(s.Timer.Count, s.Timer.Minutes, len(s.Timer.Marks))
		}, "down3 2"},
		{"the timer is taken whole", settings(`timer:{count:"down" minutes:5 marks:{seconds:9 tone:"danger"}}`, `center_id:"north" timer:{count:"up"}`),
			func(s *event.Settings) any { return fmt.Sprint(s.Timer.Count, s.Timer.Minutes, len(s.Timer.Marks)) }, "up0 0"},
		{"form", settings(), func(s *event.Settings) any { return s.Form.Fields[1].Label }, "Имя"},
		{"a form without fields", settings(`center_id:"north" form:{}`), func(s *event.Settings) any { return len(s.Form.Fields) }, 0},
		{"no tabs", settings(), func(s *event.Settings) any { return len(s.Integration.Tabs) }, 0},
		{"the organisation's tabs, but not here", settings(`integration:{tabs:{tab_id:"crm" url:"https://crm.example"}}`, `center_id:"north" integration:{}`),
			func(s *event.Settings) any { return len(s.Integration.Tabs) }, 0},
		{"the workplace", settings(), func(s *event.Settings) any {
			return fmt.Sprint(*s.AutoCapital, *s.NotifyAssign, *s.AskDissatisfied)
		}, "false true true"},
		{"spelling", settings(), func(s *event.Settings) any { return fmt.Sprint(*s.SpellCheck, *s.ForbidErrors) }, "true false"},
		{"spelling otherwise", settings(`spell_check:false`, `center_id:"north" forbid_errors:true`),
			func(s *event.Settings) any { return fmt.Sprint(*s.SpellCheck, *s.ForbidErrors) }, "false true"},
		{"the workplace otherwise", settings(`auto_capital:true notify_assign:false`, `center_id:"north" ask_dissatisfied:false`), func(s *event.Settings) any {
			return fmt.Sprint(*s.AutoCapital, *s.NotifyAssign, *s.AskDissatisfied)
		}, "true false false"},
		{"the bot learns at night", settings(`train_at:"04:30"`), func(s *event.Settings) any { return s.GetTrainAt() }, "04:30"},
		{"at three, if nobody says", settings(), func(s *event.Settings) any { return s.GetTrainAt() }, "03:00"},
		{"other centers' are not ours", settings(`center_id:"north" affinity:false`), func(*event.Settings) any { return nil }, nil},
	}
	for _, tt := range tests {
		if got := tt.got(tt.given.SettingsFor("north")); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
	s := settings(`center_id:"north" affinity:false policy:{silence:{remind_text:"Hey"}}`)
	if !*s.SettingsFor("south").Affinity {
		t.Error("a center has another's settings")
	}
	s.SettingsFor("north").Policy.Silence.RemindText = "changed"
	if got := s.SettingsFor("north").Policy.Silence.RemindText; got != "Hey" {
		t.Errorf("the state gave away its own message: %q", got)
	}
}
