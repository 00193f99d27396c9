package agent

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"google.golang.org/protobuf/types/known/durationpb"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
)

// readOccasion is what an agent was posted.
func readOccasion(t *testing.T, r *http.Request) (o Occasion) {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err == nil {
		err = json.Unmarshal(b, &o)
	}
	if err != nil {
		t.Error(err)
	}
	return o
}

// weatherman says the weather of the region that is known, and goes.
func weatherman(t *testing.T) func(r *http.Request) (int, string) {
	return func(r *http.Request) (int, string) {
		return 200, fmt.Sprintf(`{"actions":[{"reply":{"text":"Sunny in %s."}},{"hand_over":{"to":"back"}}]}`, readOccasion(t, r).Slots["region"])
	}
}

// always answers the same.
func always(status int, body string) http.RoundTripper {
	return answering(func(*http.Request) (int, string) { return status, body })
}

// proves BT-07, AP-05: what an external agent wants is done, all of it or, if a
// part makes no sense, nothing: then the next agent has its turn.
func TestBT07_Actions(t *testing.T) {
	const failed = "failed weather: nonsense\nqueued AGENT_FAILED"
	for _, tt := range []struct{ name, answer, want string }{
		{"nothing", `{"actions":[]}`, ""},
		{"an empty body", ``, ""},
		{"a reply", `{"actions":[{"reply":{"text":"Hi","buttons":[{"caption":"Yes"},{"caption":"No","value":"n"}],"attachments":["https://a.example/b.pdf"]}}]}`,
			"> Hi\nhttps://a.example/b.pdf [Yes] [No]"},
		{"two", `{"actions":[{"reply":{"text":"Hi"}},{"ask":{"text":"Who is it?"}}]}`, "awaited\n> Hi\n> Who is it?"},
		{"a slot", `{"actions":[{"ask":{"slot":"region"}}]}`, "> Where?"},
		{"an article", `{"actions":[{"present":{"article":"price"}}]}`, "> It costs a rouble."},
		{"routing and slots", `{"actions":[{"set_routing":{"line_id":"vip","skills":["gold"]}},{"set_slots":{"region":"Omsk"}},{"set_topic":{"topic_id":"weather"}},{"hand_over":{}}]}`,
			"routing vip gold\nslot region=Omsk\ntopic weather\nqueued AGENT_HANDED_OVER"},
		{"onward", `{"actions":[{"hand_over":{"to":"onward"}}]}`, "queued AGENT_HANDED_OVER"},
		{"back, and nobody was before", `{"actions":[{"hand_over":{"to":"back"}}]}`, "queued AGENT_HANDED_OVER"},
		{"to another", `{"actions":[{"hand_over":{"to":"bot"}}]}`, "engaged bot\nqueued AGENT_HANDED_OVER"},
		{"the end", `{"actions":[{"reply":{"text":"Bye"}},{"close":{"topic_id":"weather"}}]}`, "awaited\n> Bye\nclosed"},
		{"its own failure", `{"actions":[{"fail":{"reason":"the forecast is late"}}]}`, "failed weather: the forecast is late\nqueued AGENT_FAILED"},
		{"what nobody knows beside", `{"actions":[{"reply":{"text":"Hi","colour":"red"}}],"mood":"good"}`, "> Hi"},

		{"no JSON", `Hello`, failed}, {"a list", `[]`, failed}, {"half of it", `{"actions":[{"reply":`, failed}, {"twice", `{"actions":[]}{"actions":[]}`, failed},
		{"an unknown action", `{"actions":[{"dance":{}}]}`, failed}, {"two in one", `{"actions":[{"reply":{"text":"a"},"close":{}}]}`, failed},
		{"more after the end", `{"actions":[{"close":{}},{"reply":{"text":"a"}}]}`, failed}, {"an empty reply", `{"actions":[{"reply":{"text":" "}}]}`, failed},
		{"a good one before a bad", `{"actions":[{"reply":{"text":"Hi"}},{"hand_over":{"to":"nobody"}}]}`, failed},
		{"a hand-over to itself", `{"actions":[{"hand_over":{"to":"weather"}}]}`, failed}, {"silence", `{"actions":[{"hand_over":{"to":"silence"}}]}`, failed},
		{"a long text", `{"actions":[{"reply":{"text":"` + strings.Repeat("a", mostText+1) + `"}}]}`, failed},
		{"a long answer", `{"actions":[{"reply":{"text":"` + strings.Repeat("a", mostAnswer) + `"}}]}`, "failed weather: too_large\nqueued AGENT_FAILED"},
		{"no such article", `{"actions":[{"present":{"article":"x"}}]}`, failed}, {"no such slot", `{"actions":[{"ask":{"slot":"x"}}]}`, failed},
		{"no such line", `{"actions":[{"set_routing":{"line_id":"x"}}]}`, failed}, {"another's line", `{"actions":[{"set_routing":{"line_id":"loans"}}]}`, failed},
		{"no such topic", `{"actions":[{"close":{"topic_id":"x"}}]}`, failed}, {"a slot without a value", `{"actions":[{"set_slots":{"a":""}}]}`, failed},
		{"a file that is none of the web's", `{"actions":[{"reply":{"attachments":["file:///etc/passwd"]}}]}`, failed},
		{"too many", `{"actions":[` + strings.TrimSuffix(strings.Repeat(`{"reply":{"text":"a"}},`, mostActions+1), ",") + `]}`, failed},
		{"a failure without a reason", `{"actions":[{"fail":{}}]}`, failed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inShop(t, world{http: always(200, tt.answer)}, chain(weather), func(n *node) {
				n.put(&event.Center{CenterId: "bank"}, &event.Line{LineId: "loans", CenterId: "bank"}, theBot,
					&event.Slot{SlotId: "s1", Identifier: "region", Name: "Region", Question: &event.Prompt{Text: "Where?"}})
				id := n.says("anna", "My parcel is wet")
				want := strings.Split(strings.TrimSuffix("< My parcel is wet\nengaged weather\n"+tt.want, "\n"), "\n")
				n.want(id, want...)
			})
		})
	}
}

