package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/transport/agent"
)

// startWeather builds the example of an external agent and starts it. It returns
// where it is asked.
func startWeather(t *testing.T, secret string) string {
	t.Helper()
	cmd := exec.Command(built(t, "../../testdata/agents/weather"), "-listen", "127.0.0.1:0")
	cmd.Env = append(cmd.Environ(), "WEATHER_SECRET="+secret)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(strings.TrimPrefix(line, "weather listens on "))
}

// built builds a program from a folder or a file, and returns where it is.
func built(t *testing.T, source string) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "program")
	if out, err := exec.Command("go", "build", "-o", program, source).CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return program
}

// says brings what a user of the partner's writes, and returns the conversation.
func (p *partner) says(id, text string) string {
	p.t.Helper()
	b, err := json.Marshal(object{"id": id, "user": object{"id": "anna"}, "text": text})
	if err != nil {
		p.t.Fatal(err)
	}
	var kept struct {
		ConversationID string `json:"conversation_id"`
	}
	if err := p.post("/channel/v1/shop/messages", "application/json", strings.NewReader(string(b)), &kept); err != nil {
		p.t.Fatal(err)
	}
	return kept.ConversationID
}

// hears waits for the next message to the partner's user, and returns its text.
func (p *partner) hears() string {
	p.t.Helper()
	select {
	case b := <-p.posted:
		var hook struct{ Data struct{ Text string } }
		if err := json.Unmarshal(b, &hook); err != nil {
			p.t.Fatalf("the webhook is %s: %v", b, err)
		}
		return hook.Data.Text
	case <-time.After(time.Minute):
		p.t.Fatal("nothing is heard")
	}
	return ""
}

// put puts an entry of the directory or of the knowledge base.
func (p *partner) put(path string, body object) {
	p.t.Helper()
	if err := p.admin.ask("PUT", "/api/v1/"+path, body, nil); err != nil {
		p.t.Fatal(err)
	}
}

// weatherbot makes an external agent, and an article that asks for the region
// and redirects to it.
func (p *partner) weatherbot(external, secrets object) {
	p.t.Helper()
	p.put("agents/weatherbot", object{"kind": "external", "name": "Погода", "external": external, "secrets": secrets})
	p.put("slots/region", object{"identifier": "регион", "name": "Регион", "class": "region", "question": object{"text": "О каком регионе речь?"}})
	p.put("articles/weather", object{"identifier": "погода", "title": "Ответ о погоде", "questions": []string{"какая сегодня погода"},
		"slot_ids": []string{"region"}, "answers": []object{{"answer_id": "1", "text": "/redirect weatherbot"}}})
}

// bot makes a bot and lets it meet the partner's users.
func (p *partner) bot() {
	p.t.Helper()
	p.put("agents/bot", object{"kind": "bot", "name": "Бот"})
	p.put("accounts/shop", object{"kind": "api", "name": "Shop", "center_id": "main", "routing": object{"line_id": "first"}, "revision": p.revision("accounts/shop"),
		"settings": object{"webhook_url": p.http.URL + "/hook"}, "own_agents": true, "agents": []string{"bot"}})
}

