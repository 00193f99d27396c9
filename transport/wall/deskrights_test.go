package wall_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/transport/live/livetest"
	"crafttalkd/transport/wall"
	"crafttalkd/transport/wire"
)

// everybody is an operator of the shop's line for each permission alone, and
// one with none; those after them have all: an operator, somebody who is none,
// and an administrator of everything.
func (x *tester) everybody(t *testing.T) (single []string) {
	t.Helper()
	put := func(id string, roles []string, centers, lines []string) {
		x.Put(&event.User{UserId: id, Login: id, CenterIds: centers, LineIds: lines, Capacity: 100, Roles: roles})
	}
	for _, role := range directory.Roles {
		put("only-"+role, []string{role}, []string{"shop"}, []string{"help"})
		single = append(single, "only-"+role)
	}
	put("none", nil, []string{"shop"}, []string{"help"})
	put("all", directory.Roles[:], []string{"shop"}, []string{"help"})
	put("clerkall", directory.Roles[:], []string{"shop"}, nil)
	put("everywhere", directory.Roles[:], nil, nil)
	return append(single, "none", "all")
}

// A deskRow is what becomes of a frame, of whom and about what.
type deskRow struct {
	name, role string
	roles      []string // with which alone it is done with one's own conversation
	own        string   // by who has all permissions
	others     []string // about others' conversations, by whoever gets furthest
}

// notOwn stands where a row is about what is others' alone.
const notOwn = "—"

// wrong says in what a row differs from what must be.
func (r deskRow) wrong() string {
	want := []string{r.role}
	if r.role == "" {
		want = append(directory.Roles[:len(directory.Roles):len(directory.Roles)], "")
	}
	switch {
	case r.own != done && r.own != notOwn:
		return "who has all permissions may not do it: " + r.own
	case !slices.Equal(r.roles, want):
		return fmt.Sprintf("it is done with %q, want %q", r.roles, want)
	case slices.ContainsFunc(r.others, func(what string) bool { return what != refused }):
		return fmt.Sprintf("it is done with what is others': %v", r.others)
	}
	return ""
}

func (r deskRow) String() string {
	roles := strings.Join(r.roles, ", ")
	if r.role == "" {
		roles = "любая, и ни одной"
	}
	return fmt.Sprintf("| `%s` | %s | %s | %s |\n", r.name, roles, r.own, strings.Join(r.others, " | "))
}

// proves US-04, G42: every frame that the desk takes is carried out for the
// operators whose permissions are enough, about the conversations that they keep;
// about any other conversation it is refused, and changes nothing, whoever asks.
func TestG42_RightsAtTheDesk(t *testing.T) {
	x := openTester(t, wall.None)
	single := x.everybody(t)
	olga, lena := x.sits(t, "olga"), x.sits(t, "lena")
	theirs := []target{x.given(t, "bot", "olga", olga), x.given(t, "safe", "lena", lena), {conv: "wombat.1", said: "m", sent: "r"}}
	x.idle(t)
	before := x.facts(theirs)
	rows := make([]deskRow, len(wishes()))
	for i, w := range wishes() {
		rows[i] = deskRow{name: w.name(), role: w.role, others: []string{refused, refused, refused, refused, refused}}
	}
	for _, user := range append(slices.Clone(single), "clerkall", "everywhere") {
		own, serves := target{}, slices.Contains(single, user)
		s := x.Operator(t, user, nil)
		if serves {
			s.Must(invisible())
		}
		for i, w := range wishes() {
			for n, about := range theirs {
				if got := x.tries(s, user, w.frame(about, x.next("f"))); got != refused {
					rows[i].others[n] = got + " (" + user + ")"
				}
			}
			if !serves {
				continue
			}
			if own.conv == "" || w.ends {
				own = x.given(t, "bot", user, s)
			}
			switch got := x.tries(s, user, w.frame(own, x.next("f"))); {
			case user == "all":
				rows[i].own = got
			case got == done:
				rows[i].roles = append(rows[i].roles, strings.TrimPrefix(strings.TrimPrefix(user, "only-"), "none"))
			case got != refused:
				t.Errorf("%s by %s: %s", w.name(), user, got)
			}
		}
		s.WS.Close()
	}
	x.idle(t)
	if after := x.facts(theirs); after != before {
		t.Errorf("%d facts about others' conversations before, %d after", before, after)
	}
	x.keep(t, append(rows, x.takingUp(t, append(single, "clerkall", "everywhere"), theirs)))
}