// proves BT-07: an agent is told who it is about, what is known and what was
// said, and again when the customer writes.
func TestBT07_Occasion(t *testing.T) {
	var posted []Occasion
	w := world{http: answering(func(r *http.Request) (int, string) {
		o := readOccasion(t, r)
		posted = append(posted, o)
		return 200, `{"actions":[{"set_slots":{"seen":"yes"}},{"reply":{"text":"So?","buttons":[{"caption":"Again","value":"again"}]}}]}`
	})}
	inShop(t, w, chain(hello, weather), func(n *node) {
		id := n.says("anna", "My parcel is wet")
		n.presses("anna", "again")
		if len(posted) != 2 {
			t.Fatalf("%d occasions were posted", len(posted))
		}
		first, second := posted[0], posted[1]
		if first.Event != "engaged" || second.Event != "message" || first.ConversationID != id || first.AgentID != "weather" || first.Turn != 2 ||
			first.Message.Text != "My parcel is wet" || first.Customer.Name != "anna" || first.Customer.CustomerID != "anna" || first.Routing.LineID != "help" {
			t.Errorf("posted %+v and %+v", first, second)
		}
		if second.Slots["seen"] != "yes" || second.Message.Pressed == nil || second.Message.Pressed.Value != "again" {
			t.Errorf("posted %+v", second)
		}
		var said []string
		for _, l := range second.History {
			said = append(said, l.By+":"+l.Text)
		}
		if got, want := strings.Join(said, " "), "customer:My parcel is wet agent:Welcome! agent:So? customer:Again"; got != want {
			t.Errorf("history = %s, want %s", got, want)
		}
		if !strings.HasPrefix(first.AnswerURL, "https://chat.example/agent/v1/answers/") || first.AnswerURL == second.AnswerURL {
			t.Errorf("answers go to %s and %s", first.AnswerURL, second.AnswerURL)
		}
	})
}

// answers posts to an address and returns the status.
func (n *node) answers(url, body string) int {
	r, w := httptest.NewRequest("POST", url, strings.NewReader(body)), httptest.NewRecorder()
	n.runner.ServeHTTP(w, r)
	settle()
	return w.Code
}

