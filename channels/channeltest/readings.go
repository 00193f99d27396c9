package channeltest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// A Reading is what a library of others takes a recorded call for. Sender and
// Text are empty if it takes it for no message.
type Reading struct {
	Name   string
	Sender string
	Text   string
	Fault  string // what it could not do with the call
}

// Read gives the recorded calls in dir to a library, one a line as pack makes
// it, and compares its readings, one a line, with what we take the calls for.
// Differ says by the name of a call why they differ; all must.
func Read(t *testing.T, dir string, pack func(name string, body []byte) any, library func(calls string) string, differ map[string]string) {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil || len(all) == 0 {
		t.Fatalf("nothing is recorded in %s: %v", dir, err)
	}
	var calls strings.Builder
	want := map[string]Reading{}
	for _, path := range all {
		body, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(filepath.Base(path), ".json")
		want[name] = wanted(t, name, strings.TrimSuffix(path, ".json")+".want")
		if err := json.NewEncoder(&calls).Encode(pack(name, body)); err != nil {
			t.Fatal(err)
		}
	}
	for line := range strings.Lines(library(calls.String())) {
		var got Reading
		if err := json.Unmarshal([]byte(line), &got); err != nil {
			t.Fatalf("the library tells %s: %v", line, err)
		}
		if same, said := got == want[got.Name], differ[got.Name] != ""; same == said {
			t.Errorf("%s: explained %t\n   ours %q\n theirs %q", got.Name, said, want[got.Name], got)
		}
		delete(want, got.Name)
	}
	for name := range want {
		t.Errorf("%s: the library says nothing of it", name)
	}
}

var (
	fromLine = regexp.MustCompile(`(?m)^message from (\S+) id`)
	textLine = regexp.MustCompile(`(?m)^  text (".*")$`)
)

// wanted is what we take a call for.
func wanted(t *testing.T, name, path string) Reading {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	r := Reading{Name: name}
	from := fromLine.FindSubmatch(b)
	if from == nil {
		return r
	}
	r.Sender = string(from[1])
	if text := textLine.FindSubmatch(b); text != nil {
		if r.Text, err = strconv.Unquote(string(text[1])); err != nil {
			t.Fatal(err)
		}
	}
	return r
}