// proves BT-07, BT-08, CV-07, AP-05: the manual's own example. An article asks
// for the region, hands the conversation with it to the agent weatherbot, whose
// requests are signed; the agent answers and hands it back to the bot. What the
// bot does not know goes to an operator, and who kept the conversation when can
// be read afterwards. Manual: Агенты.
func TestBT08_WeatherOfTheManual(t *testing.T) {
	p, desk := newPartner(t)
	const secret = "whsec_Y3JhZnR0YWxrIHdlYXRoZXIgYWdlbnQgc2VjcmV0ISE="
	p.weatherbot(object{"url": startWeather(t, secret)}, object{"signing": []string{secret}})
	p.bot()

	id := p.says("1", "Какая сегодня погода?")
	if got := p.hears(); got != "О каком регионе речь?" {
		t.Errorf("the bot asks %q", got)
	}
	p.says("2", "Новосибирск")
	if got := p.hears(); got != "Сегодня, Новосибирск: −14 °C, ясно." {
		t.Errorf("the agent answers %q", got)
	}
	p.says("3", "Где моя посылка?")
	until(t, desk, "the conversation", func(e event.Event) bool { _, ok := e.(*event.ConversationAssigned); return ok })
	var story struct {
		Sessions []struct{ Handler, Cause string }
	}
	if err := p.admin.ask("GET", "/api/v1/conversations/"+id, object{}, &story); err != nil {
		t.Fatal(err)
	}
	want := "[{agent NEW_CONVERSATION} {agent AGENT_HANDED_OVER} {agent AGENT_HANDED_OVER} {queue AGENT_HANDED_OVER} {operator ASSIGNED}]"
	if got := fmt.Sprint(story.Sessions); got != want {
		t.Errorf("sessions = %s, want %s", got, want)
	}
}

// proves BT-07: what a customer sends reaches an external agent as an address
// that anybody can read who has it whole.
func TestBT07_FilesReachTheAgent(t *testing.T) {
	p, _ := newPartner(t)
	told := make(chan agent.Occasion, 4)
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var o agent.Occasion
		if err := json.NewDecoder(r.Body).Decode(&o); err == nil {
			told <- o
		}
		w.WriteHeader(http.StatusNoContent)
	}))
	t.Cleanup(elsewhere.Close)
	p.put("agents/clerk", object{"kind": "external", "name": "Clerk", "external": object{"url": elsewhere.URL}})
	p.put("accounts/shop", object{"kind": "api", "name": "Shop", "center_id": "main", "routing": object{"line_id": "first"}, "revision": p.revision("accounts/shop"),
		"settings": object{"webhook_url": p.http.URL + "/hook"}, "own_agents": true, "agents": []string{"clerk"}})
	var file struct {
		UploadID string `json:"upload_id"`
	}
	if err := p.post("/channel/v1/shop/files?user=anna", "application/octet-stream", strings.NewReader(picture), &file); err != nil {
		t.Fatal(err)
	}
	body := fmt.Sprintf(`{"id":"1","user":{"id":"anna"},"attachments":[{"upload_id":%q,"name":"me.png"}]}`, file.UploadID)
	if err := p.post("/channel/v1/shop/messages", "application/json", strings.NewReader(body), &struct{}{}); err != nil {
		t.Fatal(err)
	}
	var o agent.Occasion
	select {
	case o = <-told:
	case <-time.After(time.Minute):
		t.Fatal("the agent is not asked")
	}
	if len(o.Message.Attachments) != 1 || !strings.HasPrefix(o.Message.Attachments[0].URL, "https://chat.example"+agent.FilePath) {
		t.Fatalf("the agent is told %+v", o.Message)
	}
	address := strings.Replace(o.Message.Attachments[0].URL, "https://chat.example", p.server.url, 1)
	if got := p.comes(address); got != picture {
		t.Errorf("the address leads to %q", got)
	}
	p.get(address[:len(address)-1], "", 403)
}

// comes reads a file, as soon as it is there.
func (p *partner) comes(address string) string {
	p.t.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for late := time.After(time.Minute); ; {
		resp, err := http.Get(address)
		if err != nil {
			p.t.Fatal(err)
		}
		b, err := io.ReadAll(resp.Body)
		if err = errors.Join(err, resp.Body.Close()); err != nil {
			p.t.Fatal(err)
		}
		if resp.StatusCode != http.StatusServiceUnavailable {
			return string(b)
		}
		select {
		case <-tick.C:
		case <-late:
			p.t.Fatal("the file does not come")
		}
	}
}

// revision is that of an entry of the directory.
func (p *partner) revision(path string) uint64 {
	p.t.Helper()
	var e struct{ Revision uint64 }
	if err := p.admin.ask("GET", "/api/v1/"+path, object{}, &e); err != nil {
		p.t.Fatal(err)
	}
	return e.Revision
}