// proves BT-07: an agent that takes its time answers once, and only while its
// answer is awaited; a bad answer may be mended.
func TestBT07_LaterAnswers(t *testing.T) {
	var last string
	w := world{http: answering(func(r *http.Request) (int, string) {
		last = readOccasion(t, r).AnswerURL
		return 202, ""
	})}
	hi := `{"actions":[{"reply":{"text":"Hi"}}]}`
	inShop(t, w, chain(weather), func(n *node) {
		id := n.says("anna", "One")
		if got := n.answers(last, `{"actions":[{"dance":{}}]}`); got != 422 {
			t.Errorf("nonsense is answered %d", got)
		}
		pass(2 * time.Minute)
		for i, want := range []int{204, 409, 409} {
			if got := n.answers(last, hi); got != want {
				t.Errorf("answer %d is answered %d, want %d", i, got, want)
			}
		}
		n.says("anna", "Two")
		old := last
		n.says("anna", "Three")
		if got := n.answers(old, hi); got != 409 {
			t.Errorf("an answer to what was said before is answered %d", got)
		}
		for _, forged := range []string{last[:len(last)-4] + "AAAA", "https://chat.example/agent/v1/answers/", "https://chat.example/agent/v1/answers/a.b"} {
			if got := n.answers(forged, hi); got != 404 {
				t.Errorf("a forged token is answered %d", got)
			}
		}
		pass(6 * time.Minute)
		if got := n.answers(last, hi); got != 409 {
			t.Errorf("an answer after all patience is answered %d", got)
		}
		n.want(id, "< One", "engaged weather", "awaited", "> Hi", "< Two", "awaited", "< Three", "awaited", "failed weather: late", "queued AGENT_FAILED")
	})
}

// proves BT-07: an agent that fails again and again rests, and nobody waits for
// it meanwhile; then it is tried again.
func TestBT07_Rests(t *testing.T) {
	calls, well := 0, false
	w := world{http: answering(func(*http.Request) (int, string) {
		if calls++; well {
			return 200, `{"actions":[{"reply":{"text":"Hi"}}]}`
		}
		return 500, "oh"
	})}
	inShop(t, w, chain(weather), func(n *node) {
		for i := range 8 {
			n.want(n.says(fmt.Sprint("anna", i), "Hello"), "< Hello", "engaged weather", "failed weather: unreachable", "queued AGENT_FAILED")
		}
		if calls != tripsAfter {
			t.Errorf("it was asked %d times, want %d", calls, tripsAfter)
		}
		well = true
		pass(cooldown)
		n.want(n.says("boris", "Hello"), "< Hello", "engaged weather", "> Hi")
	})
}

// proves BT-07: an agent that hangs delays no other's conversations, and loses
// its own by the deadline.
func TestBT07_SlowDelaysNobody(t *testing.T) {
	w := world{http: always(0, "")}
	inShop(t, w, chain(weather), func(n *node) {
		n.put(hello)
		var slow []string
		for i := range 20 {
			slow = append(slow, n.says(fmt.Sprint("anna", i), "Hello"))
		}
		n.put(theBot, &event.Account{AccountId: "site", Kind: "widget", CenterId: "shop", OwnAgents: true, Agents: []string{"bot"}, Routing: &event.Routing{LineId: "help"}})
		n.want(n.says("boris", "What does it cost?"), "< What does it cost?", "engaged bot", "> It costs a rouble.")
		pass(time.Minute)
		for _, id := range slow {
			if got := n.told(id); !strings.Contains(got, "failed weather: ") || !strings.HasSuffix(got, "queued AGENT_FAILED") {
				t.Errorf("a conversation went\n%s", got)
			}
		}
	})
}

// proves BT-07: what the customer writes while an agent thinks ends that thought,
// and the agent is asked about the newer message.
func TestBT07_CustomerIsFaster(t *testing.T) {
	asked := 0
	w := world{http: answering(func(*http.Request) (int, string) {
		if asked++; asked == 1 {
			return 0, ""
		}
		return 200, `{"actions":[{"reply":{"text":"Hi"}}]}`
	})}
	inShop(t, w, chain(weather), func(n *node) {
		id := n.says("anna", "One")
		n.says("anna", "Two")
		n.want(id, "< One", "engaged weather", "< Two", "> Hi")
	})
}

