package main

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// startSample writes the program out of docs/agents.md, builds it and starts it
// at an address of its own. It returns where it is asked.
func startSample(t *testing.T) string {
	t.Helper()
	doc, err := os.ReadFile("../../docs/agents.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(doc), "```go\n")
	sample, _, ok := strings.Cut(rest, "```\n")
	const there = `"127.0.0.1:9090"`
	if !ok || strings.Contains(string(doc), "```python") || strings.Count(string(doc), "```go\n") != 1 || strings.Count(sample, there) != 1 {
		t.Fatalf("docs/agents.md has not one program that listens on %s", there)
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	free.Close()
	file := filepath.Join(t.TempDir(), "main.go")
	if err := os.WriteFile(file, []byte(strings.Replace(sample, there, `"`+address+`"`, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(built(t, file))
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	for end := time.Now().Add(startTime); ; {
		ws, err := net.Dial("tcp", address)
		if err == nil {
			ws.Close()
			return "http://" + address
		}
		if time.Now().After(end) {
			t.Fatal(err)
		}
		<-time.After(5 * time.Millisecond)
	}
}

// proves BT-08: the program that docs/agents.md shows is an agent. It builds as
// it stands there, asks for what it needs, answers and hands back.
func TestBT08_SampleOfTheDocs(t *testing.T) {
	p, _ := newPartner(t)
	p.weatherbot(object{"url": startSample(t)}, object{})
	p.put("articles/forecast", object{"identifier": "прогноз", "title": "Прогноз", "questions": []string{"каков прогноз на завтра"},
		"answers": []object{{"answer_id": "1", "text": "/redirect weatherbot"}}})
	p.bot()
	p.says("1", "Каков прогноз на завтра?")
	if got := p.hears(); got != "О каком регионе речь?" {
		t.Errorf("the agent asks %q", got)
	}
	p.says("2", "Москва")
	if got := p.hears(); got != "Москва: +2 °C, мокрый снег" {
		t.Errorf("the agent answers %q", got)
	}
	p.says("3", "Какая сегодня погода?") // the bot has it again; the region is known and only confirmed
	if got := p.hears(); !strings.Contains(got, "Москва") {
		t.Errorf("after that is heard %q", got)
	}
}
