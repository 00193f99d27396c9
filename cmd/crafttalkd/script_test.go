package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestScripts runs the program as its users do. Beside testscript's own
// commands there are
//
//	serve NAME [ARGS]          start a server; URL, ADDR and, on its first start, LINK and CODE are set
//	end NAME, cut NAME         end it: in order, which must work; or at once
//	http STATUS METHOD PATH [FILE]
//	                           ask it; TOKEN is sent; the answer goes to the file answer
//	take VAR FIELD             set a variable to a field of the answer: items.0.id
//	flip DIR SUFFIX            change one bit in the middle of the largest such file below
//
// proves G9, G12, G14, G53, WS-02
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			e.Values[childrenKey{}] = children{}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"serve": scriptServe, "end": scriptEnd, "cut": scriptCut, "http": scriptHTTP, "take": scriptTake, "flip": scriptFlip,
		},
	})
}

// children are the servers of one script.
type children map[string]*child

type childrenKey struct{}

func childrenOf(ts *testscript.TestScript) children { return ts.Value(childrenKey{}).(children) }

func usage(ts *testscript.TestScript, neg, ok bool, text string) {
	if neg || !ok {
		ts.Fatalf("usage: %s", text)
	}
}

func scriptServe(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) >= 2, "serve NAME DIR [ARGS]")
	all := childrenOf(ts)
	env := []string{"CRAFTTALK_LISTEN=" + ts.Getenv("CRAFTTALK_LISTEN"), "CRAFTTALK_MASTER_KEY=" + ts.Getenv("CRAFTTALK_MASTER_KEY")}
	_, err := os.Stat(storeDir(ts.MkAbs(args[1])))
	fresh := os.IsNotExist(err)
	c, err := startChild(ts.MkAbs(args[1]), env, args[2:]...)
	ts.Check(err)
	all[args[0]] = c
	ts.Defer(c.kill)
	ts.Setenv("URL", c.url)
	ts.Setenv("ADDR", strings.TrimPrefix(c.url, "http://"))
	if !fresh {
		return
	}
	link, err := c.link()
	ts.Check(err)
	u, err := url.Parse(link)
	ts.Check(err)
	ts.Setenv("LINK", link)
	ts.Setenv("CODE", u.Query().Get("code"))
}

func scriptEnd(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) == 1, "end NAME")
	c := childrenOf(ts)[args[0]]
	took, err := c.stop()
	ts.Logf("%s ended after %v\n%s", args[0], took, c.log)
	ts.Check(err)
}

func scriptCut(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) == 1, "cut NAME")
	childrenOf(ts)[args[0]].kill()
}

// answerFile is where the last answer is.
const answerFile = "answer"

func scriptHTTP(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) == 3 || len(args) == 4, "http STATUS METHOD PATH [FILE]")
	status, err := strconv.Atoi(args[0])
	ts.Check(err)
	var body io.Reader
	if len(args) == 4 {
		body = strings.NewReader(os.Expand(ts.ReadFile(args[3]), ts.Getenv))
	}
	r, err := http.NewRequest(args[1], ts.Getenv("URL")+args[2], body)
	ts.Check(err)
	if len(args) == 4 {
		r.Header.Set("Content-Type", map[string]string{".json": "application/json", ".form": "application/x-www-form-urlencoded"}[filepath.Ext(args[3])])
	}
	if token := ts.Getenv("TOKEN"); token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := http.DefaultClient.Do(r)
	ts.Check(err)
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(answerFile), b, 0o600))
	if resp.StatusCode != status {
		ts.Fatalf("%s %s: %s, want %d\n%s", args[1], args[2], resp.Status, status, b)
	}
}

func scriptTake(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) == 2, "take VAR FIELD")
	var v any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(answerFile)), &v))
	for _, name := range strings.Split(args[1], ".") {
		switch in := v.(type) {
		case map[string]any:
			v = in[name]
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i >= len(in) {
				ts.Fatalf("there is no %s in %v", name, in)
			}
			v = in[i]
		}
	}
	if v == nil {
		ts.Fatalf("there is no %s in the answer", args[1])
	}
	ts.Setenv(args[0], fmt.Sprint(v))
}

func scriptFlip(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) == 2, "flip DIR SUFFIX")
	names, err := filepath.Glob(filepath.Join(ts.MkAbs(args[0]), "*"+args[1]))
	ts.Check(err)
	var name string
	var bytesOf []byte
	for _, n := range names {
		b, err := os.ReadFile(n)
		ts.Check(err)
		if len(b) > len(bytesOf) {
			name, bytesOf = n, b
		}
	}
	if name == "" {
		ts.Fatalf("no file %s below %s", args[1], args[0])
	}
	damaged := bytes.Clone(bytesOf)
	damaged[len(damaged)/2] ^= 1
	ts.Check(os.WriteFile(name, damaged, 0o600))
	ts.Logf("flipped a bit at %d of %d in %s", len(damaged)/2, len(damaged), name)
}