// proves BT-07, G12: a crash in the middle of what an agent wants is made good,
// and what was said is not said again.
func TestBT07_CrashBetweenActions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		answer := answering(weatherman(t))
		n := boot(t, world{http: answer}, vfs.NewCrashableMem())
		n.organise()
		n.put(weather, &event.Account{AccountId: "site", Kind: "widget", CenterId: "shop", OwnAgents: true, Agents: []string{"weather"}, Routing: &event.Routing{LineId: "help"}})
		n.runner.limit = 2 // commands, and then nothing more
		id := n.says("anna", "Hello")
		n.want(id, "< Hello", "engaged weather", "awaited", "> Sunny in .")
		n = boot(t, world{http: answer}, n.crash())
		defer n.stop()
		settle()
		n.want(id, "< Hello", "engaged weather", "awaited", "> Sunny in .", "awaited", "queued AGENT_HANDED_OVER")
	})
}

// hang waits until the asker has gone, which is noticed once all was read.
func hang(r *http.Request) {
	io.Copy(io.Discard, r.Body)
	<-r.Context().Done()
}

// A server that misbehaves, and how the turn ends.
var bad = []struct {
	name  string
	serve http.HandlerFunc
	want  string
}{
	{"a hundred megabytes", func(w http.ResponseWriter, _ *http.Request) {
		for range 100 {
			if _, err := w.Write(make([]byte, 1<<20)); err != nil {
				return
			}
		}
	}, tooLarge},
	{"a redirect", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://169.254.169.254/", http.StatusFound)
	}, unreachable},
	{"an error", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusInternalServerError) }, unreachable},
	{"nonsense", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "<html>") }, nonsense},
	{"a drip", func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			io.WriteString(w, " ")
			w.(http.Flusher).Flush()
			select {
			case <-r.Context().Done():
			case <-time.After(10 * time.Millisecond):
			}
		}
	}, late},
	{"silence", func(_ http.ResponseWriter, r *http.Request) { hang(r) }, late},
	{"half an answer", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		io.WriteString(w, `{"actions":`)
	}, nonsense},
	{"a broken connection", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, unreachable},
}

// proves BT-07: however an agent's server misbehaves, asking it ends by the
// deadline, with a reason that people can read.
func TestBT07_BadServers(t *testing.T) {
	for _, b := range bad {
		t.Run(b.name, func(t *testing.T) {
			s := httptest.NewServer(b.serve)
			defer s.Close()
			a := &event.Agent{AgentId: "weather", Kind: directory.External,
				External: &event.ExternalAgent{Url: s.URL, Deadline: durationpb.New(500 * time.Millisecond)}}
			r := &Runner{Config: Config{Client: &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}}
			_, answer, err := r.send(t.Context(), a, s.URL, []byte("{}"), func(http.Header) error { return nil })
			if err == nil {
				if _, bad := parse(answer); bad != nil {
					err = &failure{nonsense, bad}
				}
			}
			if f, ok := errors.AsType[*failure](err); !ok || f.reason != b.want {
				t.Errorf("it ends as %v, want %s", err, b.want)
			}
		})
	}
}

// Nobody who was stopped is taken for one who failed.
func TestBT07_StoppedIsNotFailed(t *testing.T) {
	begun := make(chan struct{})
	var once sync.Once
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		once.Do(func() { close(begun) })
		hang(r)
	}))
	defer s.Close()
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-begun; cancel() }()
	r := &Runner{Config: Config{Client: s.Client()}}
	_, _, err := r.send(ctx, &event.Agent{AgentId: "weather", External: &event.ExternalAgent{Url: s.URL}}, s.URL, nil, func(http.Header) error { return nil })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("a stopped request ends as %v", err)
	}
}

// FuzzActions: whatever an agent answers is taken apart or refused.
func FuzzActions(f *testing.F) {
	f.Add([]byte(`{"actions":[{"reply":{"text":"Hi","buttons":[{"caption":"Yes"}]}},{"hand_over":{"to":"back"}}]}`))
	f.Add([]byte(`{"actions":[{"set_slots":{"a":"b"}},{"set_routing":{"priority":1e9}},{"close":{}}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		out, err := parse(body)
		if err != nil {
			return
		}
		for i, a := range out.Actions {
			if a.count() != 1 || a.last() && i+1 < len(out.Actions) {
				t.Errorf("%q was taken", body)
			}
		}
		if slices.ContainsFunc(out.Actions, func(a Action) bool { return a.Ask != nil && a.Reply != nil }) {
			t.Errorf("%q was taken", body)
		}
	})
}
