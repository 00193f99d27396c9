package main

import (
	"bufio"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// blocks returns the samples of a page in one language, in order.
func blocks(page, language string) (out []string) {
	for _, part := range strings.Split(page, "```"+language+"\n")[1:] {
		sample, _, _ := strings.Cut(part, "```")
		out = append(out, sample)
	}
	return out
}

// proves AP-06, G38: every sample of docs/api.md does what the page says, in the
// order in which it stands there.
func TestAP06_SamplesOfTheDocs(t *testing.T) {
	text, err := os.ReadFile("../../docs/api.md")
	if err != nil {
		t.Fatal(err)
	}
	page := string(text)
	requests, programs := blocks(page, "http"), blocks(page, "go")
	if len(requests) != 9 || len(programs) != 1 {
		t.Fatalf("the page has %d requests and %d programs, and not 9 and 1", len(requests), len(programs))
	}
	server := newServer(t, filepath.Join(t.TempDir(), "data"), "--listen", "127.0.0.1:0", "--allow", "127.0.0.0/8")
	admin, err := signIn(server.url, adminLogin, adminPassword)
	if err != nil {
		t.Fatal(err)
	}
	admin.widget(t, "site")
	address := freeAddress(t)
	known := map[string]string{"SESSION": admin.token, "127.0.0.1:9091": address}
	for _, sample := range requests {
		for name, value := range known {
			sample = strings.ReplaceAll(sample, name, value)
		}
		var answer struct {
			Secret, Cursor, Signing string
			Status                  int
		}
		line := perform(t, server.url, sample, &answer)
		for name, value := range map[string]string{"SECRET": answer.Secret, "CURSOR": answer.Cursor} {
			if value != "" {
				known[name] = value
			}
		}
		if answer.Signing != "" {
			startReceiver(t, programs[0], address, answer.Signing)
		}
		if strings.HasSuffix(line, "/test") && answer.Status != http.StatusNoContent {
			t.Errorf("the receiver of the page answers %d to a test", answer.Status)
		}
	}
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// perform makes the request of a sample and reads its answer; of a stream, the
// first line.
func perform(t *testing.T, base, sample string, a any) (line string) {
	t.Helper()
	head, body, _ := strings.Cut(sample, "\n\n")
	lines := strings.Split(strings.TrimSpace(head), "\n")
	method, path, _ := strings.Cut(lines[0], " ")
	r, err := http.NewRequestWithContext(t.Context(), method, base+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range lines[1:] {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Set(name, value)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	w, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Body.Close()
	if w.StatusCode != http.StatusOK {
		b, _ := io.ReadAll(w.Body)
		t.Fatalf("%s: %s: %s", lines[0], w.Status, b)
	}
	first, err := bufio.NewReader(w.Body).ReadBytes('\n')
	if err != nil && err != io.EOF {
		t.Fatalf("%s: %v", lines[0], err)
	}
	if err := json.Unmarshal(first, a); err != nil {
		t.Fatalf("%s: %v: %s", lines[0], err, first)
	}
	return lines[0]
}

// startReceiver builds the program of the page and starts it.
func startReceiver(t *testing.T, program, address, signing string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "main.go")
	if err := os.WriteFile(file, []byte(strings.Replace(program, "127.0.0.1:9091", address, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(built(t, file))
	cmd.Env = append(os.Environ(), "SIGNING="+signing)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	for end := time.Now().Add(startTime); ; {
		c, err := net.Dial("tcp", address)
		if err == nil {
			c.Close()
			return
		}
		if time.Now().After(end) {
			t.Fatal(err)
		}
		<-time.After(5 * time.Millisecond)
	}
}