// takingUp is what becomes of a hello that says it has others' conversations, or a
// part of them: it is told that they are gone, and nothing of what is in them. Who
// knows what one of their messages is called is not told that there is one either.
func (x *tester) takingUp(t *testing.T, users []string, theirs []target) deskRow {
	t.Helper()
	r := deskRow{name: "hello с чужим в held", own: notOwn, roles: slices.Clone(directory.Roles[:]), others: []string{refused, refused, refused}}
	r.roles = append(r.roles, "")
	for _, user := range users {
		for _, version := range []uint64{0, 1, 2, 1000} {
			s := x.Dial(t, "/desk/v1/socket?user="+user, nil, wire.Binary)
			f := blank("hello", "")
			for _, about := range theirs {
				f.GetHello().Held = append(f.GetHello().Held, &wire.Held{Stream: event.ConversationStream + about.conv, Version: version})
			}
			s.Send(f)
			s.Until("the answer", func(f *wire.FromServer) bool {
				for n, about := range theirs {
					if e := f.GetEntry(); e != nil && e.Stream == event.ConversationStream+about.conv {
						r.others[n] = done
					}
				}
				return f.GetAnswer() != nil
			})
			for n, about := range theirs {
				if got := saidTo(s.Do(livetest.Reply(about.conv, about.sent, "One moment."))); got != refused {
					t.Errorf("a name that is taken in conversation %d, by %s: %s", n, user, got)
				}
			}
			if gone := len(s.Fold.Gone); gone != len(theirs) {
				t.Errorf("%s is told that %d of %d are gone", user, gone, len(theirs))
			}
			s.WS.Close()
		}
	}
	return r
}

// keep holds the rows against what must be, and the page against the rows.
func (x *tester) keep(t *testing.T, rows []deskRow) {
	t.Helper()
	var b strings.Builder
	b.WriteString("| Кадр | Роли, каждой из которых довольно | Своё обращение | Другого оператора той же группы | Другого центра | Которого нет |\n|---|---|---|---|---|---|\n")
	for _, r := range rows {
		if why := r.wrong(); why != "" {
			t.Errorf("%s: %s", r.name, why)
		}
		r.others = r.others[:3]
		b.WriteString(r.String())
	}
	faulty := rows[0]
	if faulty.others = []string{done}; faulty.wrong() == "" {
		t.Error("a frame about what is others' that is carried out is not seen")
	}
	livetest.KeepTable(t, "desk", b.String(), *rewriteRights)
}

// proves G42: there is no kind of frame without a row: a new one is for the desk,
// for the wall or for visitors, and refused by the two others.
func TestG42_RightsOfEveryFrame(t *testing.T) {
	x := openTester(t, wall.None)
	x.everybody(t)
	olga := x.sits(t, "olga")
	theirs := []target{x.given(t, "bot", "olga", olga)}
	token, _ := x.Token(t, "site")
	own := map[string][]string{
		"стол":       {"hello", "set_presence", "reply", "note", "transfer", "close", "give_back", "set_topic", "cancel_hold", "seen", "typing", "retry", "present", "cancel_survey", "reject"},
		"мониторинг": {"hello", "watch", "unwatch"},
		"посетитель": {"hello", "say", "rate", "identify", "seen", "typing"},
	}
	x.idle(t)
	before := x.facts(theirs)
	var b strings.Builder
	b.WriteString("| Кадр | Рабочее место | Мониторинг | Посетитель сайта |\n|---|---|---|---|\n")
	for _, kind := range frameKinds() {
		var cells []string
		for _, place := range []string{"стол", "мониторинг", "посетитель"} {
			cells = append(cells, x.cell(t, place, token, kind, theirs[0].conv))
			if takes := slices.Contains(own[place], kind); takes == (cells[len(cells)-1] == misplace) {
				t.Errorf("%s, %s: %s", kind, place, cells[len(cells)-1])
			}
		}
		fmt.Fprintf(&b, "| `%s` | %s |\n", kind, strings.Join(cells, " | "))
	}
	x.idle(t)
	if after := x.facts(theirs); after != before {
		t.Errorf("%d facts about the conversation before, %d after", before, after)
	}
	for _, w := range wishes() {
		own["стол"] = slices.DeleteFunc(own["стол"], func(kind string) bool { return kind == w.kind })
	}
	if left := []string{"hello", "set_presence"}; !slices.Equal(own["стол"], left) {
		t.Errorf("the desk takes %v, of which nobody tries who may ask for it", own["стол"])
	}
	livetest.KeepTable(t, "frames", b.String(), *rewriteRights)
}

