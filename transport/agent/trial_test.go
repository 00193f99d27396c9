package agent

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"crafttalkd/actors/refusal"
)

// tried tells in a line what came of a trial.
func tried(t Trial) string {
	actions, err := json.Marshal(t.Actions)
	if err != nil {
		return err.Error()
	}
	return strings.TrimSpace(fmt.Sprintf("%d %s %s", t.Status, actions, t.Failure))
}

// proves BT-07, AP-05: whoever makes an agent sees what it is asked, what it
// answers and what would come of it, and nothing does.
func TestBT07_Tried(t *testing.T) {
	const onward = ` [{"hand_over":{"to":"onward"}}] `
	for _, tt := range []struct {
		name, answer string
		status       int
		want, why    string
	}{
		{"words", `{"actions":[{"reply":{"text":"Sunny"}}]}`, 200, `200 [{"reply":{"text":"Sunny"}}]`, ""},
		{"a line", `{"actions":[{"set_routing":{"line_id":"vip"}},{"hand_over":{}}]}`, 200, `200 [{"set_routing":{"line_id":"vip"}},{"hand_over":{}}]`, ""},
		{"nothing", ``, 204, `204 null`, ""},
		{"later", ``, 202, `202 null`, ""},
		{"no JSON", `Hello`, 200, `200` + onward + nonsense, "not JSON"},
		{"no such line", `{"actions":[{"set_routing":{"line_id":"x"}}]}`, 200, `200` + onward + nonsense, `actions[0]: there is no line "x" here`},
		{"an error", `oh`, 500, `500` + onward + unreachable, "it answers 500"},
		{"silence", ``, 0, `0` + onward + late, ""},
		{"too much", strings.Repeat("a", mostAnswer+1), 200, `0` + onward + tooLarge, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inShop(t, world{http: answering(func(*http.Request) (int, string) { return tt.status, tt.answer })}, chain(weather), func(n *node) {
				before := n.journal.Now()
				got, err := n.runner.Try(n.t.Context(), "weather", "", "Is it raining?")
				n.must(err)
				if tried(got) != tt.want || !strings.Contains(got.Why, tt.why) || got.Later != (tt.status == 202) {
					t.Errorf("tried: %s (%s), want %s (%s)", tried(got), got.Why, tt.want, tt.why)
				}
				var o Occasion
				if err := json.Unmarshal(got.Sent, &o); err != nil || o.Message.Text != "Is it raining?" || !o.Trial || o.AgentID != "weather" {
					t.Errorf("sent %s, %v", got.Sent, err)
				}
				settle()
				if after := n.journal.Now(); after != before || len(n.runner.Kept()) > 0 {
					t.Errorf("something was kept: %v, then %v", before, after)
				}
				if late := tt.status == 0; late != (got.Took >= usualDeadline) || got.Took > time.Minute {
					t.Errorf("it took %s", got.Took)
				}
			})
		})
	}
}

// proves BT-07: trials do not make an agent rest, and one that rests is tried;
// an answer that comes later to a trial is nobody's.
func TestBT07_TrialsCostNothing(t *testing.T) {
	status, last := 500, ""
	w := world{http: answering(func(r *http.Request) (int, string) {
		last = readOccasion(t, r).AnswerURL
		return status, `{"actions":[{"reply":{"text":"Hi"}}]}`
	})}
	inShop(t, w, chain(weather), func(n *node) {
		try := func(want int) {
			t.Helper()
			if got, err := n.runner.Try(n.t.Context(), "weather", "shop", "Hello"); err != nil || got.Status != want {
				t.Errorf("tried: %+v, %v, want %d", got, err, want)
			}
		}
		for range 2 * tripsAfter {
			try(500)
		}
		status = 200
		n.want(n.says("anna", "Hello"), "< Hello", "engaged weather", "> Hi")
		status = 500
		for i := range tripsAfter {
			n.says(fmt.Sprint("boris", i), "Hello")
		}
		status = 202
		try(202)
		if got := n.answers(last, `{"actions":[{"reply":{"text":"Hi"}}]}`); got != 409 {
			t.Errorf("an answer to a trial is answered %d", got)
		}
		for id, want := range map[string]refusal.Kind{"nobody": refusal.NotFound, "hello": refusal.Invalid} {
			n.put(hello)
			if _, err := n.runner.Try(n.t.Context(), id, "", "Hello"); refusal.KindOf(err) != want {
				t.Errorf("%s is tried: %v", id, err)
			}
		}
	})
}

// proves BT-09: a model is tried with the articles that it would be given, and
// what its endpoint is shown is not among what is seen.
func TestBT09_ModelTried(t *testing.T) {
	answer, bearer := "", ""
	w := world{http: answering(func(r *http.Request) (int, string) {
		bearer = r.Header.Get("Authorization")
		text, err := json.Marshal(answer)
		if err != nil {
			t.Error(err)
		}
		return 200, `{"choices":[{"message":{"role":"assistant","content":` + string(text) + `}}]}`
	})}
	inShop(t, w, chain(sage), func(n *node) {
		for _, tt := range []struct{ asked, answer, want string }{
			{"What does it cost?", `{"answer":"A rouble, hush.","articles":["price"]}`, `200 [{"reply":{"text":"A rouble, …."}}]`},
			{"What does it cost?", "HANDOVER", `200 [{"hand_over":{"to":"onward"}}]`},
			{"What does it cost?", `{"answer":"A rouble","articles":["secret"]}`, `200 [{"hand_over":{"to":"onward"}}] nonsense`},
			{"Бирюза", "", `0 [{"hand_over":{"to":"onward"}}]`},
		} {
			answer = tt.answer
			got, err := n.runner.Try(n.t.Context(), "sage", "", tt.asked)
			n.must(err)
			if want := tt.want; tried(got) != want || strings.Contains(got.Answer+string(got.Sent), "hush") {
				t.Errorf("%s: tried %s, want %s; sent %s, answered %s", tt.asked, tried(got), want, got.Sent, got.Answer)
			}
			if asked := len(got.Sent) > 0; asked != (got.Status == 200) || asked && (bearer != "Bearer hush" || !strings.Contains(string(got.Sent), "It costs a rouble.")) {
				t.Errorf("%s: shown %q, sent %s", tt.asked, bearer, got.Sent)
			}
		}
	})
}
