package main

import (
	"encoding/json"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// exposed are the names in /metrics of a server that does nothing.
func exposed(t *testing.T) []string {
	t.Helper()
	n, err := openNode(config{data: t.TempDir()}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { n.close() })
	w := httptest.NewRecorder()
	n.handler.ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	var names []string
	for _, m := range regexp.MustCompile(`(?m)^# TYPE (\S+) `).FindAllStringSubmatch(w.Body.String(), -1) {
		names = append(names, m[1])
	}
	for _, f := range n.families() { // of which there are none yet
		names = append(names, f.Name)
	}
	return names
}

var measured = regexp.MustCompile(`\b(?:crafttalk|process|go)_[a-z_]+\b`)

// The dashboard and the alerts ask for what there is, and nothing of ours is
// left out of the dashboard.
func TestDeploy_DashboardShowsWhatThereIs(t *testing.T) {
	there := exposed(t)
	read := func(name string) string {
		b, err := os.ReadFile(filepath.Join("..", "..", "docs", "deploy", name))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	dashboard, alerts := read("grafana.json"), read("alerts.yml")
	if !json.Valid([]byte(dashboard)) {
		t.Fatal("the dashboard is no JSON")
	}
	for name, text := range map[string]string{"dashboard": dashboard, "alerts": alerts} {
		asked := measured.FindAllString(text, -1)
		if len(asked) < 5 {
			t.Errorf("the %s asks for %d figures: the test is blind", name, len(asked))
		}
		for _, m := range asked {
			if !slices.Contains(there, m) {
				t.Errorf("the %s asks for %s, which is not there", name, m)
			}
		}
	}
	for _, m := range there {
		if strings.HasPrefix(m, "crafttalk_") && !strings.Contains(dashboard, m) {
			t.Errorf("%s is not in the dashboard", m)
		}
	}
}

// Both languages tell of the same, and of every flag and command there is.
func TestDeploy_OperationsAreDescribed(t *testing.T) {
	for _, name := range []string{"operations.md", "operations.ru.md"} {
		b, err := os.ReadFile(filepath.Join("..", "..", "docs", name))
		if err != nil {
			t.Fatal(err)
		}
		text := string(b)
		for _, f := range serveCommand().Flags {
			if flag := f.Names()[0]; flag != "cpu-profile" && !strings.Contains(text, "`--"+flag) {
				t.Errorf("%s does not tell of --%s", name, flag)
			}
		}
		for _, c := range app().Commands {
			if !strings.Contains(text, "`"+c.Name) && !strings.Contains(text, "crafttalkd "+c.Name) {
				t.Errorf("%s does not tell of the command %s", name, c.Name)
			}
		}
		for _, m := range regexp.MustCompile(`--[a-z][a-z-]+`).FindAllString(text, -1) {
			if !knownFlag(m[2:]) {
				t.Errorf("%s tells of %s, which is not there", name, m)
			}
		}
	}
}

func knownFlag(name string) bool {
	for _, c := range app().Commands {
		for _, f := range c.Flags {
			if slices.Contains(f.Names(), name) {
				return true
			}
		}
	}
	return slices.Contains([]string{"now"}, name) // systemctl's
}