// cell sends a frame of a kind about a conversation of Olga's to a place, on a
// socket of its own, by who has all permissions.
func (x *tester) cell(t *testing.T, place, token, kind, conv string) string {
	t.Helper()
	user, s := "all", (*livetest.Socket)(nil)
	switch place {
	case "стол":
		s = x.Dial(t, "/desk/v1/socket?user=all", nil, wire.Binary)
	case "мониторинг":
		s = x.dial(t, "clerkall")
	default:
		user, s = "customer", x.Dial(t, "/widget/v1/site/socket", livetest.Bearer(token), wire.Binary)
	}
	defer s.WS.Close()
	hello := s.Do(blank("hello", ""))
	switch {
	case kind == "hello":
		return saidTo(hello)
	case kind == "typing" && place != "мониторинг":
		return x.tries(s, user, blank(kind, conv))
	}
	return saidTo(s.Do(blank(kind, conv)))
}

// sees reports whether a conversation is on the wall of a user, and what becomes
// of the wish to read it along.
func (x *tester) sees(t *testing.T, user, conv string) (listed bool, watched string) {
	t.Helper()
	v := x.look(t, user)
	defer v.WS.Close()
	kind := v.answered(t, watch(conv))
	return v.conversations[conv] != nil, saidTo(&wire.Answer{Kind: kind})
}

// proves MN-03, US-04, G42: the wall is for those who have the permission to look
// on, and of what others' bounds hold nothing is listed there or read along. A
// wall that forgets the bounds is found out.
func TestG42_RightsAtTheWall(t *testing.T) {
	for f, leaks := range map[wall.Fault]bool{wall.None: false, wall.SeesAll: true} {
		t.Run(fmt.Sprint("fault ", f), func(t *testing.T) {
			x := openTester(t, f)
			single := x.everybody(t)
			x.Put(&event.Line{LineId: "vip", Name: "VIP", CenterId: "shop"}, supervisor("online", &event.User{CenterIds: []string{"shop"}, LineIds: []string{"vip"}}),
				supervisor("onbank", &event.User{CenterIds: []string{"bank"}}), supervisor("unbound", &event.User{}))
			about := x.given(t, "bot", "olga", x.sits(t, "olga"))
			boss := x.look(t, "boss")
			boss.until(t, "the conversation", func() bool { return boss.conversations[about.conv] != nil })
			list, read := "| список и его изменения |", "| `watch` |"
			for _, user := range []string{"boss", "chief", "online", "onbank", "unbound"} {
				inside := user == "boss" || user == "chief"
				listed, watched := x.sees(t, user, about.conv)
				if want := inside || leaks; listed != want || (watched == done) != want || !want && watched != unheard {
					t.Errorf("%s: listed %v, read along: %s", user, listed, watched)
				}
				list += map[bool]string{true: " да |", false: " без чужого |"}[listed]
				read += " " + watched + " |"
			}
			let := x.entering(t, single)
			if want := []string{"only-" + directory.ViewMonitoring, "all"}; !slices.Equal(let, want) {
				t.Errorf("the wall lets %v in, want %v", let, want)
			}
			if !leaks {
				livetest.KeepTable(t, "wall", "| | Своя область | Администратор без области | Другая группа | Другой центр | Без области |\n|---|---|---|---|---|---|\n"+
					list+"\n"+read+"\n", *rewriteRights)
			}
		})
	}
}

// entering returns who is given a socket of the wall.
func (x *tester) entering(t *testing.T, users []string) (let []string) {
	t.Helper()
	for _, user := range users {
		s, err := x.TryDial(livetest.Patience, x.http.Listener.Addr().String(), "/?user="+user, nil, wire.Binary)
		if err == nil {
			s.WS.Close()
			let = append(let, user)
		} else if !strings.HasSuffix(err.Error(), "403 Forbidden") {
			t.Errorf("%s: %v", user, err)
		}
	}
	return let
}
